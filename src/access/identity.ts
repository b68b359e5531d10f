/**
 * Who a launch is, among the people the district's own systems know. Matches by stable identifiers only, one match or none: two candidates,
 * or nobody, go to the pending list and never to a guess. A platform's made-up person leaves nothing behind.
 */
import type { Launch } from '../../lti/launch-shape.ts';
import type { Db, Tx } from '../db/db.ts';
import { matchUser } from './match.ts';
import { isMentor, noCourse, replaceMentored } from './mentored.ts';
import { setAside, settle } from './pending.ts';
import { freshSession, type Opened, type Origin, openSession, type SessionRole, sessionColumns, sessionRows } from './session.ts';

export type Identity = {
  districtId: number;
  /** Null: nobody is remembered. */
  accountId: number | null;
  roles: SessionRole[];
  contextId: number | null;
  from: Origin | null;
  locale: string | null;
};

/** @param secret APTT_SECRET */
export async function signIn(db: Db, secret: string, launch: Launch): Promise<{ identity: Identity; opened: Opened }> {
  const { districtId, platformId, deploymentId, locale } = launch;
  const from = { platformId, deploymentId };
  const nobody = { districtId, accountId: null, contextId: null, from, locale };
  if (launch.testUser) return openFor(db, secret, { ...nobody, roles: ['learner'] });
  const roles = (Object.keys(launch.roles) as SessionRole[]).filter((role) => launch.roles[role]); // the keys of Launch.roles are the session roles
  const { opened, said } = freshSession(secret);
  const met = await meet(db, launch, { ...said, roles });
  // The ticket is not handed out before the rest is done, too.
  if (!isAsBefore(launch, met)) await db.inDistrict(districtId, (tx) => takeIn(tx, launch, met));
  return { identity: { districtId, accountId: met.accountId, roles, contextId: met.contextId, from, locale }, opened };
}

const openFor = async (db: Db, secret: string, identity: Identity) => ({ identity, opened: await openSession(db, secret, identity) });

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

// What the match rested on is compared before it is overwritten: the same evidence needs no second search,
// unless it may have become somebody else's: an identifier moves, other ids and the district's word on e-mail change.
const meeting = `
  WITH said AS (
    SELECT * FROM jsonb_to_record($said) AS s (${sessionColumns}, sub text, given text, family text,
      email text, person text, course text, title text, members text, items text, scopes text[], classes text[])),
  before AS (
    SELECT u.id IS NOT NULL AND (a.matched_by = 'it' OR (
        (a.matched_by IN ('sourcedId', 'sub') OR (a.matched_by = 'identifier' AND u.identifier = said.person))
        AND (a.person_sourcedid, a.email) IS NOT DISTINCT FROM (said.person, said.email))) AS fresh
    FROM said JOIN lti_account a ON a.district_id = said.district AND a.platform_id = said.platform AND a.sub = said.sub
      LEFT JOIN "user" u ON u.district_id = a.district_id AND u.id = a.user_id AND u.enabled AND u.ended_at IS NULL),
  account AS (
    INSERT INTO lti_account (district_id, platform_id, sub, given_name, family_name, email, person_sourcedid, locale)
    SELECT district, platform, sub, given, family, email, person, locale FROM said
    ON CONFLICT (district_id, platform_id, sub) DO UPDATE SET
      given_name = excluded.given_name, family_name = excluded.family_name, email = excluded.email,
      person_sourcedid = excluded.person_sourcedid, locale = excluded.locale, last_launch_at = now()
    RETURNING id, user_id),
  context AS (
    INSERT INTO lti_context AS known (district_id, platform_id, deployment_id, context_id, title, memberships_url, line_items_url, service_scopes)
    SELECT district, platform, deployment, course, title, members, items, scopes FROM said WHERE course IS NOT NULL
    ON CONFLICT (district_id, platform_id, deployment_id, context_id) DO UPDATE SET title = excluded.title,
      memberships_url = coalesce(excluded.memberships_url, known.memberships_url),
      line_items_url = coalesce(excluded.line_items_url, known.line_items_url),
      service_scopes = CASE WHEN excluded.line_items_url IS NULL THEN known.service_scopes ELSE excluded.service_scopes END
    RETURNING id, class_id, matched_by),
  whose AS (SELECT a.id AS account_id, c.id AS context_id FROM account a LEFT JOIN context c ON true),
  ${sessionRows}
  SELECT a.id AS "accountId", a.user_id AS "userId", coalesce((SELECT fresh FROM before), false) AS "isFresh",
    c.id AS "contextId", k.id AS "classId", c.matched_by AS "matchedBy",
    ARRAY(
      SELECT n.id FROM source o JOIN class n ON n.district_id = o.district_id AND n.source_id = o.id AND n.sourced_id = ANY(said.classes)
      WHERE o.district_id = said.district AND o.kind <> 'lti-memberships' AND n.ended_at IS NULL) AS named,
    EXISTS (SELECT 1 FROM lti_mentor m
      WHERE m.district_id = said.district AND m.account_id = a.id AND m.context_id = coalesce(c.id, ${noCourse})) AS "hasChildren",
    EXISTS (SELECT 1 FROM pending_match p WHERE p.district_id = said.district AND p.settled_at IS NULL AND (
      (p.kind IN ('person', 'mentored') AND p.account_id = a.id) OR (p.kind = 'context' AND p.account_id IS NULL AND p.context_id = c.id))) AS "hasPending"
  FROM said, account a LEFT JOIN context c ON true LEFT JOIN class k ON k.id = c.class_id AND k.ended_at IS NULL`;

