/** Google Classroom beside an information system, and alone: nights in a row, through the real sync. */
import { accountId, type Domain, sampleDomain } from '../../src/demo/google/domain.ts';
import { type GoogleOptions, type GoogleServer, startGoogle } from '../../src/demo/google/server.ts';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import { startOneRoster } from '../../src/demo/oneroster/server.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource, type Source } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const size = { students: 60, schools: 1 };
const secret = () => 'a secret of at least thirty-two characters';
const db = await freshDatabase();
const closing: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(closing.splice(0).map((server) => server.close())));
afterAll(() => db.close());

const sync = (district: number, source: Source) => syncSource(db, district, source, { actor: 'test' });
const list = <T>(district: number, query: string) => db.inDistrict(district, (tx) => tx.unsafe<T[]>(query));
const people = async (district: number) => (await list<{ n: number }>(district, 'SELECT count(*)::int AS n FROM "user"'))[0]?.n;

async function withGoogle(
  district: number,
  options: Partial<GoogleOptions>,
  settings: Record<string, unknown>,
): Promise<[GoogleServer, Source]> {
  const google = await startGoogle({ domain: sampleDomain(size), ...options });
  closing.push(google);
  const source = { name: 'classroom', kind: 'google-classroom', settings: { ...google.settings, ...settings } };
  return [google, await addSource(db, district, source, secret)];
}

/** The same district by its information system. */
async function withRoster(withGoogleIds = false): Promise<number> {
  const collections = sampleCollections(size);
  const users = (collections.users ?? []).map((user) => ({
    ...user,
    ...(withGoogleIds && { userIds: [{ type: 'google', identifier: accountId(String(user.sourcedId)) }] }),
  }));
  const sis = await startOneRoster({ collections: { ...collections, users } });
  closing.push(sis);
  const { url, tokenUrl, clientId, clientSecret } = sis;
  const district = await newDistrict(db);
  const source = await addSource(
    db,
    district,
    { name: 'sis', kind: 'oneroster-rest', settings: { url, tokenUrl, clientId, clientSecret } },
    secret,
  );
  expect(await sync(district, source)).toMatchObject({ status: 'applied' });
  return district;
}

const stranger = '100000000000000000001';
/** Somebody joins the first course whom the information system does not know, with a score and a guardian. */
function withStranger(domain: Domain): Domain {
  const [courseId = ''] = domain.courses.map(({ id }) => id ?? '');
  const profile = { id: stranger, emailAddress: 'nobody@willow.example' };
  return {
    ...domain,
    students: { ...domain.students, [courseId]: [...(domain.students[courseId] ?? []), { courseId, userId: stranger, profile }] },
    studentSubmissions: {
      ...domain.studentSubmissions,
      [courseId]: [
        ...(domain.studentSubmissions[courseId] ?? []),
        { courseId, courseWorkId: '1', id: 'x', userId: stranger, state: 'RETURNED', assignedGrade: 9 },
      ],
    },
    guardians: [...domain.guardians, { studentId: stranger, guardianId: '7', invitedEmailAddress: 'unknown@mail.example' }],
  };
}

