/**
 * A real PostgreSQL from npm for those who bring none. The server outlives a killed process and is attached to by the next one;
 * several processes share it; the last to leave in good order stops it. Throws AppError `embedded_postgres_failed`.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, parse, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { AppError } from '../errors.ts';

const run = promisify(execFile);

export type Embedded = {
  url: string;
  /** Stops the server if no other client is connected to it. */
  leave(): Promise<void>;
};

type Account = { uid: number; gid: number } | null;

/**
 * @param dataDir absolute; the cluster lives in `<dataDir>/postgres`
 * @param options.fast no fsync: for throw-away clusters of a test run only
 */
export async function startEmbedded(dataDir: string, options: { fast?: boolean } = {}): Promise<Embedded> {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (cause) {
    throw failed(`the data folder ${dataDir} cannot be made`, cause);
  }
  const account = serverAccount();
  const home = account ? reachableHome(dataDir) : dataDir;
  const cluster = join(home, 'postgres');
  const binaries = await binariesFor(account);

  return alone(home, async () => {
    const password = passwordOf(home, account);
    if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(binaries, cluster, home, password, account);
    // The server may be going down at this moment, by somebody else's hand: look again before giving up.
    for (let attempt = 1; ; attempt++) {
      const port = runningPort(cluster);
      const presence = port === null ? null : await attend(urlOf(port, password));
      if (port && presence) return handle(urlOf(port, password), presence, { binaries, home, cluster, account });
      try {
        await start(binaries, cluster, account, options.fast ?? false);
      } catch (cause) {
        if (attempt < 5) await sleep(400 * attempt);
        else throw failed(`the server in ${cluster} did not start; its log is ${join(cluster, 'server.log')}`, cause);
      }
    }
  });
}

const held = new Set<string>();
const mostSecondsAlone = 120;

/** One process at a time starts or stops a cluster: two would both initialise it, or one would stop what the other has just found. */
async function alone<T>(home: string, work: () => Promise<T>): Promise<T> {
  const lock = join(home, 'postgres.lock');
  while (!takeLock(lock)) await sleep(100);
  held.add(lock);
  try {
    return await work();
  } finally {
    held.delete(lock);
    rmSync(lock, { force: true });
  }
}

/** Whoever was killed while holding it holds it no more; nor does a namesake of ours from before a machine's or container's restart. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw failed(`${lock} cannot be written`, cause); // fs errors carry a code
  }
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    const isOurs = holder === process.pid && !held.has(lock);
    const isOld = Date.now() - statSync(lock).mtimeMs > mostSecondsAlone * 1000;
    if (isOurs || isOld || (holder > 0 && !isAlive(holder))) rmSync(lock, { force: true });
  } catch {
    // just released
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's process
  }
}

const failed = (message: string, cause: unknown) =>
  new AppError('embedded_postgres_failed', `Embedded PostgreSQL: ${message}`, {
    consequence: 'halt',
    cause,
    hint: 'Check APTT_DATA_DIR, or bring your own server: DATABASE_URL=postgres://user:password@host/database.',
  });

/** PostgreSQL refuses to run as root: as root we run it under an unprivileged account. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!found) throw failed('running as root, and neither a postgres nor a nobody account exists', undefined);
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** Whether an account that owns nothing on the way can pass through every folder down to `path`. */
function isReachable(path: string): boolean {
  const { root } = parse(path);
  for (let at = path; at !== root; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

/** Root's own folders are often closed to others (/root, mktemp -d): then the cluster lives in a place of its own, the same each time. */
function reachableHome(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const home = isReachable(dataDir) ? dataDir : join('/var/lib', `aptt-connect-${name}`);
  if (home !== dataDir) {
    mkdirSync(home, { recursive: true, mode: 0o755 });
    writeFileSync(join(dataDir, 'postgres-is-in.txt'), `${home}\n`);
  }
  return home;
}

type Binaries = { pg_ctl: string; initdb: string; postgres: string };

async function binariesFor(account: Account): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let found: Binaries;
  try {
    found = (await import(name)) as Binaries; // the package of this platform exports exactly these three paths
  } catch (cause) {
    throw failed(`no PostgreSQL build for ${platform}-${process.arch} (package ${name})`, cause);
  }
  const native = dirname(dirname(found.postgres));
  if (!account || isReachable(native)) {
    linkLibraries(native);
    return found;
  }
  // The account cannot read root's folder: give it a copy, made once a version.
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const copy = join(tmpdir(), `aptt-postgres-${version}`, 'native');
  if (!existsSync(join(copy, 'complete'))) {
    mkdirSync(copy, { recursive: true, mode: 0o755 });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true, force: true });
    linkLibraries(copy);
    writeFileSync(join(copy, 'complete'), '');
  }
  if (statSync(dirname(copy)).uid !== 0) throw failed(`${dirname(copy)} belongs to somebody else; remove it`, undefined);
  const moved = (path: string) => join(copy, relative(native, path));
  return { pg_ctl: moved(found.pg_ctl), initdb: moved(found.initdb), postgres: moved(found.postgres) };
}

