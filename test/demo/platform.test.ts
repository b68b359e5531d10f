/** The simulated school platform, driven as a browser drives it, against the real tool. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Launch } from '../../lti/launch-shape.ts';
import { addPlatform } from '../../lti/platforms.ts';
import { ltiRouter } from '../../lti/router.ts';
import { type PlatformCourse, type PlatformPerson, startPlatform } from '../../src/demo/platform.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const people: PlatformPerson[] = [
  {
    key: 'teacher',
    sub: 'u-1',
    givenName: 'Ana',
    familyName: 'Ruiz',
    roles: ['instructor'],
    email: 'ana@school.example',
    lisPersonSourcedId: 'T-1',
  },
  {
    key: 'parent',
    sub: 'u-2',
    givenName: 'Leo',
    familyName: 'Diaz',
    roles: ['mentor'],
    locale: 'es',
    mentors: [{ sub: 'u-3', sourcedId: 'S-3' }],
  },
  { key: 'student', sub: 'u-3', givenName: '<i>Bo</i>', familyName: 'Diaz', roles: ['learner'] },
  { key: 'admin', sub: 'u-4', givenName: 'Kim', familyName: 'Lee', roles: ['administrator'] },
];
const courses: PlatformCourse[] = [
  { key: '3a', id: 'c-1', title: 'Grade 3 A', sectionSourcedId: 'SEC-1', members: people.map(({ key }) => ({ person: key })) },
  { key: '3b', id: 'c-2', title: 'Grade 3 B', members: [{ person: 'teacher', roles: ['learner'] }] },
];

const db = await freshDatabase();
const launches: Launch[] = [];
const app = express();
const server = createServer(app);
await new Promise<void>((resolve) => server.listen(0, () => resolve()));
const url = `http://localhost:${(server.address() as AddressInfo).port}`; // a TCP server has one
app.use(
  ltiRouter({
    db,
    url,
    secret: 'a secret of at least thirty-two characters',
    onLaunch: async (launch, _req, res) => {
      launches.push(launch);
      res.redirect(303, '/app/');
    },
  }),
);
const platform = await startPlatform({
  tool: { loginUrl: `${url}/lti/login`, targetLinkUri: `${url}/app/` },
  people,
  courses,
  storage: true,
});
await addPlatform(db, await newDistrict(db), { ...platform, deploymentIds: [platform.deploymentId], trustCustom: true });
afterAll(async () => {
  await platform.close();
  server.closeAllConnections();
  server.close();
  await db.close();
});

const text = async (address: string) => (await fetch(address)).text();
const plain = (value: string) => value.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
const fieldsOf = (page: string) =>
  Object.fromEntries([...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)]));

/** Opens a course page and follows its frame: login, the platform's answer, and the post it makes. */
async function open(person: string, course: string, change: (address: URL) => void = () => {}) {
  const page = await text(platform.launchUrl(person, course));
  const frame = plain(/src="([^"]+)"/.exec(page)?.[1] ?? '');
  const login = await fetch(frame.replace('&lti_storage_target=_parent', ''), { redirect: 'manual' });
  const asked = new URL(login.headers.get('location') ?? '');
  change(asked);
  const posted = await text(asked.href);
  const fields = fieldsOf(posted);
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    posted,
    fields,
    send: () => fetch(`${url}/lti/launch`, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie }, redirect: 'manual' }),
  };
}

test.each([
  ['teacher', '3a', { instructor: true, mentor: false, learner: false, administrator: false }],
  ['parent', '3a', { instructor: false, mentor: true, learner: false, administrator: false }],
  ['student', '3a', { instructor: false, mentor: false, learner: true, administrator: false }],
  ['admin', '3a', { instructor: false, mentor: false, learner: false, administrator: true }],
  ['teacher', '3b', { instructor: false, mentor: false, learner: true, administrator: false }],
])('%s opens the tool in course %s', async (person, course, roles) => {
  const { send } = await open(person, course);
  expect((await send()).headers.get('location')).toBe('/app/');
  expect(launches.at(-1)).toMatchObject({ roles, issuer: platform.issuer, context: { id: course === '3a' ? 'c-1' : 'c-2' } });
});

test('a parent’s launch names the children, a teacher’s does not', async () => {
  await (await open('parent', '3a')).send();
  expect(launches.at(-1)).toMatchObject({ mentoredSubs: ['u-3'], mentoredSourcedIds: ['S-3'], locale: 'es' });
  await (await open('teacher', '3a')).send();
  expect(launches.at(-1)).toMatchObject({ mentoredSubs: [], personSourcedIds: ['T-1'], classSourcedIds: ['SEC-1'] });
});

test('a new key is understood at the next launch', async () => {
  await platform.rotateKey();
  expect((await (await open('teacher', '3a')).send()).status).toBe(303);
});

test.each([
  ['prompt', 'login', 'invalid_request'],
  ['response_mode', 'query', 'invalid_request'],
  ['response_type', 'code', 'invalid_request'],
  ['scope', '', 'invalid_request'],
  ['nonce', '', 'invalid_request'],
  ['login_hint', 'u-999', 'login_required'],
  ['login_hint', 'u-3&x', 'login_required'],
  ['lti_message_hint', 'forged.hint', 'launch_no_longer_valid'],
])('asked with %s=%j it answers the tool with an error, as a real platform does', async (name, value, error) => {
  const { fields, send } = await open('teacher', '3a', (asked) => asked.searchParams.set(name, value));
  expect(fields).toMatchObject({ error, state: expect.any(String) });
  expect(fields.id_token).toBeUndefined();
  const answer = await send();
  expect(answer.status).toBeGreaterThanOrEqual(400);
});

test.each(['client_id', 'redirect_uri'])('asked with a foreign %s it sends nothing anywhere', async (name) => {
  const { posted, fields } = await open('teacher', '3a', (asked) => asked.searchParams.set(name, 'https://attacker.example/'));
  expect(fields).toEqual({});
  expect(posted).toContain('not registered');
});

test('its pages name people and courses, escaped, and ask nothing of anybody else', async () => {
  const home = await text(platform.url);
  expect(home).toContain('Ana Ruiz');
  expect(home).toContain('&lt;i&gt;Bo&lt;/i&gt;');
  const course = await text(platform.launchUrl('student', '3a'));
  expect(course).toContain('Grade 3 A');
  expect(`${home}${course}`).not.toMatch(/https?:\/\/(?!localhost|127)[^"]*"/);
  expect((await fetch(platform.launchUrl('student', '3b'))).status).toBe(404);
});

test('signs what a test asks for', async () => {
  const token = await platform.signLaunch({ person: 'teacher', course: '3a', nonce: 'n', claims: { email: undefined, sub: 'other' } });
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(payload).toMatchObject({ sub: 'other', nonce: 'n', aud: platform.clientId });
  expect(payload).not.toHaveProperty('email');
});
