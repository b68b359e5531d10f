import { rmSync } from 'node:fs';
import { approveRun, rejectRun, undoRun } from '../../src/sync/decide.ts';
import { showRun } from '../../src/sync/history.ts';
import type { RunReport } from '../../src/sync/report.ts';
import { type SyncOptions, syncSource } from '../../src/sync/run.ts';
import { addSource, ensureSource, type Source } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { files, folder, type School, school, write } from './feed.ts';

const db = await freshDatabase();
afterAll(() => db.close());

let district: number;
let source: Source;
let path: string;

beforeEach(async () => {
  path = folder();
  district = await newDistrict(db);
  source = await addSource(db, district, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const sync = (options: Partial<SyncOptions> = {}) => syncSource(db, district, source, { actor: 'test', ...options });

function night(of: School, change: (content: Record<string, string>) => void = () => {}): Promise<RunReport> {
  const content = files(of);
  change(content);
  write(path, content);
  return sync();
}

const living = (table: string) =>
  db.inDistrict(district, async (tx) =>
    (await tx.unsafe(`SELECT sourced_id FROM ${table} WHERE ended_at IS NULL ORDER BY 1`)).map((r) => r.sourced_id as string),
  );

/** Everything of the roster that a run could have touched. */
const picture = () =>
  db.inDistrict(district, (tx) =>
    tx.unsafe(
      `${['"user"', 'class', 'enrollment', 'role', 'guardianship']
        .map((t) => `SELECT '${t}' AS t, sourced_id, hash::text, ended_at::text, last_run FROM ${t}`)
        .join(' UNION ALL ')} ORDER BY 1, 2`,
    ),
  );

const stagedBy = ({ runId }: RunReport) =>
  db.sql`SELECT 1 FROM pg_tables WHERE schemaname = 'staging' AND starts_with(tablename, ${`r${runId}_`})`;

const without = (of: School, ...ids: string[]): School => ({ ...of, children: of.children.filter((child) => !ids.includes(child.id)) });

test('the first night adds everything, and families are linked whichever side names the other', async () => {
  const report = await night(school(30));
  expect(report).toMatchObject({ status: 'applied', heldBecause: [], problems: [] });
  expect(report.entities.users).toEqual({ read: 61, added: 61, changed: 0, ended: 0, unchanged: 0, rejected: 0 });
  expect(report.entities.enrollments).toMatchObject({ read: 33, added: 33 });
  expect(report.guardians).toEqual({ linked: 30, parentsWithoutChild: 0, childrenWithoutParent: 0 });
  const [link] = await db.inDistrict(
    district,
    (tx) => tx`SELECT c.sourced_id AS child, g.sourced_id AS guardian FROM guardianship l
    JOIN "user" c ON c.id = l.student_id JOIN "user" g ON g.id = l.guardian_id ORDER BY c.sourced_id LIMIT 1`,
  );
  expect(link).toEqual({ child: 'c1', guardian: 'g1' });
});

test('the same input twice changes nothing, not even when its rows come in another order', async () => {
  await night(school(30));
  const before = await picture();
  expect(await sync()).toMatchObject({ status: 'unchanged', entities: { users: { read: 61, added: 0, unchanged: 61 } } });
  const turned = school(30);
  turned.children.reverse();
  const report = await night(turned);
  expect(report).toMatchObject({
    status: 'unchanged',
    entities: { users: { read: 61, changed: 0, unchanged: 61 }, enrollments: { unchanged: 33 } },
  });
  expect(await picture()).toEqual(before);
});

test('a child who left is ended, not deleted, and is the same child on coming back', async () => {
  await night(school(30));
  const [before] = await db.inDistrict(district, (tx) => tx`SELECT id FROM "user" WHERE sourced_id = 'c30'`);
  expect((await night(without(school(30), 'c30'))).entities).toMatchObject({
    users: { ended: 1 },
    enrollments: { ended: 1 },
    guardianships: { ended: 1 },
  });
  expect(await living('"user"')).not.toContain('c30');
  expect((await night(school(30))).entities).toMatchObject({ users: { changed: 1, added: 0 }, enrollments: { changed: 1 } });
  const [after] = await db.inDistrict(district, (tx) => tx`SELECT id, ended_at FROM "user" WHERE sourced_id = 'c30'`);
  expect(after).toEqual({ id: before?.id, ended_at: null });
});

test('a row that cannot be read is put aside, and its record stays', async () => {
  await night(school(30));
  const report = await night(school(30), (content) => {
    content['users.csv'] = (content['users.csv'] ?? '').replace(/^c7,,,true,/m, 'c7,,,perhaps,');
  });
  expect(report.entities.users).toMatchObject({ read: 61, rejected: 1, ended: 0, unchanged: 60 });
  expect(await living('"user"')).toContain('c7');
  expect(await living('guardianship')).toHaveLength(30);
});

test('a row whose id is blank ends nobody: somebody is there who cannot be named', async () => {
  await night(school(30));
  const report = await night(school(30), (content) => {
    content['users.csv'] = (content['users.csv'] ?? '').replace(/^c7,/m, ',');
  });
  expect(report.entities.users).toMatchObject({ read: 61, rejected: 1, ended: 0 });
  expect(await living('"user"')).toContain('c7');
  expect(report.problems.map((p) => p.code)).toContain('ends_postponed');
});

test('an enrollment of somebody unknown is put aside with its place, and taken once they arrive', async () => {
  const late = school(31);
  const report = await night(school(30), (content) => {
    content['enrollments.csv'] = files(late)['enrollments.csv'] ?? '';
    content['classes.csv'] = files(late)['classes.csv'] ?? '';
  });
  expect(report.entities.enrollments).toMatchObject({ read: 35, added: 34, rejected: 1 });
  expect(report.problems).toContainEqual(
    expect.objectContaining({
      code: 'reference_missing',
      file: 'enrollments.csv',
      line: 36,
      field: 'userSourcedId',
      sourcedId: 'e-c31-k4',
    }),
  );
  expect((await night(late)).entities.enrollments).toMatchObject({ read: 35, added: 1, unchanged: 34, rejected: 0 });
});

test('two rows with one id: the first is used, the other is reported', async () => {
  const report = await night(school(30), (content) => {
    const row = (content['users.csv'] ?? '').split('\n').find((line) => line.startsWith('c3,')) ?? '';
    content['users.csv'] += `${row}\n${row.replace('Kim', 'Lou')}\n`;
  });
  expect(report.entities.users).toMatchObject({ read: 63, added: 61, rejected: 2 });
  expect(
    report.problems
      .filter((p) => p.entity === 'users')
      .map((p) => p.code)
      .sort(),
  ).toEqual(['duplicate_row', 'duplicate_sourcedId']);
});

describe('a feed that forgets', () => {
  test('more than a tenth of the children: the run is held and nothing moves, until it is approved', async () => {
    await night(school(100));
    const before = await picture();
    const gone = Array.from({ length: 30 }, (_, i) => `c${i * 3 + 1}`);
    const report = await night(without(school(100), ...gone));
    expect(report.status).toBe('held');
    expect(report.heldBecause).toContainEqual({ code: 'too_many_ended', entity: 'users', classSourcedId: null, count: 30, of: 201 });
    expect(await picture()).toEqual(before);
    expect((await approveRun(db, district, report.runId, 'it')).entities.users).toMatchObject({ ended: 30 });
    expect(await living('"user"')).toHaveLength(171);
  });

  test('a rejected run leaves no trace, and cannot be approved afterwards', async () => {
    await night(school(100));
    const before = await picture();
    const report = await night(school(60));
    expect((await rejectRun(db, district, report.runId, 'it')).status).toBe('rejected');
    expect(await picture()).toEqual(before);
    await expect(approveRun(db, district, report.runId, 'it')).rejects.toMatchObject({ code: 'run_not_held' });
  });

  test('one of eight is more than a tenth, and no reason to doubt a small school', async () => {
    await night(school(8));
    expect(await night(without(school(8), 'c1'))).toMatchObject({ status: 'applied', heldBecause: [] });
    expect(await living('"user"')).not.toContain('c1');
  });

  test('of few, more than half are too many', async () => {
    await night(school(4, 20));
    const report = await night(without(school(4, 20), 'c1', 'c2', 'c3'));
    expect(report).toMatchObject({
      status: 'held',
      heldBecause: expect.arrayContaining([expect.objectContaining({ code: 'too_many_ended' })]),
    });
  });

  test('an empty file is refused', async () => {
    await night(school(30));
    const report = await night(school(30), (content) => {
      content['enrollments.csv'] = `${(content['enrollments.csv'] ?? '').split('\n')[0]}\n`;
    });
    expect(report).toMatchObject({ status: 'held', heldBecause: [{ code: 'zero_rows', entity: 'enrollments' }] });
  });

  test('a file that is announced and missing holds the run', async () => {
    await night(school(30));
    rmSync(`${path}/enrollments.csv`);
    expect(await sync()).toMatchObject({ status: 'held', heldBecause: [{ code: 'incomplete', entity: 'enrollments' }] });
    expect(await living('enrollment')).toHaveLength(33);
  });

  test('most of one class: that class alone stays on yesterday, the rest goes on, and approval lets it go', async () => {
    await night(school(200));
    const small = without(school(200), ...['c1', 'c2', 'c3', 'c4', 'c5', 'c6'], 'c100');
    const report = await night(small);
    expect(report).toMatchObject({ status: 'applied', heldBecause: [{ code: 'class_shrunk', classSourcedId: 'k1', count: 6, of: 10 }] });
    expect(report.entities.users).toMatchObject({ ended: 1 });
    expect(await living('"user"')).toEqual(expect.arrayContaining(['c1', 'c6']));
    expect(await living('"user"')).not.toContain('c100');
    expect(await db.inDistrict(district, (tx) => tx`SELECT 1 FROM class_hold`)).toHaveLength(1);
    expect(await sync()).toMatchObject({ status: 'unchanged', heldBecause: [{ code: 'class_shrunk' }] });
    const { runId } = await sync();
    await approveRun(db, district, runId, 'it');
    expect(await living('"user"')).not.toContain('c1');
    expect(await db.inDistrict(district, (tx) => tx`SELECT 1 FROM class_hold`)).toHaveLength(0);
  });
});

test('undo puts the roster back, and the same files do not come back by themselves', async () => {
  await night(school(100));
  const before = await picture();
  const changed = without(school(101), 'c50');
  for (const child of changed.children.slice(0, 5)) child.given = 'Renamed';
  const report = await night(changed);
  expect(report.entities.users).toMatchObject({ added: 2, changed: 5, ended: 1 });
  await undoRun(db, district, report.runId, 'it');
  const after = (await picture()).filter((row) => row.ended_at === null);
  expect(after).toEqual(before);
  expect(await sync()).toMatchObject({ status: 'held', heldBecause: [{ code: 'same_as_undone' }] });
  await expect(undoRun(db, district, report.runId, 'it')).rejects.toMatchObject({ code: 'run_not_undoable' });
});

test('a night that brought nothing new leaves the last one to be undone whole', async () => {
  await night(school(100));
  const before = await picture();
  const changed = without(school(101), 'c50');
  for (const child of changed.children.slice(0, 5)) child.given = 'Renamed';
  const report = await night(changed);
  expect(await sync({ full: true })).toMatchObject({ status: 'unchanged' });
  await undoRun(db, district, report.runId, 'it');
  expect((await picture()).filter((row) => row.ended_at === null)).toEqual(before);
});

test('asking to undo a run that waits for approval is refused, and it still waits', async () => {
  await night(school(100));
  const held = await night(school(50));
  expect(held.status).toBe('held');
  await expect(undoRun(db, district, held.runId, 'it')).rejects.toMatchObject({
    code: 'run_not_undoable',
    hint: expect.stringContaining('approve or reject it'),
  });
  expect((await approveRun(db, district, held.runId, 'it')).status).toBe('applied');
});

test('a dry run says what would happen and does nothing', async () => {
  write(path, files(school(30)));
  const report = await sync({ dryRun: true });
  expect(report).toMatchObject({ status: 'applied', entities: { users: { added: 61 } } });
  expect(await picture()).toHaveLength(0);
  expect(await stagedBy(report)).toHaveLength(0);
});

test('two runs of one source never overlap', async () => {
  write(path, files(school(30)));
  const both = await Promise.allSettled([sync(), sync()]);
  expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'sync_running' } });
});

