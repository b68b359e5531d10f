/** A whole service and a school platform that answers its questions, in the accent of a case. */
import { addPlatform } from '../../../lti/platforms.ts';
import { visit } from '../../../src/cli/demo-visit.ts';
import { type PlatformCourse, type PlatformOptions, type PlatformPerson, startPlatform } from '../../../src/demo/platform.ts';
import type { ServiceMember } from '../../../src/demo/platform-services.ts';
import { newDistrict } from '../../setup/database.ts';
import type { School } from './school.ts';

export const people: PlatformPerson[] = [
  { key: 'teacher', sub: 'u-teacher', givenName: 'Ana', familyName: 'Ruiz', roles: ['instructor'], email: 'ana@school.example' },
  { key: 'parent', sub: 'u-parent', givenName: 'Leo', familyName: 'Diaz', roles: ['mentor'], mentors: [{ sub: 's-1' }] },
  { key: 'pupil', sub: 's-1', givenName: 'Bo', familyName: 'Diaz', roles: ['learner'] },
];

/** `s-1` … `s-n`, but for those who have a page of their own. */
export const pupils = (n: number, from = 2): ServiceMember[] =>
  Array.from({ length: n }, (_, i) => ({
    sub: `s-${from + i}`,
    givenName: `Child${from + i}`,
    familyName: 'Test',
    email: `child${from + i}@school.example`,
    roles: ['learner'],
    status: 'Active',
  }));

export const course = (key: string, roster: ServiceMember[]): PlatformCourse => ({
  key,
  id: `course-${key}`,
  title: `Room ${key}`,
  members: people.map(({ key: person }) => ({ person })),
  roster,
});

/** A platform of a district of its own. */
export async function openPlatform(school: School, options: Partial<PlatformOptions> = {}) {
  const platform = await startPlatform({
    tool: { loginUrl: `${school.url}/lti/login`, targetLinkUri: `${school.url}/app/` },
    people,
    courses: [course('3a', pupils(24))],
    ...options,
  });
  const districtId = await newDistrict(school.db);
  const { id } = await addPlatform(school.db, districtId, { ...platform, deploymentIds: [platform.deploymentId] });
  return { ...platform, districtId, id, open: (person: string, course: string) => visit(platform.launchUrl(person, course), school.url) };
}
