/** Assignment and Grade Services: a course's own columns as scores, and the one column of ours, in every platform's way of writing addresses. */
import type { Request, Response } from 'express';
import { createLineItem, goalTag, postScore } from '../../../lti/services/grades.ts';
import { serviceTokens } from '../../../lti/services/token.ts';
import { type ServiceLineItem, scopes } from '../../../src/demo/platform-services.ts';
import { connect, course, night, openPlatform, pupils } from './course.ts';
import { openSchool, secret } from './school.ts';

const school = await openSchool('service');
const tokens = serviceTokens({ db: school.db, secret });
const plain = await openPlatform(school, { courses: [course('3a', pupils(12)), course('3b', pupils(12, 50))] });
const moodle = await openPlatform(school, { accent: 'moodle', courses: [course('3a', pupils(24)), course('3b', pupils(3, 50))] });
afterAll(async () => {
  for (const each of [plain, moodle, school]) await each.close();
});
type At = typeof plain;

const at = '2026-10-01T08:00:00Z';
const column = (id: string, scores: Record<string, number | null>, maximum = 10): ServiceLineItem => ({
  id,
  label: `Words ${id}`,
  maximum,
  results: new Map(Object.entries(scores).map(([sub, score]) => [sub, { score, at }])),
});
const book = (platform: At, key = '3a'): ServiceLineItem[] => platform.services.courses.get(`course-${key}`)?.lineItems ?? [];
const asked = (platform: At, path: RegExp) => platform.services.asked.filter((each) => path.test(each.path));
const address = (platform: At, key: string, id: string) =>
  `${platform.url}/services/course-${key}/lineitems/${id}/lineitem${platform === moodle ? '?type_id=2' : ''}`;
const items = (platform: At, key = '3a') => `${platform.url}/services/course-${key}/lineitems${platform === moodle ? '?type_id=2' : ''}`;

type Scored = { title: string; course: string; sub: string; score: number | null };
const scored = (platform: At) =>
  school.db.inDistrict(platform.districtId, async (tx) => [
    ...(await tx<Scored[]>`
      SELECT li.title, k.title AS course, substr(u.sourced_id, 5) AS sub, r.score FROM result r
        JOIN line_item li ON li.id = r.line_item_id JOIN class k ON k.id = li.class_id JOIN "user" u ON u.id = r.student_id
      WHERE r.ended_at IS NULL AND li.ended_at IS NULL ORDER BY k.title, li.title, u.sourced_id`),
  ]);

test('lti 47: columns are listed, scores read: each with its media type, its bearer, its scope and no other', async () => {
  book(plain).push(column('1', { 's-1': 7, 's-2': 3 }));
  await connect(school, plain);
  expect(asked(plain, /lineitems$/).at(-1)).toMatchObject({
    method: 'GET',
    accept: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
    scopes: [scopes.lineItemRead],
  });
  expect(asked(plain, /results$/).at(-1)).toMatchObject({
    method: 'GET',
    accept: 'application/vnd.ims.lis.v2.resultcontainer+json',
    scopes: [scopes.results],
  });
  expect(await scored(plain)).toEqual([
    { title: 'Words 1', course: 'Room 3a', sub: 's-1', score: 7 },
    { title: 'Words 1', course: 'Room 3a', sub: 's-2', score: 3 },
  ]);
});

test('lti 47: our own column is made and scored, each with its media type, its bearer and its scope', async () => {
  const token = tokens.of(plain.districtId, plain.id);
  const made = await createLineItem(token, items(plain), { label: 'APTT goal met', maximum: 1 });
  expect(asked(plain, /lineitems$/).at(-1)).toMatchObject({
    method: 'POST',
    contentType: 'application/vnd.ims.lis.v2.lineitem+json',
    scopes: [scopes.lineItem],
  });
  expect(await postScore(token, made, { userId: 's-1', score: 1, maximum: 1, at: new Date(at) })).toBe('posted');
  expect(asked(plain, /scores$/).at(-1)).toMatchObject({
    method: 'POST',
    contentType: 'application/vnd.ims.lis.v1.score+json',
    scopes: [scopes.score],
  });
  expect(book(plain).at(-1)).toMatchObject({ label: 'APTT goal met', tag: goalTag });
  expect(book(plain).at(-1)?.results.get('s-1')).toMatchObject({ score: 1 });
  // What we wrote ourselves is no measure.
  await night(school, plain);
  expect((await scored(plain)).map(({ title }) => title)).not.toContain('APTT goal met');
});

