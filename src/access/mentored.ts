/**
 * Whose parent a mentor is, as the platform says it in `role_scope_mentor`: replaced whole at every launch, so a child who is no longer
 * named is no longer seen. Only active students count and, in a course that is a class, only the children of that class.
 */
import type { Launch } from '../../lti/launch-shape.ts';
import type { Tx } from '../db/db.ts';
import type { Account, Context } from './identity.ts';
import { bySub, matchUser } from './match.ts';
import { setAside, settle } from './pending.ts';

/** Stands for "outside any course" where a mentor's children are kept by course. */
export const noCourse = 0;

export const isMentor = ({ roles, mentoredSubs }: Launch): boolean => roles.mentor && mentoredSubs.length > 0;

/**
 * At every launch that names children and every one of somebody for whom an earlier launch did, so that one without the claim, or without
 * the role, takes away what that one gave.
 */
export async function replaceMentored(tx: Tx, launch: Launch, account: Account, context: Context | null): Promise<void> {
  const { districtId } = launch;
  const contextId = context?.id ?? noCourse;
  const named = isMentor(launch) ? await resolve(tx, launch) : { children: [], unresolved: [] };
  const children = named.children.map((child) => child.id);
  const eligible = new Set(await eligibleOf(tx, districtId, children, context?.classId ?? null));
  const granted = await withoutForbidden(tx, districtId, [...eligible], account.candidates);
  await tx`DELETE FROM lti_mentor WHERE district_id = ${districtId} AND account_id = ${account.id} AND context_id = ${contextId}`;
  if (granted.length > 0) {
    await tx`INSERT INTO lti_mentor (district_id, account_id, context_id, student_id)
      SELECT ${districtId}, ${account.id}, ${contextId}, unnest(${granted}::bigint[])`;
  }
  await settle(tx, districtId, { kind: 'mentored', accountId: account.id, contextId: context?.id ?? null, detail: '' });
  const refused = named.children
    .filter((child) => !eligible.has(child.id))
    .map((child) => ({ detail: child.named, because: context?.classId ? 'not_in_class' : 'not_a_student' }));
  for (const { detail, because } of [...named.unresolved, ...refused]) {
    await setAside(tx, districtId, { kind: 'mentored', accountId: account.id, contextId: context?.id ?? null, detail }, because);
  }
}

type Named = { children: { id: number; named: string }[]; unresolved: { detail: string; because: string }[] };

/**
 * The same children come as subs and, from some platforms, as sourcedIds; a sub alone is known once the child's own
 * account is, or from the platform's own course roster. Together
 * they may not be more children than the platform itself named: then somebody's custom parameter speaks of others, and is not believed.
 */
async function resolve(tx: Tx, { districtId, platformId, mentoredSubs, mentoredSourcedIds }: Launch): Promise<Named> {
  const accounts = await tx<{ sub: string; id: number }[]>`
    SELECT sub, user_id AS id FROM lti_account
    WHERE district_id = ${districtId} AND platform_id = ${platformId} AND sub = ANY(${mentoredSubs}) AND user_id IS NOT NULL`;
  const matched = new Set(accounts.map((row) => row.sub));
  const strangers = mentoredSubs.filter((sub) => !matched.has(sub));
  const named = strangers.length > 0 ? [...accounts, ...(await bySub(tx, districtId, platformId, strangers))] : accounts;
  const known = new Map(named.map(({ sub, id }) => [id, `sub:${sub}`]));
  const children = new Map(known);
  const unresolved: Named['unresolved'] = [];
  for (const sourcedId of mentoredSourcedIds) {
    const match = await matchUser(tx, districtId, { sourcedIds: [sourcedId], email: null, account: null });
    if (match.by) children.set(match.id, `sourcedId:${sourcedId}`);
    else unresolved.push({ detail: `sourcedId:${sourcedId}`, because: match.because });
  }
  if (mentoredSourcedIds.length < mentoredSubs.length) {
    const seen = new Set(named.map((row) => row.sub));
    unresolved.push(...mentoredSubs.filter((sub) => !seen.has(sub)).map((sub) => ({ detail: `sub:${sub}`, because: 'no_match' })));
  }
  const believed = children.size > mentoredSubs.length ? known : children;
  return { children: [...believed].map(([id, named]) => ({ id, named })), unresolved };
}

async function eligibleOf(tx: Tx, districtId: number, children: number[], classId: number | null): Promise<number[]> {
  if (children.length === 0) return [];
  const rows = await tx<{ id: number }[]>`
    SELECT DISTINCT e.user_id AS id FROM active_enrollment e
    WHERE e.district_id = ${districtId} AND e.user_id = ANY(${children}) AND e.role = 'student' AND (${classId}::bigint IS NULL OR e.class_id = ${classId})
    UNION
    SELECT r.user_id FROM role r JOIN "user" u ON u.district_id = r.district_id AND u.id = r.user_id AND u.enabled AND u.ended_at IS NULL
    WHERE r.district_id = ${districtId} AND r.user_id = ANY(${children}) AND r.role = 'student' AND r.ended_at IS NULL AND ${classId}::bigint IS NULL`;
  return rows.map((row) => row.id);
}

/** Also where the guardian is one of several: an order against any of them counts, and one whose row is merely gone still holds. */
async function withoutForbidden(tx: Tx, districtId: number, children: number[], guardians: number[]): Promise<number[]> {
  if (children.length === 0 || guardians.length === 0) return children;
  const rows = await tx<{ id: number }[]>`
    SELECT student_id AS id FROM guardianship
    WHERE district_id = ${districtId} AND student_id = ANY(${children}) AND guardian_id = ANY(${guardians}) AND no_contact`;
  const forbidden = new Set(rows.map((row) => row.id));
  return children.filter((child) => !forbidden.has(child));
}
