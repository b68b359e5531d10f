/** The Teams tab's doors, asked as a browser, and as somebody who means no good, would ask them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { LaunchEvent } from '../../lti/event.ts';
import type { Launch } from '../../lti/launch-shape.ts';
import { ltiRouter } from '../../lti/router.ts';
import { manifestOf } from '../../lti/teams/manifest.ts';
import { addTab } from '../../lti/teams/tabs.ts';
import { signIn as takeIn } from '../../src/access/identity.ts';
import { type GraphServer, startGraph } from '../../src/demo/graph/server.ts';
import { sampleTenant } from '../../src/demo/graph/tenant.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const secret = 'a secret of at least thirty-two characters';
const db = await freshDatabase();
const tenant = sampleTenant({ students: 30, schools: 1 });
const person = (role: string) => {
  const { id: oid = '', userPrincipalName: upn, displayName: name } = tenant.users.find(({ primaryRole }) => primaryRole === role) ?? {};
  return { oid, upn: upn ?? '', name: name ?? '' };
};
const teacher = person('teacher');
const visitor = { ...teacher, oid: 'visitor', tid: '99999999-0000-4000-8000-000000000099' };

const app = express();
const server = createServer(app);
let graph: GraphServer;
let district: number;
let tab: number;
let url: string;
let launches: Launch[] = [];
let events: LaunchEvent[] = [];

const given = (more: Partial<Parameters<typeof addTab>[3]> = {}) => {
  const { tenantId, clientId, clientSecret } = graph.accounts;
  return { tenantId, clientId, clientSecret, person: 'oid' as const, authority: graph.url, ...more };
};

beforeAll(async () => {
  graph = await startGraph({ tenant, accounts: [teacher, person('student'), visitor] });
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  url = `http://localhost:${(server.address() as AddressInfo).port}`; // a TCP server has one
  district = await newDistrict(db);
  tab = (await addTab(db, secret, district, given())).id;
  const admit = async (launch: Launch) => {
    launches.push(launch);
    return '/app/in/x/#ticket=t';
  };
  app.use(
    ltiRouter({ db, url, secret, admit, onLaunch: async () => {}, onNotice: async () => {}, log: (event) => void events.push(event) }),
  );
});
beforeEach(() => {
  [launches, events] = [[], []];
  graph.accounts.tamper = null;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await graph.close();
  await db.close();
});

const ours = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
const get = (address: string, headers: Record<string, string> = {}) => fetch(address, { headers, redirect: 'manual' });

/** @returns the cookie, and Microsoft's address */
async function begin(asked: Record<string, string> = {}, headers: Record<string, string> = ours) {
  const body = new URLSearchParams({ tab: String(tab), ...asked });
  const answer = await fetch(`${url}/lti/teams-sign-in`, { method: 'POST', headers, body });
  const next = /id="next" href="([^"]+)"/.exec(await answer.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', next };
}

/** @param as whom the person chooses at Microsoft */
async function signIn(as: string) {
  const { cookie, next } = await begin();
  const back = (await get(`${next}&as=${as}`)).headers.get('location') ?? '';
  const answer = await get(back, { cookie });
  const open = /data-open="([^"]*)"/.exec(await answer.text())?.[1] ?? null;
  return { status: answer.status, open, back, cookie, refused: events.at(-1)?.reason ?? null };
}

test('a teacher signs in, and is who Microsoft says: the person of the roster that the tenant brought', async () => {
  const settings = { ...graph.settings, readingProgress: false, assignments: false };
  const source = await addSource(db, district, { name: 'm365', kind: 'microsoft-graph', settings }, () => secret);
  await syncSource(db, district, source, { actor: 'test' });
  expect(await signIn(teacher.oid)).toMatchObject({ status: 200, open: '/app/in/x/#ticket=t' });
  const [launch] = launches;
  expect(launch).toMatchObject({
    districtId: district,
    deploymentId: graph.accounts.tenantId,
    sub: teacher.oid,
    roles: { instructor: true, learner: false, mentor: false, administrator: false },
    context: null,
    personSourcedIds: [teacher.oid],
    person: { email: null },
  });
  expect(events).toMatchObject([{ outcome: 'accepted' }]);
  const { identity } = await takeIn(db, secret, launch as Launch);
  const [known] = await db.inDistrict(
    district,
    (tx) => tx`SELECT u.sourced_id AS id FROM lti_account a JOIN "user" u ON u.id = a.user_id WHERE a.id = ${identity.accountId}`,
  );
  expect(known).toEqual({ id: teacher.oid });
});

