/** Attacks on the launch: tokens of others, tokens that lie, tokens that are too much. Each is described in docs/security/attacks.md. */
import { createHmac } from 'node:crypto';
import { institution, lti, membership, teacher } from '../lti/payloads.ts';
import { expectLaunched, expectRefused, openSchool } from '../lti/school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();
const nobody = { instructor: false, mentor: false, learner: false, administrator: false };

test('attack 13: a good token of one platform opens no login of another, though both gave us the same client id', async () => {
  const another = await school.newPlatform();
  const [mine, theirs] = [await school.login(platform), await school.login(another)];
  const token = await another.sign({ ...school.payloadOf(another, theirs, teacher), nonce: mine.nonce });
  expectRefused(await school.post({ state: mine.state, id_token: token }, { cookie: mine.cookie }), 'signature_invalid');
  const claiming = await another.sign({ ...school.payloadOf(another, theirs, teacher), nonce: mine.nonce, iss: platform.issuer });
  const again = await school.login(platform);
  expectRefused(await school.post({ state: again.state, id_token: claiming }, { cookie: again.cookie }), 'signature_invalid');
});

test('attack 14: a token of one district opens nothing in another, even where both use one platform', async () => {
  const elsewhere = await school.newPlatform({ issuer: platform.issuer, clientId: 'client-of-another-district' });
  elsewhere.jwks.keys = platform.jwks.keys; // one platform, one set of keys
  const [mine, theirs] = [await school.login(platform), await school.login(elsewhere)];
  const token = await platform.sign({ ...school.payloadOf(platform, mine, teacher), nonce: theirs.nonce });
  expectRefused(await school.post({ state: theirs.state, id_token: token }, { cookie: theirs.cookie }), 'audience_mismatch');
});

test('attack 15: a login begun by an attacker cannot be finished in a victim’s browser (login fixation)', async () => {
  const attackers = await school.login(platform);
  const token = await platform.sign(school.payloadOf(platform, attackers, teacher));
  const fields = { state: attackers.state, id_token: token };
  expectRefused(await school.post(fields), 'binding_missing');
  const victims = await school.login(platform);
  expectRefused(await school.post(fields, { cookie: victims.cookie }), 'binding_missing');
});

test('attack 16: a cookie planted beside the real one lets nobody in, and costs the owner nothing', async () => {
  const logged = await school.login(platform);
  const token = await platform.sign(school.payloadOf(platform, logged, teacher));
  const fields = { state: logged.state, id_token: token };
  const [name] = logged.cookie.split('=');
  expectRefused(await school.post(fields, { cookie: `${name}=planted` }), 'binding_mismatch');
  expectLaunched(await school.post(fields, { cookie: logged.cookie }));
});

test('attack 17: no neighbour of our address can set our cookies (tossing): they are of this host alone', async () => {
  const { headers } = await school.askLogin(school.loginRequest(platform));
  const [cookie = ''] = headers.getSetCookie();
  expect(cookie).toMatch(/Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/);
  expect(cookie).not.toMatch(/domain/i);
});

test('attack 18: two logins of one browser are not exchanged', async () => {
  const [one, other] = [await school.login(platform), await school.login(platform)];
  const jar = `${one.cookie}; ${other.cookie}`;
  const token = await platform.sign(school.payloadOf(platform, one, teacher));
  expectRefused(await school.post({ state: other.state, id_token: token }, { cookie: jar }), 'nonce_mismatch');
});

test('attack 19: a role that only looks like one gives no rights', async () => {
  const roles = [
    `${membership}Instructor `,
    `${membership}instructor`,
    `${membership}Instructor#`,
    `${membership}Instructor/../Administrator`,
    `${membership}Іnstructor`, // a Cyrillic I
    `${membership}Instructor\u200b`,
    'instructor',
    'INSTRUCTOR',
    `https://attacker.example/${membership}Instructor`,
    `${membership.replace('http:', 'https:')}Instructor`,
    `${institution}Instructor,${membership}Instructor`,
    { toString: 'Instructor' },
    ['Instructor'],
    null,
  ];
  for (const role of roles) {
    const { roles: given } = expectLaunched(await school.launch(platform, { ...teacher, [`${lti}roles`]: [role] }));
    expect({ role, given }).toEqual({ role, given: nobody });
  }
});

