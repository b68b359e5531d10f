/** The privacy preflight (aptt-domain: private numbers, rule 6): what must hold before a class is shown to a room, and what to know first. Pure. */

import type { DisplayPolicy } from '../../config/policy.ts';
import type { ChartShape, Preflight } from '../read-models/shapes.ts';

export type PreflightFacts = {
  /** Built as it would be shown: only children who have a number. */
  chart: ChartShape;
  policy: DisplayPolicy;
  /** Every child of the class today. */
  children: number;
  numbersDrawn: number;
  /** The numbers belong to this meeting and have not outlived it. */
  numbersAlive: boolean;
  withoutNumber: number;
  historyHidden: boolean;
  /** Days since the newest score; null when no score carries a date. */
  scoreAgeDays: number | null;
  held: boolean;
};

/** Scores older than this are told to the teacher: about one assessment window. */
const staleAfterDays = 60;

export function preflight(facts: PreflightFacts): Preflight[] {
  const { chart, policy } = facts;
  const atOrAbove = chart.atOrAbove?.count;
  const poolSize = policy.pool.to - policy.pool.from + 1;
  const check = (code: Preflight['code'], holds: boolean, otherwise: 'warns' | 'fails', count: number | null = null): Preflight => ({
    code,
    outcome: holds ? 'passes' : otherwise,
    count,
  });
  return [
    check('enough_children', chart.n >= policy.bandsFrom, 'fails', chart.n),
    ...(isBandSized(chart.n, policy) ? [check('bands_consent', chart.because !== 'needs_consent', 'fails', chart.n)] : []),
    check('numbers_drawn', facts.numbersDrawn > 0, 'fails', facts.numbersDrawn),
    check('numbers_fresh', facts.numbersAlive, 'fails'),
    check('pool_wide_enough', poolSize >= 2 * facts.children, 'warns', poolSize),
    check('arrivals_without_number', facts.withoutNumber === 0, 'warns', facts.withoutNumber),
    check('scores_missing', chart.missing === 0, 'warns', chart.missing),
    check('scores_stale', facts.scoreAgeDays !== null && facts.scoreAgeDays <= staleAfterDays, 'warns', facts.scoreAgeDays),
    check('benchmark_known', chart.benchmark !== null, 'warns'),
    check('everyone_above', atOrAbove === undefined || atOrAbove < chart.n, 'warns'),
    check('everyone_below', atOrAbove === undefined || atOrAbove > 0, 'warns'),
    check('history_hidden', !facts.historyHidden, 'warns'),
    check('class_held', !facts.held, 'warns'),
  ];
}

/** @param n children shown */
export const isBandSized = (n: number, policy: DisplayPolicy) => n >= policy.bandsFrom && n < policy.marksFrom;

export const canPresent = (checks: Preflight[]): boolean => checks.every((check) => check.outcome !== 'fails');
