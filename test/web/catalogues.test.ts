/** What the pages say, before any page says it. */
import type { Message } from '../../src/web/locales/catalogue.ts';
import { en } from '../../src/web/locales/en.ts';
import { family as familyEn } from '../../src/web/locales/en-family.ts';
import { es } from '../../src/web/locales/es.ts';
import { family as familyEs } from '../../src/web/locales/es-family.ts';
import { languageFor } from '../../src/web/locales/languages.ts';
import { wordsOf } from '../../src/web/words.ts';

const forms = (message: Message): string[] =>
  typeof message === 'string' ? [message] : Object.values(message).filter((form) => form !== undefined);
const general = (message: Message): string => (typeof message === 'string' ? message : message.other);
const holes = (form: string): string[] => [...new Set(form.match(/\{\w+\}/g) ?? [])].sort();

describe('every language', () => {
  const keys = Object.keys(en) as (keyof typeof en)[]; // the keys of a const object are its keys

  test('has the same messages with the same holes', () => {
    expect(Object.keys(es).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      const needed = holes(general(en[key]));
      expect({ key, holes: holes(general(es[key])) }).toEqual({ key, holes: needed });
      // One child is sometimes said without its number, but no form asks for what it is not given.
      for (const form of [...forms(en[key]), ...forms(es[key])]) expect(needed).toEqual(expect.arrayContaining(holes(form)));
    }
  });

  test('has every plural form it needs', () => {
    for (const [lang, catalogue] of Object.entries({ en, es })) {
      const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories.filter((form) => form !== 'many'); // only from a million on
      for (const message of Object.values<Message>(catalogue)) {
        if (typeof message !== 'string') expect(Object.keys(message)).toEqual(expect.arrayContaining(needed));
      }
    }
  });
});

describe('a sentence', () => {
  const [english, spanish] = [wordsOf('en', en), wordsOf('es', es)];

  test('counts one and many', () => {
    expect(english.t('classes.students', { n: 1 })).toBe('1 child');
    expect(english.t('classes.students', { n: 22 })).toBe('22 children');
    expect(spanish.t('classes.students', { n: 1 })).toBe('1 estudiante');
  });

  test('writes numbers and days the reader’s way, the same day everywhere', () => {
    expect(english.number(12_345.67)).toBe('12,345.7');
    expect(spanish.number(12_345)).toBe('12.345');
    expect(english.day('2026-11-09')).toBe('Nov 9, 2026');
    expect(spanish.day('2026-11-09')).toBe('9 nov 2026');
  });
});

describe('the language', () => {
  test.each([
    [['es-MX', 'en-US'], 'es'],
    [[null, 'pt-BR', 'es'], 'es'],
    [['fr', 'de'], 'en'],
    [[null], 'en'],
    [['EN_us'], 'en'],
  ])('for %p is %s', (wishes, code) => {
    expect(languageFor(wishes).code).toBe(code);
  });
});

describe('what families read', () => {
  /** Sentences, with what stands in the holes as short as it will be. Single words and labels have no reading level. */
  const sentences = (messages: Record<string, Message>, keep: RegExp): string[] =>
    Object.entries(messages)
      .filter(([key]) => keep.test(key))
      .flatMap(([, message]) => forms(message))
      .map((form) => form.replace(/\{\w+\}/g, '9'))
      .filter((form) => form.split(/\s+/).length >= 4);
  const all = /./;

  test('is at the level of grade 6 or below in English, each message and all together', () => {
    const texts = sentences(familyEn, all);
    expect(grade(texts.join(' '))).toBeLessThanOrEqual(5);
    expect(texts.filter((text) => grade(text) > 6.9).map((text) => `${grade(text).toFixed(1)} ${text}`)).toEqual([]);
  });

  test('is easy in Spanish, each message and all together', () => {
    const texts = sentences(familyEs, all);
    expect(ease(texts.join(' '))).toBeGreaterThanOrEqual(80);
    expect(texts.filter((text) => ease(text) < 65).map((text) => `${ease(text).toFixed(0)} ${text}`)).toEqual([]);
  });
});

/** Flesch–Kincaid grade: 6 is sixth grade. */
function grade(text: string): number {
  const { sentences, words, syllables } = counts(text, syllablesEn);
  return 0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59;
}

/** Fernández-Huerta reading ease: 70 to 80 is sixth grade, 80 to 90 fifth. */
function ease(text: string): number {
  const { sentences, words, syllables } = counts(text, syllablesEs);
  return 206.84 - 60 * (syllables / words) - 1.02 * (words / sentences);
}

function counts(text: string, syllablesOf: (word: string) => number) {
  const words = text.match(/[\p{L}\d’']+/gu) ?? [];
  const sentences = text.split(/[.!?:](?:\s|$)/).filter((part) => /\p{L}/u.test(part)).length;
  return { sentences: Math.max(1, sentences), words: words.length, syllables: words.reduce((sum, word) => sum + syllablesOf(word), 0) };
}

function syllablesEn(word: string): number {
  const plain = word
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/(?<=[aeiouy].*)(?:es|ed|e)$/, '');
  return Math.max(1, plain.match(/[aeiouy]+/g)?.length ?? 1);
}

/** Strong vowels are syllables; a weak one beside a strong one is not, unless it carries the accent. */
function syllablesEs(word: string): number {
  return Math.max(1, word.toLowerCase().match(/[iuü]?[aeoáéó][iuyü]?|[íú]|[iuü]+|y$/g)?.length ?? 1);
}
