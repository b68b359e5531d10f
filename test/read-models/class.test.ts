import type { ClassListShape, ClassShape } from '../../src/read-models/shapes.ts';
import { type Api, signIn, startApi } from '../setup/api.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { newRoster, type Roster } from '../setup/roster.ts';

const db = await freshDatabase();
let api: Api;
let roster: Roster;
let token: string;
let teacher: number;
let klass: number;
let school: number;
beforeAll(async () => {
  api = await startApi(db);
});
beforeEach(async () => {
  roster = await newRoster(db, await newDistrict(db), 'Bay');
  school = await roster.school();
  klass = await roster.klass(school);
  teacher = await roster.user('Teacher', { family_name: 'Rivera' });
  await roster.enroll(klass, teacher, 'teacher', { is_primary: true });
  token = (await signIn(db, { districtId: roster.districtId, roles: ['instructor'], userId: teacher })).token;
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const view = async (query = '') => (await api.get(`/api/classes/${klass}${query}`, token)).body as ClassShape;
const list = async () => (await api.get('/api/classes', token)).body as ClassListShape;

/** Twelve children with scores at the given days; returns them with the line items, oldest first. */
async function scored(days: string[], value = (child: number, time: number) => 20 + child + 10 * time) {
  const children = await roster.students(klass, 12);
  const assessment = await roster.assessment();
  const items: number[] = [];
  for (const [time, day] of days.entries()) {
    const item = await roster.lineItem(assessment, { window: ['BOY', 'MOY', 'EOY'][time] ?? null });
    items.push(item);
    for (const [i, child] of children.entries()) await roster.score(item, child, value(i, time), day);
  }
  return { children, assessment, items };
}

test('a class without scores shows its roster and says that there is nothing to chart', async () => {
  await roster.students(klass, 3);
  expect(await view()).toMatchObject({ students: 3, measures: [], measure: null, meeting: null, school: 'Bay School' });
  expect((await list()).classes).toMatchObject([{ students: 3, latest: null, scored: 0 }]);
});

test('the newest assessment is shown first, an older one when asked for', async () => {
  const { items } = await scored(['2026-09-10', '2026-11-10']);
  const shown = await view();
  expect(shown.measures.map((measure) => measure.window)).toEqual(['MOY', 'BOY']);
  expect(shown.measure?.ref).toMatchObject({
    id: String(items[1]),
    title: 'Bay Reading',
    unit: 'words',
    from: '2026-11-10',
    to: '2026-11-10',
  });
  expect(shown.measure?.chart).toMatchObject({ display: 'marks', n: 12, missing: 0, scale: { min: 0, max: 100 }, benchmark: null });
  expect((await view(`?measure=${items[0]}`)).measure?.ref.window).toBe('BOY');
});

test('a column says its objectives as teachers write them, and a class’s own its words and skill by them', async () => {
  const { assessment } = await scored(['2026-09-10']);
  await roster.within(
    (tx) =>
      tx`UPDATE assessment SET objectives = ${['case:5eed0000-0000-4000-8000-000000000001', 'unknown:CCSS.ELA-LITERACY.RL.3.1']} WHERE id = ${assessment}`,
  );
  expect((await view()).measure).toMatchObject({ objectives: ['RL.3.1'], ref: { skill: 'words read in one minute' } });

  const own = { class_id: klass, title: 'Facts', levels: ['1 Not yet', '2 Got it'], objectives: ['unknown:3.NF.A.1'] };
  const item = await roster.lineItem(null, own);
  for (const child of await roster.students(klass, 12)) await roster.score(item, child, 2);
  expect((await view(`?measure=${item}`)).measure).toMatchObject({
    objectives: ['3.NF.A.1'],
    ref: { title: 'Facts', subject: 'Mathematics', skill: 'fractions', levels: ['1 Not yet', '2 Got it'] },
  });
});

test('growth is since the administration before, and none before the first', async () => {
  const { items } = await scored(['2026-09-10', '2026-11-10']);
  expect((await view()).measure?.growth).toMatchObject({
    since: { window: 'BOY' },
    n: 12,
    grew: 12,
    same: 0,
    averageBefore: 25.5,
    averageNow: 35.5,
    atOrAboveBefore: null,
  });
  expect((await view(`?measure=${items[0]}`)).measure?.growth).toBeNull();
});

test('the benchmark is the grade’s and the window’s before any wider one, and never another grade’s', async () => {
  const { assessment, items } = await scored(['2026-09-10', '2026-11-10']);
  const benchmark = async () => (await view(`?measure=${items[1]}`)).measure?.chart.benchmark?.value ?? null;
  await roster.benchmark(assessment, 99, { grade: '04', window: 'MOY' });
  await roster.benchmark(assessment, 98, { grade: '03', window: 'BOY' });
  expect(await benchmark()).toBeNull();
  await roster.benchmark(assessment, 10);
  expect(await benchmark()).toBe(10);
  await roster.benchmark(assessment, 20, { window: 'MOY' });
  expect(await benchmark()).toBe(20);
  await roster.benchmark(assessment, 30, { grade: '03' });
  expect(await benchmark()).toBe(30);
  await roster.benchmark(assessment, 40, { grade: '03', window: 'MOY' });
  expect(await benchmark()).toBe(40);
});

test('who is missing a score is named; exempt and not submitted are missing, zero is a score', async () => {
  const { items, children } = await scored(['2026-11-10'], (child) => (child === 0 ? 0 : 30));
  await roster.within((tx) => tx`UPDATE result SET score_status = 'exempt' WHERE student_id = ${children[1] ?? 0}`);
  await roster.within((tx) => tx`UPDATE result SET score_status = 'not submitted', score = 0 WHERE student_id = ${children[2] ?? 0}`);
  await roster.within((tx) => tx`UPDATE result SET score = NULL WHERE student_id = ${children[3] ?? 0}`);
  await roster.within((tx) => tx`UPDATE result SET ended_at = now() WHERE student_id = ${children[4] ?? 0}`);
  const { measure } = await view(`?measure=${items[0]}`);
  expect(measure?.missing.map((person) => person.givenName).sort()).toEqual(['BayChild1', 'BayChild2', 'BayChild3', 'BayChild4']);
  expect(measure?.chart.n).toBe(8);
});

test('a class’s own gradebook is its own: another class’s line item is not shown', async () => {
  const { children } = await scored(['2026-09-10']);
  const other = await roster.klass(school);
  const own = await roster.lineItem(null, { class_id: klass, title: 'Spelling' });
  const theirs = await roster.lineItem(null, { class_id: other, title: 'Chess' });
  for (const child of children) for (const item of [own, theirs]) await roster.score(item, child, 5, '2026-11-01');
  const shown = await view();
  expect(shown.measures.map((measure) => measure.title)).toEqual(['Spelling', 'Bay Reading']);
  expect(shown.measure?.ref.title).toBe('Bay Reading'); // an assessment before yesterday's homework
});

test('of two scores in one measure the newer counts, and a child enrolled twice is one child', async () => {
  const { children, items } = await scored(['2026-09-10'], () => 30);
  await roster.score(items[0] ?? 0, children[0] ?? 0, 90, '2026-09-20');
  await roster.enroll(klass, children[0] ?? 0);
  const { measure, students } = await view();
  expect(students).toBe(12);
  expect(measure?.chart.n).toBe(12);
  expect(measure?.chart.marks.filter((mark) => mark.value > 30)).toHaveLength(0); // drawn together with the next: three share the top
  expect(measure?.chart.coded.top).toBe(30);
});

test('those who came and left lately are named with the day, once the class had begun', async () => {
  const today = new Date();
  const ago = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10);
  const [regular, joined, left, gone] = await roster.students(klass, 4);
  const set = (child: number | undefined, change: string) =>
    roster.within((tx) => tx.unsafe(`UPDATE enrollment SET ${change} WHERE user_id = ${child}`));
  await set(regular, `begin_date = '${ago(60)}'`);
  await set(joined, `begin_date = '${ago(3)}'`);
  await set(left, 'ended_at = now()');
  await set(gone, `ended_at = now() - interval '40 days'`);
  const { roster: state, students } = await view();
  expect(students).toBe(2);
  expect(state.arrivedLately).toEqual([{ givenName: 'BayChild1', familyName: expect.any(String), on: ago(3) }]);
  expect(state.leftLately).toMatchObject([{ givenName: 'BayChild2' }]);
});

test('a held class says since when, and as of when its roster stands', async () => {
  await roster.within(async (tx) => {
    await tx`INSERT INTO sync_run (district_id, source_id, status, finished_at) VALUES (${roster.districtId}, ${roster.source}, 'applied', '2026-11-01T05:00:00Z')`;
    const [held] = await tx<{ id: number }[]>`
      INSERT INTO sync_run (district_id, source_id, status, finished_at) VALUES (${roster.districtId}, ${roster.source}, 'applied', '2026-11-02T05:00:00Z') RETURNING id`;
    await tx`INSERT INTO class_hold (district_id, class_id, run_id, because, held_at)
      VALUES (${roster.districtId}, ${klass}, ${held?.id ?? 0}, 'class_shrunk', '2026-11-02T05:00:00Z')`;
  });
  expect((await view()).roster).toMatchObject({
    asOf: '2026-11-01T05:00:00.000Z',
    held: { since: '2026-11-02T05:00:00.000Z' },
    sourceName: 'Bay sis',
  });
});

test('scores say when their source last confirmed them', async () => {
  await scored(['2026-09-10']);
  expect((await view()).measure?.scoresAsOf).toBeNull();
  await roster.within(
    (tx) => tx`INSERT INTO sync_run (district_id, source_id, status, finished_at)
      VALUES (${roster.districtId}, ${roster.source}, 'applied', '2026-11-01T05:00:00Z'), (${roster.districtId}, ${roster.source}, 'held', '2026-11-02T05:00:00Z')`,
  );
  expect((await view()).measure?.scoresAsOf).toBe('2026-11-01T05:00:00.000Z');
});

test('a class without a title is named by course, period and teacher', async () => {
  const course = await roster.insert('course', { title: 'Grade 3 Reading', grades: ['03'], subjects: [] });
  await roster.within((tx) => tx`UPDATE class SET title = '', course_id = ${course}, periods = ARRAY['2'] WHERE id = ${klass}`);
  expect((await view()).title).toBe('Grade 3 Reading · 2 · Rivera');
  expect((await list()).classes[0]?.title).toBe('Grade 3 Reading · 2 · Rivera');
});

test('a course not yet connected offers the teacher’s own classes, and is connected once', async () => {
  const other = await roster.klass(school);
  await roster.enroll(other, teacher, 'teacher');
  const [context] = await roster.within(
    (tx) => tx<{ id: number }[]>`
    INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, title)
    VALUES (${roster.districtId}, 1, '1', 'c', 'Room 3') RETURNING id`,
  );
  const person = { districtId: roster.districtId, roles: ['instructor' as const], userId: teacher, contextId: context?.id ?? 0 };
  const session = (await signIn(db, person)).token;
  const before = (await api.get('/api/classes', session)).body as ClassListShape;
  expect(before.connect).toMatchObject({ contextTitle: 'Room 3', candidates: [{ id: String(klass) }, { id: String(other) }] });
  expect((await api.post('/api/connect', session, { classId: String(klass) })).status).toBe(204);
  expect((await api.post('/api/connect', session, { classId: String(klass) })).status).toBe(204);
  expect(await api.post('/api/connect', session, { classId: String(other) })).toMatchObject({
    status: 409,
    body: { code: 'already_connected' },
  });
  expect((await api.get('/api/me', session)).body).toMatchObject({ classId: String(klass) });
  expect(((await api.get('/api/classes', session)).body as ClassListShape).connect).toBeNull();
});
