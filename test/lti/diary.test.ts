/** What district IT can look up of every launch, and what nobody can do to it. */
import { launchDiary } from '../../lti/diary.ts';
import { acceptedAt, gradesReasons, type LaunchEvent } from '../../lti/event.ts';
import { setPlatformActive } from '../../lti/platforms.ts';
import { reasons } from '../../lti/refusal.ts';
import { purge } from '../../src/api/retention.ts';
import { familyOf, launchesView } from '../../src/read-models/launches.ts';
import { launches as en } from '../../src/web/locales/en-launches.ts';
import { launches as es } from '../../src/web/locales/es-launches.ts';
import { lti, mentor, teacher } from '../cases/lti/payloads.ts';
import { openSchool } from '../cases/lti/school.ts';
import { newDistrict } from '../setup/database.ts';

const school = await openSchool();
afterAll(() => school.close());
const { db } = school;

type Told = { events: LaunchEvent[]; more: { reason: string; count: number }[]; lost: unknown[] };
function newDiary() {
  const told: Told = { events: [], more: [], lost: [] };
  const diary = launchDiary(db, {
    event: (event) => told.events.push(event),
    more: (kind) => told.more.push(kind),
    lost: (error) => told.lost.push(error),
  });
  return { ...diary, told };
}
const view = (districtId: number, asked: { refused?: boolean; reference?: string; before?: number } = {}) =>
  db.inDistrict(districtId, (tx) =>
    launchesView(tx, { districtId }, { refused: asked.refused ?? false, reference: asked.reference ?? null, before: asked.before ?? null }),
  );
/** Everything the tool said so far, written down. */
async function written(): Promise<void> {
  const diary = newDiary();
  for (const event of school.events.splice(0)) diary.note(event);
  await diary.close();
  expect(diary.told.lost).toEqual([]);
}
const refusal = (districtId: number, reference: string, more: Partial<LaunchEvent> = {}): LaunchEvent => ({
  at: 'launch',
  outcome: 'refused',
  reason: 'signature_invalid',
  message: 'the signature does not match',
  reference,
  where: { districtId, platformId: 1, issuer: 'https://lms.example', deploymentId: null },
  missing: [],
  ...more,
});

test('a launch let in and one refused are both there, with what was missing and the reference the person was shown', async () => {
  const platform = await school.newPlatform();
  await school.launch(platform, { ...teacher, email: undefined, [`${lti}lis`]: {} });
  const refused = await school.launch(platform, { ...teacher, [`${lti}roles`]: undefined });
  await school.launch(platform, { ...teacher, [`${lti}deployment_id`]: 'new one' });
  await written();
  const { launches } = await view(platform.districtId);
  expect(launches.map(({ reason, deployment, missing, mend }) => ({ reason, deployment, missing, mend }))).toEqual(
    expect.arrayContaining([
      { reason: null, deployment: 'deployment-1', missing: ['email'], mend: null },
      { reason: 'claim_missing', deployment: 'deployment-1', missing: [], mend: 'claims' },
      { reason: 'deployment_pending', deployment: 'new one', missing: [], mend: 'deployment' },
    ]),
  );
  expect(launches).toHaveLength(3);
  const reference = refused.event?.reference ?? '';
  expect((await view(platform.districtId, { reference })).launches).toMatchObject([{ reason: 'claim_missing', references: [reference] }]);
  expect((await view(platform.districtId, { refused: true })).launches).toHaveLength(2);
  const other = await newDistrict(db);
  expect((await view(other, { reference })).launches).toEqual([]);
});

test('no name, address, identifier, token, hint or nonce of anybody is in it', async () => {
  const platform = await school.newPlatform();
  const said = { ...mentor, given_name: 'Zebulon', family_name: 'Quimby', email: 'zq@home.example', sub: 'sub-of-zq' };
  await school.launch(platform, said, { login: { login_hint: 'hint-of-zq', lti_message_hint: 'message-hint-of-zq' } });
  await school.launch(platform, { ...said, [`${lti}version`]: '9.9-of-zq' });
  await written();
  const rows = await db.inDistrict(platform.districtId, (tx) => tx`SELECT * FROM launch_diary`);
  expect(rows.length).toBe(2);
  expect(JSON.stringify(rows)).not.toMatch(/zebulon|quimby|zq|eyJ/i);
});

