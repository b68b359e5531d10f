/**
 * Who a launch is, among the people the district's own systems know. Matches by stable identifiers only, one match or none: two candidates,
 * or nobody, go to the pending list and never to a guess. A platform's made-up person and an unaccepted deployment leave nothing behind.
 */
import type { Launch } from '../../lti/launch-shape.ts';
import type { Tx } from '../db/db.ts';
import { classesNamed, type Match, matchUser, theOnly } from './match.ts';
import { isMentor, noCourse, replaceMentored } from './mentored.ts';
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

/** @param tx of the launch's district; the session this is for belongs into the same one */
export async function identify(tx: Tx, launch: Launch): Promise<Identity> {
  const { districtId, locale } = launch;
  const nobody = { districtId, accountId: null, contextId: null, locale };
  if (launch.deployment === 'pending') return { ...nobody, roles: [], waiting: 'deployment_pending' };
  if (launch.testUser) return { ...nobody, roles: ['learner'], waiting: null };
  const met = await meet(tx, launch);
  const context = await contextOf(tx, launch, met);
  const account = await accountOf(tx, launch, met);
  if (isMentor(launch) || met.hasChildren || met.hasPending) await replaceMentored(tx, launch, account, context);
  const roles = (Object.keys(launch.roles) as SessionRole[]).filter((role) => launch.roles[role]); // the keys of Launch.roles are the session roles
  return { districtId, accountId: account.id, roles, waiting: null, contextId: context?.id ?? null, locale };
}

type Met = {
  accountId: number;
  userId: number | null;
  /** The account's match still stands: it rests on the same evidence, or on a person's word, and its user is still active. */
  isFresh: boolean;
  contextId: number | null;
  /** The course's class, if that is still there. */
  classId: number | null;
  matchedBy: string | null;
  /** Classes the launch names. */
  named: number[];
  /** An earlier launch of this account in this course named children. */
  hasChildren: boolean;
  /** Something of this account or this course waits for district IT. */
  hasPending: boolean;
};

/**
 * Remembers the person and the course, and says what was known of both before. One statement: on an ordinary morning there is nothing
 * else to do.
 */
async function meet(tx: Tx, launch: Launch): Promise<Met> {
  const { districtId, platformId, deploymentId, sub, person, locale, context } = launch;
  const sourcedId = launch.personSourcedIds[0] ?? null;
  // What the match rested on is compared before it is overwritten: the same evidence needs no second search,
  // unless it may have become somebody else's: an identifier moves, other ids and the district's word on e-mail change.
  const [met] = await tx<Met[]>`
    WITH before AS (
      SELECT u.id IS NOT NULL AND (a.matched_by = 'it' OR (
        (a.matched_by = 'sourcedId' OR (a.matched_by = 'identifier' AND u.identifier = ${sourcedId}))
        AND (a.person_sourcedid, a.email) IS NOT DISTINCT FROM (${sourcedId}, ${person.email}))) AS fresh
      FROM lti_account a LEFT JOIN "user" u ON u.district_id = a.district_id AND u.id = a.user_id AND u.enabled AND u.ended_at IS NULL
      WHERE a.district_id = ${districtId} AND a.platform_id = ${platformId} AND a.sub = ${sub}),
    account AS (
      INSERT INTO lti_account (district_id, platform_id, sub, given_name, family_name, email, person_sourcedid, locale)
      VALUES (${districtId}, ${platformId}, ${sub}, ${person.givenName}, ${person.familyName}, ${person.email}, ${sourcedId}, ${locale})
      ON CONFLICT (district_id, platform_id, sub) DO UPDATE SET
        given_name = excluded.given_name, family_name = excluded.family_name, email = excluded.email,
        person_sourcedid = excluded.person_sourcedid, locale = excluded.locale, last_launch_at = now()
      RETURNING id, user_id),
    context AS (
      INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, title)
      SELECT ${districtId}, ${platformId}, ${deploymentId}, ${context?.id ?? null}, ${context?.title ?? null} WHERE ${context !== null}
      ON CONFLICT (district_id, platform_id, deployment_id, context_id) DO UPDATE SET title = excluded.title
      RETURNING id, class_id, matched_by)
    SELECT a.id AS "accountId", a.user_id AS "userId", coalesce((SELECT fresh FROM before), false) AS "isFresh",
      c.id AS "contextId", k.id AS "classId", c.matched_by AS "matchedBy",
      ARRAY(${classesNamed(tx, districtId, launch.classSourcedIds)}) AS named,
      EXISTS (SELECT 1 FROM lti_mentor m
        WHERE m.district_id = ${districtId} AND m.account_id = a.id AND m.context_id = coalesce(c.id, ${noCourse})) AS "hasChildren",
      EXISTS (SELECT 1 FROM pending_match p WHERE p.district_id = ${districtId} AND p.settled_at IS NULL AND (
        (p.kind IN ('person', 'mentored') AND p.account_id = a.id) OR (p.kind = 'context' AND p.account_id IS NULL AND p.context_id = c.id))) AS "hasPending"
    FROM account a LEFT JOIN context c ON true LEFT JOIN class k ON k.district_id = ${districtId} AND k.id = c.class_id AND k.ended_at IS NULL`;
  if (!met) throw new Error('an upsert returned no row');
  return met;
}

export type Account = {
  id: number;
  /** Users this person is or, where the match was ambiguous, might be. */
  candidates: number[];
};

async function accountOf(tx: Tx, launch: Launch, { accountId: id, userId: known, isFresh, hasPending }: Met): Promise<Account> {
  if (isFresh && known !== null) return { id, candidates: [known] };
  const { districtId } = launch;
  const match = await matchUser(tx, districtId, { sourcedIds: launch.personSourcedIds, email: launch.person.email });
  const userId = match.by ? match.id : null;
  await tx`UPDATE lti_account SET user_id = ${userId}, matched_by = ${match.by} WHERE district_id = ${districtId} AND id = ${id}`;
  const pending = { kind: 'person', accountId: id, contextId: null, detail: '' } as const;
  // Families and students come through the platform's word about children, not through the roster: for them no match is no news.
  const isStaff = launch.roles.instructor || launch.roles.administrator;
  if (match.by) {
    if (hasPending) await settle(tx, districtId, pending);
  } else if (isStaff || match.because === 'ambiguous_match') await setAside(tx, districtId, pending, match.because);
  return { id, candidates: match.by ? [match.id] : match.candidates };
}

export type Context = { id: number; classId: number | null };

async function contextOf(tx: Tx, { districtId }: Launch, met: Met): Promise<Context | null> {
  const { contextId: id, classId } = met;
  if (id === null) return null;
  const isChosen = met.matchedBy === 'teacher' || met.matchedBy === 'it'; // a person's word is not overruled by a parameter
  if (isChosen && classId !== null) return { id, classId };

  const match: Match = theOnly('sourcedId', met.named);
  const pending = { kind: 'context', accountId: null, contextId: id, detail: '' } as const;
  if (match.by) {
    if (match.id !== classId) {
      await tx`UPDATE lti_context SET class_id = ${match.id}, matched_by = ${match.by} WHERE district_id = ${districtId} AND id = ${id}`;
    }
    if (met.hasPending) await settle(tx, districtId, pending);
    return { id, classId: match.id };
  }
  if (classId === null) await setAside(tx, districtId, pending, match.because);
  return { id, classId };
}
