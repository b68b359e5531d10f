/**
 * What we write into a platform's grade book: one column of our own, and scores in it (Assignment and Grade Services 2.0). Nothing else is
 * ever written, and nothing is read here: scores come in through the connector `lti-memberships`.
 * @throws what the polite client throws; AppError `grade_refused` when the platform does not take what it was sent
 */
import { z } from 'zod';
import { politeClient } from '../../connectors/http.ts';
import { AppError } from '../../src/errors.ts';
import type { AccessToken } from './token.ts';

/** Marks our own column, so that nobody reads it back as a measure. */
export const goalTag = 'aptt-goal-met';

const scopes = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
};
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
export async function createLineItem(token: AccessToken, lineItemsUrl: string, item: { label: string; maximum: number }): Promise<string> {
  const body = { label: item.label, scoreMaximum: item.maximum, tag: goalTag };
  const { status, json, url } = await send(token, lineItemsUrl, scopes.lineItem, media.lineItem, body);
  const made = z.object({ id: z.url() }).safeParse(json);
  if (status < 300 && made.success && new URL(made.data.id).origin === url.origin) return made.data.id;
  throw refused(url, status < 300 ? 'answers without the new column’s address' : `refuses a new column (${status})`);
}

/** `newer_there`: the platform holds a score that came about later, and keeps it. */
export async function postScore(
  token: AccessToken,
  lineItem: string,
  { userId, score, maximum, at }: Score,
): Promise<'posted' | 'newer_there'> {
  const body = {
    userId,
    timestamp: at.toISOString(),
    activityProgress: score === null ? 'Initialized' : 'Completed',
    gradingProgress: score === null ? 'NotReady' : 'FullyGraded',
    ...(score !== null && { scoreGiven: score, scoreMaximum: maximum }),
  };
  const { status, url } = await send(token, scoresAddress(lineItem), scopes.score, media.score, body);
  if (status < 300) return 'posted';
  if (status === 409) return 'newer_there';
  throw refused(url, `refuses a score (${status})`);
}

/** `/scores` comes before a query (§3.4). */
export function scoresAddress(lineItem: string): URL {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`;
  return url;
}

/** Sent again where it may pass: a score twice is one score. */
function send(token: AccessToken, url: string | URL, scope: string, type: string, body: object) {
  let refusedToken: string | undefined;
  const client = politeClient({
    origin: String(url),
    authority: {
      headers: async () => ({
        authorization: `Bearer ${await token([scope], { refused: refusedToken })}`,
        'content-type': type,
        accept: type,
      }),
      renew: ({ authorization = '' }) => {
        refusedToken = authorization.replace(/^Bearer /, '');
        return true;
      },
    },
    throttled: ({ status, headers }) => status === 403 && Number(headers['x-rate-limit-remaining'] ?? 1) <= 0,
    limits: { tries: 4, maxBytes: 1024 * 1024 },
  });
  return client.ask(url, { method: 'POST', body: JSON.stringify(body) });
}

const refused = (url: URL, what: string) =>
  new AppError('grade_refused', `${url.host} ${what}`, {
    status: 502,
    consequence: 'halt',
    hint: 'Check that the column is still there and that the platform grants this tool its grade services.',
  });
