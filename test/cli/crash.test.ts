/** A sync that is killed in the middle, at any moment: yesterday's data or today's, never between, and the next run works. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '../../src/cli/run.ts';
import { writeDistrict } from '../../src/demo/district/write.ts';
import { freshDatabase } from '../setup/database.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-crash-'));
const environment = { ...process.env, DATABASE_URL: db.url, APTT_DATA_DIR: join(folder, 'data'), NODE_OPTIONS: '' };
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const path = join(folder, 'feed');
const sync = ['sync', '--district', 'willow', '--kind', 'oneroster-csv', '--path', path, '--json'];

afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

async function aptt(args: string[]) {
  const out: string[] = [];
  const ignored = { write: () => true };
  const code = await runCli(args, { env: environment, stdout: { write: (text) => out.push(text) }, stderr: ignored });
  return { code, answer: JSON.parse(out.join('')) as { status?: string; runId?: number; error?: { code: string } } };
}

/** A killed process's connection may live on for a moment, and hold the source. */
async function syncToTheEnd() {
  for (let patience = 100; ; patience--) {
    const ended = await aptt(sync);
    if (ended.answer.error?.code !== 'sync_running' || patience === 0) return ended;
    await sleep(100);
  }
}

const tables = ['org', 'academic_session', 'course', 'class', '"user"', 'role', 'enrollment'];

/** Everything that lives, as one digest. */
async function roster(): Promise<string> {
  const rows = tables.map((name) => `SELECT '${name}' AS t, sourced_id, hash FROM ${name} WHERE ended_at IS NULL`).join(' UNION ALL ');
  const [digest] = await db.sql.unsafe<{ is: string }[]>(
    `SELECT coalesce(md5(string_agg(t || sourced_id || hash, ',' ORDER BY t, sourced_id)), 'empty') AS is FROM (${rows}) r`,
  );
  return digest?.is ?? '';
}

async function leftovers() {
  const [left] = await db.sql`SELECT
    (SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'staging' AND c.relkind IN ('r', 'v')) AS staged,
    (SELECT count(*)::int FROM sync_run WHERE status = 'running') AS running`;
  return left;
}

/** Starts a sync, and kills it `after` milliseconds into its run. */
async function killed(after: number): Promise<void> {
  const [before] = await db.sql<{ id: number }[]>`SELECT coalesce(max(id), 0)::int AS id FROM sync_run`;
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...sync], { env: environment, stdio: 'ignore' });
  const closed = new Promise((resolve) => child.once('close', resolve));
  while (child.exitCode === null) {
    const [run] = await db.sql`SELECT 1 FROM sync_run WHERE id > ${before?.id ?? 0}`;
    if (run) break;
    await sleep(5);
  }
  await sleep(after);
  child.kill('SIGKILL');
  await closed;
}

const feeds: Record<'monday' | 'tuesday', string> = { monday: join(folder, 'monday'), tuesday: join(folder, 'tuesday') };
const deliver = (day: keyof typeof feeds) => {
  rmSync(path, { recursive: true, force: true });
  cpSync(feeds[day], path, { recursive: true });
};

/** On Tuesday half the users have changed and a twentieth of the enrollments is gone. */
beforeAll(async () => {
  const { paths } = await writeDistrict(join(folder, 'sample'), { students: 1500 });
  cpSync(paths.roster, feeds.monday, { recursive: true });
  cpSync(paths.roster, feeds.tuesday, { recursive: true });
  const change = (name: string, to: (lines: string[]) => string[]) => {
    const file = join(feeds.tuesday, name);
    writeFileSync(file, to(readFileSync(file, 'utf8').split('\n')).join('\n'));
  };
  change('users.csv', (lines) => lines.map((line, n) => (n % 2 === 1 ? line.replace(',,,true,', ',,,false,') : line)));
  change('enrollments.csv', (lines) => lines.filter((_, n) => n === 0 || n % 20 !== 0));
  await aptt(['district', 'add', 'willow', '--json']);
});

test('a first load that is killed leaves nothing, and the next one loads it all', async () => {
  deliver('monday');
  await killed(60);
  expect(await roster()).toBe('empty');
  expect(await syncToTheEnd()).toMatchObject({ code: 0, answer: { status: 'applied' } });
  expect(await leftovers()).toEqual({ staged: 0, running: 0 });
});

test('killed at any moment of a night, the roster is the one before or the one after', async () => {
  const monday = await roster();
  deliver('tuesday');
  const { answer } = await syncToTheEnd();
  expect(answer).toMatchObject({ status: 'applied' });
  const tuesday = await roster();
  expect(tuesday).not.toBe(monday);
  const [took] = await db.sql<{ ms: number }[]>`
    SELECT 1000 * extract(epoch FROM finished_at - started_at)::float AS ms FROM sync_run WHERE id = ${answer.runId ?? 0}`;

  const rounds = 8;
  for (let round = 0; round < rounds; round++) {
    const [day, before, after] = round % 2 === 0 ? (['monday', tuesday, monday] as const) : (['tuesday', monday, tuesday] as const);
    deliver(day);
    // One moment in each part of the run, and a little beyond its end.
    await killed(((round + Math.random()) / rounds) * 1.2 * (took?.ms ?? 0));
    expect([before, after]).toContain(await roster());
    expect((await syncToTheEnd()).code).toBe(0);
    expect(await roster()).toBe(after);
    expect(await leftovers()).toEqual({ staged: 0, running: 0 });
  }
  const stopped = await db.sql<{ code: string }[]>`SELECT DISTINCT error_code AS code FROM sync_run WHERE status = 'failed'`;
  expect(stopped.map((run) => run.code)).toEqual(['interrupted']);
}, 600_000); // seventeen programs, one after the other

test('two syncs of one source at once: one runs, the other says so and does nothing', async () => {
  deliver('monday');
  const both = await Promise.all([aptt(sync), aptt(sync)]);
  const codes = both.map(({ answer }) => answer.status ?? answer.error?.code).sort();
  expect(['applied,sync_running', 'applied,unchanged']).toContain(codes.join());
  expect(await leftovers()).toEqual({ staged: 0, running: 0 });
});
