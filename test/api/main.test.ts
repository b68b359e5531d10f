import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { purge } from '../../src/api/retention.ts';
import { startService } from '../../src/main.ts';
import { secretOf } from '../../src/secret.ts';
import { freshDatabase } from '../setup/database.ts';
import { newSchool } from '../setup/school.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-main-'));
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

test('the service starts, answers at its doors, says when its port is taken, and stops', async () => {
  const options = { db, url: 'http://localhost:1', port: 0, secret: secretOf({ secret: null, dataDir: folder }), log: 'silent' as const };
  const service = await startService(options);
  for (const path of ['/healthz', '/readyz', '/lti/jwks']) expect((await fetch(`${service.url}${path}`)).status).toBe(200);
  expect((await fetch(`${service.url}/api/me`)).status).toBe(401);
  const launch = await fetch(`${service.url}/lti/launch`, { method: 'POST', body: new URLSearchParams({ id_token: 'x.y.z', state: 'x' }) });
  expect(launch.status).toBeGreaterThanOrEqual(400);
  await expect(startService({ ...options, port: Number(new URL(service.url).port) })).rejects.toMatchObject({ code: 'port_unavailable' });
  await service.close();
  await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
});

test('a secret is made once, kept for the service alone, and not needed where one is given', () => {
  const made = secretOf({ secret: null, dataDir: join(folder, 'new') });
  expect(made.length).toBeGreaterThanOrEqual(32);
  expect(secretOf({ secret: null, dataDir: join(folder, 'new') })).toBe(made);
  expect(readFileSync(join(folder, 'new', 'secret'), 'utf8')).toBe(made);
  if (process.platform !== 'win32') expect(statSync(join(folder, 'new', 'secret')).mode & 0o777).toBe(0o600);
  expect(secretOf({ secret: 'given', dataDir: join(folder, 'none') })).toBe('given');
});

test('numbers die fourteen days after their meeting, or after they were drawn where none was held; sooner where the district says so', async () => {
  const school = await newSchool(db, 'Gum');
  const meetings = await school.roster.within(
    (tx) => tx<{ id: number }[]>`
    INSERT INTO meeting (district_id, class_id, line_item_id, drawn_at, presented_at)
    SELECT ${school.districtId}, ${school.classes.big}, measure, now() - make_interval(days => drawn), now() - make_interval(days => presented)
    FROM (VALUES (${school.measures.moy}::bigint, 20, 15), (${school.measures.moy}, 20, 5), (${school.measures.moy}, 15, NULL), (${school.measures.boy}, 5, NULL))
      AS v(measure, drawn, presented) RETURNING id`,
  );
  await school.roster.within(
    (tx) => tx`
    INSERT INTO private_number (district_id, meeting_id, student_id, number) SELECT ${school.districtId}, id, 1, 10 FROM meeting`,
  );
  const [old, recent, neverHeld, planned] = meetings.map((row) => row.id);
  const left = async () =>
    (await school.roster.within((tx) => tx<{ id: number }[]>`SELECT meeting_id AS id FROM private_number ORDER BY 1`)).map((row) => row.id);
  expect(await left()).toEqual([old, recent, neverHeld, planned]);
  await purge(db);
  expect(await left()).toEqual([recent, planned]);
  await school.roster.within(
    (tx) => tx`UPDATE district SET settings = ${tx.json({ displayPolicy: { numbersLiveDays: 3 } })} WHERE id = ${school.districtId}`,
  );
  await purge(db);
  expect(await left()).toEqual([]);
});
