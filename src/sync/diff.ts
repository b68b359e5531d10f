/**
 * Compares what is staged with the roster, set by set: only differences leave this module (in `…_delta` tables).
 * Inside a complete listing absence means ended; outside it nothing. A rejected row is never absent.
 */
import type { Matching } from '../../connectors/connector.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { Entity } from '../roster/model.ts';
import { entities } from '../roster/model.ts';
import { matchKeys } from './match.ts';
import { restatedIds } from './restated.ts';
import { rowColumns, stagedColumns } from './rows.ts';
import type { Staged } from './stage.ts';
import { makeTable, makeTableAs, type Scope, staged } from './staging.ts';
import { type Reference, tables } from './tables.ts';

/** What the delta of one entity holds; `held` and reference failures come off later. */
export type Difference = {
  added: number;
  changed: number;
  ended: number;
  /** Living records of this source before the run. */
  active: number;
};

/** Which entities this run speaks of at all: those with rows, removals or a closing. */
export const spokenOf = (input: Staged): Entity[] => entities.filter((entity) => input.read[entity] !== undefined);

/** Those of which anything may differ: they have staging tables. */
export const stagedOf = (input: Staged): Entity[] => spokenOf(input).filter((entity) => !input.still?.includes(entity));

/** Not every row of it is staged, and what is gone is told by ids. */
export const isPassedOver = (input: Staged, entity: Entity): boolean => input.same[entity] !== undefined;

/** Creates missing staging tables, so that everything after may take them for granted. */
export async function completeStaging(tx: Tx, scope: Scope, input: Staged): Promise<void> {
  const needed = new Set(stagedOf(input));
  if (hasAliases(scope.matching)) needed.add('users');
  if (scope.matching.guardians) needed.add('guardianships');
  for (const entity of needed) await ensureStage(tx, scope, entity);
}

export async function ensureStage(tx: Tx, scope: Scope, entity: Entity): Promise<void> {
  const table = staged(scope).rows(entity);
  const [found] = await tx`SELECT to_regclass(${table}) IS NOT NULL AS there`;
  if (!found?.there) await tx.unsafe(makeTable(scope, table, rowColumns(entity)));
}

/**
 * Keeps the first row of each sourcedId. Identical repeats and differing ones are told apart, both are counted as rejected.
 * @returns the rows taken out
 */
export async function takeOutDuplicates(tx: Tx, scope: Scope, entity: Entity) {
  const table = staged(scope).rows(entity);
  // Of two rows about one child and guardian, the one that forbids contact is the one to keep.
  const first = entity === 'guardianships' ? 's.no_contact DESC, ' : '';
  return tx.unsafe<{ sourcedId: string; line: number | null; f: number; same: boolean }[]>(`
    WITH repeated AS MATERIALIZED (SELECT sourced_id FROM ${table} GROUP BY sourced_id HAVING count(*) > 1),
    ranked AS (
      SELECT s.ctid, s.hash, first_value(s.hash) OVER same AS first_hash, row_number() OVER same AS n FROM ${table} s JOIN repeated USING (sourced_id)
      WINDOW same AS (PARTITION BY s.sourced_id ORDER BY ${first}s.f, s.line, s.ctid)
    ),
    doubtful AS (INSERT INTO ${staged(scope).doubted} SELECT '${entity}', s.f, s.line FROM ${table} s JOIN repeated USING (sourced_id)),
    -- an array: the ids of the few repeated rows lead straight to them
    extra AS (SELECT array_agg(ctid) AS ids FROM ranked WHERE n > 1)
    DELETE FROM ${table} s USING ranked r WHERE s.ctid = ANY((SELECT ids FROM extra)::tid[]) AND s.ctid = r.ctid
    RETURNING s.sourced_id AS "sourcedId", s.line, s.f, s.hash = r.first_hash AS same`);
}

/** Some or all people of this source are users of another. */
export const hasAliases = ({ guardians, people }: Matching): boolean => Boolean(guardians ?? people);

/** People of this source who are already users of another become aliases; the rest stay users. */
export async function splitAliases(tx: Tx, scope: Scope): Promise<void> {
  const { matching } = scope;
  const names = staged(scope);
  const users = `SELECT sourced_id AS key FROM ${names.rows('users')}`;
  const [into, kind, rules, from] = matching.people
    ? ([names.keys('users', 'people'), 'people', matching.people, users] as const)
    : ([
        names.keys('guardianships', 'guardians'),
        'guardians',
        matching.guardians ?? [],
        `${users} UNION SELECT guardian_id_ref FROM ${names.rows('guardianships')}`,
      ] as const);
  await matchKeys(tx, scope, { into, from, kind, rules, own: names.rows('users') });
  const known = `
      SELECT s.line, s.f, s.sourced_id, md5(k.user_id::text)::uuid AS hash, k.user_id, s.email
      FROM ${names.rows('users')} s JOIN ${into} k ON k.key = s.sourced_id WHERE k.user_id IS NOT NULL`;
  await tx.unsafe(`${makeTableAs(scope, names.alias, known)};
    DELETE FROM ${names.rows('users')} s USING ${names.alias} a WHERE a.sourced_id = s.sourced_id`);
}

