/**
 * The few pages of the front door, in English and Spanish: what happened and what to do, and the two that hand a login's binding over.
 * Every value is escaped; scripts and styles are files of ours, so that the strictest policy holds.
 */
import type { PageName as RefusalPage } from './refusal.ts';
import { type RegisterPage, registerWords } from './register-words.ts';

export type Language = 'en' | 'es';
/** What is refused, and what is nobody's fault. */
export type PageName = RefusalPage | 'busy' | 'broken';
type Words = { title: string; what: string; todo: string };

const words: Record<Language, Record<Exclude<PageName, RegisterPage>, Words>> = {
  en: {
    again: {
      title: 'Please open this again from your course',
      what: 'This link was already used, or too much time went by since you opened it.',
      todo: 'Go back to your course and open it once more.',
    },
    browser: {
      title: 'Your browser needs a new window for this page',
      what: 'Your browser did not let this page remember that it was you who opened it.',
      todo: 'Open it in a new window. If that does not help, allow cookies for this page and open it again from your course.',
    },
    broken: {
      title: 'Something went wrong on our side',
      what: 'This is not your fault. Nothing was shown to anybody and nothing was changed.',
      todo: 'Wait a minute, then open it again from your course. If it happens again, tell your school’s administrator.',
    },
    busy: {
      title: 'Too many people are opening this at once',
      what: 'We let in only so many people a minute, so that everything stays quick.',
      todo: 'Wait a minute, then open it again from your course.',
    },
    cookies: {
      title: 'Please allow cookies for this page',
      what: 'We need one small cookie to know that it is you who opened this page. Your browser does not keep it.',
      todo: 'Allow cookies for this page: click the sign to the left of its address. Then try again.',
    },
    paused: {
      title: 'Please wait a minute',
      what: 'Many visits from your network could not be checked. For a short time we let in only those that can.',
      todo: 'Wait a minute, then open it again from your course. If it happens again, tell your school’s administrator.',
    },
    pending: {
      title: 'One step is left before this opens',
      what: 'Your district has not yet accepted the connection with this course’s platform. Until then no information is shown.',
      todo: 'The request is on your district’s list. Please tell your district’s administrator, and try again later.',
    },
    platform: {
      title: 'Your school platform could not open this page',
      what: 'Your school platform stopped before we could know who you are.',
      todo: 'Go back to your course and open it again. If it happens again, tell your school’s administrator.',
    },
    signed_out: {
      title: 'Please sign in to your school platform',
      what: 'Your school platform says that you are not signed in there.',
      todo: 'Sign in to your school platform, then open this page again from your course.',
    },
    teachers: {
      title: 'Only teachers add pages to a course',
      what: 'You opened the place where teachers choose what to add to their course.',
      todo: 'Go back to your course. What your teacher has added is there.',
    },
    unconnected: {
      title: 'This school platform is not connected',
      what: 'The page you came from is not, or is no longer, connected with this service.',
      todo: 'Please tell your school’s administrator.',
    },
    unreachable: {
      title: 'Your school platform did not answer',
      what: 'We could not check with your school platform that it was you who opened this page.',
      todo: 'Wait a minute, then open it again from your course.',
    },
    untrusted: {
      title: 'We could not check this visit',
      what: 'To keep children’s information safe, we open only what we can check, and this visit did not pass.',
      todo: 'Go back to your course and open it again. If it happens again, tell your school’s administrator.',
    },
  },
  es: {
    again: {
      title: 'Abra esto otra vez desde su curso',
      what: 'Este enlace ya se usó, o pasó demasiado tiempo desde que lo abrió.',
      todo: 'Vuelva a su curso y ábralo una vez más.',
    },
    browser: {
      title: 'Su navegador necesita una ventana nueva para esta página',
      what: 'Su navegador no dejó que esta página recordara que usted la abrió.',
      todo: 'Ábrala en una ventana nueva. Si eso no ayuda, permita las cookies para esta página y ábrala otra vez desde su curso.',
    },
    broken: {
      title: 'Algo falló de nuestro lado',
      what: 'No es culpa suya. No se mostró nada a nadie y no se cambió nada.',
      todo: 'Espere un minuto y ábralo otra vez desde su curso. Si vuelve a pasar, avise al administrador de su escuela.',
    },
    busy: {
      title: 'Demasiadas personas están abriendo esto a la vez',
      what: 'Dejamos entrar solo a cierto número de personas por minuto, para que todo funcione rápido.',
      todo: 'Espere un minuto y ábralo otra vez desde su curso.',
    },
    cookies: {
      title: 'Permita las cookies para esta página',
      what: 'Necesitamos una pequeña cookie para saber que fue usted quien abrió esta página. Su navegador no la guarda.',
      todo: 'Permita las cookies para esta página: haga clic en el símbolo a la izquierda de su dirección. Después, inténtelo otra vez.',
    },
    paused: {
      title: 'Espere un minuto, por favor',
      what: 'Muchas visitas desde su red no se pudieron comprobar. Por un momento dejamos entrar solo a las que sí se pueden.',
      todo: 'Espere un minuto y ábralo otra vez desde su curso. Si vuelve a pasar, avise al administrador de su escuela.',
    },
    pending: {
      title: 'Falta un paso para abrir esta página',
      what: 'Su distrito aún no ha aceptado la conexión con la plataforma de este curso. Hasta entonces no se muestra ninguna información.',
      todo: 'La solicitud está en la lista de su distrito. Avise al administrador de su distrito e inténtelo más tarde.',
    },
    platform: {
      title: 'La plataforma de su escuela no pudo abrir esta página',
      what: 'La plataforma de su escuela se detuvo antes de que pudiéramos saber quién es usted.',
      todo: 'Vuelva a su curso y ábrala otra vez. Si vuelve a pasar, avise al administrador de su escuela.',
    },
    signed_out: {
      title: 'Inicie sesión en la plataforma de su escuela',
      what: 'La plataforma de su escuela dice que usted no ha iniciado sesión.',
      todo: 'Inicie sesión en la plataforma de su escuela y abra esta página otra vez desde su curso.',
    },
    teachers: {
      title: 'Solo los maestros añaden páginas a un curso',
      what: 'Usted abrió el lugar donde los maestros eligen qué añadir a su curso.',
      todo: 'Vuelva a su curso. Ahí está lo que su maestro ha añadido.',
    },
    unconnected: {
      title: 'Esta plataforma escolar no está conectada',
      what: 'La página de la que viene no está conectada, o ya no lo está, con este servicio.',
      todo: 'Avise al administrador de su escuela.',
    },
    unreachable: {
      title: 'La plataforma de su escuela no respondió',
      what: 'No pudimos comprobar con la plataforma de su escuela que fue usted quien abrió esta página.',
      todo: 'Espere un minuto y ábrala otra vez desde su curso.',
    },
    untrusted: {
      title: 'No pudimos comprobar esta visita',
      what: 'Para cuidar la información de los niños, solo abrimos lo que podemos comprobar, y esta visita no pasó la prueba.',
      todo: 'Vuelva a su curso y ábralo otra vez. Si vuelve a pasar, avise al administrador de su escuela.',
    },
  },
};

