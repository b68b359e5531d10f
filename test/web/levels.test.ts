/** Where a letter or a word stands for a score, it is what people are told. */
import { en } from '../../src/web/locales/en.ts';
import { amount, distance, score } from '../../src/web/phrases.ts';
import { wordsOf } from '../../src/web/words.ts';

const words = wordsOf('en', en);
const books = { unit: 'levels', levels: ['1 A', '2 B', '3 C'] };
const marks = { unit: null, levels: ['0 Not yet', '60 Nearly', '80 Well done'] };

test('a level is said by its letter, and the way between two in levels', () => {
  expect([score(words, books, 2), amount(words, books, 3), distance(words, books, 1)]).toEqual(['B', 'level C', '1 level']);
});

test('a word for a range of scores stands beside the score', () => {
  expect([score(words, marks, 85), amount(words, marks, 85)]).toEqual(['85', '85 points (Well done)']);
});

test('what lies under the lowest level is a number, as is every score without levels', () => {
  expect([score(words, books, 0), score(words, { unit: 'words', levels: null }, 30), amount(words, { unit: 'words' }, 30)]).toEqual([
    '0',
    '30',
    '30 words',
  ]);
});
