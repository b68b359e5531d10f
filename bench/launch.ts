/**
 * What a launch costs the tool in CPU, which on one core is what decides how many it takes in a second: against a verification by the JOSE
 * library and one request through the same middleware; against the least it could (the bare RS256 verification, that request, and the two
 * statements no launch can do without: its login is used up, its session opened); and against ltijs launched by the same platform in the same
 * run. Tokens are signed here, in the process that makes the load.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { addPlatform } from '../lti/platforms.ts';
import { writeDistrict } from '../src/demo/district/write.ts';
import { type Platform, type PlatformCourse, type PlatformPerson, startPlatform } from '../src/demo/platform.ts';
import { syncSource } from '../src/sync/run.ts';
import { ensureSource } from '../src/sync/sources.ts';
import { type Child, startChild } from './child.ts';
import { figure } from './figure.ts';
import { sustained } from './launch-load.ts';
import { type Ask, type Got, type Http, http, percentile, spread } from './load.ts';
import type { Bench } from './main.ts';
import { newWorld, type World } from './world.ts';

const connections = 16;
const rounds = 10;
const launches = 120; // a round
const warmUps = 40; // rounds: until then the engine is still compiling

/** One of the tools under measure. */
type Tool = {
  child: Child;
  loginUrl: string;
  launchUrl: string;
  target: string;
  /** Its POST only redirects; the launch is handed to the application at the address it redirects to. */
  followed: boolean;
};

/** Microseconds of a launch's parts. */
type Cost = { login: number; post: number; follow: number };

export const launch: Bench = {
  names: ['launch-cpu', 'launch-throughput', 'launch-vs-ltijs', 'launch-memory'],
  async run(say, only) {
    const world = await newWorld();
    const closers: (() => unknown)[] = [() => world.close()];
    try {
      return await measure(world, say, only, (close) => closers.unshift(close));
    } finally {
      for (const close of closers) await close();
    }
  },
};

async function measure(world: World, say: (line: string) => void, only: string | null, later: (close: () => unknown) => void) {
  say('launch: a roster, a platform, our service and ltijs …');
  const secret = randomBytes(32).toString('base64url');
  const cast = await castOf(world);
  const service = await startChild('./service-child.ts', world.url, secret);
  later(service.stop);
  const url = (await service.ask('url')) as string;
  const ours: Tool = {
    child: service,
    loginUrl: `${url}/lti/login`,
    launchUrl: `${url}/lti/launch`,
    target: `${url}/app`,
    followed: false,
  };
  const platform = await startPlatform({ tool: { loginUrl: ours.loginUrl, targetLinkUri: ours.target }, ...cast });
  later(platform.close);
  const { issuer, clientId, authUrl, tokenUrl, jwksUrl, deploymentId } = platform;
  const registration = { issuer, clientId, authUrl, tokenUrl, jwksUrl };
  await addPlatform(world.db, world.districtId, { ...registration, deploymentIds: [deploymentId] });
  const peer = await startChild('./ltijs-child.ts', secret);
  later(peer.stop);
  const peerUrl = (await peer.ask('url')) as string;
  await peer.ask('register', registration);
  const theirs: Tool = { child: peer, loginUrl: `${peerUrl}/login`, launchUrl: `${peerUrl}/`, target: `${peerUrl}/`, followed: true };

  const client = http(connections);
  later(client.close);
  const people = cast.people.map(({ key }) => key);
  const session = { client, platform, people };
  const least = await leastOf(session, ours, world);
  say(`launch: ${rounds * launches} launches of each after a warm-up …`);
  for (let round = 0; round < warmUps; round++) {
    for (const tool of [ours, theirs]) await launchAll(session, tool);
    for (const part of Object.values(least)) await part();
  }
  const seen: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const costs = { ours: await launchAll(session, ours), theirs: await launchAll(session, theirs) };
    const { verify, signature, request, statements } = least;
    seen.push({
      ...costs,
      verify: await verify(),
      signature: await signature(),
      request: await request(),
      statements: await statements(),
    });
  }
  if (only && !'launch-memory'.startsWith(only)) return figures(seen);
  say('launch: ten thousand launches over fifty connections …');
  return [
    ...figures(seen),
    await sustained(
      service,
      (count) => preparedLaunches(session, ours, count),
      (got) => expectStatus(got, 303),
    ),
  ];
}

type Round = { ours: Cost; theirs: Cost } & Record<keyof Awaited<ReturnType<typeof leastOf>>, number>;