test('attack 20: a claim cannot change what every object inherits, nor what a launch is', async () => {
  const evil = JSON.parse('{"__proto__": {"administrator": true, "polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
  const answer = await school.launch(platform, {
    ...teacher,
    [`${lti}custom`]: evil,
    [`${lti}lis`]: evil,
    [`${lti}context`]: { ...evil, id: 'course-1' },
    [`${lti}roles`]: [],
  });
  expect(expectLaunched(answer).roles).toEqual(nobody);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('attack 21: a deployment id that only looks accepted is not', async () => {
  for (const id of [
    'Deployment-1',
    'deployment-1 ',
    ' deployment-1',
    'deployment-1\u200b',
    'dерloyment-1',
    'deployment_1',
    'deployment-%',
  ]) {
    const { event } = await school.launch(platform, { ...teacher, [`${lti}deployment_id`]: id });
    expect(event).toMatchObject({ outcome: 'refused', reason: 'deployment_pending' });
  }
  expectRefused(await school.launch(platform, { ...teacher, [`${lti}deployment_id`]: ['deployment-1'] }), 'claim_missing');
});

test('attack 22: algorithms by another name are refused', async () => {
  const logged = await school.login(platform);
  const payload = Buffer.from(JSON.stringify(school.payloadOf(platform, logged, teacher))).toString('base64url');
  const secretOfNobody = 'public';
  for (const alg of ['none', 'None', 'nOnE', '', 'HS256', 'rs256', 'RS256 ', 'PS256', 'ES256', ['RS256'], null, { alg: 'RS256' }]) {
    const head = Buffer.from(JSON.stringify({ alg, kid: platform.key.kid })).toString('base64url');
    const mac = createHmac('sha256', secretOfNobody).update(`${head}.${payload}`).digest('base64url');
    const { status, launch } = await school.post({ state: logged.state, id_token: `${head}.${payload}.${mac}` }, { cookie: logged.cookie });
    expect({ alg, status, launch }).toEqual({ alg, status: 400, launch: null });
  }
});

test('attack 23: a key’s name is only ever looked up among the platform’s keys', async () => {
  const names = [
    '../../etc/passwd',
    "' OR '1'='1",
    '__proto__',
    'constructor',
    'key-1\0',
    'https://attacker.example/jwks',
    'x'.repeat(5000),
  ];
  for (const kid of names) {
    const { event } = await school.launch(platform, teacher, { header: { kid } });
    expect(event).toMatchObject({ outcome: 'refused', reason: 'key_unknown' });
  }
  expect(platform.jwks.requests).toBeLessThan(names.length);
});

test('attack 24: extensions that would change how a token is checked are refused', async () => {
  const logged = await school.login(platform);
  const payload = Buffer.from(JSON.stringify(school.payloadOf(platform, logged, teacher))).toString('base64url');
  for (const header of [{ crit: ['b64'], b64: false }, { crit: ['exp'] }, { crit: [] }, { crit: 'x' }]) {
    const head = Buffer.from(JSON.stringify({ alg: 'RS256', kid: platform.key.kid, ...header })).toString('base64url');
    const { status, launch } = await school.post({ state: logged.state, id_token: `${head}.${payload}.AAAA` }, { cookie: logged.cookie });
    expect({ status, launch }).toEqual({ status: 400, launch: null });
  }
});

test('attack 25: times that are no times are refused', async () => {
  const now = Math.floor(Date.now() / 1000);
  const lies = [
    { iat: `${now}` },
    { exp: `${now + 300}` },
    { exp: null },
    { exp: -1 },
    { iat: 0 },
    { iat: -1e12 },
    { iat: 1e300 },
    { exp: {} },
    { nbf: 'soon' },
    { nbf: 1e300 },
  ];
  for (const lie of lies) {
    const { status, launch } = await school.launch(platform, { ...teacher, ...lie });
    expect({ lie, status, launch }).toEqual({ lie, status: 400, launch: null });
  }
});

test('attack 26: an end that never comes makes a token no better: its beginning counts', async () => {
  const old = Math.floor(Date.now() / 1000) - 3600;
  expectRefused(await school.launch(platform, { ...teacher, iat: old, exp: 1e300 }), 'token_too_old');
});

test('attack 27: a token meant for a crowd is refused, however large', async () => {
  const crowd = Array.from({ length: 2000 }, (_, n) => `c${n}`);
  expectRefused(
    await school.launch(platform, { ...teacher, aud: [platform.clientId, ...crowd], azp: platform.clientId }),
    'audience_untrusted',
  );
  for (const aud of [[[platform.clientId]], { client: platform.clientId }, `${platform.clientId} other`, []]) {
    const { launch } = await school.launch(platform, { ...teacher, aud });
    expect(launch).toBeNull();
  }
});

test('attack 28: claims nested without end, or as wide as a token may be, are no defect', async () => {
  const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`);
  expectLaunched(await school.launch(platform, { ...teacher, [`${lti}custom`]: { deep } }));
  const wide = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`k${n}`, 'v']));
  expectLaunched(await school.launch(platform, { ...teacher, [`${lti}custom`]: wide }));
  const logged = await school.login(platform);
  const head = Buffer.from(JSON.stringify({ alg: 'RS256', kid: platform.key.kid })).toString('base64url');
  const deepest = Buffer.from(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`).toString('base64url');
  expect((await school.post({ state: logged.state, id_token: `${head}.${deepest}.x` }, { cookie: logged.cookie })).status).toBe(400);
  const nested = Buffer.from('{"a":'.repeat(9000)).toString('base64url');
  expect((await school.post({ state: logged.state, id_token: `${nested}.${nested}.x` }, { cookie: logged.cookie })).status).toBe(413);
});

test('attack 29: identifiers of other types, or with what PostgreSQL cannot keep, are refused', async () => {
  for (const sub of [1, true, {}, ['teacher-1'], 'a\0b', 'x'.repeat(256), '\u0000']) {
    const { status, launch } = await school.launch(platform, { ...teacher, sub });
    expect({ sub, status, launch }).toEqual({ sub, status: 400, launch: null });
  }
});

test('attack 30: only a form post launches', async () => {
  const logged = await school.login(platform);
  const fields = { state: logged.state, id_token: await platform.sign(school.payloadOf(platform, logged, teacher)) };
  const send = (init: RequestInit, query = '') => fetch(`${school.url}/lti/launch${query}`, { redirect: 'manual', ...init });
  const cookie = logged.cookie;
  expect((await send({ headers: { cookie } }, `?${new URLSearchParams(fields)}`)).status).toBe(404);
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
    const headers = { cookie, 'content-type': type };
    expect((await send({ method: 'POST', headers, body: JSON.stringify(fields) })).status).toBe(400);
    expect((await send({ method: 'POST', headers, body: 'x' }, `?${new URLSearchParams(fields)}`)).status).toBe(400);
  }
  for (const method of ['PUT', 'PATCH', 'DELETE'])
    expect((await send({ method, headers: { cookie }, body: new URLSearchParams(fields) })).status).toBe(404);
  expectLaunched(await school.post(fields, { cookie })); // none of it burned the login
});

test('attack 31: a field said twice in the launch is refused', async () => {
  const logged = await school.login(platform);
  const token = await platform.sign(school.payloadOf(platform, logged, teacher));
  for (const twice of [`state=x&state=${logged.state}&id_token=${token}`, `state=${logged.state}&id_token=x&id_token=${token}`]) {
    const answer = await fetch(`${school.url}/lti/launch`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: logged.cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: twice,
    });
    expect(answer.status).toBe(400);
  }
});