test('a source that cannot be read takes nothing away', async () => {
  await night(school(30));
  const before = await picture();
  rmSync(path, { recursive: true });
  const failed = await sync();
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'source_unreachable', hint: expect.any(String) } });
  expect(await picture()).toEqual(before);
  // Shown later it still says what to do.
  expect((await showRun(db, district, failed.runId)).report.error).toEqual(failed.error);
});

test('a delivery under another name is the same roster on another night', async () => {
  await night(school(30));
  const tomorrow = folder();
  write(tomorrow, files(without(school(30), 'c30')));
  const delivered = await ensureSource(db, district, 'oneroster-csv', { path: tomorrow });
  const report = await syncSource(db, district, delivered, { actor: 'test' });
  rmSync(tomorrow, { recursive: true });
  expect(report).toMatchObject({ source: 'sis', entities: { users: { added: 0, ended: 1, unchanged: 60 } } });
});

test('nothing is left in staging once runs are decided', async () => {
  await night(school(30));
  expect(await stagedBy(await night(without(school(30), 'c1')))).toHaveLength(0);
});

test('a first load that is written while it is read leaves nothing of itself when it is held, and all of it once it is approved', async () => {
  const content = files(school(30));
  write(path, { ...content, 'enrollments.csv': (content['enrollments.csv'] ?? '').slice(0, -20) });
  const report = await sync({ handful: 0 });
  expect(report).toMatchObject({ status: 'held', heldBecause: [{ code: 'incomplete', entity: 'enrollments' }] });
  expect(await picture()).toHaveLength(0);
  expect(await approveRun(db, district, report.runId, 'it')).toMatchObject({ status: 'applied' });
  expect(await living('"user"')).toEqual(expect.arrayContaining(['c1', 'c30']));
  expect(await stagedBy(report)).toHaveLength(0);
});

