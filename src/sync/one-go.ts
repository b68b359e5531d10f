/**
 * From staged rows to the report in one transaction: checked, compared, judged, applied, written down. If the run is held nothing of it is
 * left, for then its rows must outlive it: it is staged for good and judged again.
 */
import type { Db, Tx } from '../db/db.ts';
import { check, type LookedOver } from './check.ts';
import { conclude } from './conclude.ts';
import { type Decision, decide } from './finish.ts';
import { type Handful, Sorted, type Standings } from './handful.ts';
import type { Remembered } from './listing.ts';
import type { ProblemBook } from './problem-book.ts';
import type { RunReport } from './report.ts';
import type { Staged } from './stage.ts';
import type { Scope } from './staging.ts';

export type Run = {
  scope: Scope;
  sourceName: string;
  input: Staged;
  listings: Remembered;
  lookedOver: LookedOver;
  decision: Decision;
  book: ProblemBook;
};

/** Carries out of a transaction that must not be kept. */
class Held extends Error {}

/**
 * The end of such a transaction, once everything is staged.
 * @throws Held, for `unlessHeld`; GapsMislead
 */
export async function toTheEnd(tx: Tx, run: Run): Promise<RunReport> {
  const { scope, book } = run;
  const { checked, problems } = await check(tx, scope, run.input, run.listings, run.lookedOver);
  await book.add(problems, tx);
  const outcome = await decide(tx, scope, checked, run.decision);
  if (outcome.heldBecause.length > 0) throw new Held();
  return conclude(tx, scope, run.sourceName, book, outcome, checked, false);
}

/** @returns null: the run is held, or classes of it are */
export async function unlessHeld(book: ProblemBook, transaction: () => Promise<RunReport>): Promise<RunReport | null> {
  const written = book.written;
  try {
    return await transaction();
  } catch (error) {
    book.written = written;
    if (error instanceof Held) return null;
    throw error;
  }
}

/**
 * A run that brings little: what differs is staged in temporary tables.
 * @param standings null: nothing is known of the roster
 */
export async function inOneGo(db: Db, run: Run, handful: Handful, standings: Standings | null): Promise<RunReport | null> {
  const scope: Scope = { ...run.scope, place: 'pg_temp' };
  const sorted = new Sorted(standings, run.input, run.listings);
  await handful.tell(sorted);
  return unlessHeld(run.book, () =>
    db.inDistrict(scope.districtId, async (tx) => toTheEnd(tx, { ...run, scope, input: await sorted.stage(tx, scope) })),
  );
}
