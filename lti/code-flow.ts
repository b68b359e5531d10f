/**
 * Signing in by an authorization code with PKCE, state and nonce, in a window of its own: tied to the browser that began it, good once, and its
 * id_token checked like any other. For platforms that sign people in by themselves instead of by LTI. Tokens are kept nowhere.
 * @throws Refusal
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Request } from 'express';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { Db } from '../src/db/db.ts';
import { AppError } from '../src/errors.ts';
import { outbound } from '../src/outbound.ts';
import { cookieIn } from './answer.ts';
import type { PlatformKeys } from './jwks.ts';
import { hash, loginSeconds } from './login.ts';
import { Refusal } from './refusal.ts';
import { checkToken, openToken } from './token.ts';

export type Tool = { db: Db; url: string; secret: string; keys: PlatformKeys };

/** Whom we are to whoever signs people in. */
export type Client = {
  districtId: number;
  platformId: number;
  issuer: string;
  clientId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  clientSecret(secret: string): string;
};

export function switchedOff({ districtId, platformId, issuer }: Omit<Client, 'clientSecret'>, message: string): Refusal {
  const refusal = new Refusal('platform_inactive', message);
  refusal.where = { districtId, platformId, issuer, deploymentId: null };
  return refusal;
}

/** @param how `purpose` keeps the doors apart; `request` comes back with the answer */
export async function beginCodeFlow(
  { db, secret }: Tool,
  client: Client,
  how: { purpose: string; callback: string; scopes: string[]; request: string; loginHint?: string | undefined },
): Promise<{ redirect: string; state: string; binding: string }> {
  const [state, nonce, binding] = [token(), token(), token()];
  await db.atFrontDoor(
    (tx) => tx`
      INSERT INTO lti_login (district_id, state_hash, nonce_hash, binding_hash, platform_id, target_link_uri, by_page, request, expires_at)
      VALUES (${client.districtId}, ${hash(state)}, ${hash(nonce)}, ${hash(binding)}, ${client.platformId}, ${how.callback}, false,
        ${how.request}, now() + make_interval(secs => ${loginSeconds}))`,
  );
  const to = new URL(client.authUrl);
  const said = {
    client_id: client.clientId,
    redirect_uri: how.callback,
    response_type: 'code',
    scope: how.scopes.join(' '),
    state,
    nonce,
    code_challenge: createHash('sha256')
      .update(verifierOf(secret, how.purpose, state))
      .digest('base64url'),
    code_challenge_method: 'S256',
    ...(how.loginHint && { login_hint: how.loginHint }),
  };
  for (const [name, value] of Object.entries(said)) to.searchParams.set(name, value);
  return { redirect: to.href, state, binding };
}

const answer = z.object({
  state: z.string().min(20).max(200),
  code: z.string().min(1).max(4096).optional(),
  error: z.string().max(200).optional(),
});
export type Answer = z.infer<typeof answer>;

/** @param from whose answer it should be, for people */
export function readAnswer(query: unknown, from: string): Answer {
  const said = answer.safeParse(query);
  if (!said.success) throw new Refusal('login_malformed', `${from}’s answer names no state, or several`);
  return said.data;
}

export type Begun = { platformId: number; nonce: Buffer; request: string; live: boolean };

/** By one DELETE, so that of any number of equal answers one wins. @param callback only what began at this door ends at it */
export async function consume(db: Db, callback: string, state: string, binding: string | null): Promise<Begun> {
  if (binding === null) throw new Refusal('cookies_blocked', 'the sign-in comes back without the cookie it began with');
  const [row] = await db.atFrontDoor(
    (tx) => tx<Begun[]>`
      DELETE FROM lti_login WHERE state_hash = ${hash(state)} AND binding_hash = ${hash(binding)} AND target_link_uri = ${callback}
      RETURNING platform_id AS "platformId", nonce_hash AS nonce, request, expires_at > now() AS live`,
  );
  if (!row) throw new Refusal('launch_replayed', 'this sign-in was already used, or is not known');
  return row;
}

export type Redeemed = { accessToken: string; payload: JWTPayload };

/** The code for its tokens (RFC 6749 §4.1.3, RFC 7636 §4.5), whose id_token answers this very sign-in. */
export async function redeem(
  { secret, keys }: Tool,
  client: Client,
  begun: Begun,
  { state, code, error }: Answer,
  how: { purpose: string; callback: string; from: string },
): Promise<Redeemed> {
  if (!begun.live) throw new Refusal('login_expired', 'the sign-in is older than ten minutes');
  if (error !== undefined || code === undefined)
    throw new Refusal('platform_signed_out', `the person, or ${how.from}, did not agree to the sign-in`);
  const form = {
    grant_type: 'authorization_code',
    client_id: client.clientId,
    client_secret: client.clientSecret(secret),
    code,
    redirect_uri: how.callback,
    code_verifier: verifierOf(secret, how.purpose, state),
  };
  const { access_token: accessToken, id_token: idToken } = await exchange(client.tokenUrl, form, how.from);
  const opened = openToken(idToken);
  checkToken(opened, await keys.find(client.jwksUrl, opened.kid), {
    issuer: client.issuer,
    clientId: client.clientId,
    maxAge: loginSeconds,
  });
  const { nonce } = opened.payload;
  if (typeof nonce !== 'string' || !hash(nonce).equals(begun.nonce))
    throw new Refusal('nonce_mismatch', 'the id_token answers another sign-in');
  return { accessToken, payload: opened.payload };
}

const tokens = z.object({ access_token: z.string().min(1), id_token: z.string().min(1) });

async function exchange(tokenUrl: string, form: Record<string, string>, from: string): Promise<z.infer<typeof tokens>> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const asked = { method: 'POST', headers, body: new URLSearchParams(form).toString(), timeout: 10_000, maxBytes: 256 * 1024 } as const;
  const { status, body } = await outbound(tokenUrl, asked).catch((cause: unknown) => {
    if (cause instanceof AppError) throw new Refusal('sign_in_unreachable', cause.message, { cause });
    throw cause;
  });
  if (status >= 500 || status === 429) throw new Refusal('sign_in_unreachable', `${from} answers ${status}`);
  if (status >= 300) throw new Refusal('sign_in_refused', `${from} answers ${status}`);
  try {
    return tokens.parse(JSON.parse(body.toString('utf8')));
  } catch (cause) {
    throw new Refusal('sign_in_refused', `${from}’s answer has no readable tokens`, { cause });
  }
}

/** Follows from the state and the service's secret, so that it need not be kept. */
const verifierOf = (secret: string, purpose: string, state: string) =>
  createHmac('sha256', secret).update(`aptt ${purpose} ${state}`).digest('base64url');

const token = () => randomBytes(32).toString('base64url');

/** Of a window of its own, which keeps it whatever is blocked in frames; the way back is a plain link. */
const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax';

const cookieName = (purpose: string, state: string, url: string): string =>
  `${url.startsWith('https:') ? '__Host-' : ''}aptt-${purpose}-${hash(state).toString('hex').slice(0, 16)}`;

export const bindingCookie = (purpose: string, state: string, url: string, binding: string): string =>
  `${cookieName(purpose, state, url)}=${binding}; Max-Age=${loginSeconds}; ${attributes}`;

export const noBindingCookie = (purpose: string, state: string, url: string): string =>
  `${cookieName(purpose, state, url)}=; Max-Age=0; ${attributes}`;

export const bindingIn = (req: Request, purpose: string, state: string, url: string): string | null =>
  cookieIn(req, cookieName(purpose, state, url));
