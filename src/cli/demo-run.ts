/** The demo: the sample district through the real connectors and syncs, the real service, and a school platform that only looks like one. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '../../config/env.ts';
import { addPlatform, listPlatforms, setCustomTrusted } from '../../lti/platforms.ts';
import type { Db } from '../db/db.ts';
import { castCourses, castPeople } from '../demo/cast.ts';
import { charterColumn, charterCourse, charterPeople } from '../demo/charter.ts';
import { type DistrictSummary, writeDistrict } from '../demo/district/write.ts';
import { type Platform, startPlatform } from '../demo/platform.ts';
import { AppError } from '../errors.ts';
import { startService } from '../main.ts';
import { allowPrivateHosts } from '../outbound.ts';
import type { MeShape } from '../read-models/shapes.ts';
import { secretOf } from '../secret.ts';
import { addSource, findSource, type Source } from '../sync/sources.ts';
import { type District, listDistricts } from './context.ts';
import type { DemoOptions } from './demo.ts';
import { addresses, doors, doorsTold, type Platforms } from './demo-doors.ts';
import { setSampleGoals } from './demo-goals.ts';
import { checkSystems, type System, startSystems, systemsHost, systemsTold } from './demo-systems.ts';
import { visit } from './demo-visit.ts';
import { addDistrict } from './district.ts';
import { counted, note, result } from './output.ts';
import { untilStopped } from './serve.ts';
import { syncWithProgress } from './sync.ts';

/** @throws AppError `demo_failed` | `port_taken`, and whatever opening a door throws */
export async function runDemo(db: Db, env: Env, options: DemoOptions): Promise<void> {
  const started = Date.now();
  allowPrivateHosts(['localhost', systemsHost]);
  const district = await sampleDistrict(db, 'sample', 'Willow County Schools (sample)');
  const files = await writeDistrict(join(env.dataDir, 'sample'));
  note(`Sample district: ${files.schools} schools, ${files.students} students. Pulling its roster, contacts and scores …`);
  for (const source of await sampleSources(db, district, files)) await load(db, district, source);
  await setSampleGoals(db, district.id);

  const port = await freePort(options.port ?? env.port);
  const service = await startService({ db, url: `http://localhost:${port}`, port, secret: secretOf(env), log: 'warn' });
  const { url } = service;
  const tool = { loginUrl: `${url}/lti/login`, targetLinkUri: `${url}/app/` };
  const willow = { tool, people: castPeople(), courses: castCourses(), title: 'Willow County Learning' };
  const ash = { tool, people: charterPeople, courses: [charterCourse], title: 'Ash Charter Learning' };
  const platforms: Platforms = {
    district: await startPlatform({ ...willow, port: await freePort(options.platformPort) }),
    charter: await startPlatform({ ...ash, port: await freePort(options.platformPort), accent: 'moodle' }),
  };
  platforms.charter.services.courses.get(charterCourse.id)?.lineItems.push(charterColumn());
  const systemsPort = options.platformPort && options.platformPort + 100;
  const systems = await startSystems(join(env.dataDir, 'sample', 'secrets'), () => freePort(systemsPort));
  try {
    await register(db, district, platforms.district);
    await register(db, await sampleDistrict(db, 'sample-charter', 'Ash Charter School (sample)'), platforms.charter);
    const ready = `Ready in ${counted(Math.round((Date.now() - started) / 1000), 'second')}.`;
    if (options.once) return await checkDoors(platforms, systems, url, ready, options.json);
    const tries = await systemsTold(db, systems);
    result(options.json, { ...addresses(platforms, url), systems: tries }, () => doorsTold(platforms, tries, url, ready));
    await untilStopped();
    note('\nStopping …');
  } finally {
    for (const other of [...Object.values(platforms), ...systems]) await other.close();
    await service.close();
  }
}

async function sampleDistrict(db: Db, slug: string, name: string): Promise<District> {
  const found = (await listDistricts(db)).find((district) => district.slug === slug);
  return found ?? addDistrict(db, slug, name, 'America/Chicago');
}

/** The roster first: contacts and scores find their people in it. */
async function sampleSources(db: Db, district: District, { paths }: DistrictSummary): Promise<Source[]> {
  const wanted = [
    { name: 'Student records', kind: 'oneroster-csv', settings: { path: paths.roster } },
    { name: 'Family contacts', kind: 'contacts-csv', settings: { path: paths.contacts } },
    { name: 'Reading scores', kind: 'assessment-csv', settings: { path: paths.scores } },
  ];
  const sources: Source[] = [];
  for (const source of wanted) sources.push((await findSource(db, district.id, source.name)) ?? (await addSource(db, district.id, source)));
  return sources;
}

async function load(db: Db, district: District, source: Source): Promise<void> {
  const { status, entities, problemCount, error } = await syncWithProgress(db, district.id, source);
  if (status !== 'applied' && status !== 'unchanged') {
    throw new AppError('demo_failed', `the sync of ${source.name} ended ${status}${error ? `: ${error.message}` : ''}`, {
      hint: 'Start afresh with another data folder: APTT_DATA_DIR=./data-2 npm run demo',
    });
  }
  const read = Object.values(entities).reduce((sum, counts) => sum + counts.read, 0);
  note(`  ${source.name.padEnd(15)} ${status}, ${read.toLocaleString('en-US')} records, ${problemCount} problems and warnings`);
}

async function register(db: Db, district: District, platform: Platform): Promise<void> {
  const { issuer, clientId, authUrl, tokenUrl, jwksUrl, deploymentId } = platform;
  const known = (await listPlatforms(db, district.id)).find((at) => at.issuer === issuer && at.clientId === clientId);
  // Its courses are written by nobody: their custom parameters may say whose child is whose.
  if (known) await setCustomTrusted(db, district.id, known.id, true);
  else
    await addPlatform(db, district.id, { issuer, clientId, authUrl, tokenUrl, jwksUrl, deploymentIds: [deploymentId], trustCustom: true });
}

/** Goes in at every door. @throws AppError `demo_failed` naming the first one that stays shut, or opens on the wrong room */
async function checkDoors(platforms: Platforms, systems: readonly System[], url: string, ready: string, json?: boolean): Promise<void> {
  note(ready);
  for (const path of ['/healthz', '/readyz', '/app/']) {
    const answer = await fetch(`${url}${path}`);
    if (!answer.ok) throw new AppError('demo_failed', `${path} answers ${answer.status}`);
  }
  for (const { who, open, roles } of doors(platforms)) {
    const me = await settled(open, url);
    if (me.roles.join() !== roles.join()) throw new AppError('demo_failed', `${who} comes in as ${me.roles.join(', ') || 'nobody'}`);
    note(`  ${who}: comes in as ${roles.join(' and ')}`);
  }
  await checkSystems(systems, note);
  result(json, { ...addresses(platforms, url), ok: true }, () => 'Every door opens.');
}

/** A course that is opened for the first time has its members read behind the page, which asks again until they are there. */
async function settled(open: string, url: string): Promise<MeShape> {
  for (let tries = 0; ; tries++) {
    const me = await visit(open, url);
    if (me.waiting !== 'course_being_read' || tries === 60) return me;
    await sleep(500);
  }
}

/** The wanted port, or the next one that nobody listens on. 0: any. */
async function freePort(wanted: number): Promise<number> {
  if (wanted === 0) return 0;
  for (let port = wanted; port < Math.min(wanted + 100, 65536); port++) {
    if (await isFree(port)) return port;
  }
  throw new AppError('port_taken', `no free port from ${wanted} to ${wanted + 99}`, { hint: 'Give --port and --platform-port.' });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
