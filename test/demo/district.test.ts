import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { cast, castCourses, castPeople } from '../../src/demo/cast.ts';
import type { Options } from '../../src/demo/district/plan.ts';
import { type DistrictSummary, writeDistrict } from '../../src/demo/district/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'aptt-district-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Record<string, string>;
type Written = DistrictSummary & { read(file: string): Row[]; digest: string };

let count = 0;
async function written(options: Options = {}): Promise<Written> {
  const at = join(folder, String(count++));
  const summary = await writeDistrict(at, options);
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(at, name)).isFile());
  const digest = createHash('sha256');
  for (const name of files.sort()) digest.update(name).update(readFileSync(join(at, name)));
  const read = (file: string) => {
    const path = files.find((name) => name.endsWith(file)) ?? file;
    return Papa.parse<Row>(readFileSync(join(at, path), 'utf8'), { header: true, skipEmptyLines: true }).data;
  };
  return { ...summary, read, digest: digest.digest('hex') };
}

const first = await written();
const roster = (name: string) => first.read(`oneroster/${name}.csv`);
function by(rows: Row[], field: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row[field] ?? '', [...(groups.get(row[field] ?? '') ?? []), row]);
  return groups;
}

test('the same options write the same bytes, another seed another district', async () => {
  expect((await written()).digest).toBe(first.digest);
  expect((await written({ seed: 3 })).digest).not.toBe(first.digest);
});

test('the district has three schools, about 1,200 students and about 1,900 guardians', () => {
  const roles = by(roster('roles'), 'role');
  expect(roster('orgs').filter((org) => org.type === 'school')).toHaveLength(3);
  expect(roles.get('student')).toHaveLength(1200);
  expect(roles.get('parent')?.length).toBeGreaterThan(1800);
  expect(roles.get('parent')?.length).toBeLessThan(2000);
  expect(roles.get('principal')).toHaveLength(3);
  expect(roles.get('districtAdministrator')).toHaveLength(1);
  expect(roster('enrollments').filter((row) => row.role === 'teacher').length).toBeGreaterThan(first.homerooms);
});

test('homerooms hold 18 to 26 children, but for one of 8 and one of 4', () => {
  const known = new Set(roster('users').map((row) => row.sourcedId));
  const children = new Map(
    roster('enrollments')
      .filter((row) => row.role === 'student' && known.has(row.userSourcedId))
      .map((row) => [row.userSourcedId, row]),
  );
  const sizes = [...by([...children.values()], 'classSourcedId')].filter(([id]) => id.startsWith('cls-0')).map(([, rows]) => rows.length);
  const small = sizes.filter((size) => size < 17).sort();
  expect(small).toEqual([4, 8]);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(26);
});

test('bulk files leave status and dateLastModified blank', () => {
  for (const name of ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'roles', 'enrollments']) {
    expect(roster(name).filter((row) => row.status !== '' || row.dateLastModified !== '')).toHaveLength(0);
  }
});

test('every manifest line tells the truth about its file', () => {
  const bulk = first
    .read('manifest.csv')
    .filter((row) => row.value === 'bulk')
    .map((row) => `${row.propertyName?.slice(5)}.csv`);
  expect(bulk.sort()).toEqual([
    'academicSessions.csv',
    'classes.csv',
    'courses.csv',
    'enrollments.csv',
    'orgs.csv',
    'roles.csv',
    'users.csv',
  ]);
});

test('families are as mixed as real ones: siblings, second households, no contact, four languages', () => {
  const contacts = first.read('contacts.csv');
  const guardians = contacts.filter((row) => !['Neighbor', 'Babysitter'].includes(row.relation ?? ''));
  const children = [...by(guardians, 'contactUniqueId').values()].map((rows) => new Set(rows.map((row) => row.studentUniqueId)).size);
  expect(children.filter((n) => n === 2).length).toBeGreaterThan(100);
  expect(guardians.filter((row) => row.livesWith === 'false').length).toBeGreaterThan(50);
  expect(guardians.filter((row) => row.noContact === 'true').length).toBeGreaterThan(2);
  expect([...by(guardians, 'language').keys()].sort()).toEqual(['ar', 'en', 'es', 'vi']);
  expect(contacts.length - guardians.length).toBeGreaterThan(4);
});

