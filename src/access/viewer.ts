/**
 * Who is asking and what they may see, computed at every request from the database: what a source takes away at night is gone in the
 * morning. The session's roles are the ceiling, the roster decides beneath it. Throws AppError `signed_out`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { mentoredDays } from '../../config/policy.ts';
import type { Db, Tx } from '../db/db.ts';
import { type Session, sessionOf, signedOut } from './session.ts';

export type Viewer = {
  session: Session;
  districtId: number;
  accountId: number | null;
  /** The roster user this account is; null: not matched, or no longer active. */
  userId: number | null;
  name: string;
  /** Classes whose active teacher this is, in a teacher's session. */
  teaches: number[];
  /** Schools this person leads, in an administrator's session. */
  leads: number[];
  /** District IT, in an administrator's session. */
  it: boolean;
  /** Children the platform named for this mentor, without those a no-contact order hides. */
  guardianOf: number[];
};

/** One transaction of the viewer's own district for the whole request. */
export async function asViewer<T>(db: Db, headers: IncomingHttpHeaders, work: (tx: Tx, viewer: Viewer) => Promise<T>): Promise<T> {
  const session = await sessionOf(db, headers);
  return db.inDistrict(session.districtId, async (tx) => work(tx, await viewerOf(tx, session)));
}

async function viewerOf(tx: Tx, session: Session): Promise<Viewer> {
  const { districtId, accountId, roles } = session;
  const may = (role: Session['roles'][number]) => roles.includes(role);
  const nobody = { userId: null, name: '', teaches: [], leads: [], it: false, guardianOf: [] };
  if (accountId === null) return { session, districtId, accountId, ...nobody };
  const [row] = await tx<Omit<Viewer, 'session' | 'districtId' | 'accountId'>[]>`
    SELECT u.id AS "userId",
      concat_ws(' ', coalesce(u.preferred_given_name, u.given_name, a.given_name), coalesce(u.preferred_family_name, u.family_name, a.family_name)) AS name,
      ${may('instructor') ? teachesOf(tx) : none(tx)} AS teaches,
      ${may('administrator') ? leadsOf(tx) : none(tx)} AS leads,
      ${may('administrator') ? isIt(tx) : tx`false`} AS it,
      ${may('mentor') ? guardianOf(tx) : none(tx)} AS "guardianOf"
    FROM lti_account a LEFT JOIN "user" u ON u.district_id = a.district_id AND u.id = a.user_id AND u.enabled AND u.ended_at IS NULL
    WHERE a.district_id = ${districtId} AND a.id = ${accountId}`;
  if (!row) throw signedOut();
  return { session, districtId, accountId, ...nobody, ...row };
}

const none = (tx: Tx) => tx`'{}'::bigint[]`;

const teachesOf = (tx: Tx) => tx`ARRAY(
  SELECT DISTINCT e.class_id FROM active_enrollment e JOIN class c ON c.district_id = e.district_id AND c.id = e.class_id AND c.ended_at IS NULL
  WHERE e.user_id = u.id AND e.role = 'teacher')`;

const isActiveRole = (tx: Tx) => tx`r.user_id = u.id AND r.ended_at IS NULL AND (r.begin_date IS NULL OR r.begin_date <= current_date)
  AND (r.end_date IS NULL OR r.end_date > current_date)`;

const leadsOf = (tx: Tx) => tx`ARRAY(
  SELECT DISTINCT o.id FROM role r JOIN org o ON o.district_id = r.district_id AND o.id = r.org_id AND o.type = 'school' AND o.ended_at IS NULL
  WHERE ${isActiveRole(tx)} AND r.role IN ('principal', 'siteAdministrator'))`;

const isIt = (tx: Tx) => tx`EXISTS (
  SELECT 1 FROM role r WHERE ${isActiveRole(tx)} AND r.role IN ('districtAdministrator', 'systemAdministrator'))`;

/**
 * A no-contact order hides the child from the guardian it names, and holds until the source that wrote it says otherwise: a row that is
 * merely gone (ended) lifts nothing. E-mail, which is never enough to grant anything, is enough to deny here:
 * an account that could not be matched may still be the person of the order.
 */
const guardianOf = (tx: Tx) => tx`ARRAY(
  SELECT DISTINCT m.student_id FROM lti_mentor m
    JOIN "user" s ON s.district_id = m.district_id AND s.id = m.student_id AND s.enabled AND s.ended_at IS NULL
  WHERE m.account_id = a.id AND m.launched_at > now() - make_interval(days => ${mentoredDays}) AND NOT EXISTS (
    SELECT 1 FROM guardianship g LEFT JOIN "user" gu ON gu.district_id = g.district_id AND gu.id = g.guardian_id
    WHERE g.student_id = m.student_id AND g.no_contact
      AND (g.guardian_id = a.user_id OR lower(a.email) IN (lower(g.email), lower(gu.email)) OR lower(u.email) IN (lower(g.email), lower(gu.email)))))`;
