/** "APTT goal met" in a platform's grade book: through a simulated platform's own service, in two platforms' ways of writing addresses. */
import type { Response } from 'express';
import type { LaunchEvent } from '../lti/event.ts';
import type { Launch } from '../lti/launch-shape.ts';
import { goalTag } from '../lti/services/grades.ts';
import { serviceTokens } from '../lti/services/token.ts';
import { scopes } from '../src/demo/platform-services.ts';
import { goalPublisher } from '../src/goal-publisher.ts';
import { type Published, publishGoals } from '../src/goal-publishing.ts';
import type { ClassGoalsShape } from '../src/read-models/shapes.ts';
import { connect, course, night, openPlatform, pupils, until } from './cases/lti/course.ts';
import { openSchool, secret } from './cases/lti/school.ts';
import { signIn } from './setup/api.ts';
import { newRoster } from './setup/roster.ts';

const school = await openSchool('service');
const tokens = serviceTokens({ db: school.db, secret });
const plain = await openPlatform(school, { courses: [course('3a', pupils(12)), course('3b', pupils(12, 50))] });
const moodle = await openPlatform(school, { accent: 'moodle', courses: [course('3a', pupils(24))] });
afterAll(async () => {
  for (const each of [plain, moodle, school]) await each.close();
});
type At = typeof plain;

const book = (at: At, key = '3a') => at.services.courses.get(`course-${key}`)?.lineItems ?? [];
/** Who has what in our column. */
const ones = (at: At, key = '3a') =>
  Object.fromEntries(
    book(at, key)
      .filter(({ tag }) => tag === goalTag)
      .flatMap(({ results }) => [...results].map(([sub, { score }]) => [sub, score])),
  );
const query = <T extends object>(at: At, sql: string) =>
  school.db.inDistrict(at.districtId, async (tx) => [...(await tx.unsafe<T[]>(sql))]);
const events: LaunchEvent[] = [];
const publish = (at: At, only?: number[]) =>
  publishGoals({ db: school.db, tokens, note: (event) => events.push(event) }, at.districtId, only);
const wish = (at: At, context: number, wanted: 'on' | 'off' | 'removed') =>
  query(
    at,
    `INSERT INTO goal_column (district_id, context_id, class_id, wish, wished_by)
    SELECT district_id, id, class_id, '${wanted}', 'user:1' FROM lti_context WHERE id = ${context}
    ON CONFLICT (district_id, context_id) DO UPDATE SET class_id = EXCLUDED.class_id, wish = EXCLUDED.wish, wished_at = clock_timestamp()`,
  );
const standing = async (at: At, context: number) =>
  (
    await query<{ wish: string; code: string | null; line_item: string | null; unknown: number; busy: boolean }>(
      at,
      `SELECT wish, code, line_item, unknown, busy_until IS NOT NULL AS busy FROM goal_column WHERE context_id = ${context}`,
    )
  )[0];
const asked = (at: At, method: string, path: RegExp) => at.services.asked.filter((each) => each.method === method && path.test(each.path));

/** A goal each for some children of a course's class, met by a later score or not. */
async function goals(at: At, context: number, of: Record<string, 'met' | 'open'>): Promise<void> {
  for (const [sub, state] of Object.entries(of)) {
    await query(
      at,
      `INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by, met_on, met_line_item_id)
      SELECT ${at.districtId}, x.class_id, u.id, 1, 12, '2026-10-01', 24, '2026-11-12', 'user:1', ${state === 'met' ? `'2026-11-10', 1` : 'NULL, NULL'}
      FROM lti_context x, "user" u WHERE x.id = ${context} AND u.sourced_id = 'sub:${sub}'`,
    );
  }
}

test('nothing is written anywhere until a teacher wants it', async () => {
  const context = await connect(school, plain);
  await goals(plain, context, { 's-2': 'met', 's-3': 'open', 's-4': 'met' });
  expect(await publish(plain)).toEqual([]);
  expect(asked(plain, 'POST', /services/)).toEqual([]);
  await wish(plain, context, 'off');
  expect(await publish(plain)).toEqual([]);
  expect(book(plain)).toEqual([]);
});

