import { openSession, purgeSessions, redeemTicket, sessionOf } from '../../src/access/session.ts';
import { type Api, secret, signIn, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
beforeAll(async () => {
  api = await startApi(db);
  school = await newSchool(db, 'Fir');
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const open = async () => {
  const { districtId, people } = school;
  const { accountId } = people.teacher;
  const identity = { districtId, accountId, roles: ['instructor' as const], contextId: null, from: null, locale: null };
  return openSession(db, secret, identity);
};
const alter = (token: string, change: string) =>
  db.inDistrict(school.districtId, (tx) => tx.unsafe(`UPDATE session SET ${change} WHERE token_hash = sha256($1::text::bytea)`, [token]));

test('a ticket opens the session once, within a minute, and only with the service’s secret', async () => {
  const { ticket } = await open();
  const { token } = await redeemTicket(db, secret, ticket);
  expect((await api.get('/api/me', token)).status).toBe(200);
  await expect(redeemTicket(db, secret, ticket)).rejects.toMatchObject({ code: 'ticket_used', status: 401 });
  const other = await open();
  await expect(redeemTicket(db, `${secret}!`, other.ticket)).rejects.toMatchObject({ code: 'ticket_used' });
  const late = await open();
  await db.inDistrict(school.districtId, (tx) => tx`UPDATE session_ticket SET expires_at = now() - interval '1 second'`);
  await expect(redeemTicket(db, secret, late.ticket)).rejects.toMatchObject({ code: 'ticket_used' });
});

test('of fifty pages with one ticket exactly one gets in', async () => {
  const { ticket } = await open();
  const answers = await Promise.all(Array.from({ length: 50 }, () => api.ask('POST', '/api/session', {}, { ticket })));
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  expect(answers.filter((answer) => answer.status === 401)).toHaveLength(49);
});

test('neither token nor ticket can be read from the database', async () => {
  const { ticket, cookie } = await open();
  const token = /=([\w-]+);/.exec(cookie)?.[1] ?? '';
  const rows = await db.inDistrict(
    school.districtId,
    (tx) => tx`SELECT to_jsonb(s)::text AS row FROM session s UNION ALL SELECT to_jsonb(t)::text FROM session_ticket t`,
  );
  const all = rows.map((row) => String(row.row)).join();
  for (const secretText of [token, ticket]) {
    expect(all).not.toContain(secretText);
    expect(all).not.toContain(Buffer.from(secretText).toString('hex'));
  }
});

test('the cookie alone opens the page, also inside a frame with third-party cookies blocked', async () => {
  const { cookie } = await open();
  expect(cookie).toMatch(/^aptt_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=None; Partitioned$/);
  expect((await api.ask('GET', '/api/me', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
});

test('a header that is no good is not helped by a cookie that is: the page never shows somebody else', async () => {
  const { cookie } = await signIn(db, { districtId: school.districtId, roles: ['instructor'], userId: school.users.teacher });
  const answer = await api.ask('GET', '/api/me', { cookie, authorization: `Bearer ${'x'.repeat(43)}` });
  expect(answer).toMatchObject({ status: 401, body: { code: 'signed_out' } });
});

test('a session ends after two idle hours, after twelve hours, and when its person signs out', async () => {
  const fresh = async () =>
    (await signIn(db, { districtId: school.districtId, roles: ['instructor'], userId: school.users.teacher })).token;
  const idle = await fresh();
  await alter(idle, `last_seen_at = now() - interval '121 minutes'`);
  expect((await api.get('/api/me', idle)).status).toBe(401);
  const old = await fresh();
  await alter(old, `expires_at = now() - interval '1 second'`);
  expect((await api.get('/api/me', old)).status).toBe(401);
  const left = await fresh();
  expect((await api.post('/api/logout', left)).status).toBe(204);
  expect((await api.get('/api/me', left)).status).toBe(401);
});

test('being used keeps a session awake', async () => {
  const { token } = await signIn(db, { districtId: school.districtId, roles: ['instructor'] });
  await alter(token, `last_seen_at = now() - interval '90 minutes'`);
  await api.get('/api/me', token);
  const session = await sessionOf(db, { authorization: `Bearer ${token}` });
  const [row] = await db.inDistrict(
    school.districtId,
    (tx) => tx<{ awake: boolean }[]>`
    SELECT last_seen_at > now() - interval '1 minute' AS awake FROM session WHERE token_hash = ${session.tokenHash}`,
  );
  expect(row?.awake).toBe(true);
});

test('old sessions and tickets are swept away, living ones stay', async () => {
  const { token } = await signIn(db, { districtId: school.districtId, roles: ['instructor'] });
  const gone = await open();
  await db.inDistrict(school.districtId, (tx) => tx`UPDATE session_ticket SET expires_at = now() - interval '1 minute'`);
  await purgeSessions(db);
  await expect(redeemTicket(db, secret, gone.ticket)).rejects.toMatchObject({ code: 'ticket_used' });
  expect((await api.get('/api/me', token)).status).toBe(200);
});

describe('an act', () => {
  const path = () => `/api/children/${school.own}/opt-out`;
  const act = (headers: Record<string, string>) =>
    api.ask('POST', path(), { cookie: school.people.parent.cookie, ...headers }, { out: false });

  test('is refused to another site’s page that has the browser send our cookie', async () => {
    for (const headers of [
      {},
      { origin: 'https://evil.example.org' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      { origin: 'https://evil.example.org', 'sec-fetch-site': 'same-origin' },
    ]) {
      expect(await act(headers)).toMatchObject({ status: 403, body: { code: 'foreign_page' } });
    }
  });

  test('is taken from our own page by cookie, and from anywhere by the token only the page has', async () => {
    expect((await act({ origin: api.url })).status).toBe(204);
    expect((await act({ 'sec-fetch-site': 'same-origin' })).status).toBe(204);
    expect((await api.post(path(), school.people.parent.token, { out: false })).status).toBe(204);
  });
});
