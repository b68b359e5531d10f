/**
 * The six-week goal of one child in one skill (aptt-domain: Goals): where practice at home could bring them, as a number that can be counted.
 * Pure; throws nothing. It only suggests: the teacher and the family decide.
 */

export type GoalInput = {
  /** The newest score. */
  baseline: number;
  benchmark: {
    /** Of the window the newest score is of. */
    now: number | null;
    endOfYear: number | null;
  };
  /** Until the last day of school. */
  weeksLeft: number;
  windowWeeks: number;
  scale: { min: number | null; max: number | null };
};

/** `own`: without a benchmark ahead nothing is suggested, and the teacher finds a target. `next_skill`: this one is learnt. */
export type Suggestion = { kind: 'goal' | 'stretch'; target: number } | { kind: 'own' | 'next_skill'; target: null };

/** What one point is: a word, a letter, a level. */
const unit = 1;

/**
 * As far as a child at the benchmark goes in these weeks, or as far as it takes to be at the year's end where the benchmark is, whichever is
 * more. Never past the benchmark by catching up: near the year's end the weeks that are left count as one whole window.
 */
export function suggestGoal({ baseline, benchmark, weeksLeft, windowWeeks, scale }: GoalInput): Suggestion {
  const top = scale.max === null ? Number.POSITIVE_INFINITY : Math.floor(scale.max);
  if (baseline + unit > top) return { kind: 'next_skill', target: null };
  const end = benchmark.endOfYear ?? benchmark.now;
  if (end === null) return { kind: 'own', target: null };
  const weeks = Math.max(weeksLeft, windowWeeks);
  const typicalWeekly = benchmark.now === null ? 0 : Math.max(0, (end - benchmark.now) / weeks);
  const isStretch = baseline >= end;
  if (isStretch && typicalWeekly === 0) return { kind: benchmark.endOfYear === null ? 'own' : 'next_skill', target: null };
  const grown = baseline + Math.max(typicalWeekly, (end - baseline) / weeks) * windowWeeks;
  const target = Math.min(top, Math.max(Math.floor(baseline) + unit, countable(grown)));
  return { kind: isStretch ? 'stretch' : 'goal', target };
}

/** Rounded up; what a sum of fractions leaves behind the point is no further word. */
const countable = (value: number): number => Math.ceil(Number(value.toFixed(6)));

export type Wish = { target: number; dueOn: string };

/** A goal is set for a year at most. */
const mostDays = 366;

/** What of a teacher's own wish cannot be: a target that is not beyond where the child stands or is off the scale, a day that is past or far off. */
export function impossible(
  { target, dueOn }: Wish,
  from: { baseline: number; scale: GoalInput['scale']; today: string },
): keyof Wish | null {
  if (!(target > from.baseline) || (from.scale.max !== null && target > from.scale.max)) return 'target';
  const days = daysBetween(from.today, dueOn);
  return days > 0 && days <= mostDays ? null : 'dueOn';
}

/** @param day YYYY-MM-DD, like the answer */
export const daysLater = (day: string, days: number): string => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** Where the roster names no end of the school year: the end of May to come. */
export function endOfMay(today: string): string {
  const year = Number(today.slice(0, 4));
  return today <= `${year}-05-31` ? `${year}-05-31` : `${year + 1}-05-31`;
}
