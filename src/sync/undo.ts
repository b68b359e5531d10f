/**
 * Takes a run back: rows it added are ended, rows it changed or ended are as they were. One transaction.
 * Only a source's last applied run can be undone: an older one's rows may have been written since.
 */
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { entities } from '../roster/model.ts';
import { forgetFamilies } from './families.ts';
import { forgetListings } from './listing.ts';
import { dropStagingOf } from './store.ts';
import { tables } from './tables.ts';

export type Undo = { districtId: number; sourceId: number; runId: number; actor: string };

/** Of a run that applied nothing there is nothing to undo. */
const hints: Record<string, string> = {
  held: 'It is held, and nothing of it was applied: approve or reject it.',
  rejected: 'It was rejected, and nothing of it was applied.',
  'dry-run': 'It was a dry run, and nothing of it was applied.',
  undone: 'It was undone already.',
};

/** @throws AppError `run_not_undoable` */
export async function undo(db: Db, { districtId, sourceId, runId, actor }: Undo): Promise<void> {
  await db.inDistrict(districtId, async (tx) => {
    const [last] = await tx<{ id: number }[]>`
      SELECT id FROM sync_run WHERE source_id = ${sourceId} AND status IN ('applied', 'undone') ORDER BY id DESC LIMIT 1`;
    const [run] = await tx<{ status: string }[]>`SELECT status FROM sync_run WHERE id = ${runId}`;
    if (last?.id !== runId || run?.status !== 'applied') {
      throw new AppError('run_not_undoable', `run ${runId} is not the last applied run of its source`, {
        status: 409,
        hint: hints[run?.status ?? ''] ?? 'Undo the newer run first, or mend the source and sync again.',
      });
    }
    await dropStagingOf(tx, runId); // classes it held back are not to be approved any more
    for (const entity of [...entities].reverse()) await restore(tx, tables[entity].table, entity, sourceId, runId);
    await restore(tx, 'user_alias', 'aliases', sourceId, runId);
    await tx`DELETE FROM sync_undo WHERE run_id = ${runId}`;
    await tx`DELETE FROM class_hold WHERE run_id = ${runId}`;
    await forgetListings(tx, sourceId, entities);
    await forgetFamilies(tx, districtId);
    await tx`UPDATE sync_run SET status = 'undone', decided_by = ${actor} WHERE id = ${runId}`;
    // The same input, or a later one that came to the same, must not come back by itself tomorrow: it is held until somebody approves it.
    await tx`UPDATE source SET fingerprint = coalesce(source.fingerprint, r.fingerprint), fingerprint_run = r.id, watermark = NULL, living = NULL
      FROM sync_run r WHERE source.id = ${sourceId} AND r.id = ${runId}`;
  });
}

async function restore(tx: Tx, table: string, entity: string, sourceId: number, runId: number): Promise<void> {
  await tx.unsafe(`UPDATE ${table} SET ended_at = now() WHERE source_id = $1 AND first_run = $2 AND ended_at IS NULL`, [sourceId, runId]);
  const columns = await tx<{ name: string }[]>`SELECT quote_ident(attname) AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('district_id', 'source_id', 'sourced_id', 'id', 'first_run')`;
  const set = columns.map(({ name }) => `${name} = was.${name}`).join(', ');
  await tx.unsafe(
    `UPDATE ${table} t SET ${set}
     FROM (SELECT (jsonb_populate_record(NULL::${table}, before)).* FROM sync_undo WHERE run_id = $1 AND entity = $2 AND source_id = $3) was
     WHERE t.district_id = was.district_id AND t.source_id = was.source_id AND t.sourced_id = was.sourced_id`,
    [runId, entity, sourceId],
  );
}