const labels = {
  en: {
    newWindow: 'Open in a new window',
    tryAgain: 'Try again',
    reference: 'Reference for your administrator:',
    opening: 'Opening…',
    goOn: 'Continue',
    tried: 'What we tried',
    cookies: 'A cookie: your browser does not keep ours inside another page.',
    storage: 'This page’s own memory: your browser has turned it off.',
    unanswered: 'Your school platform’s memory: it did not answer.',
    unasked: 'Your school platform’s memory: it does not offer this.',
  },
  es: {
    newWindow: 'Abrir en una ventana nueva',
    tryAgain: 'Intentarlo otra vez',
    reference: 'Referencia para su administrador:',
    opening: 'Abriendo…',
    goOn: 'Continuar',
    tried: 'Lo que intentamos',
    cookies: 'Una cookie: su navegador no guarda la nuestra dentro de otra página.',
    storage: 'La memoria de esta página: su navegador la tiene desactivada.',
    unanswered: 'La memoria de la plataforma de su escuela: no respondió.',
    unasked: 'La memoria de la plataforma de su escuela: no la ofrece.',
  },
} as const satisfies Record<Language, Record<string, string>>;

const wordsOf = (language: Language, page: PageName): Words => ({ ...registerWords[language], ...words[language] })[page];

/** @param request the login request to begin again with, where that may help */
export function refusalPage(language: Language, page: PageName, reference: string, request: string | null): string {
  const { title, what, todo } = wordsOf(language, page);
  const button =
    request === null
      ? ''
      : page === 'browser'
        ? again(language, request, 'new')
        : page === 'cookies'
          ? again(language, request, 'same')
          : '';
  const body = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(what)}</p><p>${escapeHtml(todo)}</p>${button}
