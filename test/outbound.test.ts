/** The one way out, against real servers on this machine. */
import type dns from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { kindOf } from '../src/addresses.ts';
import { type Ask, outbound } from '../src/outbound.ts';

let handler: RequestListener;
let asked: string[];
let server: Server;
let port: number;
const origin = () => `http://localhost:${port}`;

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    handler(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  port = (server.address() as AddressInfo).port; // a TCP server that listens has one
});
beforeEach(() => {
  asked = [];
  handler = (_req, res) => res.end('{"ok":true}');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const codeOf = (address: string, ask: Ask = {}) =>
  outbound(address, ask).then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  );
/** A name server of the test's own. */
const resolving = (...answers: string[][]) => {
  const looked: string[] = [];
  const lookup = ((hostname: string, _options: unknown, callback: (error: null, found: dns.LookupAddress[]) => void) => {
    looked.push(hostname);
    const found = answers[Math.min(looked.length, answers.length) - 1] ?? [];
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as typeof dns.lookup; // only the form Node's own sockets call
  return { lookup, looked };
};

describe('where a call may go', () => {
  test.each([
    ['public', ['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808']],
    ['private', ['10.1.2.3', '127.0.0.1', '127.9.9.9', '172.16.0.1', '192.168.1.1', '100.64.0.1', '::1', 'fd12::1', '::ffff:10.0.0.1']],
    ['private', ['::ffff:7f00:1', '0:0:0:0:0:ffff:a00:1', '64:ff9b::7f00:1', 'fc00::']],
    ['never', ['169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', '100.100.100.200', '192.0.2.1', '::ffff:169.254.169.254']],
    [
      'never',
      ['::', 'fe80::1', 'fe80::1%eth0', 'ff02::1', 'fd00:ec2::254', '2001:db8::1', '2002:7f00:1::', '64:ff9b:1::1', '2001::1', 'x', ''],
    ],
  ] as const)('%s addresses are told apart', (kind, addresses) => {
    for (const address of addresses) expect([address, kindOf(address)]).toEqual([address, kind]);
  });

  test.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]', 'http://0x7f.1', 'http://2130706433', 'http://[::ffff:127.0.0.1]'])(
    '%s is refused unless the operator allows it',
    async (base) => {
      expect(await codeOf(`${base}:${port}/`, { privateHosts: [] })).toBe('outbound_refused');
      expect(await codeOf(`${base}:${port}/`, { privateHosts: ['sis.internal'] })).toBe('outbound_refused');
      expect(asked).toEqual([]);
    },
  );

  test.each(['http://169.254.169.254/latest', 'http://[fe80::1]/', 'http://0.0.0.0/', 'http://[::ffff:169.254.169.254]/'])(
    '%s is refused even where every private host is allowed',
    async (address) => {
      const refused = outbound(address, { privateHosts: ['*'] });
      await expect(refused).rejects.toMatchObject({ code: 'outbound_refused', hint: expect.not.stringContaining('APTT_ALLOW') });
    },
  );

  test.each(['ftp://localhost/', 'file:///etc/passwd', 'https://user:password@example.org/', 'not an address'])(
    '%s is no address to call',
    async (address) => expect(await codeOf(address, { privateHosts: ['*'] })).toBe('outbound_refused'),
  );

  test('a public name that leads into the private network is refused, and the error names the setting', async () => {
    const { lookup } = resolving(['10.0.0.5', '192.168.0.5']);
    await expect(outbound(`https://sis.example.org:${port}/secret?token=abc`, { lookup })).rejects.toMatchObject({
      code: 'outbound_refused',
      message: expect.not.stringMatching(/secret|abc/),
      hint: expect.stringContaining('APTT_ALLOW_PRIVATE_HOSTS'),
    });
  });

  test('a public host is never called without encryption', async () => {
    const { lookup } = resolving(['93.184.216.34']);
    expect(await codeOf('http://sis.example.org/', { lookup, privateHosts: ['*'] })).toBe('outbound_refused');
  });

  test('a name is looked up once, and the address that was judged is the one connected to', async () => {
    const { lookup, looked } = resolving(['127.0.0.1'], ['169.254.169.254']);
    const answer = await outbound(`http://sis.internal:${port}/`, { lookup, privateHosts: ['sis.internal'] });
    expect(answer.status).toBe(200);
    expect(looked).toEqual(['sis.internal']);
  });

  test('a connection kept from a permitted call serves nobody who has no permission', async () => {
    const { lookup } = resolving(['127.0.0.1']);
    const address = `http://kept.internal:${port}/`;
    await outbound(address, { lookup, privateHosts: ['kept.internal'] });
    expect(await codeOf(address, { lookup, privateHosts: [] })).toBe('outbound_refused');
    expect(asked).toHaveLength(1);
  });
});

describe('redirects', () => {
  test('are followed on their own origin, a few of them', async () => {
    handler = (req, res) => (req.url === '/a' ? res.writeHead(302, { location: '/b' }).end() : res.end('there'));
    const { body, url } = await outbound(`${origin()}/a`);
    expect([body.toString(), url]).toEqual(['there', `${origin()}/b`]);
    handler = (_req, res) => res.writeHead(302, { location: '/again' }).end();
    expect(await codeOf(`${origin()}/a`)).toBe('outbound_redirected');
    expect(asked.length).toBeLessThan(8);
  });

  test.each(['http://127.0.0.1:1/', 'https://example.org/', '//example.org/', 'http://', 'file:///etc/passwd'])(
    'never to %s',
    async (location) => {
      handler = (_req, res) => res.writeHead(307, { location }).end();
      expect(await codeOf(`${origin()}/a`)).toBe('outbound_redirected');
    },
  );

  test('what is posted is posted once', async () => {
    handler = (_req, res) => res.writeHead(307, { location: '/b' }).end();
    expect((await outbound(`${origin()}/a`, { method: 'POST', body: 'x' })).status).toBe(307);
    expect(asked).toEqual(['POST /a']);
  });
});

describe('a server that misbehaves', () => {
  test('and never answers, or drips its answer, is left in time', async () => {
    handler = () => {};
    expect(await codeOf(origin(), { timeout: 100 })).toBe('outbound_timeout');
    handler = (_req, res) => {
      const drip = setInterval(() => res.write('x'), 20);
      res.on('close', () => clearInterval(drip));
    };
    expect(await codeOf(origin(), { timeout: 200 })).toBe('outbound_timeout');
  });

  test('and answers without end is cut off, packed or not', async () => {
    handler = (_req, res) => res.end(Buffer.alloc(200_000));
    expect(await codeOf(origin(), { maxBytes: 100_000 })).toBe('outbound_too_large');
    handler = (_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000)));
    expect(await codeOf(origin(), { maxBytes: 1_000_000 })).toBe('outbound_too_large');
  });

  test('and breaks off is unreachable for now', async () => {
    handler = (_req, res) => {
      res.writeHead(200, { 'content-length': '1000' }).write('half');
      setImmediate(() => res.destroy());
    };
    await expect(outbound(origin())).rejects.toMatchObject({ code: 'outbound_unreachable', consequence: 'retry' });
    handler = (_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    expect(await codeOf(origin())).toBe('outbound_unreachable');
  });

  test('and is not there is unreachable; the error tells nothing of what was asked', async () => {
    const error: Error & { hint?: string } = await outbound('http://localhost:1/people/7?access_token=abc', {
      headers: { authorization: 'Bearer xyz' },
    }).then(
      () => Promise.reject(new Error('answered')),
      (caught) => caught,
    );
    expect(error).toMatchObject({ code: 'outbound_unreachable' });
    expect(`${error.message} ${error.hint} ${JSON.stringify(error)}`).not.toMatch(/abc|xyz|people/);
  });
});

test('a packed answer is unpacked; an error status is an answer', async () => {
  handler = (_req, res) => res.writeHead(404, { 'content-encoding': 'gzip' }).end(gzipSync('{"packed":true}'));
  const { status, body } = await outbound(origin());
  expect([status, body.toString()]).toEqual([404, '{"packed":true}']);
});

test('stopped, it stops, and says by whom', async () => {
  handler = () => {};
  const stop = new AbortController();
  const asking = outbound(origin(), { signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  await expect(outbound(origin(), { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('a server that closes kept connections loses no call', async () => {
  for (let n = 0; n < 5; n++) {
    expect((await outbound(origin())).status).toBe(200);
    server.closeIdleConnections();
  }
});
