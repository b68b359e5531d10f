/** A flood of failures under one platform's name is turned away, and nobody else notices: not even behind the same address. */
import { hash } from 'node:crypto';
import { teacher } from '../cases/lti/payloads.ts';
import { expectLaunched, expectRefused, newKey, openSchool, type TestPlatform } from '../cases/lti/school.ts';

const school = await openSchool('tool', { failuresPerMinute: 5 });
afterAll(() => school.close());

const forger = await newKey('forger');
const forged = (platform: TestPlatform) => school.launch(platform, teacher, { key: forger.privateKey });
/** A token nobody began a login for. */
async function unasked(platform: TestPlatform) {
  const logged = await school.login(platform);
  const fields = { state: 'made-up', id_token: await platform.sign(school.payloadOf(platform, logged, teacher)) };
  return school.post(fields, { cookie: cookieFor(fields.state) });
}
const cookieFor = (state: string) => `aptt-login-${hash('sha256', state).slice(0, 16)}=x`;

test('after too many failures of one platform from one address what has no login is turned away, and district IT sees it', async () => {
  const platform = await school.newPlatform();
  expectRefused(await unasked(platform), 'launch_replayed');
  for (let i = 0; i < 5; i++) expectRefused(await forged(platform), 'signature_invalid');
  const answer = await unasked(platform);
  expectRefused(answer, 'too_many_failures');
  expect(answer.status).toBe(429);
  expect(answer.event?.where).toMatchObject({ districtId: platform.districtId, platformId: platform.id, deploymentId: null });
});

test('whoever began a login in the same browser still comes in from the same address: a school is one address', async () => {
  const platform = await school.newPlatform();
  const early = await school.login(platform);
  for (let i = 0; i < 8; i++) expectRefused(await forged(platform), 'signature_invalid');
  const idToken = await platform.sign(school.payloadOf(platform, early, teacher));
  expectLaunched(await school.post({ state: early.state, id_token: idToken }, { cookie: early.cookie }));
  expectLaunched(await school.launch(platform, teacher));
});

test('logins that cannot hold shut out nobody whose login does', async () => {
  const platform = await school.newPlatform();
  const right = school.loginRequest(platform);
  for (let i = 0; i < 8; i++) {
    expectRefused(await school.askLogin({ ...right, target_link_uri: 'https://attacker.example' }), 'target_foreign');
    expectRefused(await school.askLogin({ ...right, login_hint: '' }), 'login_malformed');
  }
  for (let i = 0; i < 5; i++) expectRefused(await school.askLogin({ ...right, client_id: 'another' }), 'platform_unknown');
  expectRefused(await school.askLogin({ ...right, client_id: 'another' }), 'too_many_failures');
  expectLaunched(await school.launch(platform, teacher));
});

test('names nobody registered are turned away before a query; what is nobody’s fault is not counted', async () => {
  const platform = await school.newPlatform();
  const unknown = { ...school.loginRequest(platform), iss: 'https://unknown.example' };
  for (let i = 0; i < 5; i++) expectRefused(await school.askLogin(unknown), 'platform_unknown');
  const turnedAway = await school.askLogin(unknown);
  expectRefused(turnedAway, 'too_many_failures');
  expect(turnedAway.event?.where).toBeNull();

  const logged = await school.login(platform);
  const idToken = await platform.sign(school.payloadOf(platform, logged, teacher));
  const again = () => school.post({ state: logged.state, id_token: idToken }, { cookie: logged.cookie });
  expectLaunched(await again());
  for (let i = 0; i < 8; i++) expectRefused(await again(), 'launch_replayed');
  expectLaunched(await school.launch(platform, teacher));
});
