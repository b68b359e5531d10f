/**
 * A simulated OneRoster service, 1.1 or 1.2, as a separate HTTP server: OAuth 2, OAuth 1.0a or a fixed bearer token, paging, sorting and
 * filtering by the book, and whichever accents and faults it is told to have. Shares no code with `connectors/`, so that neither hides the
 * other's errors.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Behaviour, type Fault, misdeliver, type Truth, type Ways } from '../faults.ts';
import { asV11, type Collections, type Json } from './records.ts';
import { isSigned } from './signatures.ts';
import type { Accent } from './ways.ts';

export type OneRosterOptions = Ways<Accent> & {
  collections: Collections;
  version?: '1.1' | '1.2';
  clientId?: string;
  clientSecret?: string;
  /** A token that is always taken. */
  token?: string;
  /** What its answers are dated by; default: today. */
  clock?: () => Date;
  port?: number;
};

export type OneRosterServer = {
  url: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  token: string;
  /** Questions so far, tokens not counted. */
  asked: string[];
  /** May be changed while it runs: nights pass. */
  hold(collections: Collections): void;
  behave(ways: Ways<Accent>): void;
  close(): Promise<void>;
};

const gradebook = new Set(['categories', 'lineItems', 'results', 'scoreScales', 'assessmentLineItems', 'assessmentResults']);
const only12 = new Set(['assessmentLineItems', 'assessmentResults', 'scoreScales']);
/** Parts of a collection that have an address of their own. */
const parts: Record<string, { of: string; is: (row: Json) => boolean }> = {
  schools: { of: 'orgs', is: (row) => row.type === 'school' },
  students: { of: 'users', is: (row) => rolesIn(row).includes('student') },
  teachers: { of: 'users', is: (row) => rolesIn(row).includes('teacher') },
  terms: { of: 'academicSessions', is: (row) => row.type === 'term' || row.type === 'semester' },
  gradingPeriods: { of: 'academicSessions', is: (row) => row.type === 'gradingPeriod' },
};
const rolesIn = (row: Json) => [row.role, ...((row.roles ?? []) as { role: string }[]).map(({ role }) => role)];

