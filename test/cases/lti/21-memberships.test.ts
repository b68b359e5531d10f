/** Names and Roles as a roster: what is asked, what comes of it, and what a platform may do wrong without anybody being lost. */
import type { Response } from 'express';
import { runCli } from '../../../src/cli/run.ts';
import { decide } from '../../../src/course-refresh.ts';
import { type ServiceMember, scopes } from '../../../src/demo/platform-services.ts';
import { addSource, listSources } from '../../../src/sync/sources.ts';
import { newRoster } from '../../setup/roster.ts';
import { connect, course, enrolled, night, openPlatform, pupils, until } from './course.ts';
import { openSchool, secret } from './school.ts';

const school = await openSchool('service');
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of [...opened, school]) await each.close();
});

const open = async (...options: Parameters<typeof openPlatform> extends [unknown, ...infer Rest] ? Rest : never) => {
  const platform = await openPlatform(school, ...options);
  opened.push(platform);
  return platform;
};
const members = (platform: Awaited<ReturnType<typeof open>>, key = '3a'): ServiceMember[] =>
  platform.services.courses.get(`course-${key}`)?.members ?? [];
const listed = async (platform: Awaited<ReturnType<typeof open>>, key = '3a') =>
  (await enrolled(school, platform.districtId, key)).map(({ sub }) => sub);
const isMembers = (path: string) => path.endsWith('/memberships');

describe('a course of a district without another roster', () => {
  test('lti 41, 42, 43, 44: its members are asked for with their media type, a bearer, and the one scope it takes', async () => {
    const platform = await open();
    await connect(school, platform);
    const asked = platform.services.asked.filter(({ path }) => isMembers(path));
    expect(asked.length).toBeGreaterThan(0);
    for (const { method, accept, scopes: granted } of asked) {
      expect({ method, accept, granted }).toEqual({
        method: 'GET',
        accept: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
        granted: [scopes.members],
      });
    }
  });

  test('lti 45, 46: is the class the launch opens, its people are those who launch', async () => {
    const platform = await open();
    const first = await platform.open('teacher', '3a');
    if (first.roles.length === 0) expect(first).toMatchObject({ classId: null, waiting: 'course_being_read' }); // unless it was that quick
    const id = await connect(school, platform);
    const again = await platform.open('teacher', '3a');
    expect(again).toMatchObject({ name: 'Ana Ruiz', roles: ['teacher'], classId: expect.any(String), waiting: null });
    const people = await enrolled(school, platform.districtId);
    expect(people).toHaveLength(26);
    expect(people.find(({ sub }) => sub === 'u-teacher')).toMatchObject({
      role: 'teacher',
      given: 'Ana',
      family: 'Ruiz',
      email: 'ana@school.example',
    });
    expect(people.find(({ sub }) => sub === 's-25')).toMatchObject({ role: 'student', given: 'Child25' });
    // Whose parent somebody is, only their launch says.
    expect(people.some(({ sub }) => sub === 'u-parent')).toBe(false);
    expect((await platform.open('parent', '3a')).roles).toEqual(['guardian']);
    const [{ n } = { n: -1 }] = await school.db.inDistrict(
      platform.districtId,
      (tx) => tx<{ n: number }[]>`
      SELECT (SELECT count(*) FROM guardianship)::int + (SELECT count(*) FROM pending_match WHERE settled_at IS NULL AND kind <> 'mentored')::int AS n`,
    );
    expect(n).toBe(0);
    expect(id).toBeGreaterThan(0);
  });

  test('a person in two courses of a platform is one person, a class each', async () => {
    const platform = await open({ courses: [course('3a', pupils(5)), course('3b', pupils(5, 5))] });
    await connect(school, platform, '3a');
    await connect(school, platform, '3b');
    const [row] = await school.db.inDistrict(
      platform.districtId,
      (tx) => tx<{ users: number; classes: number }[]>`
      SELECT (SELECT count(*)::int FROM "user") AS users, (SELECT count(*)::int FROM class) AS classes`,
    );
    expect(row).toEqual({ users: 2 + 5 + 3, classes: 2 });
    expect(await listed(platform, '3b')).toEqual(['s-1', 's-5', 's-6', 's-7', 's-8', 's-9', 'u-teacher']);
    expect((await night(school, platform)).status).toBe('unchanged');
  });

  test('a parent or a student who launches first connects nothing', async () => {
    const platform = await open();
    await platform.open('parent', '3a');
    await platform.open('pupil', '3a');
    await connect(school, platform);
    expect(await listSources(school.db, platform.districtId)).toHaveLength(1);
    expect(platform.services.asked.filter(({ path }) => path === '/token').length).toBeLessThanOrEqual(3);
  });

  test('where the district has a roster of its own the platform is not asked', async () => {
    const platform = await open();
    await newRoster(school.db, platform.districtId, 'Elm');
    await platform.open('teacher', '3a');
    const other = await open();
    await connect(school, other); // by now the first would have been read as well
    expect(platform.services.asked).toEqual([]);
  });

  test('a tenant that only adds guardians and scores to the courses’ children is no roster: the platform is asked', async () => {
    const platform = await open();
    const tenant = { tenant: 'willow.example', clientId: 'a', clientSecret: 'b', roster: false };
    await addSource(school.db, platform.districtId, { name: 'm365', kind: 'microsoft-graph', settings: tenant }, () => secret);
    expect(await connect(school, platform)).toBeGreaterThan(0);
    expect(await listed(platform)).not.toEqual([]);
  });
});

