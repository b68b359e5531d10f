/**
 * A run that brings little is one transaction: staged in temporary tables, checked, compared, judged, applied, written down. If it is held
 * nothing of it is left, for then its rows must outlive it: it is staged as larger ones are.
 */
import type { Db } from '../db/db.ts';
import { check, type LookedOver } from './check.ts';
import { conclude } from './conclude.ts';
import { type Decision, decide } from './finish.ts';
import { type Handful, Sorted, type Standings } from './handful.ts';
import type { Remembered } from './listing.ts';
import type { ProblemBook } from './problem-book.ts';
import type { RunReport } from './report.ts';
import type { Staged } from './stage.ts';
import type { Scope } from './staging.ts';

export type SmallRun = {
  scope: Scope;
  sourceName: string;
  input: Staged;
  handful: Handful;
  /** Null: nothing is known of the roster. */
  standings: Standings | null;
  listings: Remembered;
  lookedOver: LookedOver;
  decision: Decision;
  book: ProblemBook;
};

/** Carries out of a transaction that must not be kept. */
class Held extends Error {}

/**
 * @returns null: it is held, or classes of it are
 * @throws GapsMislead
 */
export async function inOneGo(db: Db, run: SmallRun): Promise<RunReport | null> {
  const { input, handful, standings, listings, lookedOver, decision, book } = run;
  const scope: Scope = { ...run.scope, place: 'pg_temp' };
  const sorted = new Sorted(standings, input, listings);
  await handful.tell(sorted);
  const written = book.written;
  try {
    return await db.inDistrict(scope.districtId, async (tx) => {
      const { checked, problems } = await check(tx, scope, await sorted.stage(tx, scope), listings, lookedOver);
      await book.add(problems, tx);
      const outcome = await decide(tx, scope, checked, decision);
      if (outcome.heldBecause.length > 0) throw new Held();
      return conclude(tx, scope, run.sourceName, book, outcome, checked, false);
    });
  } catch (error) {
    book.written = written;
    if (error instanceof Held) return null;
    throw error;
  }
}
