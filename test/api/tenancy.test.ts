import fc from 'fast-check';
import { type Answer, type Api, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let one: School;
let two: School;
let meetings: Map<School, string>;
beforeAll(async () => {
  api = await startApi(db);
  // The second holds the same shapes under another mark; look-alike sourcedIds differ by it alone.
  one = await newSchool(db, 'Willow');
  two = await newSchool(db, 'Maple');
  meetings = new Map();
  for (const school of [one, two]) {
    const { token } = school.people.teacher;
    const made = await api.post(`/api/classes/${school.classes.big}/meetings`, token, { measureId: String(school.measures.moy) });
    const { id } = made.body as { id: string };
    await api.post(`/api/meetings/${id}/present`, token);
    meetings.set(school, id);
    await school.roster.within(
      (tx) => tx`
      INSERT INTO sync_run (district_id, source_id, status, finished_at, held_because)
      VALUES (${school.districtId}, ${school.roster.source}, 'applied', now(), ${tx.json([{ code: 'class_shrunk', entity: 'enrollments', classSourcedId: school.mark, count: 1, of: 2 }])})`,
    );
    await school.roster.within(
      (tx) => tx`
      INSERT INTO sync_problem (district_id, run_id, n, entity, severity, code, message, sourced_id)
      SELECT ${school.districtId}, id, 1, 'users', 'problem', 'x', ${`${school.mark} message`}, ${`${school.mark}-u`} FROM sync_run`,
    );
    await school.roster.within(
      (tx) => tx`
      INSERT INTO pending_match (district_id, kind, detail, because) VALUES (${school.districtId}, 'mentored', ${`sub:${school.mark}`}, 'no_match')`,
    );
  }
});
afterAll(async () => {
  await api.close();
  await db.close();
});

/** Every GET route, for ids of a district. */
const routes: ((s: School) => string)[] = [
  () => '/api/me',
  () => '/api/classes',
  (s) => `/api/classes/${s.classes.big}`,
  (s) => `/api/classes/${s.classes.small}`,
  (s) => `/api/classes/${s.classes.big}?measure=${s.measures.boy}`,
  (s) => `/api/classes/${s.classes.big}/goals`,
  (s) => `/api/meetings/${meetings.get(s)}`,
  (s) => `/api/meetings/${meetings.get(s)}/marks`,
  () => '/api/children',
  (s) => `/api/children/${s.own}`,
  () => '/api/schools',
  () => '/api/sync/sources',
  () => '/api/sync/runs',
  (s) => `/api/sync/runs?source=${s.roster.source}`,
  (s) => `/api/sync/runs/${s === one ? 1 : 2}`,
  () => '/api/pending',
];
const acts: ((s: School) => [string, unknown])[] = [
  (s) => [`/api/classes/${s.classes.big}/meetings`, { measureId: String(s.measures.moy) }],
  (s) => [
    `/api/classes/${s.classes.big}/goals`,
    { measureId: String(s.measures.moy), goals: [{ childId: String(s.own), target: 60, dueOn: '2027-01-01' }] },
  ],
  (s) => [`/api/classes/${s.classes.big}/goals/take-back`, { goalIds: ['1', '2'] }],
  (s) => ['/api/connect', { classId: String(s.classes.big) }],
  (s) => [`/api/meetings/${meetings.get(s)}/present`, {}],
  (s) => [`/api/meetings/${meetings.get(s)}/cancel`, {}],
  (s) => [`/api/children/${s.own}/opt-out`, { out: true }],
  (s) => [`/api/classes/${s.classes.small}/band-consent`, { allowed: true }],
  (s) => [`/api/sync/runs/${s === one ? 1 : 2}/approve`, {}],
  (s) => [`/api/pending/${s === one ? 1 : 2}`, { dismiss: true }],
];
type Who = keyof School['people'];
const people: Who[] = ['teacher', 'stranger', 'parent', 'leader', 'it', 'student', 'nobody'];
/** Not the route's own path: that is the asker's own words. */
const shows = (answer: Answer, school: School) => answer.text.includes(school.mark);

test('each district’s own pages do show its own words, so the next tests look at something', async () => {
  let seen = 0;
  for (const who of people) {
    for (const route of routes) if (shows(await api.get(route(one), one.people[who].token), one)) seen++;
  }
  expect(seen).toBeGreaterThan(12);
});

test('no answer to anybody of one district shows a word of the other, whichever ids are asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...people),
      fc.constantFrom(...routes),
      fc.boolean(),
      fc.boolean(),
      async (who, route, swap, foreign) => {
        const [mine, theirs] = swap ? [two, one] : [one, two];
        const answer = await api.get(route(foreign ? theirs : mine), mine.people[who].token);
        expect(shows(answer, theirs)).toBe(false);
        const isById = route(one) !== route(two);
        if (foreign && isById && !route(one).includes('?')) expect([403, 404]).toContain(answer.status);
      },
    ),
    { numRuns: 400 },
  );
});

test('an id of the other district is not there: 404 for those who could have asked, and nothing happens there', async () => {
  const own: Partial<Record<Who, RegExp>> = {
    teacher: /classes\/\d+\/(meetings|goals)|connect|meetings\/\d+/,
    parent: /children/,
    leader: /band-consent/,
    it: /sync|pending/,
  };
  const before = await state(two);
  for (const who of people) {
    for (const act of acts) {
      const [path, body] = act(two);
      const { status } = await api.post(path, one.people[who].token, body);
      expect([403, 404]).toContain(status);
      if (own[who]?.test(path)) expect(status).toBe(404);
    }
  }
  expect(await state(two)).toEqual(before);
});

const state = (school: School) =>
  school.roster.within(async (tx) => {
    const rows = await tx`
      SELECT (SELECT count(*) FROM meeting WHERE cancelled_at IS NULL) AS meetings, (SELECT count(*) FROM private_number) AS numbers,
        (SELECT count(*) FROM chart_opt_out) AS out, (SELECT count(*) FROM band_consent) AS bands, (SELECT count(*) FROM audit) AS audit,
        (SELECT count(*) FROM goal WHERE ended_at IS NULL) AS goals,
        (SELECT count(*) FROM pending_match WHERE settled_at IS NULL) AS pending`;
    return rows[0];
  });
