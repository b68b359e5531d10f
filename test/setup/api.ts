/** The real service around a test's database, and people signed in to it. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pino, { type Logger } from 'pino';
import { insertPlatform } from '../../lti/platforms.ts';
import { failurePage } from '../../lti/router.ts';
import { openSession, redeemTicket, type SessionRole } from '../../src/access/session.ts';
import { framing } from '../../src/api/framing.ts';
import { createServer } from '../../src/api/server.ts';
import type { Db } from '../../src/db/db.ts';

export const secret = 'a secret of at least thirty-two characters';

export type Answer = { status: number; body: unknown; text: string; headers: Headers };
export type Api = Awaited<ReturnType<typeof startApi>>;

export async function startApi(db: Db, options: { limits?: { perSession: number; perAddress: number }; log?: Logger } = {}) {
  const server = createHttpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`; // a listening TCP server has an address object
  const limits = options.limits ?? { perSession: 1e6, perAddress: 1e6 };
  const log = options.log ?? pino({ level: 'silent' });
  const frames = framing(secret, async () => ['https://lms.example.org']);
  const wished: [number, number][] = [];
  const app = createServer({
    db,
    url,
    secret,
    lti: express.Router(),
    ltiFailed: failurePage(() => {}),
    framing: frames,
    office: {
      guides: [],
      invite: async () => ({ url: 'https://aptt.example.org/lti/register-x', expiresAt: new Date().toISOString() }),
      add: insertPlatform,
      test: () => Promise.reject(new Error('not tested here')),
    },
    onGoalsWished: (...of) => wished.push(of),
    webFolder: 'none',
    log,
    limits,
  });
  server.on('request', app);

  const ask = async (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, text, headers: response.headers, body: isJson ? JSON.parse(text) : null };
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  return {
    url,
    frames,
    /** Of whose grade books something was wished. */
    wished,
    ask,
    get: (path: string, token: string) => ask('GET', path, bearer(token)),
    post: (path: string, token: string, body: unknown = {}) => ask('POST', path, bearer(token), body),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Person = {
  districtId: number;
  roles: SessionRole[];
  userId?: number | null;
  children?: number[];
  contextId?: number | null;
  deploymentId?: string;
  email?: string;
};

let subs = 0;

/** An account of a platform of the district, with an open session. */
export async function signIn(
  db: Db,
  { districtId, roles, userId = null, children = [], contextId = null, deploymentId = 'one', email }: Person,
) {
  const { accountId, platformId } = await db.inDistrict(districtId, async (tx) => {
    const [platform] = await tx<{ id: number }[]>`
      INSERT INTO lti_platform (district_id, issuer, client_id, auth_url, token_url, jwks_url)
      VALUES (${districtId}, ${`https://lms-${districtId}.example.org`}, 'tool', 'https://x.example.org/a', 'https://x.example.org/t', 'https://x.example.org/k')
      ON CONFLICT (issuer, client_id) DO UPDATE SET active = true RETURNING id`;
    const platformId = platform?.id ?? 0;
    await tx`INSERT INTO lti_deployment (district_id, platform_id, deployment_id, status)
      VALUES (${districtId}, ${platformId}, ${deploymentId}, 'active') ON CONFLICT DO NOTHING`;
    const [account] = await tx<{ id: number }[]>`
      INSERT INTO lti_account (district_id, platform_id, sub, user_id, email)
      VALUES (${districtId}, ${platformId}, ${`sub-${++subs}`}, ${userId}, ${email ?? null}) RETURNING id`;
    const id = account?.id ?? 0;
    for (const child of children) {
      await tx`INSERT INTO lti_mentor (district_id, account_id, context_id, student_id) VALUES (${districtId}, ${id}, 0, ${child})`;
    }
    return { accountId: id, platformId };
  });
  const identity = { districtId, accountId, roles, contextId, from: { platformId, deploymentId }, locale: 'en' };
  const { ticket, cookie } = await openSession(db, secret, identity);
  const { token } = await redeemTicket(db, secret, ticket);
  return { token, accountId, cookie: cookie.split(';')[0] ?? '' };
}
