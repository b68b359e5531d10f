/** A teacher adds a page of ours to a course: the request, the picker, and the answer as the platform will judge it. */
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { setPlatformActive } from '../../../lti/platforms.ts';
import { institution, lti, membership, mentor, type Payload, student, teacher } from './payloads.ts';
import { type Answer, expectRefused, openSchool, type TestPlatform } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();

const dl = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const returnUrl = 'https://platform.example/return?course=7&key=a%2Bb';
const settings = {
  deep_link_return_url: returnUrl,
  accept_types: ['link', 'ltiResourceLink', 'html'],
  accept_presentation_document_targets: ['iframe', 'window'],
  accept_multiple: true,
  auto_create: false,
  data: 'opaque+/= \u0000 "<ü>" \u{1F600} %2B',
};

/** What the platform sends when somebody asks to add something; as this person. */
function request(person: Payload, changed: Record<string, unknown> = {}): Payload {
  return {
    ...person,
    [`${lti}message_type`]: 'LtiDeepLinkingRequest',
    [`${lti}resource_link`]: undefined,
    [`${dl}deep_linking_settings`]: { ...settings, ...changed },
  };
}

const fieldOf = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const offered = (html: string) => [...html.matchAll(/name="link" value="(\w+)"/g)].map((found) => found[1]);
const formAction = (answer: Answer) => /form-action ([^;]+)/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];

async function openPicker(changed: Record<string, unknown> = {}, person = teacher): Promise<Answer> {
  const answer = await school.launch(platform, request(person, changed));
  expect(answer.status).toBe(200);
  expect(answer.event).toMatchObject({ outcome: 'accepted' });
  return answer;
}

/** What a browser sends when the picker's form is sent. */
async function choose(picker: Answer, links: string[], extra: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const fields = [
    ['token', fieldOf(picker.html, 'token')],
    ['language', fieldOf(picker.html, 'language')],
    ...links.map((link) => ['link', link]),
    ...Object.entries(extra),
  ] as [string, string][];
  return school.ask('/lti/deep-link', fields, { origin: school.url, ...headers });
}

