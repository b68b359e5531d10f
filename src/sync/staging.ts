/**
 * A run's staging tables: their names, how they are made, how they go. They stand in the schema `staging`, guarded by row-level security,
 * until nobody can approve the run any more; those of a small run are temporary ones of the one transaction it is.
 */
import type { Matching, Problem, Removal } from '../../connectors/connector.ts';
import type { Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { cleanJson } from './rows.ts';

export type Place = 'staging' | 'pg_temp';
/** One run of one source, and where its staging tables are. */
export type Scope = { districtId: number; sourceId: number; runId: number; matching: Matching; place: Place };

export const staged = ({ runId, place }: Pick<Scope, 'runId' | 'place'>) => {
  const name = (of: string) => `${place}.r${runId}_${of}`;
  return {
    rows: (entity: Entity) => name(entity.toLowerCase()),
    delta: (entity: Entity) => name(`${entity.toLowerCase()}_delta`),
    rejected: name('rejected'),
    removed: name('removed'),
    /** Of a listing that was not staged whole: ids of records that are gone, unless they are staged. */
    gone: (entity: Entity) => name(`${entity.toLowerCase()}_gone`),
    stretches: name('stretches'),
    doubted: name('doubted'),
    alias: name('alias'),
    aliasDelta: name('alias_delta'),
    /** Where the users found for an entity's keys stand. */
    keys: (entity: Entity, kind: 'students' | 'guardians' | 'people') => name(`keys_${kind}_${entity.toLowerCase()}`),
  };
};

export const makeTable = ({ place }: Scope, table: string, columns: string): string =>
  place === 'staging'
    ? `CREATE UNLOGGED TABLE ${table} (${columns}); ${protect(table)}`
    : `CREATE TEMP TABLE ${table} (${columns}) ON COMMIT DROP`;

export const makeTableAs = ({ place }: Scope, table: string, rows: string): string =>
  place === 'staging'
    ? `CREATE UNLOGGED TABLE ${table} AS ${rows}; ${protect(table)}`
    : `CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${rows}`;

/** The statement that makes a staging table its district's alone. Whoever makes one says it in the same transaction. */
export const protect = (table: string): string => `CALL protect_staged('${table}')`;

/** What every run has, whatever it brings. */
export const makeCommonTables = (scope: Scope): string => {
  const { rejected, removed, doubted } = staged(scope);
  return [
    makeTable(scope, rejected, 'entity text, sourced_id text'),
    makeTable(scope, removed, 'entity text, sourced_id text, line int, f smallint'),
    makeTable(scope, doubted, 'entity text, f smallint, line int'),
  ].join('; ');
};

/** Rows the source asks to remove. */
export async function stageRemovals(tx: Tx, scope: Scope, entity: Entity, file: number, rows: Removal['rows']): Promise<void> {
  const list = rows.map((row) => ({ s: row.sourcedId, l: row.line ?? null }));
  await tx.unsafe(`INSERT INTO ${staged(scope).removed} SELECT $1, s, l, $2 FROM jsonb_to_recordset($3::text::jsonb) AS x(s text, l int)`, [
    entity,
    file,
    cleanJson(list),
  ]);
}

/** Rows that could not be used. */
export async function stageRejected(tx: Tx, scope: Scope, problems: readonly Problem[]): Promise<void> {
  const list = problems.filter(({ sourcedId }) => sourcedId !== null).map(({ entity, sourcedId }) => ({ e: entity, s: sourcedId }));
  if (list.length === 0) return;
  await tx.unsafe(`INSERT INTO ${staged(scope).rejected} SELECT e, s FROM jsonb_to_recordset($1::text::jsonb) AS x(e text, s text)`, [
    cleanJson(list),
  ]);
}

/** @param pattern of LIKE, for the names in the schema `staging` */
export async function dropStaged(tx: Tx, pattern: string): Promise<void> {
  const left = await tx<{ name: string; kind: string }[]>`
    SELECT c.relname AS name, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'staging' AND c.relkind IN ('r', 'v') AND c.relname LIKE ${pattern}`;
  const names = (kind: string) => left.filter((one) => one.kind === kind).map(({ name }) => `staging.${name}`);
  const [views, relations] = [names('v'), names('r')];
  if (views.length > 0) await tx.unsafe(`DROP VIEW ${views.join(', ')}`);
  if (relations.length > 0) await tx.unsafe(`DROP TABLE ${relations.join(', ')}`);
}
