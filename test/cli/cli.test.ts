/** The command line as people meet it: its words, its one JSON object, its exit code. Most of it without the weight of a process each. */
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { type DistrictSummary, writeDistrict } from '../../src/demo/district/write.ts';
import { signIn } from '../setup/api.ts';
import { freshDatabase } from '../setup/database.ts';
import { newRoster } from '../setup/roster.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-cli-'));
const environment = { ...process.env, DATABASE_URL: db.url, APTT_DATA_DIR: join(folder, 'data'), NODE_OPTIONS: '', NO_COLOR: '1' };
const main = join(import.meta.dirname, '../../src/cli/main.ts');

afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { code: number | null; out: string; err: string };

/** In this process: the same function that `main.ts` calls. */
async function aptt(line: string): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const stdout = { write: (text: string) => out.push(text) };
  const stderr = { write: (text: string) => err.push(text) };
  const code = await runCli(line.split(' ').filter(Boolean), { env: environment, stdout, stderr });
  return { code, out: out.join(''), err: err.join('') };
}

/** As people run it. */
const apttProcess = (line: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...line.split(' ')], { env: environment });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });

/** Exactly one JSON object and nothing else stood on stdout. */
const json = ({ out }: Ended) => JSON.parse(out) as Record<string, unknown>;

let files: DistrictSummary;
beforeAll(async () => {
  files = await writeDistrict(join(folder, 'night-1'), { students: 300 });
  await aptt('district add willow --name Willow');
});

const syncRoster = (more = '') => aptt(`sync --district willow --kind oneroster-csv --path ${files.paths.roster}${more}`);

describe('help and mistakes', () => {
  test('every command has help with an example, on stdout, and ends well', async () => {
    const lines = [
      '',
      'demo',
      'serve',
      'migrate',
      'doctor',
      'key list',
      'key rotate',
      'platform invite',
      'district add',
      'district list',
      'platform add',
      'platform list',
      'platform activate',
      'platform deactivate',
      'deployment list',
      'deployment accept',
      'deployment refuse',
      'source add',
      'source list',
      'source check',
      'sync',
      'sync list',
      'sync show',
      'sync approve',
      'sync reject',
      'sync undo',
    ];
    const helps = await Promise.all(lines.map((line) => aptt(`${line} --help`.trim())));
    for (const [n, help] of helps.entries()) {
      expect({ line: lines[n], code: help.code, err: help.err }).toEqual({ line: lines[n], code: 0, err: '' });
      if (n > 0) expect(help.out).toMatch(/Examples?:\n {2}\$ aptt/);
    }
  });

  test('wrong usage ends with 2 and says what was wrong', async () => {
    const wrong = [
      'frobnicate',
      'sync --what',
      'platform add --district willow',
      'sync --district willow --kind oneroster-csv',
      'sync show x',
      'district add',
      'sync --kind no-such-kind --path .',
    ];
    for (const ended of await Promise.all(wrong.map(aptt))) {
      expect(ended.code).toBe(2);
      expect(ended.err).not.toBe('');
      expect(ended.out).toBe('');
    }
  });

  test('a process of its own says the same', async () => {
    const [wrong, help, unknown] = await Promise.all(['frobnicate', 'sync --help', 'sync --district nowhere --json'].map(apttProcess));
    expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('frobnicate') });
    expect(help).toMatchObject({ code: 0, err: '', out: expect.stringContaining('--dry-run') });
    expect(unknown).toMatchObject({ code: 1, err: '' });
    expect(json(unknown as Ended)).toMatchObject({ error: { code: 'district_unknown' } });
  });

  test('with --json a mistake is one JSON object too', async () => {
    expect(json(await aptt('sync --what --json'))).toMatchObject({ error: { code: 'usage' } });
    expect(json(await aptt('sync --district nowhere --json'))).toMatchObject({ error: { code: 'district_unknown' } });
  });

  test('an unknown district, source, path or run says what is missing, what there is and what to do', async () => {
    const district = await aptt('source list --district nowhere');
    expect(district).toMatchObject({ code: 1, out: '' });
    expect(district.err).toMatch(/no district "nowhere"\nKnown: willow\. Add one: aptt district add nowhere/);
    expect((await aptt('sync --district willow --source nobody')).err).toMatch(/no source "nobody"[\s\S]*Add one: aptt source add/);
    expect((await aptt('sync --district willow --kind oneroster-csv --path ./not-here')).err).toMatch(/no file or folder .*not-here/);
    expect(await aptt('sync show 999999 --district willow')).toMatchObject({ code: 1, err: expect.stringContaining('no run 999999') });
  });

  test('a mistyped path leaves no source behind', async () => {
    await aptt('sync --district willow --kind oneroster-csv --path ./not-here');
    expect(JSON.stringify(json(await aptt('source list --district willow --json')))).not.toContain('not-here');
  });
});

