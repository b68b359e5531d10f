/** The picker a platform opens so that a teacher chooses what to place in a course, and the page that carries the answer back. In English and Spanish. */
import { escapeHtml, hiddenField, htmlDocument } from './document.ts';
import { type Link, links, linkWords } from './links.ts';
import type { Language } from './pages.ts';

const words = {
  en: {
    title: 'What would you like to add to your course?',
    one: 'Choose one.',
    several: 'Choose one or more.',
    add: 'Add to course',
    cancel: 'Cancel',
    none: 'Nothing is chosen yet. Choose what to add, or cancel.',
    impossible: 'Nothing can be added here',
    why: 'Your school platform takes no links at this place, and links are what we have to add.',
    todo: 'Go back, and add it where your platform lets you add a link or an external tool.',
    back: 'Go back',
    done: 'Adding it to your course…',
    goOn: 'Continue',
  },
  es: {
    title: '¿Qué le gustaría añadir a su curso?',
    one: 'Elija una opción.',
    several: 'Elija una o más opciones.',
    add: 'Añadir al curso',
    cancel: 'Cancelar',
    none: 'Aún no ha elegido nada. Elija qué añadir, o cancele.',
    impossible: 'Aquí no se puede añadir nada',
    why: 'La plataforma de su escuela no acepta enlaces en este lugar, y lo que podemos añadir son enlaces.',
    todo: 'Vuelva y añádalo donde su plataforma permita añadir un enlace o una herramienta externa.',
    back: 'Volver',
    done: 'Añadiéndolo a su curso…',
    goOn: 'Continuar',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** @param token names the request this page answers */
export function pickerPage(language: Language, token: string, multiple: boolean, isEmpty: boolean): string {
  const say = words[language];
  const alert = isEmpty ? `<p class="alert" role="alert" id="none">${say.none}</p>` : '';
  const body = `<h1 id="what">${say.title}</h1>${alert}
<form method="post" action="deep-link">${hiddenField('token', token)}${hiddenField('language', language)}
<fieldset aria-labelledby="what"${isEmpty ? ' aria-describedby="none"' : ''}><p>${multiple ? say.several : say.one}</p>
${links.map((link) => choice(language, link, multiple)).join('\n')}</fieldset>
<p class="actions"><button class="button">${say.add}</button> <button class="button plain" name="cancel" value="1" formnovalidate>${say.cancel}</button></p></form>`;
  return htmlDocument(language, say.title, body);
}

function choice(language: Language, link: Link, multiple: boolean): string {
  const { title, text } = linkWords[language][link];
  const kind = multiple ? 'type="checkbox"' : 'type="radio" required';
  return `<label class="choice"><input ${kind} name="link" value="${link}" aria-describedby="${link}">
<span><strong>${escapeHtml(title)}</strong><span id="${link}">${escapeHtml(text)}</span></span></label>`;
}

/** The platform takes nothing we have: said plainly, and answered with nothing. */
export function nothingPage(language: Language, token: string): string {
  const { impossible, why, todo, back } = words[language];
  const body = `<h1>${impossible}</h1><p>${why}</p><p>${todo}</p>
<form method="post" action="deep-link">${hiddenField('token', token)}${hiddenField('language', language)}<p><button class="button" name="cancel" value="1">${back}</button></p></form>`;
  return htmlDocument(language, impossible, body);
}

/** Deep Linking 2.0 §4.4: the answer goes through the person's browser, by a form. */
export function answerPage(language: Language, returnUrl: string, jwt: string): string {
  const { done, goOn } = words[language];
  const body = `<p role="status">${done}</p><form method="post" action="${escapeHtml(returnUrl)}">${hiddenField('JWT', jwt)}
<noscript><button class="button">${goOn}</button></noscript></form>`;
  return htmlDocument(language, done, body, ['submit.js']);
}
