/** A whole service and a school platform that answers its questions, in the accent of a case. */

import { addPlatform } from '../../../lti/platforms.ts';
import { serviceTokens } from '../../../lti/services/token.ts';
import { visit } from '../../../src/cli/demo-visit.ts';
import { syncAny } from '../../../src/course-rosters.ts';
import { type PlatformCourse, type PlatformOptions, type PlatformPerson, startPlatform } from '../../../src/demo/platform.ts';
import type { ServiceMember } from '../../../src/demo/platform-services.ts';
import { listSources } from '../../../src/sync/sources.ts';
import { newDistrict } from '../../setup/database.ts';
import { type School, secret } from './school.ts';

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
  const { id } = await addPlatform(school.db, districtId, { ...platform, deploymentIds: [platform.deploymentId], trustCustom: true });
  return { ...platform, districtId, id, open: (person: string, course: string) => visit(platform.launchUrl(person, course), school.url) };
}

/** A night of a platform's courses; or what a launch of these courses would read. */
export async function night(school: School, { districtId }: { districtId: number }, only?: number[]) {
  const [source] = (await listSources(school.db, districtId)).filter(({ kind }) => kind === 'lti-memberships');
  if (!source) throw new Error('no course is connected');
  return syncAny(school.db, () => serviceTokens({ db: school.db, secret }), districtId, source, { actor: 'test' }, only);
}

/** Until it is so: whatever happens in the background is waited for, never slept for. */
export async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A teacher opens the tool in a course, and its members are read behind them. */
export async function connect(school: School, platform: Awaited<ReturnType<typeof openPlatform>>, key = '3a'): Promise<number> {
  await platform.open('teacher', key);
  const { id } = await until(async () => {
    const rows = await school.db.inDistrict(
      platform.districtId,
      (tx) => tx<{ id: number }[]>`SELECT id FROM lti_context WHERE context_id = ${`course-${key}`} AND members_read_at IS NOT NULL`,
    );
    return rows[0];
  });
  return id;
}

export type Enrolled = { sub: string; role: string; given: string; family: string; email: string | null; ids: string[] };

/** Who is in the class of a course now. */
export const enrolled = (school: School, districtId: number, key = '3a'): Promise<Enrolled[]> =>
  school.db.inDistrict(districtId, async (tx) => [
    ...(await tx<Enrolled[]>`
      SELECT substr(u.sourced_id, 5) AS sub, e.role, u.given_name AS given, u.family_name AS family, u.email, u.user_ids AS ids
      FROM lti_context x JOIN active_enrollment e ON e.class_id = x.class_id JOIN "user" u ON u.id = e.user_id
      WHERE x.context_id = ${`course-${key}`} ORDER BY length(u.sourced_id), u.sourced_id`),
  ]);
