/** Attacks on a session: stealing, guessing, forging, borrowing and framing it. Each is described in docs/security/attacks.md. */
import type { Router } from 'express';
import { ltiRouter } from '../../../lti/router.ts';
import { openSession } from '../../../src/access/session.ts';
import { apiRouter } from '../../../src/api/router.ts';
import { secret, startApi } from '../../setup/api.ts';
import { freshDatabase } from '../../setup/database.ts';
import { newSchool } from '../../setup/school.ts';
import { teacher } from '../lti/payloads.ts';
import { openSchool } from '../lti/school.ts';

const db = await freshDatabase();
const api = await startApi(db);
const [one, two] = [await newSchool(db, 'Ash'), await newSchool(db, 'Fir')];
const service = await openSchool('service');
afterAll(async () => {
  await service.close();
  await api.close();
  await db.close();
});
const origin = new URL(api.url).origin;
const evil = 'https://attacker.example';

/** Every route of a router: asked of it, so that none is forgotten. */
const routesOf = (router: Router, method: 'get' | 'post'): string[] =>
  router.stack.flatMap(({ route }) => {
    const methods = (route as { methods?: Record<string, boolean> } | undefined)?.methods ?? {}; // Express keeps it, its types do not say so
    return route && methods[method] ? [String(route.path)] : [];
  });
const filled = (path: string) => path.replace(/:\w+/g, '1');
const routes = apiRouter({
  db,
  url: api.url,
  secret,
  office: {
    guides: [],
    invite: async () => ({ url: api.url, expiresAt: '' }),
    add: () => Promise.reject(new Error('not tested here')),
    test: () => Promise.reject(new Error('not tested here')),
  },
  onGoalsWished: () => {},
});
const acts = routesOf(routes, 'post').filter((path) => path !== '/session');
const reads = routesOf(routes, 'get');

test('attack 34: nothing can be done through a foreign page that has only the browser’s cookie (CSRF): every act there is', async () => {
  expect(acts.length).toBeGreaterThan(8);
  const { cookie } = one.people.it;
  for (const path of acts) {
    const foreign: Record<string, string>[] = [
      { cookie, origin: evil },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, origin: `${origin}.attacker.example` },
      { cookie },
    ];
    for (const headers of foreign) {
      const answer = await api.ask('POST', `/api${filled(path)}`, headers, {});
      expect({ path, headers, status: answer.status, body: answer.body }).toMatchObject({ status: 403, body: { code: 'foreign_page' } });
    }
  }
});

test('attack 35: nor with a form’s content types, which need no preflight', async () => {
  for (const path of acts) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { cookie: one.people.it.cookie, origin: evil, 'content-type': type };
      const answer = await fetch(`${api.url}/api${filled(path)}`, { method: 'POST', headers, body: '{"out":true}' });
      expect(answer.status).toBe(403);
    }
  }
});

test('attack 36: no other site may read an answer (CORS)', async () => {
  for (const path of ['/api/me', '/app/', '/lti/jwks']) {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin: evil, cookie: one.people.teacher.cookie, 'access-control-request-method': 'GET' };
      const answer = await fetch(`${api.url}${path}`, { method, headers });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  }
});

