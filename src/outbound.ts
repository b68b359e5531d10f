/**
 * The one way out: every HTTP request this service makes of a machine it does not own. An address somebody typed must not become a door into
 * the operator's network, so only public https addresses are called, or hosts the operator named (APTT_ALLOW_PRIVATE_HOSTS). The address that
 * was judged is the address that is connected to: a name that resolves otherwise the second time gains nothing. Redirects stay on their origin.
 * Errors name the origin only: never a path, a query, a header or a body.
 * @throws AppError `outbound_refused` | `outbound_unreachable` | `outbound_timeout` | `outbound_too_large` | `outbound_redirected`;
 *   when `signal` aborts, its reason
 */
import dns from 'node:dns';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createGunzip } from 'node:zlib';
import { readEnv } from '../config/env.ts';
import { type AddressKind, kindOf } from './addresses.ts';
import { AppError } from './errors.ts';

export type Ask = {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  signal?: AbortSignal | undefined;
  /** ms until a connection stands, TLS included */
  connectTimeout?: number;
  /** ms for everything, the whole body and every redirect included */
  timeout?: number;
  /** of the body, unpacked */
  maxBytes?: number;
  /** Default: what the operator allows. */
  privateHosts?: readonly string[];
  /** Default: the system's. */
  lookup?: typeof dns.lookup;
};

/** A status of 400 or more is an answer, not an error. */
export type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer; url: string };

const maxRedirects = 3;
const defaults = { connectTimeout: 10_000, timeout: 60_000, maxBytes: 8 * 1024 * 1024 };
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxFreeSockets: 16, timeout: 60_000 }),
  'https:': new https.Agent({ keepAlive: true, maxFreeSockets: 16, timeout: 60_000 }),
};

let operators: readonly string[] | null = null;

/** Decides, for the life of the process, instead of the environment: the demo's systems are on this machine. */
export function allowPrivateHosts(hosts: readonly string[]): void {
  operators = hosts;
}

export async function outbound(address: string | URL, ask: Ask = {}): Promise<Answer> {
  operators ??= readEnv().privateHosts;
  let url = parsed(address);
  const bounded = new AbortController();
  const timer = setTimeout(() => bounded.abort(), ask.timeout ?? defaults.timeout);
  const signal = ask.signal ? AbortSignal.any([ask.signal, bounded.signal]) : bounded.signal;
  try {
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const answer = await once(url, ask, signal);
      const next = redirected(answer, url, ask.method ?? 'GET');
      if (!next) return answer;
      url = next;
    }
    throw new AppError('outbound_redirected', `${url.origin} redirects in circles`, { consequence: 'halt', hint: 'Check the address.' });
  } catch (error) {
    if (ask.signal?.aborted) throw ask.signal.reason;
    if (bounded.signal.aborted) throw timedOut(url, 'did not finish its answer in time');
    throw error instanceof AppError ? error : unreachable(url, error);
  } finally {
    clearTimeout(timer);
  }
}

function parsed(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password) return url;
  throw new AppError('outbound_refused', 'this is not an https address without user name and password', {
    consequence: 'halt',
    hint: 'Write the address as https://host/path.',
  });
}

/** Of a GET only: what was posted is posted once. */
function redirected({ status, headers }: Answer, from: URL, method: string): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || !headers.location || (method !== 'GET' && method !== 'HEAD')) return null;
  const next = URL.canParse(headers.location, from.href) ? new URL(headers.location, from) : null;
  if (next?.origin === from.origin && !next.username && !next.password) return next;
  const where = next ? `to ${next.origin}` : 'to an address that cannot be read';
  throw new AppError('outbound_redirected', `${from.origin} redirects ${where}`, {
    consequence: 'halt',
    hint: 'If the system has moved, enter its new address.',
  });
}

