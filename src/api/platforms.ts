/** District IT's school platforms: what is attached, what to paste to attach one, an invitation to do it, and switching one off. */
import type { Router } from 'express';
import { z } from 'zod';
import { actorOf, record } from '../access/audit.ts';
import { type DistrictPermit, notFound, permitDistrict } from '../access/policy.ts';
import { asViewer, type Viewer } from '../access/viewer.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { familyOf, mendOf } from '../read-models/launches.ts';
import { invitationKey, invitationsView, platformsView } from '../read-models/platforms.ts';
import type { ConnectionShape, InvitationShape, NewPlatform, PlatformsShape } from '../read-models/shapes.ts';
import { type ApiOptions, type Routes, requireOwnPage, shortIdOf } from './route.ts';

/** What `lti/` knows and the district's IT is shown. */
export type PlatformOffice = {
  guides: PlatformsShape['guides'];
  invite(districtId: number, by: string): Promise<InvitationShape>;
  /** @throws AppError `platform_invalid` naming the field · `platform_exists` */
  add(tx: Tx, districtId: number, platform: NewPlatform): Promise<{ id: number }>;
  test(districtId: number, platformId: number): Promise<Tested>;
};

type Tested = Pick<ConnectionShape, 'issuer' | 'missing'> & { authUrl: string; steps: Omit<ConnectionShape['steps'][number], 'mend'>[] };

/** Only its form: what the values must be is known to whoever keeps them. */
const value = z.string().trim().max(2048);
const entered = z.object({
  issuer: value,
  clientId: value,
  authUrl: value,
  tokenUrl: value,
  jwksUrl: value,
  tokenAudience: value.nullable(),
  deploymentIds: z.array(value).max(20),
  frameOrigins: z.array(value).max(20),
});

export function platformRoutes(router: Router, { read, act }: Routes, { db, url, office }: ApiOptions): void {
  router.get(
    '/platforms',
    read(async ({ tx, viewer }): Promise<PlatformsShape> => {
      const permit = permitDistrict(viewer);
      const [platforms, invitations] = [await platformsView(tx, permit), await invitationsView(tx, permit)];
      return { platforms, invitations, guides: office.guides };
    }),
  );

  router.post(
    '/platforms',
    act(async ({ tx, viewer, req }) => {
      const { districtId, reason } = permitDistrict(viewer);
      const { id } = await office.add(tx, districtId, entered.parse(req.body));
      await record(tx, viewer, { action: 'platform.add', reason: `${reason} platform:${id}` });
      return { id: String(id) };
    }),
  );

  router.post('/platforms/invitations', async (req, res) => {
    requireOwnPage(req, url);
    const { districtId, by } = await asViewer(db, req.headers, async (tx, viewer) => {
      const permit = permitDistrict(viewer);
      await record(tx, viewer, { action: 'platform.invite', reason: permit.reason });
      return { districtId: permit.districtId, by: actorOf(viewer) };
    });
    res.json(await office.invite(districtId, by));
  });

  router.post(
    '/platforms/invitations/:key',
    act(({ tx, viewer, req }) => withdraw(tx, viewer, permitDistrict(viewer), String(req.params.key))),
  );

  router.post('/platforms/:id/test', async (req, res) => {
    requireOwnPage(req, url);
    const platformId = shortIdOf(req);
    // Other systems are asked: not within a transaction.
    const districtId = await asViewer(db, req.headers, async (tx, viewer) => {
      const permit = permitDistrict(viewer);
      await record(tx, viewer, { action: 'platform.test', reason: `${permit.reason} platform:${platformId}` });
      return permit.districtId;
    });
    const { authUrl, issuer, steps, missing } = await office.test(districtId, platformId);
    const shown = steps.map((step) => ({ ...step, mend: step.code === null ? null : mendOf(step.code) }));
    res.json({ issuer, family: familyOf(issuer, authUrl), steps: shown, missing } satisfies ConnectionShape);
  });

  const change = z.union([z.object({ active: z.boolean() }), z.object({ trustsCustom: z.boolean() })]);
  router.post(
    '/platforms/:id',
    act(({ tx, viewer, req }) => changePlatform(tx, viewer, permitDistrict(viewer), shortIdOf(req), change.parse(req.body))),
  );
}

/** One that was used, or is not there, is answered alike. */
async function withdraw(tx: Tx, viewer: Viewer, { districtId, reason }: DistrictPermit, key: string): Promise<void> {
  const { count } = await tx`UPDATE lti_invitation i SET expires_at = least(i.expires_at, now())
    WHERE i.district_id = ${districtId} AND i.platform_id IS NULL AND ${invitationKey(tx)} = ${key}`;
  if (count === 0) throw notFound('invitation');
  await record(tx, viewer, { action: 'platform.uninvite', reason });
}

/** @throws AppError `own_platform`: nobody locks themselves out */
async function changePlatform(
  tx: Tx,
  viewer: Viewer,
  { districtId, reason }: DistrictPermit,
  id: number,
  change: { active: boolean } | { trustsCustom: boolean },
): Promise<void> {
  if ('active' in change && !change.active && viewer.session.from?.platformId === id) throw ownPlatform('`aptt platform deactivate`');
  const set = 'active' in change ? tx`active = ${change.active}` : tx`trust_custom = ${change.trustsCustom}`;
  const { count } = await tx`UPDATE lti_platform SET ${set} WHERE district_id = ${districtId} AND id = ${id}`;
  if (count === 0) throw notFound('platform');
  await record(tx, viewer, { action: actOf(change), reason: `${reason} platform:${id}` });
}

function actOf(change: { active: boolean } | { trustsCustom: boolean }) {
  if ('active' in change) return change.active ? 'platform.activate' : 'platform.deactivate';
  return change.trustsCustom ? 'platform.trust' : 'platform.distrust';
}

export const ownPlatform = (command: string) =>
  new AppError('own_platform', 'you came in from here, and would be locked out', {
    status: 409,
    hint: `Come in from another platform, or use ${command}.`,
  });
