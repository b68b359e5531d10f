/** A launch answers one login, once, in the browser that began it. */
import { teacher } from './payloads.ts';
import { expectLaunched, expectRefused, openSchool, type TestPlatform } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();
const other = await school.newPlatform({ clientId: 'client-of-another' });

/** A login, and the fields the platform would post in answer to it. */
async function ready(of: TestPlatform = platform, headers: Record<string, string> = {}) {
  const logged = await school.login(of, {}, headers);
  const idToken = await of.sign(school.payloadOf(of, logged, teacher));
  return { ...logged, fields: { state: logged.state, id_token: idToken } };
}
const inFrame = { 'sec-fetch-dest': 'iframe' };
const bindingOf = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);

test('lti 72: an unknown state is refused', async () => {
  const { fields, cookie } = await ready();
  expectRefused(await school.post({ ...fields, state: 'made-up' }, { cookie }), 'launch_replayed');
  expectRefused(await school.post({ ...fields, state: '' }, { cookie }), 'state_missing');
});

test('lti 73: a login older than ten minutes is refused, and says so', async () => {
  const { fields, cookie } = await ready();
  await school.db.sql`UPDATE lti_login SET expires_at = now() - interval '1 second'`;
  const answer = await school.post(fields, { cookie });
  expectRefused(answer, 'login_expired');
  expect(answer.html).toContain('open it once more');
});

test('lti 74: a launch works once', async () => {
  const { fields, cookie } = await ready();
  expectLaunched(await school.post(fields, { cookie }));
  expectRefused(await school.post(fields, { cookie }), 'launch_replayed');
});

test('lti 75: of fifty concurrent posts of one token exactly one wins', async () => {
  const { fields, cookie } = await ready();
  const before = school.launches.length;
  const answers = await Promise.all(Array.from({ length: 50 }, () => school.post(fields, { cookie })));
  expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
  expect(answers.filter((answer) => answer.status >= 400 && answer.status < 500)).toHaveLength(49);
  expect(school.launches.length - before).toBe(1);
});

test('lti 76: a token without a nonce is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, nonce: undefined }), 'claim_missing');
});

test('lti 77: a token that answers another login is refused', async () => {
  const [first, second] = [await ready(), await ready()];
  expectRefused(await school.post({ ...second.fields, id_token: first.fields.id_token }, { cookie: second.cookie }), 'nonce_mismatch');
});

test('lti 78: a token of one platform does not answer a login of another', async () => {
  const [theirs, ours] = [await ready(other), await ready()];
  expectRefused(await school.post({ ...theirs.fields, id_token: ours.fields.id_token }, { cookie: theirs.cookie }), 'signature_invalid');
  const twin = await school.newPlatform({ clientId: 'client-of-a-twin' });
  Object.assign(twin.key, platform.key);
  twin.jwks.keys = platform.jwks.keys;
  const state = await ready(twin);
  expectRefused(await school.post({ ...state.fields, id_token: ours.fields.id_token }, { cookie: state.cookie }), 'issuer_mismatch');
});

test('lti 79: a launch from another browser than its login is refused', async () => {
  const [victim, attacker] = [await ready(), await ready()];
  const answer = await school.post(victim.fields);
  expectRefused(answer, 'binding_missing');
  expect(answer.html).toContain('Open in a new window');
  expectRefused(await school.post(victim.fields, { cookie: attacker.cookie }), 'binding_missing');
  const [name] = victim.cookie.split('=');
  expectRefused(await school.post(victim.fields, { cookie: `${name}=${bindingOf(attacker.cookie)}` }), 'binding_mismatch');
  expectLaunched(await school.post(victim.fields, { cookie: victim.cookie }));
});

test('lti 79: in a frame without cookies a page looks for the binding first, and lets nobody in', async () => {
  const { fields, cookie } = await ready(platform, inFrame);
  const page = await school.post(fields);
  expect(page).toMatchObject({ status: 200, launch: null, event: null });
  expect(page.html).toContain('data-task="fetch"');
  expect(page.html).not.toContain(bindingOf(cookie));
  const second = await school.post({ ...fields, binding: bindingOf(cookie) }, { 'sec-fetch-site': 'same-origin' });
  expectLaunched(second);
});

test('lti 80: a stored value that is the state itself is refused', async () => {
  const { fields } = await ready(platform, inFrame);
  expectRefused(await school.post({ ...fields, binding: fields.state }, { 'sec-fetch-site': 'same-origin' }), 'binding_mismatch');
});

test('lti 81: the second post counts only from our own page', async () => {
  const { fields, cookie } = await ready(platform, inFrame);
  const again = { ...fields, binding: bindingOf(cookie) };
  for (const site of ['cross-site', 'same-site', 'none']) {
    expectRefused(await school.post(again, { 'sec-fetch-site': site }), 'binding_foreign');
  }
  expectRefused(await school.post(again, { origin: 'https://attacker.example' }), 'binding_foreign');
  expectRefused(await school.post(again, { origin: 'null' }), 'binding_foreign');
  expectRefused(await school.post(again), 'binding_foreign');
  expectLaunched(await school.post(again, { origin: school.url }));
});

test('lti 82: markup in what the platform sends is never markup on our pages', async () => {
  const markup = '"><script>alert(1)</script>';
  const { fields, cookie } = await ready(platform, inFrame);
  const pages = [
    await school.post({ ...fields, state: markup }, { cookie }),
    await school.post({ ...fields, id_token: `${fields.id_token}${markup}` }),
    await school.post({ error: markup, error_description: markup, state: markup }),
    await school.askLogin({ ...school.loginRequest(platform), iss: markup }),
    await school.askLogin({ ...school.loginRequest(platform), target_link_uri: markup }),
    await school.askLogin({ ...school.loginRequest(platform), login_hint: markup, lti_message_hint: markup, lti_storage_target: markup }),
  ];
  for (const { html, headers } of pages) {
    expect(html).toContain('</html>');
    expect(html).not.toContain('<script>');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  }
});
