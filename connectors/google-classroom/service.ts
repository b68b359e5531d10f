/**
 * How Google is asked: who we are (a service account that speaks for an administrator, or one teacher's consent), and one listing of it.
 * @throws AppError `source_denied` when no token is handed out, and whatever the client throws
 */
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { type Authority, type Client, place, politeClient } from '../http.ts';
import { listing, type Page } from '../listing.ts';
import { bearer, type Token, tokenClient } from '../token.ts';
import { keyOf, needsEmails, type Settings, scopesOf } from './settings.ts';
import type { Place } from './wire.ts';

/** Of one answer: a page of a listing. */
const maxBytes = 32 * 1024 * 1024;

export function clientOf(given: Settings, signal?: AbortSignal, tries = 10): Client {
  return politeClient({ origin: given.url, authority: authorityOf(given, tries), signal, throttled: isQuota, limits: { tries, maxBytes } });
}

const reasons = z.object({
  error: z.object({ status: z.string().optional(), errors: z.array(z.object({ reason: z.string().optional() })).catch([]) }),
});

/** Google says "too many" with a 403 as well as with a 429. */
function isQuota({ status, json }: { status: number; json: unknown }): boolean {
  if (status !== 403) return false;
  const said = reasons.safeParse(json).data?.error;
  const quota = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'dailyLimitExceeded'];
  return said?.status === 'RESOURCE_EXHAUSTED' || (said?.errors.some(({ reason = '' }) => quota.includes(reason)) ?? false);
}

/** @param path below /v1/ */
export function rowsOf<T>(
  client: Client,
  of: Place<T>,
  path: string,
  given: Settings,
  more: { query?: Record<string, string>; pageSize?: number; onRows?: (rows: number) => void } = {},
): AsyncGenerator<Page<T>> {
  const url = new URL(`/v1/${path}`, client.origin);
  for (const [name, value] of Object.entries(more.query ?? {})) url.searchParams.set(name, value);
  url.searchParams.set('pageSize', String(more.pageSize ?? given.pageSize));
  url.searchParams.set('fields', `nextPageToken,${of.key}(${of.fields({ names: given.people === 'own', emails: needsEmails(given) })})`);
  return listing(client, {
    urls: [url],
    keys: [of.key],
    keyMayLack: true,
    shape: of.shape,
    idOf: of.idOf,
    paging: { by: 'token', field: 'nextPageToken', parameter: 'pageToken' },
    onProgress: ({ rows }) => more.onRows?.(rows),
  });
}

/** The courses of the domain, or those the teacher teaches. */
export const courseQuery = ({ serviceAccountKey }: Settings): Record<string, string> => ({
  courseStates: 'ACTIVE',
  ...(serviceAccountKey === undefined && { teacherId: 'me' }),
});

const authorityOf = (given: Settings, tries: number): Authority => bearer((signal) => fetchToken(given, Math.min(tries, 7), signal));

const answer = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().catch(3600) });

async function fetchToken(given: Settings, tries: number, signal?: AbortSignal): Promise<Token> {
  const url = new URL(given.tokenUrl);
  const got = await tokenClient(url, { tries, signal })
    .ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(await grantOf(given)).toString(),
    })
    .catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'source_denied' ? noToken(given, url) : error;
    });
  const token = answer.safeParse(got.json);
  if (got.status >= 300 || !token.success) throw noToken(given, url);
  return { value: token.data.access_token, expiresAt: Date.now() + token.data.expires_in * 1000 };
}

async function grantOf(given: Settings): Promise<Record<string, string>> {
  const key = given.serviceAccountKey === undefined ? null : keyOf(given.serviceAccountKey);
  if (key === null) {
    const { clientId = '', clientSecret = '', refreshToken = '' } = given;
    return { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken };
  }
  const assertion = await new SignJWT({ scope: scopesOf(given).join(' ') })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) })
    .setIssuer(key.client_email)
    .setSubject(given.admin ?? '')
    .setAudience(given.tokenUrl)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importPKCS8(key.private_key, 'RS256').catch((cause) => Promise.reject(badKey(cause))));
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
}

const badKey = (cause: unknown) =>
  new AppError('source_denied', 'the private key of serviceAccountKey cannot be read', {
    status: 502,
    consequence: 'halt',
    hint: 'Make a new JSON key of the service account and give the file as Google made it.',
    cause,
  });

const noToken = (given: Settings, url: URL) =>
  new AppError('source_denied', `${place(url)} gives us no token`, {
    status: 502,
    consequence: 'halt',
    hint:
      given.serviceAccountKey === undefined
        ? 'The teacher may have taken the consent back, or it has run out: sign in once more and store the new refreshToken.'
        : `Admin console → Security → API controls → Domain-wide delegation: the service account’s client ID needs exactly these scopes: ${scopesOf(given).join(', ')}. "admin" must be an administrator of the domain.`,
  });
