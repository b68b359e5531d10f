/**
 * Reads a whole listing, page by page, and never ends early: a short page is not the last one. By offset it goes on by the rows received until
 * the stated total (and looks once behind it: totals lie) or an empty page; by link or token until there is no next.
 * @returns rows that fit `shape`, in order, each once; and a note (fields, never contents) for each that does not
 * @throws AppError `source_contract_broken` for an id that comes twice, a total that changes, an answer without its rows, a next page that was
 *   read already or lies elsewhere; `source_lacks` when there is no such listing (404); and whatever the client throws. Never a shortened listing.
 */
import type { z } from 'zod';
import { AppError } from '../src/errors.ts';
import { type Asked, type Client, type Got, place } from './http.ts';
import { linkTo } from './links.ts';
import { Seen } from './seen.ts';

export type Listing<T> = {
  /** Asked in turn while the first page answers 400: one with a sort order, then one without. */
  urls: [URL, ...URL[]];
  /** Where the rows stand in the answer: one of these keys, in any spelling; none: the answer is the list. */
  keys: string[];
  /** An answer without the key, or any other list, has no rows (Google). */
  keyMayLack?: boolean;
  /** A shape that only looks, where there are millions of rows: no result is made of each. */
  shape: z.ZodType<T> | ((row: unknown) => row is T);
  idOf(row: unknown): string | null;
  paging: Paging;
  onProgress?: ((progress: { rows: number; pages: number; total: number | null }) => void) | undefined;
};

export type Paging =
  /** `limit` and `offset`, with `X-Total-Count` and `Link` where the server is so kind (OneRoster). Several pages at once when the total is known. */
  | { by: 'offset'; limit: number }
  /** `Link: <…>; rel=next` (LTI) */
  | { by: 'link' }
  /** An address in the answer, such as `@odata.nextLink` */
  | { by: 'field'; field: string }
  /** A token in the answer, handed back as a parameter */
  | { by: 'token'; field: string; parameter: string };

/** `index` counts from 1 in the listing. */
export type Note = { index: number; id: string | null; fields: string[] };
export type Page<T> = {
  rows: T[];
  notes: Note[];
  total: number | null;
  habits: Habit[];
  headers: Got['headers'];
  /** The whole answer: what stands in it beside the rows. */
  json: unknown;
  /** Which of the urls was answered. */
  question: number;
};
/** `paging_ignored`: the server hands out everything, whatever page is asked. `bare_list`: the rows come without their key. */
export type Habit = 'paging_ignored' | 'bare_list' | 'null_list' | 'other_key';

type Raw = { got: Got; rows: unknown[]; habits: Habit[]; total: number | null; question?: number };

const pagesAtOnce = 4;
const mostPages = 200_000;
const mostEmptyPages = 20;

export async function* listing<T>(client: Client, of: Listing<T>): AsyncGenerator<Page<T>> {
  const taken = new Taken(of);
  const pages = of.paging.by === 'offset' ? byOffset(client, of, of.paging.limit, taken) : byNext(client, of, of.paging, taken);
  for await (const raw of pages) {
    const page = taken.take(raw);
    of.onProgress?.({ rows: taken.rows, pages: taken.pages, total: raw.total });
    yield page;
  }
}

/** What has been received so far, and the rules no further page may break. */
class Taken<T> {
  rows = 0;
  pages = 0;
  total: number | null = null;
  private question = 0;
  private readonly seen = new Seen();
  private readonly of: Listing<T>;

  constructor(of: Listing<T>) {
    this.of = of;
  }

