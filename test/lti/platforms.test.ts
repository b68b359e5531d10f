/** Registering platforms, as an administrator meets it. */
import {
  acceptDeployment,
  addPlatform,
  listDeployments,
  listPlatforms,
  originsThatFrame,
  type Registration,
  setPlatformActive,
} from '../../lti/platforms.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());
const [north, south] = [await newDistrict(db), await newDistrict(db)];

let count = 0;
const registration = (changes: Partial<Registration> = {}): Registration => ({
  issuer: `https://lms-${++count}.example`,
  clientId: 'client',
  authUrl: 'https://auth.example/authorize?tenant=1',
  tokenUrl: 'https://auth.example/token',
  jwksUrl: 'https://auth.example/jwks',
  ...changes,
});

test('a platform is listed in its own district alone', async () => {
  const added = await addPlatform(db, north, registration({ deploymentIds: ['1', '2'] }));
  expect(await listPlatforms(db, north)).toEqual([added]);
  expect(await listPlatforms(db, south)).toEqual([]);
  expect(await listDeployments(db, north)).toMatchObject([{ deploymentId: '1', status: 'active' }, { deploymentId: '2' }]);
  expect(await listDeployments(db, south)).toEqual([]);
});

test.each([
  ['issuer', 'lms.example'],
  ['issuer', 'http://lms.example'],
  ['authUrl', 'https://user:password@lms.example/auth'],
  ['tokenUrl', 'ftp://lms.example/token'],
  ['jwksUrl', 'http://localhost.attacker.example/jwks'],
  ['jwksUrl', 'http://10.0.0.1/jwks'],
  ['clientId', ''],
  ['deploymentIds', ['']],
  ['frameOrigins', ['not an origin']],
  ['frameOrigins', ['https://*']],
  ['frameOrigins', ['https://lms.example;sandbox']],
])('%s %j is refused by name, and nothing is registered', async (field, value) => {
  const before = await listPlatforms(db, north);
  await expect(addPlatform(db, north, registration({ [field]: value }))).rejects.toMatchObject({
    code: 'platform_invalid',
    message: expect.stringContaining(field),
  });
  expect(await listPlatforms(db, north)).toEqual(before);
});

test.each(['http://localhost:4001', 'http://127.0.0.1:4001', 'http://[::1]:4001', 'http://lms.localhost'])(
  '%s may do without https',
  async (issuer) => {
    await expect(addPlatform(db, north, registration({ issuer, clientId: 'local' }))).resolves.toMatchObject({ issuer });
  },
);

test('the same issuer and client cannot be registered twice, not even by another district', async () => {
  const twice = registration();
  await addPlatform(db, north, twice);
  await expect(addPlatform(db, north, twice)).rejects.toMatchObject({ code: 'platform_exists' });
  await expect(addPlatform(db, south, twice)).rejects.toMatchObject({ code: 'platform_exists' });
  await expect(addPlatform(db, south, { ...twice, clientId: 'another' })).resolves.toMatchObject({ active: true });
});

test('another district’s platform can neither be switched off nor be given a deployment', async () => {
  const platform = await addPlatform(db, north, registration());
  await expect(setPlatformActive(db, south, platform.id, false)).rejects.toMatchObject({ code: 'platform_missing' });
  await expect(acceptDeployment(db, south, platform.id, 'theirs')).rejects.toMatchObject({ code: 'platform_missing' });
  await setPlatformActive(db, north, platform.id, false);
  expect((await listPlatforms(db, north)).find(({ id }) => id === platform.id)?.active).toBe(false);
});

test('a session may be framed by the platform it was opened from, by no other, and by nobody once that is switched off', async () => {
  const platform = await addPlatform(
    db,
    south,
    registration({ issuer: 'https://framing.example/lms', frameOrigins: ['https://portal.example/home'] }),
  );
  const origins = await originsThatFrame(db, platform.id);
  expect(origins.sort()).toEqual(['https://auth.example', 'https://framing.example', 'https://portal.example']);
  await setPlatformActive(db, south, platform.id, false);
  expect(await originsThatFrame(db, platform.id)).toEqual([]);
});
