/** The platform asks us to log somebody in: who may ask, for what, and what we send back. */
import { setPlatformActive } from '../../../lti/platforms.ts';
import { lti, teacher } from './payloads.ts';
import { expectLaunched, expectRefused, openSchool } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();

const postLogin = (path: string, fields: Record<string, string>) =>
  fetch(`${school.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

test('lti 83: a login request is answered by GET and by POST alike', async () => {
  const byGet = await school.login(platform);
  expect(byGet.status).toBe(302);
  expect(`${byGet.location.origin}${byGet.location.pathname}`).toBe(`${platform.issuer}/auth`);
  expect(Object.fromEntries(byGet.location.searchParams)).toEqual({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: 'client-1',
    redirect_uri: `${school.url}/lti/launch`,
    login_hint: 'hint-1',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  const byPost = await postLogin('/lti/login', school.loginRequest(platform));
  expect(byPost.status).toBe(302);
  expect(byPost.headers.get('set-cookie')).toMatch(/; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/);
});

test('lti 84: a POST may carry its parameters in the query', async () => {
  const answer = await postLogin(`/lti/login?${new URLSearchParams(school.loginRequest(platform))}`, {});
  expect(answer.status).toBe(302);
  expect(new URL(answer.headers.get('location') ?? '').searchParams.get('login_hint')).toBe('hint-1');
});

test.each(['iss', 'login_hint', 'target_link_uri'])('lti 85: a login request without %s is refused', async (name) => {
  const { [name]: _, ...rest } = school.loginRequest(platform);
  expectRefused(await school.askLogin(rest), 'login_malformed');
  expectRefused(await school.askLogin({ ...rest, [name]: '' }), 'login_malformed');
  expectRefused(await school.askLogin({ ...rest, [name]: 'nul\0' }), 'login_malformed');
  const twice = new URLSearchParams([...Object.entries(school.loginRequest(platform)), [name, 'again']]);
  expect((await school.get(`/lti/login?${twice}`)).status).toBe(400);
});

test('lti 86: an unknown issuer is refused, and nothing is kept', async () => {
  const [before] = await school.db.sql`SELECT count(*)::int FROM lti_login`;
  expectRefused(await school.askLogin({ ...school.loginRequest(platform), iss: 'https://unknown.example' }), 'platform_unknown');
  expect(await school.db.sql`SELECT count(*)::int FROM lti_login`).toEqual([before]);
});

test('lti 87: an issuer with two registrations and no client id is refused, never "the first"', async () => {
  const twice = await school.newPlatform();
  await school.newPlatform({ issuer: twice.issuer, clientId: 'client-2', districtId: twice.districtId });
  const { client_id: _, ...unnamed } = school.loginRequest(twice);
  expectRefused(await school.askLogin(unnamed), 'client_ambiguous');
  const { client_id: __, ...single } = school.loginRequest(platform);
  expect((await school.askLogin(single)).status).toBe(302);
});

test('lti 88: a client id of another issuer is refused', async () => {
  const another = await school.newPlatform({ clientId: 'client-of-another-issuer' });
  expectRefused(await school.askLogin({ ...school.loginRequest(platform), client_id: another.clientId }), 'platform_unknown');
});

test('lti 89: a target on a foreign host is refused', async () => {
  const ask = (target: string) => school.askLogin({ ...school.loginRequest(platform), target_link_uri: target });
  for (const target of ['https://attacker.example/app', 'http://localhost.attacker.example/app', `${school.url}@attacker.example/`]) {
    expectRefused(await ask(target), 'target_foreign');
  }
  for (const target of ['javascript:alert(1)', '/app', 'app']) expectRefused(await ask(target), 'login_malformed');
});

test('lti 90: the hints go back to the platform exactly as they came', async () => {
  const hint = '{"a":"ü+%2B &=\\"#/?","b": [1,2]}  ';
  const { location } = await school.login(platform, { lti_message_hint: hint, lti_deployment_id: 'deployment-1', login_hint: hint });
  expect(location.searchParams.get('lti_message_hint')).toBe(hint);
  expect(location.searchParams.get('login_hint')).toBe(hint);
  expect(location.searchParams.get('lti_deployment_id')).toBe('deployment-1');
});

test('lti 91: a launch for another address, or from another deployment, than its login is refused', async () => {
  const elsewhere = { ...teacher, [`${lti}target_link_uri`]: `${school.url}/app/other` };
  expectRefused(await school.launch(platform, elsewhere), 'target_mismatch');
  expectRefused(await school.launch(platform, teacher, { login: { lti_deployment_id: 'deployment-2' } }), 'deployment_mismatch');
  expectLaunched(await school.launch(platform, teacher, { login: { lti_deployment_id: 'deployment-1' } }));
});

test('lti 92: a platform switched off is refused, also between a login and its launch', async () => {
  const off = await school.newPlatform();
  const logged = await school.login(off);
  await setPlatformActive(school.db, off.districtId, off.id, false);
  expectRefused(await school.askLogin(school.loginRequest(off)), 'platform_inactive');
  const idToken = await off.sign(school.payloadOf(off, logged, teacher));
  expectRefused(await school.post({ state: logged.state, id_token: idToken }, { cookie: logged.cookie }), 'platform_inactive');
  await setPlatformActive(school.db, off.districtId, off.id, true);
  expectLaunched(await school.launch(off, teacher));
});

test('pages speak Spanish to those who ask for it', async () => {
  const answer = await school.askLogin({}, { 'accept-language': 'es-MX,es;q=0.9,en;q=0.5' });
  expect(answer.html).toContain('<html lang="es">');
  expect(answer.html).toContain('No pudimos comprobar esta visita');
});
