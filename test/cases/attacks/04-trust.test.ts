/** Attacks by whoever was trusted once, or a little, and reaches for more. Each is described in docs/security/attacks.md. */

import { missingFrom } from '../../../lti/event.ts';
import { speaksFor } from '../../../lti/house.ts';
import { acceptDeployment, refuseDeployment, setCustomTrusted, setPlatformActive } from '../../../lti/platforms.ts';
import { lti, mentor, noContext, type Payload, student, teacher } from '../lti/payloads.ts';
import { expectLaunched, newKey, openSchool, type TestPlatform } from '../lti/school.ts';

const [service, tool] = [await openSchool('service'), await openSchool('tool', { failuresPerMinute: 10 })];
afterAll(async () => {
  await service.close();
  await tool.close();
});

/** A launch's session, as the browser holds it. */
async function opened(platform: TestPlatform, claims: Payload): Promise<{ cookie: string; ticket: string }> {
  const { headers, status } = await service.launch(platform, claims);
  expect(status).toBe(303);
  const cookie = headers.getSetCookie().find((each) => each.startsWith('aptt_session=')) ?? '';
  return { cookie: cookie.split(';')[0] ?? '', ticket: /#ticket=([\w-]+)/.exec(headers.get('location') ?? '')?.[1] ?? '' };
}
const meets = async ({ cookie }: { cookie: string }) => (await service.get('/api/me', { cookie })).status;

test('attack 50: nobody stays in after the district took back the deployment or switched off the platform they came through', async () => {
  const platform = await service.newPlatform();
  const { districtId, id } = platform;
  const testUser = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';
  const everybody = () =>
    Promise.all(
      [teacher, mentor, student].flatMap((who) => [
        opened(platform, who),
        opened(platform, { ...who, ...noContext }),
        opened(platform, { ...who, [`${lti}roles`]: [testUser] }),
      ]),
    );
  const ways = [
    [
      () => refuseDeployment(service.db, districtId, id, 'deployment-1'),
      () => acceptDeployment(service.db, districtId, id, 'deployment-1'),
    ],
    [() => setPlatformActive(service.db, districtId, id, false), () => setPlatformActive(service.db, districtId, id, true)],
  ] as const;
  for (const [take, giveBack] of ways) {
    const sessions = await everybody();
    expect(await Promise.all(sessions.map(meets))).toEqual(sessions.map(() => 200));
    await take();
    expect(await Promise.all(sessions.map(meets))).toEqual(sessions.map(() => 401));
    await giveBack();
    expect(await Promise.all(sessions.map(meets))).toEqual(sessions.map(() => 401));
    expect(await meets(await opened(platform, teacher))).toBe(200);
  }
});

test('attack 50: nor does a picker that was open, or a ticket nobody had used yet', async () => {
  const platform = await service.newPlatform();
  const { ticket } = await opened(platform, teacher);
  const asked = await service.launch(platform, {
    ...teacher,
    [`${lti}message_type`]: 'LtiDeepLinkingRequest',
    'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
      deep_link_return_url: `${platform.issuer}/return`,
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['iframe'],
    },
  });
  const token = /name="token" value="([\w-]+)"/.exec(asked.html)?.[1] ?? '';
  expect(token).not.toBe('');
  await refuseDeployment(service.db, platform.districtId, platform.id, 'deployment-1');
  const chosen = await service.ask('/lti/deep-link', Object.entries({ token, link: 'class' }), { origin: service.url });
  expect(chosen.status).toBe(400);
  const redeemed = await fetch(`${service.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  const { token: bearer } = (await redeemed.json()) as { token?: string };
  expect((await service.get('/api/me', { authorization: `Bearer ${bearer}` })).status).toBe(401);
});

test('attack 51: a page below a school’s address does not register in the name of the school’s platform, nor one beside or above it', () => {
  for (const from of [
    'https://pages.school.example',
    'https://a.b.school.example',
    'https://school.example.attacker.example',
    'https://example',
  ]) {
    expect(speaksFor('https://school.example', `${from}/configuration`, [`${from}/jwks`])).toBe(false);
  }
  expect(speaksFor('https://lms.school.example', 'https://school.example/configuration', ['https://school.example/jwks'])).toBe(false);
  expect(speaksFor('https://school.example', 'http://school.example/configuration', ['https://school.example/jwks'])).toBe(false);
  expect(speaksFor('https://school.example', 'https://school.example/configuration', ['https://keys.example/jwks'])).toBe(true);
});

test('attack 52: nobody shuts a platform for a school by failing from the school’s own address, whichever way they fail', async () => {
  const [platform, forger] = [await tool.newPlatform(), await newKey('forger')];
  const right = tool.loginRequest(platform);
  for (let n = 0; n < 12; n++) {
    for (const wrong of [{ client_id: 'x' }, { client_id: '' }, { target_link_uri: 'https://attacker.example' }, { login_hint: '' }]) {
      await tool.askLogin({ ...right, ...wrong });
    }
    await tool.launch(platform, teacher, { key: forger.privateKey });
    await tool.launch(platform, { ...teacher, [`${lti}version`]: '1' });
    await tool.post({ state: 'made-up', id_token: await platform.sign({ iss: platform.issuer }) });
  }
  for (let n = 0; n < 3; n++) expectLaunched(await tool.launch(platform, teacher));
});

test('attack 53: whoever writes the custom parameters of a link names nobody, neither themselves nor a parent’s child', async () => {
  const platform = await tool.newPlatform({ trustCustom: false });
  const { id, districtId } = platform;
  const forged = { person_sourcedid: 'PRINCIPAL-1', sis_user_id: 'PRINCIPAL-1', observee_sourcedids: 'S-900,S-901' };
  const silent = { [`${lti}lis`]: {}, [`${lti}custom`]: forged };
  const launched = async (claims: Payload) => expectLaunched(await tool.launch(platform, claims));
  const nobody = await launched({ ...teacher, ...silent });
  expect(nobody).toMatchObject({ personSourcedIds: [], mentoredSourcedIds: [], customIdsUnheard: true });
  expect(missingFrom(nobody)).toEqual(expect.arrayContaining(['person_sourcedid', 'custom_ids'])); // what district IT reads in the diary
  expect(await launched({ ...mentor, ...silent })).toMatchObject({ mentoredSubs: ['student-1', 'student-2'], mentoredSourcedIds: [] });
  const own = { ...teacher, [`${lti}custom`]: { person_sourcedid: 'PRINCIPAL-1' } };
  expect(await launched(own)).toMatchObject({ personSourcedIds: ['T-100'], customIdsUnheard: false });

  await setCustomTrusted(tool.db, districtId, id, true);
  expect(await launched({ ...mentor, ...silent })).toMatchObject({
    personSourcedIds: ['PRINCIPAL-1'],
    mentoredSourcedIds: ['S-900', 'S-901'],
  });
  // The platform's own word is never overruled, and never more children are named than it names.
  expect(await launched(own)).toMatchObject({ personSourcedIds: ['T-100'] });
  const three = { ...forged, observee_sourcedids: 'S-1,S-2,S-3' };
  expect(await launched({ ...mentor, [`${lti}custom`]: three })).toMatchObject({ mentoredSourcedIds: [] });
});

test('attack 53: trust taken back ends what was opened by it', async () => {
  const platform = await service.newPlatform();
  const session = await opened(platform, teacher);
  expect(await meets(session)).toBe(200);
  await setCustomTrusted(service.db, platform.districtId, platform.id, false);
  expect(await meets(session)).toBe(401);
});