  take({ got, rows, habits, total, question }: Raw): Page<T> {
    this.question = question ?? this.question;
    if (total !== null && this.total !== null && total !== this.total) {
      throw broken(
        got.url,
        `says ${count(this.total)} rows, then ${count(total)}`,
        'It changed while it was read: the next sync reads it again.',
        'retry',
      );
    }
    this.total ??= total;
    const fit: T[] = [];
    const notes: Note[] = [];
    for (const row of rows) {
      this.rows++;
      const id = this.of.idOf(row);
      if (id !== null && !this.seen.add(id)) {
        const hint =
          'Either it changed while it was read (the next sync reads it again) or it pages wrongly: tell whoever runs that system.';
        throw broken(got.url, `brings a row twice (row ${count(this.rows)})`, hint, 'retry');
      }
      const { shape } = this.of;
      if (typeof shape === 'function') {
        if (shape(row)) fit.push(row);
        else notes.push({ index: this.rows, id, fields: ['(row)'] });
        continue;
      }
      const parsed = shape.safeParse(row);
      if (parsed.success) fit.push(parsed.data);
      else notes.push({ index: this.rows, id, fields: fieldsOf(parsed.error) });
    }
    this.pages++;
    if (this.total !== null && this.rows > this.total) throw more(got.url, this.total);
    if (this.pages > mostPages) throw broken(got.url, 'does not come to an end', 'Tell whoever runs that system.');
    return { rows: fit, notes, total: this.total, habits, headers: got.headers, json: got.json, question: this.question };
  }

  /** Everything of this page came before. */
  had(rows: unknown[]): boolean {
    return rows.every((row) => {
      const id = this.of.idOf(row);
      return id !== null && this.seen.has(id);
    });
  }
}

const fieldsOf = (error: z.ZodError): string[] => [...new Set(error.issues.map((issue) => issue.path.join('.') || '(row)'))];

async function* byOffset<T>(client: Client, of: Listing<T>, limit: number, taken: Taken<T>): AsyncGenerator<Raw> {
  const { base, first } = await firstPage(client, of, (url) => pageUrl(url, limit, 0));
  yield first;
  const size = first.rows.length;
  if (size === 0) return endsAt(taken, first);

  const cursor = cursorOf(first, client);
  if (cursor) return yield* following(client, of, taken, cursor, (raw) => cursorOf(raw, client));

  const ahead = new Ahead((offset, asked) => ask(client, of, pageUrl(base, size, offset), asked));
  try {
    for (let steady = true; ; ) {
      const { total } = taken;
      if (total !== null && taken.rows >= total) return await lookBehind(client, of, base, limit, first, taken);
      if (steady && total !== null) ahead.fetch(taken.rows, size, total);
      const raw = (await ahead.take(taken.rows)) ?? (await ask(client, of, pageUrl(base, limit, taken.rows)));
      if (raw.rows.length === 0) return endsAt(taken, raw);
      if (taken.pages === 1 && sameRows(of, first, raw)) return await hasNoPages(client, of, base, first);
      const due = total === null ? raw.rows.length : Math.min(size, total - taken.rows);
      // It cuts its pages otherwise than we thought: from here on one after the other, by what was received.
      if (raw.rows.length !== due) {
        steady = false;
        ahead.forget();
      }
      yield raw;
      letGo(raw);
    }
  } finally {
    ahead.forget(); // a listing that has failed, or was left, asks for nothing more
  }
}

/** A generator remembers what it gave last: a page of a thousand rows would be carried along while the next one is parsed. */
function letGo(raw: Raw): void {
  raw.rows = [];
  raw.got.json = null;
}

/** Pages that will be needed, by their offset. Whatever becomes of one is told to whoever takes it. */
class Ahead {
  private readonly pages = new Map<number, { page: Promise<Raw>; fallsDue: () => void }>();
  private readonly get: (offset: number, asked: Asked) => Promise<Raw>;
  private stop = new AbortController();

  constructor(get: (offset: number, asked: Asked) => Promise<Raw>) {
    this.get = get;
  }

  fetch(from: number, size: number, total: number): void {
    for (let offset = from; offset < total && this.pages.size < pagesAtOnce; offset += size) {
      if (this.pages.has(offset)) continue;
      let fallsDue = () => {};
      const due = new Promise<void>((resolve) => {
        fallsDue = resolve;
      });
      const page = this.get(offset, { signal: this.stop.signal, due });
      page.catch(() => {}); // told when it is taken
      this.pages.set(offset, { page, fallsDue });
    }
  }

