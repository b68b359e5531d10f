/**
 * Registered platforms and their deployments. A registration belongs to one district; a deployment nobody has accepted yet is pending and
 * shows no data.
 * @throws AppError `platform_invalid` naming the field · `platform_exists` · `platform_missing`
 */
import { z } from 'zod';
import type { Db, Tx } from '../src/db/db.ts';
import { AppError } from '../src/errors.ts';
import { address } from './address.ts';

export type Platform = {
  id: number;
  issuer: string;
  clientId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  /** What a platform wants to be called in a request for a service token; null: its token address. */
  tokenAudience: string | null;
  frameOrigins: string[];
  active: boolean;
  /** District IT's word that only administrators write custom parameters: they may say who people are. */
  trustCustom: boolean;
};
export type DeploymentStatus = 'active' | 'pending' | 'refused';
export type Deployment = { platformId: number; issuer: string; deploymentId: string; status: DeploymentStatus; firstSeen: string };

const registration = z.object({
  /** Kept exactly as the platform writes it in its tokens. */
  issuer: address,
  clientId: z.string().min(1).max(255),
  authUrl: address,
  tokenUrl: address,
  jwksUrl: address,
  tokenAudience: z.string().min(1).max(2048).nullable().default(null),
  trustCustom: z.boolean().default(false),
  deploymentIds: z.array(z.string().min(1).max(255)).default([]),
  /** Origins that may frame the tool besides the issuer's and authUrl's. */
  frameOrigins: z
    .array(address)
    .default([])
    .transform((origins) => origins.map((origin) => new URL(origin).origin)),
});
export type Registration = z.input<typeof registration>;

/** Registers a platform for a district; its named deployments are active from now on. */
export const addPlatform = (db: Db, districtId: number, input: Registration): Promise<Platform> =>
  db.inDistrict(districtId, (tx) => insertPlatform(tx, districtId, input));

export async function insertPlatform(tx: Tx, districtId: number, input: Registration): Promise<Platform> {
  const parsed = registration.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('platform_invalid', `${issue?.path.join('.')}: ${issue?.message}`, {
      field: String(issue?.path[0]),
      hint: 'See your platform’s developer key or tool settings.',
    });
  }
  const { issuer, clientId, authUrl, tokenUrl, jwksUrl, tokenAudience, trustCustom, deploymentIds, frameOrigins } = parsed.data;
  const [row] = await tx<{ id: number }[]>`
      INSERT INTO lti_platform (district_id, issuer, client_id, auth_url, token_url, jwks_url, token_audience, trust_custom, frame_origins)
      VALUES (${districtId}, ${issuer}, ${clientId}, ${authUrl}, ${tokenUrl}, ${jwksUrl}, ${tokenAudience}, ${trustCustom}, ${frameOrigins})
      ON CONFLICT DO NOTHING RETURNING id`;
  if (!row) {
    throw new AppError('platform_exists', 'a platform with this issuer and client id is already registered', {
      status: 409,
      hint: 'List the platforms; accept a further deployment of it instead.',
    });
  }
  for (const deploymentId of deploymentIds) await setDeployment(tx, districtId, row.id, deploymentId, 'active');
  return { id: row.id, issuer, clientId, authUrl, tokenUrl, jwksUrl, tokenAudience, trustCustom, frameOrigins, active: true };
}

export async function listPlatforms(db: Db, districtId: number): Promise<Platform[]> {
  const rows = await db.inDistrict(
    districtId,
    (tx) => tx<Platform[]>`
      SELECT id, issuer, client_id AS "clientId", auth_url AS "authUrl", token_url AS "tokenUrl", jwks_url AS "jwksUrl",
        token_audience AS "tokenAudience", frame_origins AS "frameOrigins", active, trust_custom AS "trustCustom"
      FROM lti_platform ORDER BY id`,
  );
  return [...rows];
}