test('beside an information system nobody is doubled, scores find their children, and strangers wait in the review queue', async () => {
  const district = await withRoster();
  const before = await people(district);
  const links = await list(district, 'SELECT sourced_id FROM guardianship');
  const domain = withStranger(sampleDomain(size));
  const [, source] = await withGoogle(district, { domain }, { match: ['email'] });
  const report = await sync(district, source);
  expect(report).toMatchObject({
    status: 'applied',
    entities: { users: { rejected: 2 }, enrollments: { rejected: 1 }, results: { rejected: 1 } },
  });
  const unmatched = report.problems.filter(({ code }) => code === 'no_match').map(({ sourcedId }) => sourcedId);
  expect(unmatched.sort()).toEqual([stranger, 'guardian:7']);
  expect(await people(district)).toBe(before);
  expect(await list(district, 'SELECT sourced_id FROM guardianship')).toHaveLength(links.length);

  const of = `FROM result r JOIN source s ON s.id = r.source_id AND s.kind = 'google-classroom' JOIN "user" u ON u.id = r.student_id`;
  const scores = await list<{ kind: string; n: number }>(
    district,
    `SELECT o.kind, count(*)::int AS n ${of} JOIN source o ON o.id = u.source_id GROUP BY 1`,
  );
  const returned = Object.values(sampleDomain(size).studentSubmissions)
    .flat()
    .filter(({ assignedGrade }) => assignedGrade !== undefined);
  expect(scores).toEqual([{ kind: 'oneroster-rest', n: returned.length }]);
  const drafts = await list<{ n: number }>(district, `SELECT count(*)::int AS n FROM line_item l WHERE l.title = 'A picture of my family'`);
  expect(drafts).toEqual([{ n: 0 }]);
  expect(await sync(district, source)).toMatchObject({ status: 'unchanged' });
});

test('by Google ids of the information system no address is needed, and none is asked for', async () => {
  const district = await withRoster(true);
  const before = await people(district);
  const delegated = ['courses.readonly', 'rosters.readonly', 'coursework.students.readonly'].map(
    (name) => `https://www.googleapis.com/auth/classroom.${name}`,
  );
  const [google, source] = await withGoogle(district, { delegated }, {});
  expect(await sync(district, source)).toMatchObject({ status: 'applied', entities: { users: { rejected: 0 }, results: { rejected: 0 } } });
  expect(await people(district)).toBe(before);
  expect(google.asked.some((address) => /emailAddress|familyName|guardians/.test(address))).toBe(false);
});

test('e-mail finds nobody unless the district named it', async () => {
  const district = await withRoster();
  const [, source] = await withGoogle(district, {}, {});
  const report = await sync(district, source);
  expect(report.entities.users).toMatchObject({ added: 0 });
  expect(report.entities.users?.rejected).toBe(report.entities.users?.read);
});

test('one teacher’s consent brings that teacher’s courses, and a child that leaves keeps their scores', async () => {
  const district = await newDistrict(db);
  const domain = sampleDomain(size);
  const [courseId = ''] = domain.courses.map(({ id }) => id ?? '');
  const teacher = domain.teachers[courseId]?.[0]?.profile?.emailAddress ?? '';
  const [google] = await withGoogle(district, { domain }, {});
  const settings = { ...google.consent(teacher), url: google.url, tokenUrl: google.settings.tokenUrl, people: 'own' };
  const source = await addSource(db, district, { name: 'mine', kind: 'google-classroom', settings }, secret);
  const children = domain.students[courseId] ?? [];
  expect(await sync(district, source)).toMatchObject({
    status: 'applied',
    entities: { classes: { added: 1 }, users: { added: children.length + (domain.teachers[courseId] ?? []).length } },
  });
  const gone = children[0]?.userId ?? '';
  const scores = `SELECT r.sourced_id FROM result r JOIN "user" u ON u.id = r.student_id WHERE u.sourced_id = '${gone}' AND r.ended_at IS NULL`;
  const had = await list(district, scores);
  expect(had.length).toBeGreaterThan(0);
  google.hold({
    ...domain,
    students: { ...domain.students, [courseId]: children.slice(1) },
    studentSubmissions: {
      ...domain.studentSubmissions,
      [courseId]: (domain.studentSubmissions[courseId] ?? []).filter(({ userId }) => userId !== gone),
    },
  });
  const report = await syncSource(db, district, source, { actor: 'test', ignoreGuards: true });
  expect(report).toMatchObject({ status: 'applied', entities: { enrollments: { ended: 1 }, results: { ended: 0 } } });
  expect(await list(district, scores)).toEqual(had);
});