test('lti 110: pages of ten are read to the last, and say twenty-seven', async () => {
  const platform = await open({ accent: 'moodle', courses: [course('3a', pupils(24))] });
  await connect(school, platform);
  const pages = platform.services.asked.filter(({ path }) => isMembers(path));
  expect(pages).toHaveLength(3);
  expect(await listed(platform)).toHaveLength(26); // all but the parent
});

test('lti 113: an address with a query keeps it, on every page', async () => {
  const platform = await open({ accent: 'moodle' });
  await connect(school, platform);
  const asked = platform.services.asked.filter(({ path }) => isMembers(path));
  for (const { query } of asked) expect(new URLSearchParams(query).getAll('type_id')).toEqual(['2']);
});

/** Answers for the platform where the path is a course's list of members. */
const membersAnswer =
  (answer: (res: Response, query: URLSearchParams) => boolean) => (req: { path: string; originalUrl: string }, res: Response) =>
    isMembers(req.path) && answer(res, new URL(req.originalUrl, 'http://x').searchParams);
const page = (res: Response, rows: object[], link?: string) => {
  if (link) res.set('Link', `<${link}>; rel="next"`);
  res
    .type('application/vnd.ims.lti-nrps.v2.membershipcontainer+json')
    .send(JSON.stringify({ id: 'x', context: { id: 'x' }, members: rows }));
  return true;
};
const row = (sub: string, more: object = {}) => ({
  user_id: sub,
  roles: ['Learner'],
  status: 'Active',
  given_name: sub,
  family_name: 'Test',
  ...more,
});

test('lti 111: a next page on another host is not asked for, and the token never leaves', async () => {
  const thief = await open();
  const platform = await open();
  await connect(school, platform);
  const before = await listed(platform);
  const elsewhere = thief.url.replace('127.0.0.1', 'localhost');
  platform.services.fault = membersAnswer((res) => page(res, [row('s-1')], `${elsewhere}/services/course-3a/memberships?from=10`));
  const report = await night(school, platform);
  expect(report).toMatchObject({
    status: 'failed',
    error: { code: 'source_contract_broken', message: expect.stringContaining('localhost') },
  });
  expect(thief.services.asked).toEqual([]);
  expect(await listed(platform)).toEqual(before);
});

test('lti 112: pages without end are given up, and it is said so', async () => {
  const platform = await open();
  await connect(school, platform);
  const before = await listed(platform);
  const next = (n: number) => `${platform.url}/services/course-3a/memberships?from=${n}`;
  platform.services.fault = membersAnswer((res, query) => page(res, [row('s-1')], next(Number(query.get('from') ?? 0) + 1)));
  expect(await night(school, platform)).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('does not come to an end') },
  });
  platform.services.fault = membersAnswer((res, query) =>
    page(res, [row(`new-${query.get('from')}`)], next(Number(query.get('from') ?? 0) + 1)),
  );
  const endless = await night(school, platform);
  expect(endless).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('does not come to an end'), hint: expect.any(String) },
  });
  platform.services.fault = membersAnswer((res) => page(res, [row('s-1')], next(7)));
  expect(await night(school, platform)).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('leads in circles') },
  });
  expect(await listed(platform)).toEqual(before);
});