/** What disturbs a round disturbs all its parts: ratios are taken within each round, and of the rounds the middle one counts. */
function figures(seen: Round[]) {
  const middle = (of: (round: Round) => number) => percentile(seen.map(of), 0.5);
  const us = (of: (round: Round) => number) => `${(middle(of) / launches).toFixed(0)} µs`;
  const whole = ({ login, post, follow }: Cost) => login + post + follow;
  return [
    figure(
      'launch-cpu',
      middle(({ ours, verify, request }) => ours.post / (verify + request)),
      3,
      `${us(({ ours }) => ours.post)} of CPU a launch (${us(({ ours }) => whole(ours))} with its login) against ` +
        `${us(({ verify }) => verify)} a verification + ${us(({ request }) => request)} a request`,
    ),
    figure(
      'launch-throughput',
      middle(({ ours, signature, request, statements }) => ours.post / (signature + request + statements)),
      2,
      `${us(({ ours }) => ours.post)} against ${us(({ signature }) => signature)} a bare RS256 verification + ` +
        `${us(({ request }) => request)} a request + ${us(({ statements }) => statements)} two statements`,
    ),
    figure(
      'launch-vs-ltijs',
      middle(({ ours, theirs }) => whole(ours) / whole(theirs)),
      0.5,
      `login and launch ${us(({ ours }) => whole(ours))} of CPU against ${us(({ theirs }) => whole(theirs))} of ltijs ` +
        `(${us(({ theirs }) => theirs.login)} + ${us(({ theirs }) => theirs.post)} + ${us(({ theirs }) => theirs.follow)})`,
    ),
  ];
}

// --- launching ---

type Session = { client: Http; platform: Platform; people: string[] };
type LoggedIn = { person: string; state: string; nonce: string; cookie: string };

/** Every step for all launches of the round before the next step, so that each step's CPU can be told. */
async function launchAll({ client, platform, people }: Session, tool: Tool): Promise<Cost> {
  const login = await costOf(tool.child, () => logAllIn({ client, platform, people }, tool, launches));
  const posts = await signed(platform, tool, login.value);
  const post = await costOf(tool.child, () => spread(posts, connections, client.send));
  for (const got of post.value.results) expectStatus(got, tool.followed ? 302 : 303);
  if (!tool.followed) return { login: login.cpu, post: post.cpu, follow: 0 };

  const asks = post.value.results.map((got) => ({ url: locationOf(got, tool.launchUrl).href, headers: { Cookie: cookieOf(got) } }));
  const follow = await costOf(tool.child, () => spread(asks, connections, client.send));
  for (const got of follow.value.results) expectStatus(got, 200);
  return { login: login.cpu, post: post.cpu, follow: follow.cpu };
}

const preparedLaunches = async (session: Session, tool: Tool, count: number): Promise<Ask[]> =>
  signed(session.platform, tool, await logAllIn(session, tool, count));

async function logAllIn({ client, platform, people }: Session, tool: Tool, count: number): Promise<LoggedIn[]> {
  const persons = Array.from({ length: count }, (_, n) => people[n % people.length] as string); // a remainder is a position
  return (await spread(persons, connections, (person) => logIn(client, platform, tool, person))).results;
}

async function signed(platform: Platform, tool: Tool, logins: LoggedIn[]): Promise<Ask[]> {
  const claims = { 'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': tool.target };
  const posts: Ask[] = [];
  for (const { person, state, nonce, cookie } of logins) {
    posts.push(launchPost(tool.launchUrl, state, await platform.signLaunch({ person, course: person, nonce, claims }), cookie));
  }
  return posts;
}

async function logIn(client: Http, platform: Platform, tool: Tool, person: string): Promise<LoggedIn> {
  const { issuer, clientId, deploymentId } = platform;
  const said = { iss: issuer, client_id: clientId, login_hint: person, target_link_uri: tool.target, lti_deployment_id: deploymentId };
  const got = await client.send({ url: `${tool.loginUrl}?${new URLSearchParams(said)}` });
  expectStatus(got, 302);
  const { searchParams } = locationOf(got, tool.loginUrl);
  return { person, state: searchParams.get('state') ?? '', nonce: searchParams.get('nonce') ?? '', cookie: cookieOf(got) };
}

function launchPost(url: string, state: string, idToken: string, cookie: string): Ask {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: cookie };
  return { url, method: 'POST', headers, body: new URLSearchParams({ state, id_token: idToken }).toString() };
}

