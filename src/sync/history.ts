/** The runs of a district, for the command line. */
import type { Db } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { HeldBecause, RunReport, RunStatus } from './report.ts';
import { type KeptReport, problemsOf } from './store.ts';

export type RunLine = {
  runId: number;
  source: string;
  status: RunStatus;
  startedAt: Date;
  finishedAt: Date | null;
  problemCount: number;
  heldBecause: HeldBecause[];
  decidedBy: string | null;
  /** It waits for `approve` or `reject`. */
  waiting: boolean;
};

type Row = {
  id: number;
  source: string;
  status: RunStatus;
  started_at: Date;
  finished_at: Date | null;
  report: Partial<KeptReport>;
  held_because: HeldBecause[];
  decided_by: string | null;
  staged: boolean;
  error_code: string | null;
  error_message: string | null;
};

const lineOf = (row: Row): RunLine => ({
  runId: row.id,
  source: row.source,
  status: row.status,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  problemCount: row.report.problemCount ?? 0,
  heldBecause: row.held_because,
  decidedBy: row.decided_by,
  waiting: row.staged,
});

/** Newest first. @param options.source a source's name */
export async function listRuns(db: Db, districtId: number, options: { source?: string; limit?: number } = {}): Promise<RunLine[]> {
  const rows = await db.inDistrict(
    districtId,
    (tx) => tx<Row[]>`SELECT r.*, s.name AS source FROM sync_run r JOIN source s ON s.id = r.source_id
      WHERE ${options.source ?? null}::text IS NULL OR s.name = ${options.source ?? null} ORDER BY r.id DESC LIMIT ${options.limit ?? 20}`,
  );
  return rows.map(lineOf);
}

/** @throws AppError `run_unknown` */
export async function showRun(db: Db, districtId: number, runId: number): Promise<RunLine & { report: RunReport }> {
  const [row] = await db.inDistrict(
    districtId,
    (tx) => tx<Row[]>`SELECT r.*, s.name AS source FROM sync_run r JOIN source s ON s.id = r.source_id WHERE r.id = ${runId}`,
  );
  if (!row) throw new AppError('run_unknown', `there is no run ${runId}`, { status: 404, hint: 'See `aptt sync list`.' });
  const report: RunReport = {
    runId,
    source: row.source,
    status: row.status,
    entities: row.report.entities ?? {},
    guardians: row.report.guardians ?? { linked: 0, parentsWithoutChild: 0, childrenWithoutParent: 0 },
    problems: await problemsOf(db, districtId, row.report.problemsIn ?? runId, 1000),
    problemCount: row.report.problemCount ?? 0,
    heldBecause: row.held_because,
    ...(row.error_code ? { error: errorOf(row.error_code, row) } : {}),
  };
  return { ...lineOf(row), report };
}

function errorOf(code: string, { error_message: message, report }: Row): NonNullable<RunReport['error']> {
  return { code, message: message ?? '', ...(report.hint ? { hint: report.hint } : {}) };
}