test('lti 114: who is inactive or deleted is not of the class, however it is written; one word nobody knows changes nothing', async () => {
  const platform = await open({ courses: [course('3a', pupils(40))] });
  await connect(school, platform);
  const set = (sub: string, status: string | undefined) =>
    Object.assign(members(platform).find((member) => member.sub === sub) ?? {}, { status });
  set('s-2', 'Inactive');
  set('s-3', 'DELETED');
  set('s-4', 'active');
  set('s-5', undefined);
  set('s-6', 'ACTIVE');
  const report = await night(school, platform);
  expect(report).toMatchObject({ status: 'applied', entities: { enrollments: { ended: 2 } } });
  const now = await listed(platform);
  expect(now).not.toContain('s-2');
  expect(now).not.toContain('s-3');
  for (const sub of ['s-4', 's-5', 's-6']) expect(now).toContain(sub);
  set('s-7', 'on holiday');
  const odd = await night(school, platform);
  expect(odd.problems).toMatchObject([{ code: 'member_unreadable', sourcedId: expect.stringContaining('s-7'), field: 'status' }]);
  expect(await listed(platform)).toEqual(now);
});

test('lti 114: upper case is this platform’s habit, and its role names are those of LTI 1.1', async () => {
  const platform = await open({ accent: 'brightspace' });
  await connect(school, platform);
  const people = await enrolled(school, platform.districtId);
  expect(people).toHaveLength(26);
  expect(people.filter(({ role }) => role === 'teacher').map(({ sub }) => sub)).toEqual(['u-teacher']);
});

test('lti 115: members without e-mail or names are members', async () => {
  const platform = await open({
    courses: [
      course(
        '3a',
        pupils(3).map(({ sub, roles, status }) => ({ sub, roles, status })),
      ),
    ],
  });
  await connect(school, platform);
  platform.services.fault = null;
  expect((await enrolled(school, platform.districtId)).find(({ sub }) => sub === 's-3')).toMatchObject({
    given: '',
    family: '',
    email: null,
  });
  platform.services.fault = membersAnswer((res) =>
    page(res, [
      row('u-teacher', { roles: ['Instructor'] }),
      { user_id: 's-2', roles: ['Learner'], name: 'Kim Park' },
      { user_id: 3, roles: 'Learner,Member', email: '$Person.email.primary', given_name: ' Lee ' },
    ]),
  );
  await night(school, platform);
  platform.services.fault = null;
  const known = await school.db.inDistrict(
    platform.districtId,
    (tx) => tx<{ id: string }[]>`SELECT sourced_id AS id FROM "user" ORDER BY 1`,
  );
  expect(known.length).toBeGreaterThanOrEqual(5);
});

test('lti 116: a second page that fails takes nobody away, and adds nobody either', async () => {
  const platform = await open({ accent: 'moodle', courses: [course('3a', pupils(30)), course('3b', pupils(12, 100))] });
  const a = await connect(school, platform, '3a');
  const b = await connect(school, platform, '3b');
  const before = await listed(platform, '3a');
  members(platform, '3a').splice(5, 2, { sub: 'newcomer', roles: ['learner'] });
  members(platform, '3b').pop();
  platform.services.fault = (req, res) =>
    req.originalUrl.includes('course-3a/memberships') && req.query.from === '10' && Boolean(res.status(500).end());
  const report = await night(school, platform, [a, b]);
  expect(report.status).toBe('applied');
  expect(report.problems).toMatchObject([{ code: 'course_not_read', sourcedId: `course:${a}`, entity: 'classes' }]);
  expect(await listed(platform, '3a')).toEqual(before);
  // The other class is read, and who left it is gone.
  expect(await listed(platform, '3b')).not.toContain('s-111');
  platform.services.fault = null;
  await night(school, platform);
  expect(await listed(platform, '3a')).toContain('newcomer');
});

