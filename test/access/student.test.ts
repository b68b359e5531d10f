/** Who is a student, for doors that are for teachers. */
import { isStudent } from '../../src/access/student.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { newRoster } from '../setup/roster.ts';

const db = await freshDatabase();
afterAll(() => db.close());

test('whoever is only a student is one; a teacher, an older student who assists, two people for one id, and nobody are not', async () => {
  const districtId = await newDistrict(db);
  const roster = await newRoster(db, districtId, 'Elm');
  const klass = await roster.klass(await roster.school());
  const someone = async (id: string, roles: string[], enrolled: string[] = []) => {
    const user = await roster.user(id, { identifier: id });
    for (const role of roles) await roster.role(user, null, role);
    for (const role of enrolled) await roster.enroll(klass, user, role);
  };
  await someone('child', ['student'], ['student']);
  await someone('unlisted', [], ['student']);
  await someone('teacher', ['teacher'], ['teacher']);
  await someone('assistant', ['student'], ['student', 'teacher']);
  await someone('both', ['student']);
  await someone('both', ['teacher']);
  await someone('known', []);
  const is = (id: string) => isStudent(db, { districtId, personSourcedIds: [id] });
  for (const id of ['child', 'unlisted']) expect([id, await is(id)]).toEqual([id, true]);
  for (const id of ['teacher', 'assistant', 'both', 'known', 'stranger']) expect([id, await is(id)]).toEqual([id, false]);
});
