import type { SessionRole } from '../../src/access/session.ts';
import { openSession } from '../../src/access/session.ts';
import type { ChildrenShape, ClassListShape, ClassShape, MeShape } from '../../src/read-models/shapes.ts';
import { type Api, secret, signIn, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
let as: (roles: SessionRole[], userId: number | null, children?: number[], email?: string) => Promise<string>;
beforeAll(async () => {
  api = await startApi(db);
});
beforeEach(async () => {
  school = await newSchool(db, `Ash${Math.random().toString(36).slice(2, 8)}`);
  as = async (roles, userId, children = [], email) => {
    const person = { districtId: school.districtId, roles, userId, children, ...(email === undefined ? {} : { email }) };
    return (await signIn(db, person)).token;
  };
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const me = async (token: string) => (await api.get('/api/me', token)).body as MeShape;
const classesOf = async (token: string) =>
  ((await api.get('/api/classes', token)).body as ClassListShape).classes.map((one) => Number(one.id));
const childrenOf = async (token: string) =>
  ((await api.get('/api/children', token)).body as ChildrenShape).children.map((one) => Number(one.id));
const change = (statement: string) => school.roster.within((tx) => tx.unsafe(statement));

test('a class taken away at night is gone from a session opened the day before', async () => {
  const { token } = school.people.teacher;
  expect((await classesOf(token)).sort()).toEqual([school.classes.big, school.classes.small, school.classes.tiny].sort());
  await change(`UPDATE enrollment SET ended_at = now() WHERE class_id = ${school.classes.big} AND role = 'teacher'`);
  expect(await classesOf(token)).not.toContain(school.classes.big);
  expect((await api.get(`/api/classes/${school.classes.big}`, token)).status).toBe(404);
  await change(`UPDATE "user" SET enabled = false WHERE id = ${school.users.teacher}`);
  expect(await me(token)).toMatchObject({ roles: [], waiting: 'person_not_matched' });
});

test('a teacher who left the class has no access, one of last year’s class still has', async () => {
  const { token } = school.people.teacher;
  await change(`UPDATE enrollment SET end_date = current_date - 1 WHERE class_id = ${school.classes.big} AND role = 'teacher'`);
  expect(await classesOf(token)).not.toContain(school.classes.big);
  await change(`UPDATE enrollment SET end_date = current_date - 100`);
  expect(await classesOf(token)).toContain(school.classes.big);
  await change(`UPDATE enrollment SET begin_date = current_date + 5, end_date = NULL WHERE role = 'teacher'`);
  expect(await classesOf(token)).toEqual([]);
});

test('children who left while the class went on are not in it, those of a class that is over are', async () => {
  const { token } = school.people.teacher;
  const seen = async () => ((await api.get(`/api/classes/${school.classes.big}`, token)).body as ClassShape).students;
  await change(`UPDATE enrollment SET end_date = current_date - 2 WHERE user_id = ${school.children[2]}`);
  expect(await seen()).toBe(13);
  await change(`UPDATE enrollment SET end_date = current_date - 2 WHERE class_id = ${school.classes.big}`);
  expect(await seen()).toBe(14);
});

test('a launch as a student opens nothing, whatever the person is in the roster', async () => {
  const token = await as(['learner'], school.users.principal, [school.own]);
  expect(await me(token)).toMatchObject({ roles: ['student'], waiting: null });
  expect((await api.get('/api/schools', token)).status).toBe(403);
  expect((await api.get(`/api/children/${school.own}`, token)).status).toBe(404);
});

test('an administrator of a platform is nothing here unless the roster says so, and a principal launching as a teacher is only that', async () => {
  expect(await me(await as(['administrator'], school.users.teacher))).toMatchObject({ roles: [], waiting: 'person_not_matched' });
  expect(await me(await as(['instructor'], school.users.principal))).toMatchObject({ roles: ['teacher'] });
  expect(await me(await as(['administrator'], school.users.principal))).toMatchObject({ roles: ['leader'] });
  await change(`UPDATE role SET ended_at = now()`);
  expect(await me(await as(['administrator'], school.users.principal))).toMatchObject({ roles: [] });
});

test('a parent with no child named is offered a way on', async () => {
  expect(await me(await as(['mentor'], null))).toMatchObject({ roles: [], waiting: 'mentor_without_children' });
});

test('a no-contact order that arrives tonight hides the child tomorrow, by the guardian’s record or by their e-mail address', async () => {
  const matched = await as(['mentor'], school.users.parent, [school.own]);
  const unmatched = await as(['mentor'], null, [school.own], 'Ex@Home.example.org');
  const other = await as(['mentor'], null, [school.own], 'grandma@home.example.org');
  for (const token of [matched, unmatched, other]) expect(await childrenOf(token)).toEqual([school.own]);
  await change(`UPDATE guardianship SET no_contact = true, email = 'ex@home.example.org' WHERE student_id = ${school.own}`);
  expect(await childrenOf(matched)).toEqual([]);
  expect(await childrenOf(unmatched)).toEqual([]);
  expect(await childrenOf(other)).toEqual([school.own]);
  expect((await api.get(`/api/children/${school.own}`, matched)).status).toBe(404);
});

test('an order of one source wins over another source’s link, also where the two sources do not know it is one person', async () => {
  const parent = await as(['mentor'], school.users.parent, [school.own], 'parent@portal.example');
  expect(await childrenOf(parent)).toEqual([school.own]);
  const stranger = await school.roster.user('Unknown');
  await school.roster.guardianship(school.own, stranger, { no_contact: true });
  expect(await childrenOf(parent)).toEqual([school.own]);
  await change(`UPDATE "user" SET email = 'Dad@home.example.org' WHERE id = ${school.users.parent}`);
  await change(`UPDATE guardianship SET email = 'dad@home.example.org' WHERE guardian_id = ${stranger}`);
  expect(await childrenOf(parent)).toEqual([]);
});

test('a child who left the district is gone from the parent’s page', async () => {
  await change(`UPDATE "user" SET ended_at = now() WHERE id = ${school.own}`);
  expect(await childrenOf(school.people.parent.token)).toEqual([]);
});

test('a teacher who is also a parent has two doors, and their own child only behind the parent’s', async () => {
  const token = await as(['instructor', 'mentor'], school.users.teacher, [school.own]);
  expect(await me(token)).toMatchObject({ roles: ['teacher', 'guardian'] });
  expect((await api.get(`/api/children/${school.own}`, token)).status).toBe(200);
  expect((await api.get(`/api/children/${school.children[5]}`, token)).status).toBe(404);
  const answer = await api.get(`/api/classes/${school.classes.big}`, token);
  expect(answer.status).toBe(200);
  const [child] = await school.roster.within(
    (tx) => tx<{ name: string }[]>`SELECT family_name AS name FROM "user" WHERE id = ${school.own}`,
  );
  expect(answer.text).not.toContain(child?.name); // a scored child is a mark there, and nothing else
});

test('somebody nobody remembers gets the kind page, and no data', async () => {
  const nobody = { districtId: school.districtId, accountId: null, contextId: null, from: null, locale: null };
  const cookie = (await openSession(db, secret, { ...nobody, roles: ['learner'] })).cookie.split(';')[0] ?? '';
  expect((await api.ask('GET', '/api/me', { cookie })).body).toMatchObject({ roles: ['student'], waiting: null });
  for (const path of ['classes', 'children', 'schools', 'sync/sources']) {
    expect((await api.ask('GET', `/api/${path}`, { cookie })).status).toBe(403);
  }
});
