/**
 * The second half of a launch: an id_token becomes a Launch, once. The login it answers is consumed by one DELETE, so that of any number
 * of equal posts one wins; everything after that can only refuse.
 * @throws Refusal, of every kind that is not about the login request. Writes nothing but an unknown deployment's name.
 */
import type { JWTPayload } from 'jose';
import type { Db } from '../src/db/db.ts';
import { deploymentIdOf, readClaims } from './claims.ts';
import { letIn } from './deployments.ts';
import type { PlatformKeys } from './jwks.ts';
import type { Launch } from './launch-shape.ts';
import { hash } from './login.ts';
import { type DeploymentStatus, framingOrigins } from './platforms.ts';
import { Refusal, type Where } from './refusal.ts';
import { checkToken, type Token } from './token.ts';

export type { Launch };

export type Tool = {
  db: Db;
  /** Our public address, without a trailing slash. */
  url: string;
  keys: PlatformKeys;
  /** Seconds since iat after which a token is refused, whatever its exp says. */
  maxTokenAge: number;
};
export type LaunchPost = { token: Token; state: string; binding: string };

export async function verifyLaunch(tool: Tool, post: LaunchPost): Promise<Launch> {
  const { token } = post;
  const claimed = deploymentIdOf(token.payload);
  const login = await consume(tool.db, post, claimed);
  const where: Where = { districtId: login.district_id, platformId: login.platform_id, issuer: login.issuer, deploymentId: null };
  try {
    if (!login.live) throw new Refusal('login_expired', 'the login is older than ten minutes');
    if (!login.active) throw new Refusal('platform_inactive', 'this platform’s registration is switched off');
    await verifyToken(tool, token, login);
    where.deploymentId = claimed;
    return await accept(tool.db, token.payload, login);
  } catch (error) {
    if (error instanceof Refusal) Object.assign(error, { where, request: login.request });
    throw error;
  }
}

type LoginRow = {
  district_id: number;
  platform_id: number;
  nonce_hash: Buffer;
  target_link_uri: string;
  deployment_hint: string | null;
  request: string;
  live: boolean;
  issuer: string;
  client_id: string;
  jwks_url: string;
  active: boolean;
  trust_custom: boolean;
  /** Of the deployment the token claims to come from; null when never seen. */
  deployment: DeploymentStatus | null;
};

async function consume(db: Db, { state, binding }: LaunchPost, claimedDeployment: string | null): Promise<LoginRow> {
  const said = { state: hash(state).toString('hex'), binding: hash(binding).toString('hex'), deployment: claimedDeployment };
  const [login] = await db.onceAtFrontDoor<LoginRow>(
    `WITH said AS (SELECT * FROM jsonb_to_record($said) AS s (state text, binding text, deployment text)),
    login AS (
      DELETE FROM lti_login l USING said WHERE l.state_hash = decode(said.state, 'hex') AND l.binding_hash = decode(said.binding, 'hex')
      RETURNING district_id, platform_id, nonce_hash, target_link_uri, deployment_hint, request, expires_at > now() AS live
    )
    SELECT login.*, p.issuer, p.client_id, p.jwks_url, p.active, p.trust_custom, d.status AS deployment
    FROM login
    JOIN lti_platform p ON p.district_id = login.district_id AND p.id = login.platform_id
    LEFT JOIN lti_deployment d ON d.district_id = p.district_id AND d.platform_id = p.id
      AND d.deployment_id = (SELECT deployment FROM said)`,
    said,
  );
  if (login) return login;
  const [other] = await db.atFrontDoor((tx) => tx`SELECT 1 FROM lti_login WHERE state_hash = ${hash(state)}`);
  if (other) throw new Refusal('binding_mismatch', 'the launch comes from another browser than its login');
  throw new Refusal('launch_replayed', 'this launch was already used, or its login is not known');
}

async function verifyToken(tool: Tool, token: Token, login: LoginRow): Promise<void> {
  const { payload, kid } = token;
  const key = await tool.keys.find(login.jwks_url, kid);
  checkToken(token, key, { issuer: login.issuer, clientId: login.client_id, maxAge: tool.maxTokenAge });
  await checkParties(tool, payload, login);
  if (typeof payload.nonce !== 'string' || !hash(payload.nonce).equals(login.nonce_hash)) {
    throw new Refusal('nonce_mismatch', 'the id_token answers another login');
  }
}

