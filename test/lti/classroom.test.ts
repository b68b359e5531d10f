/** The Classroom add-on's doors, asked as a browser, and as somebody who means no good, would ask them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { addAddon } from '../../lti/classroom/addons.ts';
import type { LaunchEvent } from '../../lti/event.ts';
import type { Launch } from '../../lti/launch-shape.ts';
import { listDeployments } from '../../lti/platforms.ts';
import { ltiRouter } from '../../lti/router.ts';
import { sampleDomain } from '../../src/demo/google/domain.ts';
import { type GoogleServer, startGoogle } from '../../src/demo/google/server.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const secret = 'a secret of at least thirty-two characters';
const db = await freshDatabase();
const domain = sampleDomain({ students: 30, schools: 1 });
const courseId = domain.courses[0]?.id ?? '';
const profileOf = (member = domain.teachers[courseId]?.[0]) => ({ sub: member?.userId ?? '', email: member?.profile?.emailAddress ?? '' });
const teacher = { ...profileOf(), hd: 'willow.example', givenName: 'Ada', familyName: 'Ruiz' };
const student = { ...profileOf(domain.students[courseId]?.[0]), hd: 'willow.example', givenName: 'Leo', familyName: 'Ruiz' };
const stranger = { sub: '9', email: 'stranger@willow.example', hd: 'willow.example', givenName: 'Sam', familyName: 'Ray' };
const visitor = { ...teacher, sub: '8', hd: 'oak.example' };
const private_ = { sub: '7', email: teacher.email, givenName: 'Ada', familyName: 'Ruiz' };

const app = express();
const server = createServer(app);
let google: GoogleServer;
let district: number;
let addon: number;
let url: string;
let launches: Launch[] = [];
let events: LaunchEvent[] = [];
let copies: string[][] = [];

beforeAll(async () => {
  google = await startGoogle({ domain, accounts: [teacher, student, stranger, visitor, private_] });
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  url = `http://localhost:${(server.address() as AddressInfo).port}`; // a TCP server has one
  district = await newDistrict(db);
  addon = (await addAddon(db, secret, district, { ...google.addon, domains: ['willow.example'] })).id;
  const admit = async (launch: Launch) => {
    launches.push(launch);
    return '/app/in/x/#ticket=t';
  };
  const onNotice = async (_tx: unknown, { about }: { about: { kind: string; origins?: string[] } }) =>
    void copies.push(about.origins ?? []);
  app.use(ltiRouter({ db, url, secret, admit, onNotice, onLaunch: async () => {}, log: (event) => void events.push(event) }));
});
beforeEach(() => {
  [launches, events, copies] = [[], [], []];
  google.accounts.tamper = null;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await google.close();
  await db.close();
});

const item = { courseId, itemId: '77', itemType: 'courseWork' };
const ours = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
const get = (address: string, headers: Record<string, string> = {}) => fetch(address, { headers, redirect: 'manual' });

/** @returns the cookie, and Google's address */
async function begin(asked: Record<string, string>, headers: Record<string, string> = ours) {
  const body = new URLSearchParams({ addon: String(addon), view: 'teacher', ...item, ...asked });
  const answer = await fetch(`${url}/lti/classroom-sign-in`, { method: 'POST', headers, body });
  const text = await answer.text();
  const next = /id="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', next };
}

/** @param as whom the person chooses at Google */
async function signIn(as: string, asked: Record<string, string> = {}) {
  const { cookie, next } = await begin(asked);
  const back = (await get(`${next}&as=${as}`)).headers.get('location') ?? '';
  const answer = await get(back, { cookie });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    open: /data-open="([^"]*)"/.exec(text)?.[1] ?? null,
    back,
    cookie,
    refused: events.at(-1)?.reason ?? null,
  };
}

test('a teacher signs in, and is who Google says, in the course Google says', async () => {
  expect(await signIn(teacher.sub)).toMatchObject({ status: 200, open: '/app/in/x/#ticket=t' });
  expect(launches).toMatchObject([
    {
      districtId: district,
      platformId: addon,
      deploymentId: 'willow.example',
      sub: teacher.sub,
      roles: { instructor: true, learner: false, mentor: false, administrator: false },
      context: { id: courseId },
      classSourcedIds: [`google:${courseId}`],
      personSourcedIds: [teacher.sub],
      person: { email: teacher.email },
    },
  ]);
  expect(events).toMatchObject([{ outcome: 'accepted' }]);
});

test('a role comes from Google’s answer about the course, whatever the address says', async () => {
  const answer = await signIn(student.sub, { role: 'teacher', teacherContext: '{}' });
  expect(answer).toMatchObject({ status: 200, open: `/lti/classroom-${addon}-student` });
  expect(launches).toEqual([]);
});

test('who is not in the course gets nowhere', async () => {
  expect(await signIn(stranger.sub)).toMatchObject({ status: 403, refused: 'classroom_refused', open: null });
  expect(await signIn(teacher.sub, { courseId: '1' })).toMatchObject({ status: 403, refused: 'classroom_refused' });
  expect(launches).toEqual([]);
});

