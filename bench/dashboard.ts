/** A teacher's class page at the size of a big district: its p95 over HTTP against the p95 of its own SQL alone, in the same run. */
import { randomBytes } from 'node:crypto';
import { addPlatform } from '../lti/platforms.ts';
import { openSession, redeemTicket } from '../src/access/session.ts';
import type { ClassShape } from '../src/read-models/shapes.ts';
import { startChild } from './child.ts';
import { bigDistrict } from './district.ts';
import { figure } from './figure.ts';
import { type Ask, type Http, http, percentile, spread } from './load.ts';
import type { Bench } from './main.ts';
import type { World } from './world.ts';

const teachers = 200;
const connections = 50;
const rounds = 2;
const requests = 1000; // a round

export const dashboard: Bench = {
  names: ['dashboard-p95'],
  async run(say) {
    const { world } = await bigDistrict(say);
    say(`dashboard: ${teachers} teachers sign in …`);
    const secret = randomBytes(32).toString('base64url');
    const asks = await signIn(world, secret);
    const service = await startChild('./service-child.ts', world.url, secret);
    const statements = await startChild('./statements-child.ts', world.url, secret);
    const client = http(connections);
    try {
      const each = (await statements.ask('capture', asks)) as number;
      const base = (await service.ask('url')) as string;
      const overHttp = (count: number) => get(client, base, asks, count);
      const alone = async (count: number) => (await statements.ask('replay', { requests: count, callers: connections })) as number[];
      say(`dashboard: ${rounds * requests} requests over ${connections} connections, and their ${each.toFixed(1)} statements each alone …`);
      await overHttp(2 * teachers);
      await alone(2 * teachers);
      const times: { http: number[]; sql: number[] } = { http: [], sql: [] };
      for (let round = 0; round < rounds; round++) {
        times.http.push(...(await overHttp(requests)));
        times.sql.push(...(await alone(requests)));
      }
      const [page, sql] = [percentile(times.http, 0.95), percentile(times.sql, 0.95)];
      const detail = `p95 ${page.toFixed(1)} ms over HTTP against ${sql.toFixed(1)} ms for its ${each.toFixed(1)} statements alone`;
      return [figure('dashboard-p95', page / sql, 2, `${detail}, ${connections} connections`)];
    } finally {
      client.close();
      service.stop();
      statements.stop();
    }
  },
};

/** A page of the wrong kind must not pass for a fast one. */
async function get(client: Http, base: string, asks: readonly Ask[], count: number): Promise<number[]> {
  const jobs = Array.from({ length: count }, (_, n) => asks[n % asks.length] as Ask); // a remainder is a position
  const { results, ms } = await spread(jobs, connections, (ask) => client.send({ ...ask, url: base + ask.url }));
  const wrong = results.find(({ status }) => status !== 200);
  if (wrong) throw new Error(`a class was answered ${wrong.status}: ${wrong.body.slice(0, 300)}`);
  const page = JSON.parse(results[0]?.body ?? '{}') as ClassShape; // what the route answers
  if (!page.measure || page.students < 5) throw new Error('the class has no scores to show');
  return ms;
}

/** Real sessions of teachers of classes with scores, each asking for a class of their own. */
async function signIn(world: World, secret: string): Promise<Ask[]> {
  const { db, districtId } = world;
  const at = 'https://platform.example';
  const { id: platformId } = await addPlatform(db, districtId, {
    issuer: at,
    clientId: 'bench',
    authUrl: `${at}/auth`,
    tokenUrl: `${at}/token`,
    jwksUrl: `${at}/jwks`,
  });
  const accounts = await db.inDistrict(
    districtId,
    (tx) => tx<{ accountId: number; classId: number }[]>`
      WITH chosen AS (
        SELECT e.user_id, min(e.class_id) AS class_id FROM enrollment e
        WHERE e.role = 'teacher' AND e.is_primary AND e.ended_at IS NULL
          AND EXISTS (SELECT 1 FROM line_item li WHERE li.class_id = e.class_id AND li.ended_at IS NULL)
        GROUP BY e.user_id ORDER BY md5(e.user_id::text) LIMIT ${teachers}),
      account AS (
        INSERT INTO lti_account (district_id, platform_id, sub, user_id, matched_by)
        SELECT ${districtId}, ${platformId}, user_id::text, user_id, 'it' FROM chosen RETURNING id, user_id)
      SELECT account.id AS "accountId", chosen.class_id AS "classId" FROM account JOIN chosen USING (user_id)`,
  );
  if (accounts.length !== teachers) throw new Error(`only ${accounts.length} teachers have a class with scores`);
  const asks: Ask[] = [];
  for (const { accountId, classId } of accounts) {
    const identity = { districtId, accountId, roles: ['instructor' as const], contextId: null, from: null, locale: 'en' };
    const { ticket } = await openSession(db, secret, identity);
    const { token } = await redeemTicket(db, secret, ticket);
    asks.push({ url: `/api/classes/${classId}`, headers: { Authorization: `Bearer ${token}` } });
  }
  return asks;
}
