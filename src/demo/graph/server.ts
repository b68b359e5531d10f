/**
 * A simulated Microsoft: a tenant's token address and the education part of Graph, as a separate HTTP server, with pages, selections, changes and
 * one-day reports as Graph has them, and whichever accents and faults it is told to have. Shares no code with `connectors/`, so that neither
 * hides the other's errors.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Behaviour, misdeliver, type Ways } from '../faults.ts';
import { type Account, Accounts } from './accounts.ts';
import { Memory } from './memory.ts';
import type { Tenant } from './tenant.ts';
import { type App, Tokens } from './tokens.ts';
import type { Accent } from './ways.ts';

export type GraphOptions = Ways<Accent> & {
  tenant: Tenant;
  app?: Partial<App>;
  /** Who can sign in. */
  accounts?: readonly Account[];
  port?: number;
};

export type GraphServer = {
  url: string;
  /** Settings of a source that reads it all, by secret. */
  settings: { tenant: string; clientId: string; clientSecret: string; url: string; authority: string };
  accounts: Accounts;
  /** Questions so far, tokens not counted. */
  asked: string[];
  /** Both may be changed while it runs: nights pass. */
  hold(tenant: Tenant): void;
  behave(ways: Ways<Accent>): void;
  /** Changes from before this are no longer known. */
  forget(): void;
  close(): Promise<void>;
};

const tenantName = 'willow.example';