test('lti 107: the platform’s made-up student is in no class', async () => {
  const platform = await open({ accent: 'canvas' });
  await connect(school, platform);
  expect(await listed(platform)).toHaveLength(26);
  const [row] = await school.db.inDistrict(
    platform.districtId,
    (tx) => tx<{ n: number }[]>`SELECT count(*)::int AS n FROM "user" WHERE sourced_id LIKE '%test%'`,
  );
  expect(row?.n).toBe(0);
});

test('lti 120: a token the platform forgot is asked for again, once, and the course is read', async () => {
  const platform = await open({ accent: 'moodle' });
  await connect(school, platform);
  let forgotten = false;
  platform.services.fault = (req) => {
    if (!forgotten && req.query.from === '10') {
      forgotten = true;
      platform.services.forgetTokens();
    }
    return false;
  };
  const before = platform.services.assertions.length;
  expect((await night(school, platform)).status).toBe('unchanged');
  expect(platform.services.assertions.length - before).toBeGreaterThanOrEqual(2);
  platform.services.fault = (req, res) => isMembers(req.path) && Boolean(res.status(401).end());
  expect(await night(school, platform)).toMatchObject({ status: 'failed', error: { code: 'source_denied' } });
});

test('a launch has a course read again that was read too long ago, and no sooner', async () => {
  const platform = await open();
  const id = await connect(school, platform);
  members(platform).push({ sub: 'late', givenName: 'Late', familyName: 'Comer', roles: ['learner'], status: 'Active' });
  members(platform).splice(3, 1);
  await night(school, platform, [id]); // somebody else's launch: what is left of a course goes, one course at a time
  expect(await listed(platform)).toContain('late');
  expect(await listed(platform)).not.toContain('s-2');
  await school.db.inDistrict(
    platform.districtId,
    (tx) => tx`UPDATE lti_context SET members_read_at = now() - interval '1 day' WHERE id = ${id}`,
  );
  members(platform).pop();
  await platform.open('pupil', '3a');
  await until(async () => !(await listed(platform)).includes('late'));
  const asked = platform.services.asked.length;
  await platform.open('parent', '3a');
  await night(school, platform);
  expect(platform.services.asked.filter(({ path }) => isMembers(path)).length).toBeLessThanOrEqual(asked + 1);
});

test('what a launch should do about a course', () => {
  const course = { connected: false, old: true, elsewhere: false, fed: false, instructor: true };
  expect(decide(course)).toBe('connect');
  expect(decide({ ...course, instructor: false })).toBe('nothing');
  expect(decide({ ...course, fed: true })).toBe('nothing');
  expect(decide({ ...course, connected: true, instructor: false, fed: true })).toBe('refresh');
  expect(decide({ ...course, connected: true, old: false })).toBe('nothing');
  expect(decide({ ...course, connected: true, elsewhere: true })).toBe('nothing');
});

test('district IT sees the courses as a source, tries it, and syncs it with the rest', async () => {
  const platform = await open();
  await connect(school, platform);
  const [{ slug } = { slug: '' }] = await school.db.asOperator(
    (tx) => tx<{ slug: string }[]>`SELECT slug FROM district WHERE id = ${platform.districtId}`,
  );
  const [source] = await listSources(school.db, platform.districtId);
  const aptt = async (...args: string[]) => {
    const out: string[] = [];
    const env = { ...process.env, DATABASE_URL: school.db.url, APTT_SECRET: secret };
    const code = await runCli([...args, '--district', slug, '--json'], {
      env,
      stdout: { write: (text) => out.push(text) },
      stderr: { write: () => {} },
    });
    return { code, said: JSON.parse(out.join('')) };
  };
  expect((await aptt('source', 'list')).said).toMatchObject({ sources: [{ kind: 'lti-memberships', platform: platform.id }] });
  const checked = await aptt('source', 'check', source?.name ?? '');
  expect(checked).toMatchObject({
    code: 0,
    said: { ok: true, findings: [{ text: expect.stringContaining('27 members, of them 1 teachers and 25 students') }] },
  });
  expect(await aptt('sync')).toMatchObject({ code: 0, said: { status: 'unchanged', source: source?.name } });
});
