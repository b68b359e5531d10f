/**
 * A platform's notice (LTI Platform Notification Service 1.0): a signed message from server to server. Held to what a launch is held to but
 * for the login it has none of: signature, parties, times, an accepted deployment, and heard once. Says what was copied or that the platform
 * is there; nothing in it is about a person.
 * @throws Refusal
 */
import type { JWTPayload } from 'jose';
import type { Db, Tx } from '../src/db/db.ts';
import { deploymentIdOf } from './claims.ts';
import type { PlatformKeys } from './jwks.ts';
import { hash } from './login.ts';
import type { DeploymentStatus } from './platforms.ts';
import { Refusal, type Where } from './refusal.ts';
import { checkToken, openToken } from './token.ts';

export type Notice = {
  districtId: number;
  platformId: number;
  deploymentId: string;
  about: { kind: 'hello' } | { kind: 'context-copied'; context: { id: string; title: string | null }; origins: string[] };
};

/** Acts on a notice nobody has heard yet, in the transaction that remembers it. */
export type OnNotice = (tx: Tx, notice: Notice) => Promise<void>;

/** A platform may keep notices for a while before it sends them. */
const maxAge = 3600; // seconds
const maxId = 255;
const lti = 'https://purl.imsglobal.org/spec/lti/claim/';

type Row = {
  districtId: number;
  platformId: number;
  clientId: string;
  jwksUrl: string;
  active: boolean;
  deployment: DeploymentStatus | null;
};

/** @returns where it came from; a notice heard before changes nothing */
export async function hearNotice(tool: { db: Db; keys: PlatformKeys }, jwt: string, onNotice: OnNotice): Promise<Where> {
  const token = openToken(jwt);
  const { payload } = token;
  const claimed = deploymentIdOf(payload);
  const issuer = typeof payload.iss === 'string' ? payload.iss : '';
  const row = await platformOf(tool.db, issuer, payload, claimed);
  const where: Where = { districtId: row.districtId, platformId: row.platformId, issuer, deploymentId: null };
  try {
    if (!row.active) throw new Refusal('platform_inactive', 'this platform’s registration is switched off');
    checkToken(token, await tool.keys.find(row.jwksUrl, token.kid), { issuer, clientId: row.clientId, maxAge });
    if (payload.azp !== undefined && payload.azp !== row.clientId)
      throw new Refusal('azp_mismatch', 'the notice was made for another client');
    if ([payload.aud].flat().some((audience) => audience !== row.clientId))
      throw new Refusal('audience_untrusted', 'the notice is also meant for somebody this tool does not know');
    where.deploymentId = claimed;
    const { id, nonce, about } = read(payload);
    if (claimed === null) throw new Refusal('claim_missing', 'the deployment_id claim is missing');
    if (row.deployment === 'refused')
      throw new Refusal('deployment_refused', 'this deployment was refused by the district’s administrator');
    if (row.deployment !== 'active') throw new Refusal('deployment_pending', 'this deployment waits for the district’s administrator');
    const { districtId, platformId } = row;
    await tool.db.inDistrict(districtId, async (tx) => {
      const heard = await tx`
        INSERT INTO lti_notice (district_id, platform_id, id_hash, nonce_hash) VALUES (${districtId}, ${platformId}, ${hash(id)}, ${hash(nonce)})
        ON CONFLICT DO NOTHING RETURNING 1`;
      if (heard.length > 0) await onNotice(tx, { districtId, platformId, deploymentId: claimed, about });
    });
    return where;
  } catch (error) {
    if (error instanceof Refusal) error.where = where;
    throw error;
  }
}

/** One registration, or a refusal. */
async function platformOf(db: Db, issuer: string, { aud }: JWTPayload, deployment: string | null): Promise<Row> {
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string').slice(0, 10);
  const rows = await db.atFrontDoor(
    (tx) => tx<Row[]>`
      SELECT p.district_id AS "districtId", p.id AS "platformId", p.client_id AS "clientId", p.jwks_url AS "jwksUrl", p.active,
        d.status AS deployment
      FROM lti_platform p LEFT JOIN lti_deployment d
        ON d.district_id = p.district_id AND d.platform_id = p.id AND d.deployment_id = ${deployment}
      WHERE p.issuer = ${issuer.replaceAll('\0', '')} AND p.client_id = ANY(${audiences.map((one) => one.replaceAll('\0', ''))}) LIMIT 2`,
  );
  const [row, another] = rows;
  if (!row) throw new Refusal('platform_unknown', 'no platform is registered with the issuer and client id of this notice');
  if (another) throw new Refusal('audience_untrusted', 'the notice is meant for several registrations');
  return row;
}

function read(payload: JWTPayload): { id: string; nonce: string; about: Notice['about'] } {
  const version = payload[`${lti}version`];
  if (version !== '1.3.0') throw new Refusal('version_unsupported', 'the notice is not LTI 1.3.0');
  const { id, type } = record(payload[`${lti}notice`]);
  if (!isText(id)) throw new Refusal('claim_missing', 'the notice’s id is missing');
  if (!isText(payload.nonce)) throw new Refusal('claim_invalid', 'the nonce claim is malformed');
  return { id, nonce: payload.nonce, about: aboutOf(type, payload) };
}

function aboutOf(type: unknown, payload: JWTPayload): Notice['about'] {
  if (type === 'LtiHelloWorldNotice') return { kind: 'hello' };
  if (type !== 'LtiContextCopyNotice') throw new Refusal('message_unsupported', 'this kind of notice is not asked for');
  const { id, title } = record(payload[`${lti}context`]);
  const from = payload[`${lti}origin_contexts`];
  if (!isText(id)) throw new Refusal('claim_missing', 'the context.id claim is missing');
  const origins = (Array.isArray(from) ? from : []).filter(isText).slice(0, 50);
  return {
    kind: 'context-copied',
    context: { id, title: isText(title) ? title : null },
    origins: origins.filter((origin) => origin !== id),
  };
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= maxId && !value.includes('\0');
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}; // an object's keys are strings
