/**
 * Nights in a row: a living district, a school's system in trouble, and a sync every night over real HTTP into a real PostgreSQL. After each
 * night that was applied the roster is what the system says; after each that was not, what it was before; and nothing is ever lost.
 * `NIGHTS=200 SEED=7` looks further.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paceOf } from '../../connectors/pace.ts';
import { type Fault, faults } from '../../src/demo/faults.ts';
import type { Collections } from '../../src/demo/oneroster/records.ts';
import { startOneRoster } from '../../src/demo/oneroster/server.ts';
import type { Accent } from '../../src/demo/oneroster/ways.ts';
import { AppError } from '../../src/errors.ts';
import { approveRun, rejectRun, undoRun } from '../../src/sync/decide.ts';
import type { RunReport } from '../../src/sync/report.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { gradebook, LivingDistrict, names } from './living-district.ts';
import { Belief, difference, everSeen, standing } from './standing.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-soak-'));
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const nights = Number(process.env.NIGHTS ?? 15);
const seed = Number(process.env.SEED ?? 1);
const secret = 'a secret of at least thirty-two characters';

/** How a system may be for weeks: every record comes through all the same. */
const lasting: readonly Accent[] = [
  ...(['clamped limit', 'short pages', 'no totals', 'no pages', 'no sort', 'no filter', 'ignored filter'] as const),
  ...(['loose types', 'proxied links', 'link quotes', 'relative references', 'role wrappers', 'grade names'] as const),
];
/** For a night: either it is noticed, or it does no harm. */
const passing: readonly Accent[] = ['low total', 'high total', 'changing total', 'duplicates', 'ignored offset', 'wrong wrapper'];
const withoutScores: readonly Accent[] = ['no gradebook', 'no permission for scores'];

const world = new LivingDistrict(seed, 300, new Date('2026-09-01T00:00:00Z'));
const { chance } = world;
const server = await startOneRoster({ collections: world.serve(), clock: () => world.night });
afterAll(() => server.close());
const slug = `soak-${seed}`;
const district = await newDistrict(db, slug);
const { url, tokenUrl, clientId, clientSecret } = server;
const settings = { url, tokenUrl, clientId, clientSecret, pageSize: 500 };
const source = await addSource(db, district, { name: 'sis', kind: 'oneroster-rest', settings }, () => secret);

/** Between two nights lies a day: how this host was asked last night counts no more. */
const pace = paceOf(new URL(url).host);

const sync = () => syncSource(db, district, source, { actor: 'test' });
const query = (statement: string) => db.inDistrict(district, (tx) => tx.unsafe(statement));

/** Starts a sync of its own, and kills it once it has asked for so much, or a little later. */
async function killed(questions: number, patience: number): Promise<void> {
  const environment = { ...process.env, DATABASE_URL: db.url, APTT_DATA_DIR: folder, APTT_SECRET: secret, NODE_OPTIONS: '' };
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const from = server.asked.length;
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'sync', '--district', slug, '--source', 'sis', '--json'], {
    env: environment,
    stdio: 'ignore',
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  while (child.exitCode === null && server.asked.length < from + questions) await sleep(2);
  await sleep(patience);
  child.kill('SIGKILL');
  await closed;
  expect(server.asked.length).toBeGreaterThan(from); // else it was not a sync that was killed
}

/** A killed process's connection may live on for a moment, and hold the source. */
async function syncOnceFree(): Promise<RunReport> {
  for (let patience = 200; ; patience--) {
    try {
      return await sync();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'sync_running' || patience === 0) throw error;
      await sleep(50);
    }
  }
}

/** Meetings with their numbers, a family that wants no mark, and goals: what must outlive whatever the feed does. */
async function holdMeetings(): Promise<void> {
  await query(`INSERT INTO meeting (district_id, class_id, line_item_id)
    SELECT ${district}, c.id, (SELECT id FROM line_item ORDER BY id LIMIT 1) FROM class c ORDER BY c.id LIMIT 4`);
  await query(`INSERT INTO private_number (district_id, meeting_id, student_id, number)
    SELECT ${district}, m.id, e.user_id, 9 + row_number() OVER (PARTITION BY m.id ORDER BY e.user_id)
    FROM meeting m JOIN enrollment e ON e.class_id = m.class_id AND e.role = 'student'`);
  await query(
    `INSERT INTO chart_opt_out (district_id, student_id, by_account) SELECT DISTINCT ${district}, student_id, 1 FROM private_number WHERE number = 11`,
  );
  await query(`INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by)
    SELECT DISTINCT ON (e.user_id) ${district}, m.class_id, e.user_id, 1, 12, current_date, 24, current_date + 42, 'user:1'
    FROM meeting m JOIN enrollment e ON e.class_id = m.class_id AND e.role = 'student' ORDER BY e.user_id`);
}

/** The roster is known; null: a class is held, and which of its rows went through is not ours to say. */
let belief: Belief | null = new Belief();
/** Known for certain even then: what was known, and what has been served since. */
let certain = new Belief();
const tally: Record<string, number> = {};
const count = (what: string) => {
  tally[what] = (tally[what] ?? 0) + 1;
};

