/** Recorded answers of a real OneRoster server, served anew and synced (where they are at hand); and nights in a row from a server in trouble. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../../src/demo/faults.ts';
import { aNightLater, recordedCollections, sampleCollections } from '../../src/demo/oneroster/collections.ts';
import type { Collections } from '../../src/demo/oneroster/records.ts';
import { type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { readableTitle } from '../../src/read-models/title.ts';
import { approveRun, undoRun } from '../../src/sync/decide.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

let db: Awaited<ReturnType<typeof freshDatabase>>;
let server: OneRosterServer | null = null;
beforeAll(async () => {
  db = await freshDatabase();
});
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(() => db.close());

async function sourceOf(collections: Collections, more: Record<string, unknown> = {}) {
  server = await startOneRoster({ collections });
  const { url, tokenUrl, clientId, clientSecret } = server;
  const district = await newDistrict(db);
  const settings = { url, tokenUrl, clientId, clientSecret, pageSize: 500, ...more };
  return {
    server,
    district,
    source: await addSource(
      db,
      district,
      { name: 'sis', kind: 'oneroster-rest', settings },
      () => 'a secret of at least thirty-two characters',
    ),
  };
}

const count = async (district: number, table: string) => {
  const [row] = await db.inDistrict(district, (tx) =>
    tx.unsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table} WHERE ended_at IS NULL`),
  );
  return row?.n;
};

const recorded = fileURLToPath(new URL('../../../shared/data/grand-bend/oneroster-1.2', import.meta.url));
(existsSync(recorded) ? test : test.skip)(
  'Grand Bend: 2,888 users, 532 classes without a title, and every class can be named',
  async () => {
    const { district, source } = await sourceOf(recordedCollections(recorded));
    const report = await syncSource(db, district, source, { actor: 'test' });
    expect(report).toMatchObject({
      status: 'applied',
      entities: { users: { read: 2888, rejected: 0 }, classes: { read: 532, rejected: 0 } },
    });
    expect([await count(district, '"user"'), await count(district, 'class')]).toEqual([2888, 532]);
    const read = Object.fromEntries(Object.entries(report.entities).map(([entity, { read, added }]) => [entity, [read, added]]));
    expect(read).toEqual({
      orgs: [4, 4],
      academicSessions: [7, 7],
      courses: [84, 84],
      classes: [532, 532],
      users: [2888, 2888],
      roles: [2888, 2888],
      enrollments: [2534, 2534],
      guardianships: [0, 0],
    });
    // Each habit is said once: titles that are blank, grades in words, and the four listings of the gradebook it has none of.
    expect(report.problems.map(({ severity, code, file }) => [severity, code, file])).toEqual([
      ['warning', 'recommended_blank', 'classes'],
      ['warning', 'grade_spelling', 'users'],
      ...['lineItems', 'assessmentLineItems', 'results', 'assessmentResults'].map((file) => ['warning', 'not_offered', file]),
    ]);
    expect(report.guardians).toMatchObject({ linked: 0, parentsWithoutChild: 1872 });
    const classes = await db.inDistrict(
      district,
      (tx) => tx<{ id: number; title: string; course: string | null; periods: string[] }[]>`
      SELECT c.id, c.title, co.title AS course, c.periods FROM class c LEFT JOIN course co ON co.id = c.course_id`,
    );
    for (const klass of classes) {
      expect(klass.title).toBe('');
      expect(readableTitle({ ...klass, teacher: null })).toMatch(/[a-z]{3}/i);
    }
    expect((await syncSource(db, district, source, { actor: 'test', full: true })).entities.users).toMatchObject({
      changed: 0,
      ended: 0,
      read: 2888,
    });
  },
);

test('nights of faults, arrivals and leavers: after each that is applied the database is as the server', async () => {
  const options = { students: 90 };
  let now = sampleCollections(options);
  const { server, district, source } = await sourceOf(now, { gradebook: false });
  const troubles: Fault[][] = [
    [],
    ['server error', 'reset'],
    ['sign-in page'],
    ['half an answer', 'expired token'],
    ['too many, with Retry-After'],
  ];
  let applied = 0;
  for (const [night, faults] of troubles.entries()) {
    const next = sampleCollections({ ...options, night: night + 1 });
    now = aNightLater(now, next, new Date(Date.now() + night * 86_400_000).toISOString(), 'vanishes');
    server.hold(now);
    server.behave({ faults, faultEvery: faults.includes('sign-in page') ? 4 : 6 });
    const before = await count(district, '"user"');
    const report = await syncSource(db, district, source, { actor: 'test', full: true }); // what vanishes is told by no change
    if (report.status === 'failed') {
      expect(report.error).toMatchObject({ code: expect.stringMatching(/^source_/), hint: expect.any(String) });
      expect(await count(district, '"user"')).toBe(before);
      continue;
    }
    applied++;
    expect(report.status).toBe('applied');
    expect([await count(district, '"user"'), await count(district, 'enrollment')]).toEqual([now.users?.length, now.enrollments?.length]);
  }
  expect(applied).toBe(4);
});

test('a night that only asks for what changed comes to the same, and takes away what the server marks as gone', async () => {
  const before = sampleCollections({ students: 90 });
  const { server, district, source } = await sourceOf(before, { gradebook: false });
  await syncSource(db, district, source, { actor: 'test' });
  const after = sampleCollections({ students: 90, night: 2 });
  after.enrollments?.pop();
  server.hold(aNightLater(before, after, new Date(Date.now() + 3600_000).toISOString(), 'tobedeleted'));
  const report = await syncSource(db, district, source, { actor: 'test' });
  expect(report.status).toBe('applied');
  expect(report.entities.users?.read).toBeLessThan(before.users?.length ?? 0);
  expect([await count(district, '"user"'), await count(district, 'enrollment')]).toEqual([after.users?.length, after.enrollments?.length]);
});

test('what was undone does not come back by itself, and is approved or mended', async () => {
  const before = sampleCollections({ students: 90 });
  const { server, district, source } = await sourceOf(before, { gradebook: false });
  const night = () => syncSource(db, district, source, { actor: 'test' });
  await night();
  const after = sampleCollections({ students: 90, night: 2 });
  const later = aNightLater(before, after, new Date(Date.now() + 3600_000).toISOString(), 'tobedeleted');
  server.hold(later);
  await undoRun(db, district, (await night()).runId, 'test');
  const held = await night();
  expect(held).toMatchObject({ status: 'held', heldBecause: [{ code: 'same_as_undone' }] });
  await approveRun(db, district, held.runId, 'test');
  expect(await count(district, '"user"')).toBe(after.users?.length);

  server.hold(before);
  await undoRun(db, district, (await syncSource(db, district, source, { actor: 'test', full: true })).runId, 'test');
  server.hold(later);
  expect((await night()).status).toBe('unchanged');
  server.hold(before);
  expect((await syncSource(db, district, source, { actor: 'test', full: true })).status).toBe('applied');
});

test('a row put aside for want of another is tried again by nights that only ask for what changed', async () => {
  const whole = sampleCollections({ students: 90 });
  const late = whole.enrollments?.at(-1) as { sourcedId: string; user: { sourcedId: string } };
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const without = (name: string, lacks: (row: Record<string, unknown>) => boolean) => (whole[name] ?? []).filter((row) => !lacks(row));
  const enrollments = without('enrollments', (row) => (row.user as { sourcedId: string }).sourcedId === late.user.sourcedId);
  const users = without('users', (row) => row.sourcedId === late.user.sourcedId);
  const { server, district, source } = await sourceOf({ ...whole, users, enrollments }, { gradebook: false });
  await syncSource(db, district, source, { actor: 'test' });

  await db.inDistrict(district, (tx) => tx`UPDATE source SET watermark = ${daysAgo(2)}`);
  server.hold({ ...whole, users, enrollments: [...enrollments, { ...late, dateLastModified: daysAgo(1) }] });
  expect((await syncSource(db, district, source, { actor: 'test' })).problems).toMatchObject([{ code: 'reference_missing' }]);

  const user = whole.users?.find((row) => row.sourcedId === late.user.sourcedId);
  server.hold({
    ...whole,
    users: [...users, { ...user, sourcedId: late.user.sourcedId, dateLastModified: new Date().toISOString() }],
    enrollments: [...enrollments, { ...late, dateLastModified: daysAgo(1) }],
  });
  await syncSource(db, district, source, { actor: 'test' });
  const [there] = await db.inDistrict(
    district,
    (tx) => tx`SELECT 1 FROM enrollment WHERE sourced_id = ${late.sourcedId} AND ended_at IS NULL`,
  );
  expect(there).toBeDefined();
});
