/** A bearer token that is fetched when it is needed, kept while it lasts, and fetched again once when the server no longer takes it. */
import { type Authority, type Client, politeClient } from './http.ts';
import { paceOf } from './pace.ts';

export type Token = {
  value: string;
  /** ms since 1970 */
  expiresAt: number;
};

/** Asked for again this long before it runs out: a page under way must not outlive it. */
const margin = 60_000;

export function bearer(fetchToken: (signal?: AbortSignal) => Promise<Token>): Authority {
  let current: Token | null = null;
  let fetching: Promise<Token> | null = null;
  const fresh = (signal?: AbortSignal): Promise<Token> => {
    fetching ??= fetchToken(signal)
      .then((token) => {
        current = token;
        return token;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };
  return {
    async headers(_request, signal) {
      const token = current && current.expiresAt - margin > Date.now() ? current : await fresh(signal);
      return { authorization: `Bearer ${token.value}` };
    },
    renew(refused) {
      // Of many calls refused at once only the first throws the token away.
      if (current && refused.authorization === `Bearer ${current.value}`) current = null;
      return true;
    },
  };
}

/**
 * Asks for tokens. At a pace of its own: whoever waits for a token holds a place in the queue of the host it is for, which is often the
 * same host, and would wait for itself.
 */
export const tokenClient = (url: URL, { tries, signal }: { tries: number; signal?: AbortSignal | undefined }): Client =>
  politeClient({ origin: url.origin, signal, limits: { tries }, pace: paceOf(`tokens of ${url.host}`) });