test('most children have a score in both windows, and late arrivals in none', () => {
  const [boy, moy] = ['dibels-8-boy.csv', 'dibels-8-moy.csv'].map(
    (name) => new Set(first.read(name).map((row) => row['Student Primary ID'])),
  );
  const numbers = roster('users')
    .filter((row) => row.grades !== '')
    .map((row) => row.identifier);
  const neither = numbers.filter((number) => !boy?.has(number) && !moy?.has(number));
  const late = new Set(
    roster('enrollments')
      .filter((row) => row.beginDate === '2026-11-16')
      .map((row) => row.userSourcedId),
  );
  expect(late.size).toBeGreaterThan(10);
  expect(neither.length).toBeGreaterThanOrEqual(late.size);
  expect(boy?.size).toBeGreaterThan(1100);
});

test('each night differs from the one before in half a percent of the rows and a few children', async () => {
  const nights = [first, await written({ night: 2 }), await written({ night: 3 })];
  for (const [n, night] of nights.slice(1).entries()) {
    const before = new Map((nights[n] as Written).read('oneroster/users.csv').map((row) => [row.sourcedId, JSON.stringify(row)]));
    const now = new Map(night.read('oneroster/users.csv').map((row) => [row.sourcedId, JSON.stringify(row)]));
    const changed = [...now].filter(([id, row]) => before.has(id) && before.get(id) !== row).length;
    expect(changed / now.size).toBeGreaterThan(0.003);
    expect(changed / now.size).toBeLessThan(0.007);
    expect([...before.keys()].filter((id) => !now.has(id)).length).toBeGreaterThan(0);
    expect([...now.keys()].filter((id) => !before.has(id)).length).toBeGreaterThan(0);
  }
});

test('a large district with results inside the OneRoster set has 12 enrollments and 10 results a child', async () => {
  const large = await written({ students: 2000, classesPerStudent: 12, results: 'oneroster' });
  expect(large.schools).toBe(5);
  expect(large.rows['results.csv']).toBe(20_000);
  expect(large.rows['enrollments.csv']).toBeGreaterThan(24_000);
  expect(large.read('manifest.csv').find((row) => row.propertyName === 'file.results')?.value).toBe('bulk');
  expect(large.paths.scores).toBeNull();
});

describe('the cast', () => {
  test('is in the files of every night, under the same names', async () => {
    for (const night of [1, 2, 3, 4]) {
      const users = new Map((await written({ night })).read('oneroster/users.csv').map((row) => [row.sourcedId, row]));
      for (const { sourcedId, givenName, familyName } of Object.values(cast))
        expect(users.get(sourcedId)).toMatchObject({ givenName, familyName });
    }
  });

  test('has the families and roles it promises', () => {
    const contacts = first.read('contacts.csv');
    const users = new Map(roster('users').map((row) => [row.sourcedId, row]));
    const linked = (guardian: string, child: string) => {
      const contact = /contactUniqueId:(\d+)/.exec(users.get(guardian)?.userIds ?? '')?.[1];
      return contacts.find((row) => row.contactUniqueId === contact && row.studentUniqueId === users.get(child)?.identifier);
    };
    for (const key of ['guardian-of-two', 'guardian-in-spanish', 'teacher-and-guardian'] as const) {
      for (const child of cast[key].children) expect(linked(cast[key].sourcedId, child)).toMatchObject({ noContact: 'false' });
    }
    expect(cast['guardian-of-two'].children).toHaveLength(2);
    expect(linked(cast['guardian-in-spanish'].sourcedId, cast['guardian-in-spanish'].children[0] ?? '')?.language).toBe('es');
    expect(roster('enrollments').filter((row) => row.userSourcedId === cast.teacher.sourcedId && row.role === 'teacher')).toHaveLength(1);
  });

  test('is known to the platform under names of its own', () => {
    const subs = castPeople().map((person) => person.sub);
    expect(new Set(subs).size).toBe(subs.length);
    for (const course of castCourses())
      for (const member of course.members) expect(castPeople().map((person) => person.key)).toContain(member.person);
  });
});
