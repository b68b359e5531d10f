/** What a district's systems are to it. */
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());

const tenant = { tenant: 'willow.example', clientId: 'a', clientSecret: 'b' };
const teacher = { clientId: 'a', clientSecret: 'b', refreshToken: 'c' };

test.each([
  ['microsoft-graph', tenant, true],
  ['microsoft-graph', { ...tenant, roster: false }, false],
  ['google-classroom', { ...teacher, people: 'own' }, true],
  ['google-classroom', teacher, false],
  ['oneroster-csv', { path: '/somewhere' }, true],
  ['contacts-csv', { path: '/somewhere' }, false],
  ['lti-memberships', { platform: 1 }, false],
])('%s with %j brings a roster of its own: %s', async (kind, settings, brings) => {
  const district = await newDistrict(db);
  const source = await addSource(db, district, { name: 'one', kind, settings }, () => 'a secret of at least thirty-two characters');
  const [row] = await db.inDistrict(district, (tx) => tx`SELECT brings_roster AS brings FROM source WHERE id = ${source.id}`);
  expect(row).toEqual({ brings });
});
