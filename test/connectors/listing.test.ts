/** Listings that lose no row, whatever the server makes of paging. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { z } from 'zod';
import { politeClient } from '../../connectors/http.ts';
import { linkTo } from '../../connectors/links.ts';
import { type Listing, listing, type Page } from '../../connectors/listing.ts';
import { Pace } from '../../connectors/pace.ts';
import { Seen } from '../../connectors/seen.ts';

type Row = { sourcedId: string };
const shape = z.object({ sourcedId: z.string() });
const rowsOf = (n: number): Row[] => Array.from({ length: n }, (_, at) => ({ sourcedId: `id-${at}` }));
const idOf = (row: unknown) => (row as Row | null)?.sourcedId ?? null;

let server: Server;
let base: string;
let handler: (req: IncomingMessage, res: ServerResponse) => void;
let asked: string[];
beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(req.url ?? '');
    handler(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const client = () => politeClient({ origin: base, limits: { backoff: 1, tries: 4 }, pace: new Pace(1) });
const users = (over: Partial<Listing<Row>> = {}): Listing<Row> => ({
  urls: [new URL('/users', base)],
  keys: ['users'],
  shape,
  idOf,
  paging: { by: 'offset', limit: 100 },
  ...over,
});

async function read(of: Listing<Row> = users()): Promise<{ ids: string[]; pages: Page<Row>[] }> {
  const pages: Page<Row>[] = [];
  for await (const page of listing(client(), of)) pages.push(page);
  return { ids: pages.flatMap((page) => page.rows.map((row) => row.sourcedId)), pages };
}

const query = (req: IncomingMessage) => {
  const { searchParams } = new URL(req.url ?? '', base);
  return { limit: Number(searchParams.get('limit') ?? 100), offset: Number(searchParams.get('offset') ?? 0), of: searchParams };
};
const send = (res: ServerResponse, rows: unknown, headers: Record<string, string> = {}, key = 'users') =>
  res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ [key]: rows }));

/** A server with ways of its own. */
type Ways = {
  rows: number;
  clamp: number;
  total: 'none' | 'right' | 'low' | 'high' | 'of the page' | 'changing' | 'first page only';
  link: 'none' | 'offset' | 'offset as if not clamped' | 'cursor' | 'circle';
  heeds: 'both' | 'limit only' | 'offset only' | 'nothing';
  short: number[]; // how many rows each further answer lacks
  behind: 'empty' | 400 | 404 | 'last page' | 'wraps';
  fault: (null | 429 | 500 | 'reset' | 'half' | 'no JSON')[];
};

function serve(ways: Ways): void {
  const all = rowsOf(ways.rows);
  let answers = 0;
  handler = (req, res) => {
    const nth = answers++;
    const fault = ways.fault[nth] ?? null;
    if (fault === 'reset') return void req.socket.destroy();
    if (fault === 429)
      return void res.writeHead(429, { 'content-type': 'text/html', ...(nth % 2 && { 'retry-after': '0' }) }).end('<html>');
    if (fault === 500) return void res.writeHead(500).end();
    if (fault === 'no JSON') return void res.writeHead(200).end('<html>');
    const { limit, offset, of } = query(req);
    const start = ways.heeds === 'limit only' || ways.heeds === 'nothing' ? 0 : of.has('cursor') ? Number(of.get('cursor')) : offset;
    const width = ways.heeds === 'nothing' ? Number.POSITIVE_INFINITY : Math.min(ways.heeds === 'offset only' ? 1e9 : limit, ways.clamp);
    const lacks = start > 0 ? (ways.short[nth] ?? 0) : 0;
    let rows = all.slice(start, start + Math.max(1, width - lacks));
    if (start >= all.length && start > 0) {
      if (typeof ways.behind === 'number') return void res.writeHead(ways.behind).end();
      if (ways.behind === 'last page') rows = all.slice(-ways.clamp);
      if (ways.behind === 'wraps') rows = all.slice(0, ways.clamp);
    }
    const totals = { none: null, right: all.length, low: Math.max(1, all.length - 3), high: all.length + 3, 'of the page': rows.length };
    const total =
      ways.total === 'changing'
        ? all.length + nth
        : ways.total === 'first page only'
          ? start === 0
            ? all.length
            : null
          : totals[ways.total];
    const after = start + rows.length;
    const more = after < all.length;
    const next = {
      none: null,
      offset: more ? `offset=${after}&limit=${limit}` : null,
      'offset as if not clamped': more ? `offset=${start + limit}&limit=${limit}` : null,
      cursor: more ? `cursor=${after}&limit=${limit}` : null,
      circle: `cursor=${start}&limit=${limit}`,
    }[ways.link];
    const body = JSON.stringify({ users: rows });
    res.writeHead(200, {
      'content-length': Buffer.byteLength(body),
      ...(total !== null && { 'x-total-count': String(total) }),
      ...(next && { link: `<${base}/users?${next}>; rel="next"` }),
    });
    if (fault !== 'half') return void res.end(body);
    res.write(body.slice(0, body.length / 2));
    setImmediate(() => res.destroy());
  };
}

