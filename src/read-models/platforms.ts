/** The district's school platforms, where they placed the tool, and the invitations still open. Throws nothing. */
import type { DistrictPermit } from '../access/policy.ts';
import type { Tx } from '../db/db.ts';
import { deploymentKey } from './pending.ts';
import type { PlatformsShape } from './shapes.ts';

type Row = { platform: number; key: string; deploymentId: string; status: 'active' | 'pending' | 'refused'; firstSeen: Date };

export async function platformsView(tx: Tx, { districtId }: DistrictPermit): Promise<PlatformsShape['platforms']> {
  const platforms = await tx<(Omit<PlatformsShape['platforms'][number], 'id' | 'deployments'> & { id: number })[]>`
    SELECT id, issuer, client_id AS "clientId", active, trust_custom AS "trustsCustom" FROM lti_platform WHERE district_id = ${districtId} ORDER BY id`;
  const deployments = await tx<Row[]>`
    SELECT d.platform_id AS platform, ${deploymentKey(tx)} AS key, d.deployment_id AS "deploymentId", d.status, d.first_seen AS "firstSeen"
    FROM lti_deployment d WHERE d.district_id = ${districtId} ORDER BY d.status = 'pending' DESC, d.first_seen LIMIT 1000`;
  return platforms.map((platform) => ({
    ...platform,
    id: String(platform.id),
    deployments: deployments
      .filter((row) => row.platform === platform.id)
      .map(({ key, deploymentId, status, firstSeen }) => ({ key, deploymentId, status, firstSeen: firstSeen.toISOString() })),
  }));
}

export async function invitationsView(tx: Tx, { districtId }: DistrictPermit): Promise<PlatformsShape['invitations']> {
  const rows = await tx<{ key: string; madeAt: Date; expiresAt: Date }[]>`
    SELECT ${invitationKey(tx)} AS key, i.created_at AS "madeAt", i.expires_at AS "expiresAt" FROM lti_invitation i
    WHERE i.district_id = ${districtId} AND i.platform_id IS NULL AND i.expires_at > now() ORDER BY i.created_at DESC LIMIT 100`;
  return rows.map(({ key, madeAt, expiresAt }) => ({ key, madeAt: madeAt.toISOString(), expiresAt: expiresAt.toISOString() }));
}

/** Names it without opening it: what opens it is hashed once, this twice. */
export const invitationKey = (tx: Tx) => tx`md5(i.token_hash)`;