test('by the sign-in name, where the roster knows people by that', async () => {
  const setPerson = (person: string) => db.inDistrict(district, (tx) => tx`UPDATE teams_tab SET person = ${person}`);
  await setPerson('upn');
  await signIn(teacher.oid);
  await setPerson('oid');
  expect(launches).toMatchObject([{ sub: teacher.oid, personSourcedIds: [teacher.upn] }]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['for another app', { aud: 'somebody-else' }, 'audience_mismatch'],
  ['of another tenant', { iss: 'https://login.microsoftonline.com/other/v2.0' }, 'issuer_mismatch'],
  ['that answers another sign-in', { nonce: 'another' }, 'nonce_mismatch'],
  ['without a nonce', { nonce: undefined }, 'claim_missing'],
  ['that names nobody', { oid: undefined }, 'claim_missing'],
])('an id_token %s is refused', async (_, change, code) => {
  graph.accounts.tamper = (claims) => ({ ...claims, ...change });
  expect(await signIn(teacher.oid)).toMatchObject({ status: 400, refused: code, open: null });
  expect(launches).toEqual([]);
});

test('a guest of another tenant waits until district IT lets that tenant in', async () => {
  expect(await signIn(visitor.oid)).toMatchObject({ status: 403, refused: 'deployment_pending', open: null });
  expect(launches).toEqual([]);
});

test('a sign-in is good once, in the browser that began it, and only if the person agreed', async () => {
  const first = await signIn(teacher.oid);
  expect((await get(first.back, { cookie: first.cookie })).status).toBe(400);
  expect(events.at(-1)).toMatchObject({ reason: 'launch_replayed' });
  const begun = await begin();
  const back = (await get(`${begun.next}&as=${teacher.oid}`)).headers.get('location') ?? '';
  expect((await get(back)).status).toBe(403);
  expect((await get(back, { cookie: begun.cookie.replace(/=.*/, '=another') })).status).toBe(400);
  expect((await get(back.replace('teams-callback', 'classroom-callback'), { cookie: begun.cookie })).status).toBe(403);
  expect((await get(back, { cookie: begun.cookie })).status).toBe(200); // nobody has used it up
  expect(await signIn('nobody')).toMatchObject({ status: 401, refused: 'platform_signed_out' });
  expect(launches).toHaveLength(2);
});

test('another site can begin no sign-in, and asks for no more than who somebody is', async () => {
  expect(await begin({}, { ...ours, 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403, next: '' });
  const { searchParams } = new URL((await begin({ hint: teacher.upn })).next);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: `${url}/lti/teams-callback`,
    login_hint: teacher.upn,
    scope: 'openid profile email',
  });
});

test('the tab is framed by Teams alone, says nothing of anybody, and writes what it is told as text', async () => {
  const answer = await get(`${url}/lti/teams-${tab}?hint=${encodeURIComponent('"><script>alert(1)</script>')}`, {
    'accept-language': 'es',
  });
  const text = await answer.text();
  expect(answer.headers.get('content-security-policy')).toContain(
    "frame-ancestors 'self' https://teams.microsoft.com https://teams.cloud.microsoft",
  );
  expect(text).toContain('lang="es"');
  expect(text).not.toContain('<script>alert');
  expect((await get(`${url}/lti/teams-99`)).status).toBe(400);
});

test('a tab is of one tenant, its secret lies sealed, and its manifest names its page', async () => {
  await expect(addTab(db, secret, district, given({ tenantId: 'common' }))).rejects.toMatchObject({ code: 'platform_invalid' });
  const rows = await db.inDistrict(district, (tx) => tx`SELECT sealed_client_secret AS sealed FROM teams_tab`);
  expect(rows[0]?.sealed).not.toContain(graph.accounts.clientSecret);
  const manifest = manifestOf({ url: 'https://aptt.example', platformId: 3, clientId: graph.accounts.clientId, version: '1.0.0' });
  expect(manifest).toMatchObject({
    id: graph.accounts.clientId,
    validDomains: ['aptt.example'],
    staticTabs: [{ contentUrl: 'https://aptt.example/lti/teams-3?hint={loginHint}', scopes: ['personal'] }],
  });
});