test('a flood of equal refusals is one row a minute, and one visit in it is still found', async () => {
  const districtId = await newDistrict(db);
  const diary = newDiary();
  for (let n = 0; n < 5000; n++) diary.note(refusal(districtId, `ref${n}`.padStart(10, '0')));
  await diary.close();
  const { launches } = await view(districtId);
  expect(launches.length).toBeLessThanOrEqual(2); // the minute may change meanwhile
  expect(launches.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  for (const { references } of launches) expect(references.length).toBeLessThanOrEqual(20);
  expect(diary.told.events.length).toBeLessThanOrEqual(40);
  expect(diary.told.events.length + diary.told.more.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
});

test('what belongs to no registered platform is in the operator’s log alone, and cannot fill that either', async () => {
  const diary = newDiary();
  const [before] = await db.sql<{ count: number }[]>`SELECT count(*)::int FROM launch_diary`;
  for (let n = 0; n < 1000; n++) diary.note({ ...refusal(1, `${n}`), reason: 'platform_unknown', where: null });
  await diary.close();
  expect(await db.sql`SELECT count(*)::int FROM launch_diary`).toEqual([before]);
  expect(diary.told.events.length).toBeLessThanOrEqual(40);
});

test('a claimed deployment is not believed: only what the platform signed is written', async () => {
  const platform = await school.newPlatform();
  const another = await school.newPlatform();
  for (let n = 0; n < 5; n++) {
    await school.launch(platform, { ...teacher, [`${lti}deployment_id`]: `made up ${n}` }, { key: another.key.privateKey });
  }
  await written();
  const { launches } = await view(platform.districtId);
  expect(launches.every(({ deployment }) => deployment === null)).toBe(true);
  expect(launches.length).toBeLessThanOrEqual(2);
});

test('a platform switched off shows up, and a database that does not answer costs only these rows', async () => {
  const platform = await school.newPlatform();
  await setPlatformActive(db, platform.districtId, platform.id, false);
  await school.askLogin(school.loginRequest(platform));
  await written();
  expect((await view(platform.districtId)).launches).toMatchObject([{ door: 'login', reason: 'platform_inactive', mend: 'inactive' }]);
  const diary = newDiary();
  diary.note(acceptedAt('launch', { districtId: 999_999, platformId: 1, issuer: 'https://lms.example', deploymentId: null }));
  await diary.close();
  expect(diary.told.lost).toHaveLength(1);
});

test('old pages are thrown away, a district’s own shorter time first', async () => {
  const [usual, brief] = [await newDistrict(db), await newDistrict(db)];
  await db.sql`UPDATE district SET settings = settings || '{"launchDiaryDays": 7}' WHERE id = ${brief}`;
  for (const districtId of [usual, brief]) {
    const diary = newDiary();
    diary.note(refusal(districtId, 'a1b2c3d4e5'));
    await diary.close();
    await db.sql`UPDATE launch_diary SET minute = now() - interval '30 days' WHERE district_id = ${districtId}`;
  }
  await purge(db);
  expect((await view(usual)).launches).toHaveLength(1);
  expect((await view(brief)).launches).toEqual([]);
  await db.sql`UPDATE launch_diary SET minute = now() - interval '100 days' WHERE district_id = ${usual}`;
  await purge(db);
  expect((await view(usual)).launches).toEqual([]);
});

test('every reason there is has words in English and Spanish', () => {
  expect(Object.keys(en.reasons).sort()).toEqual([...new Set([...reasons, ...gradesReasons])].sort());
  for (const part of Object.keys(en) as (keyof typeof en)[]) {
    expect(Object.keys(es[part]).sort()).toEqual(Object.keys(en[part]).sort());
    for (const [key, words] of Object.entries(es[part]))
      if (part !== 'where') expect(words).not.toBe((en[part] as Record<string, string>)[key]);
  }
});

test.each([
  ['canvas', 'https://canvas.instructure.com', 'https://sso.canvaslms.com/api/lti/authorize_redirect'],
  ['moodle', 'https://learn.willow.example', 'https://learn.willow.example/mod/lti/auth.php'],
  ['brightspace', 'https://willow.brightspace.com', 'https://willow.brightspace.com/d2l/lti/authenticate'],
  ['blackboard', 'https://blackboard.com', 'https://developer.blackboard.com/api/v1/gateway/oidcauth'],
  ['schoology', 'https://schoology.schoology.com', 'https://lti-service.svc.schoology.com/lti-service/authorize-redirect'],
  ['other', 'https://lms.example', 'https://lms.example/auth'],
])('the words are those of %s where the registration is', (family, issuer, authUrl) => {
  expect(familyOf(issuer, authUrl)).toBe(family);
});