test('attack 37: without a session every route answers the same, whatever it is asked for', async () => {
  expect(reads.length).toBeGreaterThan(8);
  for (const path of reads) {
    for (const headers of [
      {},
      { authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      { authorization: "Bearer ' OR 1=1 --" },
      { cookie: 'aptt_session=x' },
    ]) {
      const { status, body } = await api.ask('GET', `/api${filled(path)}`, headers as Record<string, string>);
      expect({ path, status, body }).toMatchObject({ status: 401, body: { code: 'signed_out', detail: 'the session is over' } });
    }
  }
});

test('attack 38: a teacher, a parent, a student and a stranger reach nothing of district IT, nor a leader’s', async () => {
  const { teacher: teaches, parent, student, nobody, stranger } = one.people;
  const office = reads.filter((path) => /^\/(sync|pending|launches|platforms)/.test(path));
  expect(office.length).toBeGreaterThan(4);
  for (const { token } of [teaches, parent, student, nobody, stranger]) {
    for (const path of [...office, '/schools']) expect((await api.get(`/api${filled(path)}`, token)).status).toBe(403);
  }
});

test('attack 39: a session of one district finds nothing of another by its number', async () => {
  const { teacher: teaches, parent, leader, it } = one.people;
  const theirs = [`/api/classes/${two.classes.big}`, `/api/children/${two.own}`];
  for (const { token } of [teaches, parent, leader, it]) {
    for (const path of theirs) {
      const answer = await api.get(path, token);
      const nothing = await api.get(path.replace(/\d+$/, '999999999'), token);
      expect({ status: answer.status, body: answer.body }).toEqual({ status: nothing.status, body: nothing.body });
      expect(answer.status).toBe(404);
    }
  }
});

test('attack 40: a ticket opens once, for a minute, and only what it was made for', async () => {
  const identity = { districtId: one.districtId, accountId: null, roles: [], contextId: null, from: null, locale: null };
  const { ticket } = await openSession(db, secret, identity);
  const redeem = (body: unknown) => api.ask('POST', '/api/session', {}, body);
  const answers = await Promise.all(Array.from({ length: 20 }, () => redeem({ ticket })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  const late = await openSession(db, secret, identity);
  await db.sql`UPDATE session_ticket SET expires_at = now() - interval '1 second'`;
  expect(await redeem({ ticket: late.ticket })).toMatchObject({ status: 401, body: { code: 'ticket_used' } });
  expect((await api.get('/api/me', late.ticket)).status).toBe(401); // a ticket is no token
});

test('attack 41: a session a browser brings along is not taken over by a launch (fixation)', async () => {
  const platform = await service.newPlatform();
  const launch = async (cookie: string) => {
    const logged = await service.login(platform);
    const fields = { state: logged.state, id_token: await platform.sign(service.payloadOf(platform, logged, teacher)) };
    return service.post(fields, { cookie: `${logged.cookie}; ${cookie}` });
  };
  const planted = `aptt_session=${'A'.repeat(43)}`;
  const [first, second] = [await launch(planted), await launch(planted)];
  const cookies = [first, second].map(
    ({ headers }) =>
      headers
        .getSetCookie()
        .find((each) => each.startsWith('aptt_session='))
        ?.split(';')[0],
  );
  expect(new Set([...cookies, planted]).size).toBe(3);
  expect((await service.get('/api/me', { cookie: planted })).status).toBe(401);
});

test('attack 42: neither token nor ticket is in an address that is sent, stored or passed on as a referrer', async () => {
  const platform = await service.newPlatform();
  const { headers, status } = await service.launch(platform, teacher);
  const location = new URL(headers.get('location') ?? '', service.url);
  expect(status).toBe(303);
  expect(location.search).toBe('');
  expect(location.hash).toMatch(/^#ticket=[\w-]{43}/);
  expect(location.pathname).not.toContain(location.hash.slice(8));
  expect(headers.get('cache-control')).toBe('no-store');
  expect((await service.get(location.pathname)).headers.get('referrer-policy')).toBe('no-referrer');
});

test('attack 43: a token signed out is worth nothing, by header or by cookie', async () => {
  const identity = { districtId: one.districtId, accountId: null, roles: [], contextId: null, from: null, locale: null };
  const { ticket, cookie } = await openSession(db, secret, identity);
  const { token } = (await api.ask('POST', '/api/session', {}, { ticket })).body as { token: string };
  expect((await api.get('/api/me', token)).status).toBe(200);
  expect((await api.post('/api/logout', token)).status).toBe(204);
  expect((await api.get('/api/me', token)).status).toBe(401);
  expect((await api.ask('GET', '/api/me', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(401);
});

test('attack 44: no page or answer can be framed by a stranger, sniffed into another type, or kept by a cache', async () => {
  for (const path of ['/api/me', '/api/nothing', '/app/', '/nothing', '/healthz']) {
    const { headers } = await api.ask('GET', path, {});
    if (path !== '/healthz') expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    if (path !== '/healthz') expect(headers.get('x-content-type-options')).toBe('nosniff');
    if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store');
  }
});

test('attack 45: a body cannot change what every object inherits', async () => {
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"measureId":"1"}';
  const headers = { authorization: `Bearer ${one.people.teacher.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${api.url}/api/classes/${one.classes.big}/meetings`, { method: 'POST', headers, body });
  expect(answer.status).toBeLessThan(500);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('attack 46: a path written another way leads nowhere else', async () => {
  const { token } = one.people.teacher;
  for (const path of [
    '/api/../api/sync/sources',
    '/api/%2e%2e/api/sync/sources',
    '/api//sync/sources',
    '/api/sync;/sources',
    '/API/sync/sources',
    '/api/classes/1%00',
    '/api/classes/..%2fsync',
    '/app/assets/..%5c..%5cpackage.json',
    '/app/in/../../etc/passwd',
  ]) {
    const { status } = await api.get(path, token);
    expect([403, 404, 503]).toContain(status); // 503: the test's own pages are not built
  }
});

test('attack 47: a numberless, huge or hostile number in an address is nothing', async () => {
  const { token } = one.people.teacher;
  for (const id of ['0', '-1', '1e9', '1.0', '٣', '1%20OR%201=1', "1'--", '9'.repeat(400), 'NaN', '__proto__', '%F0%9F%98%80']) {
    expect((await api.get(`/api/classes/${id}`, token)).status).toBe(404);
  }
});

test('attack 48: a body without measure, or not JSON, is refused with a stable code', async () => {
  const headers = { authorization: `Bearer ${one.people.teacher.token}`, 'content-type': 'application/json' };
  const send = (body: string) => fetch(`${api.url}/api/connect`, { method: 'POST', headers, body });
  for (const body of ['{', 'x'.repeat(20_000), '['.repeat(8000), '"\\ud800"', 'null', '1', '[]']) {
    const answer = await send(body);
    expect([400, 413]).toContain(answer.status);
    expect(((await answer.json()) as { code: string }).code).toMatch(/^request_(invalid|too_large)$/);
  }
});

test('attack 49: every door that takes a post was thought of', () => {
  const doors = routesOf(ltiRouter({ db, url: api.url, secret, onLaunch: async () => {}, admit: async () => '' }), 'post');
  // A new door needs its attacks here first: who may post to it, and what proves it?
  expect(doors.sort()).toEqual([
    '/lti/classroom-sign-in',
    '/lti/deep-link',
    '/lti/launch',
    '/lti/login',
    '/lti/notices',
    '/lti/register-:invitation',
    '/lti/teams-sign-in',
  ]);
});
