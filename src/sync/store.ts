/** What is kept of runs between nights. */
import type { Problem } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import type { Checked } from './check.ts';
import type { RunReport } from './report.ts';
import { dropStaged } from './staging.ts';

export type KeptReport = Pick<RunReport, 'entities' | 'guardians' | 'problemCount'> & {
  /** For a run that may still be approved: what its staging tables do not say. */
  checked?: Checked;
  /** An unchanged run has the problems of the run it equals. */
  problemsIn?: number;
  /** A failed run: what to do. */
  hint?: string;
};

/** Staging tables are dropped as soon as nobody can approve them. */
export const dropStaging = (db: Db, districtId: number, runId: number): Promise<void> =>
  db.inDistrict(districtId, (tx) => dropStagingOf(tx, runId));

export async function dropStagingOf(tx: Tx, runId: number): Promise<void> {
  await dropStaged(tx, `r${runId}\\_%`);
  await tx`UPDATE sync_run SET staged = false, report = report - 'checked' WHERE id = ${runId} AND staged`;
}

export const problemsOf = (db: Db, districtId: number, runId: number, limit: number): Promise<Problem[]> =>
  db.inDistrict(districtId, (tx) => problemsIn(tx, runId, limit));

export async function problemsIn(tx: Tx, runId: number, limit: number): Promise<Problem[]> {
  return [
    ...(await tx<Problem[]>`SELECT entity, severity, code, message, sourced_id AS "sourcedId", file, line, field
      FROM sync_problem WHERE run_id = ${runId} ORDER BY severity, n LIMIT ${limit}`),
  ];
}

/** Deletions are not reported by most sources, so once in so many days everything is read. */
const wholeEvery = '6 days 12 hours';

/** From when on changes are enough; null: the source is to be read whole. */
export async function sinceWhen(tx: Tx, sourceId: number): Promise<string | null> {
  const [source] = await tx<{ watermark: string | null }[]>`
    SELECT watermark FROM source WHERE id = ${sourceId} AND whole_at > now() - ${wholeEvery}::interval`;
  return source?.watermark ?? null;
}

/** Rows that were put aside are asked for again for so long, should what they refer to come later. */
const patience = 7 * 86_400_000;

/**
 * What is applied need not be asked for again. A run that held something back leaves the mark where it was.
 * @param waits rows were put aside for want of others: changes are asked for with these again
 */
export async function moveMark(tx: Tx, sourceId: number, { closings }: Checked, waits: boolean): Promise<void> {
  const all = Object.values(closings);
  const whole = all.every(({ because }) => because !== 'delta');
  if (waits && !whole) return;
  const [mark] = all.flatMap(({ watermark }) => watermark ?? []).sort();
  const moment = Date.parse(mark ?? ''); // none, where a source has words of its own for where it stood
  const watermark = waits && !Number.isNaN(moment) ? new Date(moment - patience).toISOString() : (mark ?? null);
  await tx`UPDATE source SET watermark = ${watermark}, whole_at = CASE WHEN ${whole} THEN now() ELSE whole_at END WHERE id = ${sourceId}`;
}

/**
 * Whether this very input was the last to be applied (then there is nothing to do), or the last run was undone since (then a person should look).
 * @param fingerprint null: the source cannot tell its inputs apart, so after an undo anything may be what was undone
 * @param crossing the source's references find users of other sources: then a run of those may have changed what is found
 */
export async function lastUsed(
  tx: Tx,
  sourceId: number,
  fingerprint: string | null,
  crossing: boolean,
): Promise<{ runId: number; status: 'applied' | 'undone' } | null> {
  const [source] = await tx<{ run: number; status: string }[]>`
    SELECT s.fingerprint_run AS run, r.status FROM source s JOIN sync_run r ON r.id = s.fingerprint_run
    WHERE s.id = ${sourceId} AND (s.fingerprint = ${fingerprint} OR (${fingerprint}::text IS NULL AND r.status = 'undone'))`;
  if (!source) return null;
  if (source.status === 'undone') return { runId: source.run, status: 'undone' };
  const [other] = await tx`SELECT 1 FROM sync_run
    WHERE ${crossing} AND source_id <> ${sourceId} AND id > ${source.run} AND status IN ('applied', 'undone') LIMIT 1`;
  return other ? null : { runId: source.run, status: 'applied' };
}