export async function startOneRoster(options: OneRosterOptions): Promise<OneRosterServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const service = new Service(url, options);
  server.on('request', (req, res) => service.answer(req, res));
  return {
    url,
    tokenUrl: `${url}/oauth/token`,
    clientId: service.clientId,
    clientSecret: service.clientSecret,
    token: service.fixed,
    asked: service.asked,
    hold: (collections) => service.hold(collections),
    behave: (ways) => service.behaviour.change(ways),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Service {
  readonly asked: string[] = [];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fixed: string;
  private tokens = new Set<string>();
  private rows: Collections;
  readonly behaviour: Behaviour<Accent>;
  private readonly url: string;
  private readonly options: OneRosterOptions;

  constructor(url: string, options: OneRosterOptions) {
    this.url = url;
    this.options = options;
    this.clientId = options.clientId ?? 'sample-client';
    this.clientSecret = options.clientSecret ?? randomBytes(12).toString('hex');
    this.fixed = options.token ?? randomBytes(16).toString('hex');
    this.rows = options.collections;
    this.behaviour = new Behaviour(options);
  }

  hold(collections: Collections): void {
    this.rows = collections;
  }

  answer(req: IncomingMessage, res: ServerResponse): void {
    const url = new URL(req.url ?? '/', this.url);
    if (this.options.clock) res.setHeader('date', this.options.clock().toUTCString());
    if (url.pathname === '/oauth/token') return void this.handToken(req, res);
    this.asked.push(url.pathname + url.search);
    if (!this.lets(req, url)) return void problem(res, 401, 'unauthorisedrequest');
    const fault = this.behaviour.faultAt(this.asked.length);
    if (fault && this.fail(fault, req, res, url)) return;
    this.serve(url, res);
  }

  private async handToken(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of req) body += chunk;
    const form = new URLSearchParams(body);
    const basic = Buffer.from(req.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    const known = basic === `${this.clientId}:${this.clientSecret}`;
    if (!known && (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret))
      return void send(res, 401, { error: 'invalid_client' });
    if (form.get('grant_type') !== 'client_credentials') return void send(res, 400, { error: 'unsupported_grant_type' });
    const token = randomBytes(24).toString('base64url');
    this.tokens.add(token);
    send(res, 200, { access_token: token, token_type: 'bearer', expires_in: 3600, scope: form.get('scope') ?? '' });
  }

  private lets(req: IncomingMessage, url: URL): boolean {
    const { authorization } = req.headers;
    const bearer = authorization?.replace(/^Bearer /, '') ?? '';
    if (bearer === this.fixed || this.tokens.has(bearer)) return true;
    return isSigned(authorization, req.method ?? 'GET', url, this.clientId, this.clientSecret);
  }

  /** @returns whether that was the answer */
  private fail(fault: Fault, req: IncomingMessage, res: ServerResponse, url: URL): boolean {
    if (fault !== 'expired token') return misdeliver(fault, req, res, this.answered(url));
    this.tokens.clear();
    if (this.lets(req, url)) return false;
    problem(res, 401, 'unauthorisedrequest');
    return true;
  }

  /** A refusal cannot be spoilt: it stays one. */
  private answered(url: URL): Truth | null {
    const found = this.page(url);
    return found?.refused ? null : found;
  }

  private serve(url: URL, res: ServerResponse): void {
    const found = this.page(url);
    if (!found) problem(res, 404, 'unknownobject');
    else if (found.refused) problem(res, found.status ?? 400, found.refused);
    else send(res, 200, found.body, found.headers);
  }

  private has(accent: Accent): boolean {
    return this.behaviour.has(accent);
  }

  /** What an address names: null when nothing. */
  private listed(url: URL): { name: string; all: Json[] } | null {
    const version = this.options.version ?? '1.2';
    const name = url.pathname.split('/').at(-1) ?? '';
    const service = gradebook.has(name) ? 'gradebook' : 'rostering';
    const base = version === '1.1' ? '/ims/oneroster/v1p1/' : `/ims/oneroster/${service}/v1p2/`;
    if (url.pathname !== base + name || (version === '1.1' && only12.has(name))) return null;
    if (this.has('no gradebook') && gradebook.has(name)) return null;
    if (this.has('no users') && name === 'users') return null;
    const part = parts[name];
    const rows = this.rows[part?.of ?? name];
    if (!rows) return null;
    return { name, all: part ? rows.filter(part.is) : rows };
  }

  private page(url: URL): { body: Json; headers: Record<string, string>; refused?: string; status?: number } | null {
    const listed = this.listed(url);
    if (!listed) return null;
    const { name, all } = listed;
    const none = { body: {}, headers: {} };
    const asked = url.searchParams;
    if (this.has('no permission for scores') && gradebook.has(name)) return { ...none, refused: 'forbidden', status: 403 };
    if (asked.has('sort') && (this.has('no sort') || asked.get('sort') !== 'sourcedId'))
      return { ...none, refused: 'invalid_selection_field' };
    let rows = all;
    const filter = asked.get('filter');
    if (filter !== null && !this.has('ignored filter')) {
      const keeps = this.has('no filter') ? null : filterOf(filter);
      if (!keeps) return { ...none, refused: 'invalid_filter_field' };
      rows = rows.filter(keeps);
    }
    return this.cut(name, rows, url);
  }

  private cut(name: string, rows: Json[], url: URL) {
    const asked = Number(url.searchParams.get('limit') ?? 100);
    const from = this.has('no pages') || this.has('ignored offset') ? 0 : Number(url.searchParams.get('offset') ?? 0);
    let size = this.has('no pages') ? rows.length : this.has('clamped limit') ? Math.min(asked, 50) : asked;
    if (this.has('short pages') && from > 0 && (from / 7) % 2 < 1) size = Math.max(1, size - 3);
    const start = this.has('duplicates') && from > 0 ? from - 1 : from;
    const found = rows.slice(start, start + size).map((row) => this.spoken(name, row));
    const wrapper = this.has('wrong wrapper') ? 'data' : this.has('role wrappers') && name === 'users' ? 'students' : wrapperOf(name);
    return { body: { [wrapper]: found }, headers: this.headers(rows.length, from, found.length, url) };
  }

  private headers(total: number, from: number, found: number, url: URL): Record<string, string> {
    if (this.has('no totals') || this.has('no pages')) return {};
    const told = this.has('low total') ? total - 1 : this.has('high total') ? total + 1 : this.has('changing total') ? total + from : total;
    const next = new URL(url);
    next.searchParams.set('offset', String(from + found));
    if (this.has('proxied links')) next.protocol = 'https:';
    const written = this.has('link quotes') ? `<${next.href.replaceAll('&', '&amp;')}>; rel=“next”` : `<${next.href}>; rel="next"`;
    return {
      'x-total-count': String(Math.max(0, told)),
      ...(from + found < total && { link: Buffer.from(written).toString('latin1') }), // headers are bytes
    };
  }

  /** A row in this server's accent. */
  private spoken(name: string, row: Json): Json {
    let made = (this.options.version ?? '1.2') === '1.1' ? asV11(parts[name]?.of ?? name, row) : row;
    if (this.has('empty titles') && name === 'classes') made = { ...made, title: '' };
    if (this.has('no agents') && 'agents' in made) made = { ...made, agents: [] };
    if (this.has('grade names') && Array.isArray(made.grades)) made = { ...made, grades: made.grades.map(gradeName) };
    if (this.has('loose types')) made = Object.fromEntries(Object.entries(made).map(([field, value]) => [field, loosened(value)]));
    return Object.fromEntries(Object.entries(made).map(([field, value]) => [field, this.complete(value)]));
  }

  /** References with an address, as the book wants it. */
  private complete(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((member) => this.complete(member));
    if (typeof value !== 'object' || value === null) return value;
    const { href, ...rest } = value as Json;
    if (typeof href === 'string' && href.startsWith('/')) {
      if (this.has('relative references')) return rest.type === 'org' ? { href, type: rest.type } : { href, ...rest };
      return { href: `${this.url}${href}`, ...rest };
    }
    return Object.fromEntries(Object.entries(value).map(([field, member]) => [field, this.complete(member)]));
  }
}

const wrapperOf = (name: string) => parts[name]?.of ?? name;

/** `dateLastModified>'…'`, `status='…'`, `role='…'`: what a real server is sure to know. */
function filterOf(filter: string): ((row: Json) => boolean) | null {
  const [, field = '', operator, value = ''] = /^(\w+)\s*(>=|>|=)\s*'([^']*)'$/.exec(filter) ?? [];
  if (field === 'dateLastModified' && operator !== '=') return (row) => String(row.dateLastModified) > value;
  if (field === 'status' && operator === '=') return (row) => row.status === value;
  if (field === 'role' && operator === '=') return (row) => rolesIn(row).includes(value);
  return null;
}

const ordinals = ['First', 'Second', 'Third', 'Fourth', 'Fifth'];
const gradeName = (code: string) => (code === 'KG' ? 'Kindergarten' : `${ordinals[Number(code) - 1] ?? code} grade`);

const loosened = (value: unknown): unknown => {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && /^[1-9]\d{2,8}$/.test(value) ? Number(value) : value;
};

function send(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length, ...headers }).end(text);
}

/** imsx_StatusInfo, as the official documents have it. */
function problem(res: ServerResponse, status: number, minor: string): void {
  send(res, status, {
    imsx_codeMajor: 'failure',
    imsx_severity: 'error',
    imsx_description: 'The request was not answered.',
    imsx_CodeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: minor }] },
  });
}
