import { gradeBookScopes } from '../../config/policy.ts';
import { purge } from '../../src/api/retention.ts';
import { daysLater } from '../../src/aptt/goal.ts';
import type { Tx } from '../../src/db/db.ts';
import type { ChildShape, ClassGoalsShape, ClassShape, GoalChild } from '../../src/read-models/shapes.ts';
import { type Api, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
let today: string;
beforeAll(async () => {
  api = await startApi(db);
});
beforeEach(async () => {
  school = await newSchool(db, `Elm${Math.random().toString(36).slice(2, 8)}`);
  const [row] = await school.roster.within(
    (tx) => tx<{ today: string }[]>`SELECT (now() AT TIME ZONE time_zone)::date AS today FROM district`,
  );
  today = row?.today ?? '';
  // 24 weeks of school are left.
  await school.roster.insert('academic_session', {
    title: 'Year',
    type: 'schoolYear',
    start_date: daysLater(today, -100),
    end_date: daysLater(today, 168),
  });
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const teacher = () => school.people.teacher.token;
const path = (more = '', classId = school.classes.big) => `/api/classes/${classId}/goals${more}`;
const page = async (classId = school.classes.big) =>
  (await api.get(path(`?measure=${school.measures.moy}`, classId), teacher())).body as ClassGoalsShape;
const childOf = (shape: ClassGoalsShape, id = school.own): GoalChild => {
  const child = shape.children.find((each) => each.id === String(id));
  if (!child) throw new Error('the child is not on the page');
  return child;
};
type Wish = { childId?: string; target?: number; dueOn?: string; reason?: string | null };
const set = (...goals: Wish[]) =>
  api.post(path(), teacher(), {
    measureId: String(school.measures.moy),
    goals: goals.map((goal) => ({ childId: String(school.own), target: 42, dueOn: daysLater(today, 42), ...goal })),
  });
const idOf = async () => childOf(await page()).goal?.id ?? '';
const history = (id: string) =>
  school.roster.within(async (tx) =>
    (
      await tx<{ change: string; actor: string; target: number; reason: string | null }[]>`
        SELECT change, actor, target, reason FROM goal_change WHERE goal_id = ${id} ORDER BY id`
    ).map(({ change, actor, target, reason }) => `${change} ${target} ${actor.replace(/\d+/, '')}${reason ? ` ${reason}` : ''}`),
  );
/** Does it while somebody else's work is under way, who is done, or thinks better of it, once this many wait for them. */
const meanwhile = async <T>(work: (tx: Tx) => Promise<unknown>, waiting: number, others: () => Promise<T>, undone = false): Promise<T> => {
  let done: Promise<T> | undefined;
  const waits = async () => {
    const [row] = await db.sql<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return row?.n ?? 0;
  };
  await school.roster
    .within(async (tx) => {
      await work(tx);
      let isOver = false;
      done = others().finally(() => {
        isOver = true;
      });
      while (!isOver && (await waits()) < waiting) await new Promise((resolve) => setTimeout(resolve, 20));
      if (undone) throw new Error('undone');
    })
    .catch((error: Error) => {
      if (error.message !== 'undone') throw error;
    });
  return done as Promise<T>; // begun above
};
/** Another administration: the child is scored a week from the last. */
const scoredAgain = async (value: number, on = '2026-11-17', child = school.own) => {
  const item = await school.roster.lineItem(school.assessment, { window: 'EOY', school_year: 2027 });
  return { item, result: await school.roster.score(item, child, value, on) };
};
const forget = (item: number) => school.roster.within((tx) => tx`UPDATE result SET ended_at = now() WHERE line_item_id = ${item}`);

describe('the page', () => {
  test('suggests a goal for each child with a score, by what there is to the benchmark', async () => {
    const shape = await page();
    expect(shape).toMatchObject({ title: expect.stringContaining(school.mark), dueOn: daysLater(today, 42), measure: { unit: 'words' } });
    expect(shape.children).toHaveLength(14);
    expect(childOf(shape)).toMatchObject({ now: { value: 39, on: '2026-11-10' }, goal: null, suggestion: { kind: 'goal', target: 42 } });
    expect(childOf(shape, school.children[9])).toMatchObject({ now: { value: 57 }, suggestion: { kind: 'next_skill', target: null } });
  });

  test('takes the newest score there is, of whichever window, and none for who has none', async () => {
    expect(childOf(await page(), school.children[0])).toMatchObject({ now: { value: 20, on: '2026-09-10' } }); // the fall's
    const late = await school.roster.user('Late', { grades: ['03'] });
    await school.roster.enroll(school.classes.big, late);
    expect(childOf(await page(), late)).toMatchObject({ now: null, goal: null, suggestion: null });
  });

  test('shows no score of a column of another class, and no goal starts from one; of the class’s own it does', async () => {
    const column = async (classId: number, value: number, on: string) =>
      school.roster.score(await school.roster.lineItem(school.assessment, { class_id: classId }), school.own, value, on);
    await column(school.classes.foreign, 88, '2026-11-20');
    expect(childOf(await page())).toMatchObject({ now: { value: 39, on: '2026-11-10' } });
    await column(school.classes.big, 41, '2026-11-12');
    await set({ target: 60, reason: 'x' });
    expect(childOf(await page())).toMatchObject({ now: { value: 41 }, goal: { baseline: 41, baselineOn: '2026-11-12', metOn: null } });
  });

  test('knows no goals where nothing is measured twice, and says so by having no measure', async () => {
    const bare = await school.roster.klass(school.school);
    await school.roster.enroll(bare, school.users.teacher, 'teacher');
    await school.roster.students(bare, 3, 90);
    expect(await page(bare)).toMatchObject({ measure: null, measures: [], children: [] });
  });

  test('opens on the skill the children work on, though another was tested since', async () => {
    const math = await school.roster.assessment({ title: 'Math' });
    for (const child of school.children) await school.roster.score(await school.roster.lineItem(math), child, 5, '2026-11-20');
    const opened = async () => ((await api.get(path(), teacher())).body as ClassGoalsShape).measure?.title;
    expect(await opened()).toBe('Math');
    await set({});
    expect(await opened()).toContain('Reading');
  });

  test('asks the score’s own window for its benchmark, and the year’s end for the goal', async () => {
    await school.roster.benchmark(school.assessment, 40, { grade: '03', window: 'MOY' });
    await school.roster.benchmark(school.assessment, 64, { grade: '03', window: 'EOY' });
    // 25 words in 24 weeks; who is past the end goes on as one at the benchmark does, a word a week.
    expect(childOf(await page())).toMatchObject({ suggestion: { kind: 'goal', target: 46 } });
    expect(childOf(await page(), school.children[13])).toMatchObject({ now: { value: 69 }, suggestion: { kind: 'stretch', target: 75 } });
  });

  test('is noted in the audit', async () => {
    await page();
    const [line] = await school.roster.within((tx) => tx`SELECT reason, class_id FROM audit WHERE action = 'goals.view'`);
    expect(line).toMatchObject({ reason: 'teaches', class_id: school.classes.big });
  });
});

describe('setting', () => {
  test('a suggestion is accepted as it is, once, however often it is pressed', async () => {
    const [one, other] = await Promise.all([set({}), set({})]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect([one, other].flatMap(({ body }) => (body as { goalIds: string[] }).goalIds)).toHaveLength(1);
    const child = childOf(await page());
    expect(child).toMatchObject({ suggestion: null, goal: { baseline: 39, baselineOn: '2026-11-10', target: 42, metOn: null, why: null } });
    expect(await history(child.goal?.id ?? '')).toEqual(['set 42 user:']);
  });

  test('two teachers who set the same goals at once, in whatever order, get them all once and no failure', async () => {
    const [first, middle, last] = [school.children[4], school.own, school.children[6]].map((id) => ({
      childId: String(id),
      target: 60,
      reason: 'x',
    }));
    if (!first || !middle || !last) throw new Error('three children');
    const third = (tx: Tx) => tx`
      INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by)
      VALUES (${school.districtId}, ${school.classes.big}, ${middle.childId}, ${school.assessment}, 39, '2026-11-10', 60, ${daysLater(today, 42)}, 'user:0')`;
    const answers = await meanwhile(third, 2, () => Promise.all([set(first, middle, last), set(last, middle, first)]), true);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.flatMap(({ body }) => (body as { goalIds: string[] }).goalIds)).toHaveLength(3);
  });

  test('all suggestions at once, and all taken back at once', async () => {
    const suggested = (await page()).children.flatMap(({ id, suggestion }) =>
      suggestion?.target ? [{ childId: id, target: suggestion.target }] : [],
    );
    expect(suggested.length).toBeGreaterThan(5);
    const { goalIds } = (await set(...suggested)).body as { goalIds: string[] };
    expect(goalIds).toHaveLength(suggested.length);
    expect((await api.post(path('/take-back'), teacher(), { goalIds })).status).toBe(204);
    expect((await page()).children.every(({ goal }) => goal === null)).toBe(true);
    const [audit] = await school.roster.within(
      (tx) =>
        tx`SELECT count(*) FILTER (WHERE action = 'goal.set')::int AS set, count(*) FILTER (WHERE action = 'goal.take_back')::int AS back FROM audit`,
    );
    expect(audit).toEqual({ set: suggested.length, back: suggested.length });
  });

  test.each<[string, Wish, number, string, string | null]>([
    ['a target that is reached already', { target: 39, reason: 'x' }, 400, 'goal_impossible', 'target'],
    ['a target off the scale', { target: 101, reason: 'x' }, 400, 'goal_impossible', 'target'],
    ['a day that is past', { dueOn: '2020-01-01', reason: 'x' }, 400, 'goal_impossible', 'dueOn'],
    ['another target than the suggested, without a reason', { target: 60 }, 400, 'goal_reason_missing', 'reason'],
    ['the same with nothing but spaces', { target: 60, reason: '   ' }, 400, 'goal_reason_missing', 'reason'],
    ['a child of another class', { childId: 'small' }, 404, 'not_found', null],
    ['a child without a score', { childId: 'unscored' }, 404, 'not_found', null],
  ])('%s is refused, and nothing of the rest is set', async (_what, wish, status, code, field) => {
    const unscored = await school.roster.user('Late');
    await school.roster.enroll(school.classes.big, unscored);
    const others: Record<string, number | undefined> = { small: school.smallChildren[0], unscored };
    const childId = wish.childId && String(others[wish.childId]);
    const answer = await set({ childId: String(school.children[4]), target: 44 }, { ...wish, ...(childId && { childId }) });
    expect(answer).toMatchObject({ status, body: { code, ...(field && { field }) } });
    expect((await page()).children.every(({ goal }) => goal === null)).toBe(true);
  });

  test('in a skill that is not measured here any more is refused: nobody gets a goal in another', async () => {
    const math = await school.roster.assessment({ title: 'Math' });
    const item = await school.roster.lineItem(math);
    for (const child of school.children) await school.roster.score(item, child, 5, '2026-11-20');
    await school.roster.within((tx) => tx`UPDATE line_item SET ended_at = now() WHERE assessment_id = ${school.assessment}`);
    for (const measureId of [String(school.measures.moy), '999999']) {
      const asked = { measureId, goals: [{ childId: String(school.own), target: 42, dueOn: daysLater(today, 42), reason: 'x' }] };
      expect(await api.post(path(), teacher(), asked)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await page()).measure?.title).toBe('Math'); // the page still shows what there is
  });

  test('a second goal for the same skill has to wait for the first', async () => {
    await set({});
    expect(await set({ target: 60, reason: 'more' })).toMatchObject({ status: 409, body: { code: 'goal_exists' } });
  });
});

describe('changing', () => {
  test('needs a reason, which is kept and shown; the old goal stays in its history', async () => {
    await set({});
    const id = await idOf();
    const change = (body: object) => api.post(path(`/${id}`), teacher(), { target: 48, dueOn: daysLater(today, 30), ...body });
    expect(await change({})).toMatchObject({ status: 400, body: { code: 'goal_reason_missing' } });
    expect((await change({ reason: 'Agreed with the family' })).status).toBe(204);
    expect(childOf(await page()).goal).toMatchObject({ target: 48, dueOn: daysLater(today, 30), why: 'Agreed with the family' });
    expect(await history(id)).toEqual(['set 42 user:', 'changed 48 user: Agreed with the family']);
    expect(await change({ target: 39, reason: 'x' })).toMatchObject({ status: 400, body: { field: 'target' } });
  });

  test('a goal that is reached and then raised is reached no more', async () => {
    await set({});
    await scoredAgain(45);
    expect(childOf(await page()).goal?.metOn).toBe('2026-11-17');
    await api.post(path(`/${await idOf()}`), teacher(), { target: 60, dueOn: daysLater(today, 42), reason: 'further' });
    expect(childOf(await page()).goal).toMatchObject({ target: 60, metOn: null });
  });

  test('a goal that is raised while scores are reckoned was never met for the old target: its history says nothing of it', async () => {
    await set({});
    await scoredAgain(45);
    await meanwhile(
      (tx) => tx`UPDATE goal SET target = 60`,
      1,
      () => page(),
    );
    expect(childOf(await page()).goal).toMatchObject({ target: 60, metOn: null });
    expect(await history(await idOf())).toEqual(['set 42 user:']);
  });

  test('history cannot be rewritten, not even by the service', async () => {
    await set({});
    await expect(school.roster.within((tx) => tx`UPDATE goal_change SET reason = 'x'`)).rejects.toThrow(/permission denied/);
    await expect(school.roster.within((tx) => tx`DELETE FROM goal_change`)).rejects.toThrow(/permission denied/);
  });
});

describe('a goal is met', () => {
  beforeEach(() => set({}));
  const metOn = async () => childOf(await page()).goal?.metOn;

  test('by the first later score that reaches it, and by none that falls short', async () => {
    await scoredAgain(41, '2026-11-16');
    expect(await metOn()).toBeNull();
    await scoredAgain(42, '2026-11-19');
    await scoredAgain(60, '2026-11-20');
    expect(await metOn()).toBe('2026-11-19');
    expect(await history(await idOf())).toEqual(['set 42 user:', 'met 42 scores']);
  });

  test('not by a score of the baseline’s day or before, nor by one of another skill', async () => {
    await scoredAgain(90, '2026-11-10');
    const other = await school.roster.lineItem(await school.roster.assessment(), {});
    await school.roster.score(other, school.own, 90, '2026-11-20');
    expect(await metOn()).toBeNull();
  });

  test('not by a score of another class’s column, which its teachers do not see; by one of its own', async () => {
    const column = async (classId: number, value: number, on: string) =>
      school.roster.score(await school.roster.lineItem(school.assessment, { class_id: classId }), school.own, value, on);
    await column(school.classes.foreign, 90, '2026-11-17');
    expect(await metOn()).toBeNull();
    await column(school.classes.big, 90, '2026-11-19');
    expect(await metOn()).toBe('2026-11-19');
  });

  test('late, too: by a score after its day', async () => {
    await school.roster.within((tx) => tx`UPDATE goal SET due_on = '2026-11-12'`);
    await scoredAgain(50, '2026-11-20');
    expect(await metOn()).toBe('2026-11-20');
  });

  test('by the day of the administration where the score has none; without either, by nothing', async () => {
    const item = await school.roster.lineItem(school.assessment, {});
    await school.roster.score(item, school.own, 90, null);
    expect(await metOn()).toBeNull();
    await school.roster.within((tx) => tx`UPDATE line_item SET due_date = '2026-11-18' WHERE id = ${item}`);
    expect(await metOn()).toBe('2026-11-18');
  });

  test('stays met when the score drops off the feed; a corrected score takes it back', async () => {
    const { item } = await scoredAgain(45);
    expect(await metOn()).toBe('2026-11-17');
    await forget(item);
    expect(await metOn()).toBe('2026-11-17');
    await school.roster.within((tx) => tx`UPDATE result SET ended_at = NULL, score = 40 WHERE line_item_id = ${item}`);
    expect(await metOn()).toBeNull();
    expect(await history(await idOf())).toEqual(['set 42 user:', 'met 42 scores', 'met_no_more 42 scores']);
  });

  test('then the next one is suggested from there, ends it, and taken back lets it stand again', async () => {
    await scoredAgain(45);
    const before = childOf(await page());
    expect(before).toMatchObject({ goal: { metOn: '2026-11-17' }, suggestion: { kind: 'goal', target: 47 } });
    const next = (await set({ target: 47 })).body as { goalIds: string[] };
    expect(childOf(await page()).goal).toMatchObject({ baseline: 45, target: 47, metOn: null });
    await api.post(path('/take-back'), teacher(), next);
    expect(childOf(await page()).goal).toMatchObject({ id: before.goal?.id, metOn: '2026-11-17' });
    expect(await history(before.goal?.id ?? '')).toEqual(['set 42 user:', 'met 42 scores', 'next_goal 42 user:', 'reopened 42 user:']);
  });
});

describe('a family', () => {
  const family = async () => (await api.get(`/api/children/${school.own}`, school.people.parent.token)).body as ChildShape;

  test('sees its own child’s goal, and when it was reached, and nobody else’s', async () => {
    await set({}, { childId: String(school.children[4]), target: 44 });
    expect((await family()).goals).toMatchObject([
      { target: 42, baseline: 39, metOn: null, now: { value: 39 }, measure: { unit: 'words' } },
    ]);
    await scoredAgain(50);
    expect((await family()).goals).toMatchObject([{ target: 42, metOn: '2026-11-17', now: { value: 50 } }]);
  });

  test('still sees it when the scores, or the whole assessment, drop off the feed', async () => {
    await set({});
    await school.roster.within(async (tx) => {
      await tx`UPDATE result SET ended_at = now()`;
      await tx`UPDATE line_item SET ended_at = now()`;
      await tx`UPDATE assessment SET ended_at = now()`;
    });
    expect((await family()).goals).toMatchObject([{ target: 42, now: null }]);
  });
});

test('whose 1 it was in a course is forgotten with the goals of its class, whatever goals the child has in another', async () => {
  const { districtId, own, classes, assessment } = school;
  const year = Number(today.slice(0, 4));
  const goal = (classId: number, skill: number, dueOn: string) =>
    school.roster.within(
      (tx) => tx`INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by)
        VALUES (${districtId}, ${classId}, ${own}, ${skill}, 1, ${dueOn}, 2, ${dueOn}, 'user:1')`,
    );
  for (const [contextId, classId] of [
    [901, classes.big],
    [902, classes.small],
  ] as const) {
    await school.roster.within(async (tx) => {
      await tx`INSERT INTO goal_column (district_id, context_id, class_id, wish, wished_by) VALUES (${districtId}, ${contextId}, ${classId}, 'on', 'user:1')`;
      await tx`INSERT INTO goal_posted (district_id, context_id, student_id, sub) VALUES (${districtId}, ${contextId}, ${own}, 'sub-1')`;
    });
  }
  await goal(classes.big, assessment, `${year - 3}-09-01`);
  await goal(classes.small, assessment + 1, `${year}-09-01`);
  await purge(db);
  expect([...(await school.roster.within((tx) => tx`SELECT context_id FROM goal_posted`))]).toEqual([{ context_id: 902 }]);
});

test('a child who leaves the class and comes back finds the goal again; meanwhile it is nobody’s to change', async () => {
  await set({});
  const id = await idOf();
  await school.roster.within((tx) => tx`UPDATE enrollment SET ended_at = now() WHERE user_id = ${school.own}`);
  expect((await api.post(path(`/${id}`), teacher(), { target: 60, dueOn: daysLater(today, 9), reason: 'x' })).status).toBe(404);
  await api.post(path('/take-back'), teacher(), { goalIds: [id] });
  await school.roster.within((tx) => tx`UPDATE enrollment SET ended_at = NULL WHERE user_id = ${school.own}`);
  expect(childOf(await page()).goal).toMatchObject({ id, target: 42 });
});

test('the class page counts those at work, those reached and those past, each child once, and says no name', async () => {
  const counts = async () => ((await api.get(`/api/classes/${school.classes.big}`, teacher())).body as ClassShape).goals;
  expect(await counts()).toEqual({ open: 0, met: 0, past: 0 });
  const [late] = [school.children[5]];
  await set({}, { childId: String(school.children[4]), target: 44 }, { childId: String(late), target: 70, reason: 'x' });
  expect(await counts()).toEqual({ open: 3, met: 0, past: 0 });
  await scoredAgain(50);
  await school.roster.within((tx) => tx`UPDATE goal SET due_on = ${daysLater(today, -1)} WHERE student_id = ${late ?? 0}`);
  await page();
  expect(await counts()).toEqual({ open: 1, met: 1, past: 1 });
});

describe('the grade book', () => {
  const course = async (classId: number, scopes: string[], more: Record<string, unknown> = {}) => {
    const { districtId, roster } = school;
    const [made] = await roster.within(async (tx) => {
      const [platform] = await tx<{ id: number }[]>`SELECT id FROM lti_platform LIMIT 1`;
      const row = {
        district_id: districtId,
        platform_id: platform?.id ?? 0,
        deployment_id: 'one',
        context_id: `course-${Math.random()}`,
        title: 'Reading',
        class_id: classId,
        memberships_url: 'https://lms.example.org/members',
        line_items_url: 'https://lms.example.org/items',
        service_scopes: scopes,
        ...more,
      };
      return tx<{ id: number }[]>`INSERT INTO lti_context ${tx(row)} RETURNING id`;
    });
    return made?.id ?? 0;
  };
  const wish = (id: number, wanted: string, classId = school.classes.big) =>
    api.post(`/api/classes/${classId}/goal-columns/${id}`, teacher(), { wish: wanted });

  test('is off until the teacher says so, and seen to as soon as they do; each step is in the audit', async () => {
    const id = await course(school.classes.big, [...gradeBookScopes]);
    expect((await page()).columns).toEqual([
      expect.objectContaining({ id: String(id), course: 'Reading', granted: true, wish: 'off', pending: false, made: false, posted: 0 }),
    ]);
    expect((await wish(id, 'on')).status).toBe(204);
    expect(api.wished.at(-1)).toEqual([school.districtId, id]);
    expect((await page()).columns).toMatchObject([{ wish: 'on', pending: true, code: null }]);
    await wish(id, 'off');
    await wish(id, 'removed');
    expect((await page()).columns).toMatchObject([{ wish: 'removed', pending: true }]);
    const acts = await school.roster.within(
      (tx) => tx<{ action: string }[]>`SELECT action FROM audit WHERE action LIKE 'goals.%' AND action <> 'goals.view' ORDER BY id`,
    );
    expect(acts.map(({ action }) => action)).toEqual(['goals.publish', 'goals.stop_publishing', 'goals.remove_column']);
  });

  test('is off again where the course has become another class’s', async () => {
    const id = await course(school.classes.big, [...gradeBookScopes]);
    await wish(id, 'on');
    await school.roster.within((tx) => tx`UPDATE goal_column SET class_id = ${school.classes.foreign} WHERE context_id = ${id}`);
    expect((await page()).columns).toMatchObject([{ id: String(id), wish: 'off', pending: false }]);
    await wish(id, 'on');
    expect((await page()).columns).toMatchObject([{ wish: 'on', pending: true }]);
  });

  test('cannot be switched on where the platform does not allow it; stopping needs nobody’s leave', async () => {
    const id = await course(school.classes.big, [gradeBookScopes[0]]);
    expect((await page()).columns).toMatchObject([{ granted: false }]);
    const asked = api.wished.length;
    expect(await wish(id, 'on')).toMatchObject({ status: 409, body: { code: 'grades_not_granted' } });
    expect(api.wished).toHaveLength(asked);
    expect((await wish(id, 'off')).status).toBe(204);
  });

  test('of a course that is another class’s is nobody else’s, and an add-on’s course has none', async () => {
    const other = await course(school.classes.foreign, [...gradeBookScopes]);
    expect((await wish(other, 'on')).status).toBe(404);
    expect((await wish(other, 'on', school.classes.foreign)).status).toBe(404);
    await course(school.classes.big, [], { memberships_url: null, line_items_url: null });
    expect((await page()).columns).toEqual([]);
  });
});

test('goals are kept to the end of the school year after theirs, and not longer', async () => {
  await set({});
  const dueOn = (day: string) => school.roster.within((tx) => tx`UPDATE goal SET due_on = ${day}`);
  await dueOn(`${Number(today.slice(0, 4)) - 1}-09-01`);
  await purge(db);
  expect(await idOf()).not.toBe('');
  await school.roster.within(
    (tx) => tx`INSERT INTO goal_posted (district_id, context_id, student_id, sub) VALUES (${school.districtId}, 1, ${school.own}, 'sub-1')`,
  );
  await dueOn(`${Number(today.slice(0, 4)) - 3}-09-01`);
  await purge(db);
  const [left] = await school.roster.within(
    (tx) =>
      tx`SELECT (SELECT count(*)::int FROM goal) AS goals, (SELECT count(*)::int FROM goal_change) AS changes, (SELECT count(*)::int FROM goal_posted) AS posted`,
  );
  expect(left).toEqual({ goals: 0, changes: 0, posted: 0 });
});
