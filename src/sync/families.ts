/**
 * Families of the whole district, for a run's report: links come from several sources. Counted once and kept; a run that changes little counts
 * only the people it touches, before and after.
 */
import type { Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { hasAliases, matchedReferences } from './diff.ts';
import type { RunReport } from './report.ts';
import { type Scope, staged } from './staging.ts';
import { guardianList, tables } from './tables.ts';

type Families = RunReport['guardians'];

/** As they stand. */
export async function familiesOf(tx: Tx, districtId: number): Promise<Families> {
  const [kept] = await tx<{ families: Families | null }[]>`SELECT families FROM district WHERE id = ${districtId}`;
  return kept?.families ?? count(tx, null);
}

/** What was kept is no longer so. */
export const forgetFamilies = (tx: Tx, districtId: number) => tx`UPDATE district SET families = NULL WHERE id = ${districtId}`;

/**
 * Called before a run writes.
 * @param changing entities whose records it is about to change; null: not known, or much of the roster
 * @returns counts them once it has written, and keeps the count
 */
export async function familiesMoving(tx: Tx, scope: Scope, changing: readonly Entity[] | null): Promise<() => Promise<Families>> {
  const { districtId } = scope;
  const recounted = async () => {
    await keptFor(tx, districtId);
    return keep(tx, districtId, await count(tx, null));
  };
  if (!changing || hasAliases(scope.matching)) return recounted;
  const kept = await keptFor(tx, districtId);
  if (!kept) return recounted;
  const before = await touched(tx, scope, changing);
  const was = await count(tx, before);
  return async () => {
    // Those who are new had neither roles nor links.
    const is = await count(tx, [...new Set([...before, ...(await touched(tx, scope, changing))])]);
    const moved = (of: keyof Families) => kept[of] - was[of] + is[of];
    return keep(tx, districtId, {
      linked: moved('linked'),
      parentsWithoutChild: moved('parentsWithoutChild'),
      childrenWithoutParent: moved('childrenWithoutParent'),
    });
  };
}

/** Nobody else of the district counts until this transaction has ended: two runs at once would each miss what the other changes. */
async function keptFor(tx: Tx, districtId: number): Promise<Families | null> {
  const [kept] = await tx<{ families: Families | null }[]>`SELECT families FROM district WHERE id = ${districtId} FOR NO KEY UPDATE`;
  return kept?.families ?? null;
}

async function keep(tx: Tx, districtId: number, families: Families): Promise<Families> {
  await tx`UPDATE district SET families = ${tx.json(families)} WHERE id = ${districtId}`;
  return families;
}

/** Everybody of whom the run says anything that a family is made of: whose links, roles or life it changes, as it stands now and as it will be. */
async function touched(tx: Tx, scope: Scope, changing: readonly Entity[]): Promise<number[]> {
  const own = (name: string) => `${name}.district_id = ${scope.districtId} AND ${name}.source_id = ${scope.sourceId}`;
  const parts = changing.flatMap((entity) => {
    const { table, references } = tables[entity];
    const delta = staged(scope).delta(entity);
    const standing = `${delta} d JOIN ${table} t ON ${own('t')} AND t.sourced_id = d.sourced_id`;
    if (entity === 'users') return [`SELECT t.id FROM ${standing} WHERE d.op IN ('a', 'e') OR t.ended_at IS NOT NULL`];
    const people = references.filter(({ to }) => to === 'users').map(({ name }) => name);
    const found = matchedReferences(entity, scope.matching).map(({ name }) => `SELECT ${name}_found FROM ${delta}`);
    const named = people.map((name) => `SELECT u.id FROM ${delta} d JOIN "user" u ON ${own('u')} AND u.sourced_id = d.${name}_ref`);
    return [`SELECT unnest(ARRAY[${people.map((name) => `t.${name}`).join(', ')}]) FROM ${standing}`, ...named, ...found];
  });
  if (parts.length === 0) return [];
  const people = await tx.unsafe<{ id: number }[]>(`SELECT id FROM (${parts.join(' UNION ')}) people(id) WHERE id IS NOT NULL`);
  return people.map(({ id }) => id);
}

/**
 * A parent who is kept from a child lacks no link; a child whose only parent is kept away has nobody who may be told.
 * @param among ids of users; null: everybody. A link is counted with its child.
 */
async function count(tx: Tx, among: readonly number[] | null): Promise<Families> {
  if (among?.length === 0) return { linked: 0, parentsWithoutChild: 0, childrenWithoutParent: 0 };
  // An array: unlike a join, it narrows what family_link groups.
  const within = (column: string) => (among ? `${column} = ANY('{${among.join(',')}}'::bigint[])` : 'true');
  const [row] = await tx.unsafe<Families[]>(`
    WITH link AS MATERIALIZED (SELECT student_id, guardian_id, linked FROM family_link WHERE ${within('student_id')}),
    guarding AS MATERIALIZED (SELECT guardian_id FROM ${among ? `family_link WHERE ${within('guardian_id')}` : 'link'}),
    alone AS (
      SELECT DISTINCT r.user_id, r.role = 'student' AS student FROM role r
      WHERE r.ended_at IS NULL AND ${within('r.user_id')} AND (
        (r.role = 'student' AND r.user_id NOT IN (SELECT student_id FROM link WHERE linked))
        OR (r.role IN (${guardianList}) AND r.user_id NOT IN (SELECT guardian_id FROM guarding)))
    ),
    -- Those without anybody are few, mostly: only for their sake is it asked who has left.
    living AS (SELECT student FROM alone WHERE user_id NOT IN (SELECT id FROM "user" WHERE ended_at IS NOT NULL))
    SELECT (SELECT count(*) FROM link WHERE linked)::int AS linked,
      (count(*) FILTER (WHERE NOT student))::int AS "parentsWithoutChild", (count(*) FILTER (WHERE student))::int AS "childrenWithoutParent"
    FROM living`);
  if (!row) throw new Error('no count');
  return row;
}