test('a domain the district has not accepted waits, and an account of no domain is refused', async () => {
  expect(await signIn(visitor.sub)).toMatchObject({ status: 403, refused: 'deployment_pending' });
  expect(await listDeployments(db, district)).toContainEqual(expect.objectContaining({ deploymentId: 'oak.example', status: 'pending' }));
  expect(await signIn(private_.sub)).toMatchObject({ status: 400, refused: 'claim_missing' });
  expect(launches).toEqual([]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['for another client', { aud: 'somebody-else' }, 'audience_mismatch'],
  ['of another issuer', { iss: 'https://accounts.example.com' }, 'issuer_mismatch'],
  ['that answers another sign-in', { nonce: 'another' }, 'nonce_mismatch'],
  ['without a nonce', { nonce: undefined }, 'claim_missing'],
])('an id_token %s is refused', async (_, change, code) => {
  google.accounts.tamper = (claims) => ({ ...claims, ...change });
  expect(await signIn(teacher.sub)).toMatchObject({ status: 400, refused: code, open: null });
  expect(launches).toEqual([]);
});

test('a sign-in is good once, in the browser that began it, and only if the person agreed', async () => {
  const first = await signIn(teacher.sub);
  expect((await get(first.back, { cookie: first.cookie })).status).toBe(400);
  expect(events.at(-1)).toMatchObject({ reason: 'launch_replayed' });
  const begun = await begin({});
  const back = (await get(`${begun.next}&as=${teacher.sub}`)).headers.get('location') ?? '';
  expect((await get(back)).status).toBe(403);
  expect((await get(back, { cookie: begun.cookie.replace(/=.*/, '=another') })).status).toBe(400);
  expect((await get(back, { cookie: begun.cookie })).status).toBe(200); // nobody has used it up
  expect(await signIn('nobody')).toMatchObject({ status: 401, refused: 'platform_signed_out' });
  expect(launches).toHaveLength(2);
});

test('another site can begin no sign-in', async () => {
  expect(await begin({}, { ...ours, 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403, next: '' });
  expect(events).toMatchObject([{ reason: 'binding_foreign' }]);
});

test('the code is asked for with PKCE, and with no more scopes than it takes to know who somebody is', async () => {
  const { searchParams } = new URL((await begin({ login_hint: teacher.sub })).next);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: `${url}/lti/classroom-callback`,
    login_hint: teacher.sub,
    scope: 'openid email profile https://www.googleapis.com/auth/classroom.addons.teacher',
  });
});

test('a teacher adds an attachment that says in its addresses what it opens; a student adds none', async () => {
  const adding = { view: 'discovery', addOnToken: 'tok', open: 'meeting' };
  expect(await signIn(teacher.sub, adding)).toMatchObject({ status: 200, open: '' });
  expect(google.classroom.attachments.at(-1)).toMatchObject({
    courseId,
    itemId: '77',
    title: 'Next team meeting',
    teacherViewUri: { uri: `${url}/lti/classroom-${addon}-teacher?open=meeting` },
    studentViewUri: { uri: `${url}/lti/classroom-${addon}-student` },
  });
  expect(google.classroom.attachments.at(-1)).not.toHaveProperty('studentWorkReviewUri');
  const before = google.classroom.attachments.length;
  expect(await signIn(student.sub, adding)).toMatchObject({ status: 403, refused: 'deep_link_role' });
  expect(google.classroom.attachments).toHaveLength(before);
});

test('an attachment of a copied course opens, and the course is remembered as made from the other', async () => {
  await signIn(teacher.sub, { view: 'discovery' });
  const made = google.classroom.attachments.at(-1);
  const next = domain.courses[1]?.id ?? '';
  domain.teachers[next] = [...(domain.teachers[next] ?? []), ...(domain.teachers[courseId] ?? [])];
  const copy = google.classroom.copy(made?.id ?? '', { ...item, courseId: next, itemId: '78' });
  const answer = await signIn(teacher.sub, { courseId: next, itemId: '78', attachmentId: copy.id ?? '' });
  expect(answer).toMatchObject({ status: 200, open: '/app/in/x/#ticket=t' });
  expect([launches[0]?.context?.id, copies]).toEqual([next, [[courseId]]]);
});

test('every view is framed by Classroom alone and says nothing of anybody; a student’s needs no sign-in', async () => {
  const query = new URLSearchParams({ ...item, addOnToken: 't', login_hint: '1', attachmentId: 'a' });
  for (const view of ['discovery', 'teacher', 'review', 'upgrade', 'student']) {
    const answer = await get(`${url}/lti/classroom-${addon}-${view}?${query}`, { 'accept-language': 'es' });
    const text = await answer.text();
    expect([view, answer.status]).toEqual([view, 200]);
    expect(answer.headers.get('content-security-policy')).toContain(`frame-ancestors 'self' ${google.url}`);
    expect(text).toContain('lang="es"');
    expect(text.includes('<form')).toBe(view !== 'student');
  }
  const bare = await get(`${url}/lti/classroom-${addon}-teacher`);
  expect([bare.status, events.at(-1)?.reason]).toEqual([400, 'login_malformed']);
  expect((await get(`${url}/lti/classroom-99-teacher?${query}`)).status).toBe(400);
});

test('a pasted link of ours says which page the attachment is of, and what is no link of ours says nothing', async () => {
  const page = async (urlToUpgrade: string) =>
    (await get(`${url}/lti/classroom-${addon}-upgrade?${new URLSearchParams({ ...item, urlToUpgrade })}`)).text();
  expect(await page(`${url}/app/?open=meeting`)).toMatch(/value="meeting"[^>]* checked/);
  expect(await page('https://elsewhere.example/?open=family')).toMatch(/value="class"[^>]* checked/);
});

test('what the frame is told is written out as text', async () => {
  const query = new URLSearchParams({ ...item, addOnToken: '"><script>alert(1)</script>' });
  const text = await (await get(`${url}/lti/classroom-${addon}-teacher?${query}`)).text();
  expect(text).not.toContain('<script>alert');
});

test('the client secret lies sealed', async () => {
  const rows = await db.inDistrict(district, (tx) => tx`SELECT sealed_client_secret AS sealed FROM classroom_addon`);
  expect(rows[0]?.sealed).not.toContain(google.addon.clientSecret);
});
