/** The PostgreSQL we bring ourselves: it outlives whoever is killed, is found again, is shared, and goes when the last one leaves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, openDb } from '../../src/db/db.ts';
import { startEmbedded } from '../../src/db/embedded.ts';

const isRoot = process.getuid?.() === 0;
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const folders: string[] = [];

function folder(mode: number): string {
  const made = mkdtempSync(join(tmpdir(), 'aptt-embedded-'));
  chmodSync(made, mode);
  folders.push(made);
  return made;
}

afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

const postmaster = (home: string) => Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
const isStopped = (home: string) => !existsSync(join(home, 'postgres', 'postmaster.pid'));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

type Started = { child: ChildProcess; out: Promise<string>; ended: Promise<number | null> };

function aptt(dataDir: string, args: string[], account: { uid?: number; gid?: number } = {}): Started {
  const { DATABASE_URL: _none, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args, '--json'], {
    ...account,
    env: { ...env, APTT_DATA_DIR: dataDir, PORT: '0', APTT_LOG: 'silent', NODE_OPTIONS: '', ...(account.uid ? { HOME: dataDir } : {}) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const out = new Promise<string>((resolve) => child.stdout?.setEncoding('utf8').once('data', resolve));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, out, ended };
}

test('a service killed with -9 leaves its server running; the next start attaches, and the last one out stops it', async () => {
  const data = folder(0o755);
  const service = aptt(data, ['serve']);
  const { url } = JSON.parse(await service.out) as { url: string };
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await aptt(data, ['district', 'add', 'willow']).ended;
  const server = postmaster(data);

  service.child.kill('SIGKILL');
  await service.ended;
  expect(isAlive(server)).toBe(true);

  const again = aptt(data, ['serve']);
  await again.out;
  expect(postmaster(data)).toBe(server);
  const list = aptt(data, ['district', 'list']);
  expect(JSON.parse(await list.out)).toMatchObject({ districts: [{ slug: 'willow' }] });
  await list.ended;
  expect(isAlive(server)).toBe(true); // the service still needs it

  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
  expect(isStopped(data)).toBe(true);
});

test('the server itself killed with -9 comes back with what was committed', async () => {
  const data = folder(0o755);
  const first = await startEmbedded(data);
  const db = connect(first.url, { max: 1 });
  await db.sql`CREATE TABLE kept AS SELECT 42 AS n`;
  process.kill(postmaster(data), 'SIGKILL');
  await db.close().catch(() => {});

  const again = await startEmbedded(data);
  const after = connect(again.url, { max: 1 });
  expect(await after.sql`SELECT n FROM kept`).toEqual([{ n: 42 }]);
  await after.close();
  await again.leave();
  expect(isStopped(data)).toBe(true);
});

test('several that start together share one server', async () => {
  const data = folder(0o755);
  const together = await Promise.all([1, 2, 3].map(() => aptt(data, ['migrate'])));
  expect(await Promise.all(together.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  for (let patience = 50; !isStopped(data) && patience > 0; patience--) await sleep(100);
  expect(isStopped(data)).toBe(true);
});

const asRoot = isRoot ? test : test.skip;

asRoot('root’s own folder, closed to every other account, works too: the cluster lies beside it (only root can try)', async () => {
  const data = folder(0o700);
  const db = await openDb({ databaseUrl: null, dataDir: data });
  expect(await db.sql`SELECT count(*)::int AS n FROM district`).toEqual([{ n: 0 }]);
  await db.close();
  const home = readFileSync(join(data, 'postgres-is-in.txt'), 'utf8').trim();
  folders.push(home);
  expect(isStopped(home)).toBe(true);
  const again = await openDb({ databaseUrl: null, dataDir: data });
  await again.close();
  expect(readFileSync(join(data, 'postgres-is-in.txt'), 'utf8').trim()).toBe(home);
});

/** Nobody else gets through to a checkout in a folder of root's own. */
function isOpenToOthers(path: string): boolean {
  const mode = statSync(path).mode & 0o005;
  return mode === 0o005 && (dirname(path) === path || isOpenToOthers(dirname(path)));
}

(isOpenToOthers(import.meta.dirname) ? asRoot : test.skip)(
  'an ordinary user runs it as themselves (only root can become one)',
  async () => {
    const data = folder(0o755);
    const nobody = { uid: 65534, gid: 65534 };
    chownSync(data, nobody.uid, nobody.gid);
    const list = aptt(data, ['district', 'list'], nobody);
    expect(JSON.parse(await list.out)).toEqual({ districts: [] });
    expect(await list.ended).toBe(0);
    expect(isStopped(data)).toBe(true);
  },
);