test('a class whose school comes a night later has its school then, and until then every report says what it waits for', async () => {
  const schoolOf = () =>
    db.inDistrict(district, async (tx) => (await tx`SELECT o.sourced_id FROM class c JOIN org o ON o.id = c.school_id`)[0]?.sourced_id);
  const withoutSchool = (content: Record<string, string>) => {
    content['orgs.csv'] = content['orgs.csv']?.replace(/^s1,.*\n/m, '') ?? '';
  };
  const waits = expect.arrayContaining([
    expect.objectContaining({
      entity: 'classes',
      severity: 'warning',
      code: 'reference_missing',
      sourcedId: 'k1',
      field: 'schoolSourcedId',
    }),
  ]);
  expect(await night(school(6), withoutSchool)).toMatchObject({ status: 'applied', problems: waits });
  expect(await night(school(7), withoutSchool)).toMatchObject({ entities: { classes: { changed: 0, unchanged: 1 } }, problems: waits });
  expect(await schoolOf()).toBeUndefined();
  expect(await night(school(7))).toMatchObject({ status: 'applied', entities: { classes: { changed: 1 } }, problems: [] });
  expect(await schoolOf()).toBe('s1');
  expect(await night(school(8))).toMatchObject({ entities: { classes: { changed: 0, unchanged: 1 } } });
});

test('a full run reads everything anew, and finds nothing new in what has not changed', async () => {
  await night(school(30));
  expect(await sync()).toMatchObject({ status: 'unchanged' });
  const report = await sync({ full: true });
  expect(report).toMatchObject({ status: 'unchanged', entities: { enrollments: { read: 33, unchanged: 33 } } });
});