function once(url: URL, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const judge = judgeOf(url, ask.privateHosts ?? operators ?? []);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) judge([host]); // a literal address is never looked up
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent: agents[url.protocol as keyof typeof agents], // `parsed` took nothing else
      method: ask.method ?? 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'APTT-Connect', ...ask.headers },
      lookup: judged(judge, ask.lookup ?? dns.lookup),
      signal,
    });
    let answered = false;
    const connecting = setTimeout(
      () => sent.destroy(timedOut(url, 'does not accept a connection in time')),
      ask.connectTimeout ?? defaults.connectTimeout,
    );
    const connected = () => clearTimeout(connecting);
    sent.on('socket', (socket) => {
      if (socket.connecting) return socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
      connected();
      try {
        judge([socket.remoteAddress ?? '']); // a connection kept from before
      } catch (refused) {
        sent.destroy(refused as Error); // an AppError of `judge`
      }
    });
    sent.on('close', connected);
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The far side had closed the kept connection already: nothing was asked yet.
      const unasked = sent.reusedSocket && error.code === 'ECONNRESET' && sent.method === 'GET' && !answered;
      if (unasked) resolve(once(url, ask, signal));
      else reject(error);
    });
    sent.on('response', (response) => {
      answered = true;
      read(response, url, ask.maxBytes ?? defaults.maxBytes)
        .then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, url: url.href }))
        .catch((error: unknown) => {
          sent.destroy();
          reject(error);
        });
    });
    sent.end(ask.body);
  });
}

async function read(response: IncomingMessage, url: URL, maxBytes: number): Promise<Buffer> {
  const packed = /^(x-)?gzip$/i.test(response.headers['content-encoding'] ?? '');
  const unpacker = packed ? createGunzip() : null;
  if (unpacker) response.on('error', (error) => unpacker.destroy(error)).pipe(unpacker);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (unpacker ?? response) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new AppError(
        'outbound_too_large',
        `${url.origin} answers with more than ${Math.round(maxBytes / 1024).toLocaleString('en-US')} KB`,
        {
          consequence: 'halt',
          hint: 'Check that the address is the right one; ask for smaller pages where that is a setting.',
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Which of a host's addresses may be called. @throws AppError when none */
function judgeOf(url: URL, privateHosts: readonly string[]) {
  const listed = isListed(url.hostname.toLowerCase(), privateHosts);
  const may: Record<AddressKind, boolean> = { public: url.protocol === 'https:', private: listed, never: false };
  return (addresses: string[]): string[] => {
    const permitted = addresses.filter((address) => may[kindOf(address)]);
    if (permitted.length > 0) return permitted;
    const kinds = new Set(addresses.map(kindOf));
    const [what, hint] = kinds.has('public')
      ? ['not encrypted (http)', 'Use its https address.']
      : kinds.has('private')
        ? [
            'an address of a private network',
            `If it is yours and meant, whoever runs this service adds ${url.hostname} to APTT_ALLOW_PRIVATE_HOSTS.`,
          ]
        : ['an address that is never called', 'It is no school system’s: check what was entered, or where its name leads.'];
    throw new AppError('outbound_refused', `${url.origin} is ${what}`, { consequence: 'halt', hint });
  };
}

const thisMachine = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const isListed = (host: string, privateHosts: readonly string[]): boolean =>
  privateHosts.some(
    (listed) => listed === '*' || listed === host || `[${listed}]` === host || (listed === 'localhost' && thisMachine.test(host)),
  );

/** The socket connects to what this hook hands it, and to nothing else. */
const judged =
  (judge: (addresses: string[]) => string[], lookup: typeof dns.lookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      try {
        const permitted = new Set(judge(found.map(({ address }) => address)));
        const left = found.filter(({ address }) => permitted.has(address));
        const [first] = left;
        if (options.all || !first) callback(null, left);
        else callback(null, first.address, first.family);
      } catch (refused) {
        callback(refused as Error, []); // an AppError of `judge`
      }
    });
  };

const timedOut = (url: URL, what: string) =>
  new AppError('outbound_timeout', `${url.origin} ${what}`, { consequence: 'retry', hint: 'It may be busy: try again later.' });

/** What only a person can mend; everything else may pass by itself. */
const lasting: Record<string, string> = {
  ENOTFOUND: 'there is no such host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody known',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  EPROTO: 'it does not speak https there',
};
const passing: Record<string, string> = {
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'it broke off the connection',
  EAI_AGAIN: 'the host’s name cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

function unreachable(url: URL, cause: unknown): AppError {
  const code = String((cause as { code?: unknown } | null)?.code); // Node's errors carry one
  const why = lasting[code] ?? passing[code] ?? 'the connection failed';
  return new AppError('outbound_unreachable', `${url.origin} cannot be reached: ${why}`, {
    consequence: code in lasting ? 'halt' : 'retry',
    hint: code in lasting ? 'Check the address; whoever runs that system can mend the rest.' : 'Check the address, or try again later.',
    cause,
  });
}