describe('districts and sources', () => {
  test('a district is added once', async () => {
    expect(await aptt('district add willow')).toMatchObject({ code: 1, err: expect.stringContaining('already') });
    expect(await aptt('district add Not_A_Slug')).toMatchObject({ code: 1 });
    expect(json(await aptt('district list --json'))).toMatchObject({ districts: [{ slug: 'willow', name: 'Willow' }] });
  });

  test('a source is checked before it is stored, and can be tried without storing it', async () => {
    const tried = await aptt(`source check --kind oneroster-csv --path ${files.paths.roster} --json`);
    expect(tried.code).toBe(0);
    expect(json(tried)).toMatchObject({ ok: true });
    expect(await aptt('source add broken --district willow --kind oneroster-csv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('path'),
    });
  });
});

describe('sync', () => {
  test('loads a folder without a stored source, and the same folder again changes nothing', async () => {
    const first = await syncRoster(' --json');
    expect(first.code).toBe(0);
    expect(json(first)).toMatchObject({ status: 'applied', heldBecause: [], entities: { classes: { added: expect.any(Number) } } });
    expect(Object.keys(json(first)).slice(0, 6)).toEqual(['runId', 'source', 'status', 'entities', 'guardians', 'problems']);
    const again = await syncRoster(' --json');
    expect(again.code).toBe(0);
    expect(json(again)).toMatchObject({ status: 'unchanged', entities: { users: { added: 0, changed: 0, ended: 0 } } });
  });

  test('tells a person what was read and what could not be used, and where', async () => {
    await syncRoster();
    const runs = json(await aptt('sync list --district willow --json')).runs as { runId: number; status: string }[];
    const { out } = await aptt(`sync show ${runs.find((run) => run.status === 'applied')?.runId} --district willow`);
    expect(out).toMatch(/read +added +changed +ended +unchanged +rejected/);
    expect(out).toMatch(/enrollments\.csv:\d+ classSourcedId: /);
  });

  test('a night that loses too much is held with exit code 3, and goes on only when somebody approves', async () => {
    await syncRoster();
    const path = join(folder, 'moving');
    cpSync(files.paths.roster, path, { recursive: true });
    await aptt(`source add moving --district willow --kind oneroster-csv --path ${path}`);
    expect((await aptt('sync --district willow --source moving')).code).toBe(0);
    const lines = readFileSync(join(path, 'enrollments.csv'), 'utf8').split('\n');
    writeFileSync(join(path, 'enrollments.csv'), `${lines.slice(0, Math.floor(lines.length / 2)).join('\n')}\n`);

    const held = await apttProcess('sync --district willow --source moving --json');
    expect(held.code).toBe(3);
    expect(json(held)).toMatchObject({
      status: 'held',
      heldBecause: expect.arrayContaining([expect.objectContaining({ code: 'too_many_ended' })]),
    });
    const run = String(json(held).runId);
    expect((await aptt(`sync show ${run} --district willow`)).out).toContain(`aptt sync approve ${run} --district willow`);

    const approved = await aptt(`sync approve ${run} --district willow --json`);
    expect(approved.code).toBe(0);
    expect(json(approved)).toMatchObject({ status: 'applied' });
    expect(await aptt(`sync approve ${run} --district willow`)).toMatchObject({ code: 1, err: expect.stringContaining('not waiting') });
    expect(json(await aptt(`sync undo ${run} --district willow --json`))).toMatchObject({ status: 'undone' });
  });

  test('a drop folder is read when what lies there is whole, once, and keeps what it read', async () => {
    const drop = join(folder, 'drop');
    cpSync(files.paths.roster, drop, { recursive: true });
    writeFileSync(join(drop, 'next.zip.part'), 'half');
    await aptt('district add poplar --name Poplar');
    expect((await aptt(`source add sis --district poplar --kind oneroster-csv --path ${drop} --set drop=0`)).code).toBe(0);
    const dry = await aptt('sync --district poplar --dry-run --json');
    expect(json(dry)).toMatchObject({ status: 'applied' });
    expect(json(await aptt('sync --district poplar --json'))).toMatchObject({ source: 'sis', status: 'applied' });
    expect(readdirSync(drop).sort()).toEqual(['archive', 'next.zip.part']);
    writeFileSync(join(drop, 'tonight.zip'), 'PK half of a zip');
    const waits = await aptt('sync --district poplar --json');
    expect(waits).toMatchObject({ code: 0, err: expect.stringContaining('tonight.zip: the zip is not complete yet') });
    expect(json(waits)).toEqual({ runs: [] });
  });

  test('a dry run writes nothing', async () => {
    const path = join(folder, 'dry');
    cpSync(files.paths.roster, path, { recursive: true });
    expect((await aptt(`sync --district willow --kind oneroster-csv --path ${path} --dry-run`)).out).toContain('nothing was written');
    const [row] = await db.sql`SELECT count(*)::int AS n FROM class c JOIN source s ON s.id = c.source_id WHERE s.name LIKE ${`%${path}`}`;
    expect(row?.n).toBe(0);
  });

  test('a file that is no roster at all fails with 1 and says so', async () => {
    const path = join(folder, 'broken.zip');
    appendFileSync(path, 'this is no zip');
    const failed = await aptt(`sync --district willow --kind oneroster-csv --path ${path} --json`);
    expect(failed.code).toBe(1);
    expect(json(failed)).toMatchObject({ status: 'failed', error: { code: 'source_contract_broken' } });
  });
});

