/** A Microsoft tenant synced into a district: by itself, night after night, and beside a roster from elsewhere. */
import { type GraphServer, startGraph } from '../../src/demo/graph/server.ts';
import { sampleTenant, type Tenant } from '../../src/demo/graph/tenant.ts';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import { startOneRoster } from '../../src/demo/oneroster/server.ts';
import { type SyncOptions, syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

let db: Awaited<ReturnType<typeof freshDatabase>>;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  db = await freshDatabase();
});
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));
afterAll(() => db.close());

const readingSince = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
const secret = () => 'a secret of at least thirty-two characters';

async function tenantOf(tenant: Tenant): Promise<GraphServer> {
  const server = await startGraph({ tenant });
  open.push(server);
  return server;
}

const sourceOf = (district: number, server: GraphServer, more: Record<string, unknown> = {}) =>
  addSource(db, district, { name: 'm365', kind: 'microsoft-graph', settings: { ...server.settings, readingSince, ...more } }, secret);

const count = async (district: number, table: string) => {
  const [row] = await db.inDistrict(district, (tx) =>
    tx.unsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table} WHERE ended_at IS NULL`),
  );
  return row?.n;
};

test('a district whose roster is its tenant: every night comes to what the tenant holds, and a whole one ends who left', async () => {
  const district = await newDistrict(db);
  const before = sampleTenant({ students: 90 });
  const server = await tenantOf(before);
  const source = await sourceOf(district, server);
  const night = (options: Partial<SyncOptions> = {}) => syncSource(db, district, source, { actor: 'test', ...options });
  const first = await night();
  expect(first).toMatchObject({ status: 'applied', guardians: { parentsWithoutChild: 0 } });
  expect(first.problems.filter(({ severity }) => severity === 'problem')).toEqual([]);
  expect(first.guardians.linked).toBe(await count(district, 'guardianship'));
  expect((await night()).status).toBe('unchanged');

  const after = sampleTenant({ students: 90, night: 2 });
  server.hold(after);
  const changes = await night();
  expect(changes).toMatchObject({ status: 'applied' });
  expect(changes.entities.users?.read).toBeLessThan(30);
  expect(await count(district, 'enrollment')).toBe(Object.values(after.members).flat().length);
  await night({ full: true });
  const people = await db.inDistrict(
    district,
    (tx) => tx<{ n: number }[]>`
    SELECT count(*)::int AS n FROM "user" WHERE ended_at IS NULL AND sourced_id NOT LIKE 'contact/%'`,
  );
  expect(people[0]?.n).toBe(after.users.length);
  expect((await night()).status).toBe('unchanged');
});

test('a tenant too large for memory is staged while it is read', async () => {
  const district = await newDistrict(db);
  const tenant = sampleTenant({ students: 60, schools: 1 });
  const source = await sourceOf(district, await tenantOf(tenant));
  const night = (dryRun: boolean) => syncSource(db, district, source, { actor: 'test', handful: 50, dryRun });
  expect(await night(true)).toMatchObject({ heldBecause: [], entities: { classes: { added: tenant.classes.length } } });
  expect(await night(false)).toMatchObject({ status: 'applied' });
  expect(await count(district, 'enrollment')).toBe(Object.values(tenant.members).flat().length);
});

test('a contact whose consent is taken back is unlinked the same night; scores of nobody known are put aside, and nights go on', async () => {
  const district = await newDistrict(db);
  const before = sampleTenant({ students: 60 });
  const [item] = Object.values(before.submissions);
  const [stranger] = item ?? [];
  if (stranger) stranger.recipient.userId = 'nobody-here';
  const server = await tenantOf(before);
  const source = await sourceOf(district, server);
  const night = () => syncSource(db, district, source, { actor: 'test' });
  expect((await night()).problems.filter(({ severity }) => severity === 'problem')).toMatchObject([{ code: 'reference_missing' }]);
  const links = await count(district, 'guardianship');
  const after = structuredClone(before);
  const [, contacts] = Object.entries(after.contacts).find(([, of]) => of.filter(({ accessConsent }) => accessConsent).length > 1) ?? [];
  if (contacts?.[0]) contacts[0].accessConsent = false;
  server.hold(after);
  expect((await night()).entities.users?.read).toBeLessThan(10);
  expect(await count(district, 'guardianship')).toBe((links ?? 0) - 1);
});

test('nights of trouble take nobody away, and the first good one catches up', async () => {
  const district = await newDistrict(db);
  const server = await tenantOf(sampleTenant({ students: 90 }));
  const source = await sourceOf(district, server);
  const night = () => syncSource(db, district, source, { actor: 'test', full: true });
  await night();
  for (const [n, accents] of (
    [['links elsewhere', 'small pages'], ['hidden members'], ['wrong wrapper'], ['no permission for contacts']] as const
  ).entries()) {
    server.hold(sampleTenant({ students: 90, night: n + 2 }));
    server.behave({ accents });
    const [users, links] = [await count(district, '"user"'), await count(district, 'guardianship')];
    const report = await night();
    if (report.status === 'failed')
      expect(report.error).toMatchObject({ code: expect.stringMatching(/^source_/), hint: expect.any(String) });
    expect(await count(district, '"user"')).toBeGreaterThanOrEqual(users ?? 0);
    expect(await count(district, 'guardianship')).toBe(links);
  }
  server.behave({ accents: [] });
  expect((await night()).status).toBe('applied');
});

test('a class whose members are hidden stands as it was while others go on, and what was missed is read as soon as it may be', async () => {
  const district = await newDistrict(db);
  const before = sampleTenant({ students: 90 });
  const server = await tenantOf(before);
  const source = await sourceOf(district, server);
  const night = (full = false) => syncSource(db, district, source, { actor: 'test', full });
  await night();
  const [hidden = '', other = ''] = before.classes.map(({ id }) => id);
  const isStudent = (id: string) => before.users.find((user) => user.id === id)?.primaryRole === 'student';
  const after = structuredClone(before);
  for (const klass of [hidden, other]) {
    const leaver = after.members[klass]?.find(isStudent);
    after.members[klass] = (after.members[klass] ?? []).filter((id) => id !== leaver);
  }
  server.hold(after);
  server.behave({ accents: ['a class not ours'] });
  const report = await night(true);
  expect(report).toMatchObject({ status: 'applied', entities: { enrollments: { ended: 1 }, users: { ended: 0 }, classes: { ended: 0 } } });
  expect(report.problems.filter(({ severity }) => severity === 'problem')).toMatchObject([
    { code: 'class_not_read', file: before.classes[0]?.displayName, message: expect.stringContaining('Member.Read.Hidden') },
  ]);
  server.behave({ accents: [] });
  expect(await night(true)).toMatchObject({ status: 'applied', entities: { enrollments: { ended: 1 } } });
});

test('beside a OneRoster server the tenant links guardians to that roster’s children, and its readings are their scores', async () => {
  const district = await newDistrict(db);
  const sis = await startOneRoster({ collections: sampleCollections({ students: 90 }), accents: ['no agents'] });
  open.push(sis);
  const { url, tokenUrl, clientId, clientSecret } = sis;
  const roster = await addSource(
    db,
    district,
    { name: 'sis', kind: 'oneroster-rest', settings: { url, tokenUrl, clientId, clientSecret, gradebook: false } },
    secret,
  );
  expect((await syncSource(db, district, roster, { actor: 'test' })).guardians).toMatchObject({ linked: 0 });
  const children = await count(
    district,
    `"user" JOIN (SELECT user_id, ended_at AS over FROM role WHERE role = 'student') r ON r.user_id = id AND r.over IS NULL`,
  );
  const before = sampleTenant({ students: 90 });
  const tenant = await tenantOf(before);
  const source = await sourceOf(district, tenant, { roster: false });
  const report = await syncSource(db, district, source, { actor: 'test' });
  expect(report.problems.filter(({ severity }) => severity === 'problem')).toEqual([]);
  expect(report.guardians.linked).toBeGreaterThan(90);
  expect(report.guardians.childrenWithoutParent).toBeLessThan((children ?? 0) / 10);
  // The roster's own parents have no link of their own; nobody guesses that they are the same people.
  expect(report.guardians.parentsWithoutChild).toBeGreaterThan(0);
  const scores = await db.inDistrict(
    district,
    (tx) => tx<{ n: number }[]>`
    SELECT count(DISTINCT r.student_id)::int AS n FROM result r JOIN "user" u ON u.district_id = r.district_id AND u.id = r.student_id
    WHERE u.source_id = ${roster.id} AND r.score IS NOT NULL`,
  );
  expect(scores[0]?.n).toBeGreaterThan(50);

  const after = structuredClone(before);
  const [, contacts] = Object.entries(after.contacts).find(([, of]) => of.filter(({ accessConsent }) => accessConsent).length > 1) ?? [];
  if (contacts?.[0]) contacts[0].accessConsent = false;
  tenant.hold(after);
  await syncSource(db, district, source, { actor: 'test' });
  expect(await count(district, 'guardianship')).toBe(report.guardians.linked - 1);
});

test('where the district says that addresses are the same people’s, a contact is the guardian the roster has', async () => {
  const district = await newDistrict(db);
  const sis = await startOneRoster({ collections: sampleCollections({ students: 90 }), accents: ['no agents'] });
  open.push(sis);
  const { url, tokenUrl, clientId, clientSecret } = sis;
  const settings = { url, tokenUrl, clientId, clientSecret, gradebook: false };
  const roster = await addSource(db, district, { name: 'sis', kind: 'oneroster-rest', settings }, secret);
  await syncSource(db, district, roster, { actor: 'test' });
  const source = await sourceOf(district, await tenantOf(sampleTenant({ students: 90 })), { roster: false, guardian: ['email'] });
  const report = await syncSource(db, district, source, { actor: 'test' });
  expect(report.problems.filter(({ severity }) => severity === 'problem')).toEqual([]);
  // The one who may not be told has no link in the tenant.
  expect(report.guardians).toMatchObject({ parentsWithoutChild: 1, childrenWithoutParent: 0 });
  const people = await db.inDistrict(district, (tx) => tx`SELECT 1 FROM "user" WHERE source_id = ${source.id} AND ended_at IS NULL`);
  expect(people).toHaveLength(0);
  expect((await syncSource(db, district, source, { actor: 'test' })).status).toBe('unchanged');
});