test('then there is one column, with a 1 for each child who met a goal, and nothing for anybody else', async () => {
  const [{ id: context }] = (await query<{ id: number }>(plain, `SELECT id FROM lti_context WHERE context_id = 'course-3a'`)) as [
    { id: number },
  ];
  await wish(plain, context, 'on');
  const bodies: unknown[] = [];
  plain.services.fault = (req) => req.method === 'POST' && req.path.includes('lineitems') && bodies.push(req.body) === 0;
  expect(await publish(plain)).toEqual([{ contextId: context, code: null, sent: 2 }]);
  plain.services.fault = null;
  expect(book(plain)).toMatchObject([{ label: 'APTT goal met', maximum: 1, tag: goalTag }]);
  expect(ones(plain)).toEqual({ 's-2': 1, 's-4': 1 });
  expect(asked(plain, 'POST', /lineitems$/).map((each) => each.scopes)).toEqual([[scopes.lineItem]]);
  expect(asked(plain, 'POST', /scores$/).map((each) => each.scopes)).toEqual([[scopes.score], [scopes.score]]);
  const submission = { 'https://canvas.instructure.com/lti/submission': { new_submission: false } }; // no child handed anything in
  expect(bodies).toMatchObject([{ label: 'APTT goal met' }, submission, submission]);
});