type TakenOut = { sourcedId: string; line: number | null; f: number; ambiguous: boolean };

/**
 * Of a source whose people are all somebody else's: takes out whom the rules did not find, and what is said of them. All of it is
 * rejected, and so never ended.
 * @returns the people, and how many rows of each entity went with them
 */
export async function takeOutStrangers(
  tx: Tx,
  scope: Scope,
  spoken: readonly Entity[],
): Promise<{ people: TakenOut[]; rows: Partial<Record<Entity, number>> }> {
  const names = staged(scope);
  const rows: Partial<Record<Entity, number>> = {};
  for (const entity of spoken) {
    const references = tables[entity].references.filter(({ to }) => to === 'users').map(({ name }) => `s.${name}_ref`);
    if (references.length === 0) continue;
    const [gone] = await tx.unsafe<{ n: number }[]>(`
      WITH gone AS (
        DELETE FROM ${names.rows(entity)} s USING ${names.rows('users')} u WHERE u.sourced_id IN (${references.join(', ')}) RETURNING s.sourced_id),
      kept AS (INSERT INTO ${names.rejected} SELECT '${entity}', sourced_id FROM gone)
      SELECT count(*)::int AS n FROM gone`);
    if (gone?.n) rows[entity] = gone.n;
  }
  const people = await tx.unsafe<TakenOut[]>(`
    WITH gone AS (DELETE FROM ${names.rows('users')} RETURNING sourced_id, line, f),
    kept AS (INSERT INTO ${names.rejected} SELECT 'users', sourced_id FROM gone)
    SELECT g.sourced_id AS "sourcedId", g.line, g.f, COALESCE(k.ambiguous, false) AS ambiguous
    FROM gone g LEFT JOIN ${names.keys('users', 'people')} k ON k.key = g.sourced_id`);
  return { people, rows };
}

/** The references of an entity that this source's match rules find, and how. */
export function matchedReferences(entity: Entity, matching: Matching): Reference[] {
  return tables[entity].references.filter((reference) => reference.by && matching[reference.by]);
}

/**
 * Takes rows out whose match rules found nobody or too many: they are rejected, and so never ended.
 * @returns the rows taken out
 */
export async function takeOutUnmatched(tx: Tx, scope: Scope, entity: Entity): Promise<TakenOut[]> {
  const names = staged(scope);
  const student = matchedReferences(entity, scope.matching).find((reference) => reference.by === 'students');
  if (!student) return [];
  const from = `SELECT DISTINCT ${student.name}_ref AS key FROM ${names.rows(entity)}`;
  await matchKeys(tx, scope, {
    into: names.keys(entity, 'students'),
    from,
    kind: 'students',
    rules: scope.matching.students ?? [],
  });
  return tx.unsafe<TakenOut[]>(`
    WITH lost AS (
      SELECT s.ctid, COALESCE(k.ambiguous, false) AS ambiguous FROM ${names.rows(entity)} s
      LEFT JOIN ${names.keys(entity, 'students')} k ON k.key = s.${student.name}_ref WHERE k.user_id IS NULL
    ), gone AS (
      DELETE FROM ${names.rows(entity)} s USING lost WHERE s.ctid = lost.ctid RETURNING s.sourced_id, s.line, s.f, lost.ambiguous
    ), kept AS (
      INSERT INTO ${names.rejected} SELECT '${entity}', sourced_id FROM gone
    )
    SELECT sourced_id AS "sourcedId", line, f, ambiguous FROM gone`);
}

/**
 * Whom the match rules found when the run was read, they find still: by the time somebody approves, a number may be another child's.
 * @throws AppError `staging_lost`
 */
