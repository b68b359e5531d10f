/** How a class grew since the last administration of the same assessment, told only about groups (aptt-domain: private numbers, rule 3). Pure. */

import type { DisplayPolicy } from '../../config/policy.ts';
import type { GrowthShape, MeasureRef } from '../read-models/shapes.ts';
import { averageOf, type ChartChild, countFrom, drawnTogether } from './chart.ts';

/** How many went up; null below the limit. */
export function grewOf(children: ChartChild[], policy: DisplayPolicy): { grew: number; of: number } | null {
  const pairs = pairsOf(children);
  return pairs.length < policy.averageFrom ? null : { grew: pairs.filter((pair) => pair.value > pair.last).length, of: pairs.length };
}

const pairsOf = (children: ChartChild[]) =>
  children.flatMap(({ value, last, optedOut }) => (value === null || last === null || optedOut ? [] : [{ value, last }]));

/** Children scored both times and not opted out; null below the limit. Each time is held against its own benchmark. */
export function growthOf(
  children: ChartChild[],
  since: MeasureRef,
  benchmarks: { before: number | null; now: number | null },
  policy: DisplayPolicy,
): GrowthShape | null {
  const pairs = pairsOf(children);
  const up = grewOf(children, policy);
  if (!up) return null;
  const before = pairs.map((pair) => pair.last);
  const now = pairs.map((pair) => pair.value);
  return {
    since,
    n: pairs.length,
    grew: up.grew,
    same: pairs.filter((pair) => pair.value === pair.last).length,
    // Of the values as the chart draws them: a true average beside it would give its coded extremes away.
    averageBefore: averageOf(drawnTogether(before, null)),
    averageNow: averageOf(drawnTogether(now, benchmarks.now)),
    atOrAboveBefore: benchmarks.before === null ? null : countFrom(before, benchmarks.before),
    atOrAboveNow: benchmarks.now === null ? null : countFrom(now, benchmarks.now),
  };
}
