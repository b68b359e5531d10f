/**
 * What is remembered of a source's listings between nights, by stretches of rows (connectors/connector.ts). A stretch is known only while
 * each of its rows stands in the roster just as it was read: rows with a remark are kept without a digest, and whatever writes to the
 * roster in another way than a whole applied listing forgets the listing.
 */
import type { KnownStretches } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { Entity } from '../roster/model.ts';
import type { Checked } from './check.ts';
import { isPassedOver, spokenOf } from './diff.ts';
import { makeTableAs, type Scope, staged } from './staging.ts';
import { tables } from './tables.ts';

const digestBytes = 16;
const countBytes = 2;

/** Which listings a run could pass rows over of: with the run that wrote them, and what is left unsaid. */
export type Remembered = { find: KnownStretches; runs: Map<Entity, number>; left: Map<Entity, Map<string, number>> };

export function remembered(db: Db, { districtId, sourceId }: Scope): Remembered {
  const runs = new Map<Entity, number>();
  const left = new Map<Entity, Map<string, number>>();
  const find: KnownStretches = (entity, reading) =>
    db.inDistrict(districtId, async (tx) => {
      const [listing] = await tx<{ run: number }[]>`SELECT run_id AS run FROM source_listing
        WHERE source_id = ${sourceId} AND entity = ${entity} AND reading = ${reading}`;
      if (!listing) return null;
      // One value, packed: a district has some hundred thousand stretches.
      const [packed] = await tx<{ all: Buffer | null }[]>`
        SELECT string_agg(digest || int2send(cardinality(sourced_ids)::int2), ''::bytea) AS all FROM source_stretch
        WHERE district_id = ${districtId} AND source_id = ${sourceId} AND entity = ${entity} AND digest IS NOT NULL`;
      const stretches = unpack(packed?.all ?? Buffer.alloc(0));
      runs.set(entity, listing.run);
      left.set(entity, stretches);
      return stretches;
    });
  return { find, runs, left };
}

/** For reading a source whole. */
export const nothingRemembered = (): Remembered => ({ find: async () => null, runs: new Map(), left: new Map() });

function unpack(all: Buffer): Map<string, number> {
  const stretches = new Map<string, number>();
  for (let at = 0; at < all.length; at += digestBytes + countBytes) {
    stretches.set(all.toString('latin1', at, at + digestBytes), all.readInt16BE(at + digestBytes));
  }
  return stretches;
}

/** The ids of the stretches that were not passed over: their records are gone, unless they are staged again. */
export async function stageGone(tx: Tx, scope: Scope, entity: Entity, { left }: Remembered): Promise<void> {
  const gone = staged(scope).gone(entity);
  const digests = [...(left.get(entity)?.keys() ?? [])].map((digest) => Buffer.from(digest, 'latin1').toString('hex'));
  if (scope.place === 'staging') left.delete(entity); // a small run may yet be staged again
  const ids = `SELECT x.id AS stretch, unnest(x.sourced_ids) AS sourced_id FROM source_stretch x
    WHERE ${of(scope, entity)} AND (x.digest IS NULL OR x.digest IN (SELECT decode(d, 'hex') FROM unnest(string_to_array('${digests.join(',')}', ',')) d))`;
  await tx.unsafe(`${makeTableAs(scope, gone, ids)}; ANALYZE ${gone}; ANALYZE ${staged(scope).rows(entity)}`);
}

const of = ({ districtId, sourceId }: Scope, entity: Entity) =>
  `x.district_id = ${districtId} AND x.source_id = ${sourceId} AND x.entity = '${entity}'`;

/** A staged record that neither is new nor stood in a stretch now gone also stands in one that was passed over. */
export async function contradicts(tx: Tx, scope: Scope, entity: Entity): Promise<boolean> {
  const { districtId, sourceId } = scope;
  const names = staged(scope);
  const [found] = await tx.unsafe(`
    WITH strange AS MATERIALIZED (
      SELECT s.sourced_id FROM ${names.rows(entity)} s WHERE NOT EXISTS (SELECT 1 FROM ${names.gone(entity)} g WHERE g.sourced_id = s.sourced_id))
    SELECT 1 FROM ${tables[entity].table} t WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.ended_at IS NULL
      AND t.sourced_id IN (SELECT sourced_id FROM strange) LIMIT 1`);
  return found !== undefined;
}

