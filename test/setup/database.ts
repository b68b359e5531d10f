/** A fresh, migrated database of a test file's own. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { connect, type Db } from '../../src/db/db.ts';

/** The caller closes it: `afterAll(() => db.close())`. `url` is for processes a test starts (DATABASE_URL). */
export async function freshDatabase(options: { max?: number } = {}): Promise<Db & { url: string }> {
  const server = process.env.APTT_TEST_SERVER;
  if (!server) throw new Error('no test server: run the tests through `npm test`');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE aptt_template`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { ...connect(url.href, options), url: url.href };
}

/** A district's id. */
export async function newDistrict(db: Db, slug = `d-${randomBytes(4).toString('hex')}`): Promise<number> {
  const [row] = await db.asOperator((tx) => tx<{ id: number }[]>`INSERT INTO district (slug, name) VALUES (${slug}, ${slug}) RETURNING id`);
  if (!row) throw new Error('no district');
  return row.id;
}