test('attack 32: keys are fetched from no address of the operator’s own network, whatever a registration says', async () => {
  const inside = [
    'https://169.254.169.254/latest/',
    'https://10.0.0.1/jwks',
    'https://[::ffff:192.168.0.1]/jwks',
    'https://[fd00::1]/jwks',
    'https://0x7f000001/jwks',
    'https://2130706433/',
  ];
  for (const [n, jwksUrl] of inside.entries()) {
    const lured = await school.newPlatform({ clientId: `lured-${n}`, jwksUrl });
    expectRefused(await school.launch(lured, teacher), 'keys_unreachable');
  }
});

test('attack 33: a refused launch says to the person what to do, and to nobody what was in it', async () => {
  const marked = {
    ...teacher,
    given_name: 'ZZMARK',
    email: 'zzmark@example.org',
    sub: 'zzmark-sub',
    [`${lti}context`]: { id: 'zzmark-course' },
  };
  for (const broken of [
    { [`${lti}version`]: 'ZZMARK' },
    { [`${lti}message_type`]: 'ZZMARK' },
    { [`${lti}roles`]: undefined },
    { aud: 'ZZMARK' },
    { azp: 'ZZMARK' },
    { iss: 'https://zzmark.example' },
    { [`${lti}deployment_id`]: 'zzmark' },
    { nonce: 'ZZMARK' },
  ]) {
    const { html, event } = await school.launch(platform, { ...marked, ...broken });
    expect(event?.outcome).toBe('refused');
    expect(html).not.toMatch(/zzmark/i);
    expect(`${event?.reason} ${event?.message}`).not.toMatch(/zzmark/i);
  }
});