/** npm packages cannot carry symbolic links, and install scripts may be switched off: make the library links ourselves. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target.replace(/^native/, parse(native).base));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  for (const name of ['postgres', 'pg_ctl', 'initdb']) {
    const path = join(native, 'bin', name);
    if (existsSync(path) && (statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
  }
}

function passwordOf(home: string, account: Account): string {
  const path = join(home, 'postgres-password');
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  if (account) chownSync(path, account.uid, account.gid); // initdb reads it as that account
  return readFileSync(path, 'utf8').trim();
}

/** Made aside and moved into place when it is whole: a process killed in between leaves no half of a cluster. */
async function initialise(binaries: Binaries, cluster: string, home: string, password: string, account: Account): Promise<void> {
  if (!password) throw failed('empty password file', undefined);
  const fresh = mkdtempSync(join(home, 'postgres-new-'));
  if (account) chownSync(fresh, account.uid, account.gid);
  const args = ['-D', fresh, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${join(home, 'postgres-password')}`];
  try {
    await run(binaries.initdb, [...args, '-E', 'UTF8', '--locale=C', '--no-sync'], { ...asAccount(account), cwd: home });
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    throw failed(`initdb failed: ${(cause as { stderr?: string }).stderr ?? ''}`.trim(), cause);
  }
  if (existsSync(cluster)) rmdirSync(cluster); // only if it is empty
  renameSync(fresh, cluster);
}

const asAccount = (account: Account) => ({
  ...(account ?? {}),
  env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
});

async function start(binaries: Binaries, cluster: string, account: Account, fast: boolean): Promise<void> {
  const port = await freePort();
  const settings = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    "-c unix_socket_directories=''",
    '-c max_connections=200',
    '-c shared_buffers=256MB',
    '-c work_mem=64MB',
    '-c maintenance_work_mem=256MB',
    '-c max_wal_size=4GB',
    '-c jit=off',
    '-c random_page_cost=1.1', // what runs here runs on a solid-state disk
    ...(fast ? ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off'] : []),
  ];
  const args = ['-D', cluster, '-w', '-t', '60', '-l', join(cluster, 'server.log'), '-o', settings.join(' '), 'start'];
  await run(binaries.pg_ctl, args, { ...asAccount(account), cwd: cluster });
}

/** The port of the server that postmaster.pid speaks of: line 1 is its process, line 4 its port. */
function runningPort(cluster: string): number | null {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').split('\n');
  return isAlive(Number(lines[0])) ? Number(lines[3]) || null : null;
}

const urlOf = (port: number, password: string) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

/** A connection that is kept as long as we need the server: whoever leaves sees by it that somebody is still there. */
async function attend(url: string): Promise<postgres.Sql | null> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, max_lifetime: null, onnotice: () => {} });
  try {
    await sql`SELECT 1`;
    return sql;
  } catch {
    await sql.end({ timeout: 1 });
    return null;
  }
}

type Place = { binaries: Binaries; home: string; cluster: string; account: Account };

function handle(url: string, presence: postgres.Sql, { binaries, home, cluster, account }: Place): Embedded {
  return {
    url,
    leave: () =>
      alone(home, async () => {
        const isNeeded = await othersConnected(presence);
        await presence.end({ timeout: 1 });
        if (isNeeded) return;
        await run(binaries.pg_ctl, ['-D', cluster, '-m', 'fast', '-w', 'stop'], { ...asAccount(account), cwd: cluster }).catch(() => {});
      }),
  };
}

async function othersConnected(sql: postgres.Sql): Promise<boolean> {
  try {
    const rows = await sql`SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1`;
    return rows.length > 0;
  } catch {
    return true; // already stopping, by somebody else's hand
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** The folder of the checked-in migrations, both from a checkout and from a build. */
export const migrationsFolder = join(dirname(fileURLToPath(import.meta.url)), 'migrations');