const ways: fc.Arbitrary<Ways> = fc.record({
  rows: fc.integer({ min: 0, max: 260 }),
  clamp: fc.constantFrom(30, 99, 100, 1000),
  total: fc.constantFrom('none', 'right', 'low', 'high', 'of the page', 'changing', 'first page only'),
  link: fc.constantFrom('none', 'offset', 'offset as if not clamped', 'cursor', 'circle'),
  heeds: fc.constantFrom('both', 'both', 'limit only', 'offset only', 'nothing'),
  short: fc.oneof(fc.constant<number[]>([]), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 })),
  behind: fc.constantFrom<Ways['behind']>('empty', 400, 404, 'last page', 'wraps'),
  fault: fc.oneof(
    fc.constant<Ways['fault']>([]),
    fc.array(fc.constantFrom(null, null, 429 as const, 500 as const, 'reset' as const, 'half' as const, 'no JSON' as const), {
      maxLength: 12,
    }),
  ),
});

test('any paging behaviour of a server: every row once and in order, or an error', async () => {
  let complete = 0;
  await fc.assert(
    fc.asyncProperty(ways, async (way) => {
      serve(way);
      const outcome = await read().catch((error: { code?: string }) => error);
      if ('ids' in outcome) {
        complete++;
        expect(outcome.ids).toEqual(rowsOf(way.rows).map((row) => row.sourcedId));
      } else expect(outcome.code).toMatch(/^source_(unreachable|throttled|contract_broken|lacks)$/);
    }),
    { numRuns: 80 },
  );
  expect(complete).toBeGreaterThan(5); // or the property would hold by refusing everything
});

const decent: Ways = { rows: 450, clamp: 1000, total: 'right', link: 'offset', heeds: 'both', short: [], behind: 'empty', fault: [] };

test.each<[string, Partial<Ways>]>([
  ['clamps the limit in silence', { clamp: 50 }],
  ['clamps it and has no total', { clamp: 50, total: 'none', link: 'none' }],
  ['clamps it and counts on as if it had not', { clamp: 30, link: 'offset as if not clamped' }],
  ['sends short pages', { short: [0, 0, 7, 3, 50] }],
  ['sends short pages without a total', { short: [0, 7, 3, 50], total: 'none' }],
  ['pages by cursor', { link: 'cursor', heeds: 'both', total: 'none' }],
  ['says the total once', { total: 'first page only' }],
  ['has no pages at all', { heeds: 'nothing', total: 'none' }],
  ['has no pages, and says so', { heeds: 'nothing' }],
  ['heeds no limit', { heeds: 'offset only' }],
  ['refuses to be asked behind its end', { behind: 404 }],
  ['has nothing', { rows: 0 }],
  ['has nothing, and no total', { rows: 0, total: 'none' }],
  ['is as long as a page', { rows: 100, total: 'none' }],
  ['fails now and then', { fault: [500, null, 429, 'reset', null, 'half', 429, 'no JSON'] }],
])('a server that %s is read whole', async (_, way) => {
  const all = { ...decent, ...way };
  serve(all);
  expect((await read()).ids).toEqual(rowsOf(all.rows).map((row) => row.sourcedId));
});

