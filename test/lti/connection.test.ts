/** "Test this connection": every step of a visit by itself, from a registration nobody used to one that gives lists and columns. */
import { testConnection } from '../../lti/connection.ts';
import { setPlatformActive } from '../../lti/platforms.ts';
import { addSource } from '../../src/sync/sources.ts';
import { openPlatform } from '../cases/lti/course.ts';
import { openSchool, secret } from '../cases/lti/school.ts';
import { newDistrict } from '../setup/database.ts';

const school = await openSchool('service');
const platform = await openPlatform(school);
// With a roster of its own, so that a launch connects no course: whoever were kept, the test of the connection would have kept them.
await addSource(school.db, platform.districtId, { name: 'sis', kind: 'oneroster-csv', settings: { path: 'export.zip' } });
afterAll(async () => {
  await platform.close();
  await school.close();
});
const { db } = school;

const statesOf = async (districtId = platform.districtId, id = platform.id) => {
  const { steps } = await testConnection({ db, secret }, districtId, id);
  return Object.fromEntries(steps.map(({ step, state, code }) => [step, code ?? state]));
};
/** The diary is written a moment after the visit. */
async function written(count: number): Promise<void> {
  const rows = () => db.inDistrict(platform.districtId, async (tx) => (await tx`SELECT 1 FROM launch_diary`).length);
  while ((await rows()) < count) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('before anybody came: the registration and the keys can be tested, the rest waits for a visit', async () => {
  expect(await statesOf()).toEqual({
    registration: 'good',
    keys: 'good',
    deployment: 'good',
    login: 'waiting',
    launch: 'waiting',
    token: 'waiting',
    roster: 'waiting',
    grades: 'waiting',
  });
});

test('after a teacher’s visit every step is green, and nothing of the course was kept', async () => {
  await platform.open('teacher', '3a');
  await written(1);
  expect(await statesOf()).toEqual({
    registration: 'good',
    keys: 'good',
    deployment: 'good',
    login: 'good',
    launch: 'good',
    token: 'good',
    roster: 'good',
    grades: 'good',
  });
  expect(await db.inDistrict(platform.districtId, (tx) => tx`SELECT 1 FROM "user"`)).toHaveLength(0);
});

test('a service that says no, a key set that is silent, a launch refused since: each is named where it is', async () => {
  await db.inDistrict(platform.districtId, async (tx) => {
    await tx`UPDATE lti_context SET memberships_url = ${`${platform.url}/nothing-here`}`;
    await tx`UPDATE lti_platform SET jwks_url = ${`${platform.url}/no-keys`} WHERE id = ${platform.id}`;
    await tx`INSERT INTO launch_diary (district_id, minute, platform_id, deployment_id, door, reason, message, missing, count, refs)
      VALUES (${platform.districtId}, now() + interval '1 minute', ${platform.id}, '', 'launch', 'signature_invalid', '', '{}', 1, '{}')`;
  });
  expect(await statesOf()).toMatchObject({
    keys: 'keys_unreachable',
    login: 'good',
    launch: 'signature_invalid',
    token: 'good',
    grades: 'good',
  });
  expect((await statesOf()).roster).toMatch(/^service_/);
  await setPlatformActive(db, platform.districtId, platform.id, false);
  expect(await statesOf()).toMatchObject({ registration: 'platform_inactive', token: 'platform_inactive' });
});

test('another district’s registration is not there', async () => {
  await expect(statesOf(await newDistrict(db), platform.id)).rejects.toMatchObject({ code: 'platform_missing' });
});
