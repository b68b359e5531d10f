/**
 * What a teacher can place in a course: pages of ours, by name. A link carries the name in its address, and the name is all that is read
 * of it when it is opened: it chooses among our own pages and grants nothing.
 */
import type { Language } from './pages.ts';

export const links = ['class', 'meeting', 'family', 'goals'] as const;
export type Link = (typeof links)[number];

/** The link as the platform keeps it. In the query: a fragment would not survive the way through a platform. */
export const linkAddress = (url: string, link: Link): string => `${url}/app/?open=${link}`;

/** Null: no page in particular, or none of ours. */
export function linkOf(targetLinkUri: string): Link | null {
  const [, name] = /[?&]open=(\w+)/.exec(targetLinkUri) ?? [];
  return links.find((link) => link === name) ?? null;
}

export const linkWords: Record<Language, Record<Link, { title: string; text: string }>> = {
  en: {
    class: { title: 'APTT class dashboard', text: 'Where the class stands on the skill you work on together.' },
    meeting: { title: 'Next team meeting', text: 'The meeting you prepare with your families. Families see their own child.' },
    family: { title: 'Family page', text: 'Each family sees their own child: the latest score, and how it grew.' },
    goals: { title: 'Goal sheet', text: 'What each child works on until the next meeting. Families see their own child’s.' },
  },
  es: {
    class: { title: 'Panel de la clase APTT', text: 'Cómo va la clase en la habilidad que practican juntos.' },
    meeting: { title: 'Próxima reunión del equipo', text: 'La reunión que prepara con sus familias. Las familias ven a su propio hijo.' },
    family: { title: 'Página de la familia', text: 'Cada familia ve a su propio hijo: el último resultado y cuánto avanzó.' },
    goals: { title: 'Hoja de metas', text: 'Lo que cada niño practica hasta la próxima reunión. Las familias ven la de su hijo.' },
  },
};