  async take(offset: number): Promise<Raw | null> {
    const found = this.pages.get(offset);
    this.pages.delete(offset);
    found?.fallsDue();
    return (await found?.page) ?? null;
  }

  forget(): void {
    this.pages.clear();
    this.stop.abort();
    this.stop = new AbortController();
  }
}

function endsAt<T>({ rows, total }: Taken<T>, { got, total: said }: Raw): void {
  const due = total ?? said;
  if (due !== null && rows < due) {
    throw broken(
      got.url,
      `says ${count(due)} rows and hands out ${count(rows)}`,
      'Nothing was ended for it. Tell whoever runs that system.',
      'retry',
    );
  }
}

/** Some servers give a page's count as the total. A refusal to look behind the end is an end. */
async function lookBehind<T>(client: Client, of: Listing<T>, base: URL, limit: number, first: Raw, taken: Taken<T>): Promise<void> {
  const got = await client.ask(pageUrl(base, limit, taken.rows));
  if (got.status >= 300) return;
  const { rows } = rawOf(got, of);
  if (rows.length === 0) return;
  if (!taken.had(rows)) throw more(got.url, taken.rows);
  await hasNoPages(client, of, base, first);
}

/** A server that answers every page with the same rows, however few are asked for, has no pages. One that heeds the number loses rows. */
async function hasNoPages<T>(client: Client, of: Listing<T>, base: URL, first: Raw): Promise<void> {
  const one = await ask(client, of, pageUrl(base, 1, 0));
  if (sameRows(of, first, one)) return;
  throw broken(base, 'answers every page with the first', 'It does not heed "offset": tell whoever runs that system.');
}

const sameRows = <T>(of: Listing<T>, one: Raw, other: Raw): boolean =>
  one.rows.length === other.rows.length && one.rows.every((row, at) => of.idOf(row) !== null && of.idOf(row) === of.idOf(other.rows[at]));

/** A next page by cursor; one by offset is counted by ourselves, since servers that clamp the limit count on as if they had not. */
function cursorOf({ got }: Raw, client: Client): URL | null {
  const next = linkTo('next', got.headers.link);
  if (next === null) return null;
  const url = onOrigin(next, got.url, client);
  return url.searchParams.has('offset') ? null : url;
}

async function* byNext<T>(client: Client, of: Listing<T>, paging: Exclude<Paging, { by: 'offset' }>, taken: Taken<T>): AsyncGenerator<Raw> {
  const { first, base } = await firstPage(client, of, (url) => url);
  yield first;
  const nextOf = (raw: Raw) => nextUrl(paging, raw, base, client);
  const next = nextOf(first);
  if (next) yield* following(client, of, taken, next, nextOf);
  else endsAt(taken, first);
}

async function* following<T>(
  client: Client,
  of: Listing<T>,
  taken: Taken<T>,
  from: URL,
  nextOf: (raw: Raw) => URL | null,
): AsyncGenerator<Raw> {
  const asked = new Set<string>();
  let empty = 0;
  for (let next: URL | null = from; next; ) {
    if (asked.has(next.href)) throw broken(next, 'leads in circles', 'Its pages name one another: tell whoever runs that system.');
    asked.add(next.href);
    const raw = await ask(client, of, next);
    empty = raw.rows.length === 0 ? empty + 1 : 0;
    if (empty > mostEmptyPages) throw broken(next, 'goes on with empty pages', 'Tell whoever runs that system.');
    yield raw;
    next = nextOf(raw);
    if (!next) endsAt(taken, raw);
  }
}

function nextUrl(paging: Exclude<Paging, { by: 'offset' }>, raw: Raw, base: URL, client: Client): URL | null {
  if (paging.by === 'link') {
    const next = linkTo('next', raw.got.headers.link);
    return next === null ? null : onOrigin(next, raw.got.url, client);
  }
  const { json } = raw.got;
  const said = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[paging.field] : null; // any object has fields
  if (typeof said !== 'string' || said === '') return null;
  if (paging.by === 'field') return onOrigin(said, raw.got.url, client);
  const url = new URL(base);
  url.searchParams.set(paging.parameter, said);
  return url;
}

