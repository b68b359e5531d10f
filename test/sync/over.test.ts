/** A pull that is over, however it ended, asks the school's system nothing more. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(() => db.close());
let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const schools = Array.from({ length: 9 }, (_, n) => ({ id: `s${n}`, displayName: `School ${n}` }));

/** A tenant that is asked for the classes of four schools at once, and then does this to the first; it never answers for the others. */
async function asked(then: (first: ServerResponse) => void): Promise<{ settings: Record<string, string>; waiting: ServerResponse[] }> {
  const waiting: ServerResponse[] = [];
  server = createServer((req, res) => {
    const url = req.url ?? '';
    const send = (body: unknown, status = 200) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.includes('/token')) return void send({ access_token: 'one', expires_in: 3600 });
    if (url.includes('/delta')) return void send({}, 400);
    if (!url.includes('/classes')) return void send({ value: schools });
    if (waiting.push(res) === 4) then(waiting[0] as ServerResponse); // just put there
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  return { settings: { tenant: 'willow.example', clientId: 'app', clientSecret: 'secret', url, authority: url }, waiting };
}

async function sync(settings: Record<string, string>, signal?: AbortSignal) {
  const district = await newDistrict(db);
  const source = await addSource(db, district, { name: 'm365', kind: 'microsoft-graph', settings }, () => 'x'.repeat(32));
  return syncSource(db, district, source, { actor: 'test', ...(signal && { signal }) });
}

const givenUp = (waiting: readonly ServerResponse[]) =>
  Promise.all(waiting.map((res) => (res.writableEnded || res.destroyed ? null : once(res, 'close'))));

test.each<[string, (first: ServerResponse) => void]>([
  ['is refused', (first) => first.writeHead(403).end()],
  ['answers with what it should not', (first) => first.writeHead(200, { 'content-type': 'application/json' }).end('{"classes":[]}')],
])('when one of several questions %s, the others are given up and no further one is put', async (_, then) => {
  const { settings, waiting } = await asked(then);
  expect(await sync(settings)).toMatchObject({ status: 'failed', error: { code: expect.stringMatching(/^source_/) } });
  await givenUp(waiting);
  expect(waiting).toHaveLength(4);
});

test('and so it is when a person stops the run', async () => {
  const stop = new AbortController();
  const { settings, waiting } = await asked(() => stop.abort());
  await expect(sync(settings, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await givenUp(waiting);
  expect(waiting).toHaveLength(4);
});
