/**
 * Writes one entity's delta into the roster, inside the caller's transaction: added, changed, ended. Records are ended by a
 * timestamp, never deleted; what they were goes to sync_undo first. A row whose required reference finds nothing is rejected.
 */
import type { Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { hasAliases, matchedReferences } from './diff.ts';
import { type Scope, staged } from './staging.ts';
import { guardianList, type Reference, tables } from './tables.ts';

export type Applied = {
  added: number;
  changed: number;
  ended: number;
  /** By how many more (or fewer) of its own records live. */
  grownBy: number;
  rejected: Rejected[];
  rejectedCount: number;
  /** `rejected` names every row that was not used, or not whole. */
  allNamed: boolean;
};

export type Rejected = {
  sourcedId: string;
  line: number | null;
  f: number;
  code: 'reference_missing' | 'agent_not_guardian';
  field: string;
  /** The row was kept without this optional reference. */
  kept: boolean;
};

const keptRejections = 100_000;

/** @param few the delta is small beside the roster: what it needs of other tables is looked up and not gathered */
export async function apply(tx: Tx, scope: Scope, entity: Entity, few: boolean): Promise<Applied> {
  const applied = await applyEntity(tx, scope, entity, few);
  if (entity === 'users' && hasAliases(scope.matching)) {
    const alias = await applyAliases(tx, scope);
    applied.added += alias.added;
    applied.changed += alias.changed;
    applied.ended += alias.ended;
  }
  return applied;
}

type Plan = {
  table: string;
  delta: string;
  joins: string;
  /** column name → expression */
  values: [string, string][];
  /** True when every required reference was found. */
  usable: string;
  prelude: string;
};

function planOf(scope: Scope, entity: Entity, few: boolean): Plan {
  const { districtId, sourceId } = scope;
  const spec = tables[entity];
  const matched = new Set(matchedReferences(entity, scope.matching).map((reference) => reference.name));
  const joins = spec.references.map((reference) => {
    const key = `r_${reference.name}`;
    const alias = `FROM user_alias a WHERE a.district_id = ${districtId} AND a.source_id = ${sourceId} AND a.ended_at IS NULL`;
    const people = `(SELECT u.id, u.sourced_id FROM "user" u WHERE u.district_id = ${districtId} AND u.source_id = ${sourceId}
      AND NOT EXISTS (SELECT 1 ${alias} AND a.sourced_id = u.sourced_id) UNION ALL SELECT a.user_id, a.sourced_id ${alias})`;
    const plain = `(SELECT t.id, t.sourced_id FROM ${tables[reference.to].table} t WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId})`;
    const others = `(SELECT min(t.id) AS id, t.sourced_id FROM class t WHERE t.district_id = ${districtId} AND t.source_id <> ${sourceId}
      AND t.ended_at IS NULL GROUP BY t.sourced_id HAVING count(*) = 1)`;
    const isOthers = reference.to === 'classes' && scope.matching.classes === 'sourcedId';
    const target = isOthers ? others : reference.to === 'users' && hasAliases(scope.matching) ? people : plain;
    return ` LEFT JOIN ${target} ${key} ON ${key}.sourced_id = d.${reference.name}_ref`;
  });
  const expression = (reference: Reference) => {
    const own = `r_${reference.name}.id`;
    return matched.has(reference.name) ? `COALESCE(d.${reference.name}_found, ${own})` : own;
  };
  const ids = spec.references.map((reference): [string, string] => [reference.name, expression(reference)]);
  const plan: Plan = {
    table: spec.table,
    delta: staged(scope).delta(entity),
    joins: joins.join(''),
    values: [...ids, ...spec.columns.map((column): [string, string] => [column.name, `d.${column.name}`])],
    usable: '',
    prelude: '',
  };
  if (entity === 'guardianships') orient(plan, districtId, few);
  const needed = spec.references.filter((reference) => reference.required).map((reference) => reference.name);
  plan.usable = needed.map((name) => `${plan.values.find(([column]) => column === name)?.[1]} IS NOT NULL`).join(' AND ') || 'true';
  return plan;
}

/** OneRoster agents do not say which of two users is the child: their roles do. Two staff, or two children, are no family. */
function orient(plan: Plan, districtId: number, few: boolean): void {
  const [a, b] = [plan.values[0]?.[1] ?? '', plan.values[1]?.[1] ?? ''];
  const named = `SELECT unnest(ARRAY[${a}, ${b}]) FROM ${plan.delta} d ${plan.joins}`;
  plan.prelude = `WITH kinds AS (
    SELECT user_id, bool_or(role = 'student') AS student, bool_or(role IN (${guardianList})) AS guardian
    FROM role WHERE district_id = ${districtId} AND ended_at IS NULL${few ? ` AND user_id IN (${named})` : ''} GROUP BY user_id)`;
  plan.joins += ` LEFT JOIN kinds ka ON ka.user_id = ${a} LEFT JOIN kinds kb ON kb.user_id = ${b}`;
  const pick = (first: string, second: string) =>
    `CASE WHEN NOT d.undirected THEN ${first} WHEN ka.student AND kb.guardian THEN ${first} WHEN kb.student AND ka.guardian THEN ${second} END`;
  plan.values[0] = ['student_id', pick(a, b)];
  plan.values[1] = ['guardian_id', pick(b, a)];
}

async function applyEntity(tx: Tx, scope: Scope, entity: Entity, few: boolean): Promise<Applied> {
  const { districtId, sourceId, runId } = scope;
  const plan = planOf(scope, entity, few);
  const { table, delta, joins, values, usable, prelude } = plan;
  await fillReferences(tx, scope, entity, plan);
  const [wanted] = await tx.unsafe<{ a: number; c: number; w: number }[]>(
    `SELECT (count(*) FILTER (WHERE op = 'a'))::int AS a, (count(*) FILTER (WHERE op = 'c'))::int AS c,
      (count(*) FILTER (WHERE op = 'w'))::int AS w FROM ${delta}`,
  );
  const columns = values.map(([name]) => name).join(', ');
  const expressions = values.map(([, value]) => value).join(', ');
  const added = wanted?.a
    ? await tx.unsafe(`${prelude}
        INSERT INTO ${table} (district_id, source_id, sourced_id, hash, first_run, last_run, ${columns})
        SELECT ${districtId}, ${sourceId}, d.sourced_id, d.hash, ${runId}, ${runId}, ${expressions}
        FROM ${delta} d ${joins} WHERE d.op = 'a' AND ${usable}`)
    : { count: 0 };
  let [changed, back] = [0, 0];
  if (wanted?.c) {
    const source = `${prelude ? `${prelude}, ` : 'WITH '} fresh AS MATERIALIZED (
      SELECT d.sourced_id, d.hash, d.back, ${values.map(([name, value]) => `${value} AS ${name}`).join(', ')}
      FROM ${delta} d ${joins} WHERE d.op = 'c' AND ${usable})`;
    const set = values.map(([name]) => `${name} = fresh.${name}`).join(', ');
    // One statement sees the roster as it was, whatever its parts write.
    const [updated] = await tx.unsafe<{ n: number; back: number }[]>(`${source},
      kept AS (${undoOf(scope, entity, table, 'fresh')}),
      updated AS (UPDATE ${table} t SET ${set}, hash = fresh.hash, last_run = ${runId}, ended_at = NULL FROM fresh
        WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.sourced_id = fresh.sourced_id RETURNING fresh.back)
      SELECT count(*)::int AS n, (count(*) FILTER (WHERE back))::int AS back FROM updated`);
    changed = updated?.n ?? 0;
    back = updated?.back ?? 0;
  }
  const ended = await end(tx, scope, entity, table, delta);
  const rejectedCount = (wanted?.a ?? 0) + (wanted?.c ?? 0) - added.count - changed;
  const lost = rejectedCount > 0 || tables[entity].references.some((reference) => !reference.required);
  const rejected = lost && (wanted?.a || wanted?.c || wanted?.w) ? await rejections(tx, entity, plan) : [];
  const grownBy = added.count + back - ended;
  return { added: added.count, changed, ended, grownBy, rejected, rejectedCount, allNamed: rejected.length < keptRejections };
}

/** A record that waits for an optional reference has changed once it is there: the other may have come a night later. */
async function fillReferences(tx: Tx, { districtId, sourceId }: Scope, entity: Entity, { table, delta, joins }: Plan): Promise<void> {
  const found = tables[entity].references
    .filter(({ required }) => !required)
    .map(({ name }) => `(t.${name} IS NULL AND r_${name}.id IS NOT NULL)`);
  const [waiting] = found.length > 0 ? await tx.unsafe(`SELECT 1 FROM ${delta} WHERE op = 'w' LIMIT 1`) : [];
  if (!waiting) return;
  await tx.unsafe(`UPDATE ${delta} SET op = 'c' WHERE op = 'w' AND sourced_id IN (
    SELECT d.sourced_id FROM ${delta} d ${joins} JOIN ${table} t ON t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.sourced_id = d.sourced_id
    WHERE d.op = 'w' AND (${found.join(' OR ')}))`);
}

/** Keeps what the rows named by `from` (a CTE) were. */
const undoOf = ({ districtId, sourceId, runId }: Scope, entity: string, table: string, from: string): string => `
  INSERT INTO sync_undo (district_id, run_id, entity, source_id, sourced_id, before)
  SELECT ${districtId}, ${runId}, '${entity}', ${sourceId}, t.sourced_id, to_jsonb(t)
  FROM ${table} t JOIN ${from} f ON f.sourced_id = t.sourced_id
  WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId}`;

async function end(tx: Tx, scope: Scope, entity: string, table: string, delta: string): Promise<number> {
  const { districtId, sourceId, runId } = scope;
  const [any] = await tx.unsafe(`SELECT 1 FROM ${delta} WHERE op = 'e' LIMIT 1`);
  if (!any) return 0;
  const ended = await tx.unsafe(`
    WITH gone AS MATERIALIZED (SELECT sourced_id FROM ${delta} WHERE op = 'e'), kept AS (${undoOf(scope, entity, table, 'gone')})
    UPDATE ${table} t SET ended_at = now(), last_run = ${runId} FROM gone
    WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.sourced_id = gone.sourced_id`);
  return ended.count;
}

/** Which rows found no target for a reference, and which reference it was. */
async function rejections(tx: Tx, entity: Entity, plan: Plan): Promise<Rejected[]> {
  const tests = tables[entity].references.map((reference) => {
    const id = plan.values.find(([name]) => name === reference.name)?.[1] ?? 'NULL';
    const own = `r_${reference.name}.id`;
    const missing = reference.required ? `${id} IS NULL` : `${own} IS NULL AND d.${reference.name}_ref IS NOT NULL`;
    const code =
      entity === 'guardianships'
        ? `CASE WHEN ${own} IS NULL THEN 'reference_missing' ELSE 'agent_not_guardian' END`
        : `'reference_missing'`;
    return `SELECT d.sourced_id AS "sourcedId", d.line, d.f, ${code} AS code, '${reference.from}' AS field, ${!reference.required} AS kept
      FROM ${plan.delta} d ${plan.joins} WHERE d.op IN ('a', 'c', 'w') AND ${missing}`;
  });
  if (tests.length === 0) return [];
  return tx.unsafe<Rejected[]>(`${plan.prelude} SELECT DISTINCT ON ("sourcedId", kept) * FROM (${tests.join(' UNION ALL ')}) lost
    ORDER BY "sourcedId", kept LIMIT ${keptRejections}`);
}

async function applyAliases(tx: Tx, scope: Scope): Promise<{ added: number; changed: number; ended: number }> {
  const { districtId, sourceId, runId } = scope;
  const delta = staged(scope).aliasDelta;
  const added = await tx.unsafe(`
    INSERT INTO user_alias (district_id, source_id, sourced_id, user_id, hash, first_run, last_run)
    SELECT ${districtId}, ${sourceId}, sourced_id, user_id, hash, ${runId}, ${runId} FROM ${delta} WHERE op = 'a'`);
  const changed = await tx.unsafe(`
    WITH fresh AS MATERIALIZED (SELECT * FROM ${delta} WHERE op = 'c'), kept AS (${undoOf(scope, 'aliases', 'user_alias', 'fresh')})
    UPDATE user_alias t SET user_id = fresh.user_id, hash = fresh.hash, last_run = ${runId}, ended_at = NULL FROM fresh
    WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.sourced_id = fresh.sourced_id`);
  return { added: added.count, changed: changed.count, ended: await end(tx, scope, 'aliases', 'user_alias', delta) };
}
