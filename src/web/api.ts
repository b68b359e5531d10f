/**
 * The page's only way to the server. Keeps the session: a one-time ticket from the launch becomes a token, held in memory and, where the
 * browser allows, in this tab's storage; cookies are sent too, so either way alone is enough.
 * @throws Failure, and nothing else.
 */
import type { ProblemShape } from '../read-models/shapes.ts';

export type FailureKind = 'offline' | 'signed_out' | 'not_here' | 'changed' | 'busy' | 'refused' | 'broken';

/** Why an answer did not come. The page words each kind, and some codes; the code is also for the people who help. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  /** Of what was sent, what the server did not take. */
  readonly field: string | null;

  constructor(kind: FailureKind, code: string, field: string | null = null) {
    super(code);
    this.kind = kind;
    this.code = code;
    this.field = field;
  }
}

const tokenKey = 'aptt.token';
let token: string | null = null;
let signedOut: () => void = () => {};
let visited = false;

/** Called at every 401: the session is over, whatever was on screen. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** Whether there was a visit here that could have ended: a launch, or a session this tab kept. */
export const hasVisited = (): boolean => visited;

/** Takes the ticket out of the address before anything else can see it, and exchanges it. Without one, an earlier session of this tab goes on. */
export async function openSession(): Promise<void> {
  const { ticket, open } = /^#ticket=(?<ticket>[^&]+)(&open=(?<open>\w+))?$/.exec(location.hash)?.groups ?? {};
  if (!ticket) {
    token = storedToken();
    visited = token !== null;
    return;
  }
  visited = true;
  history.replaceState(null, '', `${location.pathname}${open ? `#/open/${open}` : ''}`);
  storeToken(null); // a new launch is a new person until the server says otherwise
  const session = await send<{ token: string }>('/api/session', { ticket: decodeURIComponent(ticket) });
  storeToken(session.token);
}

/** @returns the server's answer, whose type is the route's shape in read-models/shapes.ts */
export function load<T>(path: string): Promise<T> {
  return ask<T>(path, { method: 'GET' });
}

export function send<T = unknown>(path: string, body: object = {}): Promise<T> {
  return ask<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

/** The file itself, whatever it holds: nothing of it is read here. */
export function handOver<T>(path: string, file: File): Promise<T> {
  return ask<T>(`${path}/${encodeURIComponent(file.name)}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const headers = new Headers(init.headers);
  headers.set('accept', 'application/json, application/problem+json');
  if (token) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers, credentials: 'same-origin', cache: 'no-store' }).catch(() => {
    throw new Failure('offline', 'no_answer');
  });
  if (!response.ok) throw await failureOf(response);
  visited = true; // a cookie may carry the session, too
  if (response.status === 204) return undefined as T; // routes without an answer are asked as `send<unknown>`
  return response.json().catch(() => {
    throw new Failure('broken', 'answer_unreadable');
  }) as Promise<T>; // the routes answer with the shapes of read-models/shapes.ts
}

const kinds: Record<number, FailureKind> = { 401: 'signed_out', 403: 'not_here', 404: 'not_here', 409: 'changed', 429: 'busy' };

async function failureOf(response: Response): Promise<Failure> {
  const kind = kinds[response.status] ?? (response.status < 500 ? 'refused' : 'broken');
  if (kind === 'signed_out') {
    storeToken(null);
    signedOut();
  }
  // A proxy in between may answer with a page of its own: then the status is all we know.
  const problem = (await response.json().catch(() => null)) as Partial<ProblemShape> | null;
  return new Failure(kind, problem?.code ?? `http_${response.status}`, problem?.field);
}

function storeToken(value: string | null): void {
  token = value;
  try {
    if (value === null) sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, value);
  } catch {
    // Storage is blocked in this frame: memory and the cookie carry the session.
  }
}

function storedToken(): string | null {
  try {
    return sessionStorage.getItem(tokenKey);
  } catch {
    return null;
  }
}