/** A deployment the platform named itself: it waits like one that was launched from. */
export const noteDeployment = (db: Db, districtId: number, platformId: number, deploymentId: string): Promise<unknown> =>
  db.inDistrict(
    districtId,
    (tx) => tx`
      INSERT INTO lti_deployment (district_id, platform_id, deployment_id, status)
      VALUES (${districtId}, ${platformId}, ${deploymentId}, 'pending') ON CONFLICT DO NOTHING`,
  );

/** An inactive platform's logins and launches are refused; its frames are no longer welcome. */
export async function setPlatformActive(db: Db, districtId: number, platformId: number, active: boolean): Promise<void> {
  const changed = await db.inDistrict(districtId, (tx) => tx`UPDATE lti_platform SET active = ${active} WHERE id = ${platformId}`);
  if (changed.count === 0) throw missing(platformId);
}

/** Taken back, it ends the sessions of this platform, like switching it off. */
export async function setCustomTrusted(db: Db, districtId: number, platformId: number, trusted: boolean): Promise<void> {
  const changed = await db.inDistrict(districtId, (tx) => tx`UPDATE lti_platform SET trust_custom = ${trusted} WHERE id = ${platformId}`);
  if (changed.count === 0) throw missing(platformId);
}

export async function listDeployments(db: Db, districtId: number): Promise<Deployment[]> {
  const rows = await db.inDistrict(
    districtId,
    (tx) => tx<(Omit<Deployment, 'firstSeen'> & { firstSeen: Date })[]>`
      SELECT d.platform_id AS "platformId", p.issuer, d.deployment_id AS "deploymentId", d.status, d.first_seen AS "firstSeen"
      FROM lti_deployment d JOIN lti_platform p ON p.district_id = d.district_id AND p.id = d.platform_id
      ORDER BY d.status = 'pending' DESC, d.first_seen`,
  );
  return rows.map((row) => ({ ...row, firstSeen: row.firstSeen.toISOString() }));
}

/** Accepts a deployment, seen already or not. */
export const acceptDeployment = (db: Db, districtId: number, platformId: number, deploymentId: string): Promise<void> =>
  decideDeployment(db, districtId, platformId, deploymentId, 'active');

export const refuseDeployment = (db: Db, districtId: number, platformId: number, deploymentId: string): Promise<void> =>
  decideDeployment(db, districtId, platformId, deploymentId, 'refused');

function decideDeployment(db: Db, districtId: number, platformId: number, deploymentId: string, status: DeploymentStatus): Promise<void> {
  return db.inDistrict(districtId, async (tx) => {
    const [platform] = await tx`SELECT 1 FROM lti_platform WHERE id = ${platformId}`;
    if (!platform) throw missing(platformId);
    await setDeployment(tx, districtId, platformId, deploymentId, status);
  });
}

const setDeployment = (tx: Tx, districtId: number, platformId: number, deploymentId: string, status: DeploymentStatus) => tx`
  INSERT INTO lti_deployment (district_id, platform_id, deployment_id, status)
  VALUES (${districtId}, ${platformId}, ${deploymentId}, ${status})
  ON CONFLICT (district_id, platform_id, deployment_id) DO UPDATE SET status = EXCLUDED.status`;

const missing = (id: number) =>
  new AppError('platform_missing', `this district has no platform ${id}`, { status: 404, hint: 'List the platforms.' });

/** Where pages of this platform may frame ours. */
export function framingOrigins(platform: Pick<Platform, 'issuer' | 'authUrl' | 'frameOrigins'>): string[] {
  const own = [platform.issuer, platform.authUrl].map((url) => new URL(url).origin);
  return [...new Set([...own, ...platform.frameOrigins])];
}

/** Where a session opened from this platform may be framed; nowhere once it is switched off. */
export async function originsThatFrame(db: Db, platformId: number): Promise<string[]> {
  const [platform] = await db.atFrontDoor(
    (tx) => tx<Pick<Platform, 'issuer' | 'authUrl' | 'frameOrigins'>[]>`
      SELECT issuer, auth_url AS "authUrl", frame_origins AS "frameOrigins" FROM lti_platform WHERE id = ${platformId} AND active`,
  );
  return platform ? framingOrigins(platform) : [];
}