test('a course that cannot be read stands as it was, while a child who leaves another is ended there', async () => {
  const district = await newDistrict(db);
  const domain = sampleDomain(size);
  const [google, source] = await withGoogle(district, { domain }, { people: 'own' });
  await sync(district, source);
  const without = (courseId: string) => ({
    ...domain.students,
    [courseId]: (domain.students[courseId] ?? []).slice(1),
  });
  const [first = '', second = ''] = domain.courses.map(({ id }) => id ?? '');
  google.hold({ ...domain, students: { ...without(first), [second]: [] } });
  google.behave({ accents: ['a course not ours'] }); // the second
  const report = await sync(district, source);
  expect(report).toMatchObject({
    status: 'applied',
    entities: { classes: { ended: 0 }, enrollments: { ended: 1 }, users: { ended: 1 }, lineItems: { ended: 0 } },
  });
  const [problem] = report.problems;
  expect(report.problems).toHaveLength(1);
  expect(problem).toMatchObject({ code: 'course_not_read', file: domain.courses[1]?.name });
  expect(problem?.message).toMatch(
    /the others were read.*\/teachers knows us and refuses\. See in Classroom that the administrator in "admin" may open it/,
  );

  google.behave({ accents: ['scores not ours'] });
  google.hold({ ...domain, students: without(first), courseWork: { ...domain.courseWork, [first]: [], [second]: [] } });
  expect(await sync(district, source)).toMatchObject({ status: 'applied', entities: { lineItems: { ended: 3 } } });
});

test('a teacher who cannot be read takes no course away', async () => {
  const district = await newDistrict(db);
  const domain = sampleDomain(size);
  const [google, source] = await withGoogle(district, { domain }, { people: 'own' });
  await sync(district, source);
  const [courseId = ''] = domain.courses.map(({ id }) => id ?? '');
  const spoilt = (domain.teachers[courseId] ?? []).map((row) => ({ ...row, profile: { ...row.profile, verifiedTeacher: 'yes' as never } }));
  google.hold({ ...domain, teachers: { ...domain.teachers, [courseId]: spoilt } });
  const report = await sync(district, source);
  expect(report.problems).toContainEqual(expect.objectContaining({ code: 'row_unreadable', file: domain.courses[0]?.name }));
  expect(report).toMatchObject({ status: 'unchanged', entities: { classes: { ended: 0 }, enrollments: { ended: 0 } } });
});

test('a course that no verified teacher holds is nobody’s class', async () => {
  const district = await newDistrict(db);
  const domain = sampleDomain(size);
  const [courseId = ''] = domain.courses.map(({ id }) => id ?? '');
  const child = domain.students[courseId]?.[0];
  const mine = { id: '9', name: 'My own class', courseState: 'ACTIVE' };
  const opened: Domain = {
    ...domain,
    courses: [...domain.courses, mine],
    teachers: {
      ...domain.teachers,
      9: [{ courseId: '9', userId: child?.userId ?? '', profile: { ...child?.profile, verifiedTeacher: false } }],
    },
    students: { ...domain.students, 9: (domain.students[courseId] ?? []).slice(1, 4) },
  };
  const [, source] = await withGoogle(district, { domain: opened }, { people: 'own' });
  const report = await sync(district, source);
  expect(report.problems).toContainEqual(expect.objectContaining({ code: 'teacher_not_verified', severity: 'warning' }));
  expect(await list(district, `SELECT 1 FROM class WHERE sourced_id = 'google:9'`)).toEqual([]);
  expect(await list(district, `SELECT 1 FROM role WHERE role = 'teacher' AND sourced_id LIKE '${child?.userId}%'`)).toEqual([]);
});

