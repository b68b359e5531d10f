/**
 * FastBridge: one row a child and year, with a group of columns for each screening period and measure
 * (`Fall Letter Sounds WRC per minute`, `… Risk Level`, `… Final Date`). Growth, percentiles of a school or district, and single passages are left out.
 */
import type { Table } from '../../table.ts';
import type { Measure, Reading } from '../reading.ts';
import { slug } from '../words.ts';
import { all, firstOf, take } from './fields.ts';
import { skillAssessment } from './skills.ts';

const group =
  /^(Fall|Winter|Spring|Screening Period \d+) (.+?) (Composite Score|Median WRC|(?:WRC|NRC) per minute|Test Theta|Scaled Score|Items Correct)$/;
/** CBMmath says how many were right in several ways; the one by time is the score. */
const math = /^(Fall|Winter|Spring|Screening Period \d+) (?:((?:AUTO|PROC) L\d GOM) IC per minute|(CBMmath CAP) IC per ten minute)$/;

export const fastBridge = (table: Table): Reading => ({
  vendor: 'FastBridge',
  student: firstOf(table, ['Local ID', 'State ID', 'FAST ID']),
  dates: [],
  window: () => '',
  // The file does not say its year: the date of each score does.
  schoolYear: () => '',
  measures: table.csv.header.flatMap((header) => measureOf(table, header)),
  skips: () => null,
});

function measureOf(table: Table, header: string): Measure[] {
  const { period, name } = placeOf(header);
  if (period === undefined || name === undefined) return [];
  const assessment = skillAssessment('fastBridge', 'fastbridge', slug(name), `FastBridge ${name}`);
  return [
    {
      field: header,
      score: take(table, header),
      level: take(table, `${period} ${name} Risk Level`),
      percentile: take(table, `${period} ${name} Percentile at Nation`),
      window: () => period,
      dates: all(table, [`${period} ${name} Final Date`]),
      assessment: () => assessment,
    },
  ];
}

function placeOf(header: string): { period: string | undefined; name: string | undefined } {
  const [, when, timed, cap] = math.exec(header) ?? [];
  if (when !== undefined) return { period: when, name: timed ?? cap };
  const [, period, name] = group.exec(header) ?? [];
  return name?.endsWith(' GOM') ? { period: undefined, name: undefined } : { period, name };
}