/**
 * Remembers the person and the course, opens the session, and says what was known before. One statement: on an ordinary morning there is
 * nothing else to do.
 */
async function meet(db: Db, launch: Launch, session: object): Promise<Met> {
  const { districtId: district, platformId: platform, deploymentId: deployment, sub, locale, context, classSourcedIds: classes } = launch;
  const { givenName: given, familyName: family, email } = launch.person;
  const person = launch.personSourcedIds[0] ?? null;
  const [course, title] = [context?.id ?? null, context?.title ?? null];
  const { membershipsUrl: members, lineItemsUrl: items, scopes } = launch.services;
  const who = { platform, deployment, sub, given, family, email, person, locale };
  const said = { ...session, ...who, district, course, title, members, items, scopes, classes };
  const [met] = await db.onceInDistrict<Met>(district, meeting, said);
  if (!met) throw new Error('an upsert returned no row');
  return met;
}

/** Nobody to search for, no course to connect, no child to grant or to take away, nothing pending to settle. */
function isAsBefore(launch: Launch, met: Met): boolean {
  const isKnown = met.isFresh && met.userId !== null;
  const isConnected = met.contextId === null || (met.classId !== null && standing(met) === met.classId);
  return isKnown && isConnected && !isMentor(launch) && !met.hasChildren && !met.hasPending;
}

async function takeIn(tx: Tx, launch: Launch, met: Met): Promise<void> {
  const context = await contextOf(tx, launch, met);
  const account = await accountOf(tx, launch, met);
  if (isMentor(launch) || met.hasChildren || met.hasPending) await replaceMentored(tx, launch, account, context);
}

export type Account = {
  id: number;
  /** Users this person is or, where the match was ambiguous, might be. */
  candidates: number[];
};

async function accountOf(tx: Tx, launch: Launch, { accountId: id, userId: known, isFresh, hasPending }: Met): Promise<Account> {
  if (isFresh && known !== null) return { id, candidates: [known] };
  const { districtId } = launch;
  const { personSourcedIds: sourcedIds, platformId, sub, person } = launch;
  const match = await matchUser(tx, districtId, { sourcedIds, email: person.email, account: { platformId, sub } });
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
  const { contextId: id } = met;
  if (id === null) return null;
  const classId = standing(met);
  const pending = { kind: 'context', accountId: null, contextId: id, detail: '' } as const;
  if (classId !== met.classId) {
    await tx`UPDATE lti_context SET class_id = ${classId}, matched_by = 'sourcedId' WHERE district_id = ${districtId} AND id = ${id}`;
  }
  if (classId === null) await setAside(tx, districtId, pending, met.named.length > 1 ? 'ambiguous_match' : 'no_match');
  else if (met.hasPending) await settle(tx, districtId, pending);
  return { id, classId };
}

/** The class a course is from now on: a person's word is not overruled by a parameter, nor is anything by one that names none or several. */
function standing({ classId, matchedBy, named }: Met): number | null {
  const isChosen = (matchedBy === 'teacher' || matchedBy === 'it') && classId !== null;
  return isChosen || named.length !== 1 ? classId : (named[0] ?? null);
}
