/**
 * The polite client: asks a school's system as often as it likes to be asked, waits when told to, tries again what may pass, renews a token
 * once, and gives its credentials to the configured origin only. It reads; a request may be made twice.
 * Errors name the origin and the path: never a query, a header or a body.
 * @throws AppError `source_unreachable` (also after the last try) | `source_throttled` | `source_denied` | `source_contract_broken`;
 *   when `signal` aborts, its reason
 */
import { isAscii } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../src/errors.ts';
import { type Answer, outbound } from '../src/outbound.ts';
import { type Pace, paceOf, pause } from './pace.ts';
import { readRetryAfter } from './retry-after.ts';

/** Who we are, to a server. */
export type Authority = {
  headers(request: { method: string; url: URL }, signal?: AbortSignal): Promise<Record<string, string>>;
  /** After a 401 to these headers. False: there is nothing to renew. */
  renew?(refused: Record<string, string>): boolean;
};

export type ClientOptions = {
  /** The only origin that is asked. */
  origin: string;
  authority?: Authority;
  signal?: AbortSignal | undefined;
  /** A 403 that means "too many" (Google, Canvas). */
  throttled?: (answer: { status: number; headers: IncomingHttpHeaders; json: unknown }) => boolean;
  limits?: Partial<Limits>;
  /** Default: shared with everybody who asks this host. */
  pace?: Pace;
};

export type Limits = {
  tries: number;
  /** ms; doubles with each try, and is drawn between none and all of it */
  backoff: number;
  longestBackoff: number;
  /** ms a server may ask us to wait before we leave it for tonight */
  longestWait: number;
  /** ms for one answer */
  timeout: number;
  /** ms for everything this client asks */
  total: number;
  maxBytes: number;
};
const defaults: Limits = {
  tries: 10,
  backoff: 200,
  longestBackoff: 30_000,
  longestWait: 10 * 60_000,
  timeout: 120_000,
  total: 6 * 3600_000,
  maxBytes: 256 * 1024 * 1024,
};

/** Any status below 500 but 401, 403 and 429: what it means is the caller's to say. `json` is null unless the status is 2xx. */
export type Got = { status: number; headers: IncomingHttpHeaders; json: unknown; url: URL };
export type Asked = {
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  /** Gives up this one question; the client's own gives up all of them. */
  signal?: AbortSignal;
  /** The answer is not parsed before: many objects that wait for their turn weigh more than their bytes. */
  due?: Promise<unknown>;
};

export type Client = {
  readonly origin: string;
  ask(url: string | URL, asked?: Asked): Promise<Got>;
};

type Again = { again: AppError; wait: number | null };
type Trial = { answer: Answer } | Again;

export function politeClient(options: ClientOptions): Client {
  const limits = { ...defaults, ...options.limits };
  const { authority } = options;
  const origin = new URL(options.origin).origin;
  const pace = options.pace ?? paceOf(new URL(origin).host);
  const end = Date.now() + limits.total;

  const once = async (url: URL, asked: Asked, mayRenew: boolean, signal?: AbortSignal): Promise<Trial> => {
    const method = asked.method ?? 'GET';
    // A token is everybody's: whoever gives up one question does not give it up for the others.
    const mine = (await authority?.headers({ method, url }, options.signal)) ?? {};
    const headers = { ...asked.headers, ...mine };
    const timeout = Math.max(1, Math.min(limits.timeout, end - Date.now()));
    const answer = await outbound(url, {
      method,
      headers,
      signal,
      timeout,
      maxBytes: limits.maxBytes,
      ...(asked.body && { body: asked.body }),
    });
    const { status } = answer;
    if (status === 401 && mayRenew && authority?.renew?.(mine)) return once(url, asked, false, signal);
    if (status === 401) throw denied(url, 'does not know us', 'Check the client id, the secret and the token address.');
    const json = status === 403 && options.throttled ? parsed(answer) : null;
    if (status === 429 || options.throttled?.({ status, headers: answer.headers, json })) return tooMany(url, answer);
    if (status === 403) throw denied(url, 'knows us and refuses', 'Ask whoever runs that system to grant this scope or permission.');
    if (status >= 500 || status === 408) {
      const wait = readRetryAfter(answer.headers, Date.now());
      return { again: failing(url, `answers ${status}`), wait };
    }
    return { answer };
  };

  const inTurn = async (url: URL, asked: Asked, signal?: AbortSignal): Promise<Trial> => {
    const start = await pace.enter(signal);
    try {
      const trial = await once(url, asked, true, signal);
      if ('answer' in trial) pace.answered();
      // No longer than that, or one answer could keep everybody from this host for a year.
      else if (trial.again.code === 'source_throttled') pace.throttled(start, Math.min(trial.wait ?? 0, limits.longestWait));
      return trial;
    } catch (error) {
      return { again: mayPass(error, url), wait: null };
    } finally {
      pace.leave();
    }
  };

  return {
    origin,
    async ask(address, asked = {}) {
      const url = new URL(address, origin);
      if (url.origin !== origin) throw elsewhere(origin, url);
      const signal = options.signal && asked.signal ? AbortSignal.any([options.signal, asked.signal]) : (options.signal ?? asked.signal);
      for (let tried = 1; ; tried++) {
        let trial = await inTurn(url, asked, signal);
        if ('answer' in trial) {
          await asked.due;
          const read = got(trial.answer, url);
          if ('json' in read) return read;
          trial = read;
        }
        const wait = trial.wait ?? Math.random() * Math.min(limits.longestBackoff, limits.backoff * 2 ** (tried - 1));
        if (tried >= limits.tries || wait > limits.longestWait || Date.now() + wait > end) throw trial.again;
        await pause(wait, signal);
      }
    },
  };
}