test('a class held back is in the first line, and once decided nobody is told to decide', async () => {
  const path = join(folder, 'class');
  cpSync(files.paths.roster, path, { recursive: true });
  await aptt('district add maple');
  await aptt(`source add sis --district maple --kind oneroster-csv --path ${path}`);
  await aptt('sync --district maple');
  const lines = readFileSync(join(path, 'enrollments.csv'), 'utf8').split('\n');
  writeFileSync(join(path, 'enrollments.csv'), lines.filter((line) => !/^enr-stu.*,cls-00001,/.test(line)).join('\n'));

  const tried = await aptt('sync --district maple --dry-run');
  expect(tried.out).toContain('class cls-00001: would lose');
  expect(tried.out).not.toContain('sync approve');
  const held = await aptt('sync --district maple');
  expect(held.out).toMatch(/^sis, run \d+: .*; 1 class held back\n/);
  const run = /sync reject (\d+)/.exec(held.out)?.[1];
  expect((await aptt(`sync reject ${run} --district maple`)).out).not.toContain('sync approve');
  expect((await aptt(`sync show ${run} --district maple`)).out).not.toContain('sync approve');
});

test('a night puts down which goals its scores met, and says where a grade book could not be told', async () => {
  await aptt('district add oak');
  const [district] = await db.sql<{ id: number }[]>`SELECT id FROM district WHERE slug = 'oak'`;
  const districtId = district?.id ?? 0;
  const roster = await newRoster(db, districtId, 'Oak');
  const [classId, child, assessment] = [await roster.klass(null), await roster.user('Child'), await roster.assessment()];
  await roster.enroll(classId, child);
  await roster.score(await roster.lineItem(assessment), child, 30, '2026-11-10');
  await signIn(db, { districtId, roles: [] });
  await roster.within(async (tx) => {
    await tx`INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by)
      VALUES (${districtId}, ${classId}, ${child}, ${assessment}, 20, '2026-09-10', 30, '2026-10-22', 'user:1')`;
    await tx`INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, class_id) SELECT ${districtId}, id, 'one', 'c', ${classId} FROM lti_platform`;
    await tx`INSERT INTO goal_column (district_id, context_id, class_id, wish, wished_by) SELECT ${districtId}, id, class_id, 'on', 'user:1' FROM lti_context`;
  });
  await aptt(`source add files --district oak --kind oneroster-csv --path ${files.paths.roster}`);
  const sync = 'sync --district oak --source files';
  await aptt(`${sync} --dry-run`);
  const goals = () => roster.within((tx) => tx`SELECT met_on::text AS met FROM goal`);
  expect(await goals()).toEqual([{ met: null }]);
  const { code, err } = await aptt(sync);
  expect({ code, told: err.includes('(grades_not_granted)') }).toEqual({ code: 0, told: true });
  expect(await goals()).toEqual([{ met: '2026-11-10' }]);
  expect((await aptt('launches list --district oak')).out).toContain('grades_not_granted');
});

