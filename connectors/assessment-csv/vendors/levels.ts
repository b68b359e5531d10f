/**
 * Fountas & Pinnell: a book level from A to Z+ for each child. Levels are counted (A is 1, Z+ is 27), so that a chart can order them and
 * growth can be said in levels; what is shown is the letter.
 */
import { readDate } from '../../dates.ts';
import type { Table } from '../../table.ts';
import type { Assessment, Reading } from '../reading.ts';
import { all, plain, take } from './fields.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const assessment: Assessment = {
  ...plain('fountas-pinnell/level', 'Fountas & Pinnell book level', 'Reading'),
  skill: 'book level read',
  unit: 'levels',
  scaleMin: 1,
  scaleMax: letters.length + 1,
  levels: [...letters, 'Z+'].map((letter, at) => `${at + 1} ${letter}`),
};

export function fountasPinnell(table: Table): Reading {
  const [letter, administration, tested] = [take(table, 'TextReading'), take(table, 'TestAdministration'), take(table, 'WasStudentTested')];
  const dates = all(table, ['DateTaken']);
  const date = take(table, 'DateTaken');
  return {
    vendor: 'Fountas & Pinnell',
    student: table.named('StudentID'),
    dates,
    window: () => administration() || seasonOf(readDate(date()).date),
    schoolYear: () => '',
    measures: [{ field: 'TextReading', score: () => levelNumber(letter()), level: letter, assessment: () => assessment }],
    skips: () => (/^(no|n|false|0)$/i.test(tested()) ? 'the child was not tested' : null),
  };
}

/** What is no level stays as written, and is then a problem of its cell. */
function levelNumber(written: string): string {
  const level = written.toUpperCase();
  if (level === 'Z+') return String(letters.length + 1);
  return level.length === 1 && letters.includes(level) ? String(letters.indexOf(level) + 1) : written;
}

/** Files in use leave the administration blank: then the months of the usual three say which it was. */
function seasonOf(date: string | null): string {
  if (date === null) return '';
  const month = Number(date.slice(5, 7));
  return month >= 7 && month <= 11 ? 'Fall' : month === 12 || month <= 2 ? 'Winter' : 'Spring';
}
