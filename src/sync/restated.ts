/**
 * Records that come with a user's row: each user that is read says all of theirs. So what a user who was read no longer says is gone, even
 * where the listing only has what changed. Pure SQL.
 */
import type { Entity } from '../roster/model.ts';
import { tables } from './tables.ts';

type Staging = { rows: (entity: Entity) => string; removed: string };

/** How a record `t` belongs to the user `u` whose row it came with: a link between two is either's, and its id begins with who said it. */
const belongs: Partial<Record<Entity, string[]>> = {
  roles: ['t.user_id = u.id'],
  guardianships: ['student_id', 'guardian_id'].map((side) => `t.${side} = u.id AND starts_with(t.sourced_id, u.sourced_id || '|')`),
};

/** Of all living records of the users that were read. Those that were said again are the caller's to leave out. */
export function restatedIds(of: { districtId: number; sourceId: number }, staging: Staging, entity: Entity): string {
  const own = (name: string) => `${name}.district_id = ${of.districtId} AND ${name}.source_id = ${of.sourceId}`;
  const read = `SELECT sourced_id FROM ${staging.rows('users')} UNION SELECT sourced_id FROM ${staging.removed} WHERE entity = 'users'`;
  return (belongs[entity] ?? [])
    .map(
      (belong) => `SELECT t.sourced_id FROM (${read}) said JOIN "user" u ON ${own('u')} AND u.sourced_id = said.sourced_id
        JOIN ${tables[entity].table} t ON ${own('t')} AND t.ended_at IS NULL AND ${belong}`,
    )
    .join(' UNION ');
}
