/**
 * Who a launch is, among the people the district's own systems know. Matches by stable identifiers only, one match or none: two candidates,
 * or nobody, go to the pending list and never to a guess. A platform's made-up person and an unaccepted deployment leave nothing behind.
 */
import type { Launch } from '../../lti/launch-shape.ts';
import type { Db, Tx } from '../db/db.ts';
import { matchClass, matchUser } from './match.ts';
import { replaceMentored } from './mentored.ts';
import { setAside, settle } from './pending.ts';
import type { SessionRole } from './session.ts';

export type Identity = {
  districtId: number;
  /** Null: nobody is remembered. */
  accountId: number | null;
  roles: SessionRole[];
  waiting: 'deployment_pending' | null;
  contextId: number | null;
  locale: string | null;
};

export async function identify(db: Db, launch: Launch): Promise<Identity> {
  const { districtId, locale } = launch;
  const nobody = { districtId, accountId: null, contextId: null, locale };
  if (launch.deployment === 'pending') return { ...nobody, roles: [], waiting: 'deployment_pending' };
  if (launch.testUser) return { ...nobody, roles: ['learner'], waiting: null };
  return db.inDistrict(districtId, async (tx) => {
    const context = launch.context ? await contextOf(tx, launch, launch.context) : null;
    const account = await accountOf(tx, launch);
    await replaceMentored(tx, launch, account, context);
    const roles = (Object.keys(launch.roles) as SessionRole[]).filter((role) => launch.roles[role]); // the keys of Launch.roles are the session roles
    return { districtId, accountId: account.id, roles, waiting: null, contextId: context?.id ?? null, locale };
  });
}

export type Account = {
  id: number;
  /** Users this person is or, where the match was ambiguous, might be. */
  candidates: number[];
};

type Known = { id: number; userId: number | null; matchedBy: string | null; isFresh: boolean };

async function accountOf(tx: Tx, launch: Launch): Promise<Account> {
  const { districtId, platformId, sub, person, locale } = launch;
  const sourcedId = launch.personSourcedIds[0] ?? null;
  // What the match rested on is compared before it is overwritten: the same evidence needs no second search.
  const [known] = await tx<Known[]>`
    WITH before AS (
      SELECT a.id, u.id IS NOT NULL AND (a.matched_by = 'it' OR (a.person_sourcedid, a.email) IS NOT DISTINCT FROM (${sourcedId}, ${person.email})) AS fresh
      FROM lti_account a LEFT JOIN "user" u ON u.district_id = a.district_id AND u.id = a.user_id AND u.enabled AND u.ended_at IS NULL
      WHERE a.district_id = ${districtId} AND a.platform_id = ${platformId} AND a.sub = ${sub})
    INSERT INTO lti_account AS a (district_id, platform_id, sub, given_name, family_name, email, person_sourcedid, locale)
    VALUES (${districtId}, ${platformId}, ${sub}, ${person.givenName}, ${person.familyName}, ${person.email}, ${sourcedId}, ${locale})
    ON CONFLICT (district_id, platform_id, sub) DO UPDATE SET
      given_name = excluded.given_name, family_name = excluded.family_name, email = excluded.email,
      person_sourcedid = excluded.person_sourcedid, locale = excluded.locale, last_launch_at = now()
    RETURNING a.id, a.user_id AS "userId", a.matched_by AS "matchedBy", coalesce((SELECT fresh FROM before), false) AS "isFresh"`;
  if (!known) throw new Error('an upsert returned no row');
  if (known.isFresh && known.userId !== null) return { id: known.id, candidates: [known.userId] };

  const match = await matchUser(tx, districtId, { sourcedIds: launch.personSourcedIds, email: person.email });
  const userId = match.by ? match.id : null;
  await tx`UPDATE lti_account SET user_id = ${userId}, matched_by = ${match.by} WHERE district_id = ${districtId} AND id = ${known.id}`;
  const pending = { kind: 'person', accountId: known.id, contextId: null, detail: '' } as const;
  // Families and students come through the platform's word about children, not through the roster: for them no match is no news.
  const isStaff = launch.roles.instructor || launch.roles.administrator;
  if (match.by) await settle(tx, districtId, pending);
  else if (isStaff || match.because === 'ambiguous_match') await setAside(tx, districtId, pending, match.because);
  return { id: known.id, candidates: match.by ? [match.id] : match.candidates };
}

export type Context = { id: number; classId: number | null };

async function contextOf(tx: Tx, launch: Launch, { id, title }: { id: string; title: string | null }): Promise<Context> {
  const { districtId, platformId, deploymentId } = launch;
  const [known] = await tx<{ id: number; classId: number | null; matchedBy: string | null }[]>`
    INSERT INTO lti_context AS c (district_id, platform_id, deployment_id, context_id, title)
    VALUES (${districtId}, ${platformId}, ${deploymentId}, ${id}, ${title})
    ON CONFLICT (district_id, platform_id, deployment_id, context_id) DO UPDATE SET title = excluded.title
    RETURNING c.id, c.matched_by AS "matchedBy",
      (SELECT k.id FROM class k WHERE k.district_id = c.district_id AND k.id = c.class_id AND k.ended_at IS NULL) AS "classId"`;
  if (!known) throw new Error('an upsert returned no row');
  const isChosen = known.matchedBy === 'teacher' || known.matchedBy === 'it'; // a person's word is not overruled by a parameter
  if (isChosen && known.classId !== null) return known;

  const match = await matchClass(tx, districtId, launch.classSourcedIds);
  const pending = { kind: 'context', accountId: null, contextId: known.id, detail: '' } as const;
  if (match.by) {
    if (match.id !== known.classId) {
      await tx`UPDATE lti_context SET class_id = ${match.id}, matched_by = ${match.by} WHERE district_id = ${districtId} AND id = ${known.id}`;
    }
    await settle(tx, districtId, pending);
    return { id: known.id, classId: match.id };
  }
  if (known.classId === null) await setAside(tx, districtId, pending, match.because);
  return known;
}