test('a course whose alias names a class of the roster is that class: there is no second one, and its grades are the class’s', async () => {
  const district = await withRoster();
  const classes = await list(district, 'SELECT id FROM class ORDER BY 1');
  const places = await list(district, 'SELECT sourced_id FROM enrollment ORDER BY 1');
  const domain = sampleDomain(size);
  const [unnamed = ''] = domain.courses.map(({ id }) => id ?? '');
  domain.aliases[unnamed] = [{ alias: 'd:one' }, { alias: 'd:another' }];
  const [google, source] = await withGoogle(district, { domain }, { match: ['email'], courses: 'aliases' });
  const report = await sync(district, source);
  expect(report).toMatchObject({ status: 'applied', entities: { users: { added: expect.any(Number) }, results: { rejected: 0 } } });
  expect(report.problems).toContainEqual(
    expect.objectContaining({ code: 'course_not_named', message: expect.stringMatching(/^1 courses/) }),
  );
  expect([
    await list(district, 'SELECT id FROM class ORDER BY 1'),
    await list(district, 'SELECT sourced_id FROM enrollment ORDER BY 1'),
  ]).toEqual([classes, places]);
  const items = await list<{ kind: string; n: number }>(
    district,
    `SELECT o.kind, count(*)::int AS n FROM line_item l JOIN source s ON s.id = l.source_id AND s.kind = 'google-classroom'
      JOIN class c ON c.id = l.class_id JOIN source o ON o.id = c.source_id GROUP BY 1`,
  );
  expect(items).toEqual([{ kind: 'oneroster-rest', n: 3 * (domain.courses.length - 1) }]);
  expect(await sync(district, source)).toMatchObject({ status: 'unchanged' });
  google.behave({ accents: ['a course gone midway'] });
  expect(await sync(district, source)).toMatchObject({ status: 'unchanged', entities: { lineItems: { ended: 0 }, results: { ended: 0 } } });
});

test('where aliases name the classes, a course that cannot be read keeps its work, and work that is gone from another ends', async () => {
  const district = await withRoster();
  const domain = sampleDomain(size);
  const [google, source] = await withGoogle(district, { domain }, { match: ['email'], courses: 'aliases' });
  expect(await sync(district, source)).toMatchObject({ status: 'applied' });
  const [first = '', second = ''] = domain.courses.map(({ id }) => id ?? '');
  google.hold({ ...domain, courseWork: { ...domain.courseWork, [first]: [], [second]: [] } });
  google.behave({ accents: ['a course not ours'] }); // the second
  const report = await sync(district, source);
  expect(report).toMatchObject({ status: 'applied', entities: { users: { ended: 0 }, lineItems: { ended: 3 }, results: { ended: 0 } } });
  expect(report.problems).toContainEqual(
    expect.objectContaining({
      code: 'course_not_read',
      file: domain.courses[1]?.name,
      message: expect.stringMatching(/the others were read/),
    }),
  );
  const ended = `SELECT DISTINCT split_part(sourced_id, '/', 1) AS course FROM line_item WHERE ended_at IS NOT NULL`;
  expect(await list(district, ended)).toEqual([{ course: `google:${first}` }]);
  google.behave({ accents: [] });
  expect(await sync(district, source)).toMatchObject({ status: 'applied', entities: { lineItems: { ended: 3 } } });
});

test('where aliases name the classes and of two courses the one with work cannot be read, the night is not held for it', async () => {
  const district = await withRoster();
  const whole = sampleDomain(size);
  const [first = ''] = whole.courses.map(({ id }) => id ?? '');
  const domain = { ...whole, courses: whole.courses.slice(0, 2), courseWork: { ...whole.courseWork, [first]: [] } };
  const [google, source] = await withGoogle(district, { domain }, { match: ['email'], courses: 'aliases' });
  expect(await sync(district, source)).toMatchObject({ status: 'applied', entities: { lineItems: { added: 3 } } });
  google.behave({ accents: ['a course not ours'] });
  expect(await sync(district, source)).toMatchObject({ status: 'unchanged', heldBecause: [], entities: { lineItems: { read: 0 } } });
});
