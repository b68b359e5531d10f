/** A listing may be whole but for some classes, or tell of some classes alone: then what it does not say about the others ends nothing. */
import type { Closing } from '../../connectors/connector.ts';
import type { Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { type Scope, staged } from './staging.ts';
import { tables } from './tables.ts';

/** Names living records of such classes as present though they were not told. */
export async function spareClasses(tx: Tx, scope: Scope, entity: Entity, closing: Closing | undefined): Promise<void> {
  const classes = closing?.complete ? closing.classes : undefined;
  if (!classes) return;
  const spared = 'unreadUnder' in classes ? sparedUnder(scope, entity) : sparedOf(scope, 'read' in classes)[entity];
  if (spared === undefined) return;
  await tx.unsafe(
    `INSERT INTO ${staged(scope).rejected} SELECT '${entity}', spared.sourced_id FROM (${spared}) spared`,
    Object.values<string[]>(classes),
  );
}

const living = ({ districtId, sourceId }: Scope, entity: Entity) =>
  `SELECT t.sourced_id FROM ${tables[entity].table} t WHERE t.district_id = ${districtId} AND t.source_id = ${sourceId} AND t.ended_at IS NULL`;

const sparedUnder = (scope: Scope, entity: Entity) =>
  `${living(scope, entity)} AND EXISTS (SELECT FROM unnest($1::text[]) beginning WHERE starts_with(t.sourced_id, beginning))`;

/** Whether a class is told of decides about everything in it; who is in no class is told of by nobody but a listing of all. */
function sparedOf(scope: Scope, told: boolean): Partial<Record<Entity, string>> {
  const { districtId, sourceId } = scope;
  const own = (entity: Entity) => living(scope, entity);
  const classes = `SELECT c.id FROM class c WHERE c.district_id = ${districtId} AND c.source_id = ${sourceId} AND c.sourced_id ${told ? '<> ALL' : '= ANY'} ($1::text[])`;
  const inClass = (column: string) => `(${column} IN (${classes})${told ? ` OR ${column} IS NULL` : ''})`;
  const people = `SELECT e.user_id FROM enrollment e
    WHERE e.district_id = ${districtId} AND e.source_id = ${sourceId} AND e.ended_at IS NULL AND ${inClass('e.class_id')}`;
  const isPerson = (column: string) => (told ? '$1::text[] IS NOT NULL' : `${column} IN (${people})`);
  const aliases = `SELECT a.sourced_id FROM user_alias a WHERE a.district_id = ${districtId} AND a.source_id = ${sourceId} AND a.ended_at IS NULL`;
  return {
    classes: `${own('classes')} AND ${inClass('t.id')}`,
    enrollments: `${own('enrollments')} AND ${inClass('t.class_id')}`,
    lineItems: `${own('lineItems')} AND ${inClass('t.class_id')}`,
    results: `${own('results')} AND t.line_item_id IN (SELECT l.id FROM line_item l WHERE l.district_id = ${districtId} AND ${inClass('l.class_id')})`,
    users: `${own('users')} AND ${isPerson('t.id')} UNION ALL ${aliases} AND ${isPerson('a.user_id')}`,
    roles: `${own('roles')} AND ${isPerson('t.user_id')}`,
    guardianships: `${own('guardianships')} AND ${isPerson('t.student_id')}`,
  };
}