export async function startGraph(options: GraphOptions): Promise<GraphServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const { clientId = '7c1f0000-0000-4000-8000-00000000aptt', clientSecret = 'sample-secret', certificate } = options.app ?? {};
  const accounts = await Accounts.open(url, options.accounts ?? []);
  const graph = new Service(url, new Tokens(url, tenantName, { clientId, clientSecret, certificate }), accounts, options);
  server.on('request', (req, res) => void graph.answer(req, res));
  return {
    url,
    settings: { tenant: tenantName, clientId, clientSecret, url, authority: url },
    accounts,
    asked: graph.asked,
    hold: (tenant) => graph.hold(tenant),
    behave: (ways) => graph.behaviour.change(ways),
    forget: () => graph.memory.forget(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Refusal = { status: number; code: string };
const refusal = (status: number, code: string): Refusal => ({ status, code });
const lost = refusal(404, 'Request_ResourceNotFound');
const forbidden = refusal(403, 'Authorization_RequestDenied');
const isRefusal = (found: object): found is Refusal => 'status' in found && 'code' in found;

class Service {
  readonly asked: string[] = [];
  readonly memory: Memory;
  private tenant: Tenant;
  private readonly url: string;
  private readonly tokens: Tokens;
  private readonly accounts: Accounts;
  readonly behaviour: Behaviour<Accent>;

  constructor(url: string, tokens: Tokens, accounts: Accounts, options: GraphOptions) {
    this.url = url;
    this.tokens = tokens;
    this.accounts = accounts;
    this.tenant = options.tenant;
    this.memory = new Memory(options.tenant);
    this.behaviour = new Behaviour(options);
  }

  hold(tenant: Tenant): void {
    this.memory.note(this.tenant, tenant);
    this.tenant = tenant;
  }

  async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', this.url);
    if (url.pathname === this.tokens.path) return send(res, ...(await this.tokens.answer(await formOf(req))));
    const signIn = await this.accounts.answer(url, () => formOf(req));
    if (signIn?.body) return send(res, signIn.status, signIn.body);
    if (signIn) {
      const headers = { 'content-type': 'text/html; charset=utf-8', ...(signIn.location && { location: signIn.location }) };
      return void res.writeHead(signIn.status, headers).end(signIn.html);
    }
    this.asked.push(url.pathname + url.search);
    const { authorization } = req.headers;
    if (!this.tokens.takes(authorization)) return refuse(res, refusal(401, 'InvalidAuthenticationToken'));
    const found = this.found(url);
    const fault = this.behaviour.faultAt(this.asked.length);
    if (fault === 'expired token') {
      this.tokens.expire();
      return refuse(res, refusal(401, 'InvalidAuthenticationToken'));
    }
    if (fault && misdeliver(fault, req, res, isRefusal(found) ? null : { body: found })) return;
    if (isRefusal(found)) refuse(res, found);
    else send(res, 200, found);
  }

  private has(accent: Accent): boolean {
    return this.behaviour.has(accent);
  }

  private found(url: URL): object | Refusal {
    const [, version = '', root, ...path] = url.pathname.split('/').map(decodeURIComponent);
    if (root !== 'education' || (version !== 'v1.0' && version !== 'beta')) return lost;
    if (url.searchParams.has('$top') && this.has('no large pages')) return refusal(400, 'BadRequest');
    const contacts = /\brelatedContacts\b/.test(url.searchParams.get('$select') ?? '');
    if (contacts && this.has('no permission for contacts')) return forbidden;
    if (contacts && version === 'v1.0') return refusal(400, 'BadRequest'); // "Could not find a property named 'relatedContacts'"
    const [collection = '', id, below, part, last] = path;
    if (id === 'delta') return this.changes(collection, url);
    if (collection === 'reports') return this.reading(id, url);
    if (collection !== 'schools' && collection !== 'classes' && collection !== 'users') return lost;
    if (id === undefined) {
      if (contacts && this.has('no contacts in listings')) return refusal(400, 'BadRequest');
      return this.page(this.rows(collection, contacts && !this.has('contacts one by one')), url);
    }
    const one = this.tenant[collection].find((row) => row.id === id);
    if (!one || (collection === 'classes' && below !== undefined && this.has('a class gone midway') && one === this.tenant.classes[0]))
      return lost;
    if (below === undefined) return this.spoken(contacts ? this.withContacts(one) : one, url);
    const rows = this.below(collection, id, below, part, last);
    return Array.isArray(rows) ? this.page(rows, url) : rows;
  }

  private rows(collection: 'schools' | 'classes' | 'users', contacts: boolean): object[] {
    const rows: { id?: string }[] = this.tenant[collection];
    return contacts && collection === 'users' ? rows.map((row) => this.withContacts(row)) : rows;
  }

  private withContacts(row: { id?: string }): object {
    return { ...row, relatedContacts: this.tenant.contacts[row.id ?? ''] ?? [] };
  }

  private below(collection: string, id: string, below: string, part?: string, last?: string): object[] | Refusal {
    const { tenant } = this;
    const users = (ids: readonly string[] = []): object[] => tenant.users.filter((user) => ids.includes(user.id));
    const at = `${collection}/${below}`;
    const isFirst = id === tenant.classes[0]?.id;
    if (at === 'schools/classes') return tenant.classes.filter((klass) => tenant.schoolClasses[id]?.includes(klass.id));
    if (at === 'schools/users') return users(tenant.schoolUsers[id]);
    if (at === 'classes/schools') return tenant.schools.filter((school) => tenant.schoolClasses[school.id]?.includes(id));
    if (at === 'users/schools') return tenant.schools.filter((school) => tenant.schoolUsers[school.id]?.includes(id));
    if (at === 'classes/teachers') return users(tenant.teachers[id]);
    if (at === 'classes/members') {
      if (this.has('hidden members') || (isFirst && this.has('a class not ours'))) return forbidden;
      const apart = this.has('teachers are no members') ? (tenant.teachers[id] ?? []) : [];
      const members = users(tenant.members[id]?.filter((member) => !apart.includes(member)));
      return isFirst && this.has('spoilt members') ? members.map((row) => ({ ...row, primaryRole: 1 })) : members;
    }
    if (at !== 'classes/assignments') return lost;
    if (this.has('no permission for assignments') || (isFirst && this.has('work not ours'))) return forbidden;
    if (part === undefined) return tenant.assignments[id] ?? [];
    return last === 'submissions' ? (tenant.submissions[part] ?? lost) : lost;
  }

  /** At most a day at a time; without a filter, the last one. */
  private reading(name: string | undefined, url: URL): object | Refusal {
    if (name !== 'readingAssignmentSubmissions') return lost;
    if (this.has('no permission for reading')) return forbidden;
    const filter = url.searchParams.get('$filter') ?? `submissionDateTime gt ${new Date(Date.now() - 86_400_000).toISOString()}`;
    const [, after = '', before = new Date().toISOString()] =
      /^submissionDateTime gt (\S+)(?: and submissionDateTime lt (\S+))?$/.exec(filter) ?? [];
    const [from, to] = [Date.parse(after), Date.parse(before)];
    if (!(to - from <= 86_400_000)) return refusal(400, 'BadRequest');
    const rows = this.tenant.reading.filter(({ submissionDateTime = '' }) => {
      const at = Date.parse(submissionDateTime);
      return at > from && at < to;
    });
    return this.page(rows, url);
  }

  private changes(collection: string, url: URL): object | Refusal {
    if (this.has('no changes') || (collection !== 'users' && collection !== 'classes')) return refusal(400, 'BadRequest');
    const token = url.searchParams.get('$deltatoken');
    const from =
      token === 'latest' && !this.has('changes from the beginning')
        ? this.memory.now
        : token === null || token === 'latest'
          ? 0
          : Number(token);
    const rows = this.memory.since(collection, from, this.tenant);
    if (rows === null) return refusal(410, 'syncStateNotFound');
    const end = new URL(`${this.url}${url.pathname}`);
    end.search = `?$deltatoken=${this.memory.now}`;
    return this.page(rows, url, { '@odata.deltaLink': end.href });
  }

  private page(rows: readonly object[], url: URL, end: object = {}): object {
    const size = this.has('small pages') ? 7 : Number(url.searchParams.get('$top') ?? 100);
    const [, offset = '0', empty = ''] = /^(\d+)(e?)$/.exec(url.searchParams.get('$skiptoken') ?? '') ?? [];
    const from = Number(offset);
    if (this.has('empty pages') && empty === '') return { value: [], '@odata.nextLink': this.link(url, `${from}e`) };
    const start = this.has('duplicates') && from > 0 ? from - 1 : from;
    const value = rows.slice(start, from + size).map((row) => this.spoken(row, url));
    const more = from + size < rows.length;
    const next = this.has('links in a circle') ? this.link(url, '0') : more ? this.link(url, `${from + size}`) : null;
    return { [this.has('wrong wrapper') ? 'items' : 'value']: value, ...(next === null ? end : { '@odata.nextLink': next }) };
  }

  private link(url: URL, token: string): string {
    const next = new URL(url);
    next.searchParams.set('$skiptoken', token);
    if (this.has('proxied links')) next.protocol = 'https:';
    if (this.has('links elsewhere')) next.hostname = 'graph.elsewhere.example';
    return next.href;
  }

  /** Its selected fields; relatedContacts only where they are selected. */
  private spoken(row: object, url: URL): object {
    const select = url.searchParams.get('$select')?.split(',');
    const expand = url.searchParams.get('$expand');
    const shown = Object.entries(row).filter(([name]) =>
      select ? select.includes(name) || name.startsWith('@') || name.endsWith('@delta') : true,
    );
    const made: Record<string, unknown> = Object.fromEntries(shown.filter(([name]) => name !== 'outcomes' || expand === 'outcomes'));
    const contacts = this.has('contacts one by one') ? ['relatedContacts'] : [];
    if (this.has('null fields')) for (const name of select ?? []) if (!(name in made) && !contacts.includes(name)) made[name] = null;
    return made;
  }
}

async function formOf(req: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of req) body += chunk;
  return new URLSearchParams(body);
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
}

function refuse(res: ServerResponse, { status, code }: Refusal): void {
  send(res, status, { error: { code, message: 'The request was not answered.', innerError: { date: new Date().toISOString() } } });
}
