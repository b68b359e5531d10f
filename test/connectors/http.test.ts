/** The polite client, against a server that is in no mood. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientOptions, politeClient } from '../../connectors/http.ts';
import { Pace } from '../../connectors/pace.ts';
import { readRetryAfter } from '../../connectors/retry-after.ts';
import { bearer, tokenClient } from '../../connectors/token.ts';

let server: Server;
let origin: string;
let asked: { url: string; at: number; authorization: string | undefined }[];
let handler: (req: IncomingMessage, res: ServerResponse, nth: number) => void;
beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push({ url: req.url ?? '', at: Date.now(), authorization: req.headers.authorization });
    handler(req, res, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
});
beforeEach(() => {
  asked = [];
  handler = (_req, res) => res.end('{"ok":true}');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const client = (over: Partial<ClientOptions> = {}) =>
  politeClient({ origin, pace: new Pace(1), ...over, limits: { backoff: 1, tries: 4, ...over.limits } });

const failsTwice =
  (fail: (req: IncomingMessage, res: ServerResponse) => unknown) => (req: IncomingMessage, res: ServerResponse, nth: number) =>
    nth <= 2 ? void fail(req, res) : void res.end('{"ok":true}');

test.each<[string, (req: IncomingMessage, res: ServerResponse) => unknown]>([
  ['500', (_req, res) => res.writeHead(500).end()],
  ['502 in HTML', (_req, res) => res.writeHead(502, { 'content-type': 'text/html' }).end('<html>')],
  ['503', (_req, res) => res.writeHead(503).end()],
  ['429 in HTML', (_req, res) => res.writeHead(429, { 'content-type': 'text/html' }).end('<h1>Slow down</h1>')],
  ['a reset', (req) => req.socket.destroy()],
  ['half an answer', (_req, res) => res.writeHead(200, { 'content-length': '99' }).write('{"ok', () => res.destroy())],
  ['cut JSON', (_req, res) => res.end('{"ok":')],
])('%s is tried again', async (_, fail) => {
  handler = failsTwice(fail);
  expect((await client().ask('/x')).json).toEqual({ ok: true });
  expect(asked).toHaveLength(3);
});

test.each<[string, number, string, string]>([
  ['500', 500, 'source_unreachable', 'retry'],
  ['429', 429, 'source_throttled', 'retry'],
])('%s that lasts ends after the last try, in words', async (_, status, code, consequence) => {
  handler = (_req, res) => res.writeHead(status).end();
  await expect(client().ask('/x?token=secret')).rejects.toMatchObject({
    code,
    consequence,
    hint: expect.any(String),
    message: expect.not.stringContaining('secret'),
  });
  expect(asked).toHaveLength(4);
});

test('it waits as long as it is told to, by anybody who asks that host', async () => {
  const pace = new Pace(1);
  handler = (_req, res, nth) => (nth === 1 ? void res.writeHead(429, { 'retry-after': '0.4' }).end() : void res.end('{}'));
  const first = client({ pace }).ask('/x');
  while (asked.length === 0 || pace.width === 4) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([first, client({ pace }).ask('/y')]);
  const [told = { at: 0 }, ...later] = asked;
  for (const { at } of later) expect(at - told.at).toBeGreaterThan(350);
});

test('a server that asks for half an hour is left for tonight', async () => {
  handler = (_req, res) => res.writeHead(429, { 'retry-after': '1800' }).end();
  await expect(client().ask('/x')).rejects.toMatchObject({ code: 'source_throttled', message: expect.stringContaining('1,800 seconds') });
  expect(asked).toHaveLength(1);
});

test('Retry-After is seconds or a date by the server’s own clock', () => {
  const date = 'Wed, 25 Nov 2026 10:00:00 GMT';
  expect(readRetryAfter({ 'retry-after': '120' }, 0)).toBe(120_000);
  expect(readRetryAfter({ 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT', date }, 0)).toBe(30_000);
  expect(readRetryAfter({ 'retry-after': date, date: 'Wed, 25 Nov 2026 11:00:00 GMT' }, 0)).toBe(0);
  expect(readRetryAfter({ 'retry-after': date }, Date.parse(date) - 5000)).toBe(5000);
  for (const said of [undefined, '', 'soon', '-5']) expect(readRetryAfter({ 'retry-after': said }, 0) ?? null).toBeNull();
});

test('a host is asked several things at once, fewer after "too many", more again as it answers', async () => {
  const pace = new Pace(1);
  let running = 0;
  let most = 0;
  handler = (_req, res) => {
    most = Math.max(most, ++running);
    setTimeout(() => {
      running--;
      res.end('{}');
    }, 5);
  };
  const many = (count: number) => Promise.all(Array.from({ length: count }, () => client({ pace }).ask('/x')));
  await many(12);
  expect(most).toBe(4);
  for (let n = 0; n < 3; n++) {
    pace.throttled(await pace.enter(), 0);
    pace.leave();
  }
  expect(pace.width).toBe(1);
  expect(pace.gap).toBeGreaterThan(0);
  most = 0;
  await many(12);
  expect(most).toBe(1);
  await many(120);
  expect(pace.width).toBeGreaterThan(3);
  expect(pace.gap).toBeLessThan(1);
});

describe('tokens', () => {
  const tokens = (lifetime = 3600_000) => {
    let made = 0;
    const authority = bearer(async () => ({ value: `token-${++made}`, expiresAt: Date.now() + lifetime }));
    return { authority, made: () => made };
  };

  test('one serves many calls; one that is refused is renewed once, whoever notices', async () => {
    const { authority, made } = tokens();
    const asking = client({ authority });
    await Promise.all([asking.ask('/a'), asking.ask('/b'), asking.ask('/c')]);
    expect(made()).toBe(1);
    handler = (req, res) => res.writeHead(req.headers.authorization === 'Bearer token-1' ? 401 : 200).end('{}');
    await Promise.all([asking.ask('/a'), asking.ask('/b'), asking.ask('/c')]);
    expect(made()).toBe(2);
  });

  test('one about to run out is not used any more', async () => {
    const { authority, made } = tokens(30_000);
    await client({ authority }).ask('/a');
    await client({ authority }).ask('/b');
    expect(made()).toBe(2);
  });

  test('refused twice is denied, without the token in the error', async () => {
    const { authority } = tokens();
    handler = (_req, res) => res.writeHead(401).end('token-1 is no good');
    const error = await client({ authority })
      .ask('/a')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'source_denied', consequence: 'halt', hint: expect.any(String) });
    expect(`${(error as Error).message}${JSON.stringify(error)}`).not.toContain('token-');
    expect(asked).toHaveLength(2);
  });

  test('go to the configured origin only', async () => {
    const { authority, made } = tokens();
    await expect(client({ authority }).ask('https://elsewhere.example/x')).rejects.toMatchObject({ code: 'source_contract_broken' });
    handler = (_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end();
    await expect(client({ authority }).ask('/x')).rejects.toMatchObject({ code: 'source_contract_broken', consequence: 'halt' });
    expect(made()).toBe(1);
  });
});

test('403 is denied at once, unless this system means "too many" by it', async () => {
  handler = failsTwice((_req, res) => res.writeHead(403).end('{"error":"rateLimitExceeded"}'));
  await expect(client().ask('/x')).rejects.toMatchObject({ code: 'source_denied' });
  asked = [];
  const throttled: ClientOptions['throttled'] = ({ status, json }) => status === 403 && JSON.stringify(json).includes('rateLimit');
  expect((await client({ throttled }).ask('/x')).status).toBe(200);
});

test('400 and 404 are answers, whose meaning the asker knows', async () => {
  handler = (req, res) => res.writeHead(req.url === '/400' ? 400 : 404).end('<html>');
  expect(await client().ask('/400')).toMatchObject({ status: 400, json: null });
  expect(await client().ask('/404')).toMatchObject({ status: 404, json: null });
});

test('a server that is slow, or not there, is unreachable after the last try', async () => {
  handler = () => {};
  await expect(client({ limits: { timeout: 50, tries: 2 } }).ask('/x')).rejects.toMatchObject({ code: 'source_unreachable' });
  expect(asked).toHaveLength(2);
  const nobody = politeClient({ origin: 'http://127.0.0.1:1', limits: { backoff: 1, tries: 2 }, pace: new Pace(1) });
  await expect(nobody.ask('/x')).rejects.toMatchObject({ code: 'source_unreachable' });
});

test('an answer larger than anything is not taken in', async () => {
  handler = (_req, res) => res.end(JSON.stringify({ x: 'x'.repeat(5000) }));
  await expect(client({ limits: { maxBytes: 1000 } }).ask('/x')).rejects.toMatchObject({ code: 'source_contract_broken' });
});

test('everything together has an end', async () => {
  handler = (_req, res) => res.writeHead(503, { 'retry-after': '5' }).end();
  const before = Date.now();
  await expect(client({ limits: { total: 300 } }).ask('/x')).rejects.toMatchObject({ code: 'source_unreachable' });
  expect(Date.now() - before).toBeLessThan(4000);
});

test('stopped, it stops: while it asks, waits, or stands in line', async () => {
  handler = (_req, res, nth) => (nth === 1 ? void res.writeHead(429, { 'retry-after': '60' }).end() : undefined);
  const stop = new AbortController();
  const mine = client({ signal: stop.signal, pace: new Pace(1) });
  const other = client({ signal: stop.signal, pace: new Pace(1) });
  const asking = [mine.ask('/waits'), ...Array.from({ length: 6 }, () => other.ask('/asks or stands'))].map((call) =>
    call.then(
      () => 'answered',
      (error: { name?: string }) => error.name,
    ),
  );
  setTimeout(() => stop.abort(), 100);
  expect(new Set(await Promise.all(asking))).toEqual(new Set(['AbortError']));
});

test('a token that runs out while a host is asked one question at a time is fetched from that host', async () => {
  let good = 0;
  handler = (req, res) => {
    if (req.url === '/token') return void res.end(JSON.stringify({ token: String(++good) }));
    if (req.headers.authorization === `Bearer ${good}` && good > 1) return void res.end('{"ok":true}');
    res.writeHead(401).end();
  };
  const authority = bearer(async (signal) => {
    const got = await tokenClient(new URL('/token', origin), { tries: 1, signal }).ask('/token', { method: 'POST' });
    return { value: (got.json as { token: string }).token, expiresAt: Date.now() + 3_600_000 };
  });
  const polite = politeClient({ origin, authority, limits: { tries: 2, backoff: 1 } }); // at the pace everybody keeps with this host
  const answers = await Promise.all(Array.from({ length: 9 }, () => polite.ask('/x')));
  expect(answers.every(({ json }) => (json as { ok: boolean }).ok)).toBe(true);
});