/** A refused launch must not pass for a cheap one. */
function expectStatus({ status, body }: Got, expected: number): void {
  if (status !== expected) throw new Error(`answered ${status}, not ${expected}: ${body.slice(0, 300)}`);
}

const locationOf = ({ headers }: Got, base: string): URL => new URL(headers.location ?? '', base);
/** What a browser sends back; cookies taken away again are left out. */
const cookieOf = ({ headers }: Got): string =>
  (headers['set-cookie'] ?? [])
    .map((cookie) => cookie.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ');

async function costOf<T>(child: Child, work: () => Promise<T>): Promise<{ cpu: number; value: T }> {
  const before = await child.cpu();
  const value = await work();
  return { cpu: (await child.cpu()) - before, value };
}

// --- the least a launch could cost ---

/**
 * Each as many times as there are launches in a round: verifications, requests with the launch's own form through the launch's own
 * middleware, and the launch's own two statements, with all they find and write.
 */
async function leastOf({ client, platform, people }: Session, tool: Tool, { db }: World) {
  const service = tool.child;
  const [person = ''] = people;
  const nonce = randomBytes(32).toString('base64url');
  const token = await platform.signLaunch({ person, course: person, nonce });
  const { keys } = JSON.parse((await client.send({ url: platform.jwksUrl })).body) as { keys: JWK[] }; // the simulated platform's key set
  const question = { token, jwk: keys[0], issuer: platform.issuer, audience: platform.clientId, times: launches };
  const verify = (by: 'jose' | 'crypto') => async () => (await costOf(service, () => service.ask('verify', { ...question, by }))).cpu;
  const url = (await service.ask('leastUrl')) as string;
  const forms: Ask[] = Array.from({ length: launches }, () => launchPost(url, nonce, token, `aptt-login=${nonce}`));
  const request = async () => {
    const { cpu, value } = await costOf(service, () => spread(forms, connections, client.send));
    for (const got of value.results) expectStatus(got, 200);
    return cpu;
  };

  const session = { client, platform, people };
  await launchAll(session, tool); // the first of a person, or in a course, makes more statements
  const posts = await preparedLaunches(session, tool, launches);
  await db.sql`CREATE TABLE bench_login AS TABLE lti_login`;
  await service.ask('listen');
  for (const got of (await spread(posts, connections, client.send)).results) expectStatus(got, 303);
  const count = await service.ask('heard');
  if (count !== 2 * launches) throw new Error(`${launches} launches made ${count} statements`);
  const statements = async () => {
    await db.sql`TRUNCATE session, session_ticket`;
    await db.sql`INSERT INTO lti_login TABLE bench_login`;
    const { cpu, value } = await costOf(service, () => service.ask('replay', connections));
    if (value !== true) throw new Error('a statement did not find what it found before');
    return cpu;
  };
  return { verify: verify('jose'), signature: verify('crypto'), request, statements };
}

// --- who launches ---

/** Teachers of a synced sample district, each from a course that is a class of theirs: what a tool sees on an ordinary morning. */
async function castOf(world: World): Promise<{ people: PlatformPerson[]; courses: PlatformCourse[] }> {
  const { db, districtId, folder } = world;
  const { paths } = await writeDistrict(join(folder, 'small'), { students: 1200 });
  const source = await ensureSource(db, districtId, 'oneroster-csv', { path: paths.roster });
  const { status } = await syncSource(db, districtId, source, { actor: 'bench' });
  if (status !== 'applied') throw new Error(`the roster was not applied: ${status}`);
  const rows = await db.inDistrict(
    districtId,
    (tx) => tx<{ person: string; givenName: string; familyName: string; klass: string; title: string }[]>`
      SELECT DISTINCT ON (u.id) u.sourced_id AS person, u.given_name AS "givenName", u.family_name AS "familyName", c.sourced_id AS klass, c.title
      FROM enrollment e JOIN "user" u ON u.id = e.user_id JOIN class c ON c.id = e.class_id
      WHERE e.role = 'teacher' AND e.is_primary AND e.ended_at IS NULL ORDER BY u.id, c.id LIMIT 50`,
  );
  return {
    people: rows.map(({ person, givenName, familyName }) => {
      return { key: person, sub: person, givenName, familyName, lisPersonSourcedId: person, locale: 'en-US', roles: ['instructor'] };
    }),
    courses: rows.map(({ person, klass, title }) => {
      return { key: person, id: `course-${klass}`, title, sectionSourcedId: klass, members: [{ person }] };
    }),
  };
}
