/**
 * Istation ISIP, the report endpoint's file: a group of columns for each month (`October_SCORE`, `October_PTILE`, `October_TIER`, `October_ADMIN_DATE`).
 * Each month is a window of its own. The file does not say of which test it is: its name does, reading unless told otherwise.
 */
import type { Table } from '../../table.ts';
import type { Assessment, Reading } from '../reading.ts';
import { all, plain, take } from './fields.ts';

const month = /^(January|February|March|April|May|June|July|August|September|October|November|December)_SCORE$/i;

export function iStation(table: Table): Reading {
  const assessment = assessmentOf(table.file);
  return {
    vendor: assessment.title,
    student: table.named('STUDENT_ID'),
    dates: [],
    window: () => '',
    schoolYear: () => '',
    measures: table.csv.header.flatMap((header) => {
      const name = month.exec(header)?.[1];
      if (name === undefined) return [];
      return [
        {
          field: header,
          score: take(table, header),
          level: take(table, `${name}_TIER`),
          percentile: take(table, `${name}_PTILE`),
          window: () => name,
          dates: all(table, [`${name}_ADMIN_DATE`]),
          assessment: () => assessment,
        },
      ];
    }),
    skips: () => null,
  };
}

function assessmentOf(file: string): Assessment {
  if (/math/i.test(file)) return { ...plain('istation/math', 'Istation ISIP Math', 'Mathematics'), skill: 'math overall' };
  if (/lectura|spanish/i.test(file))
    return { ...plain('istation/lectura', 'Istation ISIP Lectura', 'Reading'), skill: 'reading in Spanish overall' };
  return { ...plain('istation/reading', 'Istation ISIP Reading', 'Reading'), skill: 'reading overall' };
}
