/** A platform is attached by its administrator, inside the platform, with an invitation of the district: the whole way, and every way it must not go. */
import { speaksFor } from '../../../lti/house.ts';
import { claim, invite, settle } from '../../../lti/invitations.ts';
import { listDeployments, listPlatforms } from '../../../lti/platforms.ts';
import { newDistrict } from '../../setup/database.ts';
import { openRegistrar, type Registrar } from './registrar.ts';
import { type Answer, expectRefused, openSchool } from './school.ts';

const school = await openSchool();
let platform: Registrar;
let districtId: number;
beforeEach(async () => {
  platform = await openRegistrar();
  districtId = await newDistrict(school.db);
});
afterEach(() => platform.close());
afterAll(() => school.close());

const newInvitation = async () => new URL((await invite(school.db, school.url, districtId, 'test')).url).pathname;
const attached = () => listPlatforms(school.db, districtId);
const fieldOf = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

type Way = { invitation?: string; configurationUrl?: string; token?: string | null; referer?: string };

/** What the platform opens. */
async function open({ invitation, configurationUrl = platform.configurationUrl, token = platform.knobs.token, referer }: Way = {}) {
  const path = invitation ?? (await newInvitation());
  const query = new URLSearchParams({ openid_configuration: configurationUrl, ...(token !== null && { registration_token: token }) });
  return { path, page: await school.see(`${path}?${query}`, referer === undefined ? {} : { referer }) };
}

/** What its administrator agrees to. */
async function connect(way: Way = {}): Promise<Answer & { path: string }> {
  const { path, page } = await open(way);
  expect(page.status).toBe(200);
  const names = ['openid_configuration', 'registration_token', 'opened_by'];
  const fields = names.map((name): [string, string] => [name, fieldOf(page.html, name)]);
  return { ...(await school.ask(path, fields, { origin: school.url })), path };
}

test('lti 130: an invited platform is attached, and its deployment waits for the district', async () => {
  platform.knobs.client = { client_id: 'abc-1', 'https://purl.imsglobal.org/spec/lti-tool-configuration': { deployment_id: '7' } };
  const { page } = await open();
  expect(page.html).toContain(new URL(platform.url).host);
  expect(platform.seen).toEqual([]); // nobody has agreed yet

  const answer = await connect();
  expect(answer.status).toBe(200);
  expect(answer.html).toContain('src="close.js"');
  expect(await (await school.get('/lti/close.js')).text()).toContain("subject: 'org.imsglobal.lti.close'");
  expect(await attached()).toMatchObject([
    {
      issuer: platform.url,
      clientId: 'abc-1',
      authUrl: `${platform.url}/auth`,
      tokenUrl: `${platform.url}/token`,
      jwksUrl: `${platform.url}/jwks`,
      active: true,
    },
  ]);
  expect(await listDeployments(school.db, districtId)).toMatchObject([{ deploymentId: '7', status: 'pending' }]);
});

test('lti 130: the platform is asked for what we need, and for nothing else', async () => {
  await connect();
  const body = platform.seen.find((request) => request.method === 'POST')?.body;
  expect(body).toEqual({
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['client_credentials', 'implicit'],
    client_name: 'APTT Connect',
    initiate_login_uri: `${school.url}/lti/login`,
    redirect_uris: [`${school.url}/lti/launch`],
    jwks_uri: `${school.url}/lti/jwks`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: [
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
    ].join(' '),
    'https://purl.imsglobal.org/spec/lti-tool-configuration': {
      domain: new URL(school.url).host,
      description: expect.any(String),
      target_link_uri: `${school.url}/app/`,
      custom_parameters: { person_sourcedid: '$Person.sourcedId', class_sourcedid: '$CourseSection.sourcedId' },
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
      messages: [
        { type: 'LtiResourceLinkRequest', target_link_uri: `${school.url}/app/`, label: 'APTT Connect' },
        { type: 'LtiDeepLinkingRequest', target_link_uri: `${school.url}/app/`, label: 'APTT Connect' },
      ],
    },
  });
});

test('lti 130: Canvas is asked in its own words: where the tool shows, whom it is told of, whose children they are', async () => {
  platform.knobs.configuration = { 'https://purl.imsglobal.org/spec/lti-platform-configuration': { product_family_code: 'canvas' } };
  await connect();
  const body = platform.seen.find((request) => request.method === 'POST')?.body;
  expect(body?.['https://purl.imsglobal.org/spec/lti-tool-configuration']).toMatchObject({
    'https://canvas.instructure.com/lti/privacy_level': 'public',
    custom_parameters: {
      person_sourcedid: '$Person.sourcedId',
      sis_user_id: '$Canvas.user.sisSourceId',
      observees: '$com.instructure.User.observees',
      observee_sourcedids: '$com.instructure.Observee.sisIds',
    },
    messages: [
      { type: 'LtiResourceLinkRequest', placements: ['course_navigation'], 'https://canvas.instructure.com/lti/visibility': 'members' },
      { type: 'LtiDeepLinkingRequest', placements: ['link_selection'] },
    ],
  });
});

