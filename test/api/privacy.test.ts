import type { ChildShape, ClassShape, MeetingShape, PresentShape, SchoolsShape } from '../../src/read-models/shapes.ts';
import { type Api, signIn, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
beforeAll(async () => {
  api = await startApi(db);
});
beforeEach(async () => {
  school = await newSchool(db, `Yew${Math.random().toString(36).slice(2, 8)}`);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const teacher = () => school.people.teacher.token;
const prepare = async (classId = school.classes.big, measure = school.measures.moy) =>
  ((await api.post(`/api/classes/${classId}/meetings`, teacher(), { measureId: String(measure) })).body as { id: string }).id;
const present = async () => {
  const id = await prepare();
  expect((await api.post(`/api/meetings/${id}/present`, teacher())).status).toBe(204);
  return id;
};
const numbersOf = async (meeting: string) =>
  new Map(
    (
      await school.roster.within(
        (tx) => tx<{ id: number; number: number }[]>`
    SELECT student_id AS id, number FROM private_number WHERE meeting_id = ${meeting}`,
      )
    ).map((row) => [row.id, row.number]),
  );
const auditOf = (action: string) =>
  school.roster.within(
    (tx) => tx<{ actor: string; reason: string; studentId: number | null; meetingId: number | null }[]>`
    SELECT actor, reason, student_id AS "studentId", meeting_id AS "meetingId" FROM audit WHERE action = ${action} ORDER BY id`,
  );

describe('the projector', () => {
  test('gets numbers and values, and nothing else', async () => {
    const id = await present();
    const { body, text } = await api.get(`/api/meetings/${id}/marks`, teacher());
    const keys = new Set<string>();
    const walk = (part: unknown): void => {
      if (typeof part !== 'object' || part === null) {
        expect(part === null || typeof part === 'number').toBe(true);
        return;
      }
      if (!Array.isArray(part)) for (const key of Object.keys(part)) keys.add(key);
      for (const value of Object.values(part)) walk(value);
    };
    walk(body);
    expect([...keys].sort()).toEqual(
      [
        'atOrAbove',
        'bands',
        'benchmark',
        'bottom',
        'coded',
        'codedLast',
        'grew',
        'last',
        'marks',
        'max',
        'min',
        'n',
        'number',
        'of',
        'top',
        'value',
      ].sort(),
    );
    expect(text).not.toContain(school.mark);
    const shown = body as PresentShape;
    expect(shown).toMatchObject({ n: 13, min: 0, max: 100, benchmark: 50, bands: [] });
    // What stands for the values beyond it is said to, and nothing is drawn beyond it.
    const values = shown.marks.map((mark) => mark.value);
    expect(shown.coded).toEqual({ bottom: Math.min(...values), top: Math.max(...values) });
    expect(shown.grew).toEqual({ grew: 13, of: 13 });
    expect(shown.marks.map((mark) => mark.number).sort()).toEqual(
      [...(await numbersOf(id))]
        .filter(([child]) => child !== school.children[0])
        .map(([, number]) => number)
        .sort(),
    );
    // No id of ours hides among the values.
    const ids = new Set<number>([...school.children, school.classes.big, school.measures.moy]);
    expect(shown.marks.some((mark) => ids.has(mark.value) && mark.value > 100)).toBe(false);
  });

  test('gets nothing before the teacher begins, nothing once the numbers are dead, and nothing of a cancelled meeting', async () => {
    const id = await prepare();
    expect(await api.get(`/api/meetings/${id}/marks`, teacher())).toMatchObject({ status: 409, body: { code: 'not_presented' } });
    await api.post(`/api/meetings/${id}/present`, teacher());
    expect((await api.get(`/api/meetings/${id}/marks`, teacher())).status).toBe(200);
    await school.roster.within((tx) => tx`UPDATE meeting SET presented_at = now() - interval '15 days' WHERE id = ${id}`);
    expect(await api.get(`/api/meetings/${id}/marks`, teacher())).toMatchObject({ status: 409, body: { code: 'cannot_present' } });
    const next = await present();
    await api.post(`/api/meetings/${next}/cancel`, teacher());
    expect((await api.get(`/api/meetings/${next}/marks`, teacher())).status).toBe(404);
    expect((await numbersOf(next)).size).toBe(0);
  });

  test('can be rehearsed: the teacher sees what it will show, families nothing, and the numbers can still be drawn anew', async () => {
    const id = await prepare();
    const rehearsal = () => api.get(`/api/meetings/${id}/rehearsal`, teacher());
    const rehearsed = (await rehearsal()).body as PresentShape;
    const room = (await api.get(`/api/meetings/${id}`, teacher())).body as MeetingShape;
    expect(room.presentedAt).toBeNull();
    const own = (await api.get(`/api/children/${school.own}`, school.people.parent.token)).body as ChildShape;
    expect(own.measures[0]?.today).toBeNull();
    expect((await api.post(`/api/meetings/${id}/redraw`, teacher())).status).toBe(204);
    expect(await auditOf('meeting.rehearse')).toMatchObject([{ reason: 'teaches', meetingId: Number(id) }]);
    const values = (shape: PresentShape) => shape.marks.map((mark) => mark.value).sort();
    await api.post(`/api/meetings/${id}/present`, teacher());
    const presented = (await api.get(`/api/meetings/${id}/marks`, teacher())).body as PresentShape;
    expect({ ...presented, marks: [] }).toEqual({ ...rehearsed, marks: [] });
    expect(values(presented)).toEqual(values(rehearsed));
  });

  test('is rehearsed by nobody but the class’s teachers, and not where the preflight refuses', async () => {
    const id = await prepare();
    for (const person of [school.people.parent, school.people.leader]) {
      expect((await api.get(`/api/meetings/${id}/rehearsal`, person.token)).status).toBe(404);
    }
    const tiny = await prepare(school.classes.tiny);
    expect(await api.get(`/api/meetings/${tiny}/rehearsal`, teacher())).toMatchObject({ status: 409, body: { code: 'cannot_present' } });
  });

  test('is refused for four children whatever a leader says, and for seven until the leader agrees', async () => {
    const path = async (classId: number) => `/api/meetings/${await prepare(classId)}`;
    const [tiny, small] = [await path(school.classes.tiny), await path(school.classes.small)];
    for (const classId of [school.classes.tiny, school.classes.small]) {
      const answer = await api.get(`/api/classes/${classId}`, teacher());
      expect((answer.body as ClassShape).measure?.chart).toMatchObject({ display: 'none', marks: [], bands: [], average: null });
    }
    expect(await api.post(`${small}/present`, teacher())).toMatchObject({
      status: 409,
      body: { code: 'cannot_present', detail: expect.stringContaining('bands_consent') },
    });
    for (const classId of [school.classes.tiny, school.classes.small]) {
      await api.post(`/api/classes/${classId}/band-consent`, school.people.leader.token, { allowed: true });
    }
    expect((await api.post(`${small}/present`, teacher())).status).toBe(204);
    const shown = (await api.get(`${small}/marks`, teacher())).body as PresentShape;
    expect(shown).toMatchObject({ n: 7, marks: [] });
    expect(shown.bands.every((band) => band.count >= 3)).toBe(true);
    expect(await api.post(`${tiny}/present`, teacher())).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('enough_children') },
    });
  });
});

