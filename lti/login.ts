/**
 * The first half of a launch: the platform asks us to log a person in, we ask the platform who it is. One row remembers the login for ten
 * minutes, with state, nonce and browser binding stored hashed.
 * @throws Refusal `login_malformed` | `platform_unknown` | `client_ambiguous` | `platform_inactive` | `target_foreign`
 */
import { randomBytes, hash as sha } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../src/db/db.ts';
import { framingOrigins } from './platforms.ts';
import { Refusal } from './refusal.ts';

/** How long a person may take to come back from the platform. */
export const loginSeconds = 600;

/** PostgreSQL keeps no NUL, and no platform sends one. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'));

const asked = z.object({
  iss: text(512),
  login_hint: text(4096),
  target_link_uri: z.url({ protocol: /^https?$/ }).max(2048),
  lti_message_hint: z.string().max(8192).optional(),
  client_id: text(255).optional(),
  lti_deployment_id: text(255).optional(),
  lti_storage_target: text(255).optional(),
});
type Asked = z.output<typeof asked>;

export type Login = {
  /** The platform's address to go on to. */
  redirect: string;
  state: string;
  /** What ties the login to this browser: never equal to `state`, never sent to the platform's server. */
  binding: string;
  /** Null where the answer is a bare redirect. */
  page: LoginPage | null;
};

/** What a page needs that keeps the binding in storage. */
type LoginPage = {
  /** The platform's frame that takes storage messages. */
  target: string | null;
  /** Of the platform's authorisation address: the only party to exchange storage messages with. */
  origin: string;
  /** The platform's request, to begin again in a new window. */
  request: string;
  framedBy: string[];
};

type PlatformRow = { district_id: number; id: number; client_id: string; auth_url: string; frame_origins: string[]; active: boolean };

/**
 * @param url our public address
 * @param byPage the answer will be a page that can keep the binding in storage, not a bare redirect
 */
export async function startLogin({ db, url }: { db: Db; url: string }, request: unknown, byPage: boolean): Promise<Login> {
  const parsed = asked.safeParse(request);
  if (!parsed.success) {
    throw new Refusal(
      'login_malformed',
      `the login request’s ${String(parsed.error.issues[0]?.path[0])} is missing, repeated or malformed`,
    );
  }
  const said = parsed.data;
  if (!isOurs(said.target_link_uri, url)) throw new Refusal('target_foreign', 'the login request is for an address of another service');

  const [state, nonce, binding] = tokens();
  const again = beginAgain(said);
  const found = await remember(db, {
    issuer: said.iss,
    client: said.client_id,
    state: hash(state).toString('hex'),
    nonce: hash(nonce).toString('hex'),
    binding: hash(binding).toString('hex'),
    target: said.target_link_uri,
    deployment: said.lti_deployment_id,
    page: byPage,
    storage: said.lti_storage_target,
    request: again,
  });
  const platform = theOne(found, said.iss);
  return {
    redirect: authorisation(platform.auth_url, {
      client_id: platform.client_id,
      redirect_uri: `${url}/lti/launch`,
      login_hint: said.login_hint,
      state,
      nonce,
      ...(said.lti_message_hint !== undefined && { lti_message_hint: said.lti_message_hint }),
      ...(said.lti_deployment_id !== undefined && { lti_deployment_id: said.lti_deployment_id }),
    }),
    state,
    binding,
    page: byPage ? pageOf(platform, said, again) : null,
  };
}

const pageOf = ({ auth_url: authUrl, frame_origins: frameOrigins }: PlatformRow, said: Asked, request: string): LoginPage => ({
  target: said.lti_storage_target ?? null,
  origin: new URL(authUrl).origin,
  request,
  framedBy: framingOrigins({ issuer: said.iss, authUrl, frameOrigins }),
});

/** Finds whom the request may be from, two at most, and where it is one that is switched on, keeps the login: all in one statement. */
const remember = (db: Db, said: object): Promise<PlatformRow[]> =>
  db.onceAtFrontDoor(
    `WITH said AS (
      SELECT * FROM jsonb_to_record($said) AS s (issuer text, client text, state text, nonce text, binding text, target text,
        deployment text, page boolean, storage text, request text)
    ),
    found AS (
      SELECT p.district_id, p.id, p.client_id, p.auth_url, p.frame_origins, p.active
      FROM said JOIN lti_platform p ON p.issuer = said.issuer AND p.client_id = coalesce(said.client, p.client_id) LIMIT 2
    ),
    kept AS (
      INSERT INTO lti_login (district_id, state_hash, nonce_hash, binding_hash, platform_id, target_link_uri, deployment_hint,
        by_page, storage_target, request, expires_at)
      SELECT f.district_id, decode(state, 'hex'), decode(nonce, 'hex'), decode(binding, 'hex'), f.id, target, deployment,
        page, storage, request, now() + make_interval(secs => ${loginSeconds})
      FROM said, found f WHERE f.active AND (SELECT count(*) FROM found) = 1
    )
    SELECT * FROM found`,
    said,
  );

/** The same request, for a new window, which needs no help from the platform's frame. */
function beginAgain({ lti_storage_target: _, ...said }: Asked): string {
  return new URLSearchParams(Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();
}

/** One registration, or a refusal; never "the first". */
function theOne(rows: PlatformRow[], issuer: string): PlatformRow {
  const [platform, another] = rows;
  if (!platform) throw new Refusal('platform_unknown', `no platform is registered with this client id and the issuer ${originOf(issuer)}`);
  if (another) throw new Refusal('client_ambiguous', 'several registrations of this issuer, and the login request names no client id');
  if (platform.active) return platform;
  const refusal = new Refusal('platform_inactive', 'this platform’s registration is switched off');
  refusal.where = { districtId: platform.district_id, platformId: platform.id, issuer, deploymentId: null };
  throw refusal;
}

/** 1EdTech Security Framework 1.0 §5.1.1.2 */
function authorisation(authUrl: string, parameters: Record<string, string>): string {
  const url = new URL(authUrl);
  const query = new URLSearchParams(url.search); // not the address's own, which it would rewrite at every one
  const fixed = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
  for (const [name, value] of Object.entries({ ...fixed, ...parameters })) query.set(name, value);
  url.search = query.toString();
  return url.href;
}

export function isOurs(target: string, url: string): boolean {
  const [theirs, ours] = [new URL(target), new URL(url)];
  return theirs.origin === ours.origin && `${theirs.pathname}/`.startsWith(`${ours.pathname.replace(/\/$/, '')}/`);
}

/** Forgets logins nobody came back for. Those of the last hour stay, so that a latecomer is told "expired". */
export const forgetOldLogins = (db: Db): Promise<unknown> =>
  db.atFrontDoor((tx) => tx`DELETE FROM lti_login WHERE expires_at < now() - interval '1 hour'`);

const originOf = (issuer: string) => (URL.canParse(issuer) ? new URL(issuer).origin : '(not an address)');
/** Three that nobody can guess, drawn at once: asking the system is what costs. */
function tokens(): [state: string, nonce: string, binding: string] {
  const drawn = randomBytes(96);
  const token = (n: number) => drawn.toString('base64url', 32 * n, 32 * (n + 1));
  return [token(0), token(1), token(2)];
}
export const hash = (value: string): Buffer => sha('sha256', value, 'buffer');
