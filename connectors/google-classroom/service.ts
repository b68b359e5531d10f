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
import { keyOf, needsEmails, type Settings, scopeFor, scopesOf } from './settings.ts';
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
export async function* rowsOf<T>(
  client: Client,
  of: Place<T>,
  path: string,
  given: Settings,
  more: { query?: Record<string, string>; pageSize?: number } = {},
): AsyncGenerator<Page<T>> {
  const url = new URL(`/v1/${path}`, client.origin);
  for (const [name, value] of Object.entries(more.query ?? {})) url.searchParams.set(name, value);
  url.searchParams.set('pageSize', String(more.pageSize ?? given.pageSize));
  url.searchParams.set('fields', `nextPageToken,${of.key}(${of.fields({ names: given.people === 'own', emails: needsEmails(given) })})`);
  try {
    yield* listing(client, {
      urls: [url],
      keys: [of.key],
      keyMayLack: true,
      shape: of.shape,
      idOf: of.idOf,
      paging: { by: 'token', field: 'nextPageToken', parameter: 'pageToken' },
    });
  } catch (error) {
    throw error instanceof AppError ? withHint(error, given, scopeFor[of.scope]) : error;
  }
}

/** Where others may be read. */
export const oneCourseDenied = ({ serviceAccountKey }: Settings): string =>
  serviceAccountKey === undefined
    ? 'See that the teacher whose consent was stored still teaches it, or archive it in Classroom.'
    : 'See in Classroom that the administrator in "admin" may open it, or archive it.';

export const rightsOfAdmin =
  'it takes a super administrator or a role with rights to Google Classroom: Admin console → Account → Admin roles';

/** What any system would say, with what there is to do at Google. */
function withHint(error: AppError, given: Settings, scope: string): AppError {
  const hint = hintFor(error, given.serviceAccountKey === undefined, scope);
  const { code, message, status, consequence } = error;
  return hint === null ? error : new AppError(code, message, { status, consequence, hint, cause: error });
}

function hintFor({ code, message }: AppError, isTeacher: boolean, scope: string): string | null {
  if (code === 'source_throttled')
    return 'The next sync tries again. If it happens every night, see Google Cloud console → APIs & Services → Google Classroom API → Quotas.';
  if (code !== 'source_denied') return null;
  if (message.endsWith('does not know us'))
    return 'Google does not take the token it has just handed out. Try again in an hour; if it lasts, make a new key or sign in once more.';
  if (!message.endsWith('knows us and refuses')) return null; // about the token, with its own hint
  return isTeacher
    ? `The teacher’s consent must cover the scope ${scope}: sign in once more and store the new refreshToken.`
    : `Either "admin" may not see it (${rightsOfAdmin}), or the Google Classroom API is not enabled in the service account’s project.`;
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
      throw error instanceof AppError && error.code === 'source_denied' ? noToken(given, url, 401) : error;
    });
  const token = answer.safeParse(got.json);
  if (got.status >= 300 || !token.success) throw noToken(given, url, got.status);
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

/** @param status 401: the account may not ask for these scopes; otherwise Google did not take what we said */
const noToken = (given: Settings, url: URL, status: number) =>
  new AppError('source_denied', `${place(url)} gives us no token`, { status: 502, consequence: 'halt', hint: whyNoToken(given, status) });

function whyNoToken(given: Settings, status: number): string {
  if (given.serviceAccountKey === undefined)
    return status === 401
      ? 'Check clientId and clientSecret: Google Cloud console → APIs & Services → Credentials.'
      : 'The teacher may have taken the consent back, or it has run out: sign in once more and store the new refreshToken.';
  return status === 401
    ? `Admin console → Security → API controls → Domain-wide delegation: the service account’s client ID needs exactly these scopes: ${scopesOf(given).join(', ')}.`
    : '"admin" must be the address of an administrator of this domain, the key must still be among the service account’s keys (Google Cloud console → IAM & Admin → Service accounts), and this machine’s clock must be right.';
}