describe('private numbers', () => {
  test('are new for every meeting, and one meeting keeps its own', async () => {
    const first = await present();
    const numbers = await numbersOf(first);
    expect(new Set(numbers.values()).size).toBe(14);
    const second = await prepare();
    expect(second).not.toBe(first);
    expect(await prepare()).toBe(second);
    expect([...(await numbersOf(second)).entries()]).not.toEqual([...numbers.entries()]);
    expect(await numbersOf(first)).toEqual(numbers);
  });

  test('of a meeting that was never held die too, and are drawn anew', async () => {
    const id = await prepare();
    const room = async () => (await api.get(`/api/meetings/${id}`, teacher())).body as MeetingShape;
    const daysLeft = async () => Math.round((Date.parse((await room()).numbersExpireAt ?? '') - Date.now()) / 86_400_000);
    expect(await daysLeft()).toBe(14);
    await school.roster.within((tx) => tx`UPDATE meeting SET drawn_at = now() - interval '15 days' WHERE id = ${id}`);
    expect(await room()).toMatchObject({ canPresent: false });
    expect(await api.post(`/api/meetings/${id}/present`, teacher())).toMatchObject({ status: 409, body: { code: 'cannot_present' } });
    await api.post(`/api/meetings/${id}/redraw`, teacher());
    expect(await room()).toMatchObject({ canPresent: true });
    expect(await daysLeft()).toBe(14);
  });

  test('of a late arrival are added without touching the others', async () => {
    const id = await prepare();
    const before = await numbersOf(id);
    const [late] = await school.roster.students(school.classes.big, 1, 90);
    const view = (await api.get(`/api/meetings/${id}`, teacher())).body as MeetingShape;
    expect(view.preflight.find((check) => check.code === 'arrivals_without_number')).toEqual({
      code: 'arrivals_without_number',
      outcome: 'warns',
      count: 1,
    });
    expect(await prepare()).toBe(id);
    const after = await numbersOf(id);
    for (const [child, number] of before) expect(after.get(child)).toBe(number);
    expect(after.get(late ?? 0)).toEqual(expect.any(Number));
  });

  test('of two teachers pressing at once are drawn once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => prepare()));
    expect(new Set(ids).size).toBe(1);
    expect((await numbersOf(ids[0] ?? '')).size).toBe(14);
  });

  test('can be drawn again before the meeting, and not after it has begun', async () => {
    const id = await prepare();
    const before = await numbersOf(id);
    expect((await api.post(`/api/meetings/${id}/redraw`, teacher())).status).toBe(204);
    expect(await numbersOf(id)).not.toEqual(before);
    await api.post(`/api/meetings/${id}/present`, teacher());
    expect(await api.post(`/api/meetings/${id}/redraw`, teacher())).toMatchObject({ status: 409, body: { code: 'already_presented' } });
  });

  test('a district’s own pool is drawn from', async () => {
    await school.roster.within(
      (tx) => tx`
      UPDATE district SET settings = ${tx.json({ displayPolicy: { pool: { from: 500, to: 699 } } })} WHERE id = ${school.districtId}`,
    );
    const numbers = [...(await numbersOf(await prepare())).values()];
    expect(numbers.every((number) => number >= 500 && number <= 699)).toBe(true);
  });
});

