/**
 * A real PostgreSQL from npm for those who bring none. The server outlives a killed process and is attached to by the next one;
 * several processes share it; the last to leave in good order stops it. Throws AppError `embedded_postgres_failed`.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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
  mkdirSync(dataDir, { recursive: true });
  const account = serverAccount();
  const home = account ? reachableHome(dataDir, account) : dataDir;
  const cluster = join(home, 'postgres');
  const binaries = await binariesFor(account);
  const password = passwordOf(home, account);

  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(binaries, cluster, home, password, account);
  // Another process may be starting or stopping the same server at this moment: look again before giving up.
  for (let attempt = 1; ; attempt++) {
    const port = runningPort(cluster);
    if (port && (await answers(port, password))) return handle(port, password, binaries, cluster, account);
    try {
      await start(binaries, cluster, account, options.fast ?? false);
    } catch (cause) {
      if (attempt < 5) await sleep(400 * attempt);
      else throw failed(`the server in ${cluster} did not start; its log is ${join(cluster, 'server.log')}`, cause);
    }
  }
}

const failed = (message: string, cause: unknown) =>
  new AppError('embedded_postgres_failed', `Embedded PostgreSQL: ${message}`, {
    consequence: 'halt',
    cause,
    hint: 'Or bring your own server: set DATABASE_URL=postgres://user:password@host/database.',
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
function reachableHome(dataDir: string, account: { uid: number; gid: number }): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const home = isReachable(dataDir) ? dataDir : join('/var/lib', `aptt-connect-${name}`);
  if (home !== dataDir) {
    mkdirSync(home, { recursive: true, mode: 0o755 });
    writeFileSync(join(dataDir, 'postgres-is-in.txt'), `${home}\n`);
  }
  const cluster = join(home, 'postgres');
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  chownSync(cluster, account.uid, account.gid);
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

async function initialise(binaries: Binaries, cluster: string, home: string, password: string, account: Account): Promise<void> {
  if (!password) throw failed('empty password file', undefined);
  const args = ['-D', cluster, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${join(home, 'postgres-password')}`];
  try {
    await run(binaries.initdb, [...args, '-E', 'UTF8', '--locale=C', '--no-sync'], { ...asAccount(account), cwd: home });
  } catch (cause) {
    throw failed(`initdb failed: ${(cause as { stderr?: string }).stderr ?? ''}`.trim(), cause);
  }
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
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(lines[0]), 0);
    return Number(lines[3]) || null;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM' ? portOnly(cluster) : null;
  }
}

function portOnly(cluster: string): number | null {
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3]) || null;
}

const urlOf = (port: number, password: string) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

async function answers(port: number, password: string): Promise<boolean> {
  const sql = postgres(urlOf(port, password), { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await sql`SELECT 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function handle(port: number, password: string, binaries: Binaries, cluster: string, account: Account): Embedded {
  const url = urlOf(port, password);
  return {
    url,
    async leave() {
      if (await othersConnected(url)) return;
      await run(binaries.pg_ctl, ['-D', cluster, '-m', 'fast', '-w', 'stop'], { ...asAccount(account), cwd: cluster }).catch(() => {});
    },
  };
}

async function othersConnected(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const rows = await sql`SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1`;
    return rows.length > 0;
  } catch {
    return true; // already stopping, by somebody else's hand
  } finally {
    await sql.end({ timeout: 1 });
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
