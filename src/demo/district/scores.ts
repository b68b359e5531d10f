/** Reading scores of the sample children, shaped like DIBELS 8 measures. The benchmarks are round invented figures, not the publisher's. Pure. */
import type { Plan } from './plan.ts';
import { bell, draw, stream } from './random.ts';

export type Window = 'BOY' | 'MOY';
export const windows: readonly Window[] = ['BOY', 'MOY'];

/**
 * First and number of days children were tested on, in a fixed school year, so that the same options write the same bytes in every year.
 * MOY is early: before the first team meeting.
 */
export const testing: Record<Window, { from: string; days: number }> = {
  BOY: { from: '2026-09-08', days: 9 },
  MOY: { from: '2026-11-09', days: 9 },
};

export type Sitting = 0 | 1;
export const sittings: readonly Sitting[] = [0, 1];

export type Measure = {
  /** As the vendor's header spells it: `${column} - Score`. */
  column: string;
  /** As the assessment connector names it. */
  assessment: string;
  max: number;
  /**
   * Children sit twice: first what a group does together and the parts of words, the next school day what is read aloud to one adult.
   * So the newest measure of every class is the one that is easiest to speak of: letters in kindergarten, words from then on.
   */
  sitting: Sitting;
  /** By grade from kindergarten: benchmark at BOY and MOY; null where the measure is not given. */
  benchmarks: readonly ([number, number] | null)[];
};

export const measures: readonly Measure[] = [
  { column: 'Letter Names (LNF)', assessment: 'dibels-8/lnf', max: 100, sitting: 1, benchmarks: [[20, 35], null, null, null, null, null] },
  {
    column: 'Phonemic Awareness (PSF)',
    assessment: 'dibels-8/psf',
    max: 80,
    sitting: 0,
    benchmarks: [[5, 25], [30, 40], null, null, null, null],
  },
  {
    column: 'Letter Sounds (NWF-CLS)',
    assessment: 'dibels-8/nwf-cls',
    max: 200,
    sitting: 0,
    benchmarks: [null, [30, 45], null, null, null, null],
  },
  {
    column: 'Reading Fluency (ORF)',
    assessment: 'dibels-8/orf',
    max: 250,
    sitting: 1,
    benchmarks: [null, [10, 25], [50, 70], [75, 90], [95, 110], [105, 120]],
  },
  {
    column: 'Reading Comprehension (Maze)',
    assessment: 'dibels-8/maze',
    max: 60,
    sitting: 0,
    benchmarks: [null, null, [6, 9], [8, 12], [12, 15], [14, 17]],
  },
];

/** Came late in the year: on the roster, in nobody's scores. */
export const isLateArrival = (plan: Plan, student: number): boolean =>
  student >= plan.students || draw(plan.seed, stream.arrival, student) < 0.02;

/** Was away, or came later. */
export function isUnscored(plan: Plan, student: number, window: Window): boolean {
  return isLateArrival(plan, student) || draw(plan.seed, stream.absence, student * 2 + windows.indexOf(window)) < 0.012;
}

/** About half the children stand at or above the benchmark; nearly all grow. Null where the measure is not given. */
export function scoreOf(plan: Plan, student: number, grade: number, measure: Measure, window: Window): number | null {
  const benchmark = measure.benchmarks[grade]?.[windows.indexOf(window)];
  const before = measure.benchmarks[grade]?.[0];
  if (benchmark === undefined || before === undefined) return null;
  const key = student * 8 + measures.indexOf(measure);
  const standing = 0.8 * bell(plan.seed, stream.ability, student) + 0.4 * bell(plan.seed, stream.measure, key);
  const growth = window === 'BOY' ? 0 : (benchmark - before) * (1.15 + 0.45 * bell(plan.seed, stream.growth, key));
  const score = before * (1.02 + 0.34 * standing) + growth;
  return Math.max(0, Math.min(measure.max, Math.round(score)));
}

/** The publisher's words for where a score stands. */
export function levelOf(score: number, benchmark: number): string {
  if (score >= benchmark * 1.3) return 'Above Benchmark';
  if (score >= benchmark) return 'At Benchmark';
  return score >= benchmark * 0.7 ? 'Below Benchmark' : 'Well Below Benchmark';
}

/** A school day: children are tested over about two weeks. */
export function testedOn(plan: Plan, student: number, window: Window, sitting: Sitting): string {
  const { from, days } = testing[window];
  let left = Math.floor(draw(plan.seed, stream.day, student * 2 + windows.indexOf(window)) * days) + sitting;
  const day = new Date(`${from}T00:00:00Z`);
  for (; left > 0; left--) day.setUTCDate(day.getUTCDate() + (day.getUTCDay() === 5 ? 3 : 1));
  return day.toISOString().slice(0, 10);
}
