/** What a launch opens, on the whole service: the platform’s word about people, and the roster’s. */
import { acceptDeployment } from '../../../lti/platforms.ts';
import { newRoster } from '../../setup/roster.ts';
import { institution, lti, membership, mentor, type Payload, student, teacher } from './payloads.ts';
import { openSchool, type TestPlatform } from './school.ts';

const school = await openSchool('service');
afterAll(() => school.close());
const platform = await school.newPlatform();
const { districtId } = platform;

const roster = await newRoster(school.db, districtId, 'Elm');
const building = await roster.school();
const [classA, classB] = [await roster.klass(building, { sourced_id: 'SEC-3A' }), await roster.klass(building, { sourced_id: 'SEC-3B' })];
const child = async (sourcedId: string, classId: number) => {
  const id = await roster.user(sourcedId, { sourced_id: sourcedId, grades: ['03'] });
  await roster.enroll(classId, id);
  return String(id);
};
const [s1, s2, s3, other] = [
  await child('S-1', classA),
  await child('S-2', classA),
  await child('S-3', classA),
  await child('S-B', classB),
];
const teacherId = await roster.user('Teacher', { sourced_id: 'T-100' });
await roster.enroll(classA, teacherId, 'teacher');

type Me = { roles: string[]; waiting: string | null };
type Children = { children: { id: string }[] };

