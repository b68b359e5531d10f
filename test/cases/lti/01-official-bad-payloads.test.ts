/** The official known bad payloads: each is refused, in words, and leaves nothing behind. */
import { lti, type Payload, teacher } from './payloads.ts';
import { expectRefused, openSchool } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();

const without = (claim: string): Payload => ({ ...teacher, [claim]: undefined });

afterEach(async () => {
  const [left] = await school.db
    .sql`SELECT (SELECT count(*)::int FROM lti_login) AS logins, (SELECT count(*)::int FROM lti_deployment) AS deployments,
    (SELECT count(*)::int FROM lti_account) + (SELECT count(*)::int FROM lti_context) + (SELECT count(*)::int FROM session) AS people`;
  expect(left).toMatchObject({ deployments: 1, people: 0 });
});

test('lti 1: a token that names no key is refused', async () => {
  expectRefused(await school.launch(platform, teacher, { header: { kid: undefined } }), 'kid_missing');
});

test('lti 2: a token that names an unknown key is refused', async () => {
  expectRefused(await school.launch(platform, teacher, { header: { kid: 'nobody-knows' } }), 'key_unknown');
});

test('lti 3: a wrong LTI version is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, [`${lti}version`]: '11.3' }), 'version_unsupported');
});

test('lti 4: no LTI version is refused', async () => {
  expectRefused(await school.launch(platform, without(`${lti}version`)), 'claim_missing');
});

test('lti 5: a token that is no LTI message is refused', async () => {
  const logged = await school.login(platform);
  const answer = await school.post(
    { state: logged.state, id_token: await platform.sign({ name: 'badltilaunch' }) },
    { cookie: logged.cookie },
  );
  expectRefused(answer, 'claim_missing');
});

test.each([
  ['iss', 'sub'],
  ['sub', `${lti}roles`],
  [`${lti}deployment_id`, `${lti}resource_link`],
  [`${lti}target_link_uri`, `${lti}version`],
  [`${lti}target_link_uri`],
])('lti 6: required claims missing (%s) are refused', async (...claims) => {
  const payload = Object.fromEntries(Object.entries(teacher).concat(claims.map((claim) => [claim, undefined])));
  expectRefused(await school.launch(platform, payload), 'claim_missing');
});

test('lti 7: nonsense times are refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, exp: 22222, iat: 11111 }), 'token_expired');
});

test('lti 8: no message type is refused', async () => {
  expectRefused(await school.launch(platform, without(`${lti}message_type`)), 'claim_missing');
});

test('lti 9: no roles claim is refused', async () => {
  expectRefused(await school.launch(platform, without(`${lti}roles`)), 'claim_missing');
});

test('lti 10: no deployment is refused', async () => {
  expectRefused(await school.launch(platform, without(`${lti}deployment_id`)), 'claim_missing');
});

test('lti 11: a resource link without an id is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, [`${lti}resource_link`]: { title: 'no id' } }), 'claim_missing');
});

test.each([undefined, '', '   '])('lti 12: sub missing or empty (%j) is refused', async (sub) => {
  expectRefused(await school.launch(platform, { ...teacher, sub }), 'claim_missing');
});
