/**
 * Tabs in Microsoft Teams: each is a platform like the others, whose one deployment is the tenant its people come from, and which signs people
 * in by Entra instead of by LTI.
 * @throws AppError `platform_invalid` | `platform_exists` | `secret_changed`
 */
import type { Db } from '../../src/db/db.ts';
import { AppError } from '../../src/errors.ts';
import { seal, unseal } from '../../src/seal.ts';
import { type Client, switchedOff } from '../code-flow.ts';
import { insertPlatform, type Platform } from '../platforms.ts';
import { Refusal } from '../refusal.ts';

/** Where Teams shows tabs: in a browser, on a desktop, in Microsoft 365. */
const teams = [
  'https://teams.microsoft.com',
  'https://teams.cloud.microsoft',
  'https://m365.cloud.microsoft',
  'https://www.microsoft365.com',
];

/** `oid`: the id Entra gives, which the connector microsoft-graph keeps. `upn`: the sign-in name, as School Data Sync and others keep it. */
export const persons = ['oid', 'upn'] as const;
export type Person = (typeof persons)[number];

export type NewTab = {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  person: Person;
  authority?: string;
  frameOrigins?: string[];
};

export async function addTab(db: Db, secret: string, districtId: number, given: NewTab): Promise<Platform> {
  const { tenantId, clientId, clientSecret, person, authority = 'https://login.microsoftonline.com', frameOrigins = teams } = given;
  // Only one tenant's issuer names one tenant; `common` and domains stand for any.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenantId)) throw invalid('tenantId', 'is the tenant’s id, as 00000000-0000-…');
  if (clientSecret === '') throw invalid('clientSecret', 'is needed');
  const at = `${authority}/${tenantId}`;
  return db.inDistrict(districtId, async (tx) => {
    const platform = await insertPlatform(tx, districtId, {
      issuer: `${at}/v2.0`,
      clientId,
      authUrl: `${at}/oauth2/v2.0/authorize`,
      tokenUrl: `${at}/oauth2/v2.0/token`,
      jwksUrl: `${at}/discovery/v2.0/keys`,
      deploymentIds: [tenantId.toLowerCase()],
      frameOrigins,
    });
    const sealed = seal(clientSecret, secret, sealedFor(platform.id));
    await tx`INSERT INTO teams_tab (district_id, platform_id, sealed_client_secret, person)
      VALUES (${districtId}, ${platform.id}, ${sealed}, ${person})`;
    return platform;
  });
}

const invalid = (field: string, what: string) =>
  new AppError('platform_invalid', `${field}: ${what}`, { hint: 'See docs/add-ons/microsoft-teams.md.' });

export type Tab = Client & { person: Person; frameOrigins: string[] };
type Row = Omit<Tab, 'clientSecret'> & { sealed: string; active: boolean };

/** @throws Refusal `platform_unknown` | `platform_inactive` */
export async function findTab(db: Db, platformId: number): Promise<Tab> {
  const [row] = await db.atFrontDoor(
    (tx) => tx<Row[]>`
      SELECT p.district_id AS "districtId", p.id AS "platformId", p.issuer, p.client_id AS "clientId", p.auth_url AS "authUrl",
        p.token_url AS "tokenUrl", p.jwks_url AS "jwksUrl", p.frame_origins AS "frameOrigins", p.active, t.person, t.sealed_client_secret AS sealed
      FROM teams_tab t JOIN lti_platform p ON p.district_id = t.district_id AND p.id = t.platform_id WHERE t.platform_id = ${platformId}`,
  );
  if (!row) throw new Refusal('platform_unknown', 'no Teams tab is registered under this number');
  const { sealed, active, ...tab } = row;
  if (!active) throw switchedOff(tab, 'this tab is switched off');
  const told = {
    message: 'the tab’s client secret does not open with this APTT_SECRET',
    hint: 'Start with the secret it was entered with.',
  };
  return { ...tab, clientSecret: (secret) => unseal(sealed, secret, sealedFor(platformId), told) };
}

const sealedFor = (platformId: number) => ({ purpose: 'aptt teams tab', name: String(platformId) });