test('Canvas reads our configuration from an address', async () => {
  const answer = await school.get('/lti/config/canvas.json');
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(await answer.json()).toMatchObject({ title: 'APTT Connect', oidc_initiation_url: `${school.url}/lti/login` });
});

test('lti 131: the platform’s token goes with both requests, and with nothing else', async () => {
  await connect();
  expect(platform.seen.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
    ['GET', '/configuration', 'Bearer the-token'],
    ['POST', '/registrations', 'Bearer the-token'],
  ]);
});

test('lti 132: a platform that offers no token is sent none', async () => {
  platform.knobs.needsToken = false;
  expect((await connect({ token: null })).status).toBe(200);
  expect(platform.seen.map((request) => request.authorization)).toEqual([undefined, undefined]);
  expect(await attached()).toHaveLength(1);
});

test.each(['https://canvas.instructure.com', 'https://school.example', 'http://localhost:1'])(
  'lti 133: a configuration that speaks for %s, which is not who serves it, is refused',
  async (issuer) => {
    platform.knobs.configuration = { issuer };
    expectRefused(await connect(), 'registration_issuer');
    expect(platform.seen.filter((request) => request.method === 'POST')).toEqual([]);
    expect(await attached()).toEqual([]);
  },
);

test.each([
  // served by, issuer, one of its addresses, may it?
  ['https://lms.example/c', 'https://lms.example', 'https://keys.example/jwks', true],
  ['https://developer.blackboard.com/c', 'https://blackboard.com', 'https://developer.blackboard.com/jwks', true],
  ['https://developer.blackboard.com/c', 'https://blackboard.com', 'https://attacker.example/jwks', false],
  ['https://willow.instructure.com/c', 'https://canvas.instructure.com', 'https://sso.canvaslms.com/jwks', true],
  ['https://sso.canvaslms.com/c', 'https://canvas.instructure.com', 'https://sso.canvaslms.com/jwks', true],
  ['https://willow.instructure.com/c', 'https://canvas.instructure.com', 'https://attacker.example/jwks', false],
  ['https://willow.instructure.com.attacker.example/c', 'https://canvas.instructure.com', 'https://sso.canvaslms.com/jwks', false],
  ['https://evilinstructure.com/c', 'https://canvas.instructure.com', 'https://evilinstructure.com/jwks', false],
  ['https://canvas.school.example/c', 'https://canvas.instructure.com', 'https://canvas.school.example/jwks', false],
  ['https://lms.example:8443/c', 'https://lms.example', 'https://lms.example/jwks', false],
  ['https://pages.lms.example/c', 'https://lms.example', 'https://pages.lms.example/jwks', false],
  ['https://lms.example/c', 'https://pages.lms.example', 'https://lms.example/jwks', false],
  ['https://blackboard.com/c', 'https://developer.blackboard.com', 'https://blackboard.com/jwks', false],
  ['https://developer.blackboard.com:8443/c', 'https://blackboard.com', 'https://blackboard.com/jwks', false],
])('lti 133: %s for %s with %s: %s', (configurationUrl, issuer, address, may) => {
  expect(speaksFor(issuer, configurationUrl, [address])).toBe(may);
});

describe('lti 134: addresses that lead where they must not', () => {
  test.each([
    'http://10.0.0.5/configuration',
    'https://10.0.0.5/configuration',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00::1]/configuration',
    'https://0x7f000001:9/configuration',
    'file:///etc/passwd',
    'https://user:pass@127.0.0.1/configuration',
    '',
  ])('%s is not called', async (configurationUrl) => {
    const { path, page } = await open({ configurationUrl });
    const fields: [string, string][] = [['openid_configuration', configurationUrl]];
    const answers = [page, await school.ask(path, fields, { origin: school.url })].filter((answer) => answer.status !== 200);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(['registration_malformed', 'registration_unreachable']).toContain(answer.event?.reason);
    expect(await attached()).toEqual([]);
  });

  test.each(['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'registration_endpoint', 'issuer'])(
    'a configuration whose %s is no https address is refused',
    async (field) => {
      const strange = [`${platform.url}/\0`, `${platform.url}/a\nb`, 'https://*', 'https://a;sandbox'];
      for (const value of ['http://10.0.0.5/x', 'javascript:alert(1)', 'file:///etc/passwd', 7, undefined, ...strange]) {
        platform.knobs.configuration = { [field]: value };
        expectRefused(await connect(), 'registration_contract');
      }
      expect(await attached()).toEqual([]);
    },
  );

  test('a registration address in a private network is not called', async () => {
    platform.knobs.configuration = { registration_endpoint: 'https://10.0.0.5/registrations' };
    expectRefused(await connect(), 'registration_unreachable');
  });

  test('a redirect to another host is not followed, neither by question nor by answer', async () => {
    const elsewhere = await openRegistrar();
    for (const path of ['/configuration', '/registrations']) {
      platform.knobs.instead = (asked, _req, res) => {
        if (asked !== path) return false;
        res.writeHead(307, { location: `${elsewhere.url}${path}` }).end();
        return true;
      };
      expect((await connect()).status).toBe(424);
    }
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });

  test('an answer without an end is cut off', async () => {
    platform.knobs.instead = (_path, _req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      const pouring = setInterval(() => res.write(' '.repeat(64 * 1024)), 1);
      res.on('close', () => clearInterval(pouring));
      return true;
    };
    expectRefused(await connect(), 'registration_unreachable');
  });

  test.each([
    ['no JSON', (res: import('node:http').ServerResponse) => res.end('<html>'), 'registration_contract'],
    ['an error', (res: import('node:http').ServerResponse) => res.writeHead(422).end('{}'), 'registration_refused'],
    ['a broken connection', (res: import('node:http').ServerResponse) => res.destroy(), 'registration_unreachable'],
  ])('%s is said to be so', async (_, answer, reason) => {
    platform.knobs.instead = (_path, _req, res) => {
      answer(res);
      return true;
    };
    expectRefused(await connect(), reason);
    expect(await attached()).toEqual([]);
  });

  test.each([
    { client_id: 'a\0b' },
    { client_id: 'made-for-you', 'https://purl.imsglobal.org/spec/lti-tool-configuration': { deployment_id: 'a\0b' } },
  ])('an answer that nobody can keep is refused whole: %j', async (client) => {
    platform.knobs.client = client;
    expectRefused(await connect(), 'registration_contract');
    expect(await attached()).toEqual([]);
  });

  test.each([{}, { client_id: '' }, { client_id: ['x'] }, 'x', null])('an answer without a client id is refused: %j', async (client) => {
    platform.knobs.client = client;
    expectRefused(await connect(), 'registration_contract');
  });
});

