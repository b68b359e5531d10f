/**
 * A course of 5,000 members over Names and Roles, in pages of fifty as Canvas hands them out: reading them into roster records against
 * fetching and parsing the same pages alone; and a whole night end to end, in which half a percent of the members have changed, against the
 * same. The platform runs in a process of its own. The first night, and one in which nothing has changed, are printed beside them.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Source } from '../src/sync/sources.ts';
import { built } from './built.ts';
import { startChild } from './child.ts';
import { figure, seconds } from './figure.ts';
import type { Bench } from './main.ts';
import { newWorld, type World } from './world.ts';

const members = 5_000;
const rounds = 7;
const scope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const accept = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

export const memberships: Bench = {
  names: ['memberships-read', 'memberships-night'],
  async run(say) {
    const world = await newWorld();
    const closers: (() => unknown)[] = [() => world.close()];
    try {
      return await measure(world, say, (close) => closers.unshift(close));
    } finally {
      for (const close of closers) await close();
    }
  },
};

/** What of the service is measured. */
const shipped = async () => ({
  ...(await built<typeof import('../connectors/registry.ts')>('connectors/registry.js')),
  ...(await built<typeof import('../lti/keys.ts')>('lti/keys.js')),
  ...(await built<typeof import('../lti/platforms.ts')>('lti/platforms.js')),
  ...(await built<typeof import('../lti/services/token.ts')>('lti/services/token.js')),
  ...(await built<typeof import('../src/course-rosters.ts')>('src/course-rosters.js')),
  ...(await built<typeof import('../src/outbound.ts')>('src/outbound.js')),
});
type Shipped = Awaited<ReturnType<typeof shipped>>;
type Told = Parameters<Shipped['addPlatform']>[2] & { deploymentId: string; membershipsUrl: string };

async function measure(world: World, say: (line: string) => void, later: (close: () => unknown) => void) {
  const service = await shipped();
  service.allowPrivateHosts(['localhost']);
  const secret = randomBytes(32).toString('base64url');
  const keys = createServer(async (_req, res) => res.end(JSON.stringify(await service.publicKeys(world.db, secret))));
  await new Promise<void>((resolve) => keys.listen(0, () => resolve()));
  later(() => keys.close());
  const url = `http://localhost:${(keys.address() as AddressInfo).port}`; // a TCP server has one
  const tokens = service.serviceTokens({ db: world.db, secret });

  say('memberships: a platform with a course of 5,000 …');
  const child = await startChild('./platform-child.ts', url, String(members), 'canvas');
  later(child.stop);
  const told = (await child.ask('platform')) as Told; // platform-child.ts says so
  const { first, alone, read, same, night } = await course(world, service, tokens, told, () => child.ask('night'));
  const against = `against ${seconds(alone)} for the pages alone`;
  return [
    figure('memberships-read', read / alone, 1 / 0.6, `${seconds(read)} ${against}`),
    figure(
      'memberships-night',
      night / alone,
      1 / 0.6,
      `${seconds(night)} ${against}; ${seconds(same)} if nothing has changed; the first ${seconds(first)}`,
    ),
  ];
}

/** Milliseconds, taken in turns. */
async function course(
  world: World,
  service: Shipped,
  tokens: ReturnType<Shipped['serviceTokens']>,
  told: Told,
  change: () => Promise<unknown>,
) {
  const { db, districtId } = world;
  const source = await connected(world, service, told);
  const token = await tokens.of(districtId, Number(source.settings.platform))([scope]);
  const alone = () => pages(told.membershipsUrl, token);
  const read = async () => {
    const connector = service.connectorFor(source.kind);
    const ready = await service.withCourses(db, tokens, districtId, source);
    let enrollments = 0;
    for await (const item of connector.pull(connector.settings.parse(ready.settings), {})) {
      if (item.type === 'batch' && item.entity === 'enrollments') enrollments += item.rows.length;
    }
    return enrollments;
  };
  const night = async () => (await service.syncAny(db, () => tokens, districtId, source, { actor: 'bench' })).status;
  const expected = <T>(found: T, wanted: T) => {
    if (found !== wanted) throw new Error(`${found}, and not ${wanted}`);
  };
  await alone();
  const first = await timed(night);
  expected(first.value, 'applied');
  const took = { alone: [] as number[], read: [] as number[], same: [] as number[], night: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    took.alone.push((await timed(alone)).ms);
    const reading = await timed(read);
    expected(reading.value, members);
    took.read.push(reading.ms);
    const synced = await timed(night);
    expected(synced.value, 'unchanged');
    took.same.push(synced.ms);
    await change();
    const changed = await timed(night);
    expected(changed.value, 'applied');
    took.night.push(changed.ms);
  }
  return { first: first.ms, alone: median(took.alone), read: median(took.read), same: median(took.same), night: median(took.night) };
}

async function connected({ db, districtId }: World, { addPlatform }: Shipped, told: Told): Promise<Source> {
  const { deploymentId, membershipsUrl, ...registration } = told;
  const { id } = await addPlatform(db, districtId, { ...registration, deploymentIds: [deploymentId] });
  return db.inDistrict(districtId, async (tx) => {
    const [source] = await tx<Source[]>`INSERT INTO source (district_id, name, kind, settings, brings_roster)
      VALUES (${districtId}, 'Courses', 'lti-memberships', ${tx.json({ platform: id })}, false) RETURNING id, name, kind, settings`;
    if (!source) throw new Error('no source');
    await tx`INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, title, memberships_url, source_id)
      VALUES (${districtId}, ${id}, ${deploymentId}, 'big', 'A large course', ${membershipsUrl}, ${source.id})`;
    return source;
  });
}

/** Page after page, each parsed, as the simplest program would. */
async function pages(from: string, token: string): Promise<number> {
  let count = 0;
  for (let next: string | undefined = from; next; ) {
    const response: Response = await fetch(next, { headers: { accept, authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`${next} answers ${response.status}`);
    count += ((await response.json()) as { members: unknown[] }).members.length; // the simulated platform's answer
    next = /<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1]?.replaceAll('&amp;', '&'); // it names the next page alone
  }
  return count;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const from = performance.now();
  const value = await work();
  return { value, ms: performance.now() - from };
}

const median = (of: number[]): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
