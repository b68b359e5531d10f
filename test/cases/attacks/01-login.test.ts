/** Attacks on the login: where it leads, what it believes, and what it writes down. Each is described in docs/security/attacks.md. */
import { type Answer, expectRefused, openSchool } from '../lti/school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();
const ask = (changed: Record<string, string>) => school.askLogin({ ...school.loginRequest(platform), ...changed });
const raw = (query: string) => fetch(`${school.url}/lti/login?${query}`, { redirect: 'manual' });
const refusedOrLeadsToThePlatform = ({ status, headers }: { status: number; headers: Headers }) => {
  if (status === 302) expect(new URL(headers.get('location') ?? '').origin).toBe(new URL(platform.issuer).origin);
  else expect(status).toBe(400);
};
const logins = async () => (await school.db.sql<{ count: number }[]>`SELECT count(*)::int FROM lti_login`)[0]?.count;

test('attack 1: a target that only looks like ours leads nowhere', async () => {
  const { host } = new URL(school.url);
  const targets = [
    `//${host}/app`,
    `http://${host}@attacker.example/app`,
    `http://${host}\\@attacker.example/app`,
    `http://attacker.example\\${host}/app`,
    `http://${host}.attacker.example/app`,
    `http://attacker.example#${school.url}/app`,
    `http://attacker.example/?${school.url}/app`,
    `http://lоcalhost:${host.split(':')[1]}/app`, // a Cyrillic o
    `https://${host}/app`,
    `http://localhost:1/app`,
    `javascript://${host}/%0aalert(1)`,
    `data:text/html,${school.url}/app`,
    `${school.url}/app\r\nLocation: https://attacker.example`,
    ` ${school.url.replace('http', 'hTTp')}x/app`,
  ];
  for (const target of targets) {
    const answer = await ask({ target_link_uri: target });
    refusedOrLeadsToThePlatform(answer);
    expect(answer.headers.get('location') ?? '').not.toContain('attacker');
  }
});

test('attack 2: nothing a platform says in a login puts a header into our answer', async () => {
  const evil = 'x\r\nSet-Cookie: aptt_session=stolen\r\nX-Evil: 1\r\n\r\n<script>';
  for (const name of ['login_hint', 'lti_message_hint', 'lti_deployment_id', 'lti_storage_target', 'iss', 'client_id']) {
    const answer = await ask({ [name]: evil });
    expect(answer.headers.get('x-evil')).toBeNull();
    expect(answer.headers.getSetCookie().join()).not.toContain('stolen');
    expect(answer.html).not.toContain('<script>x');
    expect(answer.html).not.toContain('\n<script>');
  }
});

test('attack 3: nothing that is sent forges a line of the log', async () => {
  const before = school.events.length;
  const evil = 'https://a.example/\n{"level":50,"msg":"all is well"}\u001b[2K\u2028';
  for (const changed of [{ iss: evil }, { client_id: evil }, { target_link_uri: evil }, { login_hint: '', iss: evil }]) await ask(changed);
  await school.post({ error: 'access_denied\n{"msg":"forged"}', error_description: evil });
  await school.post({ id_token: `a.b.c\n${evil}`, state: evil });
  const said = school.events.slice(before).map(({ message, reason }) => `${reason} ${message}`);
  expect(said.length).toBe(6);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  for (const line of said) expect(line).not.toMatch(/[\u0000-\u001f\u2028]|all is well|forged/);
});

test('attack 4: a spoofed Host, or a proxy’s headers from outside, change neither where a platform answers to nor who may frame', async () => {
  const query = new URLSearchParams(school.loginRequest(platform));
  const headers = {
    'x-forwarded-host': 'attacker.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=attacker.example',
    'x-original-url': '/admin',
  };
  const answer = await school.get(`/lti/login?${query}`, headers);
  const location = new URL(answer.headers.get('location') ?? '');
  expect(location.searchParams.get('redirect_uri')).toBe(`${school.url}/lti/launch`);
  expect(JSON.stringify([...answer.headers])).not.toContain('attacker');
});