describe('in a course where it is wanted', () => {
  let context: number;
  beforeEach(async () => {
    [{ id: context }] = (await query<{ id: number }>(plain, `SELECT id FROM lti_context WHERE context_id = 'course-3a'`)) as [
      { id: number },
    ];
    plain.services.fault = null;
    events.length = 0;
  });

  test('the same again asks the platform nothing and sends nothing', async () => {
    const before = plain.services.asked.length;
    expect(await publish(plain)).toEqual([{ contextId: context, code: null, sent: 0 }]);
    expect(plain.services.asked).toHaveLength(before);
  });

  test('a goal met since is sent, and nothing else; one taken back is cleared; the next goal takes no 1 away', async () => {
    await goals(plain, context, { 's-5': 'met' });
    await query(
      plain,
      `UPDATE goal SET ended_at = now(), ended_because = 'taken_back' WHERE student_id = (SELECT id FROM "user" WHERE sourced_id = 'sub:s-2')`,
    );
    await query(
      plain,
      `UPDATE goal SET ended_at = now(), ended_because = 'next_goal' WHERE student_id = (SELECT id FROM "user" WHERE sourced_id = 'sub:s-4')`,
    );
    await goals(plain, context, { 's-4': 'open' });
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 2 }]);
    expect(ones(plain)).toEqual({ 's-2': null, 's-4': 1, 's-5': 1 });
  });

  test('a column that was lost is made once more, with all that stood in it', async () => {
    book(plain).splice(0);
    await goals(plain, context, { 's-6': 'met' });
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 3 }]);
    expect(book(plain)).toHaveLength(1);
    expect(ones(plain)).toEqual({ 's-4': 1, 's-5': 1, 's-6': 1 });
  });

  test('a column we lost the address of is found by its tag, among however many, and never made twice', async () => {
    const fill = (n: number) => ({ id: String(100 + n), label: `Test ${n}`, maximum: 10, results: new Map() });
    book(plain).unshift(...Array.from({ length: 12 }, (_, n) => fill(n)));
    await query(plain, 'UPDATE goal_column SET line_item = NULL');
    await query(plain, 'DELETE FROM goal_posted');
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 3 }]);
    expect(book(plain).filter(({ tag }) => tag === goalTag)).toHaveLength(1);
  });

  test('of two who come at once one does it', async () => {
    await goals(plain, context, { 's-7': 'met' });
    const done = (await Promise.all([publish(plain), publish(plain), publish(plain)])).flat();
    expect(done.reduce((sum, { sent }) => sum + sent, 0)).toBe(1);
    expect(ones(plain)).toMatchObject({ 's-7': 1 });
  });

  test('whoever is killed at it is waited for, and not for ever', async () => {
    await goals(plain, context, { 's-8': 'met' });
    await query(plain, `UPDATE goal_column SET busy_until = now() + interval '5 minutes'`);
    expect(await publish(plain)).toEqual([]);
    await query(plain, `UPDATE goal_column SET busy_until = now() - interval '1 second'`);
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 1 }]);
  });

  test('a platform that says "too many" is asked again, and told all', async () => {
    await goals(plain, context, { 's-9': 'met' });
    let left = 1;
    plain.services.fault = (req, res) =>
      req.path.endsWith('/scores') && left-- > 0 && Boolean(res.status(429).set('Retry-After', '1').end());
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 1 }]);
    expect(ones(plain)).toMatchObject({ 's-9': 1 });
  });

  test.each([
    ['it refuses', (res: Response) => res.status(403).set('X-Rate-Limit-Remaining', '500').end(), 'source_denied'],
    ['it answers with a page', (res: Response) => res.type('html').send('<h1>Sign in</h1>'), 'source_contract_broken'],
    ['it no longer gives a token', (res: Response) => res.status(400).json({ error: 'invalid_scope' }), 'platform_token_refused'],
  ])('where %s that stands with the wish and in the launch diary, and the next time goes on', async (_what, fault, code) => {
    await goals(plain, context, { 's-10': 'met' });
    await query(plain, `DELETE FROM goal_posted WHERE student_id = (SELECT id FROM "user" WHERE sourced_id = 'sub:s-10')`);
    if (code === 'platform_token_refused') plain.services.forgetTokens();
    const path = code === 'platform_token_refused' ? /token$/ : /scores$/;
    plain.services.fault = (req, res) => path.test(req.path) && Boolean(fault(res));
    expect(await publish(plain)).toMatchObject([{ code, sent: 0 }]);
    expect(await standing(plain, context)).toMatchObject({ wish: 'on', code, busy: false });
    expect(events).toMatchObject([{ at: 'grades', reason: code, where: { platformId: plain.id, deploymentId: plain.deploymentId } }]);
    expect(JSON.stringify(events)).not.toMatch(/s-10|Child/);
    plain.services.fault = null;
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 1 }]);
    expect(await standing(plain, context)).toMatchObject({ code: null });
    await query(plain, `DELETE FROM goal WHERE student_id = (SELECT id FROM "user" WHERE sourced_id = 'sub:s-10')`);
  });

  test('one child the platform does not take keeps no other from theirs', async () => {
    await goals(plain, context, { 's-11': 'met', 's-12': 'met' });
    plain.services.fault = (req, res) => req.body?.userId === 's-11' && Boolean(res.status(422).end());
    const [done] = (await publish(plain)) as [Published];
    expect(done).toMatchObject({ code: 'grade_refused' });
    expect(ones(plain)).toMatchObject({ 's-12': 1 });
    expect(ones(plain)).not.toHaveProperty('s-11');
    plain.services.fault = null;
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 1 }]);
  });

  test('a platform that takes its grant back is not asked, and IT is told what to mend', async () => {
    await goals(plain, context, { 's-13': 'met' });
    await query(plain, `UPDATE lti_context SET service_scopes = ARRAY['${scopes.lineItemRead}', '${scopes.results}']`);
    const before = plain.services.asked.length;
    expect(await publish(plain)).toMatchObject([{ code: 'grades_not_granted', sent: 0 }]);
    expect(plain.services.asked).toHaveLength(before);
    await query(plain, `UPDATE lti_context SET service_scopes = ARRAY['${scopes.lineItem}', '${scopes.score}', '${scopes.results}']`);
  });

  test('a child of the class who is no longer in the course is told of, and keeps nobody waiting', async () => {
    const members = plain.services.courses.get('course-3a')?.members ?? [];
    members.splice(
      members.findIndex(({ sub }) => sub === 's-13'),
      1,
    );
    expect(await publish(plain)).toMatchObject([{ code: null, sent: 0 }]);
    expect(await standing(plain, context)).toMatchObject({ unknown: 1 });
  });

  test('a 1 that cannot be cleared is tried again while the child is in the course, and forgotten once they have left it', async () => {
    const course = plain.services.courses.get('course-3a') as { members: { sub: string }[] };
    const members = [...course.members];
    await query(
      plain,
      `UPDATE goal SET met_on = NULL, met_line_item_id = NULL WHERE student_id = (SELECT id FROM "user" WHERE sourced_id = 'sub:s-12')`,
    );
    for (const status of [409, 422]) {
      plain.services.fault = (req, res) => req.body?.userId === 's-12' && Boolean(res.status(status).end());
      expect(await publish(plain, [context])).toMatchObject([{ code: 'grade_refused' }]);
    }
    course.members.splice(0, members.length, ...members.filter(({ sub }) => sub !== 's-12'));
    book(plain)
      .find(({ tag }) => tag === goalTag)
      ?.results.delete('s-12');
    expect(await publish(plain, [context])).toMatchObject([{ code: null }]);
    const before = asked(plain, 'POST', /scores$/).length;
    expect(await publish(plain, [context])).toMatchObject([{ code: null, sent: 0 }]);
    expect(asked(plain, 'POST', /scores$/)).toHaveLength(before);
    course.members.splice(0, course.members.length, ...members);
    plain.services.fault = null;
  });

  test('another course of the platform has a column and children of its own', async () => {
    const other = await connect(school, plain, '3b');
    await goals(plain, other, { 's-50': 'met', 's-51': 'open' });
    await wish(plain, other, 'on');
    await publish(plain, [other]);
    expect(ones(plain, '3b')).toEqual({ 's-50': 1 });
    expect(ones(plain)).not.toHaveProperty('s-50');
  });

  test('a deployment or a platform that is taken back is not written to', async () => {
    await goals(plain, context, { 's-1': 'met' });
    await query(plain, `UPDATE lti_deployment SET status = 'refused'`);
    expect(await publish(plain, [context])).toEqual([]);
    await query(plain, `UPDATE lti_deployment SET status = 'active'`);
    await query(plain, 'UPDATE lti_platform SET active = false');
    expect(await publish(plain, [context])).toMatchObject([{ code: 'platform_inactive' }]);
    await query(plain, 'UPDATE lti_platform SET active = true');
    expect(ones(plain)).not.toHaveProperty('s-1');
  });

  test('a course that becomes another class’s is not written to until that class’s teacher wishes it; the children of before lose their 1', async () => {
    const before = await query<{ classId: number }>(plain, `SELECT class_id AS "classId" FROM lti_context WHERE id = ${context}`);
    const roster = await newRoster(school.db, plain.districtId, 'Other');
    const other = await roster.klass(await roster.school());
    await query(plain, `UPDATE lti_context SET class_id = ${other} WHERE id = ${context}`);
    const held = ones(plain);
    expect(await publish(plain, [context])).toEqual([]);
    expect(ones(plain)).toEqual(held);
    await wish(plain, context, 'on');
    expect(await publish(plain, [context])).toMatchObject([{ code: null }]);
    expect(Object.values(ones(plain)).filter((score) => score !== null)).toEqual([]);
    await query(plain, `UPDATE lti_context SET class_id = ${before[0]?.classId} WHERE id = ${context}`);
    await wish(plain, context, 'on');
    await publish(plain, [context]);
  });

  test('switched off nothing more is sent, and the column stays; removed it goes, once', async () => {
    const before = ones(plain);
    await wish(plain, context, 'off');
    await goals(plain, context, { 's-4': 'met' }).catch(() => {}); // has one open: whatever else happens to goals
    expect(await publish(plain, [context])).toEqual([]);
    expect(ones(plain)).toEqual(before);
    await wish(plain, context, 'removed');
    expect(await publish(plain, [context])).toMatchObject([{ code: null }]);
    expect(book(plain).filter(({ tag }) => tag === goalTag)).toEqual([]);
    expect(book(plain)).toHaveLength(12); // the teacher's own
    expect(await standing(plain, context)).toMatchObject({ wish: 'off', line_item: null });
    const deletes = asked(plain, 'DELETE', /./).length;
    await wish(plain, context, 'removed');
    expect(await publish(plain, [context])).toMatchObject([{ code: null }]);
    expect(asked(plain, 'DELETE', /./)).toHaveLength(deletes); // it was gone already
  });
});

