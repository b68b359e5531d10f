/** What a person decides about a run: approve what was held, reject it, or undo what was applied. Each takes the source's lock. */
import type { Db } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { conclude } from './conclude.ts';
import { decideAndApply } from './finish.ts';
import { showRun } from './history.ts';
import { ProblemBook } from './problem-book.ts';
import type { RunReport, RunStatus } from './report.ts';
import { alone } from './run.ts';
import type { Scope } from './staging.ts';
import { dropStaging, type KeptReport } from './store.ts';
import { undo } from './undo.ts';

type Run = {
  id: number;
  source_id: number;
  status: RunStatus;
  staged: boolean;
  fingerprint: string | null;
  report: KeptReport;
  name: string;
};

async function findRun(db: Db, districtId: number, runId: number): Promise<Run> {
  const [run] = await db.inDistrict(
    districtId,
    (tx) => tx<Run[]>`SELECT r.id, r.source_id, r.status, r.staged, r.fingerprint, r.report, s.name
      FROM sync_run r JOIN source s ON s.id = r.source_id WHERE r.id = ${runId}`,
  );
  if (!run) throw new AppError('run_unknown', `there is no run ${runId}`, { status: 404, hint: 'See `aptt sync list`.' });
  return run;
}

/**
 * Applies what a held run staged, or the classes an applied run held back.
 * @throws AppError `run_not_held` | `staging_lost` | `sync_running`
 */
export async function approveRun(db: Db, districtId: number, runId: number, actor: string): Promise<RunReport> {
  const { source_id: sourceId } = await findRun(db, districtId, runId);
  return alone(db, 'decision', { districtId, sourceId }, async (own) => {
    const run = await findRun(own, districtId, runId);
    const checked = run.report.checked;
    if (!run.staged || !checked) {
      throw new AppError('run_not_held', `run ${runId} is not waiting for a decision`, {
        status: 409,
        hint: 'A newer sync may have replaced it: see `aptt sync list`.',
      });
    }
    const book = new ProblemBook(own, districtId, runId);
    book.written = run.report.problemCount;
    const scope: Scope = { districtId, sourceId, runId, matching: checked.matching, place: 'staging' };
    const outcome = await decideAndApply(own, scope, checked, {
      fingerprint: run.fingerprint,
      dryRun: false,
      ignoreGuards: true,
      undoneBefore: false,
      decidedBy: actor,
    });
    return own.inDistrict(districtId, (tx) => conclude(tx, scope, run.name, book, outcome, checked, false));
  });
}

/** Throws away what a held run staged; yesterday's data stays. @throws AppError `run_not_held` | `sync_running` */
export async function rejectRun(db: Db, districtId: number, runId: number, actor: string): Promise<RunReport> {
  const { source_id: sourceId } = await findRun(db, districtId, runId);
  return alone(db, 'decision', { districtId, sourceId }, async (own) => {
    const run = await findRun(own, districtId, runId);
    if (!run.staged) throw new AppError('run_not_held', `run ${runId} is not waiting for a decision`, { status: 409 });
    await dropStaging(own, districtId, runId);
    // An applied run that only held classes back stays applied: what it wrote was fine.
    await own.inDistrict(
      districtId,
      (tx) =>
        tx`UPDATE sync_run SET decided_by = ${actor}, status = CASE status WHEN 'held' THEN 'rejected' ELSE status END WHERE id = ${runId}`,
    );
    return (await showRun(own, districtId, runId)).report;
  });
}

/** Puts the roster back to what it was before the source's last applied run. @throws AppError `run_not_undoable` | `sync_running` */
export async function undoRun(db: Db, districtId: number, runId: number, actor: string): Promise<RunReport> {
  const { source_id: sourceId } = await findRun(db, districtId, runId);
  return alone(db, 'decision', { districtId, sourceId }, async (own) => {
    await undo(own, { districtId, sourceId, runId, actor });
    return (await showRun(own, districtId, runId)).report;
  });
}
