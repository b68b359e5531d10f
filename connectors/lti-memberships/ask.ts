/** How a platform is asked: politely, each question with its own media type and a token for its own scope, and never beyond one origin. */
import { type Client, politeClient } from '../http.ts';
import type { Courses } from './courses.ts';

/** A page of a course; a whole course has a few of them. */
const maxBytes = 32 * 1024 * 1024;
/** ms for one listing: a platform that drips does not hold up a night. */
const total = 30 * 60_000;

/** ms for which a token is not asked for again: whoever hands it out looks whether the platform is still ours, and pages are many. */
const tokenHeld = 1_000;

export type Question = { url: string | URL; scope: string; accept: string };

export function clientFor({ token, tries }: Courses, { url, scope, accept }: Question, signal: AbortSignal | undefined): Client {
  let refused: string | undefined;
  let held = { token: Promise.resolve(''), until: 0 };
  const bearer = () => {
    if (Date.now() >= held.until) held = { token: token([scope], { refused }), until: Date.now() + tokenHeld };
    return held.token;
  };
  return politeClient({
    origin: String(url),
    signal,
    authority: {
      headers: async () => ({ accept, authorization: `Bearer ${await bearer()}` }),
      renew: ({ authorization = '' }) => {
        refused = authorization.replace(/^Bearer /, '');
        held.until = 0;
        return true;
      },
    },
    // Canvas says "too many" so.
    throttled: ({ status, headers }) => status === 403 && Number(headers['x-rate-limit-remaining'] ?? 1) <= 0,
    limits: { tries, maxBytes, total },
  });
}

/** First with a page size, so that a large course is few questions; without, where a platform does not take it. A query stays as it is. */
export function pageAddresses(address: string | URL, rows: number): [URL, ...URL[]] {
  const plain = new URL(address);
  if (plain.searchParams.has('limit')) return [plain];
  const sized = new URL(address);
  sized.search = `${plain.search ? `${plain.search}&` : '?'}limit=${rows}`;
  return [sized, plain];
}
