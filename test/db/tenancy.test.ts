import { freshDatabase, newDistrict } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());

/** Tables that belong to no tenant: the migrations' own book, the tenants themselves, the tool's signing keys. */
const shared = ['district', 'lti_key', 'schema_migration'];

type Table = { name: string; forced: boolean; enabled: boolean; first_key: string | null };

const tables = await db.sql<Table[]>`
  SELECT c.relname AS name, c.relforcerowsecurity AS forced, c.relrowsecurity AS enabled,
    (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = c.oid AND i.indisprimary) AS first_key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')`;

const tenant = tables.filter((table) => !shared.includes(table.name));

test('there are tenant tables to look at', () => {
  expect(tenant.length).toBeGreaterThan(20);
});

test.each(tenant)('$name leads its key with district_id and forces row-level security', (table) => {
  expect(table).toMatchObject({ first_key: 'district_id', forced: true, enabled: true });
});

test('a transaction of one district neither reads nor writes another', async () => {
  const [one, two] = [await newDistrict(db), await newDistrict(db)];
  await db.inDistrict(one, (tx) => tx`INSERT INTO source (district_id, name, kind) VALUES (${one}, 'sis', 'oneroster-csv')`);
  const seen = await db.inDistrict(two, (tx) => tx`SELECT * FROM source`);
  expect(seen).toHaveLength(0);
  await expect(
    db.inDistrict(two, (tx) => tx`INSERT INTO source (district_id, name, kind) VALUES (${one}, 'forged', 'oneroster-csv')`),
  ).rejects.toThrow(/row-level security/);
  const touched = await db.inDistrict(two, (tx) => tx`UPDATE source SET name = 'stolen'`);
  expect(touched.count).toBe(0);
});

test('one statement alone is bound to its district, all or nothing, and leaves nothing on the connection', async () => {
  const [one, two] = [await newDistrict(db), await newDistrict(db)];
  const insert = "INSERT INTO source (district_id, name, kind) SELECT (s->>'district')::int, s->>'name', 'x' FROM (SELECT $said AS s) said";
  await db.onceInDistrict(one, `${insert} RETURNING id`, { district: one, name: 'sis' });
  expect(await db.onceInDistrict(two, 'SELECT * FROM source WHERE $said IS NOT NULL', {})).toHaveLength(0);
  await expect(db.onceInDistrict(two, insert, { district: one, name: 'forged' })).rejects.toThrow(/row-level security/);
  await expect(
    db.onceInDistrict(one, `WITH w AS (${insert} RETURNING 1) SELECT 1 / 0 FROM w`, { district: one, name: 'half' }),
  ).rejects.toThrow(/division/);
  expect(await db.onceInDistrict(one, 'SELECT name FROM source WHERE $said IS NOT NULL', {})).toEqual([{ name: 'sis' }]);
  await expect(db.onceAtFrontDoor('SELECT $said FROM "user"', {})).rejects.toThrow(/permission denied/);
  for (const row of await Promise.all(
    Array.from({ length: 12 }, () => db.sql`SELECT current_user <> 'aptt_service' AS own, current_district() AS d`),
  )) {
    expect(row[0]).toEqual({ own: true, d: null });
  }
});

test('what a statement alone is told is never read as SQL', async () => {
  const id = await newDistrict(db);
  for (const text of ["'; DROP TABLE source; --", "\\'", '$said', '$&', '"', 'ñ 😀', '{"a":1}']) {
    expect(await db.onceInDistrict(id, "SELECT $said->>'text' AS text", { text })).toEqual([{ text }]);
  }
  expect(await db.onceInDistrict(id, "SELECT $said->>'text' AS text", { text: 'half \ud83d' })).toEqual([{ text: 'half \ufffd' }]);
});

test('the first statement of a transaction is already bound to its role', async () => {
  const id = await newDistrict(db);
  const [row] = await db.inDistrict(id, (tx) => tx`SELECT current_user AS role, current_district() AS district`);
  expect(row).toEqual({ role: 'aptt_service', district: id });
});

test('the front door reads no roster', async () => {
  await expect(db.atFrontDoor((tx) => tx`SELECT * FROM "user"`)).rejects.toThrow(/permission denied/);
});

test('an audit line cannot be changed or removed by the service', async () => {
  const id = await newDistrict(db);
  await db.inDistrict(id, (tx) => tx`INSERT INTO audit (district_id, actor, action, reason) VALUES (${id}, 'a', 'b', 'c')`);
  await expect(db.inDistrict(id, (tx) => tx`DELETE FROM audit`)).rejects.toThrow(/permission denied/);
});