/** The answer's token, judged as a platform does: by our key set, for its client. */
async function judged(answer: Answer, of: TestPlatform = platform) {
  const jwt = fieldOf(answer.html, 'JWT');
  const keys = (await (await school.get('/lti/jwks')).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(jwt, createLocalJWKSet(keys), {
    issuer: of.clientId,
    audience: of.issuer,
    algorithms: ['RS256'],
    requiredClaims: ['exp', 'iat', 'nonce'],
    maxTokenAge: 60,
  });
  return { jwt, payload, keys };
}
const itemsOf = (payload: Record<string, unknown>) => payload[`${dl}content_items`] as Record<string, string>[];

test('lti 33: a request for links opens the picker, with everything there is to add', async () => {
  const picker = await openPicker();
  expect(offered(picker.html)).toEqual(['class', 'meeting', 'family', 'goals']);
  expect(picker.html).toContain('lang="es"'); // as the launch says
  expect(picker.html).toContain('type="checkbox"');
  const { html } = await openPicker({ accept_multiple: false });
  expect(html).toContain('type="radio"');
});

test('lti 33: a platform that names no target again, and writes its lists as text, is understood', async () => {
  const sparse = {
    ...request(teacher, { accept_types: 'link,ltiResourceLink', accept_multiple: 'true' }),
    [`${lti}target_link_uri`]: undefined,
  };
  const picker = await school.launch(platform, sparse);
  expect(picker.status).toBe(200);
  expect(itemsOf((await judged(await choose(picker, ['class']))).payload)).toMatchObject([{ type: 'ltiResourceLink' }]);
});

test('lti 34: the answer is sent to where the platform wants it, and to nowhere else', async () => {
  const answer = await choose(await openPicker(), ['meeting']);
  expect(answer.status).toBe(200);
  expect(formAction(answer)).toBe('https://platform.example');
  expect(itemsOf((await judged(answer)).payload)).toHaveLength(1);
});

test('lti 34: the picker shows in its own platform’s frame, and in nobody else’s', async () => {
  const ancestors = (answer: Answer) => /frame-ancestors (.+)$/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
  const picker = await openPicker();
  for (const answer of [picker, await choose(picker, []), await choose(picker, ['class'])]) {
    expect(ancestors(answer)).toBe(`'self' ${platform.issuer}`);
  }
});

test('lti 34: cancelling answers with nothing', async () => {
  const answer = await choose(await openPicker(), ['class'], { cancel: '1' });
  expect(itemsOf((await judged(answer)).payload)).toEqual([]);
});

test('lti 34: nothing chosen is asked again; an answer is sent once', async () => {
  const picker = await openPicker();
  const again = await choose(picker, []);
  expect(again.status).toBe(422);
  expect(again.html).toContain('role="alert"');
  const [one, two] = await Promise.all([choose(again, ['class']), choose(again, ['family'])]);
  expect([one.status, two.status].sort()).toEqual([200, 400]);
  expectRefused(await choose(picker, ['class']), 'deep_link_closed');
});

test('lti 35: the answer is a form with the one field JWT, posted to the exact address', async () => {
  const { html } = await choose(await openPicker(), ['class', 'goals']);
  expect(/<form method="post" action="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')).toBe(returnUrl);
  expect([...html.matchAll(/<input[^>]*name="(\w+)"/g)].map((found) => found[1])).toEqual(['JWT']);
  expect(html).toContain('src="submit.js"');
});

test('lti 36: the answer was made now and lives for minutes', async () => {
  const { payload } = await judged(await choose(await openPicker(), ['class']));
  const now = Date.now() / 1000;
  expect(Math.abs((payload.iat ?? 0) - now)).toBeLessThan(30);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test('lti 37: it is signed with RS256 and a key of our key set', async () => {
  const { jwt, keys } = await judged(await choose(await openPicker(), ['class']));
  const { alg, kid } = decodeProtectedHeader(jwt);
  expect(alg).toBe('RS256');
  expect(keys.keys.map((key) => key.kid)).toContain(kid);
});

test('lti 38: it says who, to whom, from which deployment, and gives the platform’s data back as it was', async () => {
  const answers = [await judged(await choose(await openPicker(), ['class'])), await judged(await choose(await openPicker(), ['class']))];
  const payload = answers[0]?.payload ?? {};
  expect(payload).toEqual({
    iss: platform.clientId,
    aud: platform.issuer,
    iat: expect.any(Number),
    exp: expect.any(Number),
    nonce: expect.stringMatching(/^[\w-]{20,}$/),
    [`${lti}message_type`]: 'LtiDeepLinkingResponse',
    [`${lti}version`]: '1.3.0',
    [`${lti}deployment_id`]: 'deployment-1',
    [`${dl}data`]: settings.data,
    [`${dl}content_items`]: [
      { type: 'ltiResourceLink', url: `${school.url}/app/?open=class`, title: 'Panel de la clase APTT', text: expect.any(String) },
    ],
  });
  expect(answers[1]?.payload.nonce).not.toBe(payload.nonce);
});

test('lti 38: where the platform sent no data, none goes back', async () => {
  const { payload } = await judged(await choose(await openPicker({ data: undefined }), ['class']));
  expect(Object.keys(payload)).not.toContain(`${dl}data`);
});

test('lti 39: only what the platform takes is offered: a plain link where it takes no other, nothing where it takes none', async () => {
  const plain = await choose(await openPicker({ accept_types: ['link', 'html'] }), ['family']);
  expect(itemsOf((await judged(plain)).payload)).toMatchObject([{ type: 'link', url: `${school.url}/app/?open=family` }]);

  for (const accept_types of [['file', 'image'], [], undefined]) {
    const nothing = await openPicker({ accept_types });
    expect(offered(nothing.html)).toEqual([]);
    expect(nothing.html).toContain('Aquí no se puede añadir nada');
    expectRefused(await choose(nothing, ['class']), 'deep_link_malformed');
    expect(itemsOf((await judged(await choose(nothing, [], { cancel: '1' }))).payload)).toEqual([]);
  }
});

test('lti 39: several where the platform takes one are refused, and so is what does not exist', async () => {
  const picker = await openPicker({ accept_multiple: false });
  expectRefused(await choose(picker, ['class', 'family']), 'deep_link_malformed');
  expectRefused(await choose(picker, ['https://attacker.example']), 'deep_link_malformed');
  expect(itemsOf((await judged(await choose(picker, ['class']))).payload)).toHaveLength(1);
});

describe('who may add links', () => {
  test.each([
    ['a student', student],
    ['a parent', mentor],
    ['somebody the course gives no role', { ...teacher, [`${lti}roles`]: [] }],
    [
      'a platform’s made-up person',
      { ...teacher, [`${lti}roles`]: [`${membership}Instructor`, 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser'] },
    ],
  ])('%s is told kindly that teachers do', async (_, person: Payload) => {
    const answer = await school.launch(platform, request(person));
    expectRefused(answer, 'deep_link_role');
    expect(answer.html).toContain('Only teachers add pages');
    expect(fieldOf(answer.html, 'token')).toBe('');
  });

  test('an administrator of the platform may', async () => {
    await openPicker({}, { ...teacher, [`${lti}roles`]: [`${institution}Administrator`] });
  });

  test('a deployment nobody accepted opens no picker', async () => {
    expectRefused(await school.launch(platform, { ...request(teacher), [`${lti}deployment_id`]: 'new' }), 'deployment_pending');
  });
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'http://platform.example/return', '/return', 'https://user:pass@platform.example/'])(
  'an answer is never sent to %s',
  async (deep_link_return_url) => {
    expectRefused(await school.launch(platform, request(teacher, { deep_link_return_url })), 'claim_invalid');
  },
);

test('a request without an address to answer to, or without settings, is refused', async () => {
  expectRefused(await school.launch(platform, request(teacher, { deep_link_return_url: undefined })), 'claim_missing');
  expectRefused(await school.launch(platform, { ...request(teacher), [`${dl}deep_linking_settings`]: 'x' }), 'claim_missing');
});

test('a choice that comes from another site, late, or of a platform switched off, is refused', async () => {
  const picker = await openPicker();
  expectRefused(await choose(picker, ['class'], {}, { 'sec-fetch-site': 'cross-site' }), 'deep_link_malformed');
  expectRefused(await choose(picker, ['class'], {}, { origin: 'https://attacker.example' }), 'deep_link_malformed');
  expectRefused(await choose(picker, ['class'], { token: 'made-up' }), 'deep_link_closed');
  await setPlatformActive(school.db, platform.districtId, platform.id, false);
  expectRefused(await choose(picker, ['class']), 'deep_link_closed');
  await setPlatformActive(school.db, platform.districtId, platform.id, true);
  await school.db.sql`UPDATE lti_deep_link SET expires_at = now()`;
  expectRefused(await choose(picker, ['class']), 'deep_link_closed');
});

test('what is written into a request stays text', async () => {
  const answer = await choose(await openPicker({ deep_link_return_url: 'https://platform.example/"><script>alert(1)</script>' }), [
    'class',
  ]);
  expect(answer.html).not.toContain('<script>alert');
});
