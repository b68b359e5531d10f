/** A flood of failures under one platform's name is turned away, and nobody else notices. */
import { teacher } from '../cases/lti/payloads.ts';
import { expectLaunched, expectRefused, newKey, openSchool } from '../cases/lti/school.ts';

const school = await openSchool('tool', { failuresPerMinute: 5 });
afterAll(() => school.close());

test('after too many failures of one platform from one address its requests cost nothing; another platform’s go on', async () => {
  const [flooded, other] = [await school.newPlatform(), await school.newPlatform()];
  const forger = await newKey('forger');
  for (let i = 0; i < 5; i++) expectRefused(await school.launch(flooded, teacher, { key: forger.privateKey }), 'signature_invalid');

  const [before] = await school.db.sql`SELECT count(*)::int FROM lti_login`;
  const turnedAway = await school.askLogin(school.loginRequest(flooded));
  expect(turnedAway.status).toBe(429);
  expect(await school.db.sql`SELECT count(*)::int FROM lti_login`).toEqual([before]);
  expectLaunched(await school.launch(other, teacher));
});

test('names nobody registered are turned away, too; what is nobody’s fault is not counted', async () => {
  const platform = await school.newPlatform();
  const unknown = { ...school.loginRequest(platform), iss: 'https://unknown.example' };
  for (let i = 0; i < 5; i++) expectRefused(await school.askLogin(unknown), 'platform_unknown');
  expect((await school.askLogin(unknown)).status).toBe(429);

  const logged = await school.login(platform);
  const idToken = await platform.sign(school.payloadOf(platform, logged, teacher));
  const again = () => school.post({ state: logged.state, id_token: idToken }, { cookie: logged.cookie });
  expectLaunched(await again());
  for (let i = 0; i < 8; i++) expectRefused(await again(), 'launch_replayed');
  expectLaunched(await school.launch(platform, teacher));
});
