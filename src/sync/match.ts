/**
 * Finds the district's users for keys another system wrote, by explicit rules in order (connector.ts MatchRule).
 * One user: a match. Two for one rule: ambiguous, and no later rule is tried. Never names; e-mail only by a rule that says so.
 */
import type { PersonRule } from '../../connectors/connector.ts';
import type { Tx } from '../db/db.ts';
import { makeTableAs, type Scope } from './staging.ts';
import { guardianList } from './tables.ts';

/** @param own the source's records of the people (sourced_id, email): what `email` looks into */
const candidates = (rule: PersonRule, own: string): string => {
  if (rule === 'email') return `SELECT o.sourced_id AS key, u.id FROM ${own} o JOIN people u ON lower(u.email) = lower(o.email)`;
  if (rule === 'sourcedId') return 'SELECT u.sourced_id AS key, u.id FROM people u';
  if (rule === 'identifier') return 'SELECT u.identifier AS key, u.id FROM people u WHERE u.identifier IS NOT NULL';
  const value = `substr(pair, strpos(pair, ':') + 1)`;
  const type = rule === 'userIds' ? '' : `WHERE split_part(pair, ':', 1) = '${rule.slice('userIds:'.length).replaceAll("'", "''")}'`;
  return `SELECT ${value} AS key, u.id FROM people u, unnest(u.user_ids) AS pair ${type}`;
};

type Kind = 'students' | 'guardians' | 'people';

const isA = (kind: Exclude<Kind, 'people'>) => `EXISTS (
  SELECT 1 FROM role r WHERE r.district_id = u.district_id AND r.user_id = u.id AND r.ended_at IS NULL
    AND r.role IN (${kind === 'students' ? `'student'` : guardianList}))`;

/**
 * Creates `into` (key, user_id, ambiguous) for the distinct keys of `from`.
 * A source's own users are not candidates: a contact is not matched to itself.
 */
export async function matchKeys(
  tx: Tx,
  scope: Scope,
  options: { into: string; from: string; kind: Kind; rules: readonly PersonRule[]; own?: string },
): Promise<void> {
  const { into, from, kind, rules, own = '' } = options;
  const { districtId, sourceId } = scope;
  // OFFSET 0 and MATERIALIZED: one join of two lists. The planner, left to itself, reads all the keys again for every person.
  const found = rules.map(
    (rule, rank) => `SELECT key, id, ${rank} AS rank FROM (${candidates(rule, own)} OFFSET 0) c JOIN keys USING (key)`,
  );
  const best = `
    WITH keys AS MATERIALIZED (${from}),
    people AS MATERIALIZED (
      SELECT u.id, u.sourced_id, u.identifier, u.user_ids, u.email FROM "user" u
      WHERE u.district_id = ${districtId} AND u.source_id <> ${sourceId} AND u.ended_at IS NULL${kind === 'people' ? '' : ` AND ${isA(kind)}`}
    ),
    found AS (${found.length ? found.join(' UNION ALL ') : 'SELECT NULL::text AS key, NULL::bigint AS id, 0 AS rank WHERE false'}),
    best AS (SELECT f.* FROM found f JOIN (SELECT key, min(rank) AS rank FROM found GROUP BY key) b USING (key, rank))
    SELECT key, CASE WHEN count(DISTINCT id) = 1 THEN min(id) END AS user_id, count(DISTINCT id) > 1 AS ambiguous
    FROM best GROUP BY key`;
  await tx.unsafe(makeTableAs(scope, into, best));
}
