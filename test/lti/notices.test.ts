/** What platforms tell the tool by themselves: heard once, believed as little as a launch, and never about a child. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readClaims } from '../../lti/claims.ts';
import { noticeHandlers } from '../../lti/notice-handlers.ts';
import { setPlatformActive } from '../../lti/platforms.ts';
import { lti, type Payload, teacher } from '../cases/lti/payloads.ts';
import { listening, openSchool, type TestPlatform } from '../cases/lti/school.ts';
import { newSchool } from '../setup/school.ts';

const school = await openSchool('service');
afterAll(() => school.close());
const { db } = school;

const base = (platform: TestPlatform): Payload => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: platform.issuer,
    aud: platform.clientId,
    azp: platform.clientId,
    iat: now,
    exp: now + 3600,
    nonce: randomUUID(),
    [`${lti}version`]: '1.3.0',
    [`${lti}deployment_id`]: 'deployment-1',
  };
};
const hello = (platform: TestPlatform, more: Payload = {}): Payload => ({
  ...base(platform),
  [`${lti}notice`]: { id: randomUUID(), timestamp: new Date().toISOString(), type: 'LtiHelloWorldNotice' },
  ...more,
});
const copied = (platform: TestPlatform, to: string, from: string[], more: Payload = {}): Payload => ({
  ...base(platform),
  [`${lti}notice`]: { id: randomUUID(), timestamp: new Date().toISOString(), type: 'LtiContextCopyNotice' },
  [`${lti}context`]: { id: to, title: 'Next year', type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] },
  [`${lti}origin_contexts`]: from,
  ...more,
});

const post = (body: unknown, type = 'application/json') =>
  fetch(`${school.url}/lti/notices`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const send = (...jwts: string[]) => post({ notices: jwts.map((jwt) => ({ jwt })) });
const codeOf = async (answer: Response) => ({
  status: answer.status,
  ...(answer.status === 204 ? {} : { code: ((await answer.json()) as { code: string }).code }),
});
const heard = (platform: TestPlatform) =>
  db.inDistrict(platform.districtId, async (tx) => (await tx`SELECT 1 FROM lti_notice WHERE platform_id = ${platform.id}`).length);
const contexts = (platform: TestPlatform) =>
  db.inDistrict(
    platform.districtId,
    (tx) => tx<{ context_id: string; class_id: number | null; copied_from: string[] }[]>`
      SELECT context_id, class_id, copied_from FROM lti_context WHERE platform_id = ${platform.id} ORDER BY context_id`,
  );
const signed = (platform: TestPlatform, payload: Payload) =>
  platform.sign(Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined)));

test('hello is heard', async () => {
  const platform = await school.newPlatform();
  expect((await send(await signed(platform, hello(platform)))).status).toBe(204);
  expect(await heard(platform)).toBe(1);
});

test.each<[string, Payload, string]>([
  ['the wrong audience', { aud: 'another' }, 'platform_unknown'],
  ['an issuer nobody registered', { iss: 'https://unknown.example' }, 'platform_unknown'],
  ['an authorised party that is not us', { azp: 'another' }, 'azp_mismatch'],
  ['several audiences', { aud: ['client-1', 'https://somebody.else'], azp: undefined }, 'audience_untrusted'],
  ['no end', { exp: undefined }, 'claim_missing'],
  ['an end long past', { exp: Math.floor(Date.now() / 1000) - 120 }, 'token_expired'],
  ['a beginning two hours ago', { iat: Math.floor(Date.now() / 1000) - 7200 }, 'token_too_old'],
  ['no nonce', { nonce: undefined }, 'claim_missing'],
  ['no id', { [`${lti}notice`]: { type: 'LtiHelloWorldNotice' } }, 'claim_missing'],
  ['another version', { [`${lti}version`]: '1.1' }, 'version_unsupported'],
  ['a kind nobody asked for', { [`${lti}notice`]: { id: 'x', type: 'LtiAssetProcessorSubmissionNotice' } }, 'message_unsupported'],
  ['no deployment', { [`${lti}deployment_id`]: undefined }, 'claim_missing'],
  ['a deployment nobody accepted', { [`${lti}deployment_id`]: 'new' }, 'deployment_pending'],
])('a notice with %s is refused, and nothing is kept', async (_what, more, code) => {
  const platform = await school.newPlatform();
  expect(await codeOf(await send(await signed(platform, hello(platform, more))))).toEqual({
    status: 400 + (code === 'deployment_pending' ? 3 : 0),
    code,
  });
  expect(await heard(platform)).toBe(0);
});

test('a notice signed by another platform, by nobody or with the public key is refused', async () => {
  const [platform, another] = [await school.newPlatform(), await school.newPlatform()];
  const payload = hello(platform);
  expect(await codeOf(await send(await another.sign(payload)))).toMatchObject({ code: 'signature_invalid' });
  const none = `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.`;
  expect(await codeOf(await send(none))).toMatchObject({ code: 'algorithm_refused' });
  await setPlatformActive(db, platform.districtId, platform.id, false);
  expect(await codeOf(await send(await platform.sign(payload)))).toMatchObject({ code: 'platform_inactive' });
  expect(await heard(platform)).toBe(0);
});

test('what is no list of notices is refused in a few words', async () => {
  for (const body of [
    '{',
    '[]',
    '{"notices":[]}',
    '{"notices":[{"jwt":1}]}',
    { notices: Array.from({ length: 101 }, () => ({ jwt: 'x' })) },
    'null',
  ]) {
    const answer = await codeOf(await post(body));
    expect(answer).toEqual({ status: 400, code: 'notice_malformed' });
  }
  expect(await codeOf(await post('notices=1', 'application/x-www-form-urlencoded'))).toEqual({ status: 400, code: 'notice_malformed' });
  expect(await codeOf(await post(`{"notices":[{"jwt":"${'x'.repeat(2 ** 20)}"}]}`))).toEqual({ status: 413, code: 'token_too_large' });
});

test('a bad notice costs the others nothing, and a notice sent twice, or fifty times at once, is heard once', async () => {
  const platform = await school.newPlatform();
  const good = await signed(platform, copied(platform, 'new', ['old']));
  expect(await codeOf(await send('rubbish', good))).toEqual({ status: 400, code: 'token_malformed' });
  expect(await contexts(platform)).toEqual([{ context_id: 'new', class_id: null, copied_from: ['old'] }]);
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(good)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
  expect(await heard(platform)).toBe(1);
  expect(await contexts(platform)).toEqual([{ context_id: 'new', class_id: null, copied_from: ['old'] }]);
});

test('the same nonce under another id is a replay, and changes nothing', async () => {
  const platform = await school.newPlatform();
  const nonce = randomUUID();
  await send(await signed(platform, copied(platform, 'one', ['old'], { nonce })));
  await send(await signed(platform, copied(platform, 'two', ['old'], { nonce })));
  expect((await contexts(platform)).map(({ context_id }) => context_id)).toEqual(['one']);
});

test('what a course was made from is remembered to a measure, the last said first; the same again changes nothing', async () => {
  const platform = await school.newPlatform();
  const named = (mark: string) => Array.from({ length: 50 }, (_, n) => `${mark}-${n}`);
  const origins = async () => (await contexts(platform))[0]?.copied_from;
  await send(await signed(platform, copied(platform, 'new', named('first'))));
  expect(await origins()).toEqual(named('first'));
  await send(await signed(platform, copied(platform, 'new', named('second').slice(0, 20))));
  const kept = [...named('second').slice(0, 20), ...named('first').slice(0, 30)];
  expect(await origins()).toEqual(kept);
  await send(await signed(platform, copied(platform, 'new', named('first').slice(0, 5))));
  expect(await origins()).toEqual(kept);
});

test('a platform copies only its own courses: the same ids on another platform, deployment or district mean nothing', async () => {
  const [platform, another] = [await school.newPlatform(), await school.newPlatform()];
  await send(await signed(platform, copied(platform, 'new', ['old'])));
  expect(await contexts(another)).toEqual([]);
});

test('a copied course opens on the skill last year’s worked on, and brings no child, no score, no number, no wish and no consent', async () => {
  const district = await newSchool(db, 'Elm');
  const { roster, districtId, classes, users, people } = district;
  const platform = await school.newPlatform({ districtId });
  const next = await roster.klass(district.school);
  await roster.enroll(next, users.teacher, 'teacher', { is_primary: true });
  const children = await roster.students(next, 12, 200);
  const math = await roster.assessment();
  const items = [
    await roster.lineItem(district.assessment, { window: 'BOY', school_year: 2028 }),
    await roster.lineItem(math, { window: 'MOY', school_year: 2028 }),
  ] as const;
  for (const [n, item] of items.entries()) for (const child of children) await roster.score(item, child, 20, `2027-1${n}-10`);
  await db.inDistrict(districtId, async (tx) => {
    const course = (id: string, classId: number) => tx`
      INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, title, class_id)
      VALUES (${districtId}, ${platform.id}, 'deployment-1', ${id}, 'A course', ${classId})`;
    await course('old', classes.big);
    await course('new', next);
    await tx`INSERT INTO meeting (district_id, class_id, line_item_id, presented_at) VALUES (${districtId}, ${classes.big}, ${district.measures.moy}, now())`;
    await tx`INSERT INTO band_consent (district_id, class_id) VALUES (${districtId}, ${classes.big})`;
  });
  const everything = () =>
    db.inDistrict(districtId, async (tx) => ({
      enrolled: await tx`SELECT class_id, user_id, role FROM enrollment ORDER BY 1, 2`,
      scores: await tx`SELECT line_item_id, student_id, score FROM result ORDER BY 1, 2`,
      numbers: await tx`SELECT * FROM private_number`,
      optOuts: await tx`SELECT * FROM chart_opt_out`,
      consents: await tx`SELECT class_id FROM band_consent`,
      mentors: await tx`SELECT * FROM lti_mentor`,
      meetings: await tx`SELECT class_id, line_item_id FROM meeting`,
      connections: await tx`SELECT context_id, class_id FROM lti_context ORDER BY 1`,
    }));
  const shown = async () => {
    const answer = await fetch(`${school.url}/api/classes/${next}`, { headers: { authorization: `Bearer ${people.teacher.token}` } });
    return ((await answer.json()) as { measure: { ref: { id: string } } }).measure.ref.id;
  };
  expect(await shown()).toBe(String(items[1]));
  const before = await everything();
  expect((await send(await signed(platform, copied(platform, 'new', ['old'])))).status).toBe(204);
  expect(await everything()).toEqual(before);
  expect(await shown()).toBe(String(items[0]));
});

describe('a platform that has notices', () => {
  type Put = { authorization: string | undefined; body: { notice_type: string; handler: string } };
  const open = async (status = 200) => {
    const puts: Put[] = [];
    const server = await listening(
      createServer(async (req, res) => {
        const chunks: Buffer[] = [];
        for await (const chunk of req) chunks.push(chunk as Buffer);
        if (req.method === 'PUT')
          puts.push({ authorization: req.headers.authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
        res.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      }),
    );
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notice-handlers/1`; // a TCP server that listens has one
    const problems: string[] = [];
    const scopes: string[] = [];
    const token = () => async (asked: readonly string[]) => {
      scopes.push(...asked);
      return 'the-bearer';
    };
    const handlers = noticeHandlers('https://aptt.example', token, ({ code }) => problems.push(code));
    const types = ['LtiHelloWorldNotice', 'LtiContextCopyNotice', 'LtiAssetProcessorSubmissionNotice'];
    const ask = (deploymentId = 'd') => handlers.ask({ districtId: 1, platformId: 1, deploymentId, notices: { url, types } });
    return { puts, problems, scopes, ask, handlers, close: () => new Promise((resolve) => server.close(resolve)) };
  };

  test('is told once where to send what we asked for, and nothing else, with a token for that alone', async () => {
    const platform = await open();
    await Promise.all([platform.ask(), platform.ask(), platform.ask()]);
    await platform.ask();
    expect(platform.puts).toEqual(
      ['LtiHelloWorldNotice', 'LtiContextCopyNotice'].map((notice_type) => ({
        authorization: 'Bearer the-bearer',
        body: { notice_type, handler: 'https://aptt.example/lti/notices' },
      })),
    );
    expect(platform.scopes).toEqual(['https://purl.imsglobal.org/spec/lti/scope/noticehandlers']);
    await platform.ask('another deployment');
    expect(platform.puts).toHaveLength(4);
    await platform.close();
  });

  test('and says no, or is gone, costs no launch', async () => {
    const refusing = await open(403);
    await refusing.ask();
    expect(refusing.problems).toEqual(['notices_refused_403', 'notices_refused_403']);
    await refusing.close();
    await refusing.ask('after it is gone');
    expect(refusing.problems.at(-1)).toMatch(/^outbound_/);
    await refusing.handlers.ask({ districtId: 1, platformId: 1, deploymentId: 'd' });
    expect(refusing.problems).toHaveLength(3);
  });

  test('is known by what its launch says, at an address we would call', () => {
    const read = (url: unknown) =>
      readClaims(
        {
          ...teacher,
          [`${lti}target_link_uri`]: 'https://aptt.example/app',
          [`${lti}platformnotificationservice`]: {
            platform_notification_service_url: url,
            service_versions: ['1.0'],
            notice_types_supported: ['LtiContextCopyNotice'],
          },
        },
        false,
      ).notices;
    expect(read('https://lms.example/api/lti/notice-handlers/106')).toEqual({
      url: 'https://lms.example/api/lti/notice-handlers/106',
      types: ['LtiContextCopyNotice'],
    });
    for (const url of ['http://intranet.example/', 'file:///etc/passwd', 7, null]) expect(read(url)).toBeUndefined();
  });
});