test('attack 5: an issuer spelt another way is another issuer', async () => {
  const { issuer } = platform;
  const spelt = [
    `${issuer}/`,
    issuer.replace('http', 'HTTP'),
    `${issuer}.`,
    ` ${issuer}`,
    `${issuer} `,
    `${issuer}\u200b`,
    issuer.replace('127', '１２７'),
    issuer.replace('//', '//user@'),
    issuer.replace('.0.0.', '.0%2e0.'),
    `${issuer}#`,
    `${issuer}?`,
  ];
  for (const iss of spelt) expectRefused(await ask({ iss }), 'platform_unknown');
});

test('attack 6: a client id spelt another way is another client id', async () => {
  for (const client of [
    'Client-1',
    'client-1 ',
    ' client-1',
    'client-1\u200b',
    'client-1%00',
    'сlient-1',
    'client_1',
    'client-%',
    'client-_',
  ]) {
    expectRefused(await ask({ client_id: client }), 'platform_unknown');
  }
  expectRefused(await ask({ client_id: 'client-1\0' }), 'login_malformed');
});

test('attack 7: SQL in any field is a text like any other', async () => {
  const evil = "' OR 1=1; DROP TABLE lti_platform; --";
  for (const name of ['iss', 'client_id']) expectRefused(await ask({ [name]: evil }), 'platform_unknown');
  expect((await ask({ lti_deployment_id: evil, login_hint: evil, lti_message_hint: evil })).status).toBe(302);
  expect((await ask({})).status).toBe(302);
});

test('attack 8: fields said twice, as lists or as objects are refused, never merged', async () => {
  const right = new URLSearchParams(school.loginRequest(platform)).toString();
  for (const more of ['iss=https://attacker.example', 'client_id=x', 'target_link_uri=https://attacker.example', 'login_hint=x']) {
    expect((await raw(`${right}&${more}`)).status).toBe(400);
    expect((await raw(`${more}&${right}`)).status).toBe(400);
  }
  expect((await raw(right.replace('iss=', 'iss[]='))).status).toBe(400);
  expect((await raw(right.replace('iss=', 'iss[$ne]='))).status).toBe(400);
});

test('attack 9: a request cannot change what every object inherits', async () => {
  const right = new URLSearchParams(school.loginRequest(platform)).toString();
  for (const evil of ['__proto__[polluted]=1', '__proto__.polluted=1', 'constructor[prototype][polluted]=1', '__proto__=1']) {
    refusedOrLeadsToThePlatform(await raw(`${right}&${evil}`));
    await fetch(`${school.url}/lti/launch`, { method: 'POST', body: new URLSearchParams(evil) });
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('attack 10: fields without measure are refused before anything is kept', async () => {
  const before = await logins();
  const long = 'x'.repeat(5000);
  for (const name of ['iss', 'client_id', 'login_hint', 'target_link_uri', 'lti_deployment_id', 'lti_storage_target']) {
    expectRefused(await ask({ [name]: `${school.url}/app/${long}` }), 'login_malformed');
  }
  const many = new URLSearchParams(Array.from({ length: 2000 }, (_, n) => [`p${n}`, 'x']));
  const post = (body: URLSearchParams | string) => fetch(`${school.url}/lti/login`, { method: 'POST', body });
  expect((await post(many)).status).toBeLessThan(500);
  expect((await post(new URLSearchParams({ iss: 'x'.repeat(300_000) }))).status).toBe(413);
  expect((await raw(`iss=${'x'.repeat(20_000)}`)).status).toBeLessThan(500);
  expect(await logins()).toBe(before);
});

test('attack 11: whether an issuer is registered cannot be read off the page', async () => {
  const plain = ({ html }: Answer) => html.replace(/<code>[0-9a-f]+<\/code>/, '');
  const unknown = await ask({ iss: 'https://unknown.example' });
  const wrongClient = await ask({ client_id: 'another' });
  expect(plain(wrongClient)).toBe(plain(unknown));
  expect(wrongClient.status).toBe(unknown.status);
  expect(plain(unknown)).not.toContain(platform.issuer);
});

test('attack 12: an issuer nobody registered is answered without another system being asked', async () => {
  const before = platform.jwks.requests;
  const began = performance.now();
  for (let n = 0; n < 20; n++) await ask({ iss: `https://unknown-${n}.example` });
  expect(platform.jwks.requests).toBe(before);
  expect(performance.now() - began).toBeLessThan(20_000); // no name was looked up, no connection tried
});
