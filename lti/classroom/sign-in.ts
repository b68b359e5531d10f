/**
 * Signing in with Google, in a window of its own: an authorization code with PKCE, state and nonce, tied to the browser that began it and good
 * once; an id_token checked like any other; and a role that only Google's answer about the course gives. What comes out is a Launch, as from
 * any platform. Tokens are kept nowhere.
 * @throws Refusal
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../../src/db/db.ts';
import { deploymentFor } from '../deployments.ts';
import type { PlatformKeys } from '../jwks.ts';
import type { Launch } from '../launch-shape.ts';
import { hash, loginSeconds } from '../login.ts';
import { Refusal, type Where } from '../refusal.ts';
import { checkToken, openToken } from '../token.ts';
import { type Addon, findAddon } from './addons.ts';
import { copiedFrom, exchange, roleIn } from './api.ts';
import { type Asked, asked, isAdding } from './asked.ts';

export type Tool = { db: Db; url: string; secret: string; keys: PlatformKeys };

/** To know who it is, and what they are in the course. Reading or writing anything else is not asked for. */
const scopes = {
  everybody: ['openid', 'email', 'profile'],
  teacher: ['https://www.googleapis.com/auth/classroom.addons.teacher'],
};

export const callbackAddress = (url: string): string => `${url}/lti/classroom-callback`;

/** @returns Google's address to go on to, and the cookie that ties the sign-in to this browser */
export async function beginSignIn(
  { db, url, secret }: Tool,
  request: Asked,
): Promise<{ redirect: string; state: string; binding: string }> {
  const addon = await findAddon(db, request.addon);
  const [state, nonce, binding] = [token(), token(), token()];
  await db.atFrontDoor(
    (tx) => tx`
      INSERT INTO lti_login (district_id, state_hash, nonce_hash, binding_hash, platform_id, target_link_uri, by_page, request, expires_at)
      VALUES (${addon.districtId}, ${hash(state)}, ${hash(nonce)}, ${hash(binding)}, ${addon.platformId}, ${callbackAddress(url)}, false,
        ${JSON.stringify(request)}, now() + make_interval(secs => ${loginSeconds}))`,
  );
  const to = new URL(addon.authUrl);
  const said = {
    client_id: addon.clientId,
    redirect_uri: callbackAddress(url),
    response_type: 'code',
    scope: [...scopes.everybody, ...scopes.teacher].join(' '),
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifierOf(secret, state)).digest('base64url'),
    code_challenge_method: 'S256',
    ...(request.login_hint && { login_hint: request.login_hint }),
  };
  for (const [name, value] of Object.entries(said)) to.searchParams.set(name, value);
  return { redirect: to.href, state, binding };
}

export type SignedIn = {
  addon: Addon;
  request: Asked;
  launch: Launch;
  role: 'teacher' | 'student';
  /** Courses the attachment was copied from. */
  origins: string[];
  accessToken: string;
};

const answer = z.object({
  state: z.string().min(20).max(200),
  code: z.string().min(1).max(4096).optional(),
  error: z.string().max(200).optional(),
});

export async function finishSignIn(tool: Tool, query: unknown, binding: string | null): Promise<SignedIn> {
  const said = answer.safeParse(query);
  if (!said.success) throw new Refusal('login_malformed', 'Google’s answer names no state, or several');
  const { state, code, error } = said.data;
  const login = await consume(tool.db, state, binding);
  const where: Where = {
    districtId: login.addon.districtId,
    platformId: login.addon.platformId,
    issuer: login.addon.issuer,
    deploymentId: null,
  };
  try {
    if (error !== undefined || code === undefined)
      throw new Refusal('platform_signed_out', 'the person, or Google, did not agree to the sign-in');
    return await signedIn(tool, login, { state, code }, where);
  } catch (failure) {
    if (failure instanceof Refusal) failure.where = where;
    throw failure;
  }
}

type Login = { addon: Addon; request: Asked; nonce: Buffer };

