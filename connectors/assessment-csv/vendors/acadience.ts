/** Acadience Learning Online and Acadience Data Management: each measure has its score, status and date; reading and math may stand in one file. */
import type { Table } from '../../table.ts';
import type { Measure, Reading } from '../reading.ts';
import { all, firstOf, take } from './fields.ts';
import { skillAssessment } from './skills.ts';

/** A grade of how something was retold, not how much. */
const leftOut = /^Retell Quality$/;
const math = /^(Math Composite|BQD|NIF|NNF|AQD|MNF|Comp|C&A)$/;

export const acadience = (table: Table): Reading => ({
  vendor: 'Acadience',
  student: firstOf(table, ['Student Number', 'Student SIS ID', 'Student State ID']),
  dates: [],
  window: take(table, 'Benchmark Period'),
  schoolYear: take(table, 'School Year'),
  measures: table.csv.header.flatMap((header) => {
    const name = /^(.+) Score$/.exec(header)?.[1];
    return name === undefined || leftOut.test(name) ? [] : [measure(table, header, name)];
  }),
  skips: () => null,
});

/** `Maze Total Adjusted Score` and `Maze Adjusted Score` are one measure. */
function measure(table: Table, header: string, name: string): Measure {
  const code = name.replace(/ (Total|Adjusted)\b/g, '');
  const title = `Acadience ${math.test(code) ? 'Math' : 'Reading'}: ${code}`;
  const assessment = skillAssessment('dibels', 'acadience', code, title);
  return {
    field: header,
    score: take(table, header),
    level: take(table, `${name.replace(/ Adjusted\b/, '')} Status`),
    dates: all(table, datesOf(code)),
    assessment: () => assessment,
  };
}

/** A date stands once for the parts of one sitting: `ORF Date` for `ORF WC`, `ORF Accuracy` and the retelling. */
function datesOf(code: string): string[] {
  const first = code === 'Retell' ? 'ORF' : (code.split(' ')[0] ?? code);
  return [`${code} Date`, `${first} Date`];
}
