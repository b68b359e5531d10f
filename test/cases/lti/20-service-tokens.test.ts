/** Tokens for a platform's services: how we ask for them, how long one serves, and that each is for what it is needed for and no more. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { rotateKey } from '../../../lti/keys.ts';
import { addPlatform, setPlatformActive } from '../../../lti/platforms.ts';
import { serviceTokens } from '../../../lti/services/token.ts';
import { scopes } from '../../../src/demo/platform-services.ts';
import { newDistrict } from '../../setup/database.ts';
import { openPlatform } from './course.ts';
import { lti, teacher } from './payloads.ts';
import { expectLaunched, openSchool, secret } from './school.ts';

const school = await openSchool('service');
const tool = await openSchool();
const platform = await openPlatform(school);
const brightspace = await openPlatform(school, { accent: 'brightspace' });
afterAll(async () => {
  for (const each of [platform, brightspace, school, tool]) await each.close();
});

const clock = { ahead: 0 };
const tokens = serviceTokens({ db: school.db, secret, now: () => Date.now() + clock.ahead });
const token = tokens.of(platform.districtId, platform.id);
const assertions = () =>
  platform.services.assertions.map((assertion) => ({ head: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) }));

test('lti 40: a launch says where the platform answers about the course, and with what scopes', async () => {
  const signer = await tool.newPlatform();
  const launch = async (claims: object) => expectLaunched(await tool.launch(signer, { ...teacher, ...claims })).services;
  const nrps = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
  const ags = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
  const said = {
    [nrps]: { context_memberships_url: 'https://lms.example/members?course=1', service_versions: ['1.0', '2.0'] },
    [ags]: { scope: [scopes.results, scopes.score], lineitems: 'https://lms.example/items', lineitem: 'https://lms.example/items/1' },
  };
  expect(await launch(said)).toEqual({
    membershipsUrl: 'https://lms.example/members?course=1',
    lineItemsUrl: 'https://lms.example/items',
    scopes: [scopes.results, scopes.score],
  });
  const none = { membershipsUrl: null, lineItemsUrl: null, scopes: [] };
  expect(await launch({ [nrps]: { context_memberships_url: 'https://lms.example/m', service_versions: ['3.0'] } })).toEqual(none);
  expect(await launch({ [nrps]: { context_memberships_url: 'file:///etc/passwd' }, [ags]: 'x' })).toEqual(none);
  expect(await launch({ [nrps]: { context_memberships_url: 'http://intranet.example/' } })).toEqual(none);
  expect(await launch({ [`${lti}context`]: undefined })).toEqual(none);
});

test('lti 100: an assertion of ours is for this platform, short, never the same twice, and signed with the key we publish', async () => {
  const now = Date.now() / 1000;
  await token([scopes.members]);
  await token([scopes.results]);
  await rotateKey(school.db, secret, 7);
  await token([scopes.score]);
  const all = assertions().slice(-3);
  const ids = all.map(({ claims }) => claims.jti);
  expect(new Set(ids).size).toBe(3);
  expect(all[1]?.head.kid).not.toBe(all[2]?.head.kid);
  for (const { head, claims } of all) {
    expect(head).toMatchObject({ alg: 'RS256' });
    expect(claims).toMatchObject({ iss: platform.clientId, sub: platform.clientId, aud: platform.tokenUrl });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(300);
    expect(Math.abs((claims.iat ?? 0) - now)).toBeLessThan(60);
  }
});

test('lti 100: a platform that wants to be called otherwise is called so', async () => {
  await tokens.of(brightspace.districtId, brightspace.id)([scopes.members]);
  expect(decodeJwt(brightspace.services.assertions.at(-1) ?? '').aud).toBe(brightspace.tokenAudience);
});

test.each([
  ['48', 'post scores', [scopes.score]],
  ['49', 'read results', [scopes.results]],
])('lti %s: a token to %s is good for that alone', async (_number, _what, only) => {
  clock.ahead += 2 * 3600_000;
  const bearer = await token(only);
  const asked = (path: string, accept: string) =>
    fetch(`${platform.url}/services/course-3a/${path}`, { headers: { authorization: `Bearer ${bearer}`, accept } });
  expect((await asked('memberships', 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json')).status).toBe(403);
  expect((await asked('lineitems', 'application/vnd.ims.lis.v2.lineitemcontainer+json')).status).toBe(403);
  expect(platform.services.asked.at(-1)?.scopes).toEqual(only);
});

test('lti 120: a token serves until shortly before it runs out, for everybody at once', async () => {
  clock.ahead += 2 * 3600_000;
  const before = assertions().length;
  const many = await Promise.all(Array.from({ length: 20 }, () => token([scopes.members])));
  expect(new Set(many).size).toBe(1);
  clock.ahead += 3500_000;
  expect(await token([scopes.members])).toBe(many[0]);
  expect(assertions()).toHaveLength(before + 1);
  clock.ahead += 60_000;
  expect(await token([scopes.members])).not.toBe(many[0]);
  expect(assertions()).toHaveLength(before + 2);
});

test('lti 120: a token the platform no longer takes is asked for again, once for all who were refused', async () => {
  const refused = await token([scopes.members]);
  const before = assertions().length;
  const again = await Promise.all(Array.from({ length: 20 }, () => token([scopes.members], { refused })));
  expect(new Set(again).size).toBe(1);
  expect(again[0]).not.toBe(refused);
  expect(assertions()).toHaveLength(before + 1);
  expect(await token([scopes.members], { refused })).toBe(again[0]);
});

test('a platform that refuses says why in words district IT can act on, and is asked anew the next time', async () => {
  await expect(token(['https://example.org/anything'])).rejects.toMatchObject({
    code: 'platform_token_refused',
    message: expect.stringContaining('invalid_scope'),
    hint: expect.stringContaining('Allow this service'),
  });
  platform.services.fault = (_req, res) => Boolean(res.status(200).json({ hello: 'world' }));
  clock.ahead += 2 * 3600_000;
  await expect(token([scopes.members])).rejects.toMatchObject({ code: 'platform_token_refused', hint: expect.any(String) });
  platform.services.fault = null;
  expect(await token([scopes.members])).toEqual(expect.any(String));
});

test('a platform that is busy is asked again', async () => {
  clock.ahead += 2 * 3600_000;
  let busy = 1;
  platform.services.fault = (_req, res) => busy-- > 0 && Boolean(res.status(503).end());
  expect(await token([scopes.members])).toEqual(expect.any(String));
  platform.services.fault = null;
});

test('a token at hand is not handed out once its platform is switched off, wherever that was done, nor after its addresses changed', async () => {
  const { districtId } = platform;
  const first = await token([scopes.members]);
  await setPlatformActive(school.db, districtId, platform.id, false);
  await expect(token([scopes.members])).rejects.toMatchObject({ code: 'platform_inactive' });
  await setPlatformActive(school.db, districtId, platform.id, true);
  const second = await token([scopes.members]);
  expect(second).not.toBe(first);
  const become = (tokenUrl: string) =>
    school.db.inDistrict(
      districtId,
      (tx) => tx`UPDATE lti_platform SET token_url = ${tokenUrl}, token_audience = ${platform.tokenUrl} WHERE id = ${platform.id}`,
    );
  await become(`${platform.url}/nowhere`);
  await expect(token([scopes.members])).rejects.toMatchObject({ code: 'platform_token_refused' });
  await become(platform.tokenUrl);
});

test('a platform that is switched off, or of another district, gives no token', async () => {
  const stranger = await newDistrict(school.db);
  await expect(tokens.of(stranger, platform.id)([scopes.members])).rejects.toMatchObject({ code: 'platform_missing' });
  const off = await addPlatform(school.db, stranger, { ...platform, clientId: 'another' });
  await setPlatformActive(school.db, stranger, off.id, false);
  await expect(tokens.of(stranger, off.id)([scopes.members])).rejects.toMatchObject({ code: 'platform_inactive' });
});
