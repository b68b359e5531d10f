/** Deployments nobody accepted yet, and keys that change, disappear or never existed. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { platformKeys } from '../../../lti/jwks.ts';
import { publicKeys, rotateKey, signingKey } from '../../../lti/keys.ts';
import { acceptDeployment, listDeployments, refuseDeployment } from '../../../lti/platforms.ts';
import { lti, type Payload, teacher } from './payloads.ts';
import { expectLaunched, expectRefused, listening, newKey, openSchool } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const from = (deploymentId: string): Payload => ({ ...teacher, [`${lti}deployment_id`]: deploymentId });

test('lti 93: an unknown deployment waits for the district’s administrator and shows nothing', async () => {
  const platform = await school.newPlatform();
  const answer = await school.launch(platform, from('deployment-new'));
  expectRefused(answer, 'deployment_pending');
  expect(answer.html).toContain('not yet accepted');
  expectRefused(await school.launch(platform, from('deployment-new')), 'deployment_pending');
  expect(await listDeployments(school.db, platform.districtId)).toMatchObject([
    { platformId: platform.id, deploymentId: 'deployment-new', status: 'pending' },
    { platformId: platform.id, deploymentId: 'deployment-1', status: 'active' },
  ]);
  await acceptDeployment(school.db, platform.districtId, platform.id, 'deployment-new');
  expect(expectLaunched(await school.launch(platform, from('deployment-new'))).deploymentId).toBe('deployment-new');
  await refuseDeployment(school.db, platform.districtId, platform.id, 'deployment-new');
  expectRefused(await school.launch(platform, from('deployment-new')), 'deployment_refused');
});

test('lti 93: an unknown deployment in a token nobody signed leaves no trace', async () => {
  const platform = await school.newPlatform();
  expectRefused(await school.launch(platform, from('forged'), { key: (await newKey('forger')).privateKey }), 'signature_invalid');
  expect(await listDeployments(school.db, platform.districtId)).toHaveLength(1);
});

test('lti 94: accepting one deployment of a client says nothing about its other, or about another platform’s of that name', async () => {
  const [one, two] = [await school.newPlatform(), await school.newPlatform()];
  await acceptDeployment(school.db, one.districtId, one.id, 'deployment-2');
  expect(expectLaunched(await school.launch(one, from('deployment-1'))).deploymentId).toBe('deployment-1');
  expect(expectLaunched(await school.launch(one, from('deployment-2'))).deploymentId).toBe('deployment-2');
  expectRefused(await school.launch(two, from('deployment-2')), 'deployment_pending');
});

test('lti 95: the same person’s name on two platforms says which platform it is', async () => {
  const [one, two] = [await school.newPlatform(), await school.newPlatform()];
  const [first, second] = [expectLaunched(await school.launch(one, teacher)), expectLaunched(await school.launch(two, teacher))];
  expect(first.sub).toBe(second.sub);
  expect(first.platformId).not.toBe(second.platformId);
  expect(first.districtId).not.toBe(second.districtId);
});

test('lti 96: a platform that changes its key right after we fetched it is understood at the next launch', async () => {
  const platform = await school.newPlatform();
  expectLaunched(await school.launch(platform, teacher));
  platform.key = await newKey('key-2');
  platform.jwks.keys = [platform.key.publicJwk];
  expectLaunched(await school.launch(platform, teacher));
  expect(platform.jwks.requests).toBe(2);
});

test('lti 97: with the platform’s keys out of reach a known key still works, and an unknown one fails at once', async () => {
  const platform = await school.newPlatform();
  expectLaunched(await school.launch(platform, teacher));
  platform.jwks.up = false;
  school.clock.ahead += 3600_000;
  expectLaunched(await school.launch(platform, teacher));
  const began = Date.now();
  expectRefused(await school.launch(platform, teacher, { header: { kid: 'unknown' } }), 'keys_unreachable');
  expect(Date.now() - began).toBeLessThan(1000);
  expectLaunched(await school.launch(platform, teacher));
  platform.jwks.up = true;
  school.clock.ahead += 60_000;
  expectRefused(await school.launch(platform, teacher, { header: { kid: 'unknown' } }), 'key_unknown');
});

test('lti 98: a flood of made-up keys asks the platform at most once a window', async () => {
  const platform = await school.newPlatform();
  expectLaunched(await school.launch(platform, teacher));
  const flood = () =>
    Promise.all(Array.from({ length: 20 }, (_, i) => school.launch(platform, teacher, { header: { kid: `made-up-${i}` } })));
  for (const answer of await flood()) expectRefused(answer, 'key_unknown');
  await flood();
  expect(platform.jwks.requests).toBe(2);
  school.clock.ahead += 31_000;
  await flood();
  expect(platform.jwks.requests).toBe(3);
  expectLaunched(await school.launch(platform, teacher));
});

test('lti 98: also a platform nobody launched from yet is asked once', async () => {
  const platform = await school.newPlatform();
  for (let i = 0; i < 10; i++) expectRefused(await school.launch(platform, teacher, { header: { kid: `made-up-${i}` } }), 'key_unknown');
  expect(platform.jwks.requests).toBe(1);
});

test('lti 99: our own keys change with an overlap, and none signs with another secret', async () => {
  const [secret, other] = ['the first secret of thirty-two characters', 'another secret of thirty-two characters'];
  const published = async () => ((await (await school.get('/lti/jwks')).json()) as { keys: Record<string, string>[] }).keys;
  const [first] = await Promise.all([signingKey(school.db, secret), signingKey(school.db, secret)]);
  expect(await published()).toHaveLength(1);
  expect(Object.keys((await published())[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);

  const second = await rotateKey(school.db, secret, 7);
  expect((await published()).map((key) => key.kid)).toEqual([second.kid, first.kid]);
  expect((await signingKey(school.db, secret)).kid).toBe(second.kid);
  await expect(signingKey(school.db, other)).rejects.toMatchObject({ code: 'secret_changed' });

  await school.db.sql`UPDATE lti_key SET retires_at = now() WHERE retires_at IS NOT NULL`;
  expect((await publicKeys(school.db, secret)).keys.map((key) => key.kid)).toEqual([second.kid]);
});

describe('a platform’s key address that misbehaves', () => {
  let answer: { status: number; headers?: Record<string, string>; body?: string; hang?: boolean };
  let asked: string[];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    if (!answer.hang) res.writeHead(answer.status, answer.headers).end(answer.body);
  });
  let address: string;
  beforeAll(async () => {
    await listening(server);
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`; // a TCP server has one
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const find = () => platformKeys({ timeout: 300 }).find(address, 'key-1');

  test('is not followed to another origin', async () => {
    const elsewhere = await school.newPlatform();
    answer = { status: 302, headers: { location: `${elsewhere.issuer}/jwks` } };
    await expect(find()).rejects.toMatchObject({ code: 'keys_unreachable' });
    expect(elsewhere.jwks.requests).toBe(0);
    answer = { status: 302, headers: { location: '/jwks' } };
    await expect(find()).rejects.toMatchObject({ code: 'keys_unreachable' });
    expect(asked.length).toBeLessThan(8);
  });

  test('holds a key too short to be trusted: as if it were not there', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    answer = { status: 200, body: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1' }] }) };
    await expect(find()).rejects.toMatchObject({ code: 'key_unknown' });
  });

  test.each([
    ['too much', { status: 200, body: ' '.repeat(300 * 1024) }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['no key set', { status: 200, body: '{"keys":{}}' }],
    ['nothing', { status: 200, hang: true }],
  ])('answers %s: refused in time', async (_, said) => {
    answer = said;
    await expect(find()).rejects.toMatchObject({ code: 'keys_unreachable' });
  });

  test('publishes keys of other kinds beside ours: they are passed over', async () => {
    const { publicJwk } = await newKey('key-1');
    const others = [{ kty: 'EC', kid: 'key-1' }, { kty: 'RSA', kid: 'key-1', n: 'AQAB', e: 'AQAB', use: 'enc' }, null, 'x'];
    answer = { status: 200, body: JSON.stringify({ keys: [...others, publicJwk] }) };
    await expect(find()).resolves.toMatchObject({ type: 'public' });
  });
});
