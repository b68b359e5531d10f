/** What was granted once and is no longer: a session sees it go at once. */
import { acceptDeployment, refuseDeployment, setPlatformActive } from '../../lti/platforms.ts';
import type { ChildrenShape } from '../../src/read-models/shapes.ts';
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
  school = await newSchool(db, `Elm${Math.random().toString(36).slice(2, 8)}`);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const change = (statement: string) => school.roster.within((tx) => tx.unsafe(statement));
const platformId = async () => (await school.roster.within((tx) => tx<{ id: number }[]>`SELECT id FROM lti_platform LIMIT 1`))[0]?.id ?? 0;
const status = async (token: string) => (await api.get('/api/me', token)).status;
const childrenOf = async (token: string) =>
  ((await api.get('/api/children', token)).body as ChildrenShape).children.map((child) => Number(child.id));

test('a platform switched off takes its people’s sessions with it', async () => {
  const { teacher, parent } = school.people;
  expect([await status(teacher.token), await status(parent.token)]).toEqual([200, 200]);
  await setPlatformActive(db, school.districtId, await platformId(), false);
  expect([await status(teacher.token), await status(parent.token)]).toEqual([401, 401]);
  expect((await api.get(`/api/children/${school.own}`, parent.token)).status).toBe(401);
  await setPlatformActive(db, school.districtId, await platformId(), true);
  expect(await status(teacher.token)).toBe(401);
});

test('a deployment taken back ends every session launched through it, and no others; accepting it again opens none of them', async () => {
  const { districtId } = school;
  const platform = await platformId();
  await acceptDeployment(db, districtId, platform, 'two');
  // Outside any course, and of somebody no roster knows.
  const { token } = await signIn(db, { districtId, roles: ['mentor'], deploymentId: 'two' });
  expect(await status(token)).toBe(200);
  await refuseDeployment(db, districtId, platform, 'two');
  expect([await status(token), await status(school.people.teacher.token)]).toEqual([401, 200]);
  await acceptDeployment(db, districtId, platform, 'two');
  expect(await status(token)).toBe(401);
  expect(await status((await signIn(db, { districtId, roles: ['mentor'], deploymentId: 'two' })).token)).toBe(200);
});

test('a launch that was under way when its deployment was taken back opens nothing', async () => {
  const { districtId } = school;
  await refuseDeployment(db, districtId, await platformId(), 'three');
  expect(await status((await signIn(db, { districtId, roles: ['mentor'], deploymentId: 'three' })).token)).toBe(401);
});

test('what a platform said of a mentor long ago, in a course they never came back to, is no longer believed', async () => {
  const { token } = school.people.parent;
  expect(await childrenOf(token)).toContain(school.own);
  await change(`UPDATE lti_mentor SET launched_at = now() - interval '29 days'`);
  expect(await childrenOf(token)).toContain(school.own);
  await change(`UPDATE lti_mentor SET launched_at = now() - interval '31 days'`);
  expect(await childrenOf(token)).toEqual([]);
  expect((await api.get(`/api/children/${school.own}`, token)).status).toBe(404);
});

test('a no-contact order whose row is merely gone still hides the child, until the source says otherwise', async () => {
  const { districtId } = school;
  const barred = await school.roster.user('Barred');
  await school.roster.guardianship(school.own, barred, { no_contact: true });
  const { token } = await signIn(db, { districtId, roles: ['mentor'], userId: barred, children: [school.own] });
  expect(await childrenOf(token)).toEqual([]);
  await change(`UPDATE guardianship SET ended_at = now() WHERE guardian_id = ${barred}`);
  expect(await childrenOf(token)).toEqual([]);
  await change(`UPDATE guardianship SET ended_at = NULL, no_contact = false WHERE guardian_id = ${barred}`);
  expect(await childrenOf(token)).toEqual([school.own]);
});
