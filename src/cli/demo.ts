import { createServer } from 'node:net';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { addPlatform, listPlatforms } from '../../lti/platforms.ts';
import type { Db } from '../db/db.ts';
import { castCourses, castPeople } from '../demo/cast.ts';
import { type DistrictSummary, writeDistrict } from '../demo/district/write.ts';
import { type Platform, startPlatform } from '../demo/platform.ts';
import { AppError } from '../errors.ts';
import { addSource, findSource, type Source } from '../sync/sources.ts';
import { type District, listDistricts, withDb } from './context.ts';
import { doors, doorsTold } from './demo-doors.ts';
import { addDistrict } from './district.ts';
import { note } from './output.ts';
import { untilStopped } from './serve.ts';
import { syncWithProgress } from './sync.ts';

type Options = { port: number; platformPort: number; once?: boolean };

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

export function demo(): Command {
  return new Command('demo')
    .description('load a sample district, start the service and a simulated school platform, and say what to open')
    .option('--port <n>', 'of the service; the next free one when it is taken', portOf, 4000)
    .option('--platform-port <n>', 'of the simulated school platform', portOf, 4100)
    .option('--once', 'check that every page answers, then stop: for automated runs')
    .addHelpText(
      'after',
      '\nExample:\n  $ aptt demo --port 8080\n\nIts data is kept under APTT_DATA_DIR (./data); a second start is faster.',
    )
    .action((options: Options) => withDb((db, env) => run(db, env.dataDir, options)));
}

async function run(db: Db, dataDir: string, options: Options): Promise<void> {
  const started = Date.now();
  const district = await sampleDistrict(db);
  const files = await writeDistrict(join(dataDir, 'sample'));
  note(`Sample district: ${files.schools} schools, ${files.students} students. Pulling its roster, contacts and scores …`);
  for (const source of await sampleSources(db, district, files)) await load(db, district, source);

  const { secretOf, startService } = await import('../main.ts');
  const { readEnv } = await import('../../config/env.ts');
  const env = readEnv();
  const port = await freePort(options.port);
  const url = `http://localhost:${port}`;
  const service = await startService({ db, url, port, secret: secretOf(env), log: 'warn' });
  const platform = await startPlatform({
    port: await freePort(options.platformPort, port),
    tool: { loginUrl: `${url}/lti/login`, targetLinkUri: `${url}/lti/launch` },
    people: castPeople(),
    courses: castCourses(),
    title: 'Willow County Learning',
  });
  try {
    await register(db, district, platform);
    const ready = `Ready in ${Math.round((Date.now() - started) / 1000)} seconds.`;
    if (options.once) return await checkDoors(platform, url, ready);
    process.stdout.write(`${doorsTold(platform, url, ready)}\n`);
    await untilStopped();
    note('\nStopping …');
  } finally {
    await platform.close();
    await service.close();
  }
}

async function sampleDistrict(db: Db): Promise<District> {
  const found = (await listDistricts(db)).find((district) => district.slug === 'sample');
  return found ?? addDistrict(db, 'sample', 'Willow County Schools (sample)', 'America/Chicago');
}

/** The roster first: contacts and scores find their people in it. */
async function sampleSources(db: Db, district: District, { paths }: DistrictSummary): Promise<Source[]> {
  const wanted = [
    { name: 'sis', kind: 'oneroster-csv', settings: { path: paths.roster } },
    { name: 'contacts', kind: 'contacts-csv', settings: { path: paths.contacts } },
    { name: 'dibels', kind: 'assessment-csv', settings: { path: paths.scores } },
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
  note(`  ${source.name.padEnd(9)} ${status}, ${read.toLocaleString('en-US')} records, ${problemCount} problems and warnings`);
}

async function register(db: Db, district: District, platform: Platform): Promise<void> {
  const { issuer, clientId, authUrl, tokenUrl, jwksUrl, deploymentId } = platform;
  const known = (await listPlatforms(db, district.id)).some((at) => at.issuer === issuer && at.clientId === clientId);
  if (!known) await addPlatform(db, district.id, { issuer, clientId, authUrl, tokenUrl, jwksUrl, deploymentIds: [deploymentId] });
}

/** @throws AppError `demo_failed` naming the first door that stays shut */
async function checkDoors(platform: Platform, url: string, ready: string): Promise<void> {
  note(ready);
  for (const { who, open } of [
    { who: 'the service', open: `${url}/healthz` },
    { who: 'the pages', open: `${url}/app/` },
    ...doors(platform),
  ]) {
    const answer = await fetch(open);
    if (!answer.ok) throw new AppError('demo_failed', `${who}: ${open} answers ${answer.status}`);
    note(`  ${who}: ok`);
  }
  process.stdout.write('Every page answers.\n');
}

/** The wanted port, or the next one that nobody listens on. 0: any. */
async function freePort(wanted: number, taken = -1): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + 100, 65536); port++) {
    if (port !== taken && (await isFree(port))) return port;
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
