/** Which child of a class a member of a platform's course is: by what the platform calls them, or by the district's own id. Never by name; two for one is none. */
import type { Tx } from '../db/db.ts';

export type Known = { id: number; sub: string };
type Member = { sub: string; sourcedId: string | null };

/** @returns what the platform calls each child that is found */
export async function childrenByMember(
  tx: Tx,
  { classId, platformId }: { classId: number; platformId: number },
  members: Member[],
): Promise<Map<number, string>> {
  const children = await tx<{ id: number; ids: string[]; subs: string[] }[]>`
    SELECT u.id,
      array_remove(ARRAY[u.sourced_id, u.identifier], NULL) || ARRAY(SELECT l.sourced_id FROM user_alias l WHERE l.user_id = u.id AND l.ended_at IS NULL) AS ids,
      ARRAY(SELECT a.sub FROM lti_account a WHERE a.platform_id = ${platformId} AND a.user_id = u.id)
        || CASE WHEN s.kind = 'lti-memberships' AND s.settings ->> 'platform' = ${String(platformId)} THEN ARRAY[substr(u.sourced_id, 5)] ELSE '{}' END AS subs
    FROM "user" u JOIN source s ON s.id = u.source_id
    WHERE u.id IN (SELECT user_id FROM active_enrollment WHERE class_id = ${classId} AND role = 'student')`;
  const pairs = members.flatMap(({ sub, sourcedId }) => {
    const named = children.filter(({ subs }) => subs.includes(sub));
    const found = named.length > 0 ? named : children.filter(({ ids }) => sourcedId !== null && ids.includes(sourcedId));
    const [only] = found;
    return only && found.length === 1 ? [{ id: only.id, sub }] : [];
  });
  const once = (id: number) => pairs.filter((pair) => pair.id === id).length === 1;
  return new Map(pairs.filter(({ id }) => once(id)).map(({ id, sub }) => [id, sub]));
}
