/** The languages the pages speak. A new one is a catalogue and a line here; right-to-left ones say so. */
import type { Catalogue } from './catalogue.ts';

export type Language = { code: string; name: string; dir: 'ltr' | 'rtl'; load(): Promise<Catalogue> };

const english: Language = { code: 'en', name: 'English', dir: 'ltr', load: async () => (await import('./en.ts')).en };
const spanish: Language = { code: 'es', name: 'Español', dir: 'ltr', load: async () => (await import('./es.ts')).es };

export const languages: readonly Language[] = [english, spanish];

/** The first wish we can meet; English when we can meet none. A wish is a BCP 47 tag such as `es-MX`. */
export function languageFor(wishes: readonly (string | null)[]): Language {
  for (const wish of wishes) {
    const base = wish?.toLowerCase().split(/[-_]/)[0];
    const found = languages.find((language) => language.code === base);
    if (found) return found;
  }
  return english;
}
