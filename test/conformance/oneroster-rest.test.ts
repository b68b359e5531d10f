/** The OneRoster REST connector under every accent and fault the simulated server knows. */
import { connectorFor } from '../../connectors/registry.ts';
import { type Fault, faults } from '../../src/demo/faults.ts';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import type { Collections, Json } from '../../src/demo/oneroster/records.ts';
import { type OneRosterOptions, type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { type Accent, accents } from '../../src/demo/oneroster/ways.ts';
import { conformsToTheContract, type Misbehaviour, survives } from './connector.ts';

const collections = sampleCollections({ students: 60 });
const servers: OneRosterServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function settingsOf(options: Partial<OneRosterOptions> = {}, more: Record<string, unknown> = {}) {
  const server = await startOneRoster({ collections, ...options });
  servers.push(server);
  const { url, tokenUrl, clientId, clientSecret } = server;
  return { url, tokenUrl, clientId, clientSecret, pageSize: 70, ...more };
}

const few: Collections = Object.fromEntries(Object.entries(collections).map(([name, rows]) => [name, rows.slice(0, 2)]));
const withResult = (change: Json): Collections => ({
  ...few,
  results: (few.results ?? []).map((row, at) => (at === 1 ? { ...row, ...change } : row)),
});
const connector = connectorFor('oneroster-rest');

conformsToTheContract({
  kind: 'oneroster-rest',
  connector,
  live: true,
  good: async () => {
    const settings = await settingsOf({ collections: { ...few, users: (few.users ?? []).map(({ agents: _, ...user }) => user) } });
    const roles = (few.users ?? []).reduce((sum, user) => sum + (user.roles as unknown[]).length, 0);
    // Two of each listing; an assessment line item is a line item, and here a test of its own as well.
    return {
      settings,
      rows: 2 * 6 + roles + 2 + (2 + 2) + 2 + 2 - 1 + ((few.academicSessions ?? []).length - 2) + ((few.orgs ?? []).length - 2),
    };
  },
  spoilt: () => settingsOf({ collections: withResult({ student: null }) }),
  changed: () => settingsOf({ collections: withResult({ score: 99 }) }),
  gone: () => ({ url: 'http://127.0.0.1:1', tokenUrl: 'http://127.0.0.1:1/token', clientId: 'a', clientSecret: 'b' }),
});

const comesTo: Partial<Record<Accent | Fault, Misbehaviour['comesTo']>> = {
  'low total': 'an error',
  'high total': 'an error',
  'changing total': 'an error',
  duplicates: 'an error',
  'ignored offset': 'an error',
  'wrong wrapper': 'an error',
  'no users': 'either',
  'no gradebook': 'either',
  'no permission for scores': 'either',
  'no agents': 'either',
  'sign-in page': 'an error',
};

describe('oneroster-rest: a server that', () => {
  survives(connector, () => settingsOf(), [
    ...(Object.keys(accents) as Accent[])
      .filter((accent) => accent !== 'no agents') // says nothing of guardians, which is its truth
      .map(
        (accent): Misbehaviour => ({
          name: accents[accent],
          start: () => settingsOf({ accents: [accent] }),
          comesTo: comesTo[accent] ?? 'every record',
        }),
      ),
    ...(Object.keys(faults) as Fault[]).map(
      (fault): Misbehaviour => ({
        name: `now and then: ${faults[fault]}`,
        start: () => settingsOf({ faults: [fault], faultEvery: 7 }),
        comesTo: comesTo[fault] ?? 'every record',
      }),
    ),
    {
      name: 'does everything that passes, by turns, and speaks 1.1 with short pages',
      start: () =>
        settingsOf({
          accents: ['short pages', 'no sort', 'loose types'],
          faults: ['server error', 'reset', 'half an answer', 'expired token'],
          faultEvery: 4,
        }),
      comesTo: 'every record',
    },
  ]);
});