async function expectBelieved(where: string): Promise<void> {
  if (belief === null) return;
  expect({ where, ...difference(await standing(db, district), belief.lines()) }).toEqual({ where, surplus: [], lacking: [] });
}

/** A night was applied: what it asked for decides what is known by it. */
function learn(served: Collections, asked: readonly string[], accents: readonly Accent[], classesHeld: boolean): void {
  const whole = accents.includes('no filter') || !asked.some((question) => question.includes('filter='));
  const about = accents.some((accent) => withoutScores.includes(accent)) ? names.filter((name) => !gradebook.includes(name)) : names;
  certain = certain.learn(served, whole, about);
  if (classesHeld) belief = null;
  else if (belief !== null || (whole && about === names)) belief = certain;
}

function troubles(): { faults: Fault[]; faultEvery: number; accents: Accent[] } {
  const all = Object.keys(faults) as Fault[];
  const some = chance.one(0.4) ? Array.from({ length: 1 + chance.upTo(2) }, () => chance.of(all)) : [];
  const accents = chance.one(0.08) ? [chance.of(passing)] : chance.one(0.06) ? [chance.of(withoutScores)] : [];
  return { faults: some, faultEvery: 4 + chance.upTo(8), accents };
}

test(`${nights} nights: the roster is always the system's, or yesterday's, and nothing is ever lost`, async () => {
  let seen: string[] = [];
  let habits: Accent[] = [];
  for (let night = 1; night <= nights; night++) {
    const where = `seed ${seed}, night ${night}`;
    if (night > 1) world.live();
    if (night % 70 === 9) world.rollOver();
    if (night % 12 === 3) habits = Array.from({ length: chance.upTo(2) }, () => chance.of(lasting));
    const tonight = night === 1 ? { faults: [], faultEvery: 1, accents: [] } : troubles();
    const accents = [...habits, ...tonight.accents];
    const forgetful = night > 1 && chance.one(0.06) ? world.forgetClass() : null;
    const served = forgetful?.served ?? world.serve();
    server.hold(served);
    server.behave({ ...tonight, accents });
    Object.assign(pace, { gap: 0, width: 4 });
    await query(`UPDATE source SET whole_at = whole_at - interval '1 day'`);
    let before = await standing(db, district);
    let from = server.asked.length;
    const questions = () => server.asked.slice(from);

    if (night % 40 === 6) {
      await killed(1 + chance.upTo(14), chance.upTo(60));
      const after = await standing(db, district);
      if (difference(before, after).surplus.length + difference(before, after).lacking.length > 0)
        learn(served, questions(), accents, false);
      await expectBelieved(`${where}, killed`);
      count('killed');
      before = after;
      from = server.asked.length;
    }

    const report = await syncOnceFree();
    const previous = [belief, certain] as const;
    count(report.status);
    const same = async (what: string) =>
      expect({ where, what, ...difference(await standing(db, district), before) }).toEqual({ where, what, surplus: [], lacking: [] });
    if (report.status === 'failed') {
      expect(report.error).toMatchObject({ code: expect.stringMatching(/^source_/), hint: expect.any(String) });
      await same('failed');
    } else if (report.status === 'held') {
      await same('held');
      if (chance.one(0.7)) {
        expect((await approveRun(db, district, report.runId, 'test')).status).toMatch(/applied|unchanged/);
        learn(served, questions(), accents, false);
        count('approved');
      } else if (chance.one(0.5)) await rejectRun(db, district, report.runId, 'test');
    } else if (report.heldBecause.length > 0) {
      count('class held');
      if (chance.one(0.3)) {
        await approveRun(db, district, report.runId, 'test');
        learn(served, questions(), accents, false);
      } else {
        learn(world.serve(), questions(), accents, true);
        const lost = certain.lines().filter((line) => before.includes(line));
        expect({ where, lacking: difference(await standing(db, district), lost).lacking }).toEqual({ where, lacking: [] });
      }
    } else {
      learn(served, questions(), accents, false);
      await expectBelieved(where);
      if (report.status === 'applied' && night > 1 && chance.one(0.05)) {
        await undoRun(db, district, report.runId, 'test');
        const learned = certain;
        belief = previous[0]?.undone(learned) ?? null;
        certain = previous[1].undone(learned);
        await same('undone');
        count('undone');
      }
    }
    await expectBelieved(`${where}, in the end`);
    // What was forgotten and approved comes back with its old date: a night that asks for what changed does not see it.
    if (forgetful) belief = null;
    if (night === 1) await holdMeetings();
    if (night % 10 === 1 || night === nights) {
      const now = await everSeen(db, district);
      expect({ where, lacking: difference(now, seen).lacking }).toEqual({ where, lacking: [] });
      seen = now;
    }
  }
  if (process.env.NIGHTS) console.info(seed, tally);
  expect(tally.applied).toBeGreaterThan(nights / 3);
  expect(tally.killed).toBeGreaterThan(0);
}, 3_600_000);
