/** Our own signing keys over the years: replaced when they are old, by one process of many, and never missed by a platform. */
import { keyOverlapDays } from '../../config/policy.ts';
import { listKeys, publicKeys, rotateKey, rotateOldKey, signingKey } from '../../lti/keys.ts';
import { freshDatabase } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());
const secret = 'a secret of at least thirty-two characters';
const published = async () => (await publicKeys(db, secret)).keys.map((key) => key.kid);

test('a young key stays; an old one is replaced once, however many processes notice, and both are published', async () => {
  const first = await signingKey(db, secret);
  expect(await rotateOldKey(db, secret, 90, keyOverlapDays)).toBeNull();
  await db.sql`UPDATE lti_key SET created_at = now() - interval '91 days'`;
  const rotated = await Promise.all(Array.from({ length: 8 }, () => rotateOldKey(db, secret, 90, keyOverlapDays)));
  const made = rotated.filter((each) => each !== null);
  expect(made).toHaveLength(1);
  expect(await published()).toEqual([made[0]?.kid, first.kid]);
  expect((await signingKey(db, secret)).kid).toBe(made[0]?.kid);
  expect((await listKeys(db)).map(({ state }) => state)).toEqual(['signing', 'published']);
});

test('a key that retired is published no more, and forgotten later', async () => {
  await db.sql`UPDATE lti_key SET retires_at = now() WHERE retires_at IS NOT NULL`;
  expect(await published()).toHaveLength(1);
  expect((await listKeys(db)).map(({ state }) => state)).toEqual(['signing', 'retired']);
  await db.sql`UPDATE lti_key SET retires_at = now() - interval '31 days' WHERE retires_at IS NOT NULL`;
  await rotateOldKey(db, secret, 90, keyOverlapDays);
  expect(await listKeys(db)).toHaveLength(1);
});

test('a key that leaked leaves the key set at once', async () => {
  const { kid: leaked } = await signingKey(db, secret);
  const { kid } = await rotateKey(db, secret, 0);
  expect(await published()).toEqual([kid]);
  expect(kid).not.toBe(leaked);
});

test('so does one that was replaced already, and was still published', async () => {
  const { kid: leaked } = await signingKey(db, secret);
  await rotateKey(db, secret, keyOverlapDays);
  expect(await published()).toContain(leaked);
  const { kid } = await rotateKey(db, secret, 0);
  expect(await published()).toEqual([kid]);
});
