/**
 * Add-ons for Google Classroom: each is a platform like the others, whose deployments are the Workspace domains its people come from, and
 * which signs people in by Google instead of by LTI.
 * @throws AppError `platform_invalid` | `platform_exists` | `secret_changed`
 */
import type { Db } from '../../src/db/db.ts';
import { AppError } from '../../src/errors.ts';
import { seal, unseal } from '../../src/seal.ts';
import { isSafeAddress } from '../address.ts';
import { type Client, switchedOff } from '../code-flow.ts';
import { insertPlatform, type Platform } from '../platforms.ts';
import { Refusal } from '../refusal.ts';

/** Google's own; other ones are for trying it out. */
export const google = {
  issuer: 'https://accounts.google.com',
  authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: 'https://oauth2.googleapis.com/token',
  jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
  apiUrl: 'https://classroom.googleapis.com',
  classroomUrl: 'https://classroom.google.com',
};

export type NewAddon = { clientId: string; clientSecret: string; domains: string[] } & Partial<typeof google>;

export async function addAddon(db: Db, secret: string, districtId: number, given: NewAddon): Promise<Platform> {
  const { clientId, clientSecret, domains, ...more } = given;
  const at = { ...google, ...more };
  if (clientSecret === '') throw invalid('clientSecret', 'is needed');
  for (const field of ['apiUrl', 'classroomUrl'] as const) if (!isSafeAddress(at[field])) throw invalid(field, 'must be an https address');
  return db.inDistrict(districtId, async (tx) => {
    const { apiUrl, classroomUrl, ...urls } = at;
    const platform = await insertPlatform(tx, districtId, { ...urls, clientId, deploymentIds: domains, frameOrigins: [classroomUrl] });
    const sealed = seal(clientSecret, secret, sealedFor(platform.id));
    await tx`INSERT INTO classroom_addon (district_id, platform_id, sealed_client_secret, api_url)
      VALUES (${districtId}, ${platform.id}, ${sealed}, ${apiUrl})`;
    return platform;
  });
}

const invalid = (field: string, what: string) =>
  new AppError('platform_invalid', `${field}: ${what}`, { hint: 'See docs/add-ons/google-classroom.md.' });

export type Addon = Client & { apiUrl: string; frameOrigins: string[] };
type Row = Omit<Addon, 'clientSecret'> & { sealed: string; active: boolean };

/** @throws Refusal `platform_unknown` | `platform_inactive` */
export async function findAddon(db: Db, platformId: number): Promise<Addon> {
  const [row] = await db.atFrontDoor(
    (tx) => tx<Row[]>`
      SELECT p.district_id AS "districtId", p.id AS "platformId", p.issuer, p.client_id AS "clientId", p.auth_url AS "authUrl",
        p.token_url AS "tokenUrl", p.jwks_url AS "jwksUrl", p.frame_origins AS "frameOrigins", p.active,
        a.api_url AS "apiUrl", a.sealed_client_secret AS sealed
      FROM classroom_addon a JOIN lti_platform p ON p.district_id = a.district_id AND p.id = a.platform_id WHERE a.platform_id = ${platformId}`,
  );
  if (!row) throw new Refusal('platform_unknown', 'no Classroom add-on is registered under this number');
  const { sealed, active, ...addon } = row;
  if (!active) throw switchedOff(addon, 'this add-on is switched off');
  const told = {
    message: 'the add-on’s client secret does not open with this APTT_SECRET',
    hint: 'Start with the secret it was entered with.',
  };
  return { ...addon, clientSecret: (secret) => unseal(sealed, secret, sealedFor(platformId), told) };
}

const sealedFor = (platformId: number) => ({ purpose: 'aptt classroom add-on', name: String(platformId) });
