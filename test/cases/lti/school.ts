/**
 * A tool behind a real server, and platforms under the test's thumb: each with its own keys, a key set served over HTTP that can be counted,
 * changed or switched off, and a hand that signs whatever a case needs.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { LaunchEvent } from '../../../lti/event.ts';
import { platformKeys } from '../../../lti/jwks.ts';
import type { Launch } from '../../../lti/launch-shape.ts';
import { addPlatform, type Registration } from '../../../lti/platforms.ts';
import { type LtiOptions, ltiRouter } from '../../../lti/router.ts';
import type { Db } from '../../../src/db/db.ts';
import { startService } from '../../../src/main.ts';
import { freshDatabase, newDistrict } from '../../setup/database.ts';
import type { Payload } from './payloads.ts';

type Key = { kid: string; privateKey: CryptoKey; publicJwk: JWK };

export type TestPlatform = {
  districtId: number;
  id: number;
  issuer: string;
  clientId: string;
  key: Key;
  jwks: { keys: JWK[]; up: boolean; requests: number };
  sign(payload: Payload, options?: { header?: Record<string, unknown>; key?: CryptoKey }): Promise<string>;
};
export type LoggedIn = { state: string; nonce: string; cookie: string; location: URL; status: number };
export type Answer = { status: number; html: string; headers: Headers; launch: Launch | null; event: LaunchEvent | null };

export async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

export const secret = 'a secret of at least thirty-two characters';

/** @param serve the tool by itself, which remembers launches and events; or the whole service, where only its answers are seen */
export async function openSchool(serve: 'tool' | 'service' = 'tool', { failuresPerMinute = 1e6 } = {}) {
  const db = await freshDatabase();
  const closers: (() => Promise<unknown>)[] = [() => db.close()];
  const clock = { ahead: 0 };
  const launches: Launch[] = [];
  const events: LaunchEvent[] = [];

  const started = serve === 'service' ? await startWhole(db) : await startTool({ db, clock, launches, events }, failuresPerMinute);
  const { url } = started;
  closers.unshift(started.close);

  async function newPlatform(given: Partial<Registration> & { districtId?: number; kid?: string } = {}): Promise<TestPlatform> {
    const key = await newKey(given.kid ?? 'key-1');
    const jwks = { keys: [key.publicJwk], up: true, requests: 0 };
    const keyServer = await listening(
      createServer((_req, res) => {
        jwks.requests++;
        res.writeHead(jwks.up ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: jwks.keys }));
      }),
    );
    closers.unshift(() => closed(keyServer));
    const base = `http://127.0.0.1:${port(keyServer)}`;
    const { districtId = await newDistrict(db), kid: _, ...registration } = given;
    const platform = await addPlatform(db, districtId, {
      issuer: base,
      clientId: 'client-1',
      authUrl: `${base}/auth`,
      tokenUrl: `${base}/token`,
      jwksUrl: `${base}/jwks`,
      deploymentIds: ['deployment-1'],
      trustCustom: true,
      ...registration,
    });
    const mine: TestPlatform = {
      districtId,
      id: platform.id,
      issuer: platform.issuer,
      clientId: platform.clientId,
      key,
      jwks,
      sign: (payload, { header = {}, key: other } = {}) =>
        new SignJWT(payload)
          .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: mine.key.kid, ...header })
          .sign(other ?? mine.key.privateKey),
    };
    return mine;
  }

  const target = `${url}/app`;
  const loginRequest = (platform: TestPlatform): Record<string, string> => ({
    iss: platform.issuer,
    client_id: platform.clientId,
    login_hint: 'hint-1',
    target_link_uri: target,
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers, redirect: 'manual' });

  /** The answer to anything that may be refused, with what the tool did meanwhile. */
  async function answer(request: () => Promise<Response>): Promise<Answer> {
    const before = { launches: launches.length, events: events.length };
    const response = await request();
    const html = await response.text();
    // Several at once: a refusal is found by its reference.
    const refusal = events.find((event) => event.reference !== null && html.includes(event.reference));
    const accepted = response.status < 400;
    return {
      status: response.status,
      html,
      headers: response.headers,
      launch: accepted ? (launches[before.launches] ?? null) : null,
      event: refusal ?? (accepted ? (events[before.events] ?? null) : null),
    };
  }

  const askLogin = (parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
    answer(() => get(`/lti/login?${new URLSearchParams(parameters)}`, headers));

  async function login(
    platform: TestPlatform,
    extra: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<LoggedIn> {
    const { status, headers: got, html } = await askLogin({ ...loginRequest(platform), ...extra }, headers);
    const location = new URL(got.get('location') ?? nextOf(html));
    const said = (name: string) => location.searchParams.get(name) ?? '';
    return { state: said('state'), nonce: said('nonce'), cookie: (got.get('set-cookie') ?? '').split(';')[0] ?? '', location, status };
  }

  /** The payload as this platform would send it now in answer to this login. */
  function payloadOf(platform: TestPlatform, logged: LoggedIn, claims: Payload): Payload {
    const now = Math.floor(Date.now() / 1000);
    const payload: Payload = {
      iss: platform.issuer,
      aud: platform.clientId,
      iat: now,
      exp: now + 300,
      nonce: logged.nonce,
      'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': target,
      ...claims,
    };
    return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  }

  /** Any of the tool's doors. */
  const ask = (path: string, fields: [string, string][], headers: Record<string, string> = {}): Promise<Answer> =>
    answer(() => fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' }));

  const see = (path: string, headers: Record<string, string> = {}): Promise<Answer> => answer(() => get(path, headers));

  const post = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
    ask('/lti/launch', Object.entries(fields), headers);

  /** Login and launch of one person, in one browser. */
  async function launch(
    platform: TestPlatform,
    claims: Payload,
    signing: { header?: Record<string, unknown>; key?: CryptoKey; login?: Record<string, string> } = {},
  ): Promise<Answer> {
    const logged = await login(platform, signing.login);
    const idToken = await platform.sign(payloadOf(platform, logged, claims), signing);
    return post({ state: logged.state, id_token: idToken }, { cookie: logged.cookie });
  }

  return {
    db,
    url,
    target,
    clock,
    launches,
    events,
    newPlatform,
    loginRequest,
    askLogin,
    login,
    payloadOf,
    ask,
    see,
    post,
    launch,
    get,
    close: async () => {
      for (const close of closers) await close();
    },
  };
}
type World = { db: Db; clock: { ahead: number }; launches: Launch[]; events: LaunchEvent[] };

async function startTool({ db, clock, launches, events }: World, failuresPerMinute: number) {
  const app = express();
  const server = await listening(createServer(app));
  const url = `http://localhost:${port(server)}`;
  const onLaunch: LtiOptions['onLaunch'] = async (launch, _req, res) => {
    launches.push(launch);
    res.redirect(303, '/app');
  };
  const keys = platformKeys({ now: () => Date.now() + clock.ahead });
  app.use(ltiRouter({ db, url, secret, keys, onLaunch, log: (event) => events.push(event), failuresPerMinute }));
  return { url, close: () => closed(server) };
}

const startWhole = (db: Db) =>
  startService({ db, url: '', port: 0, secret, log: 'silent', limits: { perSession: 100_000, perAddress: 100_000 } });

export type School = Awaited<ReturnType<typeof openSchool>>;

/** Where the login's own page goes on to. */
const nextOf = (html: string): string => (/data-next="([^"]*)"/.exec(html)?.[1] ?? 'about:blank').replaceAll('&amp;', '&');

/** 4xx, a page in plain words with a reference, one log event with the stable reason, and nobody let in. */
export function expectRefused(answer: Answer, reason: string): void {
  expect(answer.event).toMatchObject({ outcome: 'refused', reason });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.launch).toBeNull();
  expect(answer.html).toContain('<h1>');
  expect(answer.html).toContain(answer.event?.reference ?? 'no reference');
}

/** Handed on to the service, once. */
export function expectLaunched(answer: Answer): Launch {
  expect(answer.event).toMatchObject({ outcome: 'accepted', reason: null });
  expect(answer.status).toBe(303);
  if (!answer.launch) throw new Error('nobody was let in');
  return answer.launch;
}

export async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  return server;
}
const port = (server: Server): number => (server.address() as AddressInfo).port; // a TCP server that listens has one
function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
