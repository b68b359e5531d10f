/** The Microsoft Graph connector under every accent and fault the simulated tenant knows. */
import { connectorFor } from '../../connectors/registry.ts';
import { type Fault, faults } from '../../src/demo/faults.ts';
import { type GraphOptions, type GraphServer, startGraph } from '../../src/demo/graph/server.ts';
import { sampleTenant, type Tenant } from '../../src/demo/graph/tenant.ts';
import { type Accent, accents } from '../../src/demo/graph/ways.ts';
import { conformsToTheContract, type Misbehaviour, survives } from './connector.ts';

const tenant = sampleTenant({ students: 40, schools: 1 });
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const servers: GraphServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function settingsOf(options: Partial<GraphOptions> = {}, more: Record<string, unknown> = {}) {
  const server = await startGraph({ tenant, ...options });
  servers.push(server);
  return { ...server.settings, readingSince: daysAgo(3), ...more };
}

/** One class of the tenant, with everybody in it. */
function oneClass(): Tenant {
  const [klass] = tenant.classes;
  if (!klass) throw new Error('no class');
  const people = new Set(tenant.members[klass.id]);
  const school = Object.keys(tenant.schoolClasses).find((id) => tenant.schoolClasses[id]?.includes(klass.id)) ?? '';
  return {
    ...tenant,
    schools: tenant.schools.filter(({ id }) => id === school),
    classes: [klass],
    users: tenant.users.filter(({ id }) => people.has(id)),
    schoolClasses: { [school]: [klass.id] },
    schoolUsers: { [school]: [...people] },
    reading: [],
  };
}
const few = oneClass();
const quiz = Object.values(few.assignments[few.classes[0]?.id ?? ''] ?? [])[0]?.id ?? '';
const withUser = (change: object): Tenant => ({ ...few, users: few.users.map((user, at) => (at === 1 ? { ...user, ...change } : user)) });
const connector = connectorFor('microsoft-graph');

conformsToTheContract({
  kind: 'microsoft-graph',
  connector,
  live: true,
  good: async () => {
    const settings = await settingsOf({ tenant: few }, { guardians: false });
    const people = few.users.length;
    // A school, a class with its term and course; everybody with a role and a place in it; a quiz with its results; two measures of reading.
    return { settings, rows: 1 + 3 + 3 * people + 1 + (few.submissions[quiz]?.length ?? 0) + 2 };
  },
  spoilt: () => settingsOf({ tenant: withUser({ givenName: 5 }) }, { guardians: false }),
  changed: () => settingsOf({ tenant: withUser({ givenName: 'Other' }) }),
  gone: () => ({ tenant: 'a', clientId: 'b', clientSecret: 'c', url: 'http://127.0.0.1:1', authority: 'http://127.0.0.1:1' }),
});

const comesTo: Partial<Record<Accent | Fault, Misbehaviour['comesTo']>> = {
  duplicates: 'an error',
  'links in a circle': 'an error',
  'links elsewhere': 'an error',
  'wrong wrapper': 'an error',
  'hidden members': 'an error',
  'a class gone midway': 'all but a class',
  'a class not ours': 'all but a class',
  'spoilt members': 'all but a class',
  'work not ours': 'all but a class',
  'no permission for contacts': 'either',
  'no permission for assignments': 'either',
  'no permission for reading': 'either',
  'sign-in page': 'an error',
};

describe('microsoft-graph: a tenant that', () => {
  survives(connector, () => settingsOf(), [
    ...(Object.keys(accents) as Accent[]).map(
      (accent): Misbehaviour => ({
        name: accents[accent],
        // Small enough for a page of a handful to be followed by others.
        start: () =>
          settingsOf({
            accents: accent === 'duplicates' ? [accent, 'small pages'] : accent === 'links elsewhere' ? [accent, 'small pages'] : [accent],
          }),
        comesTo: comesTo[accent] ?? 'every record',
      }),
    ),
    ...(Object.keys(faults) as Fault[]).map(
      (fault): Misbehaviour => ({
        name: `now and then: ${faults[fault]}`,
        // A tenant is asked many small questions: slowed down, or let in anew, at every seventh it would take a minute.
        start: () => settingsOf({ faults: [fault], faultEvery: /too many|expired/.test(fault) ? 31 : 7 }),
        comesTo: comesTo[fault] ?? 'every record',
      }),
    ),
    {
      name: 'does everything that passes, by turns, in small pages',
      start: () =>
        settingsOf({
          accents: ['small pages', 'empty pages', 'contacts one by one', 'null fields'],
          faults: ['server error', 'reset', 'half an answer', 'expired token'],
          faultEvery: 9,
        }),
      comesTo: 'every record',
    },
  ]);
});
