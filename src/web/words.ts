/**
 * Everything a page says goes through here: messages of the reader's language, plurals, numbers and dates by Intl.
 * Pure: no DOM, no storage. A message that is missing does not compile.
 */
import type { Catalogue, Key, Message, Values } from './locales/catalogue.ts';

export type Words = {
  lang: string;
  /** The message, its `{names}` filled in; numbers are written the reader's way; `{n}` chooses the plural. */
  t<K extends Key>(key: K, ...values: keyof Values<K> extends never ? [] : [Values<K>]): string;
  number(value: number): string;
  /** YYYY-MM-DD, a day of the school's calendar: the same day in every time zone. */
  day(date: string): string;
  /** An instant, in the reader's time zone. */
  moment(iso: string): string;
  list(items: string[]): string;
};

export function wordsOf(lang: string, catalogue: Catalogue): Words {
  const plural = new Intl.PluralRules(lang);
  const numbers = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' });
  const moments = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const lists = new Intl.ListFormat(lang, { type: 'conjunction' });
  const write = (value: string | number) => (typeof value === 'number' ? numbers.format(value) : value);

  return {
    lang,
    t: (key, ...[values]) => {
      const given: Record<string, string | number> = values ?? {};
      return pick(catalogue[key], plural, given.n).replace(/\{(\w+)\}/g, (hole, name: string) => {
        const value = given[name];
        return value === undefined ? hole : write(value);
      });
    },
    number: (value) => numbers.format(value),
    day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
    moment: (iso) => moments.format(new Date(iso)),
    list: (items) => lists.format(items),
  };
}

function pick(message: Message, plural: Intl.PluralRules, n: string | number | undefined): string {
  if (typeof message === 'string') return message;
  return (typeof n === 'number' ? message[plural.select(n)] : undefined) ?? message.other;
}