/** The last run that wrote to the roster for this source, and whether it was undone; other than `except`. */
export async function basisOf(tx: Tx, sourceId: number, except: number): Promise<string> {
  const [last] = await tx<{ id: number; status: string }[]>`SELECT id, status FROM sync_run
    WHERE source_id = ${sourceId} AND id <> ${except} AND status IN ('applied', 'undone') ORDER BY id DESC LIMIT 1`;
  return last ? `${last.id} ${last.status}` : '';
}

/**
 * Rows that were passed over are true of the roster they were compared with, and of no other.
 * @throws AppError `staging_lost`
 */
export async function requireBasis(tx: Tx, scope: Scope, checked: Checked): Promise<void> {
  if (Object.keys(checked.same).length === 0 || checked.basis === (await basisOf(tx, scope.sourceId, scope.runId))) return;
  throw new AppError('staging_lost', 'the roster has changed since this run was read', { status: 409, hint: 'Run the sync again.' });
}

/** Rows with something against them: their stretches are looked at every night. */
export async function doubt(tx: Tx, scope: Scope, entity: Entity, rows: readonly { line: number | null; f: number }[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.unsafe(
    `INSERT INTO ${staged(scope).doubted} SELECT $1, f, line FROM jsonb_to_recordset($2::text::jsonb) AS x(f smallint, line int)`,
    [entity, JSON.stringify(rows.map(({ line, f }) => ({ line, f })))],
  );
}

/**
 * Remembers the listings this run applied whole, and forgets the others it spoke of.
 * @param applied the entities of which every row stands in the roster, or is doubted
 */
export async function rememberListings(tx: Tx, scope: Scope, checked: Checked, applied: ReadonlySet<Entity>): Promise<void> {
  const spoken = spokenOf(checked);
  const { districtId, sourceId, runId } = scope;
  const names = staged(scope);
  const listings = await tx<
    { entity: Entity; run: number }[]
  >`SELECT entity, run_id AS run FROM source_listing WHERE source_id = ${sourceId}`;
  const run = new Map(listings.map((listing) => [listing.entity, listing.run]));
  const remembers = (entity: Entity) =>
    applied.has(entity) &&
    checked.closings[entity]?.reading !== undefined &&
    (!isPassedOver(checked, entity) || run.get(entity) === checked.comparedWith[entity]);
  if (listings.length === 0 && !spoken.some(remembers)) return;
  await forgetListings(
    tx,
    sourceId,
    spoken.filter((entity) => !remembers(entity)),
  );
  const kept = spoken.filter(remembers);
  if (kept.length === 0) return;
  await dropDigests(tx, names);
  for (const entity of kept) {
    const gone = isPassedOver(checked, entity) ? ` AND x.id = ANY(ARRAY(SELECT DISTINCT stretch FROM ${names.gone(entity)}))` : '';
    await tx.unsafe(`
      DELETE FROM source_stretch x WHERE ${of(scope, entity)}${gone};
      INSERT INTO source_stretch (district_id, source_id, entity, digest, sourced_ids)
        SELECT ${districtId}, ${sourceId}, entity, digest, sourced_ids FROM ${names.stretches} WHERE entity = '${entity}'`);
    const reading = checked.closings[entity]?.reading ?? '';
    await tx`INSERT INTO source_listing (district_id, source_id, entity, reading, run_id)
      VALUES (${districtId}, ${sourceId}, ${entity}, ${reading}, ${runId})
      ON CONFLICT (district_id, source_id, entity) DO UPDATE SET reading = EXCLUDED.reading, run_id = EXCLUDED.run_id`;
  }
}

/** Of the staged stretches in which a doubted row stands. */
async function dropDigests(tx: Tx, names: ReturnType<typeof staged>): Promise<void> {
  const [any] = await tx.unsafe(`SELECT 1 FROM ${names.doubted} LIMIT 1`);
  if (!any) return;
  await tx.unsafe(`
    CREATE INDEX ON ${names.stretches} (entity, f, first);
    UPDATE ${names.stretches} x SET digest = NULL FROM (
      SELECT DISTINCT at.place FROM ${names.doubted} d, LATERAL (
        SELECT s.ctid AS place FROM ${names.stretches} s WHERE s.entity = d.entity AND s.f = d.f AND s.first <= d.line ORDER BY s.first DESC LIMIT 1
      ) at
    ) hit WHERE x.ctid = hit.place`);
}

export async function forgetListings(tx: Tx, sourceId: number, of: readonly Entity[]): Promise<void> {
  if (of.length === 0) return;
  await tx`DELETE FROM source_stretch WHERE source_id = ${sourceId} AND entity = ANY(${[...of]})`;
  await tx`DELETE FROM source_listing WHERE source_id = ${sourceId} AND entity = ANY(${[...of]})`;
}
