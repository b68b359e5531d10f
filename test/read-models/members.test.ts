/** Whose 1 it is in a course that holds more children than the class. */
import { childrenByMember } from '../../src/read-models/members.ts';
import { signIn } from '../setup/api.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { newRoster, type Roster } from '../setup/roster.ts';

const db = await freshDatabase();
let roster: Roster;
let platformId: number;
let classId: number;
let other: number;
beforeEach(async () => {
  roster = await newRoster(db, await newDistrict(db), 'Bay');
  await signIn(db, { districtId: roster.districtId, roles: ['instructor'] });
  const [platform] = await roster.within((tx) => tx<{ id: number }[]>`SELECT id FROM lti_platform`);
  platformId = platform?.id ?? 0;
  const school = await roster.school();
  classId = await roster.klass(school);
  other = await roster.klass(school);
});
afterAll(() => db.close());

const child = async (given: string, of: number, more: Record<string, unknown>) => {
  const id = await roster.user(given, more);
  await roster.enroll(of, id);
  return id;
};
const found = (...members: [sub: string, sourcedId: string | null][]) =>
  roster.within((tx) =>
    childrenByMember(
      tx,
      { classId, platformId },
      members.map(([sub, sourcedId]) => ({ sub, sourcedId })),
    ),
  );
const launched = (sub: string, userId: number) =>
  roster.within(
    (tx) =>
      tx`INSERT INTO lti_account (district_id, platform_id, sub, user_id) VALUES (${roster.districtId}, ${platformId}, ${sub}, ${userId})`,
  );

test('a child is found by the id of the roster, by the number the district gave, or by what the platform called them at a launch', async () => {
  const [a, b, c] = [
    await child('A', classId, { sourced_id: 'stu-a' }),
    await child('B', classId, { identifier: '1002' }),
    await child('C', classId, {}),
  ];
  await launched('lms-c', c);
  expect(await found(['lms-a', 'stu-a'], ['lms-b', '1002'], ['lms-c', null], ['lms-d', null])).toEqual(
    new Map([
      [a, 'lms-a'],
      [b, 'lms-b'],
      [c, 'lms-c'],
    ]),
  );
});

test('an id that is somebody’s of another section is theirs, though a child of the class has the same as a number', async () => {
  const x = await child('X', classId, { sourced_id: 'stu-x', identifier: '1001' });
  await child('Y', other, { sourced_id: '1001', identifier: '2002' });
  expect(await found(['lms-y', '1001'])).toEqual(new Map());
  expect(await found(['lms-y', '1001'], ['lms-x', 'stu-x'])).toEqual(new Map([[x, 'lms-x']]));
});

test('within the class, too, the roster’s own id goes before the number', async () => {
  await child('X', classId, { sourced_id: 'stu-x', identifier: '1001' });
  const y = await child('Y', classId, { sourced_id: '1001' });
  expect(await found(['lms-y', '1001'])).toEqual(new Map([[y, 'lms-y']]));
});

test('a number that two in the district have is nobody’s', async () => {
  await child('X', classId, { identifier: '1001' });
  await child('Y', other, { identifier: '1001' });
  expect(await found(['lms-x', '1001'])).toEqual(new Map());
});

test('whom the platform has shown to be somebody outside the class is no child of it, whatever their id', async () => {
  await child('X', classId, { sourced_id: 'stu-x' });
  await launched('lms-y', await child('Y', other, {}));
  expect(await found(['lms-y', 'stu-x'])).toEqual(new Map());
});
