/** What is counted once and moved by what runs change is what a count would say. */
import fc from 'fast-check';
import type { Tx } from '../../src/db/db.ts';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import type { Json } from '../../src/demo/oneroster/records.ts';
import { type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { allowPrivateHosts } from '../../src/outbound.ts';
import { undoRun } from '../../src/sync/decide.ts';
import { livingOf } from '../../src/sync/diff.ts';
import { familiesOf } from '../../src/sync/families.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource, type Source } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { forgetCounts } from './counts.ts';

const db = await freshDatabase();
const services: OneRosterServer[] = [];
const sources: Source[] = [];
let district: number;
let now: Json[][] = [];
const samples = [sampleCollections({ students: 60 }), sampleCollections({ students: 40 })];

beforeAll(async () => {
  allowPrivateHosts(['localhost']);
  district = await newDistrict(db);
  for (const [index, sample] of samples.entries()) {
    const service = await startOneRoster({ collections: sample });
    const settings = { url: service.url, auth: 'bearer', token: service.token };
    const place = { name: `sis ${index}`, kind: 'oneroster-rest', settings };
    services.push(service);
    sources.push(await addSource(db, district, place, () => 'a secret of at least thirty-two characters'));
  }
});
afterAll(async () => {
  for (const service of services) await service.close();
  await db.close();
});

const night = async (index: number) => {
  services[index]?.hold({ ...samples[index], users: now[index] ?? [] });
  await db.inDistrict(district, (tx) => tx`UPDATE source SET watermark = NULL`); // every night is a whole reading
  return syncSource(db, district, sources[index] as Source, { actor: 'test', ignoreGuards: true }); // one a sample
};

class RolledBack extends Error {}

/** As kept, and as counted in a transaction of which nothing is left. */
async function counts() {
  const read = async (tx: Tx) => {
    const living = [];
    for (const source of sources) living.push(Object.fromEntries(await livingOf(tx, { districtId: district, sourceId: source.id })));
    return { families: await familiesOf(tx, district), living };
  };
  const kept = await db.inDistrict(district, read);
  let counted: typeof kept | null = null;
  await db
    .inDistrict(district, async (tx) => {
      await forgetCounts(tx);
      counted = await read(tx);
      throw new RolledBack();
    })
    .catch((error: unknown) => expect(error).toBeInstanceOf(RolledBack));
  return { kept, counted };
}

const change = fc.record({
  source: fc.nat(1),
  at: fc.nat(500),
  other: fc.nat(500),
  kind: fc.constantFrom('leaves', 'is back', 'other family', 'no family', 'other role', 'other name'),
});
const someNights = fc.array(
  fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 4 }), undo: fc.integer({ min: 0, max: 4 }), together: fc.boolean() }),
  { minLength: 2, maxLength: 5 },
);

test('living records and families, whatever two sources change, one after the other or at once', async () => {
  now = samples.map(({ users = [] }) => users);
  for (const index of [0, 1]) expect((await night(index)).status).toBe('applied');
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(someNights, async (nights) => {
      for (const { changes, undo, together } of nights) {
        const concerned = new Set(changes.map(({ source }) => source));
        for (const { source, at, other, kind } of changes)
          now[source] = changed(now[source] ?? [], samples[source]?.users ?? [], at, other, kind);
        const nightly = [...concerned].map((index) => () => night(index));
        const reports = together ? await Promise.all(nightly.map((one) => one())) : [];
        if (!together) for (const one of nightly) reports.push(await one());
        for (const { status, runId } of reports) {
          expect(['applied', 'unchanged', 'held']).toContain(status);
          if (status === 'applied') moved++;
          if (status === 'applied' && undo === 0) await undoRun(db, district, runId, 'test');
        }
      }
      const { kept, counted } = await counts();
      expect(kept).toEqual(counted);
    }),
    { numRuns: 8 },
  );
  expect(moved).toBeGreaterThan(20); // else this has shown nothing
}, 600_000);

function changed(rows: Json[], all: Json[], at: number, other: number, kind: string): Json[] {
  const index = at % rows.length;
  const row = rows[index] ?? {};
  const another = rows[other % rows.length] ?? {};
  const put = (fields: Json) => rows.with(index, { ...row, ...fields });
  if (kind === 'leaves') return rows.toSpliced(index, 1);
  if (kind === 'is back') return all;
  if (kind === 'other family') return put({ agents: another.agents ?? [] });
  if (kind === 'no family') return put({ agents: [] });
  if (kind === 'other role') return put({ roles: another.roles ?? [] });
  return put({ givenName: `v${other}` });
}

test('a run keeps both counts, and what is undone is counted anew', async () => {
  const kept = async () =>
    [
      ...(await db.inDistrict(
        district,
        (tx) =>
          tx`SELECT families IS NOT NULL AS families, (SELECT array_agg(living IS NOT NULL ORDER BY id) FROM source) AS living FROM district`,
      )),
    ][0];
  now = samples.map(({ users = [] }) => users);
  for (const index of [0, 1]) await night(index);
  now[0] = (now[0] ?? []).slice(1);
  const { runId } = await night(0);
  expect(await kept()).toEqual({ families: true, living: [true, true] });
  await undoRun(db, district, runId, 'test');
  expect(await kept()).toEqual({ families: false, living: [false, true] });
});