test.each<[string, Partial<Ways>]>([
  ['says too low a total', { total: 'low' }],
  ['says too high a total', { total: 'high' }],
  ['gives the page’s count as the total', { total: 'of the page' }],
  ['changes its total', { total: 'changing' }],
  ['heeds no offset', { heeds: 'limit only' }],
  ['pages in circles', { link: 'circle', total: 'none' }],
  ['wraps around at its end', { behind: 'wraps', total: 'none' }],
])('a server that %s is never taken for complete', async (_, way) => {
  serve({ ...decent, ...way });
  await expect(read()).rejects.toMatchObject({ code: 'source_contract_broken', hint: expect.any(String) });
});

test('pages are fetched side by side when the total is known, and still come in order', async () => {
  let running = 0;
  let most = 0;
  const all = rowsOf(800);
  handler = (req, res) => {
    most = Math.max(most, ++running);
    const { limit, offset } = query(req);
    setTimeout(
      () => {
        running--;
        send(res, all.slice(offset, offset + limit), { 'x-total-count': '800' });
      },
      offset % 200 === 0 ? 30 : 1,
    );
  };
  expect((await read()).ids).toEqual(all.map((row) => row.sourcedId));
  expect(most).toBeGreaterThan(1);
  expect(asked).toHaveLength(9); // eight pages, and a look behind the end
});