describe('a parent', () => {
  const parent = () => school.people.parent.token;
  const child = async () => (await api.get(`/api/children/${school.own}`, parent())).body as ChildShape;

  test('sees a class’s own column in its words and as its skill, and none of its codes', async () => {
    const { roster, own, classes } = school;
    const column = { class_id: classes.big, title: 'Facts', levels: ['1 Not yet', '2 Got it'], objectives: ['unknown:1.OA.C.6'] };
    await roster.score(await roster.lineItem(null, column), own, 2, '2026-11-20', { percentile: 40 });
    const { body, text } = await api.get(`/api/children/${own}`, parent());
    expect((body as ChildShape).measures.find(({ ref }) => ref.title === 'Facts')).toMatchObject({
      ref: { levels: ['1 Not yet', '2 Got it'], skill: 'adding and taking away' },
      percentile: 40,
    });
    expect(text).not.toMatch(/OA\.C|objectives/);
  });

  test('sees no other child’s name, id or e-mail address in any answer', async () => {
    await present();
    const others = await school.roster.within(
      (tx) => tx<Record<string, string>[]>`
      SELECT given_name, family_name, email, sourced_id FROM "user" WHERE id <> ${school.own}`,
    );
    const otherIds = new Set([...school.children, ...school.smallChildren].filter((id) => id !== school.own).map(String));
    for (const path of ['/api/me', '/api/children', `/api/children/${school.own}`]) {
      const { text, body, status } = await api.get(path, parent());
      expect(status).toBe(200);
      const strings =
        JSON.stringify(body)
          .match(/"(?:[^"\\]|\\.)*"/g)
          ?.map((quoted) => quoted.slice(1, -1)) ?? [];
      for (const person of others) {
        // The parent's own name is theirs to see; given names of the cast may begin alike, so whole strings are compared.
        if (path === '/api/me' && person.given_name === `${school.mark}Parent`) continue;
        for (const word of Object.values(person)) expect(strings).not.toContain(word);
        expect(text).not.toContain(person.email);
      }
      for (const string of strings) expect(otherIds.has(string)).toBe(false);
    }
  });

  test('sees their child’s scores over time, and today’s number only once the meeting has begun', async () => {
    const before = await child();
    expect(before.measures).toHaveLength(1);
    expect(before.measures[0]).toMatchObject({
      benchmark: 50,
      own: [
        { window: 'BOY', on: '2026-09-10', value: 26 },
        { window: 'MOY', on: '2026-11-10', value: 39 },
      ],
      asOf: null,
      today: null,
    });
    await prepare();
    expect((await child()).measures[0]?.today).toBeNull();
    const id = await present();
    const today = (await child()).measures[0]?.today;
    expect(today?.number).toBe((await numbersOf(id)).get(school.own));
    // An average is a teacher's to know, and the page a guardian sees has none.
    expect(today?.chart).toMatchObject({ display: 'marks', n: 13, missing: 0, optedOut: 0, average: null });
    const teachers = (await api.get(`/api/classes/${school.classes.big}`, teacher())).body as ClassShape;
    expect(teachers.measure?.chart.average).toEqual(expect.any(Number));
    await school.roster.within((tx) => tx`UPDATE meeting SET presented_at = now() - interval '15 days'`);
    expect((await child()).measures[0]?.today).toBeNull();
  });

  test('of a child who missed the test is told so, beside what was scored before', async () => {
    const { districtId, children } = school;
    const { token } = await signIn(db, { districtId, roles: ['mentor'], children: [children[0] ?? 0] });
    const view = (await api.get(`/api/children/${children[0]}`, token)).body as ChildShape;
    expect(view.measures[0]).toMatchObject({
      own: [
        { window: 'BOY', value: 20 },
        { window: 'MOY', value: null },
      ],
      asOf: null,
    });
  });

  test('who opts out takes the mark off the chart, and can put it back', async () => {
    const meeting = await present();
    const marks = async () => ((await api.get(`/api/meetings/${meeting}/marks`, teacher())).body as PresentShape).n;
    expect(await marks()).toBe(13);
    expect((await api.post(`/api/children/${school.own}/opt-out`, parent(), { out: true })).status).toBe(204);
    expect(await marks()).toBe(12);
    expect(await child()).toMatchObject({ optedOut: true, measures: [{ today: { number: null } }] });
    await api.post(`/api/children/${school.own}/opt-out`, parent(), { out: false });
    expect(await marks()).toBe(13);
  });

  test('no guardian undoes what another wants: the mark is off while any of them wants it off', async () => {
    const meeting = await present();
    const marks = async () => ((await api.get(`/api/meetings/${meeting}/marks`, teacher())).body as PresentShape).n;
    const [person] = [await school.roster.user('Parent')];
    const asOther = () => signIn(db, { districtId: school.districtId, roles: ['mentor'], userId: person, children: [school.own] });
    const [other, othersPhone] = [await asOther(), await asOther()]; // one person, an account on each of two platforms
    const path = `/api/children/${school.own}`;
    const wish = (token: string, out: boolean) => api.post(`${path}/opt-out`, token, { out });
    const seenBy = async (token: string) => (await api.get(path, token)).body as ChildShape;

    for (const token of [parent(), other.token, other.token]) await wish(token, true);
    expect(await marks()).toBe(12);
    await wish(parent(), false);
    expect(await marks()).toBe(12);
    expect(await seenBy(parent())).toMatchObject({ optedOut: true, optedOutByYou: false });
    expect(await seenBy(othersPhone.token)).toMatchObject({ optedOut: true, optedOutByYou: true });
    await wish(othersPhone.token, false);
    expect(await marks()).toBe(13);
    expect(await seenBy(other.token)).toMatchObject({ optedOut: false, optedOutByYou: false });

    // Who is no longer named as this child's guardian decides nothing any more, and cannot be asked.
    await wish(other.token, true);
    await school.roster.within((tx) => tx`DELETE FROM lti_mentor WHERE account_id = ${other.accountId}`);
    await wish(parent(), false);
    expect(await marks()).toBe(13);
  });

  test('looking at the record and at the number is in the audit, with the reason', async () => {
    const meeting = Number(await present());
    await child();
    const actor = `user:${school.users.parent}`;
    expect(await auditOf('child.view')).toEqual([{ actor, reason: 'guardian', studentId: school.own, meetingId: null }]);
    expect(await auditOf('number.reveal')).toEqual([{ actor, reason: 'guardian', studentId: school.own, meetingId: meeting }]);
    expect(await auditOf('meeting.present')).toMatchObject([{ reason: 'teaches', meetingId: meeting }]);
  });
});

