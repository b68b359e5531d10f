/** What a listing says of classes it does not tell of: nothing. */
import type { Closing } from '../../connectors/connector.ts';
import { entities } from '../../src/roster/model.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { spareClasses } from '../../src/sync/spare.ts';
import { makeCommonTables, type Scope, staged } from '../../src/sync/staging.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { files, folder, school, write } from './feed.ts';

const db = await freshDatabase();
afterAll(() => db.close());

/** Of two classes of ten each: the ids that stay as they are, by entity. */
async function spared(classes: NonNullable<Closing['classes']>): Promise<Record<string, string[]>> {
  const districtId = await newDistrict(db);
  const path = folder();
  write(path, files(school(20)));
  const source = await addSource(db, districtId, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
  expect(await syncSource(db, districtId, source, { actor: 'test' })).toMatchObject({ status: 'applied' });
  const scope: Scope = { districtId, sourceId: source.id, runId: 1, matching: {}, place: 'pg_temp' };
  return db.inDistrict(districtId, async (tx) => {
    await tx.unsafe(makeCommonTables(scope));
    for (const entity of entities) await spareClasses(tx, scope, entity, { type: 'closing', entity, complete: true, classes });
    const found: Record<string, string[]> = {};
    for (const { entity, id } of await tx.unsafe<{ entity: string; id: string }[]>(
      `SELECT DISTINCT entity, sourced_id AS id FROM ${staged(scope).rejected} ORDER BY 1, 2`,
    )) {
      found[entity] = [...(found[entity] ?? []), id];
    }
    return found;
  });
}

test('a class that could not be read keeps its children, their roles and families; of the others nothing is kept', async () => {
  const { classes, users, enrollments, roles } = await spared({ unread: ['k1'] });
  expect(classes).toEqual(['k1']);
  expect(users).toEqual(expect.arrayContaining(['c1', 'c10']));
  expect(users).not.toContain('c11');
  expect(enrollments?.length).toBeGreaterThanOrEqual(10);
  expect(enrollments?.length).toBeLessThan(13);
  expect(roles?.length).toBeGreaterThanOrEqual(10);
});

test('where one class was read the other stands as it was, and so does everybody who may be in none', async () => {
  const { classes, users, enrollments } = await spared({ read: ['k1'] });
  expect(classes).toEqual(['k2']);
  expect(users).toEqual(expect.arrayContaining(['c1', 'c11']));
  expect(enrollments?.length).toBeGreaterThanOrEqual(10);
  expect(enrollments?.length).toBeLessThan(13);
});
