import { Writable } from 'node:stream';
import pino from 'pino';
import { framing } from '../../src/api/framing.ts';
import { type Api, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
beforeAll(async () => {
  api = await startApi(db);
  school = await newSchool(db, 'Pine');
});
afterAll(async () => {
  await api.close();
  await db.close();
});

test('only the platform a session came from may frame a page, and a page runs nothing but our own files', async () => {
  const ours =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ";
  const policyAt = async (path: string) => (await api.ask('GET', path, {})).headers.get('content-security-policy');
  expect(await policyAt(api.frames.addressFor(7))).toBe(`${ours}https://lms.example.org`);
  const { headers } = await api.ask('GET', '/app/', {});
  expect(headers.get('content-security-policy')).toBe(`${ours}'none'`);
  expect(headers.get('x-frame-options')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('nobody can ask which platforms there are: an address without our mark names none', async () => {
  const [, , , marked = ''] = api.frames.addressFor(7).split('/');
  const another = api.frames.addressFor(8).split('/')[3]?.split('.')[1];
  for (const place of [
    '7',
    '7.',
    `7.${'A'.repeat(22)}`,
    `7.${another}`,
    `8.${marked.split('.')[1]}`,
    `07.${marked.slice(2)}`,
    `${marked}=`,
    '%00',
  ]) {
    const { headers } = await api.ask('GET', `/app/in/${place}/`, {});
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
});

test('a database that does not answer for a moment keeps nobody out of a frame for longer', async () => {
  const read = async () => {
    if (fails) throw new Error('no answer');
    return ['https://lms.example.org'];
  };
  let fails = true;
  const frames = framing('secret', read);
  const place = frames.addressFor(7).split('/')[3] ?? '';
  expect(await frames.originsFor(place)).toEqual([]);
  fails = false;
  expect(await frames.originsFor(place)).toEqual(['https://lms.example.org']);
  fails = true;
  expect(await frames.originsFor(place)).toEqual(['https://lms.example.org']);
});

test('the service says whether it lives and whether it can serve', async () => {
  expect(await api.ask('GET', '/healthz', {})).toMatchObject({ status: 200, body: { ok: true } });
  expect(await api.ask('GET', '/readyz', {})).toMatchObject({ status: 200, body: { ok: true } });
});

test('every error is a problem with a stable code, and none is ever stored', async () => {
  const { token } = school.people.teacher;
  const expected: [Promise<unknown>, number, string][] = [
    [api.ask('GET', '/api/me', {}), 401, 'signed_out'],
    [api.get('/api/nothing', token), 404, 'not_found'],
    [api.get('/api/classes/abc', token), 404, 'not_found'],
    [api.get('/api/classes/1e3', token), 404, 'not_found'],
    [api.get('/api/classes/99999999999999999999', token), 404, 'not_found'],
    [api.get(`/api/classes/${school.classes.big}?measure=x`, token), 400, 'request_invalid'],
    [api.get(`/api/classes/${school.classes.big}?measure=999999`, token), 404, 'not_found'],
    [api.post(`/api/classes/${school.classes.big}/meetings`, token, { measureId: 7 }), 400, 'request_invalid'],
    [api.post(`/api/classes/${school.classes.big}/meetings`, token, {}), 400, 'request_invalid'],
    [api.ask('POST', '/api/session', {}, { ticket: 'x' }), 400, 'request_invalid'],
    [api.ask('POST', '/api/session', {}, { ticket: 'x'.repeat(43) }), 401, 'ticket_used'],
    [api.post('/api/connect', token, { classId: String(school.classes.big) }), 409, 'no_course'],
    [api.post('/api/connect', token, { filler: 'x'.repeat(20_000) }), 413, 'request_too_large'],
  ];
  for (const [answer, status, code] of expected) {
    const { body, headers, ...rest } = (await answer) as Awaited<ReturnType<Api['get']>>;
    expect({ status: rest.status, code: (body as { code: string }).code }).toEqual({ status, code });
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ type: `urn:aptt:problem:${code}`, status, title: expect.any(String), detail: expect.any(String) });
  }
});

test('a body that is no JSON is told so, without a word of it', async () => {
  const response = await fetch(`${api.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"ticket": secret',
  });
  const text = await response.text();
  expect(response.status).toBe(400);
  expect(text).not.toContain('secret');
});

test('a page that asks far too often is told to wait, and others are not', async () => {
  const small = await startApi(db, { limits: { perSession: 5, perAddress: 1000 } });
  const { teacher, parent } = school.people;
  const answers = [];
  for (let i = 0; i < 7; i++) answers.push(await small.get('/api/me', teacher.token));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
  expect(answers[6]?.body).toMatchObject({ code: 'too_many_requests' });
  expect(Number(answers[6]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await small.get('/api/me', parent.token)).status).toBe(200);
  await small.close();
});

test('dressing up one session in other cookies earns no more requests', async () => {
  const small = await startApi(db, { limits: { perSession: 2, perAddress: 1000 } });
  const { cookie } = school.people.teacher;
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await small.ask('GET', '/api/me', { cookie: `dress=${i}; ${cookie}` }));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429, 429]);
  await small.close();
});

test('people whose launch meets a limit or a defect get a page in their language, machines a problem', async () => {
  const small = await startApi(db, { limits: { perSession: 10, perAddress: 0 } });
  const login = await small.ask('GET', '/lti/login?iss=x', { 'accept-language': 'es' });
  expect(login).toMatchObject({ status: 429, text: expect.stringContaining('<h1>Demasiadas personas') });
  expect(login.headers.get('content-type')).toContain('text/html');
  expect(login.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(login.headers.get('cache-control')).toBe('no-store');
  expect(Number(login.headers.get('retry-after'))).toBeGreaterThan(0);
  for (const path of ['/lti/jwks', '/api/me'])
    expect(await small.ask('GET', path, {})).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
  await small.close();
});

test('a defect is logged by its place, without the row it happened with', async () => {
  const lines: string[] = [];
  const log = pino(new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) }));
  const logged = await startApi(db, { log });
  await db.sql`ALTER TABLE chart_opt_out ADD CONSTRAINT broken CHECK (student_id < 0)`;
  const answer = await logged.post(`/api/children/${school.own}/opt-out`, school.people.parent.token, { out: true });
  await db.sql`ALTER TABLE chart_opt_out DROP CONSTRAINT broken`;
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error' } });
  const line = lines.find((one) => one.includes('unexpected')) ?? '';
  expect(JSON.parse(line)).toMatchObject({ name: 'PostgresError', code: '23514', message: null, at: expect.any(Array) });
  expect(line).toContain('setOptOut');
  for (const told of ['Failing row', 'broken', school.mark, `(${school.districtId},`]) expect(line).not.toContain(told);
  await logged.close();
});

test('pages that are not built say so', async () => {
  expect(await api.ask('GET', '/app/', {})).toMatchObject({ status: 503, body: { code: 'web_not_built' } });
  expect((await api.ask('GET', '/', {})).headers.get('location')).toBe('/app/');
  for (const path of ['/app/assets/../index.html', '/app/assets/..%2f..%2fpackage.json', '/app/assets/none.js']) {
    expect((await api.ask('GET', path, {})).status).toBe(404);
  }
});

test('the log names routes, outcomes and reasons, and never an id, a token or a person', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const watched = await startApi(db, { log: pino({ level: 'debug', base: null }, sink) });
  const { teacher, parent } = school.people;
  await watched.get(`/api/classes/${school.classes.big}?measure=${school.measures.moy}`, teacher.token);
  await watched.get(`/api/children/${school.own}`, parent.token);
  await watched.get('/api/children/987654321', parent.token);
  await watched.ask('POST', '/api/session', {}, { ticket: 't'.repeat(43) });
  await watched.close();
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ method, route, status, reason }) => [method, route, status, reason])).toEqual([
    ['GET', '/api/classes/:id', 200, undefined],
    ['GET', '/api/children/:id', 200, undefined],
    ['GET', '/api/children/:id', 404, 'not_found'],
    ['POST', '/api/session', 401, 'ticket_used'],
  ]);
  for (const secretText of [teacher.token, parent.token, 'ttt', '987654321', 'measure=', school.mark]) {
    expect(lines.join('')).not.toContain(secretText);
  }
});
