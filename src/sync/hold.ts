/** Finds classes that lost too many children overnight and takes everything about them out of the deltas. */
import type { Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import type { Difference } from './diff.ts';
import { type ClassLoss, classesToHold } from './guard.ts';
import type { Staged } from './stage.ts';
import { type Scope, staged } from './staging.ts';

/** Students each class would lose, of those it has. Only classes that lose any. */
async function classLosses(tx: Tx, scope: Scope): Promise<ClassLoss[]> {
  const { districtId, sourceId } = scope;
  return tx.unsafe<ClassLoss[]>(`
    WITH lost AS (
      SELECT t.class_id, count(DISTINCT t.user_id)::int AS lost FROM enrollment t JOIN ${staged(scope).delta('enrollments')} d USING (sourced_id)
      WHERE d.op = 'e' AND t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.role = 'student' GROUP BY 1
    )
    SELECT l.class_id AS "classId", c.sourced_id AS "classSourcedId", l.lost,
      (SELECT count(DISTINCT e.user_id)::int FROM enrollment e
        WHERE e.district_id = ${districtId} AND e.class_id = l.class_id AND e.role = 'student' AND e.ended_at IS NULL) AS before
    FROM lost l JOIN class c ON c.district_id = ${districtId} AND c.id = l.class_id`);
}

export type ClassHold = {
  held: ClassLoss[];
  classes: number;
  /** Rows read and not used because their class is held. */
  rejected: Partial<Record<Entity, number>>;
};

/** Corrects `differences` in place for what the held classes keep. */
export async function holdClasses(tx: Tx, scope: Scope, differences: Map<Entity, Difference>, input: Staged): Promise<ClassHold> {
  const enrollments = differences.get('enrollments');
  if (!enrollments?.ended) return { held: [], classes: 0, rejected: {} };
  const held = classesToHold(await classLosses(tx, scope));
  const [all] = await tx.unsafe<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM class WHERE district_id = ${scope.districtId} AND source_id = ${scope.sourceId} AND ended_at IS NULL`,
  );
  const classes = all?.n ?? 0;
  if (held.length === 0) return { held, classes, rejected: {} };
  const rejected: Partial<Record<Entity, number>> = {};
  for (const [entity, condition] of Object.entries(keeps(scope, held)) as [Entity, string][]) {
    const difference = differences.get(entity);
    if (!difference?.active || input.still?.includes(entity)) continue; // nothing of it lives: its delta is a view, and nothing can be ended
    const kept = await tx.unsafe<{ op: string }[]>(`DELETE FROM ${staged(scope).delta(entity)} d WHERE ${condition} RETURNING d.op`);
    for (const { op } of kept) {
      if (op === 'e') difference.ended -= 1;
      else if (op !== 'w') {
        difference[op === 'a' ? 'added' : 'changed'] -= 1;
        rejected[entity] = (rejected[entity] ?? 0) + 1;
      }
    }
  }
  return { held, classes, rejected };
}

/** Which delta rows are about held classes or the children they keep. */
function keeps(scope: Scope, held: ClassLoss[]): Partial<Record<Entity, string>> {
  const { districtId, sourceId } = scope;
  const ids = held.map(({ classId }) => classId).join(', ');
  const classes = `SELECT sourced_id FROM class WHERE district_id = ${districtId} AND id IN (${ids})`;
  const own = (table: string) =>
    `${table} t WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.sourced_id = d.sourced_id`;
  const people = `SELECT e.user_id FROM enrollment e WHERE e.district_id = ${districtId} AND e.class_id IN (${ids}) AND e.ended_at IS NULL`;
  return {
    classes: `d.sourced_id IN (${classes})`,
    enrollments: `EXISTS (SELECT 1 FROM ${own('enrollment')} AND t.class_id IN (${ids})) OR d.class_id_ref IN (${classes})`,
    users: `d.op = 'e' AND EXISTS (SELECT 1 FROM ${own('"user"')} AND t.id IN (${people}))`,
    roles: `d.op = 'e' AND EXISTS (SELECT 1 FROM ${own('role')} AND t.user_id IN (${people}))`,
    guardianships: `d.op = 'e' AND EXISTS (SELECT 1 FROM ${own('guardianship')} AND t.student_id IN (${people}))`,
  };
}

/** The holds this run leaves: screens say that the class stands on yesterday's data. */
export async function writeHolds(tx: Tx, scope: Scope, held: ClassLoss[]): Promise<void> {
  const { districtId, sourceId, runId } = scope;
  const ids = held.map(({ classId }) => classId);
  await tx`DELETE FROM class_hold h USING class c
    WHERE c.district_id = ${districtId} AND c.id = h.class_id AND c.source_id = ${sourceId} AND h.district_id = ${districtId}
      AND NOT (h.class_id = ANY(${ids}::bigint[]))`;
  if (ids.length === 0) return;
  await tx`INSERT INTO class_hold (district_id, class_id, run_id, because)
    SELECT ${districtId}, unnest(${ids}::bigint[]), ${runId}, 'class_shrunk' ON CONFLICT (district_id, class_id) DO NOTHING`;
}
