/**
 * Sessions: an opaque random token, kept only as its hash; ended by idleness, by age or by the person. It travels as a partitioned cookie
 * and as a bearer header, so either alone is enough; a one-time ticket brings it to the page without putting it into an address.
 * Throws AppError `signed_out` and `ticket_used`; never says why a token is no good.
 */
import { createHmac, hash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { Identity } from './identity.ts';

const absoluteHours = 12;
const idleMinutes = 120;
const ticketSeconds = 60;
const cookieName = 'aptt_session';

/** What a request's token stands for. `roles` is what the launch said: the most this session may ever use. */
export type Session = {
  districtId: number;
  tokenHash: Buffer;
  accountId: number | null;
  roles: SessionRole[];
  contextId: number | null;
  /** What it was launched through. */
  from: Origin | null;
  locale: string | null;
  district: string;
  /** The district's `displayPolicy` as stored: src/aptt reads it. */
  displayPolicy: unknown;
};

/** A platform's deployment; without it a session rests on nothing a district could take back. */
export type Origin = { platformId: number; deploymentId: string };

export type SessionRole = 'instructor' | 'mentor' | 'learner' | 'administrator';

export type Opened = { ticket: string; cookie: string };

/** A session not yet written: what the browser gets, and what the database is told. */
type Fresh = { opened: Opened; said: { token: string; ticket: string; expires: Date } };

/** @param secret APTT_SECRET; with the ticket, and only with it, it makes the token */
export function freshSession(secret: string): Fresh {
  const ticket = randomBytes(32).toString('base64url');
  const token = tokenOf(ticket, secret);
  const expires = new Date(Date.now() + absoluteHours * 3_600_000);
  const said = { token: hashOf(token).toString('hex'), ticket: hashOf(ticket).toString('hex'), expires };
  return { opened: { ticket, cookie: cookieOf(token) }, said };
}

/** Of what a statement is told that opens a session. */
export const sessionColumns =
  'district int, platform int, deployment text, roles text[], locale text, token text, ticket text, expires timestamptz';

/** A session's two rows, as parts of a WITH that has `said` and, in `whose` (account_id, context_id), who it is for. */
export const sessionRows = `
  opened AS (
    INSERT INTO session (district_id, token_hash, platform_id, deployment_id, account_id, roles, context_id, locale, expires_at)
    SELECT district, decode(token, 'hex'), platform, deployment, account_id, roles, context_id, locale, expires FROM said, whose),
  offered AS (
    INSERT INTO session_ticket (district_id, ticket_hash, expires_at)
    SELECT district, decode(ticket, 'hex'), now() + make_interval(secs => ${ticketSeconds}) FROM said)`;

export async function openSession(db: Db, secret: string, identity: Identity): Promise<Opened> {
  const { districtId: district, accountId: account, contextId: context, from, ...rest } = identity;
  const { opened, said } = freshSession(secret);
  const statement = `
    WITH said AS (SELECT * FROM jsonb_to_record($said) AS s (${sessionColumns}, account bigint, context bigint)),
    whose AS (SELECT account AS account_id, context AS context_id FROM said),
    ${sessionRows}
    SELECT 1`;
  await db.onceInDistrict(district, statement, { ...said, ...rest, ...originOf(from), district, account, context });
  return opened;
}

const originOf = (from: Origin | null) => ({ platform: from?.platformId ?? null, deployment: from?.deploymentId ?? null });

/** Exchanges a ticket, once. */
export async function redeemTicket(db: Db, secret: string, ticket: string): Promise<{ token: string; expiresAt: Date }> {
  const token = tokenOf(ticket, secret);
  return db.atFrontDoor(async (tx) => {
    const [session] = await tx<{ at: Date }[]>`
      WITH used AS (DELETE FROM session_ticket WHERE ticket_hash = ${hashOf(ticket)} AND expires_at > now() RETURNING district_id)
      SELECT s.expires_at AS at FROM used JOIN session s ON s.district_id = used.district_id AND s.token_hash = ${hashOf(token)}`;
    if (!session) {
      throw new AppError('ticket_used', 'this sign-in was already used or has expired', {
        status: 401,
        hint: 'Open the tool again from your course.',
      });
    }
    return { token, expiresAt: session.at };
  });
}

/** The live session of a request, whose platform and deployment the district still lets in. The bearer header speaks for the page; a cookie may belong to a later launch in another tab. */
export async function sessionOf(db: Db, headers: IncomingHttpHeaders): Promise<Session> {
  const token = tokenIn(headers);
  if (!token) throw signedOut();
  const tokenHash = hashOf(token);
  return db.atFrontDoor(async (tx) => {
    const [row] = await tx<
      (Omit<Session, 'tokenHash' | 'from'> & { platformId: number; deploymentId: string | null; seenLately: boolean })[]
    >`
      SELECT s.district_id AS "districtId", s.account_id AS "accountId", s.roles, s.context_id AS "contextId", s.locale,
        s.platform_id AS "platformId", s.deployment_id AS "deploymentId", d.name AS district, d.settings -> 'displayPolicy' AS "displayPolicy", s.last_seen_at > now() - interval '1 minute' AS "seenLately"
      FROM session s JOIN district d ON d.id = s.district_id
        LEFT JOIN lti_platform p ON p.district_id = s.district_id AND p.id = s.platform_id
        LEFT JOIN lti_deployment l ON l.district_id = s.district_id AND l.platform_id = s.platform_id AND l.deployment_id = s.deployment_id
      WHERE s.token_hash = ${tokenHash} AND s.revoked_at IS NULL AND s.expires_at > now()
        AND s.last_seen_at > now() - make_interval(mins => ${idleMinutes})
        AND (s.platform_id IS NULL OR (p.active AND l.status = 'active'))`;
    if (!row) throw signedOut();
    const { seenLately, platformId, deploymentId, ...session } = row;
    if (!seenLately) await tx`UPDATE session SET last_seen_at = now() WHERE token_hash = ${tokenHash}`;
    return { ...session, tokenHash, from: deploymentId === null ? null : { platformId, deploymentId } };
  });
}

export async function revokeSession(tx: Tx, session: Session): Promise<void> {
  await tx`UPDATE session SET revoked_at = now() WHERE token_hash = ${session.tokenHash}`;
}

/** Sessions and tickets nobody can use any more. */
export async function purgeSessions(db: Db): Promise<void> {
  await db.atFrontDoor(async (tx) => {
    await tx`DELETE FROM session WHERE expires_at < now() OR revoked_at < now() - interval '1 hour'`;
    await tx`DELETE FROM session_ticket WHERE expires_at < now()`;
  });
}

/** Takes the cookie away again. */
export const goneCookie = `${cookieName}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None; Partitioned`;

/** A page of another site can make a browser send our cookie, never our header: a header is proof enough, a cookie needs a same-origin request. */
export function isOwnPage(headers: IncomingHttpHeaders, origin: string): boolean {
  if (bearerOf(headers)) return true;
  if (headers.origin) return headers.origin === origin;
  return headers['sec-fetch-site'] === 'same-origin';
}

export function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer ([\w-]{20,100})$/.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** The token a request speaks with, whatever else it carries. */
export const tokenIn = (headers: IncomingHttpHeaders): string | null => bearerOf(headers) ?? cookieIn(headers);

const carried = new RegExp(`(?:^|; )${cookieName}=([\\w-]{20,100})(?:;|$)`);
function cookieIn(headers: IncomingHttpHeaders): string | null {
  return carried.exec(headers.cookie ?? '')?.[1] ?? null;
}

// Host-only (no Domain), for every path, out of reach of scripts; Partitioned is what a frame keeps where third-party cookies are blocked.
const cookieOf = (token: string) =>
  `${cookieName}=${token}; Path=/; Max-Age=${absoluteHours * 3600}; HttpOnly; Secure; SameSite=None; Partitioned`;

/** The token follows from its ticket and the service's secret, so that neither need be kept to hand it over. */
const tokenOf = (ticket: string, secret: string) => createHmac('sha256', secret).update(`aptt session ${ticket}`).digest('base64url');

const hashOf = (token: string) => hash('sha256', token, 'buffer');

export const signedOut = () =>
  new AppError('signed_out', 'the session is over', { status: 401, hint: 'Open the tool again from your course.' });
