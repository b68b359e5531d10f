/** A run that brings little writes only what differs, and says and does just what one would that knows nothing of the roster. */
import fc from 'fast-check';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import type { Collections, Json } from '../../src/demo/oneroster/records.ts';
import { type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { allowPrivateHosts } from '../../src/outbound.ts';
import { approveRun, undoRun } from '../../src/sync/decide.ts';
import type { RunReport } from '../../src/sync/report.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource, type Source } from '../../src/sync/sources.ts';
import { tables } from '../../src/sync/tables.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { forgetCounts } from './counts.ts';

const db = await freshDatabase();
const sample = sampleCollections({ students: 60 });
let service: OneRosterServer;
beforeAll(async () => {
  allowPrivateHosts(['localhost']);
  service = await startOneRoster({ collections: sample });
});
afterAll(async () => {
  await service.close();
  await db.close();
});

type Sync = { district: number; source: Source; night(): Promise<RunReport> };

async function newSync(full: boolean): Promise<Sync> {
  const district = await newDistrict(db);
  const settings = { url: service.url, auth: 'bearer', token: service.token };
  const source = await addSource(
    db,
    district,
    { name: 'sis', kind: 'oneroster-rest', settings },
    () => 'a secret of at least thirty-two characters',
  );
  const night = async () => {
    await db.inDistrict(district, (tx) => tx`UPDATE source SET watermark = NULL`); // every night is a whole reading
    if (full) await db.inDistrict(district, forgetCounts);
    return syncSource(db, district, source, { actor: 'test', full, ...(full && { handful: 0 }) });
  };
  return { district, source, night };
}

/** Everything of the roster but our own numbers for it. */
const rosterOf = (district: number) =>
  db.inDistrict(district, async (tx) => {
    const all: Record<string, unknown> = {};
    for (const { table, references } of Object.values(tables)) {
      const links = references.map(({ name }) => `, ${name} IS NULL AS ${name}`).join('');
      all[table] = [...(await tx.unsafe(`SELECT sourced_id, hash, ended_at IS NULL AS living${links} FROM ${table} ORDER BY sourced_id`))];
    }
    return all;
  });

const sayings = ({ runId: _, problems, ...report }: RunReport) => ({
  ...report,
  problems: problems.map((problem) => JSON.stringify(problem)).sort(),
});

const collections = ['orgs', 'courses', 'classes', 'users', 'enrollments', 'lineItems', 'results', 'assessmentResults'];
const change = fc.record({
  collection: fc.constantFrom(...collections),
  at: fc.nat(500),
  kind: fc.constantFrom(
    'other',
    'other',
    'leaves',
    'leaves',
    'arrives',
    'is back',
    'no sense',
    'without reference',
    'other family',
    'other role',
  ),
});

function changed(
  now: Collections,
  { collection, at, kind }: { collection: string; at: number; kind: string },
  serial: number,
): Collections {
  const rows = [...(now[collection] ?? [])];
  const index = at % Math.max(1, rows.length);
  const row: Json = rows[index] ?? {};
  const named = ['orgs'].includes(collection) ? 'name' : ['users'].includes(collection) ? 'givenName' : 'title';
  if (kind === 'other') rows[index] = { ...row, [named]: `v${serial}`, score: serial, primary: serial % 2 ? 'true' : 'false' };
  else if (kind === 'leaves') rows.splice(index, 1);
  else if (kind === 'other family') rows[index] = { ...row, agents: rows[(index * 7 + 3) % Math.max(1, rows.length)]?.agents ?? [] };
  else if (kind === 'other role') rows[index] = { ...row, roles: rows[(index * 5 + 1) % Math.max(1, rows.length)]?.roles ?? [] };
  else if (kind === 'arrives') rows.splice(index, 0, { ...row, sourcedId: `new-${serial}` });
  else if (kind === 'is back') return { ...now, [collection]: sample[collection] ?? [] };
  else if (kind === 'no sense')
    rows[index] = {
      sourcedId: row.sourcedId,
      status: 'active',
      dateLastModified: row.dateLastModified,
      [named]: 7,
      role: {},
      scoreDate: [],
    };
  else rows[index] = { ...row, course: undefined, school: undefined, org: undefined, class: undefined, lineItem: undefined };
  return { ...now, [collection]: rows };
}

test('whatever changes from night to night, what is left unwritten would have changed nothing', async () => {
  const [knowing, forgetting] = [await newSync(false), await newSync(true)];
  const expectAlike = async () => expect(await rosterOf(knowing.district)).toEqual(await rosterOf(forgetting.district));
  const statuses = new Set<string>();
  let [now, serial] = [sample, 0];
  const night = fc.record({ changes: fc.array(change, { maxLength: 6 }), approve: fc.boolean(), undo: fc.integer({ min: 0, max: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 3 }), async (nights) => {
      for (const { changes, approve, undo } of nights) {
        for (const one of changes) now = changed(now, one, ++serial);
        service.hold(now);
        const reports = [await knowing.night(), await forgetting.night()] as const;
        expect(sayings(reports[0])).toEqual(sayings(reports[1]));
        statuses.add(reports[0].status);
        await expectAlike();
        const [{ status, heldBecause, runId }, other] = reports;
        if (heldBecause.length > 0 && approve) {
          const [one, two] = [
            await approveRun(db, knowing.district, runId, 'test'),
            await approveRun(db, forgetting.district, other.runId, 'test'),
          ];
          expect(sayings(one)).toEqual(sayings(two));
        } else if (status === 'applied' && undo === 0) {
          await undoRun(db, knowing.district, runId, 'test');
          await undoRun(db, forgetting.district, other.runId, 'test');
        }
        await expectAlike();
      }
    }),
    // NIGHTS=300 SEED=7 looks further.
    { numRuns: Number(process.env.NIGHTS ?? 8), seed: Number(process.env.SEED ?? 1), endOnFailure: true },
  );
  expect([...statuses]).toEqual(expect.arrayContaining(['applied']));
}, 600_000);

test('a night that brings nothing new makes no table and writes to no record', async () => {
  service.hold(sample);
  const { district, night } = await newSync(false);
  expect(await night()).toMatchObject({ status: 'applied' });
  const written = () => db.inDistrict(district, (tx) => tx`SELECT sourced_id, xmin::text, ctid::text FROM "user" ORDER BY sourced_id`);
  const tablesMade = async () => (await db.sql`SELECT max(oid::bigint) AS last FROM pg_class`)[0]?.last as number;
  const [before, made] = [await written(), await tablesMade()];
  const report = await night();
  expect(report).toMatchObject({ status: 'unchanged', problemCount: expect.any(Number) });
  expect(report.entities.users).toMatchObject({ added: 0, changed: 0, ended: 0 });
  expect(report.entities.users?.unchanged).toBe(report.entities.users?.read);
  expect(await written()).toEqual(before);
  expect(await tablesMade()).toBe(made);
});
