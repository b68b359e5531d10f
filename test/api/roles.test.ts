import { daysLater } from '../../src/aptt/goal.ts';
import type { MeShape } from '../../src/read-models/shapes.ts';
import type { Api } from '../setup/api.ts';
import { signIn, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
let meeting: string;
beforeAll(async () => {
  api = await startApi(db);
  school = await newSchool(db, 'Oak');
  const made = await api.post(`/api/classes/${school.classes.big}/meetings`, school.people.teacher.token, {
    measureId: String(school.measures.moy),
  });
  meeting = (made.body as { id: string }).id;
  await api.post(`/api/meetings/${meeting}/present`, school.people.teacher.token);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

type Who = keyof School['people'];
const everybody: Who[] = ['teacher', 'stranger', 'parent', 'leader', 'it', 'student', 'nobody'];

/** Beyond any suggestion, so with its reason; due in time. */
const wishOf = (s: School, child: number | undefined) => ({
  measureId: String(s.measures.moy),
  goals: [{ childId: String(child), target: 77, dueOn: daysLater(new Date().toISOString().slice(0, 10), 30), reason: 'agreed' }],
});

/** Who gets what; everybody who is not named is refused with the last status. */
const doors: [
  method: string,
  path: (s: School) => string,
  body: (s: School) => unknown,
  allowed: Partial<Record<Who, number>>,
  refused: number,
][] = [
  ['GET', () => '/api/me', () => undefined, Object.fromEntries(everybody.map((who) => [who, 200])), 0],
  ['GET', () => '/api/classes', () => undefined, { teacher: 200, stranger: 200 }, 403],
  ['GET', (s) => `/api/classes/${s.classes.big}`, () => undefined, { teacher: 200 }, 404],
  ['GET', (s) => `/api/classes/${s.classes.foreign}`, () => undefined, { stranger: 200 }, 404],
  ['GET', (s) => `/api/classes/${s.classes.big}/goals`, () => undefined, { teacher: 200 }, 404],
  ['GET', (s) => `/api/classes/${s.classes.foreign}/goals`, () => undefined, { stranger: 200 }, 404],
  ['POST', (s) => `/api/classes/${s.classes.big}/goals`, (s) => wishOf(s, s.children[5]), { teacher: 200 }, 404],
  ['POST', (s) => `/api/classes/${s.classes.big}/goals/999999`, () => ({ target: 60, dueOn: '2099-01-01' }), { teacher: 404 }, 404],
  ['POST', (s) => `/api/classes/${s.classes.big}/goals/take-back`, () => ({ goalIds: ['999999'] }), { teacher: 204 }, 404],
  ['POST', (s) => `/api/classes/${s.classes.big}/goal-columns/999999`, () => ({ wish: 'on' }), { teacher: 404 }, 404],
  ['GET', () => `/api/meetings/${meeting}`, () => undefined, { teacher: 200 }, 404],
  ['GET', () => `/api/meetings/${meeting}/marks`, () => undefined, { teacher: 200 }, 404],
  ['GET', () => '/api/children', () => undefined, { parent: 200 }, 403],
  ['GET', (s) => `/api/children/${s.own}`, () => undefined, { parent: 200 }, 404],
  ['GET', (s) => `/api/children/${s.children[5]}`, () => undefined, {}, 404],
  ['GET', () => '/api/schools', () => undefined, { leader: 200 }, 403],
  ['GET', () => '/api/sync/sources', () => undefined, { it: 200 }, 403],
  ['GET', () => '/api/sync/runs', () => undefined, { it: 200 }, 403],
  ['GET', () => '/api/sync/runs/1', () => undefined, { it: 404 }, 403],
  ['GET', () => '/api/pending', () => undefined, { it: 200 }, 403],
  ['GET', () => '/api/launches', () => undefined, { it: 200 }, 403],
  ['GET', () => '/api/sync/runs?source=999999999999', () => undefined, { it: 200 }, 403],
  ['GET', () => '/api/platforms', () => undefined, { it: 200 }, 403],
  ['POST', () => '/api/platforms/invitations', () => ({}), { it: 200 }, 403],
  ['POST', () => '/api/platforms/999999', () => ({ active: false }), { it: 404 }, 403],
  ['POST', () => '/api/platforms/999999999999/test', () => ({}), { it: 404 }, 404],
  ['GET', () => '/api/sync/sources/1/mapping', () => undefined, { it: 404 }, 403],
  ['GET', () => '/api/sync/sources/999999999999/mapping', () => undefined, { it: 404 }, 403],
  ['POST', () => '/api/sync/sources/1/mapping/try', () => ({ mapping: 'auto', columns: {} }), { it: 404 }, 403],
  ['POST', () => '/api/sync/sources/1/files/scores.csv', () => ({}), { it: 404 }, 403],
  ['POST', () => '/api/sync/sources/1/mapping', () => ({ mapping: 'auto', columns: {} }), { it: 404 }, 403],
  ['POST', () => '/api/sync/sources/1/mapping/dry-run', () => ({ mapping: 'auto', columns: {} }), { it: 404 }, 403],
  ['POST', () => '/api/sync/runs/1/reject', () => ({}), { it: 404 }, 403],
  ['POST', () => '/api/sync/runs/1/undo', () => ({}), { it: 404 }, 403],
  ['POST', () => '/api/platforms/999999999999', () => ({ active: true }), { it: 404 }, 403],
  ['POST', (s) => `/api/classes/${s.classes.big}/meetings`, (s) => ({ measureId: String(s.measures.boy) }), { teacher: 200 }, 404],
  ['POST', () => `/api/meetings/${meeting}/present`, () => ({}), { teacher: 204 }, 404],
  ['POST', () => `/api/meetings/${meeting}/redraw`, () => ({}), { teacher: 409 }, 404],
  ['POST', (s) => `/api/children/${s.own}/opt-out`, () => ({ out: false }), { parent: 204 }, 404],
  ['POST', (s) => `/api/children/${s.children[5]}/opt-out`, () => ({ out: true }), {}, 404],
  ['POST', (s) => `/api/classes/${s.classes.small}/band-consent`, () => ({ allowed: true }), { leader: 204 }, 403],
  ['POST', (s) => `/api/classes/${s.classes.foreign}/band-consent`, () => ({ allowed: true }), { leader: 404 }, 403],
  ['POST', () => '/api/sync/runs/1/approve', () => ({}), { it: 404 }, 403],
  ['POST', () => '/api/pending/1', () => ({ dismiss: true }), { it: 404 }, 403],
];

describe.each(everybody)('%s', (who) => {
  test.each(doors.map((door) => [`${door[0]} ${door[1].toString().replace(/^.*?[`']|[`'].*$/g, '')}`, door] as const))(
    '%s',
    async (_name, door) => {
      const [method, path, body, allowed, refused] = door;
      const answer = await api.ask(method, path(school), { authorization: `Bearer ${school.people[who].token}` }, body(school));
      expect({ status: answer.status, body: answer.status < 400 ? '' : answer.body }).toMatchObject({ status: allowed[who] ?? refused });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );
});

test('each person is told the doors that are theirs', async () => {
  const roles = async (who: Who) =>
    (await api.get('/api/me', school.people[who].token)).body as { roles: string[]; waiting: string | null };
  expect(await roles('teacher')).toMatchObject({ roles: ['teacher'], waiting: null });
  expect(await roles('parent')).toMatchObject({ roles: ['guardian'], waiting: null });
  expect(await roles('leader')).toMatchObject({ roles: ['leader'] });
  expect(await roles('it')).toMatchObject({ roles: ['it'] });
  expect(await roles('student')).toMatchObject({ roles: ['student'], waiting: null });
  expect(await roles('nobody')).toMatchObject({ roles: [], waiting: 'person_not_matched' });
});

test('a launch from a connected course knows its class and the meeting under preparation, and no class of anybody else', async () => {
  const { roster, classes, users, measures, districtId } = school;
  const fromCourse = async (classId: number) => {
    const [context] = await roster.within(
      (tx) => tx<{ id: number }[]>`
        INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, class_id)
        VALUES (${districtId}, 1, '1', ${`course-${classId}`}, ${classId}) RETURNING id`,
    );
    return signIn(db, { districtId, roles: ['instructor'], userId: users.teacher, contextId: context?.id ?? null });
  };
  const me = async (token: string) => (await api.get('/api/me', token)).body as MeShape;
  const { token } = await fromCourse(classes.small);
  expect(await me(token)).toMatchObject({ classId: String(classes.small), meetingId: null });
  const made = await api.post(`/api/classes/${classes.small}/meetings`, token, { measureId: String(measures.moy) });
  expect(await me(token)).toMatchObject({ meetingId: (made.body as { id: string }).id });
  await api.post(`/api/meetings/${(made.body as { id: string }).id}/cancel`, token);
  expect(await me(token)).toMatchObject({ meetingId: null });
  expect(await me((await fromCourse(classes.foreign)).token)).toMatchObject({ classId: null, meetingId: null });
});
