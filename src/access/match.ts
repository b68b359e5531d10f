/** Stable identifiers → one user or one class of the roster. Never names; e-mail only where the district says so. Decides nothing on two. */
import type { Tx } from '../db/db.ts';

export type Match =
  | { by: 'sourcedId' | 'identifier' | 'sub' | 'userIds' | 'email'; id: number }
  | { by: null; because: 'no_match' | 'ambiguous_match'; candidates: number[] };

type Evidence = {
  sourcedIds: string[];
  email: string | null;
  /** What a platform calls them: its own course rosters call them the same. */
  account: { platformId: number; sub: string } | null;
};

/** The rules in order; the first that finds somebody decides, and finding two decides for nobody. */
export async function matchUser(tx: Tx, districtId: number, { sourcedIds, email, account }: Evidence): Promise<Match> {
  const rules = [
    { by: 'sourcedId', applies: sourcedIds.length > 0, find: () => bySourcedId(tx, districtId, sourcedIds) },
    { by: 'identifier', applies: sourcedIds.length > 0, find: () => byIdentifier(tx, districtId, sourcedIds) },
    { by: 'sub', applies: account !== null, find: () => (account ? bySub(tx, districtId, account.platformId, [account.sub]) : []) },
    { by: 'userIds', applies: sourcedIds.length > 0, find: () => byUserIds(tx, districtId, sourcedIds) },
    { by: 'email', applies: email !== null, find: () => byEmail(tx, districtId, email ?? '') },
  ] as const;
  for (const rule of rules) {
    if (!rule.applies) continue;
    const found = await rule.find();
    if (found.length > 0)
      return theOnly(
        rule.by,
        found.map((row) => row.id),
      );
  }
  return { by: null, because: 'no_match', candidates: [] };
}

function theOnly(by: Exclude<Match['by'], null>, candidates: number[]): Match {
  const [id] = candidates;
  if (id === undefined) return { by: null, because: 'no_match', candidates };
  return candidates.length === 1 ? { by, id } : { by: null, because: 'ambiguous_match', candidates };
}

const isActive = (tx: Tx) => tx`u.enabled AND u.ended_at IS NULL`;

/** Through the sources, so that the index on (district, source, sourcedId) is used; a person linked from another source is one person. */
const bySourcedId = (tx: Tx, districtId: number, ids: string[]) => tx<{ id: number }[]>`
  SELECT u.id FROM source s JOIN "user" u ON u.district_id = s.district_id AND u.source_id = s.id AND u.sourced_id = ANY(${ids})
  WHERE s.district_id = ${districtId} AND ${isActive(tx)}
  UNION
  SELECT u.id FROM source s JOIN user_alias l ON l.district_id = s.district_id AND l.source_id = s.id AND l.sourced_id = ANY(${ids})
    JOIN "user" u ON u.district_id = l.district_id AND u.id = l.user_id
  WHERE s.district_id = ${districtId} AND l.ended_at IS NULL AND ${isActive(tx)}`;

const byIdentifier = (tx: Tx, districtId: number, ids: string[]) => tx<{ id: number }[]>`
  SELECT u.id FROM "user" u WHERE u.district_id = ${districtId} AND u.identifier = ANY(${ids}) AND ${isActive(tx)}`;

/** In the rosters of the platform's own courses: connectors/lti-memberships/map.ts names its people so. */
export const bySub = (tx: Tx, districtId: number, platformId: number, subs: string[]) => tx<{ id: number; sub: string }[]>`
  SELECT u.id, substr(u.sourced_id, 5) AS sub FROM source s JOIN "user" u ON u.district_id = s.district_id AND u.source_id = s.id
    AND u.sourced_id = ANY(SELECT 'sub:' || said FROM unnest(${subs}::text[]) said)
  WHERE s.district_id = ${districtId} AND s.kind = 'lti-memberships' AND s.settings ->> 'platform' = ${String(platformId)} AND ${isActive(tx)}`;

/** `type:identifier`, of whatever type. No index can serve it behind row-level security; it is the last resort of an unmatched launch. */
const byUserIds = (tx: Tx, districtId: number, ids: string[]) => tx<{ id: number }[]>`
  SELECT u.id FROM "user" u WHERE u.district_id = ${districtId} AND u.user_ids <> '{}' AND ${isActive(tx)}
    AND EXISTS (SELECT 1 FROM unnest(u.user_ids) pair WHERE substr(pair, strpos(pair, ':') + 1) = ANY(${ids}))`;

const byEmail = (tx: Tx, districtId: number, email: string) => tx<{ id: number }[]>`
  SELECT u.id FROM district d JOIN "user" u ON u.district_id = d.id AND lower(u.email) = lower(${email})
  WHERE d.id = ${districtId} AND d.settings -> 'matchEmail' = 'true' AND ${isActive(tx)}`;
