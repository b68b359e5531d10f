/** What an administrator sees inside their platform while it is being attached: the question, and that it is done. In English and Spanish. */
import { escapeHtml, hiddenField, htmlDocument } from './document.ts';
import type { Language } from './pages.ts';

const words = {
  en: {
    title: 'Connect this platform?',
    what: 'A school platform asks to be connected with APTT Connect.',
    platform: 'Platform',
    district: 'District',
    shown: 'The tool is shown inside',
    asked:
      'Asked of your platform: names, e-mail and roles of the people in a course; its members; and the scores of its grade book. Nothing is written to your platform, unless you allow two more services later and a teacher then switches the column “APTT goal met” on. No data is shown until your district accepts the deployment.',
    connect: 'Connect',
    done: 'The platform is connected',
    next: 'Two steps are left.',
    inPlatform: 'In your platform: switch the new tool on and place it in courses.',
    inTool: 'In APTT Connect, under “School platforms”: accept the deployment. It is listed after the first launch at the latest.',
    close: 'Close and go on',
  },
  es: {
    title: '¿Conectar esta plataforma?',
    what: 'Una plataforma escolar pide conectarse con APTT Connect.',
    platform: 'Plataforma',
    district: 'Distrito',
    shown: 'La herramienta se muestra dentro de',
    asked:
      'Se pide a su plataforma: nombres, correo y funciones de las personas de un curso; sus miembros; y las notas de su libro de calificaciones. No se escribe nada en su plataforma, salvo que usted permita más adelante dos servicios más y después un maestro active la columna “APTT goal met”. No se muestran datos hasta que su distrito acepte la instalación.',
    connect: 'Conectar',
    done: 'La plataforma está conectada',
    next: 'Faltan dos pasos.',
    inPlatform: 'En su plataforma: active la herramienta nueva y colóquela en los cursos.',
    inTool:
      'En APTT Connect, en “Plataformas escolares”: acepte la instalación. Aparece a más tardar después de la primera vez que se abra.',
    close: 'Cerrar y continuar',
  },
} as const satisfies Record<Language, Record<string, string>>;

export type Question = { district: string; configurationUrl: string; registrationToken: string | null; openedBy: string | null };

export function questionPage(language: Language, { district, configurationUrl, registrationToken, openedBy }: Question): string {
  const say = words[language];
  const row = (name: string, value: string) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`;
  const host = new URL(configurationUrl).host;
  const shown = openedBy === null ? '' : new URL(openedBy).host;
  const body = `<h1>${say.title}</h1><p>${say.what}</p>
<dl>${row(say.district, district)}${row(say.platform, host)}${shown && shown !== host ? row(say.shown, shown) : ''}</dl>
<p>${say.asked}</p>
<form method="post">${hiddenField('openid_configuration', configurationUrl)}${hiddenField('registration_token', registrationToken ?? '')}${hiddenField('opened_by', openedBy ?? '')}<button class="button">${say.connect}</button></form>`;
  return htmlDocument(language, say.title, body);
}

/** Tells the platform's window at once; the button tells it again, should it have been slow to listen. */
export function donePage(language: Language): string {
  const { done, next, inPlatform, inTool, close } = words[language];
  const body = `<h1>${done}</h1><p>${next}</p><ol><li>${inPlatform}</li><li>${inTool}</li></ol>
<p><button class="button" type="button" id="close">${close}</button></p>`;
  return htmlDocument(language, done, body, ['close.js']);
}