export async function requireMatches(tx: Tx, scope: Scope, spoken: readonly Entity[]): Promise<void> {
  const { matching } = scope;
  const lists = spoken.filter((entity) => matchedReferences(entity, matching).some((reference) => reference.by === 'students'));
  const found = [
    ...lists.map((entity) => ({ kept: staged(scope).keys(entity, 'students'), kind: 'students' as const })),
    ...(matching.guardians ? [{ kept: staged(scope).keys('guardianships', 'guardians'), kind: 'guardians' as const }] : []),
    ...(matching.people ? [{ kept: staged(scope).keys('users', 'people'), kind: 'people' as const }] : []),
  ];
  for (const { kept, kind } of found) {
    const into = `${kept}_now`;
    await matchKeys(tx, scope, {
      into,
      from: `SELECT key FROM ${kept}`,
      kind,
      rules: matching[kind] ?? [],
      own: staged(scope).alias,
    });
    const [moved] = await tx.unsafe(`SELECT 1 FROM ${kept} k LEFT JOIN ${into} n USING (key)
      WHERE k.user_id IS NOT NULL AND n.user_id IS DISTINCT FROM k.user_id LIMIT 1`);
    if (!moved) continue;
    throw new AppError('staging_lost', 'the roster has changed since this run was read: an id is now somebody else’s, or nobody’s', {
      status: 409,
      hint: 'Run the sync again.',
    });
  }
}

/** Living records of a source. They stay as they are for as long as its lock is held and nothing is applied. */
export async function livingOf(tx: Tx, scope: Pick<Scope, 'districtId' | 'sourceId'>): Promise<Map<Entity, number>> {
  const [source] = await tx<{ living: Record<Entity, number> | null }[]>`SELECT living FROM source WHERE id = ${scope.sourceId}`;
  const kept = source?.living;
  if (kept) return new Map(entities.map((entity) => [entity, kept[entity] ?? 0]));
  const counted = await countLiving(tx, scope);
  await keepLiving(tx, scope, counted);
  return counted;
}

async function countLiving(tx: Tx, { districtId, sourceId }: Pick<Scope, 'districtId' | 'sourceId'>): Promise<Map<Entity, number>> {
  const counts = entities.map(
    (entity) => `SELECT '${entity}' AS entity, count(*)::int AS n FROM ${tables[entity].table}
      WHERE district_id = ${districtId} AND source_id = ${sourceId} AND ended_at IS NULL`,
  );
  const living = await tx.unsafe<{ entity: Entity; n: number }[]>(counts.join(' UNION ALL '));
  return new Map(living.map(({ entity, n }) => [entity, n]));
}

/** @param living what a run leaves; null: to be counted by the next */
export async function keepLiving(tx: Tx, { sourceId }: Pick<Scope, 'sourceId'>, living: ReadonlyMap<Entity, number> | null): Promise<void> {
  await tx`UPDATE source SET living = ${living && tx.json(Object.fromEntries(living))} WHERE id = ${sourceId}`;
}

/**
 * Makes the entity's delta table: op `a` added, `c` changed or (then `back` is true) back again, `e` ended, `w` unchanged but still without a
 * reference it names.
 */
export async function difference(tx: Tx, scope: Scope, entity: Entity, input: Staged, living?: number): Promise<Difference> {
  const names = staged(scope);
  const closing = input.closings[entity];
  const shape = {
    table: tables[entity].table,
    rows: names.rows(entity),
    delta: names.delta(entity),
    entity,
    columns: stagedColumns(entity).map((column) => column.name),
    matched: matchedReferences(entity, scope.matching),
    optional: tables[entity].references.filter((reference) => !reference.required),
    restated: closing?.restated === true,
    listing: closing?.complete !== true ? 'partial' : isPassedOver(input, entity) ? 'passed over' : 'whole',
  } as const;
  const own = await compare(tx, scope, shape, living);
  if (entity !== 'users' || !hasAliases(scope.matching)) return own;
  const alias = await compare(tx, scope, {
    ...shape,
    table: 'user_alias',
    rows: names.alias,
    delta: names.aliasDelta,
    columns: ['user_id'],
    matched: [],
    optional: [],
    restated: false,
  });
  return together(own, alias);
}

const together = (a: Difference, b: Difference): Difference => ({
  added: a.added + b.added,
  changed: a.changed + b.changed,
  // A person who turns out to be a user of another source is not gone.
  ended: Math.max(0, a.ended - b.added) + b.ended,
  active: a.active + b.active,
});

type Shape = {
  table: string;
  rows: string;
  delta: string;
  entity: Entity;
  columns: string[];
  matched: Reference[];
  /** References a record was kept without, if they found nothing. */
  optional: Reference[];
  /** What absence from the staged rows means: ended, ended if the record's stretch is gone, or nothing. */
  listing: 'whole' | 'passed over' | 'partial';
  restated: boolean;
};