test('where addresses carry a query and lists curly links, the column is made, found and removed all the same', async () => {
  const context = await connect(school, moodle);
  await goals(moodle, context, { 's-2': 'met' });
  await wish(moodle, context, 'on');
  expect(await publish(moodle)).toMatchObject([{ code: null, sent: 1 }]);
  const fill = (n: number) => ({ id: String(100 + n), label: `Test ${n}`, maximum: 10, results: new Map() });
  book(moodle).unshift(...Array.from({ length: 12 }, (_, n) => fill(n)));
  await query(moodle, 'UPDATE goal_column SET line_item = NULL');
  await publish(moodle);
  expect(book(moodle).filter(({ tag }) => tag === goalTag)).toHaveLength(1);
  expect(ones(moodle)).toEqual({ 's-2': 1 });
  await wish(moodle, context, 'removed');
  await publish(moodle);
  expect(book(moodle).filter(({ tag }) => tag === goalTag)).toEqual([]);
});

test('what we wrote is read back by no night', async () => {
  const [{ id: context }] = (await query<{ id: number }>(moodle, 'SELECT id FROM lti_context LIMIT 1')) as [{ id: number }];
  await wish(moodle, context, 'on');
  await publish(moodle);
  await night(school, moodle);
  expect(await query(moodle, `SELECT 1 AS found FROM line_item WHERE title = 'APTT goal met'`)).toEqual([]);
});