describe('lti 135: an invitation is good once', () => {
  test('used again it is refused, by question and by answer', async () => {
    const { path } = await connect();
    const { page } = await open({ invitation: path });
    expectRefused(page, 'registration_replayed');
    expectRefused(
      await school.ask(path, [['openid_configuration', platform.configurationUrl]], { origin: school.url }),
      'registration_replayed',
    );
    expect(await attached()).toHaveLength(1);
  });

  test('of twenty at once, one attaches a platform', async () => {
    const path = await newInvitation();
    const fields: [string, string][] = [
      ['openid_configuration', platform.configurationUrl],
      ['registration_token', platform.knobs.token],
    ];
    const answers = await Promise.all(Array.from({ length: 20 }, () => school.ask(path, fields, { origin: school.url })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(19);
    expect(platform.seen.filter((request) => request.method === 'POST')).toHaveLength(1);
  });

  test('a slow try that fails does not make it good again after a quick one', async () => {
    const path = await newInvitation();
    const token = path.replace('/lti/register-', '');
    await claim(school.db, token);
    await school.db.sql`UPDATE lti_invitation SET claimed_at = now() - interval '3 minutes' WHERE district_id = ${districtId}`;
    expect((await connect({ invitation: path })).status).toBe(200);
    await settle(school.db, token, null);
    expectRefused((await open({ invitation: path })).page, 'registration_replayed');
  });

  test('after a platform that failed it is still good', async () => {
    platform.knobs.needsToken = true;
    const { path } = await open();
    const fields: [string, string][] = [['openid_configuration', platform.configurationUrl]];
    expectRefused(await school.ask(path, fields, { origin: school.url }), 'registration_refused');
    expect((await connect({ invitation: path })).status).toBe(200);
  });

  test('it is not good for ever, nor for many tries, and another district’s attaches nothing here', async () => {
    const [late, tried] = [await newInvitation(), await newInvitation()];
    await school.db.sql`UPDATE lti_invitation SET expires_at = now() WHERE district_id = ${districtId}`;
    expectRefused((await open({ invitation: late })).page, 'invitation_unknown');
    await school.db.sql`UPDATE lti_invitation SET expires_at = now() + interval '1 day', tries = 10 WHERE district_id = ${districtId}`;
    expectRefused((await open({ invitation: tried })).page, 'invitation_unknown');
    for (const path of ['/lti/register', '/lti/register-made-up'])
      expectRefused((await open({ invitation: path })).page, 'invitation_unknown');
    const elsewhere = await newDistrict(school.db);
    await connect({ invitation: new URL((await invite(school.db, school.url, elsewhere, 'test')).url).pathname });
    expect(await attached()).toEqual([]);
  });

  test('what a foreign page posts is not consent', async () => {
    const { path } = await open();
    const fields: [string, string][] = [['openid_configuration', platform.configurationUrl]];
    expectRefused(await school.ask(path, fields, { origin: 'https://attacker.example' }), 'registration_malformed');
    expect(platform.seen).toEqual([]);
  });

  test('the same client id again is said to be there already', async () => {
    await connect();
    expectRefused(await connect(), 'registration_exists');
    expect(await attached()).toHaveLength(1);
  });
});

test('the page that opened ours may frame the tool; what is written into the addresses stays text', async () => {
  await connect({ referer: 'https://school.instructure.com/accounts/1?token=x' });
  expect((await attached())[0]?.frameOrigins).toEqual([platform.url, 'https://school.instructure.com']);
  const { page } = await open({ token: '"><script>alert(1)</script>' });
  expect(page.html).not.toContain('<script>alert');
});