function got(answer: Answer, url: URL): Got | Again {
  const { status, headers } = answer;
  const json = status < 300 ? parsed(answer) : null;
  if (json !== undefined) return { status, headers, json, url };
  const again = unreadable(url);
  if (/html/i.test(headers['content-type'] ?? '')) throw again; // a page stands there, and will stand there in a minute
  return { again, wait: null };
}

/** Undefined when it is no JSON. */
function parsed({ status, body }: Answer): unknown {
  if (status === 204 || body.length === 0) return null;
  try {
    // Most pages of most districts are ASCII: that is told much faster than it is decoded.
    return JSON.parse(isAscii(body) ? body.toString('latin1') : body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function tooMany(url: URL, answer: Answer): Again {
  const wait = readRetryAfter(answer.headers, Date.now());
  const told = wait === null ? '' : ` and asks to wait ${Math.ceil(wait / 1000).toLocaleString('en-US')} seconds`;
  const again = new AppError('source_throttled', `${place(url)} says "too many requests"${told}`, {
    status: 503,
    consequence: 'retry',
    hint: 'The next sync tries again. If it happens every night, ask whoever runs that system for a higher limit.',
  });
  return { again, wait };
}

/** What outbound says, in a connector's words; what may not pass is thrown at once. */
function mayPass(error: unknown, url: URL): AppError {
  if (!(error instanceof AppError) || !error.code.startsWith('outbound_')) throw error;
  const { message, hint, consequence } = error;
  const code = error.code === 'outbound_unreachable' || error.code === 'outbound_timeout' ? 'source_unreachable' : 'source_contract_broken';
  const told = new AppError(code, `${place(url)}: ${message}`, { status: 502, consequence, cause: error, ...(hint && { hint }) });
  if (consequence === 'halt') throw told;
  return told;
}

/** For people: where, without what was asked. */
export const place = (url: URL): string => `${url.host}${url.pathname}`;

const denied = (url: URL, what: string, hint: string) =>
  new AppError('source_denied', `${place(url)} ${what}`, { status: 502, consequence: 'halt', hint });

const failing = (url: URL, what: string) =>
  new AppError('source_unreachable', `${place(url)} ${what}`, {
    status: 502,
    consequence: 'retry',
    hint: 'The next sync tries again. If it lasts, tell whoever runs that system.',
  });

const unreadable = (url: URL) =>
  new AppError('source_contract_broken', `${place(url)} answers with something that is not JSON`, {
    status: 502,
    consequence: 'halt',
    hint: 'Check the address: a web page, such as a sign-in, may stand there.',
  });

const elsewhere = (origin: string, url: URL) =>
  new AppError('source_contract_broken', `${origin} sends us on to ${url.origin}`, {
    status: 502,
    consequence: 'halt',
    hint: 'Our credentials go to the configured address only. If the system has moved, enter its new address.',
  });