test('a teacher’s launch has what was met since sent behind the answer; nobody else’s does, and a wish is seen to at once', async () => {
  const [{ id: context }] = (await query<{ id: number }>(moodle, 'SELECT id FROM lti_context LIMIT 1')) as [{ id: number }];
  const publisher = goalPublisher({
    db: school.db,
    tokens,
    note: () => {},
    failed: (error) => {
      throw error;
    },
  });
  const opened = (instructor: boolean) =>
    publisher.opened({ districtId: moodle.districtId, roles: { instructor }, testUser: false } as Launch, context); // what it looks at
  await goals(moodle, context, { 's-3': 'met' });
  opened(false);
  await until(async () => true);
  expect(ones(moodle)).toEqual({ 's-2': 1 });
  opened(true);
  opened(true);
  await until(async () => ones(moodle)['s-3'] === 1);
  await goals(moodle, context, { 's-4': 'met' });
  publisher.wished(moodle.districtId, context);
  await until(async () => ones(moodle)['s-4'] === 1);
  await publisher.close();
  publisher.wished(moodle.districtId, context); // nothing is begun any more
  expect((await standing(moodle, context))?.busy).toBe(false);
});

test('in the service itself a teacher’s switch is seen to as soon as it is pressed, and taken out again', async () => {
  const own = await openPlatform(school, { courses: [course('7', pupils(12))] });
  const context = await connect(school, own, '7');
  await goals(own, context, { 's-2': 'met' });
  const [found] = await query<{ classId: number; teacher: number }>(
    own,
    `SELECT x.class_id AS "classId", u.id AS teacher FROM lti_context x, "user" u WHERE u.sourced_id = 'sub:u-teacher'`,
  );
  const { token } = await signIn(school.db, { districtId: own.districtId, roles: ['instructor'], userId: found?.teacher ?? 0 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const at = `${school.url}/api/classes/${found?.classId}`;
  const press = async (wish: string) =>
    (await fetch(`${at}/goal-columns/${context}`, { method: 'POST', headers, body: JSON.stringify({ wish }) })).status;
  const column = async () => ((await (await fetch(`${at}/goals`, { headers })).json()) as ClassGoalsShape).columns[0];
  expect(await column()).toMatchObject({ course: 'Room 7', granted: true, wish: 'off', made: false });
  expect(await press('on')).toBe(204);
  await until(async () => (await column())?.doneAt);
  expect(await column()).toMatchObject({ wish: 'on', pending: false, made: true, posted: 1, unknown: 0, code: null });
  expect(ones(own, '7')).toEqual({ 's-2': 1 });
  expect(await press('removed')).toBe(204);
  await until(async () => (await column())?.wish === 'off');
  expect(await column()).toMatchObject({ made: false, posted: 0 });
  expect(book(own, '7')).toEqual([]);
  await own.close();
});

test('a service that stops breaks off, and leaves the rest to the next time', async () => {
  const [{ id: context }] = (await query<{ id: number }>(moodle, 'SELECT id FROM lti_context LIMIT 1')) as [{ id: number }];
  const publisher = goalPublisher({ db: school.db, tokens, note: () => {}, failed: () => {} });
  await goals(moodle, context, { 's-5': 'met' });
  let waits = false;
  moodle.services.fault = (req, res) => {
    waits = req.path.endsWith('/scores');
    return waits && Boolean(res.status(429).set('Retry-After', '30').end());
  };
  publisher.wished(moodle.districtId, context);
  await until(async () => waits);
  await publisher.close();
  moodle.services.fault = null;
  expect(await standing(moodle, context)).toMatchObject({ wish: 'on', busy: false });
  expect(ones(moodle)).not.toHaveProperty('s-5');
});

describe('while a run is at a course', () => {
  let own: At;
  let context: number;
  beforeEach(async () => {
    own = await openPlatform(school, { courses: [course('9', pupils(12))] });
    context = await connect(school, own, '9');
    await goals(own, context, { 's-2': 'met', 's-3': 'met' });
    await wish(own, context, 'on');
  });
  afterEach(() => own.close());
  /** Something happens while the platform has been asked this, and then it answers. */
  const meanwhile = (path: RegExp, happens: () => Promise<unknown>) => {
    let isFirst = true;
    own.services.fault = (req, res) => {
      if (!isFirst || !path.test(`${req.method} ${req.path}`)) return false;
      isFirst = false;
      void happens().then(() => res.type('application/vnd.ims.lis.v2.lineitemcontainer+json').send('[]'));
      return true;
    };
  };
  const doneAt = async () => (await query<{ done: Date | null }>(own, 'SELECT done_at AS done FROM goal_column'))[0]?.done;

  test.each([
    ['the deployment is refused', () => query(own, `UPDATE lti_deployment SET status = 'refused'`)],
    ['the course becomes another class’s', () => query(own, 'UPDATE lti_context SET class_id = NULL')],
    ['it is switched off', () => wish(own, context, 'off')],
  ])('%s: nobody else is sent, and nobody is told that all is there', async (_what, happens) => {
    meanwhile(/^POST .*scores$/, happens);
    expect(await publish(own)).toMatchObject([{ code: null, sent: 1 }]);
    expect(asked(own, 'POST', /scores$/)).toHaveLength(1);
    expect(await doneAt()).toBeNull();
  });

  test('it is switched off before there is a column: none is made', async () => {
    meanwhile(/^GET .*lineitems$/, () => wish(own, context, 'off'));
    expect(await publish(own)).toMatchObject([{ code: null, sent: 0 }]);
    expect(book(own, '9')).toEqual([]);
    expect(await doneAt()).toBeNull();
  });

  test('whatever is wished finds it busy, and is seen to all the same', async () => {
    meanwhile(/^POST .*scores$/, async () => {
      await wish(own, context, 'removed');
      expect(await publish(own)).toEqual([]);
    });
    expect(await publish(own)).toMatchObject([
      { code: null, sent: 1 },
      { code: null, sent: 0 },
    ]);
    expect(book(own, '9')).toEqual([]);
    expect(await standing(own, context)).toMatchObject({ wish: 'off', busy: false });
  });

  test('it takes so long that somebody else begins: it does not say for them that they are done', async () => {
    meanwhile(/^POST .*scores$/, () => query(own, `UPDATE goal_column SET busy_until = now() + interval '1 hour'`));
    await publish(own);
    expect(await standing(own, context)).toMatchObject({ busy: true });
  });
});

test('in a district with a roster of its own a child is found by the district’s id, and by nothing less', async () => {
  const members = ['A', 'B', 'C'].map((name) => ({
    sub: `lms-${name}`,
    givenName: name,
    familyName: 'Test',
    roles: ['learner'],
    status: 'Active',
    lisPersonSourcedId: name === 'C' ? 'stu-A' : `stu-${name}`, // the platform gives two people one id
  }));
  const fed = await openPlatform(school, { courses: [course('5', members)] });
  const roster = await newRoster(school.db, fed.districtId, 'Fed');
  const classId = await roster.klass(await roster.school());
  const [a, b, noOne] = [await roster.user('A'), await roster.user('B'), await roster.user('D')];
  for (const [id, sourcedId] of [
    [a, 'stu-A'],
    [b, 'stu-B'],
    [noOne, 'stu-D'],
  ] as const) {
    await roster.enroll(classId, id);
    await query(fed, `UPDATE "user" SET sourced_id = '${sourcedId}' WHERE id = ${id}`);
    await query(
      fed,
      `INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by, met_on, met_line_item_id)
      VALUES (${fed.districtId}, ${classId}, ${id}, 1, 12, '2026-10-01', 24, '2026-11-12', 'user:1', '2026-11-10', 1)`,
    );
  }
  await fed.open('teacher', '5');
  const context = await until(async () => (await query<{ id: number }>(fed, 'SELECT id FROM lti_context'))[0]?.id);
  await query(fed, `UPDATE lti_context SET class_id = ${classId}`);
  await wish(fed, context, 'on');
  expect(await publish(fed)).toMatchObject([{ code: null, sent: 1 }]);
  expect(ones(fed, '5')).toEqual({ 'lms-B': 1 });
  expect(await standing(fed, context)).toMatchObject({ unknown: 2 });
  await fed.close();
});