test('lti 50: two courses keep their columns and their scores apart', async () => {
  book(plain, '3b').push(column('1', { 's-1': 2, 's-50': 9, 's-2': 4 }));
  await connect(school, plain, '3b');
  expect(await scored(plain)).toEqual([
    { title: 'Words 1', course: 'Room 3a', sub: 's-1', score: 7 },
    { title: 'Words 1', course: 'Room 3a', sub: 's-2', score: 3 },
    { title: 'Words 1', course: 'Room 3b', sub: 's-1', score: 2 },
    { title: 'Words 1', course: 'Room 3b', sub: 's-50', score: 9 }, // s-2 is not of this course
  ]);
});

test('lti 122: a score of zero is a score, and none is none', async () => {
  book(plain)[0]?.results.set('s-1', { score: 0, at }).set('s-3', { score: null, at }).set('s-4', { score: 50, maximum: 100, at });
  await night(school, plain);
  const of = Object.fromEntries((await scored(plain)).flatMap(({ course, sub, score }) => (course === 'Room 3a' ? [[sub, score]] : [])));
  expect(of).toEqual({ 's-1': 0, 's-2': 3, 's-3': null, 's-4': 5 });
  const token = tokens.of(plain.districtId, plain.id);
  const post = (score: number | null, day: string) =>
    postScore(token, address(plain, '3a', '1'), { userId: 's-9', score, maximum: 10, at: new Date(`2026-10-${day}T08:00:00Z`) });
  await post(0, '02');
  expect(book(plain)[0]?.results.get('s-9')?.score).toBe(0);
  await post(null, '03');
  expect(book(plain)[0]?.results.get('s-9')?.score).toBeNull();
});

test('lti 117: /scores and /results go before a query', async () => {
  book(moodle).push(column('8', { 's-2': 4 }));
  await connect(school, moodle);
  expect(asked(moodle, /results/).map(({ path, query }) => [path, new URLSearchParams(query).get('type_id')])).toEqual([
    ['/services/course-3a/lineitems/8/lineitem/results', '2'],
  ]);
  expect(await scored(moodle)).toMatchObject([{ sub: 's-2', score: 4 }]);
  const token = tokens.of(moodle.districtId, moodle.id);
  await postScore(token, address(moodle, '3a', '8'), { userId: 's-3', score: 5, maximum: 10, at: new Date(at) });
  expect(asked(moodle, /scores/)).toMatchObject([{ path: '/services/course-3a/lineitems/8/lineitem/scores', query: 'type_id=2' }]);
  expect(book(moodle)[0]?.results.get('s-3')?.score).toBe(5);
});

test('lti 118: typographic quotes and &amp; in a Link header lead to the next page', async () => {
  for (let n = 20; n < 32; n++) book(moodle).push(column(String(n), { 's-4': n }, 100));
  await night(school, moodle);
  expect((await scored(moodle)).filter(({ sub }) => sub === 's-4')).toHaveLength(12);
  expect(
    asked(moodle, /lineitems$/)
      .slice(-3)
      .map(({ query }) => new URLSearchParams(query).get('from')),
  ).toEqual([null, '5', '10']);
});

