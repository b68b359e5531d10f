/** How a run ends: what came out is written down, what is staged is dropped unless somebody may still approve it, and the report is made. */
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { Checked } from './check.ts';
import type { Outcome } from './finish.ts';
import type { ProblemBook } from './problem-book.ts';
import { noCounts, type RunReport, type RunStatus } from './report.ts';
import type { Source } from './sources.ts';
import type { Scope } from './staging.ts';
import { dropStaging, dropStagingOf, type KeptReport, problemsIn, problemsOf } from './store.ts';

export async function conclude(
  tx: Tx,
  scope: Scope,
  sourceName: string,
  book: ProblemBook,
  outcome: Outcome,
  checked: Checked,
  dryRun: boolean,
): Promise<RunReport> {
  const { runId } = scope;
  await book.add(outcome.problems, tx);
  const keep = !dryRun && outcome.heldBecause.length > 0;
  const report: KeptReport = {
    entities: outcome.entities,
    guardians: outcome.guardians,
    problemCount: book.written,
    ...(keep ? { checked } : {}),
  };
  const status: RunStatus = dryRun ? 'dry-run' : outcome.status;
  await tx`UPDATE sync_run SET status = ${status}, finished_at = now(), report = ${tx.json(report as never)},
    held_because = ${tx.json(outcome.heldBecause as never)}, staged = ${keep} WHERE id = ${runId}`; // plain JSON by their types
  if (!keep && scope.place === 'staging') await dropStagingOf(tx, runId);
  return {
    runId,
    source: sourceName,
    status: outcome.status,
    entities: outcome.entities,
    guardians: outcome.guardians,
    problems: book.written > 0 ? await problemsIn(tx, runId, 1000) : [],
    problemCount: book.written,
    heldBecause: outcome.heldBecause,
  };
}

export async function unchanged(db: Db, districtId: number, source: Source, runId: number, before: number): Promise<RunReport> {
  const last = await db.inDistrict(districtId, async (tx) => {
    const [row] = await tx<{ report: KeptReport }[]>`SELECT report FROM sync_run WHERE id = ${before}`;
    const entities = Object.fromEntries(
      Object.entries(row?.report.entities ?? {}).map(([entity, counts]) => [
        entity,
        { ...noCounts(), read: counts.read, rejected: counts.rejected, unchanged: counts.read - counts.rejected },
      ]),
    );
    const guardians = row?.report.guardians ?? { linked: 0, parentsWithoutChild: 0, childrenWithoutParent: 0 };
    const report: KeptReport = { entities, guardians, problemCount: row?.report.problemCount ?? 0, problemsIn: before };
    await tx`UPDATE sync_run SET status = 'unchanged', finished_at = now(),
      report = ${tx.json(report as never)} WHERE id = ${runId}`; // plain JSON by its type
    return report;
  });
  return {
    runId,
    source: source.name,
    status: 'unchanged',
    entities: last.entities,
    guardians: last.guardians,
    problems: await problemsOf(db, districtId, before, 1000),
    problemCount: last.problemCount,
    heldBecause: [],
  };
}

export async function fail(db: Db, districtId: number, source: Source, runId: number, error: unknown): Promise<RunReport> {
  const known = error instanceof AppError;
  const code = known ? error.code : 'internal';
  const message = known ? error.message : 'an unexpected error stopped the run; nothing was applied';
  const hint = known ? (error.hint ?? null) : null;
  const [kept] = await db.inDistrict(
    districtId,
    (tx: Tx) => tx<{ problemCount: number }[]>`UPDATE sync_run r SET status = 'failed', finished_at = now(), error_code = ${code},
        error_message = ${message}, report = jsonb_strip_nulls(jsonb_build_object(
          'problemCount', (SELECT count(*) FROM sync_problem p WHERE p.run_id = r.id), 'hint', ${hint}::text))
      WHERE id = ${runId} RETURNING (report->>'problemCount')::int AS "problemCount"`,
  );
  await dropStaging(db, districtId, runId);
  if (!known) throw error; // a defect: the operator must see it whole
  return {
    runId,
    source: source.name,
    status: 'failed',
    entities: {},
    guardians: { linked: 0, parentsWithoutChild: 0, childrenWithoutParent: 0 },
    problems: await problemsOf(db, districtId, runId, 1000),
    problemCount: kept?.problemCount ?? 0,
    heldBecause: [],
    error: { code, message, ...(hint ? { hint } : {}) },
  };
}