describe('a leader', () => {
  const leader = () => school.people.leader.token;
  const standing = async (classId: number) => {
    const { schools } = (await api.get('/api/schools', leader())).body as SchoolsShape;
    const found = schools[0]?.classes.find((one) => one.id === String(classId));
    return { bands: found?.bands, ready: found?.ready };
  };

  test('is asked about the small class alone, and may take the yes back', async () => {
    const { big, small, tiny } = school.classes;
    const allow = (allowed: boolean) => api.post(`/api/classes/${small}/band-consent`, leader(), { allowed });
    expect(await standing(big)).toEqual({ bands: 'not_needed', ready: true });
    expect(await standing(tiny)).toEqual({ bands: 'not_needed', ready: false });
    expect(await standing(small)).toEqual({ bands: 'needs_consent', ready: false });
    expect((await allow(true)).status).toBe(204);
    expect(await standing(small)).toEqual({ bands: 'allowed', ready: true });
    await allow(false);
    expect(await standing(small)).toEqual({ bands: 'needs_consent', ready: false });
  });

  test('is asked as soon as families’ opt-outs leave fewer than ten on the chart', async () => {
    const { districtId, classes, children } = school;
    expect(await standing(classes.big)).toEqual({ bands: 'not_needed', ready: true });
    for (const child of children.slice(1, 5)) {
      const { token } = await signIn(db, { districtId, roles: ['mentor'], children: [child] });
      await api.post(`/api/children/${child}/opt-out`, token, { out: true });
    }
    expect(await standing(classes.big)).toEqual({ bands: 'needs_consent', ready: false });
  });

  test('reads the youngest grade first', async () => {
    const room = await school.roster.klass(school.school, { title: 'Zebras', grades: ['KG'] });
    await school.roster.students(room, 3, 70);
    const { schools } = (await api.get('/api/schools', leader())).body as SchoolsShape;
    expect(schools[0]?.classes[0]?.title).toBe('Zebras');
  });

  test('sees readiness and aggregates of their own school: no child, no number, no small cell', async () => {
    const { body, text } = await api.get('/api/schools', school.people.leader.token);
    const { schools } = body as SchoolsShape;
    expect(schools.map((one) => one.id)).toEqual([String(school.school)]);
    const [own] = schools;
    expect(own?.classes.map(({ students, scores, meeting, ready }) => ({ students, scores, meeting, ready }))).toEqual(
      expect.arrayContaining([
        { students: 14, scores: 'most', meeting: 'none', ready: true },
        { students: 4, scores: 'all', meeting: 'none', ready: false },
      ]),
    );
    const names = await school.roster.within(
      (tx) => tx<{ family: string }[]>`
      SELECT u.family_name AS family FROM "user" u JOIN enrollment e ON e.user_id = u.id AND e.role = 'student'`,
    );
    for (const { family } of names) expect(text).not.toContain(family);
    for (const line of own?.grades ?? []) {
      if (line.atOrAbove !== null) expect(Math.min(line.atOrAbove, (line.children ?? 0) - line.atOrAbove)).toBeGreaterThanOrEqual(10);
    }
    expect(own?.grades.find((line) => line.measure.window === 'BOY')).toMatchObject({ grade: '03', children: 25 });
  });
});
