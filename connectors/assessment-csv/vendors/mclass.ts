/**
 * Amplify mCLASS exports: DIBELS 8 (`Letter Names (LNF) - Score`) and the older layout of DIBELS Next (`Assessment Measure-LNF-Score`).
 * Which test a row is of stands in it (Assessment Edition), so that a district's Acadience or IDEL rows are not taken for DIBELS.
 */
import type { Table } from '../../table.ts';
import type { Measure, Reading } from '../reading.ts';
import { all, firstOf, take } from './fields.ts';
import { skillAssessment } from './skills.ts';

type Edition = { prefix: string; name: string };
const eighth: Edition = { prefix: 'dibels-8', name: 'DIBELS 8' };
const next: Edition = { prefix: 'dibels-next', name: 'DIBELS Next' };
const editions: [RegExp, Edition][] = [
  [/8/, eighth],
  [/next/i, next],
  [/acadience/i, { prefix: 'acadience', name: 'Acadience' }],
  [/idel/i, { prefix: 'idel', name: 'IDEL' }],
];
/** Parts of a measure, mistakes, and naming speed: more is not better in them. */
const leftOut = /^(Error Rate|Correct Responses|Incorrect Responses|RAN|DIBELS .*|.*\((Errors|Correct|Incorrect|Retell Quality)\))$/;

export const dibels8 = (table: Table): Reading => reading(table, eighth, 'DIBELS 8', newLayout);
export const dibelsNext = (table: Table): Reading => reading(table, next, 'DIBELS Next', oldLayout);

function reading(table: Table, otherwise: Edition, vendor: string, layout: (header: string) => Named | null): Reading {
  const written = take(table, 'Assessment Edition');
  const edition = () => editions.find(([pattern]) => pattern.test(written()))?.[1] ?? otherwise;
  return {
    vendor,
    student: firstOf(table, ['Student Primary ID', 'Primary ID - Student ID (State ID)', 'Student ID (State ID)']),
    dates: all(table, ['Client Date', 'Sync Date']),
    window: take(table, 'Benchmark Period'),
    schoolYear: take(table, 'School Year'),
    measures: table.csv.header.flatMap((header) => {
      const named = layout(header);
      return named === null || leftOut.test(named.name) ? [] : [measure(table, header, named, edition)];
    }),
    skips: () => null,
  };
}

/** `percentile`: its header, of the whole country; the older layout has none. */
type Named = { name: string; code: string | null; level: string; percentile?: string };

function measure(table: Table, header: string, { name, code, level, percentile }: Named, edition: () => Edition): Measure {
  const title = code === null ? name : `${name} (${code})`;
  return {
    field: header,
    score: take(table, header),
    level: take(table, level),
    ...(percentile !== undefined && { percentile: take(table, percentile) }),
    assessment: () => {
      const of = edition();
      const named = of === eighth && code !== null ? title : `${of.name} ${title}`;
      return skillAssessment('dibels', of.prefix, code ?? name, named);
    },
  };
}

/** `Reading Fluency (ORF) - Score` with `… - Level` and `… - National Norm Percentile`; `Composite Score` with `Composite - …`. */
function newLayout(header: string): Named | null {
  const parts = /^(.+?)(?: \(([A-Za-z-]+)\))?(?: -)? Score$/.exec(header);
  if (parts?.[1] === undefined) return null;
  const percentile = header.replace(/(?: -)? Score$/, ' - National Norm Percentile');
  return { name: parts[1], code: parts[2] ?? null, level: header.replace(/Score$/, 'Level'), percentile };
}

/** `Assessment Measure-DORF (Fluency)-Score` with `Assessment Measure-DORF (Fluency)-Levels`. */
function oldLayout(header: string): Named | null {
  const name = /^Assessment Measure-(.+)-Score$/.exec(header)?.[1];
  return name === undefined ? null : { name, code: null, level: header.replace(/Score$/, 'Levels') };
}
