/** A school's system that answers and has nobody in it: no green night, and no dead end either. */
import { type Domain, sampleDomain } from '../../src/demo/google/domain.ts';
import { startGoogle } from '../../src/demo/google/server.ts';
import { startGraph } from '../../src/demo/graph/server.ts';
import { sampleTenant, type Tenant } from '../../src/demo/graph/tenant.ts';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import { startOneRoster } from '../../src/demo/oneroster/server.ts';
import { approveRun } from '../../src/sync/decide.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());

const size = { students: 30, schools: 1 };
/** The same, with nothing in its lists. */
const emptied = <T extends object>(whole: T): T =>
  Object.fromEntries(Object.entries(whole).map(([name, held]) => [name, Array.isArray(held) ? [] : emptiedIn(held)])) as T; // of the same names
const emptiedIn = (held: unknown) => (typeof held === 'object' && held !== null ? {} : held);

type System = { settings: Record<string, unknown>; fill(): void; close(): Promise<void> };

async function google(): Promise<System> {
  const domain: Domain = sampleDomain(size);
  const server = await startGoogle({ domain: emptied(domain) });
  return { settings: { ...server.settings, people: 'own' }, fill: () => server.hold(domain), close: () => server.close() };
}

async function graph(): Promise<System> {
  const tenant: Tenant = sampleTenant({ students: 30 });
  const server = await startGraph({ tenant: emptied(tenant) });
  return { settings: server.settings, fill: () => server.hold(tenant), close: () => server.close() };
}

/** It has its schools and terms already. */
async function oneRoster(): Promise<System> {
  const collections = sampleCollections(size);
  const { orgs = [], academicSessions = [] } = collections;
  const server = await startOneRoster({ collections: { ...emptied(collections), orgs, academicSessions } });
  const { url, tokenUrl, clientId, clientSecret } = server;
  return { settings: { url, tokenUrl, clientId, clientSecret }, fill: () => server.hold(collections), close: () => server.close() };
}

describe.each([
  ['google-classroom', google],
  ['microsoft-graph', graph],
  ['oneroster-rest', oneRoster],
] as const)('%s without classes and people', (kind, start) => {
  test('waits for somebody to say that it is so, then goes on, and is read when it fills', async () => {
    const system = await start();
    try {
      const district = await newDistrict(db);
      const given = { name: 'school', kind, settings: system.settings };
      const source = await addSource(db, district, given, () => 'a secret of at least thirty-two characters');
      const night = () => syncSource(db, district, source, { actor: 'test', full: true });
      const first = await night();
      expect(first).toMatchObject({ status: 'held', heldBecause: [{ code: 'zero_rows', entity: null }] });
      expect(await night()).toMatchObject({ status: 'held' });
      const last = await night();
      expect((await approveRun(db, district, last.runId, 'district IT')).heldBecause).toEqual([]);
      expect(await night()).toMatchObject({ status: 'unchanged', heldBecause: [] });
      system.fill();
      expect(await night()).toMatchObject({ status: 'applied', heldBecause: [] });
    } finally {
      await system.close();
    }
  });
});
