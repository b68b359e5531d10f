/**
 * Which child of a class a member of a platform's course is: by what the platform calls them, or by the district's own id as a launch is matched,
 * across the district: an id that is somebody else's first is theirs. Never by name; two for one is none.
 */
import { matchUser } from '../access/match.ts';
import type { Tx } from '../db/db.ts';

export type Known = { id: number; sub: string };
type Member = { sub: string; sourcedId: string | null };

/** @returns what the platform calls each child that is found */
export async function childrenByMember(
  tx: Tx,
  { classId, platformId }: { classId: number; platformId: number },
  members: Member[],
): Promise<Map<number, string>> {
  const children = await tx<{ id: number; districtId: number; ids: string[]; subs: string[] }[]>`
    SELECT u.id, u.district_id AS "districtId",
      array_remove(ARRAY[u.sourced_id, u.identifier], NULL) || ARRAY(SELECT l.sourced_id FROM user_alias l WHERE l.user_id = u.id AND l.ended_at IS NULL) AS ids,
      ARRAY(SELECT a.sub FROM lti_account a WHERE a.platform_id = ${platformId} AND a.user_id = u.id)
        || CASE WHEN s.kind = 'lti-memberships' AND s.settings ->> 'platform' = ${String(platformId)} THEN ARRAY[substr(u.sourced_id, 5)] ELSE '{}' END AS subs
    FROM "user" u JOIN source s ON s.id = u.source_id
    WHERE u.id IN (SELECT user_id FROM active_enrollment WHERE class_id = ${classId} AND role = 'student')`;
  const known = await tx<{ sub: string }[]>`
    SELECT sub FROM lti_account WHERE platform_id = ${platformId} AND user_id IS NOT NULL AND sub = ANY(${members.map(({ sub }) => sub)})`;
  const isKnown = new Set(known.map(({ sub }) => sub));

  const pairs: Known[] = [];
  for (const { sub, sourcedId } of members) {
    const named = children.filter(({ subs }) => subs.includes(sub));
    const found = named.length > 0 || isKnown.has(sub) || sourcedId === null ? named : await byId(tx, children, sourcedId);
    const [only] = found;
    if (only && found.length === 1) pairs.push({ id: only.id, sub });
  }
  const once = (id: number) => pairs.filter((pair) => pair.id === id).length === 1;
  return new Map(pairs.filter(({ id }) => once(id)).map(({ id, sub }) => [id, sub]));
}

/** Only who may be a child of the class is looked up. */
async function byId<Child extends { id: number; districtId: number; ids: string[] }>(
  tx: Tx,
  children: Child[],
  sourcedId: string,
): Promise<Child[]> {
  const maybe = children.find(({ ids }) => ids.includes(sourcedId));
  if (!maybe) return [];
  const match = await matchUser(tx, maybe.districtId, { sourcedIds: [sourcedId], email: null, account: null });
  return children.filter(({ id }) => match.by !== null && id === match.id);
}
