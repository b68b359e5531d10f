import { readFileSync } from 'node:fs';
import { dumpSchema, schemaFile } from '../../src/db/dump-schema.ts';
import { freshDatabase } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());

test('schema.sql shows what the migrations make (if not: npm run schema)', async () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(await dumpSchema(db.sql));
});

test('schema.sql shows tables, keys, policies, views and grants', async () => {
  const schema = await dumpSchema(db.sql);
  for (const part of [
    'CREATE TABLE enrollment',
    'PRIMARY KEY (district_id',
    'CREATE POLICY tenant ON enrollment',
    'FORCE ROW LEVEL SECURITY',
    'GRANT INSERT, SELECT ON audit TO aptt_service',
    'CREATE VIEW active_enrollment WITH (security_invoker=true) AS',
    'GRANT SELECT ON active_enrollment TO aptt_service',
  ]) {
    expect(schema).toContain(part);
  }
});
