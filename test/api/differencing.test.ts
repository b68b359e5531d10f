/** What can be worked out from answers that each say little. */
import type { ChildShape, SchoolsShape } from '../../src/read-models/shapes.ts';
import { type Api, startApi } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool, type School } from '../setup/school.ts';

const db = await freshDatabase();
let api: Api;
let school: School;
beforeAll(async () => {
  api = await startApi(db);
});
beforeEach(async () => {
  school = await newSchool(db, `Ash${Math.random().toString(36).slice(2, 8)}`);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const child = async () => (await api.get(`/api/children/${school.own}`, school.people.parent.token)).body as ChildShape;

test('a screening that one classmate took is not news to the other families; one that most took is', async () => {
  const { roster } = school;
  const screening = await roster.lineItem(await roster.assessment({ title: 'Screening' }));
  const classmates = school.children.filter((id) => id !== school.own);
  const titles = async () => (await child()).measures.map((measure) => measure.ref.title);
  const [first, ...others] = classmates;
  await roster.score(screening, first ?? 0, 40);
  expect(await titles()).not.toContain('Screening');
  for (const other of others) await roster.score(screening, other, 40);
  expect(await titles()).toContain('Screening');
});

test('every time the numbers are shown is in the audit, also by a colleague who did not begin', async () => {
  const { token } = school.people.teacher;
  const body = { measureId: String(school.measures.moy) };
  const { id } = (await api.post(`/api/classes/${school.classes.big}/meetings`, token, body)).body as { id: string };
  await api.post(`/api/meetings/${id}/present`, token);
  for (let i = 0; i < 2; i++) expect((await api.get(`/api/meetings/${id}/marks`, token)).status).toBe(200);
  const shown = await school.roster.within(
    (tx) => tx`SELECT actor, reason, class_id AS "classId" FROM audit WHERE action = 'meeting.show' AND meeting_id = ${id}`,
  );
  const line = { actor: `user:${school.users.teacher}`, reason: 'teaches', classId: school.classes.big };
  expect(shown).toEqual([line, line]);
});

test('a leader is not told when the few children of a hidden cell were tested', async () => {
  const { roster, measures, classes, people } = school;
  const lone = await roster.user('Lone', { grades: ['04'] });
  await roster.enroll(classes.big, lone);
  await roster.score(measures.moy, lone, 40, '2026-11-17');
  const { body, text } = await api.get('/api/schools', people.leader.token);
  const cells = (body as SchoolsShape).schools.flatMap((one) => one.grades).filter((cell) => cell.children === null);
  expect(cells.map((cell) => cell.grade)).toContain('04');
  for (const cell of cells) expect(cell).toMatchObject({ atOrAbove: null, measure: { from: null, to: null } });
  expect(text.match(/2026-11-17/g) ?? []).toHaveLength(1); // the class's own line, whose latest score it is
});