/** We are among the audiences; who else may be, and for whom the token was made. */
async function checkParties(tool: Tool, { aud, azp }: JWTPayload, login: LoginRow): Promise<void> {
  if (azp !== undefined && azp !== login.client_id) throw new Refusal('azp_mismatch', 'the id_token was made for another client');
  const others = Array.isArray(aud) ? aud.filter((audience) => audience !== login.client_id && audience !== tool.url) : [];
  if (others.length === 0) return;
  if (azp === undefined)
    throw new Refusal('audience_untrusted', 'the id_token has several audiences and does not say which it was made for');
  const ours = await tool.db.atFrontDoor(
    (tx) => tx<{ client_id: string }[]>`SELECT client_id FROM lti_platform WHERE issuer = ${login.issuer} AND client_id = ANY(${others})`,
  );
  if (!others.every((audience) => ours.some((row) => row.client_id === audience))) {
    throw new Refusal('audience_untrusted', 'the id_token is also meant for somebody this tool does not know');
  }
}

async function accept(db: Db, payload: JWTPayload, login: LoginRow): Promise<Launch> {
  const claims = readClaims(payload, login.trust_custom);
  // LTI Core 1.3 §5.3.4: the signed target is the one asked for
  const targetLinkUri = claims.targetLinkUri ?? login.target_link_uri;
  if (!isSameAddress(targetLinkUri, login.target_link_uri)) {
    throw new Refusal('target_mismatch', 'the launch is for another address than its login');
  }
  if (login.deployment_hint !== null && login.deployment_hint !== claims.deploymentId) {
    throw new Refusal('deployment_mismatch', 'the launch comes from another deployment than its login');
  }
  const named = { districtId: login.district_id, platformId: login.platform_id, deploymentId: claims.deploymentId };
  await letIn(db, named, login.deployment);
  return {
    ...claims,
    targetLinkUri,
    districtId: login.district_id,
    platformId: login.platform_id,
    issuer: login.issuer,
  };
}

const isSameAddress = (one: string, other: string) => one === other || (URL.canParse(one) && new URL(one).href === new URL(other).href);

/** A live login begun in this browser. */
export async function isWaitedFor(db: Db, state: string, binding: string): Promise<boolean> {
  const [login] = await db.atFrontDoor(
    (tx) => tx`SELECT 1 FROM lti_login WHERE state_hash = ${hash(state)} AND binding_hash = ${hash(binding)} AND expires_at > now()`,
  );
  return login !== undefined;
}

/** A login that waits for its binding to be found in storage, untouched. */
export type Waiting = {
  byPage: boolean;
  storageTarget: string | null;
  request: string;
  platformOrigin: string;
  framedBy: string[];
  where: Where;
};

type WaitingRow = {
  district_id: number;
  platform_id: number;
  by_page: boolean;
  storage_target: string | null;
  request: string;
  issuer: string;
  auth_url: string;
  frame_origins: string[];
};

export async function findWaiting(db: Db, state: string): Promise<Waiting | null> {
  const [row] = await db.atFrontDoor(
    (tx) => tx<WaitingRow[]>`
      SELECT l.district_id, l.platform_id, l.by_page, l.storage_target, l.request, p.issuer, p.auth_url, p.frame_origins
      FROM lti_login l JOIN lti_platform p ON p.district_id = l.district_id AND p.id = l.platform_id
      WHERE l.state_hash = ${hash(state)}`,
  );
  if (!row) return null;
  return {
    byPage: row.by_page,
    storageTarget: row.storage_target,
    request: row.request,
    platformOrigin: new URL(row.auth_url).origin,
    framedBy: framingOrigins({ issuer: row.issuer, authUrl: row.auth_url, frameOrigins: row.frame_origins }),
    where: { districtId: row.district_id, platformId: row.platform_id, issuer: row.issuer, deploymentId: null },
  };
}