async function signedIn(
  { db, url, secret, keys }: Tool,
  login: Login,
  { state, code }: { state: string; code: string },
  where: Where,
): Promise<SignedIn> {
  const { addon, request } = login;
  const form = {
    code,
    client_secret: addon.clientSecret(secret),
    redirect_uri: callbackAddress(url),
    code_verifier: verifierOf(secret, state),
  };
  const { accessToken, idToken } = await exchange(addon, form);
  const opened = openToken(idToken);
  checkToken(opened, await keys.find(addon.jwksUrl, opened.kid), { issuer: addon.issuer, clientId: addon.clientId, maxAge: loginSeconds });
  const { payload } = opened;
  if (typeof payload.nonce !== 'string' || !hash(payload.nonce).equals(login.nonce))
    throw new Refusal('nonce_mismatch', 'the id_token answers another sign-in');
  const parsed = identity.safeParse(payload);
  if (!parsed.success)
    throw new Refusal(
      'claim_missing',
      `the ${parsed.error.issues[0]?.path.join('.')} claim is missing: the account is of no Workspace domain`,
    );
  const who = parsed.data;
  where.deploymentId = who.hd;
  await deploymentFor(db, { ...addon, deploymentId: who.hd });
  const role = await roleIn(addon, accessToken, request);
  const origins = role === 'teacher' && !isAdding(request) ? await copiedFrom(addon, accessToken, request) : [];
  return { addon, request, role, origins, accessToken, launch: launchOf(addon, request, who, role, url) };
}

const identity = z.object({
  sub: z.string().min(1).max(255),
  /** The Workspace domain: Google signs it for accounts of one, and for no others. */
  hd: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  locale: z.string().optional(),
});

function launchOf(addon: Addon, request: Asked, who: z.infer<typeof identity>, role: 'teacher' | 'student', url: string): Launch {
  return {
    districtId: addon.districtId,
    platformId: addon.platformId,
    issuer: addon.issuer,
    deploymentId: who.hd,
    messageType: 'LtiResourceLinkRequest',
    sub: who.sub,
    roles: { instructor: role === 'teacher', mentor: false, learner: role === 'student', administrator: false },
    testUser: false,
    resourceLinkId: request.attachmentId ?? null,
    deepLinking: null,
    context: { id: request.courseId, title: null },
    services: { membershipsUrl: null, lineItemsUrl: null, scopes: [] },
    // As the connector google-classroom names its people and classes.
    personSourcedIds: [who.sub],
    classSourcedIds: [`google:${request.courseId}`],
    mentoredSubs: [],
    mentoredSourcedIds: [],
    customIdsUnheard: false,
    person: {
      givenName: who.given_name ?? null,
      familyName: who.family_name ?? null,
      email: who.email_verified === true ? (who.email ?? null) : null,
    },
    locale: who.locale ?? null,
    targetLinkUri: `${url}/app/?open=${request.open}`,
  };
}

/** By one DELETE, so that of any number of equal answers one wins. */
async function consume(db: Db, state: string, binding: string | null): Promise<Login> {
  if (binding === null) throw new Refusal('cookies_blocked', 'the sign-in comes back without the cookie it began with');
  const [row] = await db.atFrontDoor(
    (tx) => tx<{ platform: number; nonce: Buffer; request: string; live: boolean }[]>`
      DELETE FROM lti_login l USING classroom_addon a
      WHERE l.state_hash = ${hash(state)} AND l.binding_hash = ${hash(binding)} AND a.district_id = l.district_id AND a.platform_id = l.platform_id
      RETURNING l.platform_id AS platform, l.nonce_hash AS nonce, l.request, l.expires_at > now() AS live`,
  );
  if (!row) throw new Refusal('launch_replayed', 'this sign-in was already used, or is not known');
  const addon = await findAddon(db, row.platform);
  if (!row.live) throw new Refusal('login_expired', 'the sign-in is older than ten minutes');
  return { addon, request: asked.parse(JSON.parse(row.request)), nonce: row.nonce }; // as beginSignIn wrote it
}

/** Follows from the state and the service's secret, so that it need not be kept. */
const verifierOf = (secret: string, state: string) => createHmac('sha256', secret).update(`aptt classroom ${state}`).digest('base64url');

const token = () => randomBytes(32).toString('base64url');
