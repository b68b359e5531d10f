/** The simulated OneRoster service, and before it a memory of its answers: what is measured is the reader, not the simulator. Answers `url`, `token`, `night`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aNightLater, sampleCollections } from '../src/demo/oneroster/collections.ts';
import { startOneRoster } from '../src/demo/oneroster/server.ts';
import { answer } from './child.ts';

const students = Number(process.argv[2]);
const size = { students, classesPerStudent: 6 };
const first = sampleCollections(size);
const service = await startOneRoster({ collections: first });
const known = new Map<string, { status: number; headers: Record<string, string>; body: Buffer }>();
const front = createServer(async (req, res) => {
  const path = req.url ?? '/';
  let made = known.get(path);
  if (!made) {
    const asked = () => fetch(service.url + path, { headers: { authorization: `Bearer ${service.token}` } });
    const got = await asked().catch(asked); // a kept connection may be closed just now: a big district is long in the making
    const total = got.headers.get('x-total-count');
    const body = Buffer.from(await got.arrayBuffer());
    made = { status: got.status, headers: { 'content-type': 'application/json', ...(total !== null && { 'x-total-count': total }) }, body };
    known.set(path, made);
  }
  res.writeHead(made.status, { ...made.headers, 'content-length': made.body.length }).end(made.body);
});
await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', () => resolve()));

answer({
  url: () => `http://127.0.0.1:${(front.address() as AddressInfo).port}`, // a TCP server that listens has one
  night: () => {
    service.hold(
      aNightLater(first, sampleCollections({ ...size, night: 2 }), new Date(Date.now() + 3600_000).toISOString(), 'tobedeleted'),
    );
    known.clear();
  },
});
