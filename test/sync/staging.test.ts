import type { Tx } from '../../src/db/db.ts';
import { approveRun } from '../../src/sync/decide.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource, listSources, type Source } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { files, folder, school, write } from './feed.ts';

const db = await freshDatabase();
afterAll(() => db.close());

/** A run that is held, so that everything it staged is still there. */
async function heldRun(): Promise<{ districtId: number; runId: number }> {
  const districtId = await newDistrict(db);
  const path = folder();
  const source = await addSource(db, districtId, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
  const sync = () => syncSource(db, districtId, source, { actor: 'test' });
  write(path, files(school(40)));
  expect(await sync()).toMatchObject({ status: 'applied' });
  write(path, files(school(20)));
  const { runId, status } = await sync();
  expect(status).toBe('held');
  return { districtId, runId };
}

const namesOf = (tx: Tx) => tx<{ name: string }[]>`
  SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'staging' AND c.relkind IN ('r', 'v')`;
const rowsOf = async (tx: Tx, name: string) => (await tx.unsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${name}`))[0]?.n;

test('what one district has staged no other district reads, changes or adds to, by whatever name', async () => {
  const { districtId, runId } = await heldRun();
  const stranger = await newDistrict(db);
  const names = (await db.inDistrict(stranger, namesOf)).map((row) => row.name);
  expect(names).toEqual(expect.arrayContaining([`staging.r${runId}_users`, `staging.r${runId}_enrollments`, `staging.r${runId}_rejected`]));
  for (const name of names) expect([name, await db.inDistrict(stranger, (tx) => rowsOf(tx, name))]).toEqual([name, 0]);
  const users = `staging.r${runId}_users`;
  expect(await db.inDistrict(stranger, async (tx) => (await tx.unsafe(`UPDATE ${users} SET given_name = 'Stolen'`)).count)).toBe(0);
  await expect(db.inDistrict(stranger, (tx) => tx.unsafe(`INSERT INTO staging.r${runId}_rejected VALUES ('users', 'c1')`))).rejects.toThrow(
    /row-level security/,
  );
  expect(await db.inDistrict(districtId, (tx) => rowsOf(tx, users))).toBe(41);
});

test('a held run belongs to its district: another one neither approves it nor learns that it is there', async () => {
  const { districtId, runId } = await heldRun();
  await expect(approveRun(db, await newDistrict(db), runId, 'test')).rejects.toMatchObject({ code: 'run_unknown' });
  expect(await approveRun(db, districtId, runId, 'test')).toMatchObject({ status: 'applied' });
});

test('what a run staged that was killed just after it had applied is gone with the next one', async () => {
  const { districtId, runId } = await heldRun();
  // As it stands between the two: applied, and not yet said to be done with.
  await db.inDistrict(districtId, (tx) => tx`UPDATE sync_run SET status = 'applied', staged = false WHERE id = ${runId}`);
  const [source] = await listSources(db, districtId);
  write(String(source?.settings.path), files(school(41)));
  expect(await syncSource(db, districtId, source as Source, { actor: 'test' })).toMatchObject({ status: 'applied' });
  const left = (await db.inDistrict(districtId, namesOf)).filter(({ name }) => name.startsWith(`staging.r${runId}_`));
  expect(left).toEqual([]);
});

test('many large runs at once wait for one another, and never for ever', async () => {
  const runs = Array.from({ length: 12 }, async () => {
    const districtId = await newDistrict(db);
    const path = folder();
    const source = await addSource(db, districtId, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
    write(path, files(school(40)));
    return syncSource(db, districtId, source, { actor: 'test', handful: 5 });
  });
  expect(new Set((await Promise.all(runs)).map(({ status }) => status))).toEqual(new Set(['applied']));
  const [left] = await db.asOperator(
    (tx) => tx<{ n: number }[]>`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database()`,
  );
  expect(left?.n).toBeLessThanOrEqual(26); // both pools; streams keep none
});
