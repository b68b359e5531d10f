/** Contacts and scores of other systems, joined to the roster by rule. */
import { rmSync, writeFileSync } from 'node:fs';
import type { Tx } from '../../src/db/db.ts';
import { mergeLinks, type Said } from '../../src/roster/families.ts';
import { approveRun } from '../../src/sync/decide.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource, type Source } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { csv, files, folder, type School, school, write } from './feed.ts';

const db = await freshDatabase();
afterAll(() => db.close());

let district: number;
let path: string;
let sis: Source;
let contacts: Source;

beforeEach(async () => {
  path = folder();
  district = await newDistrict(db);
  sis = await addSource(db, district, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
  contacts = await addSource(db, district, { name: 'contacts', kind: 'contacts-csv', settings: { path: `${path}/contacts.txt.csv` } });
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const night = (of: School) => {
  write(path, files(of));
  return syncSource(db, district, sis, { actor: 'test' });
};

const header = 'studentUniqueId,contactUniqueId,givenName,familyName,relation,primaryContact,noContact,language'.split(',');
const delivered = (rows: string[][]) => {
  writeFileSync(`${path}/contacts.txt.csv`, csv([header, ...rows]));
  return syncSource(db, district, contacts, { actor: 'test' });
};

const links = () =>
  db.inDistrict(
    district,
    (tx) => tx`SELECT c.sourced_id AS child, g.sourced_id AS guardian, s.name AS of, l.no_contact
    FROM guardianship l JOIN "user" c ON c.id = l.student_id JOIN "user" g ON g.id = l.guardian_id JOIN source s ON s.id = g.source_id
    WHERE l.ended_at IS NULL AND l.source_id = ${contacts.id} ORDER BY 1, 2`,
  );

const unlinked: School = { ...school(20), children: school(20).children.map(({ agents: _, ...child }) => child) };

test('a contact is linked to the child whose student number it names', async () => {
  await night(unlinked);
  const report = await delivered([['n-c1', '900', 'Ada', 'Test', 'Mother', 'true', '', 'es']]);
  expect(report).toMatchObject({ status: 'applied', guardians: { linked: 1, childrenWithoutParent: 19 } });
  expect(await links()).toEqual([{ child: 'c1', guardian: '900', of: 'contacts', no_contact: false }]);
});

test('a contact the roster knows already is that person, not a second one', async () => {
  await night({ ...unlinked, guardians: [{ id: 'g1', userIds: '{contactUniqueId:900}' }] });
  await delivered([['n-c1', '900', 'Ada', 'Test', 'Mother', 'true', '', 'es']]);
  expect(await links()).toEqual([{ child: 'c1', guardian: 'g1', of: 'sis', no_contact: false }]);
  expect(await db.inDistrict(district, (tx) => tx`SELECT 1 FROM "user" WHERE given_name = 'Ada'`)).toHaveLength(0);
});

test('a child nobody knows yet is put aside by name of the code, and linked the night after they arrive', async () => {
  await night(unlinked);
  const rows = [['n-c21', '900', 'Ada', 'Test', 'Mother', 'true', '', 'es']];
  const report = await delivered(rows);
  expect(report.entities.guardianships).toMatchObject({ read: 1, rejected: 1 });
  expect(report.problems).toContainEqual(expect.objectContaining({ code: 'no_match', line: 2, field: 'studentSourcedId' }));
  await night({ ...unlinked, children: [...unlinked.children, { id: 'c21', class: 'k2' }] });
  expect(await delivered(rows)).toMatchObject({ status: 'applied', guardians: { linked: 1 } });
});

test('the roster learns of a contact later: the link moves to that person', async () => {
  await night(unlinked);
  const rows = [['n-c1', '900', 'Ada', 'Test', 'Mother', 'true', '', 'es']];
  await delivered(rows);
  await night({ ...unlinked, guardians: [...(unlinked.guardians ?? []), { id: 'g900', userIds: '{contactUniqueId:900}' }] });
  expect(await delivered(rows)).toMatchObject({ status: 'applied', heldBecause: [] });
  expect(await links()).toEqual([{ child: 'c1', guardian: 'g900', of: 'sis', no_contact: false }]);
});

test('an order that forbids contact wins over a row that does not speak of it', async () => {
  await night(unlinked);
  await delivered([
    ['n-c1', '900', 'Ada', 'Test', 'Father', 'true', '', 'en'],
    ['n-c1', '900', 'Ada', 'Test', 'Father', 'true', 'true', 'en'],
  ]);
  expect(await links()).toMatchObject([{ child: 'c1', no_contact: true }]);
});

test('two children with one number: nobody is guessed', async () => {
  write(path, { ...files(unlinked), 'users.csv': (files(unlinked)['users.csv'] ?? '').replace(/n-c2,/, 'n-c1,') });
  await syncSource(db, district, sis, { actor: 'test' });
  const report = await delivered([['n-c1', '900', 'Ada', 'Test', 'Mother', 'true', '', 'es']]);
  expect(report.problems).toContainEqual(expect.objectContaining({ code: 'ambiguous_match' }));
  expect(await links()).toEqual([]);
});

test('a delivery that is approved later links nobody whose number was given to another child meanwhile', async () => {
  await night(unlinked);
  const row = (n: number) => [`n-c${n}`, `90${n}`, 'Ada', 'Test', 'Mother', 'true', '', 'es'];
  const mothers = Array.from({ length: 18 }, (_, n) => row(n + 3));
  await delivered(mothers);
  const held = await delivered([row(1), ...mothers.slice(9)]);
  expect(held.status).toBe('held');
  const swapped = files(unlinked);
  swapped['users.csv'] = (swapped['users.csv'] ?? '').replace(/\bn-c([12]),/g, (_, n) => `n-c${3 - Number(n)},`);
  write(path, swapped);
  expect((await syncSource(db, district, sis, { actor: 'test' })).entities.users).toMatchObject({ changed: 2 });
  await expect(approveRun(db, district, held.runId, 'it')).rejects.toMatchObject({ code: 'staging_lost', hint: 'Run the sync again.' });
  expect((await links()).filter(({ guardian }) => guardian === '901')).toEqual([]);
  const again = await delivered([row(1), ...mothers.slice(9)]);
  await approveRun(db, district, again.runId, 'it');
  expect((await links()).filter(({ guardian }) => guardian === '901')).toMatchObject([{ child: 'c2' }]);
});

test('a forbidden pair is no family: its child has nobody who may be told, its parent is not looked for', async () => {
  await night(unlinked);
  const report = await delivered([
    ['n-c1', '900', 'Ada', 'Test', 'Father', 'true', 'true', 'en'],
    ['n-c2', '901', 'Bo', 'Test', 'Mother', 'true', '', 'en'],
  ]);
  expect(report.guardians).toEqual({ linked: 1, parentsWithoutChild: (unlinked.guardians ?? []).length, childrenWithoutParent: 19 });
  const gone = await delivered([['n-c2', '901', 'Bo', 'Test', 'Mother', 'true', '', 'en']]);
  if (gone.status === 'held') await approveRun(db, district, gone.runId, 'it');
  const [pair] = await db.inDistrict(
    district,
    (tx) => tx`SELECT l.linked FROM family_link l JOIN "user" c ON c.id = l.student_id WHERE c.sourced_id = 'c1'`,
  );
  expect(pair).toEqual({ linked: false }); // the row is gone, the order stands
});

test('the database and mergeLinks agree on who is linked, whatever four sources say', async () => {
  await night(unlinked);
  const kinds = ['contacts-csv', 'oneroster-csv', 'google-classroom', 'microsoft-graph'];
  const sources = kinds.map((kind): Said => ({ ...nothing, source: `of ${kind}`, kind, noContact: false, ended: false }));
  await db.inDistrict(district, async (tx) => {
    for (const { source, kind } of sources) await tx`INSERT INTO source (district_id, name, kind) VALUES (${district}, ${source}, ${kind})`;
    for (let way = 0; way < 4 ** kinds.length; way++) await compare(tx, sources, way);
  });
});

const nothing = { relation: null, livesWith: null, language: null, interpreter: null, phone: null, email: null, confirmedOn: null };

/** @param way two bits a source: whether its row has ended, whether it forbids */
async function compare(tx: Tx, sources: readonly Said[], way: number): Promise<void> {
  const bit = (at: number) => ((way >> at) & 1) === 1;
  const said = sources.map((of, at) => ({ ...of, ended: bit(2 * at), noContact: bit(2 * at + 1) }));
  await tx`DELETE FROM guardianship`;
  await tx`INSERT INTO guardianship (district_id, source_id, sourced_id, student_id, guardian_id, is_primary, no_contact, hash, first_run, last_run, ended_at)
    SELECT ${district}, s.id, 'pair', c.id, p.id, false, o.no_contact, gen_random_uuid(), 1, 1, CASE WHEN o.ended THEN now() END
    FROM unnest(${said.map(({ source }) => source)}::text[], ${said.map(({ noContact }) => String(noContact))}::text[]::bool[],
      ${said.map(({ ended }) => String(ended))}::text[]::bool[])
      AS o (source, no_contact, ended)
    JOIN source s ON s.name = o.source JOIN "user" c ON c.sourced_id = 'c1' JOIN "user" p ON p.sourced_id = 'c2'`;
  const [pair] = await tx`SELECT linked FROM family_link`;
  expect([way, pair?.linked ?? false]).toEqual([way, mergeLinks(said).linked]);
}