test('a hundred rows with one fault do not hide the one with another', async () => {
  const path = join(folder, 'faults');
  cpSync(files.paths.roster, path, { recursive: true });
  const lines = readFileSync(join(path, 'users.csv'), 'utf8').split('\n');
  const spoilt = lines.map((line, n) => (n > 0 && n <= 40 ? line.replace(/^[^,]*/, '') : line));
  writeFileSync(join(path, 'users.csv'), spoilt.join('\n'));
  const { out } = await aptt(`sync --district willow --kind oneroster-csv --path ${path} --dry-run`);
  expect(out.match(/users\.csv:\d+: sourcedId is blank/g)).toHaveLength(3);
  expect(out).toMatch(/… and 37 like it/);
  expect(out).toMatch(/All of them: aptt sync show \d+ --district willow --json/);
});

describe('platforms', () => {
  const given =
    '--issuer https://lms.example.org --client-id 42 --auth-url https://lms.example.org/auth --token-url https://lms.example.org/token --jwks-url https://lms.example.org/jwks';

  test('a platform is registered, switched off and on, and its deployments accepted', async () => {
    const added = json(await aptt(`platform add --district willow ${given} --deployment one --json`)).platform as { id: number };
    expect(await aptt(`platform add --district willow ${given}`)).toMatchObject({ code: 1, err: expect.stringContaining('already') });
    await aptt(`platform deactivate ${added.id} --district willow`);
    expect(json(await aptt('platform list --district willow --json'))).toMatchObject({ platforms: [{ id: added.id, active: false }] });
    await aptt(`platform activate ${added.id} --district willow`);
    expect((await aptt(`deployment accept two --district willow --platform ${added.id}`)).code).toBe(0);
    const listed = json(await aptt('deployment list --district willow --json')).deployments as { deploymentId: string; status: string }[];
    expect(listed.map(({ deploymentId, status }) => `${deploymentId} ${status}`).sort()).toEqual(['one active', 'two active']);
  });

  test('an address that is not https is refused by name', async () => {
    const refused = await aptt(
      `platform add --district willow ${given.replace('https://lms.example.org/jwks', 'http://lms.example.org/jwks')}`,
    );
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/jwksUrl/i) });
  });
});

test('serve says where it answers, and ends well when it is told to stop', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'serve', '--json'], {
    env: { ...environment, PORT: '0', APTT_LOG: 'silent' },
  });
  const out = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
  const { url } = JSON.parse(out) as { url: string };
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('a reader that has seen enough and leaves is no failure', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--help'], { env: environment });
  child.stdout.destroy();
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('doctor names every check, and what to do where one does not pass', async () => {
  const checked = json(await aptt('doctor --json')) as { findings: { outcome: string; text: string; hint?: string }[] };
  expect(checked.findings.map((finding) => finding.text).join('\n')).toMatch(/Node[\s\S]*data folder[\s\S]*PostgreSQL[\s\S]*schema/);
  for (const finding of checked.findings.filter((at) => at.outcome !== 'ok')) expect(finding.hint).toBeTruthy();
});

test('a setting that cannot be read ends with 2 and names the variable', async () => {
  const before = environment.DATABASE_URL;
  environment.DATABASE_URL = 'not a url';
  try {
    expect(await aptt('district list')).toMatchObject({ code: 2, err: expect.stringContaining('DATABASE_URL') });
  } finally {
    environment.DATABASE_URL = before;
  }
});

test('a database that does not answer is named, with what to do, and without its password', async () => {
  const before = environment.DATABASE_URL;
  try {
    for (const url of ['postgres://who:secret@127.0.0.1:1/x', before.replace(/\/[^/]*$/, '/no_such_database')]) {
      environment.DATABASE_URL = url;
      const failed = await aptt('district list --json');
      expect(failed.code).toBe(1);
      expect(json(failed)).toMatchObject({ error: { code: 'database_unreachable', hint: expect.stringContaining('DATABASE_URL') } });
      expect(failed.out).not.toContain('secret');
    }
  } finally {
    environment.DATABASE_URL = before;
  }
});
