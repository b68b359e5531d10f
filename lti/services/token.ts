/**
 * Access tokens for a platform's services: asked for by client credentials with an assertion signed by our key, kept per platform and set
 * of scopes until shortly before they run out, and handed out only while the registration is as it was when they were asked for: one that was
 * switched off has none left. A token the platform no longer takes is named as `refused`, and a new one is asked for.
 * @throws AppError `platform_token_refused` | `platform_inactive` | `platform_missing` | `platform_busy`, and what outbound throws
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Db } from '../../src/db/db.ts';
import { AppError } from '../../src/errors.ts';
import { type Answer, outbound } from '../../src/outbound.ts';
import { signingKey } from '../keys.ts';

/** A bearer token for exactly these scopes. */
export type AccessToken = (scopes: readonly string[], options?: { refused?: string | undefined }) => Promise<string>;

export type ServiceTokens = { of(districtId: number, platformId: number): AccessToken };

type Kept = { token: Promise<string>; value: string | null; until: number };

/** Seconds an assertion of ours is good for: 1EdTech Security Framework 1.0 §4.1.1 recommends five minutes at most. */
const assertionSeconds = 240;
/** Seconds before its end at which a token is not handed out any more: a page under way must not outlive it. */
const margin = 60;
/** Where a platform does not say how long its token lasts. */
const unsaidSeconds = 300;
/** A token is kept no longer, whatever the platform says. */
const mostSeconds = 3600;
const tries = 3;

export function serviceTokens({ db, secret, now = Date.now }: { db: Db; secret: string; now?: () => number }): ServiceTokens {
  const kept = new Map<string, Kept>();

  const fetchToken = async (platform: Row, scope: string, entry: Kept): Promise<string> => {
    const asked = now();
    const { access_token: value, expires_in: said } = await askToken({ db, secret, now }, platform, scope);
    const seconds = Math.min(said, mostSeconds);
    entry.value = value;
    entry.until = asked + 1000 * (seconds - Math.min(margin, seconds / 2));
    return value;
  };

  const forget = (prefix: string) => {
    for (const key of kept.keys()) if (key.startsWith(prefix)) kept.delete(key);
  };

  return {
    of: (districtId, platformId) => async (scopes, options) => {
      const prefix = `${districtId}/${platformId} `;
      const platform = await platformOf(db, districtId, platformId).catch((error: unknown) => {
        forget(prefix);
        throw error;
      });
      const scope = [...new Set(scopes)].sort().join(' ');
      const key = `${prefix}${JSON.stringify(platform)} ${scope}`;
      const known = kept.get(key);
      // One that is still being fetched is nobody's refused one.
      if (known && known.until > now() && (known.value === null || known.value !== options?.refused)) return known.token;
      const entry: Kept = { token: Promise.resolve(''), value: null, until: Number.POSITIVE_INFINITY };
      entry.token = fetchToken(platform, scope, entry);
      kept.set(key, entry);
      entry.token.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return entry.token;
    },
  };
}

type Row = { issuer: string; clientId: string; tokenUrl: string; audience: string; active: boolean };

async function platformOf(db: Db, districtId: number, platformId: number): Promise<Row> {
  const [row] = await db.inDistrict(
    districtId,
    (tx) => tx<Row[]>`
      SELECT issuer, client_id AS "clientId", token_url AS "tokenUrl", coalesce(token_audience, token_url) AS audience, active
      FROM lti_platform WHERE id = ${platformId}`,
  );
  if (!row)
    throw new AppError('platform_missing', `this district has no platform ${platformId}`, { status: 404, hint: 'List the platforms.' });
  if (row.active) return row;
  throw new AppError('platform_inactive', `the registration of ${row.issuer} is switched off`, {
    consequence: 'halt',
    hint: `aptt platform activate ${platformId}`,
  });
}

const granted = z.object({
  access_token: z.string().min(1),
  /** A number; some write it as text. */
  expires_in: z.coerce.number().positive().catch(unsaidSeconds),
});

type Signer = { db: Db; secret: string; now: () => number };

async function askToken(signer: Signer, platform: Row, scope: string): Promise<z.infer<typeof granted>> {
  for (let tried = 1; ; tried++) {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertionOf(signer, platform),
      scope,
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await outbound(platform.tokenUrl, { method: 'POST', headers, body, maxBytes: 64 * 1024 });
    if (answer.status < 300) return readGranted(platform, answer);
    const mayPass = answer.status === 429 || answer.status >= 500;
    if (!mayPass) throw refused(platform, answer, scope);
    if (tried === tries) throw busy(platform, answer.status);
    await sleep(500 * 2 ** tried);
  }
}

/** RFC 7523 §3: a new one for every request. */
async function assertionOf({ db, secret, now }: Signer, { clientId, audience }: Row): Promise<string> {
  const { kid, key } = await signingKey(db, secret);
  const issued = Math.floor(now() / 1000);
  return new SignJWT({ iss: clientId, sub: clientId, aud: audience, iat: issued, exp: issued + assertionSeconds, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .sign(key);
}

function readGranted(platform: Row, { body }: Answer): z.infer<typeof granted> {
  const parsed = granted.safeParse(parsedJson(body));
  if (parsed.success) return parsed.data;
  throw new AppError('platform_token_refused', `${new URL(platform.tokenUrl).host} answers without a token`, {
    status: 502,
    consequence: 'halt',
    hint: 'Check the platform’s token address.',
  });
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null; // as good as an answer without a token
  }
}

const hints: Record<string, string> = {
  invalid_client: 'Check the client id, that the platform knows this tool’s key set (/lti/jwks), and the token audience it expects.',
  invalid_scope: 'Allow this service for the tool in the platform’s settings (Names and Roles, Assignment and Grade Services).',
};

/** The platform's own code alone: a description is its text. */
function refused(platform: Row, { status, body }: Answer, scope: string): AppError {
  const said = (parsedJson(body) as { error?: unknown } | null)?.error; // any JSON value has, or lacks, the field
  const code = typeof said === 'string' && /^[a-z_]{1,40}$/.test(said) ? said : `status ${status}`;
  const services = scope.split(' ').map((uri) => uri.slice(uri.lastIndexOf('/') + 1));
  return new AppError('platform_token_refused', `${new URL(platform.tokenUrl).host} refuses a token for ${services.join(', ')} (${code})`, {
    status: 502,
    consequence: 'halt',
    hint: hints[code] ?? 'Check the platform’s token address and what it allows this tool.',
  });
}

const busy = (platform: Row, status: number) =>
  new AppError('platform_busy', `${new URL(platform.tokenUrl).host} hands out no token now (status ${status})`, {
    status: 503,
    consequence: 'retry',
    hint: 'The next sync tries again.',
  });