/** A launch, and then the page's own questions in its session. */
async function open(claims: Payload, from: TestPlatform = platform) {
  const answer = await school.launch(from, claims);
  expect(answer.status).toBe(303);
  const ticket = /#ticket=(.+)$/.exec(answer.headers.get('location') ?? '')?.[1];
  const session = await fetch(`${school.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  const { token } = (await session.json()) as { token: string }; // the session route's own shape
  const get = async (path: string) => {
    const response = await school.get(path, { authorization: `Bearer ${token}` });
    return { status: response.status, body: await response.json() };
  };
  return {
    get,
    me: async () => (await get('/api/me')).body as Me,
    children: async () => ((await get('/api/children')).body as Children).children.map(({ id }) => id).sort(),
  };
}

const inCourse = (id: string, section: string): Payload => ({
  [`${lti}context`]: { id, title: id },
  [`${lti}lis`]: { course_section_sourcedid: section },
  [`${lti}custom`]: {},
});
/** A mentor of these children, in course 3A unless said otherwise. */
const mentorOf = (sub: string, children: [sub: string, sourcedId: string][], course = inCourse('course-a', 'SEC-3A')): Payload => ({
  ...mentor,
  ...course,
  sub,
  [`${lti}role_scope_mentor`]: children.map(([childSub]) => childSub),
  [`${lti}custom`]: { observee_sourcedids: children.map(([, sourcedId]) => sourcedId).join(',') },
});
const count = async (table: string): Promise<number> => {
  const [row] = await school.db.sql.unsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? -1;
};

test('lti 95: one name on two platforms of a district is two people', async () => {
  const another = await school.newPlatform({ districtId, clientId: 'another' });
  await acceptDeployment(school.db, districtId, another.id, 'deployment-1');
  const one = await open(mentorOf('same-sub', [['u-1', 'S-1']]));
  expect(await one.children()).toEqual([s1]);
  const bare = { ...mentor, ...inCourse('course-a', 'SEC-3A'), sub: 'same-sub', [`${lti}role_scope_mentor`]: undefined };
  const two = await open(bare, another);
  expect(await two.children()).toEqual([]);
  expect(await one.children()).toEqual([s1]);
});

test('lti 101: a mentor of two children sees these two and nobody else', async () => {
  const parent = await open(
    mentorOf('parent-101', [
      ['u-1', 'S-1'],
      ['u-2', 'S-2'],
    ]),
  );
  expect(await parent.me()).toMatchObject({ roles: ['guardian'], waiting: null });
  expect(await parent.children()).toEqual([s1, s2].sort());
  expect((await parent.get(`/api/children/${s1}`)).status).toBe(200);
  for (const foreign of [s3, other]) expect((await parent.get(`/api/children/${foreign}`)).status).toBe(404);
  for (const path of ['/api/classes', `/api/classes/${classA}`, '/api/district'])
    expect((await parent.get(path)).status).toBeGreaterThanOrEqual(403);
});

test('lti 101: children named by their platform ids alone are known once they were seen', async () => {
  const claims = { ...mentorOf('parent-by-sub', [['seen-1', '']]), [`${lti}custom`]: {} };
  expect(await (await open(claims)).children()).toEqual([]);
  await open({ ...student, ...inCourse('course-a', 'SEC-3A'), sub: 'seen-1', [`${lti}lis`]: { person_sourcedid: 'S-1' } });
  expect(await (await open(claims)).children()).toEqual([s1]);
});

test('lti 101: a custom parameter does not add a child to those the platform named', async () => {
  await open({ ...student, ...inCourse('course-a', 'SEC-3A'), sub: 'seen-2', [`${lti}lis`]: { person_sourcedid: 'S-2' } });
  const parent = await open(mentorOf('parent-forged', [['seen-2', 'S-3']]));
  expect(await parent.children()).toEqual([s2]);
});

test('lti 102: a mentor of nobody sees no child and is offered another way', async () => {
  for (const scope of [undefined, []]) {
    const parent = await open({ ...mentorOf('parent-102', []), [`${lti}role_scope_mentor`]: scope });
    expect(await parent.me()).toMatchObject({ waiting: 'mentor_without_children' });
    expect(await parent.children()).toEqual([]);
    expect((await parent.get(`/api/children/${s1}`)).status).toBe(404);
  }
});

test('lti 103: a child of another course, or known only to another platform, is not shown', async () => {
  const parent = await open(
    mentorOf('parent-103', [
      ['u-1', 'S-1'],
      ['u-b', 'S-B'],
    ]),
  );
  expect(await parent.children()).toEqual([s1]);

  const another = await school.newPlatform({ districtId, clientId: 'another-103' });
  const seen = { ...student, ...inCourse('course-a', 'SEC-3A'), sub: 'only-there', [`${lti}lis`]: { person_sourcedid: 'S-2' } };
  await open(seen, another);
  const bySub = { ...mentorOf('parent-103-sub', [['only-there', '']]), [`${lti}custom`]: {} };
  expect(await (await open(bySub)).children()).toEqual([]);
  expect(await (await open(bySub, another)).children()).toEqual([s2]);
});

test('lti 104: a child the next launch does not name is gone, also from the session already open', async () => {
  const first = await open(
    mentorOf('parent-104', [
      ['u-1', 'S-1'],
      ['u-2', 'S-2'],
    ]),
  );
  expect(await first.children()).toHaveLength(2);
  const second = await open(mentorOf('parent-104', [['u-2', 'S-2']]));
  expect(await second.children()).toEqual([s2]);
  expect(await first.children()).toEqual([s2]);
  expect((await first.get(`/api/children/${s1}`)).status).toBe(404);
  const third = await open({ ...mentorOf('parent-104', []), [`${lti}roles`]: [`${membership}Learner`] });
  expect((await third.get('/api/children')).status).toBe(403);
  expect(await first.children()).toEqual([]);
});

test('lti 106: a teacher who is a parent has both views, and neither shows what is the other’s', async () => {
  const both = await open({
    ...mentorOf('teacher-and-parent', [['u-b', 'S-B']], inCourse('course-b', 'SEC-3B')),
    [`${lti}roles`]: [`${membership}Instructor`, `${membership}Mentor`],
    [`${lti}lis`]: { person_sourcedid: 'T-100', course_section_sourcedid: 'SEC-3B' },
  });
  expect((await both.me()).roles.sort()).toEqual(['guardian', 'teacher']);
  expect(await both.children()).toEqual([other]);
  expect((await both.get(`/api/classes/${classA}`)).status).toBe(200);
  expect((await both.get(`/api/classes/${classB}`)).status).toBe(404); // their child's class is not theirs to teach
  expect((await both.get(`/api/children/${s1}`)).status).toBe(404); // their pupil is not their child
});

test('lti 107: the platform’s made-up test user leaves nothing behind', async () => {
  const tables = ['lti_account', 'lti_context', 'lti_mentor', 'pending_match'];
  const before = await Promise.all(tables.map(count));
  const claims = { ...student, sub: 'made-up', ...inCourse('a-new-course', 'SEC-9') };
  const testUser = await open({
    ...claims,
    [`${lti}roles`]: [`${membership}Learner`, 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser'],
  });
  expect((await testUser.me()).roles).toEqual(['student']);
  expect(await Promise.all(tables.map(count))).toEqual(before);
});

test('lti 108: an instructor of the institution who learns in this course gets a student’s page', async () => {
  const claims = { ...teacher, ...inCourse('course-a', 'SEC-3A'), [`${lti}roles`]: [`${institution}Instructor`, `${membership}Learner`] };
  const learner = await open({ ...claims, [`${lti}lis`]: { person_sourcedid: 'T-100' } });
  expect((await learner.me()).roles).toEqual(['student']);
  expect((await learner.get('/api/classes')).status).toBe(403);
});

test('lti 109: a teacher in one course is no teacher in a session opened from another', async () => {
  const person = { ...teacher, sub: 'teacher-109', [`${lti}lis`]: { person_sourcedid: 'T-100' } };
  const teaching = await open(person);
  expect((await teaching.get(`/api/classes/${classA}`)).status).toBe(200);
  const learning = await open({ ...person, [`${lti}context`]: { id: 'course-b' }, [`${lti}roles`]: [`${membership}Learner`] });
  expect((await learning.get(`/api/classes/${classA}`)).status).toBeGreaterThanOrEqual(403);
  expect((await teaching.get(`/api/classes/${classA}`)).status).toBe(200);
});

test('lti 93: an unknown deployment opens no session', async () => {
  const before = await Promise.all(['session', 'session_ticket', 'lti_account'].map(count));
  const answer = await school.launch(platform, { ...teacher, [`${lti}deployment_id`]: 'deployment-unknown' });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('set-cookie') ?? '').not.toContain('aptt_session');
  expect(await Promise.all(['session', 'session_ticket', 'lti_account'].map(count))).toEqual(before);
});