describe('lti 119: what a platform answers instead of taking a score', () => {
  const token = tokens.of(plain.districtId, plain.id);
  const lineItem = address(plain, '3a', '1');
  const score = { userId: 's-5', score: 3, maximum: 10, at: new Date(at) };
  /** These answers first, and then its own. */
  const first = (...answers: ((res: Response) => unknown)[]) => {
    const left = [...answers];
    plain.services.fault = (req: Request, res: Response) => req.path.endsWith('/scores') && Boolean(left.shift()?.(res));
  };
  const posts = () => asked(plain, /scores$/).length;
  afterEach(() => {
    plain.services.fault = null;
  });

  test('a newer score is there already: that is no failure, and it stays', async () => {
    await postScore(token, lineItem, { ...score, at: new Date('2026-12-01T08:00:00Z') });
    expect(await postScore(token, lineItem, { ...score, score: 9 })).toBe('newer_there');
    expect(book(plain)[0]?.results.get('s-5')?.score).toBe(3);
  });

  test.each([
    ['429 with Retry-After', (res: Response) => res.status(429).set('Retry-After', '1').send('<h1>slow down</h1>')],
    [
      '403 with nothing left of the rate limit',
      (res: Response) => res.status(403).set('X-Rate-Limit-Remaining', '0.0').send('403 Forbidden (Rate Limit Exceeded)'),
    ],
    ['503', (res: Response) => res.status(503).end()],
  ])('%s: it is sent again, and arrives', async (_what, answer) => {
    const before = posts();
    first(answer);
    expect(await postScore(token, lineItem, { ...score, userId: `s-${6 + before}` })).toBe('posted');
    expect(posts()).toBe(before + 2);
  });

  test('a plain 403 is a refusal, at once', async () => {
    const before = posts();
    first((res) => res.status(403).set('X-Rate-Limit-Remaining', '599').end());
    await expect(postScore(token, lineItem, score)).rejects.toMatchObject({ code: 'source_denied', consequence: 'halt' });
    expect(posts()).toBe(before + 1);
  });

  test('a column that is gone, or is made without an address, is said to be so', async () => {
    await expect(postScore(token, address(plain, '3a', '99'), score)).rejects.toMatchObject({ code: 'grade_refused' });
    plain.services.fault = (req, res) =>
      req.path.endsWith('/lineitems') && Boolean(res.status(201).json({ id: 'https://elsewhere.example/1' }));
    await expect(createLineItem(token, items(plain), { label: 'x', maximum: 1 })).rejects.toMatchObject({ code: 'grade_refused' });
  });
});

test('a grade book that does not open leaves the class and its scores as they are, with a remark', async () => {
  const before = await scored(plain);
  plain.services.fault = (req, res) => req.path.endsWith('/lineitems') && Boolean(res.status(404).end());
  const report = await night(school, plain);
  plain.services.fault = null;
  expect(report.problems.map(({ code }) => code)).toContain('grade_book_not_read');
  expect(report.status).not.toBe('failed');
  expect(await scored(plain)).toEqual(before);
});

test('a column that is deleted goes with the next whole night; the scores a child got are kept', async () => {
  for (let n = 40; n < 55; n++) book(moodle).push(column(String(n), { 's-4': 1 }));
  await night(school, moodle);
  book(moodle).pop();
  await night(school, moodle);
  const [row] = await school.db.inDistrict(
    moodle.districtId,
    (tx) => tx<{ items: number; results: number }[]>`
    SELECT (SELECT count(*)::int FROM line_item WHERE ended_at IS NOT NULL) AS items, (SELECT count(*)::int FROM result WHERE ended_at IS NOT NULL) AS results`,
  );
  expect(row).toEqual({ items: 1, results: 0 });
});

// The last: nobody asks this host again before the hour is over.
test('lti 119: a wait of an hour is not waited for, and says so', async () => {
  plain.services.fault = (_req, res) => Boolean(res.status(429).set('Retry-After', '3600').end());
  const score = { userId: 's-5', score: 3, maximum: 10, at: new Date(at) };
  const posted = postScore(tokens.of(plain.districtId, plain.id), address(plain, '3a', '1'), score);
  await expect(posted).rejects.toMatchObject({ code: 'source_throttled', consequence: 'retry' });
});