async function compare(tx: Tx, scope: Scope, shape: Shape, living?: number): Promise<Difference> {
  const { districtId, sourceId } = scope;
  const { table, rows, delta, entity, columns, matched, optional, listing, restated } = shape;
  const ours = `SELECT t.* FROM ${table} t WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId}`;
  const keyed = matched.map((r) => ({ ...r, ...foundBy(r, scope, entity) }));
  const found = keyed.map((r) => `, ${r.found} AS ${r.name}_found`).join('');
  const joins = keyed.map((r) => r.join).join('');
  const active = living === undefined ? `(SELECT count(*) FROM (${ours} AND t.ended_at IS NULL) living)::int` : living;
  const [size] = living
    ? [{ any: true, active: living }]
    : await tx.unsafe<{ any: boolean; active: number }[]>(`SELECT EXISTS (${ours}) AS any, ${active} AS active`);
  if (!size) throw new Error('no counts');
  // The first load needs no comparing: everything staged is new.
  if (!size.any) {
    await tx.unsafe(
      `CREATE ${scope.place === 'staging' ? '' : 'TEMP '}VIEW ${delta} AS SELECT s.*${found}, 'a' AS op, false AS back FROM ${rows} s ${joins}`,
    );
    const [all] = await tx.unsafe<{ added: number }[]>(`SELECT count(*)::int AS added FROM ${rows}`);
    return { added: all?.added ?? 0, changed: 0, ended: 0, active: 0 };
  }
  const moved = keyed.map((r) => ` OR t.${r.name} IS DISTINCT FROM COALESCE(${r.found}, t.${r.name})`).join('');
  const list = columns.map((name) => `s.${name}`).join(', ');
  const differs = `t.hash <> s.hash OR t.ended_at IS NOT NULL${moved}`;
  const waits = optional.map(({ name }) => ` OR (t.${name} IS NULL AND s.${name}_ref IS NOT NULL)`).join('');
  const head = `SELECT s.line, s.f, COALESCE(s.sourced_id, t.sourced_id) AS sourced_id, s.hash, ${list}${found},
      CASE WHEN t.sourced_id IS NULL THEN 'a' WHEN s.sourced_id IS NULL THEN 'e' WHEN ${differs} THEN 'c' ELSE 'w' END AS op,
      s.sourced_id IS NOT NULL AND t.ended_at IS NOT NULL AS back`;
  const names = staged(scope);
  let fill: string;
  if (listing === 'whole') {
    const differing = `${head} FROM (${ours}) t FULL JOIN ${rows} s ON s.sourced_id = t.sourced_id ${joins}
      WHERE t.sourced_id IS NULL OR (s.sourced_id IS NULL AND t.ended_at IS NULL) OR (s.sourced_id IS NOT NULL AND (${differs}${waits}))`;
    fill = `${makeTableAs(scope, delta, differing)};
      DELETE FROM ${delta} d USING ${names.rejected} x WHERE d.op = 'e' AND x.entity = '${entity}' AND x.sourced_id = d.sourced_id`;
  } else {
    // Outside a complete listing only a row that asks for it ends a record.
    const leaving =
      listing === 'partial'
        ? `SELECT DISTINCT sourced_id FROM ${names.removed} WHERE entity = '${entity}' ${restated ? `UNION ${restatedIds(scope, names, entity)}` : ''}`
        : `SELECT sourced_id FROM ${names.gone(entity)} EXCEPT SELECT sourced_id FROM ${names.rejected} WHERE entity = '${entity}'`;
    const differing = `${head} FROM ${rows} s LEFT JOIN (${ours}) t ON t.sourced_id = s.sourced_id ${joins}
      WHERE t.sourced_id IS NULL OR ${differs}${waits}`;
    fill = `${makeTableAs(scope, delta, differing)};
      INSERT INTO ${delta} (sourced_id, op)
        WITH leaving AS MATERIALIZED (SELECT x.sourced_id FROM (${leaving}) x LEFT JOIN ${rows} s USING (sourced_id) WHERE s.sourced_id IS NULL)
        SELECT x.sourced_id, 'e' FROM leaving x JOIN (${ours}) t ON t.sourced_id = x.sourced_id WHERE t.ended_at IS NULL`;
  }
  const answers = await tx.unsafe<Pick<Difference, 'added' | 'changed' | 'ended'>[][]>(`${fill};
    ANALYZE ${delta};
    SELECT (count(*) FILTER (WHERE op = 'a'))::int AS added, (count(*) FILTER (WHERE op = 'c'))::int AS changed,
      (count(*) FILTER (WHERE op = 'e'))::int AS ended FROM ${delta}`);
  const counts = answers.at(-1)?.[0];
  if (!counts) throw new Error('no counts');
  return { ...counts, active: size.active };
}

/** Where the user that the match rules found for a reference stands. */
function foundBy(reference: Reference, scope: Scope, entity: Entity): { join: string; found: string } {
  const key = `k_${reference.name}`;
  const keys = staged(scope).keys(entity, reference.by as 'students' | 'guardians'); // matchedReferences keeps only those with `by`
  const join = ` LEFT JOIN ${keys} ${key} ON ${key}.key = s.${reference.name}_ref`;
  return { join, found: `${key}.user_id` };
}