/** A server behind a proxy may think itself another scheme or port; our credentials go to the configured origin in any case. */
function onOrigin(next: string, from: URL, client: Client): URL {
  const url = URL.canParse(next, from.href) ? new URL(next, from) : null;
  const mine = new URL(client.origin);
  if (url?.hostname !== mine.hostname) {
    throw broken(
      from,
      `names a next page on ${url?.host ?? 'an address that cannot be read'}`,
      'Our credentials go to the configured host only.',
    );
  }
  return new URL(url.pathname + url.search, mine);
}

async function firstPage<T>(client: Client, of: Listing<T>, made: (url: URL) => URL): Promise<{ base: URL; first: Raw }> {
  let answer: Got | undefined;
  for (const [question, base] of of.urls.entries()) {
    answer = await client.ask(made(base));
    if (answer.status < 300) return { base, first: { ...rawOf(answer, of), question } };
    if (answer.status !== 400) break;
  }
  throw refused(answer as Got); // there is at least one url
}

async function ask<T>(client: Client, of: Listing<T>, url: URL, asked: Asked = {}): Promise<Raw> {
  const got = await client.ask(url, asked);
  if (got.status >= 300) throw refused(got);
  return rawOf(got, of);
}

function refused({ status, url }: Got): AppError {
  if (status === 404 || status === 405 || status === 501) {
    return new AppError('source_lacks', `${place(url)} is not there (${status})`, {
      status: 502,
      consequence: 'halt',
      hint: 'Check the address; not every system offers everything.',
    });
  }
  return broken(url, `refuses the question (${status})`, 'Check the address and the version that was chosen.');
}

function rawOf<T>(got: Got, of: Listing<T>): Raw {
  const { json } = got;
  const total = totalOf(got.headers['x-total-count']);
  if (Array.isArray(json)) return { got, rows: json, total, habits: of.keys.length > 0 ? ['bare_list'] : [] };
  const fields = Object.entries(typeof json === 'object' && json !== null ? json : {});
  const wanted = of.keys.map((key) => key.toLowerCase());
  const [key, rows] = fields.find(([name]) => name === of.keys[0]) ?? fields.find(([name]) => wanted.includes(name.toLowerCase())) ?? [];
  if (Array.isArray(rows)) return { got, rows, total, habits: key === of.keys[0] ? [] : ['other_key'] };
  if (key !== undefined && rows === null) return { got, rows: [], total, habits: ['null_list'] };
  const isBare = json !== null && typeof json === 'object' && !fields.some(([, value]) => Array.isArray(value));
  if (key === undefined && of.keyMayLack && isBare) return { got, rows: [], total, habits: [] };
  const found = fields.map(([name]) => name).filter((name) => /^[\w@.-]{1,40}$/.test(name));
  const instead = found.length > 0 ? ` (it has ${found.slice(0, 5).join(', ')})` : '';
  throw broken(
    got.url,
    `answers without ${of.keys.map((name) => `"${name}"`).join(' or ') || 'a list'}${instead}`,
    'Check the address and the version that was chosen.',
  );
}

/** A header that is no number is as good as none. */
function totalOf(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header[0] : header;
  return text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
}

function pageUrl(base: URL, limit: number, offset: number): URL {
  const url = new URL(base);
  url.searchParams.set('limit', String(limit));
  url.searchParams.set('offset', String(offset));
  url.search = url.search.replaceAll('+', '%20'); // a signature covers the query, and not every server reads + as a space
  return url;
}

const more = (url: URL, total: number) =>
  broken(
    url,
    `says ${count(total)} rows and has more`,
    'It changed while it was read (the next sync reads it again), or its totals are wrong.',
    'retry',
  );

const count = (rows: number) => rows.toLocaleString('en-US');

const broken = (url: URL, what: string, hint: string, consequence: 'halt' | 'retry' = 'halt') =>
  new AppError('source_contract_broken', `${place(url)} ${what}`, { status: 502, consequence, hint });
