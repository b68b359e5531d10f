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
type Page = { status: number; headers: Record<string, string>; body: Buffer };
const known = new Map<string, Page>();
/** Since when changes are asked for is another moment each time, and the answer the same. */
const keyOf = (path: string) => path.replace(/filter=[^&]*/, 'filter=changes');

async function pageOf(path: string): Promise<Page> {
  const made = known.get(keyOf(path));
  if (made) return made;
  const asked = () => fetch(service.url + path, { headers: { authorization: `Bearer ${service.token}` } });
  const got = await asked().catch(asked); // a kept connection may be closed just now: a big district is long in the making
  const total = got.headers.get('x-total-count');
  const body = Buffer.from(await got.arrayBuffer());
  const page = {
    status: got.status,
    headers: { 'content-type': 'application/json', ...(total !== null && { 'x-total-count': total }) },
    body,
  };
  known.set(keyOf(path), page);
  return page;
}

/** Before it is asked for: what changed since `moment` of each listing that was read, and what is always read whole. */
async function prepare(paths: string[], moment: Date): Promise<void> {
  const filter = `?filter=${encodeURIComponent(`dateLastModified>'${moment.toISOString()}'`)}&`;
  for (const path of paths.filter((one) => /[?&]offset=0(&|$)/.test(one))) {
    const changes = path.replace('?', filter);
    const total = Number((await pageOf(changes)).headers['x-total-count'] ?? 0);
    for (let offset = 1000; offset < total; offset += 1000) await pageOf(changes.replace('offset=0', `offset=${offset}`));
    await pageOf(changes.replace('offset=0', `offset=${total}`)); // whether there is more behind the end
  }
  for (const path of paths) if (path.includes('/assessmentLineItems?')) await pageOf(path);
}

const front = createServer(async (req, res) => {
  const { status, headers, body } = await pageOf(req.url ?? '/');
  res.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
});
await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', () => resolve()));

answer({
  url: () => `http://127.0.0.1:${(front.address() as AddressInfo).port}`, // a TCP server that listens has one
  night: async () => {
    const stamp = Date.now() + 3600_000;
    service.hold(aNightLater(first, sampleCollections({ ...size, night: 2 }), new Date(stamp).toISOString(), 'tobedeleted'));
    const paths = [...known.keys()];
    known.clear();
    await prepare(paths, new Date(stamp - 1800_000));
  },
});
