/** What a score is counted in, and what a measure is called. */
import type { MeasureRef } from '../../src/read-models/shapes.ts';
import { en } from '../../src/web/locales/en.ts';
import { es } from '../../src/web/locales/es.ts';
import { amount, skillFirst } from '../../src/web/phrases.ts';
import { wordsOf } from '../../src/web/words.ts';

const column: MeasureRef = {
  id: '1',
  title: 'Reading Fluency (ORF)',
  subject: null,
  skill: null,
  unit: null,
  window: 'MOY',
  from: null,
  to: null,
};
const [english, spanish] = [wordsOf('en', en), wordsOf('es', es)];

test('a column whose source says no unit is counted in what its skill is counted in, and else in points', () => {
  expect(amount(english, { ...column, skill: 'words read correctly in one minute' }, 30)).toBe('30 words');
  expect(amount(spanish, { ...column, skill: 'letters named correctly in one minute' }, 30)).toBe('30 letras');
  expect(amount(english, column, 30)).toBe('30 points');
  expect(amount(english, { ...column, skill: 'early reading overall' }, 30)).toBe('30 points');
  expect(amount(english, { ...column, skill: 'words read correctly in one minute', unit: 'stars' }, 30)).toBe('30 stars');
});

test('a family reads the skill first, in its language; a column without a skill keeps its own name', () => {
  expect(skillFirst(spanish, { ...column, skill: 'words read correctly in one minute' })).toEqual({
    skill: 'Palabras de un cuento leídas bien en un minuto, mitad del año',
    test: 'Reading Fluency (ORF)',
  });
  expect(skillFirst(spanish, column)).toEqual({ skill: 'Reading Fluency (ORF), mitad del año', test: null });
});
