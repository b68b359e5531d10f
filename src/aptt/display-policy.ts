/**
 * What a district's settings make of the display limits of config/policy.ts: a wish may only be stricter, and one that is not, or cannot be
 * read, changes nothing. Pure; throws nothing.
 */
import { z } from 'zod';
import type { DisplayPolicy } from '../../config/policy.ts';

const limit = z.number().int().positive().optional().catch(undefined);
const pool = z
  .object({ from: z.number().int().min(1), to: z.number().int().max(999_999) })
  .refine((range) => range.to > range.from)
  .optional()
  .catch(undefined);
const wishes = z
  .object({
    marksFrom: limit,
    bandsFrom: limit,
    averageFrom: limit,
    cellFrom: limit,
    historyLackFrom: limit,
    numbersLiveDays: limit,
    pool,
  })
  .catch({});

/** @param settings a district's `displayPolicy` as it is stored */
export function stricter(least: DisplayPolicy, settings: unknown): DisplayPolicy {
  const wish = wishes.parse(settings ?? {});
  const bandsFrom = Math.max(least.bandsFrom, wish.bandsFrom ?? 0);
  const wider = wish.pool && wish.pool.to - wish.pool.from >= least.pool.to - least.pool.from;
  return {
    marksFrom: Math.max(least.marksFrom, wish.marksFrom ?? 0, bandsFrom),
    bandsFrom,
    averageFrom: Math.max(least.averageFrom, wish.averageFrom ?? 0),
    cellFrom: Math.max(least.cellFrom, wish.cellFrom ?? 0),
    historyLackFrom: Math.max(least.historyLackFrom, wish.historyLackFrom ?? 0),
    pool: wider && wish.pool ? wish.pool : least.pool,
    numbersLiveDays: Math.min(least.numbersLiveDays, wish.numbersLiveDays ?? least.numbersLiveDays),
  };
}
