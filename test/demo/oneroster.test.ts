/** The simulated OneRoster service speaks as the official documents have it (where they are at hand: they are not ours to ship). */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import { type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { faultsOf, type Schema } from './openapi.ts';

const documents = fileURLToPath(new URL('../../../shared/data/oneroster-1.2-openapi/', import.meta.url));
const there = existsSync(documents);
const collections = sampleCollections({ students: 60 });
let server: OneRosterServer;
beforeAll(async () => {
  server = await startOneRoster({ collections });
});
afterAll(() => server.close());

const get = async (path: string, at: Pick<OneRosterServer, 'url' | 'token'> = server) => {
  const answer = await fetch(`${at.url}/ims/oneroster/${path}`, { headers: { authorization: `Bearer ${at.token}` } });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, Record<string, unknown>[]> };
};

const listings = {
  rosters: ['orgs', 'schools', 'academicSessions', 'terms', 'courses', 'classes', 'users', 'students', 'teachers', 'enrollments'],
  gradebook: ['categories', 'lineItems', 'results', 'scoreScales', 'assessmentLineItems', 'assessmentResults'],
} as const;

(there ? describe : describe.skip)('by the official OpenAPI documents', () => {
  const cases = Object.entries(listings).flatMap(([service, names]) => names.map((name) => [service, name] as const));
  test.each(cases)('%s: /%s', async (service, name) => {
    const document = JSON.parse(readFileSync(`${documents}onerosterv1p2${service}service_openapi3_v1p0.json`, 'utf8')) as Schema;
    const schema = document.paths[`/${name}`].get.responses['200'].content['application/json'].schema;
    const { status, body } = await get(`${service === 'rosters' ? 'rostering' : 'gradebook'}/v1p2/${name}?limit=1000`);
    expect(status).toBe(200);
    expect(Object.values(body)[0]?.length).toBeGreaterThan(0);
    expect(faultsOf(body, schema, document).slice(0, 5)).toEqual([]);
  });

  test('a refusal', async () => {
    const document = JSON.parse(readFileSync(`${documents}onerosterv1p2rostersservice_openapi3_v1p0.json`, 'utf8')) as Schema;
    const { status, body } = await get("rostering/v1p2/users?filter=shoeSize='43'");
    expect(status).toBe(400);
    expect(faultsOf(body, document.components.schemas.imsx_StatusInfoDType, document)).toEqual([]);
  });
});

test('1.1 has one base, one role a user, and no assessments', async () => {
  const old = await startOneRoster({ collections, version: '1.1' });
  const { body, headers } = await get('v1p1/users?limit=2&offset=2', old);
  expect(body.users).toMatchObject([{ role: expect.any(String), orgs: [{ type: 'org', href: expect.stringMatching(/^http/) }] }, {}]);
  expect([headers.get('x-total-count'), headers.get('link')]).toEqual([
    String(collections.users?.length),
    expect.stringContaining('offset=4'),
  ]);
  expect((await get('v1p1/assessmentResults', old)).status).toBe(404);
  expect((await get('rostering/v1p2/users', old)).status).toBe(404);
  await old.close();
});

test('nobody is let in without a token, a signature or the right secret', async () => {
  expect((await get('rostering/v1p2/users', { url: server.url, token: 'made-up' })).status).toBe(401);
  const asked = (secret: string) =>
    fetch(server.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: server.clientId, client_secret: secret }),
    });
  expect((await asked('wrong')).status).toBe(401);
  expect((await asked(server.clientSecret)).status).toBe(200);
});
