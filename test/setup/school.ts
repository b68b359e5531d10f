/** A small district with everybody in it: what most tests of the API look at. */
import type { Db } from '../../src/db/db.ts';
import { signIn } from './api.ts';
import { newDistrict } from './database.ts';
import { newRoster } from './roster.ts';

export type School = Awaited<ReturnType<typeof newSchool>>;

/** One school; class `big` of 14 children, `small` of 7, `tiny` of 4; two windows of one assessment, benchmark 50 for grade 03. */
export async function newSchool(db: Db, mark: string) {
  const districtId = await newDistrict(db, mark.toLowerCase());
  const roster = await newRoster(db, districtId, mark);
  const school = await roster.school();
  const otherSchool = await roster.school('Other');
  const [big, small, tiny, foreign] = [
    await roster.klass(school),
    await roster.klass(school),
    await roster.klass(school),
    await roster.klass(otherSchool),
  ];
  const teacher = await roster.user('Teacher');
  for (const classId of [big, small, tiny]) await roster.enroll(classId, teacher, 'teacher', { is_primary: true });
  const stranger = await roster.user('Stranger');
  await roster.enroll(foreign, stranger, 'teacher');
  const children = await roster.students(big, 14);
  const smallChildren = await roster.students(small, 7, 20);
  const tinyChildren = await roster.students(tiny, 4, 40);
  const foreignChildren = await roster.students(foreign, 11, 60);
  const assessment = await roster.assessment();
  await roster.benchmark(assessment, 50, { grade: '03' });
  const boy = await roster.lineItem(assessment, { window: 'BOY', school_year: 2027 });
  const moy = await roster.lineItem(assessment, { window: 'MOY', school_year: 2027 });
  const everybody = [...children, ...smallChildren, ...tinyChildren, ...foreignChildren];
  for (const [i, child] of everybody.entries()) {
    await roster.score(boy, child, 20 + 2 * i, '2026-09-10');
    if (child !== children[0]) await roster.score(moy, child, 30 + 3 * (i % 14), '2026-11-10');
  }
  const [parent, principal, it] = [await roster.user('Parent'), await roster.user('Principal'), await roster.user('It')];
  const own = children[3] ?? 0;
  await roster.guardianship(own, parent);
  await roster.role(principal, school, 'principal');
  await roster.role(it, null, 'districtAdministrator');
  const people = {
    teacher: await signIn(db, { districtId, roles: ['instructor'], userId: teacher }),
    stranger: await signIn(db, { districtId, roles: ['instructor'], userId: stranger }),
    parent: await signIn(db, { districtId, roles: ['mentor'], userId: parent, children: [own] }),
    leader: await signIn(db, { districtId, roles: ['administrator'], userId: principal }),
    it: await signIn(db, { districtId, roles: ['administrator'], userId: it }),
    student: await signIn(db, { districtId, roles: ['learner'], userId: own }),
    nobody: await signIn(db, { districtId, roles: ['instructor'] }),
  };
  return {
    mark,
    districtId,
    roster,
    school,
    otherSchool,
    classes: { big, small, tiny, foreign },
    users: { teacher, stranger, parent, principal, it },
    children,
    smallChildren,
    own,
    assessment,
    measures: { boy, moy },
    people,
  };
}