<p class="quiet">${labels[language].reference} <code>${escapeHtml(reference)}</code></p>`;
  return document(language, title, {}, body);
}

/** Stores the binding, then goes on to the platform; without scripts the person goes on by hand. */
export function keepPage(
  language: Language,
  login: { key: string; value: string; next: string; target: string | null; origin: string; request: string },
): string {
  const { request, ...data } = login;
  const { opening, goOn } = labels[language];
  const body = `<noscript><p><a class="button" href="${escapeHtml(login.next)}">${goOn}</a></p></noscript>${waiting(language, login.target, request)}`;
  return document(language, opening, { task: 'keep', ...data }, body);
}

/** Looks for the binding and posts the launch again with it, from our own origin. */
export function fetchPage(
  language: Language,
  launch: { key: string; target: string | null; origin: string; request: string; state: string; idToken: string },
): string {
  const { key, target, origin } = launch;
  const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
  const body = `<form method="post" action="launch">${field('id_token', launch.idToken)}${field('state', launch.state)}${field('binding', '')}</form>
${waiting(language, target, launch.request)}`;
  return document(language, labels[language].opening, { task: 'fetch', key, target, origin }, body);
}

/** What is seen while the script works, and what it shows when nothing carried the login. */
function waiting(language: Language, target: string | null, request: string): string {
  const { title, what, todo } = words[language].browser;
  const { opening, tried, cookies, storage, unanswered, unasked } = labels[language];
  const layers = [cookies, target === null ? unasked : unanswered, storage];
  return `<p id="waiting" role="status">${opening}</p>
<div id="blocked" role="alert" hidden><h1>${escapeHtml(title)}</h1><p>${escapeHtml(what)}</p><p>${escapeHtml(todo)}</p>${again(language, request, 'new')}
<details class="quiet"><summary>${tried}</summary><ul>${layers.map((layer) => `<li>${escapeHtml(layer)}</li>`).join('')}</ul></details></div>`;
}

/** The login once more, from its beginning. */
function again(language: Language, request: string, window: 'new' | 'same'): string {
  const { newWindow, tryAgain } = labels[language];
  const link = window === 'new' ? 'target="_blank" rel="noopener"' : '';
  return `<p><a class="button" href="login?${escapeHtml(request)}" ${link}>${window === 'new' ? newWindow : tryAgain}</a></p>`;
}

function document(language: Language, title: string, data: Record<string, string | null>, body: string): string {
  const attributes = Object.entries(data)
    .filter((pair): pair is [string, string] => pair[1] !== null)
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('');
  const script = ['height.js', ...('task' in data ? ['hand-over.js'] : [])]
    .map((name) => `<script type="module" src="${name}"></script>`)
    .join('');
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="page.css">${script}</head>
<body${attributes}><main>${body}</main></body>
</html>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (value: string): string => value.replace(/[&<>"']/g, (character) => entities[character] ?? '');
