/** A thousand damaged deliveries: none stops the engine, none ends a child because a row could not be read, every row is accounted for. */
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import type { Entity } from '../../src/roster/model.ts';
import type { RunReport } from '../../src/sync/report.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource, type Source } from '../../src/sync/sources.ts';
import { tables } from '../../src/sync/tables.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { files, folder, school, write } from './feed.ts';

/** Districts side by side, each with its own folder: the time of one delivery is mostly waiting. */
const lanes = 4;
const db = await freshDatabase({ max: lanes * 12 }); // a run holds a connection for each of its files
afterAll(() => db.close());

/** A loaded machine is no failure. */
const patience = 1_200_000;

const sound = files(school(12, 6));
const names = ['orgs.csv', 'academicSessions.csv', 'courses.csv', 'classes.csv', 'users.csv', 'enrollments.csv'];
const entityOf: Record<string, Entity> = {
  'orgs.csv': 'orgs',
  'academicSessions.csv': 'academicSessions',
  'courses.csv': 'courses',
  'classes.csv': 'classes',
  'users.csv': 'users',
  'enrollments.csv': 'enrollments',
};

type School = { path: string; district: number; source: Source };

/** `deliveries` of them in all, shared out among schools that have had their first night. */
async function inEachLane(deliveries: number, oneLane: (school: School, numRuns: number) => Promise<void>): Promise<void> {
  const lane = async () => {
    const path = folder();
    await oneLane(await firstNight(path), deliveries / lanes).finally(() => rmSync(path, { recursive: true, force: true }));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function firstNight(path: string): Promise<School> {
  const district = await newDistrict(db);
  const source = await addSource(db, district, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
  write(path, sound);
  await syncSource(db, district, source, { actor: 'test' });
  return { path, district, source };
}

/** What the run says it did, against what the tables say. */
async function expectAccounted(district: number, report: RunReport): Promise<void> {
  const told = Object.entries(report.entities) as [Entity, RunReport['entities'][Entity] & object][]; // its keys are entities
  for (const [, counts] of told) expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
  if (report.status === 'held' || told.length === 0) return;
  const count = ([entity]: (typeof told)[number]) => `SELECT '${entity}' AS entity,
      (count(*) FILTER (WHERE first_run = $1))::int AS added,
      (count(*) FILTER (WHERE last_run = $1 AND first_run < $1 AND ended_at IS NULL))::int AS changed,
      (count(*) FILTER (WHERE last_run = $1 AND ended_at IS NOT NULL))::int AS ended,
      (count(*) FILTER (WHERE last_run < $1 AND ended_at IS NULL))::int AS untouched
    FROM ${tables[entity].table}`;
  const rows = await db.inDistrict(district, (tx) => tx.unsafe(told.map(count).join(' UNION ALL '), [report.runId]));
  for (const [entity, counts] of told) {
    const row = rows.find((each) => each.entity === entity);
    expect(row).toMatchObject({ entity, added: counts.added, changed: counts.changed, ended: counts.ended });
    // What was read and neither applied nor rejected stands in the roster, untouched.
    expect(counts.unchanged).toBeLessThanOrEqual(row?.untouched as number);
    expect(counts.read).toBe(counts.added + counts.changed + counts.unchanged + counts.rejected);
  }
}

const rowsIn = (text: string) => text.split(/\r\n|\r|\n/).filter((line) => /[^,\s]/.test(line)).length - 1;

/** A cell's content gone wrong. The id's column is spared: another id is another record. */
const damage = fc.record({
  file: fc.constantFrom(...names),
  row: fc.nat({ max: 30 }),
  column: fc.integer({ min: 3, max: 16 }),
  cell: fc.oneof(
    fc.constantFrom(
      '',
      'TRUE',
      'perhaps',
      '2026-13-45',
      '1/05/2023',
      '99999999999999999999',
      'NaN',
      '\t',
      "'; DROP TABLE x; --",
      'ñ—😀',
      '\\N',
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[",\r\n]/g, ' ')),
  ),
});

test('damaged cells never end anybody', () => inEachLane(400, damagedCells), patience);

async function damagedCells({ path, district, source }: School, numRuns: number): Promise<void> {
  const ids = () =>
    db.inDistrict(district, async (tx) =>
      (await tx`SELECT sourced_id FROM "user" WHERE ended_at IS NULL ORDER BY 1`).map((r) => r.sourced_id as string),
    );
  const everybody = await ids();
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async (damages) => {
      const content = { ...sound };
      for (const { file, row, column, cell } of damages) {
        const lines = (content[file] ?? '').split('\n');
        const at = 1 + (row % (lines.length - 2));
        const cells = (lines[at] ?? '').split(',');
        if (column < cells.length) cells[column] = cell;
        lines[at] = cells.join(',');
        content[file] = lines.join('\n');
      }
      write(path, content);
      const report = await syncSource(db, district, source, { actor: 'test' });
      expect(report.status).not.toBe('failed');
      await expectAccounted(district, report);
      for (const name of names) {
        const entity = entityOf[name] as Entity; // every name has one
        expect({ name, read: report.entities[entity]?.read }).toEqual({ name, read: rowsIn(content[name] ?? '') });
      }
      expect(await ids()).toEqual(everybody);
    }),
    { numRuns, endOnFailure: true },
  );
}

/** Anything at all happening to the bytes of a file. */
const accident = fc.record({
  file: fc.constantFrom(...names, 'manifest.csv'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 40 }),
  put: fc.oneof(
    fc.constantFrom('', '"', '\n', '\r', ',,,,', '"\n"', '\u0000', '\ufeff', 'sourcedId'),
    fc.string({ unit: 'binary', maxLength: 12 }),
  ),
});

test('whatever happens to the bytes, the engine ends in a report', () => inEachLane(600, accidents), patience);

async function accidents({ path, district, source }: School, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(accident, { minLength: 1, maxLength: 4 }), async (happened) => {
      const content = { ...sound };
      for (const { file, at, length, put } of happened) {
        const text = content[file] ?? '';
        const from = Math.floor(at * text.length);
        content[file] = text.slice(0, from) + put + text.slice(from + length);
      }
      write(path, content);
      const report = await syncSource(db, district, source, { actor: 'test' });
      if (report.status === 'failed') expect(report.error?.code).toMatch(/^source_/);
      else await expectAccounted(district, report);
    }),
    { numRuns, endOnFailure: true },
  );
}
