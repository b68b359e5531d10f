/**
 * What we write into a platform's grade book: one column of our own, and scores in it (Assignment and Grade Services 2.0). Nothing else is
 * ever written, and nothing of anybody else's is read here: scores come in through the connector `lti-memberships`.
 * @throws what the polite client throws; AppError `grade_refused` when the platform does not take what it was sent
 */
import { z } from 'zod';
import { gradeBookScopes } from '../../config/policy.ts';
import { politeClient } from '../../connectors/http.ts';
import { AppError } from '../../src/errors.ts';
import type { AccessToken } from './token.ts';

/** Marks our own column, so that nobody reads it back as a measure. */
export const goalTag = 'aptt-goal-met';

const [lineItemScope, scoreScope] = gradeBookScopes;
const media = { lineItem: 'application/vnd.ims.lis.v2.lineitem+json', score: 'application/vnd.ims.lis.v1.score+json' };

export type Score = {
  /** As the platform calls them. */
  userId: string;
  /** Null clears it: no score is not zero. */
  score: number | null;
  maximum: number;
  /** When it came about: a platform keeps the newest. */
  at: Date;
};

/** @returns the address of the new column; whoever asks keeps it, and asks once */
export async function createLineItem(
  token: AccessToken,
  lineItemsUrl: string,
  item: { label: string; maximum: number },
  signal?: AbortSignal,
): Promise<string> {
  const body = { label: item.label, scoreMaximum: item.maximum, tag: goalTag };
  const { status, json, url } = await send(token, lineItemsUrl, { scope: lineItemScope, type: media.lineItem, body, signal });
  const made = z.object({ id: z.url() }).safeParse(json);
  if (status < 300 && made.success && new URL(made.data.id).origin === url.origin) return made.data.id;
  throw refused(url, status < 300 ? 'answers without the new column’s address' : `refuses a new column (${status})`);
}

/** Whether a column of ours is still where it was. */
export async function hasLineItem(token: AccessToken, lineItem: string, signal?: AbortSignal): Promise<boolean> {
  const { status, url } = await send(token, lineItem, { method: 'GET', scope: lineItemScope, type: media.lineItem, signal });
  if (status < 300) return true;
  if (isGone(status)) return false;
  throw refused(url, `does not show our column (${status})`);
}

/** With all that stands in it. One that is gone already is as good as taken away. */
export async function deleteLineItem(token: AccessToken, lineItem: string, signal?: AbortSignal): Promise<void> {
  const { status, url } = await send(token, lineItem, { method: 'DELETE', scope: lineItemScope, type: media.lineItem, signal });
  if (status >= 300 && !isGone(status)) throw refused(url, `keeps our column (${status})`);
}

const isGone = (status: number): boolean => status === 404 || status === 410;

/** Canvas takes a score for something the child handed in, unless it is told otherwise. Its own extension of the Score; nobody else looks at it. */
const notHandedIn = { 'https://canvas.instructure.com/lti/submission': { new_submission: false } };

/** `newer_there`: the platform holds a score that came about later, and keeps it. Nothing is cleared by that: then it is refused. */
export async function postScore(
  token: AccessToken,
  lineItem: string,
  { userId, score, maximum, at }: Score,
  signal?: AbortSignal,
): Promise<'posted' | 'newer_there'> {
  const body = {
    userId,
    timestamp: at.toISOString(),
    activityProgress: score === null ? 'Initialized' : 'Completed',
    gradingProgress: score === null ? 'NotReady' : 'FullyGraded',
    ...(score !== null && { scoreGiven: score, scoreMaximum: maximum }),
    ...notHandedIn,
  };
  const { status, url } = await send(token, scoresAddress(lineItem), { scope: scoreScope, type: media.score, body, signal });
  if (status < 300) return 'posted';
  if (status === 409 && score !== null) return 'newer_there';
  throw refused(url, `refuses a score (${status})`);
}

/** `/scores` comes before a query (§3.4). */
export function scoresAddress(lineItem: string): URL {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`;
  return url;
}

type Message = { method?: 'GET' | 'POST' | 'DELETE'; scope: string; type: string; body?: object; signal: AbortSignal | undefined };

/** Sent again where it may pass: a score twice is one score. */
function send(token: AccessToken, url: string | URL, { method = 'POST', scope, type, body, signal }: Message) {
  let refusedToken: string | undefined;
  const client = politeClient({
    origin: String(url),
    signal,
    authority: {
      headers: async () => ({
        authorization: `Bearer ${await token([scope], { refused: refusedToken })}`,
        accept: type,
        ...(body && { 'content-type': type }),
      }),
      renew: ({ authorization = '' }) => {
        refusedToken = authorization.replace(/^Bearer /, '');
        return true;
      },
    },
    throttled: ({ status, headers }) => status === 403 && Number(headers['x-rate-limit-remaining'] ?? 1) <= 0,
    limits: { tries: 4, longestWait: 60_000, maxBytes: 1024 * 1024 },
  });
  return client.ask(url, { method, ...(body && { body: JSON.stringify(body) }) });
}

const refused = (url: URL, what: string) =>
  new AppError('grade_refused', `${url.host} ${what}`, {
    status: 502,
    consequence: 'halt',
    hint: 'Check that the column is still there and that the platform grants this tool its grade services.',
  });
