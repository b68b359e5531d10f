/** What is seen in Teams before somebody has signed in: in English and Spanish, every value escaped. */
import { escapeHtml, hiddenField, htmlDocument } from '../document.ts';
import type { Language } from '../pages.ts';

const words = {
  en: {
    open: 'Sign in to open your class',
    why: 'Microsoft tells us who you are. A small window opens for it and closes by itself.',
    signIn: 'Sign in with Microsoft',
    begun:
      'A window has opened. Sign in there, then come back. In the Teams app your class opens there. No window? Allow pop-ups and click again.',
    students: 'This page is for teachers. Students have nothing to do here.',
  },
  es: {
    open: 'Inicie sesión para abrir su clase',
    why: 'Microsoft nos dice quién es usted. Para eso se abre una ventana pequeña, que se cierra sola.',
    signIn: 'Iniciar sesión con Microsoft',
    begun:
      'Se abrió una ventana. Inicie sesión allí y vuelva. En la aplicación de Teams, su clase se abre allí. ¿No hay ventana? Permita las ventanas emergentes y haga clic otra vez.',
    students: 'Esta página es para maestros. Los estudiantes no tienen que hacer nada aquí.',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The window opens by a click: anything else is blocked. */
export function tabPage(language: Language, { tab, hint }: { tab: number; hint?: string | undefined }): string {
  const say = words[language];
  const fields = [hiddenField('tab', String(tab)), ...(hint ? [hiddenField('hint', hint)] : [])].join('');
  const body = `<div id="ask"><h1>${say.open}</h1><p>${say.why}</p>
<form method="post" action="teams-sign-in" target="aptt-sign-in">${fields}<p class="actions"><button class="button">${say.signIn}</button></p></form>
<p class="quiet">${say.students}</p></div>
<p id="begun" role="status" data-says="${escapeHtml(say.begun)}"></p>`;
  return htmlDocument(language, say.open, body, ['classroom.js']);
}
