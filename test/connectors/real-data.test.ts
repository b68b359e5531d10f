/** Other people's files, where they are at hand (they are not part of this repository). */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectorFor } from '../../connectors/registry.ts';
import { joinedScores } from './grand-bend.ts';
import { codes, file, pull, removeSets } from './sets.ts';

afterAll(removeSets);

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const whereThereIs = (path: string) => (existsSync(data + path) ? test : test.skip);

whereThereIs('oneroster-1.1')('a OneRoster 1.1 set as ClassLink exports it reads whole', async () => {
  const { rows, problems, warnings } = await pull('oneroster-csv', { path: `${data}oneroster-1.1` });
  expect(problems).toEqual([]);
  expect(codes(warnings)).toEqual(['row_long']); // two of its rows end in a comma too many
  expect(Object.fromEntries(Object.entries(rows).map(([entity, list]) => [entity, list.length]))).toMatchObject({
    orgs: 2,
    academicSessions: 3,
    courses: 2,
    classes: 2,
    users: 10,
    roles: 10,
    enrollments: 24,
  });
});

whereThereIs('sds-2.1')('a Microsoft SDS set reads whole, with its guardians', async () => {
  const { rows, problems, warnings } = await pull('sds-csv', { path: `${data}sds-2.1` });
  expect([...problems, ...warnings].filter(({ code }) => code !== 'grade_spelling' && code !== 'boolean_spelling')).toEqual([]);
  expect(Object.fromEntries(Object.entries(rows).map(([entity, list]) => [entity, list.length]))).toMatchObject({
    orgs: 4,
    academicSessions: 2,
    courses: 3,
    classes: 2,
    users: 8,
    roles: 7,
    enrollments: 6,
    guardianships: 3,
  });
  expect(rows.guardianships.map(({ relation }) => relation)).toEqual(['guardian', 'relative', 'guardian']);
});

whereThereIs('grand-bend/contacts.csv')('Grand Bend: every contact is a guardian link', async () => {
  const { rows, problems, warnings } = await pull('contacts-csv', { path: `${data}grand-bend/contacts.csv` });
  expect([...problems, ...warnings]).toEqual([]);
  expect(rows.guardianships).toHaveLength(1872);
});

whereThereIs('grand-bend/assessment-results.csv')('Grand Bend: 436 rows, two of them without a score, 320 in third grade', async () => {
  const { text, settings } = joinedScores(`${data}grand-bend`);
  const { rows, problems } = await pull('assessment-csv', { path: file('scores.csv', text), ...settings });
  expect(problems).toEqual([]);
  expect(rows.results).toHaveLength(434);
  expect(rows.results.filter((result) => /^3rd-grade/.test(result.lineItemSourcedId))).toHaveLength(320);
  expect(rows.lineItems.filter((item) => item.assessmentSourcedId === '3rd-grade-math').map((item) => item.window)).toEqual([
    '1st Six Weeks',
    '2nd Six Weeks',
  ]);
});

const vendors = existsSync(`${data}assessments`) ? readdirSync(`${data}assessments`) : [];
(vendors.length > 0 ? test.each(vendors) : test.skip.each(['no vendor files here']))('%s reads or explains itself', async (vendor) => {
  const { rows, problems } = await pull('assessment-csv', { path: `${data}assessments/${vendor}` });
  expect(rows.results.length).toBeGreaterThan(5);
  expect(codes(problems).filter((code) => code !== 'not_a_score_file')).toEqual([]);
  const connector = connectorFor('assessment-csv');
  expect(await connector.check(connector.settings.parse({ path: `${data}assessments/${vendor}` }))).toMatchObject({ ok: true });
});
