/** What is seen in Classroom's frame, and in the window a sign-in opens: in English and Spanish, every value escaped. */
import { escapeHtml, hiddenField, htmlDocument } from '../document.ts';
import { linkWords } from '../links.ts';
import type { Language } from '../pages.ts';
import { type Asked, attachable, isAdding } from './asked.ts';

const words = {
  en: {
    open: 'Sign in to open your class',
    why: 'Google tells us who you are and what you teach. A small window opens for it and closes by itself.',
    add: 'What would you like to add to your course?',
    addWhy: 'Teachers open it here. Students see only a friendly page, and need no account.',
    class: 'Where the class stands on the skill you work on together.',
    meeting: 'The meeting you prepare with your families.',
    signIn: 'Sign in with Google',
    signInAndAdd: 'Sign in with Google and add',
    begun: 'A window has opened. Sign in there, then come back. No window? Allow pop-ups for this page and click again.',
    added: 'It is in your assignment',
    addedWhat: 'You can close this now. To see it, open it once the assignment is saved.',
    close: 'Close',
    hop: (to: string) => `Going on to ${to}…`,
    goOn: 'Continue',
    done: 'You are signed in',
    doneWhat: 'This window closes by itself, and your class opens where you came from.',
    doneHere: 'It stays open? Then go on here.',
    kind: 'Hello!',
    kindWhat: 'This page is for your teacher and for the grown-ups in your family. There is nothing you need to do here.',
    kindTodo: 'You can go back to your class.',
  },
  es: {
    open: 'Inicie sesión para abrir su clase',
    why: 'Google nos dice quién es usted y qué enseña. Para eso se abre una ventana pequeña, que se cierra sola.',
    add: '¿Qué le gustaría añadir a su curso?',
    addWhy: 'Los maestros la abren aquí. Los estudiantes ven solo una página amable y no necesitan una cuenta.',
    class: 'Cómo va la clase en la habilidad que practican juntos.',
    meeting: 'La reunión que prepara con sus familias.',
    signIn: 'Iniciar sesión con Google',
    signInAndAdd: 'Iniciar sesión con Google y añadir',
    begun: 'Se abrió una ventana. Inicie sesión allí y vuelva. ¿No hay ventana? Permita las ventanas emergentes y haga clic otra vez.',
    added: 'Ya está en su tarea',
    addedWhat: 'Ya puede cerrar esto. Para verla, ábrala cuando la tarea esté guardada.',
    close: 'Cerrar',
    hop: (to: string) => `Continuando a ${to}…`,
    goOn: 'Continuar',
    done: 'Ha iniciado sesión',
    doneWhat: 'Esta ventana se cierra sola, y su clase se abre en el lugar de donde vino.',
    doneHere: '¿Sigue abierta? Entonces continúe aquí.',
    kind: '¡Hola!',
    kindWhat: 'Esta página es para tu maestro o maestra y para los adultos de tu familia. No tienes que hacer nada aquí.',
    kindTodo: 'Puedes volver a tu clase.',
  },
} as const satisfies Record<Language, Record<string, string | ((to: string) => string)>>;

/** Teachers choose, or go straight in; either way by a click that opens the window. */
export function framePage(language: Language, asked: Asked): string {
  const say = words[language];
  const adds = isAdding(asked);
  const { open, ...kept } = asked;
  const fields = Object.entries(adds ? kept : asked).map(([name, value]) => hiddenField(name, String(value)));
  const choices = attachable.map((link) => choice(language, link, link === open)).join('\n');
  const title = adds ? say.add : say.open;
  const body = `<div id="ask"><h1 id="what">${title}</h1><p>${adds ? say.addWhy : say.why}</p>
<form method="post" action="classroom-sign-in" target="aptt-sign-in">${fields.join('')}
${adds ? `<fieldset aria-labelledby="what">${choices}</fieldset>` : ''}
<p class="actions"><button class="button">${adds ? say.signInAndAdd : say.signIn}</button></p></form></div>
<p id="begun" role="status" data-says="${escapeHtml(say.begun)}"></p>
<div id="added" hidden><h1 tabindex="-1">${say.added}</h1><p>${say.addedWhat}</p><p><button class="button" id="close">${say.close}</button></p></div>`;
  return htmlDocument(language, title, body, ['classroom.js']);
}

function choice(language: Language, link: (typeof attachable)[number], isChosen: boolean): string {
  return `<label class="choice"><input type="radio" name="open" value="${link}" required aria-describedby="${link}"${isChosen ? ' checked' : ''}>
<span><strong>${escapeHtml(linkWords[language][link].title)}</strong><span id="${link}">${words[language][link]}</span></span></label>`;
}

/** On to whoever signs people in by a page of ours: a form that is answered with another site's address is stopped by our own policy. */
export function hopPage(language: Language, next: string, to = 'Google'): string {
  const { goOn } = words[language];
  const hop = words[language].hop(to);
  const body = `<p role="status">${hop}</p><p><a class="button" id="next" href="${escapeHtml(next)}">${goOn}</a></p>`;
  return htmlDocument(language, hop, body, ['classroom-window.js']);
}

/** @param open where the frame goes; null: it shows that the attachment is there */
export function donePage(language: Language, open: string | null): string {
  const say = words[language];
  const here = open === null ? '' : `<p class="quiet">${say.doneHere} <a href="${escapeHtml(open)}">${say.goOn}</a></p>`;
  const body = `<h1>${open === null ? say.added : say.done}</h1><p>${open === null ? say.addedWhat : say.doneWhat}</p>${here}
<p id="done" hidden data-open="${escapeHtml(open ?? '')}"></p>`;
  return htmlDocument(language, say.done, body, ['classroom-window.js']);
}

/** For students, who have no account here and leave nothing behind. */
export function kindPage(language: Language): string {
  const { kind, kindWhat, kindTodo } = words[language];
  return htmlDocument(language, kind, `<h1>${kind}</h1><p>${kindWhat}</p><p>${kindTodo}</p>`);
}
