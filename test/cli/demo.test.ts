/** The demo, whole: sample district, real syncs, service, simulated platform, and every door walked through. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freshDatabase } from '../setup/database.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-demo-'));

afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const demo = () =>
  run(process.execPath, ['--import', 'tsx', join(root, 'src/cli/main.ts'), 'demo', '--once', '--port', '0', '--platform-port', '0'], {
    env: { ...process.env, DATABASE_URL: db.url, APTT_DATA_DIR: folder, NODE_OPTIONS: '' },
  });

test('the web pages are built (npm test does it; for this file alone: npm run build:web)', () => {
  expect(existsSync(join(root, 'dist/web/index.html'))).toBe(true);
});

test('a first start loads everything and lets each of the cast in as what they are', async () => {
  const { stdout, stderr } = await demo();
  expect(stdout).toBe('Every door opens.\n');
  for (const source of ['Student records', 'Family contacts', 'Reading scores'])
    expect(stderr).toMatch(new RegExp(`${source} +applied, [\\d,]+ records`));
  for (const who of [
    'Teacher: comes in as teacher',
    'Parent: comes in as guardian',
    'School leader: comes in as leader',
    'Student: comes in as student',
    'Teacher without a roster feed: comes in as teacher',
    'Parent there: comes in as guardian',
    'Google Classroom: lets us in',
    'Microsoft 365: lets us in',
  ]) {
    expect(stderr).toContain(who);
  }
});

test('the sample district’s guardians and scores found their people', async () => {
  const [counted] = await db.sql`SELECT
    (SELECT count(DISTINCT guardian_id)::int FROM guardianship) AS guardians, (SELECT count(DISTINCT student_id)::int FROM guardianship) AS children,
    (SELECT count(DISTINCT student_id)::int FROM result) AS scored, (SELECT count(*)::int FROM benchmark) AS benchmarks,
    (SELECT count(DISTINCT language)::int FROM guardianship) AS languages, (SELECT count(*)::int FROM guardianship WHERE no_contact) AS "noContact"`;
  expect(counted).toMatchObject({ children: 1200, benchmarks: 39, languages: 4 });
  expect(counted?.guardians).toBeGreaterThan(1800);
  expect(counted?.scored).toBeGreaterThan(1150);
  expect(counted?.noContact).toBeGreaterThan(0);
});

test('the teacher’s class has goals, some met and some not, and some children still to set one for', async () => {
  const [goals] = await db.sql`SELECT count(*)::int AS set, count(met_on)::int AS met FROM goal`;
  expect(goals?.set).toBeGreaterThan(5);
  expect(goals?.met).toBeGreaterThan(1);
  expect(goals?.set).toBeGreaterThan(goals?.met);
});

test('a second start changes nothing and registers nothing twice', async () => {
  const before = await db.sql`SELECT count(*)::int AS n FROM lti_deployment`;
  const goals = await db.sql`SELECT count(*)::int AS n FROM goal`;
  const { stderr } = await demo();
  for (const source of ['Student records', 'Family contacts', 'Reading scores']) expect(stderr).toMatch(new RegExp(`${source} +unchanged`));
  const users = await db.sql`SELECT count(*)::int AS n FROM "user" WHERE ended_at IS NOT NULL`;
  expect(users[0]?.n).toBe(0);
  expect(await db.sql`SELECT count(*)::int AS n FROM goal`).toEqual(goals);
  // Another port is another platform; the same one is not registered again.
  const after = await db.sql`SELECT count(*)::int AS n FROM lti_deployment`;
  expect((after[0]?.n ?? 0) - (before[0]?.n ?? 0)).toBeLessThanOrEqual(2);
});