test('a listing that fails lets go of the pages it had asked for ahead', async () => {
  let dropped = 0;
  handler = (req, res) => {
    const { limit, offset } = query(req);
    const headers = { 'x-total-count': '500' };
    if (offset <= 100) return void send(res, rowsOf(500).slice(0, offset === 0 ? limit : 1), headers); // the second brings a row twice
    res.on('close', () => dropped++); // the others are never answered
  };
  await expect(read()).rejects.toMatchObject({ code: 'source_contract_broken' });
  while (dropped < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(asked.filter((url) => /offset=[234]00/.test(url))).toHaveLength(3);
});

test('a row that comes twice is an error that names no one', async () => {
  handler = (req, res) => send(res, query(req).offset === 0 ? [...rowsOf(3), { sourcedId: 'id-1' }] : []);
  await expect(read()).rejects.toMatchObject({ code: 'source_contract_broken', message: expect.not.stringContaining('id-1') });
});

test('a row that does not fit is noted by its fields, and the rest is kept', async () => {
  handler = (req, res) => send(res, query(req).offset === 0 ? [{ sourcedId: 'a' }, { sourcedId: 7, name: 'Somebody' }, null] : []);
  const { ids, pages } = await read();
  expect(ids).toEqual(['a']);
  const notes = pages.flatMap((page) => page.notes);
  expect(notes).toEqual([
    { index: 2, id: 7, fields: ['sourcedId'] },
    { index: 3, id: null, fields: ['(row)'] },
  ]);
  expect(JSON.stringify(notes)).not.toContain('Somebody');
});

describe('the key of the rows', () => {
  test.each<[string, unknown, string]>([
    ['another one by the book', { students: rowsOf(2) }, 'other_key'],
    ['in another case', { Users: rowsOf(2) }, 'other_key'],
    ['left out', rowsOf(2), 'bare_list'],
  ])('%s is understood and noted', async (_, body, habit) => {
    handler = (req, res) => {
      const first = query(req).offset === 0;
      res.end(JSON.stringify(first ? body : Array.isArray(body) ? [] : { users: [] }));
    };
    const { ids, pages } = await read(users({ keys: ['users', 'students'] }));
    expect(ids).toHaveLength(2);
    expect(pages[0]?.habits).toEqual([habit]);
  });

  test.each([['{}'], ['{"data":[{"sourcedId":"x"}]}'], ['{"error":"no"}'], ['null'], ['"users"'], ['{"users":{}}'], ['']])(
    'an answer %s has no rows to read: an error, never an empty listing',
    async (body) => {
      handler = (_req, res) => res.end(body);
      await expect(read()).rejects.toMatchObject({ code: 'source_contract_broken' });
    },
  );

  test('may lack only where the source says so', async () => {
    handler = (_req, res) => res.end('{}');
    expect((await read(users({ keyMayLack: true, paging: { by: 'token', field: 'nextPageToken', parameter: 'pageToken' } }))).ids).toEqual(
      [],
    );
  });
});

test('an order that is not accepted is left out', async () => {
  serve(decent);
  const plain = handler;
  handler = (req, res) => (req.url?.includes('sort=') ? res.writeHead(400).end() : plain(req, res));
  const { ids } = await read(users({ urls: [new URL('/users?sort=sourcedId', base), new URL('/users', base)] }));
  expect(ids).toHaveLength(450);
});

test('a listing that is not there says so, apart from one that is broken', async () => {
  handler = (_req, res) => res.writeHead(404).end();
  await expect(read()).rejects.toMatchObject({ code: 'source_lacks' });
  handler = (_req, res) => res.writeHead(400).end();
  await expect(read()).rejects.toMatchObject({ code: 'source_contract_broken' });
});

describe('pages by token, by address and by link', () => {
  const all = rowsOf(25);
  const slice = (from: number) => all.slice(from, from + 10);
  const tokens: Listing<Row>['paging'] = { by: 'token', field: 'nextPageToken', parameter: 'pageToken' };

  test('a token is handed back until there is none', async () => {
    handler = (req, res) => {
      const from = Number(query(req).of.get('pageToken') ?? 0);
      res.end(JSON.stringify({ users: slice(from), ...(from + 10 < 25 && { nextPageToken: String(from + 10) }) }));
    };
    expect((await read(users({ urls: [new URL('/users?pageSize=10', base)], paging: tokens }))).ids).toHaveLength(25);
    expect(asked).toEqual(['/users?pageSize=10', '/users?pageSize=10&pageToken=10', '/users?pageSize=10&pageToken=20']);
  });

  test('the next address is followed, over an empty page too', async () => {
    handler = (req, res) => {
      const from = Number(query(req).of.get('$skiptoken') ?? 0);
      const rows = from === 10 ? [] : slice(from > 10 ? from - 10 : from);
      res.end(JSON.stringify({ value: rows, ...(from < 30 && { '@odata.nextLink': `${base}/users?$skiptoken=${from + 10}` }) }));
    };
    expect((await read(users({ keys: ['value'], paging: { by: 'field', field: '@odata.nextLink' } }))).ids).toHaveLength(25);
  });

  test('a link is followed however it is written', async () => {
    const written = [
      (url: string) => `<${url}>; rel=\u00e2\u0080\u009cnext\u00e2\u0080\u009d`,
      (url: string) => `<${base}/users>; rel="first", <${url.replaceAll('&', '&amp;')}>; title="a, b; c"; rel='next'`.replaceAll("'", '"'),
    ];
    handler = (req, res) => {
      const from = Number(query(req).of.get('from') ?? 0);
      const link = from + 10 < 25 ? written[from / 10]?.(`/users?role=a&from=${from + 10}`) : undefined;
      res.writeHead(200, link ? { link } : {}).end(JSON.stringify({ users: slice(from) }));
    };
    expect((await read(users({ paging: { by: 'link' } }))).ids).toHaveLength(25);
    expect(asked.at(-1)).toBe('/users?role=a&from=20');
  });

  test.each([
    ['circle', (at: number) => `/users?at=${at % 2}`],
    ['never end', (at: number) => `/users?at=${at + 1}`],
  ])('pages that %s are an error', async (_, next) => {
    handler = (req, res) => {
      const at = Number(query(req).of.get('at') ?? 0);
      res.end(JSON.stringify({ value: at === 0 ? rowsOf(1) : [], '@odata.nextLink': next(at + 1) }));
    };
    await expect(read(users({ keys: ['value'], paging: { by: 'field', field: '@odata.nextLink' } }))).rejects.toMatchObject({
      code: 'source_contract_broken',
    });
    expect(asked.length).toBeLessThan(50);
  });

  test.each(['https://elsewhere.example/users?from=1', 'https://user:pass@elsewhere.example/', '//elsewhere.example/users'])(
    'credentials never go to a next page on %s',
    async (next) => {
      handler = (_req, res) => res.writeHead(200, { link: `<${next}>; rel="next"` }).end(JSON.stringify({ users: rowsOf(1) }));
      await expect(read(users({ paging: { by: 'link' } }))).rejects.toMatchObject({ code: 'source_contract_broken' });
      await expect(read()).rejects.toMatchObject({ code: 'source_contract_broken' });
    },
  );

  test('a server behind a proxy that names itself by another scheme is asked where we know it', async () => {
    handler = (req, res) => {
      const first = !query(req).of.has('from');
      res
        .writeHead(200, first ? { link: '<https://127.0.0.1:8443/users?from=10>; rel="next"' } : {})
        .end(JSON.stringify({ users: slice(first ? 0 : 10) }));
    };
    expect((await read(users({ paging: { by: 'link' } }))).ids).toHaveLength(20);
  });
});

test('it tells how far it is', async () => {
  serve(decent);
  const told: unknown[] = [];
  await read(users({ onProgress: (progress) => told.push(progress) }));
  expect(told[0]).toEqual({ rows: 100, pages: 1, total: 450 });
  expect(told.at(-1)).toEqual({ rows: 450, pages: 5, total: 450 });
});

test.each<[string, string | string[] | undefined, string | null]>([
  ['none', undefined, null],
  ['another relation', '<https://a.example/x>; rel="prev"', null],
  ['plain', '<https://a.example/x?a=1&b=2>; rel="next"', 'https://a.example/x?a=1&b=2'],
  ['without quotes', '<https://a.example/x>;rel=next', 'https://a.example/x'],
  ['several relations', '<https://a.example/x>; rel="last next"', 'https://a.example/x'],
  ['several links', '<https://a.example/1>; rel="first",<https://a.example/2>; rel="next"', 'https://a.example/2'],
  ['a comma in the address', '<https://a.example/x?filter=a,b>; rel="next"', 'https://a.example/x?filter=a,b'],
  ['typographic quotes', '<https://a.example/x>; rel=“next”', 'https://a.example/x'],
  ['entities', '<https://a.example/x?a=1&amp;b=2>; rel=&quot;next&quot;', 'https://a.example/x?a=1&b=2'],
  ['two headers', ['<https://a.example/1>; rel="first"', '<https://a.example/2>; rel="next"'], 'https://a.example/2'],
  ['rubbish', '<<<>>> next', null],
])('a Link header with %s', (_, header, target) => expect(linkTo('next', header)).toBe(target));

test('very many ids are told apart', () => {
  const seen = new Seen();
  let twice = 0;
  for (let at = 0; at < 200_000; at++) if (!seen.add(`enrollment-${at}`)) twice++;
  expect(twice).toBe(0);
  expect(seen.add('enrollment-0') || seen.add('enrollment-199999')).toBe(false);
  expect([seen.has('enrollment-5'), seen.has('enrollment-200000')]).toEqual([true, false]);
});

test('ids are told apart whether they come in order, out of it, or first the one and then the other', () => {
  const ids = fc.array(fc.string({ maxLength: 3 }), { maxLength: 200 });
  fc.assert(
    fc.property(ids, ids, (some, more) => {
      const [seen, known] = [new Seen(), new Set<string>()];
      for (const id of [...some.sort(), ...more]) {
        expect(seen.add(id)).toBe(!known.has(id));
        known.add(id);
      }
      for (const id of more) expect([seen.has(id), seen.has(`${id}!`)]).toEqual([true, known.has(`${id}!`)]);
    }),
  );
});
