/**
 * A simulated Google: the token service and the Classroom API, as a separate HTTP server, with page tokens, partial answers and scopes as
 * Google has them, and whichever accents and faults it is told to have. Shares no code with `connectors/`, so that neither hides the
 * other's errors.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Behaviour, misdeliver, type Ways } from '../faults.ts';
import { type Account, Accounts } from './accounts.ts';
import { Classroom } from './classroom.ts';
import { adminEmail, type Domain } from './domain.ts';
import { masked } from './mask.ts';
import { type Grant, type TeacherConsent, Tokens } from './tokens.ts';
import type { Accent, Fault } from './ways.ts';

export type GoogleOptions = Ways<Accent, Fault> & {
  domain: Domain;
  /** What the domain's administrator has allowed; absent: everything there is. */
  delegated?: readonly string[];
  /** A key file of an earlier start; absent: a new one is made. */
  serviceAccountKey?: string;
  port?: number;
  /** Who can sign in. */
  accounts?: readonly Account[];
};

export type GoogleServer = {
  url: string;
  /** Settings of a source that reads it all. */
  settings: { url: string; tokenUrl: string; serviceAccountKey: string; admin: string };
  tokens: Tokens;
  accounts: Accounts;
  classroom: Classroom;
  /** Of an add-on: what it is told of this Google. */
  addon: Record<'issuer' | 'authUrl' | 'tokenUrl' | 'jwksUrl' | 'apiUrl' | 'classroomUrl' | 'clientId' | 'clientSecret', string>;
  /** Questions so far, tokens not counted. */
  asked: string[];
  /** A teacher agrees to the reading of their own courses. @param email of a teacher of the domain */
  consent(email: string, scopes?: readonly string[]): { clientId: string; clientSecret: string; refreshToken: string };
  /** Both may be changed while it runs: nights pass. */
  hold(domain: Domain): void;
  behave(ways: Ways<Accent, Fault>): void;
  close(): Promise<void>;
};

const scope = (name: string) => `https://www.googleapis.com/auth/classroom.${name}`;
export const allScopes = [
  'courses.readonly',
  'rosters.readonly',
  'profile.emails',
  'coursework.students.readonly',
  'guardianlinks.students.readonly',
].map(scope);

export async function startGoogle(options: GoogleOptions): Promise<GoogleServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const tokens = new Tokens(`${url}/token`, adminEmail, options.delegated ?? allScopes, options.serviceAccountKey);
  const accounts = await Accounts.open(url, options.accounts ?? [], tokens);
  const google = new Google(url, tokens, accounts, options);
  server.on('request', (req, res) => void google.answer(req, res));
  return {
    url,
    tokens,
    settings: { url, tokenUrl: tokens.url, serviceAccountKey: tokens.serviceAccountKey, admin: adminEmail },
    accounts,
    classroom: google.classroom,
    addon: {
      issuer: url,
      authUrl: `${url}/auth`,
      tokenUrl: tokens.url,
      jwksUrl: `${url}/certs`,
      apiUrl: url,
      classroomUrl: url,
      clientId: accounts.clientId,
      clientSecret: accounts.clientSecret,
    },
    asked: google.asked,
    consent: (email, scopes = allScopes) => {
      const made: TeacherConsent = {
        clientId: 'sample.apps.example',
        clientSecret: 'GOCSPX-sample',
        refreshToken: `1//${tokens.consents.length}-${email.length}`,
        email,
        scopes: [...scopes],
      };
      tokens.consents.push(made);
      const { clientId, clientSecret, refreshToken } = made;
      return { clientId, clientSecret, refreshToken };
    },
    hold: (domain) => {
      google.domain = domain;
    },
    behave: (ways) => google.behaviour.change(ways),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Found = { key: string; rows: object[] };
type Refusal = { status: number; reason: string };

class Google {
  readonly asked: string[] = [];
  domain: Domain;
  readonly classroom: Classroom;
  private readonly tokens: Tokens;
  private readonly accounts: Accounts;
  private readonly url: string;
  readonly behaviour: Behaviour<Accent, Fault>;

  constructor(url: string, tokens: Tokens, accounts: Accounts, options: GoogleOptions) {
    this.accounts = accounts;
    this.classroom = new Classroom(url, () => this.domain);
    this.url = url;
    this.tokens = tokens;
    this.domain = options.domain;
    this.behaviour = new Behaviour(options);
  }

  async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', this.url);
    if (url.pathname === '/token') {
      let body = '';
      for await (const chunk of req) body += chunk;
      const form = new URLSearchParams(body);
      const isSignIn = form.get('grant_type') === 'authorization_code';
      return send(res, ...(await (isSignIn ? this.accounts.exchange(form) : this.tokens.answer(form))));
    }
    if (this.accounts.get(url, res) || this.classroom.get(url, res)) return;
    this.asked.push(url.pathname + url.search);
    if (!this.tokens.of(req.headers.authorization)) return refuse(res, { status: 401, reason: 'authError' });
    const fault = this.behaviour.faultAt(this.asked.length);
    if (fault && this.fail(fault, req, res, url)) return;
    const grant = this.tokens.of(req.headers.authorization);
    if (!grant) return refuse(res, { status: 401, reason: 'authError' });
    const ofAddon = await this.classroom.api(url.pathname, req, grant);
    if (ofAddon) return send(res, ...ofAddon);
    const found = this.page(url, grant);
    if ('status' in found) refuse(res, found);
    else send(res, 200, found);
  }

  /** @returns whether that was the answer */
  private fail(fault: Fault, req: IncomingMessage, res: ServerResponse, url: URL): boolean {
    if (fault === 'quota, as 403') return !refuse(res, { status: 403, reason: 'userRateLimitExceeded' });
    const grant = this.tokens.of(req.headers.authorization);
    if (fault === 'expired token') {
      this.tokens.expire();
      return !refuse(res, { status: 401, reason: 'authError' });
    }
    const truth = grant && this.page(url, grant);
    return misdeliver(fault, req, res, truth && !('status' in truth) ? { body: truth } : null);
  }

  private has(accent: Accent): boolean {
    return this.behaviour.has(accent);
  }

  private page(url: URL, grant: Grant): object | Refusal {
    const found = this.listed(url, grant);
    if ('status' in found) return found;
    const most = this.has('small pages') ? 3 : 1000;
    const size = Math.min(Number(url.searchParams.get('pageSize') ?? 30) || 30, most);
    const [, offset = '0', empty = ''] = /^p(\d+)(e?)$/.exec(url.searchParams.get('pageToken') ?? 'p0') ?? [];
    const from = Number(offset);
    const next = from + size < found.rows.length ? `p${from + size}` : null;
    if (this.has('empty pages') && empty === '') return { nextPageToken: `p${from}e` };
    const start = this.has('duplicates') && from > 0 ? from - 1 : from;
    const rows = found.rows.slice(start, from + size).map((row) => this.spoken(row, grant));
    const key = this.has('wrong wrapper') ? 'items' : found.key;
    const token = this.has('same token') ? { nextPageToken: 'p0' } : next === null ? {} : { nextPageToken: next };
    // A listing without rows has not even their key.
    const whole = { ...(rows.length > 0 && { [key]: rows }), ...token };
    return this.has('wrong wrapper') ? whole : masked(whole, url.searchParams.get('fields'));
  }

  private listed(url: URL, grant: Grant): Found | Refusal {
    const [, version, ...parts] = url.pathname.split('/');
    const path = parts.join('/');
    if (version !== 'v1') return lost;
    if (path === 'courses') return this.ask(grant, 'courses.readonly', { key: 'courses', rows: this.coursesOf(url, grant) });
    if (path === 'userProfiles/-/guardians') {
      if (this.has('no permission for guardians') || grant.email !== adminEmail) return forbidden;
      return this.ask(grant, 'guardianlinks.students.readonly', { key: 'guardians', rows: this.domain.guardians });
    }
    const [, courseId = '', below = ''] =
      /^courses\/([^/]+)\/(aliases|teachers|students|courseWork|courseWork\/-\/studentSubmissions)$/.exec(path) ?? [];
    const at = this.domain.courses.findIndex(({ id }) => id === courseId);
    if (at === -1 || below === '') return lost;
    if (at === 1 && this.has('a course gone midway')) return lost;
    if ((at === 1 && this.has('a course not ours')) || !this.teaches(courseId, grant)) return forbidden;
    const key = below.split('/').at(-1) as 'aliases' | 'teachers' | 'students' | 'courseWork' | 'studentSubmissions'; // the pattern's own
    const graded = key === 'courseWork' || key === 'studentSubmissions';
    if (graded && (this.has('no permission for scores') || (at === 1 && this.has('scores not ours')))) return forbidden;
    return this.ask(grant, graded ? 'coursework.students.readonly' : key === 'aliases' ? 'courses.readonly' : 'rosters.readonly', {
      key,
      rows: this.domain[key][courseId] ?? [],
    });
  }

  private ask(grant: Grant, name: string, found: Found): Found | Refusal {
    return grant.scopes.has(scope(name)) ? found : { status: 403, reason: 'insufficientPermissions' };
  }

  private coursesOf(url: URL, grant: Grant): object[] {
    const states = url.searchParams.getAll('courseStates');
    const mine = url.searchParams.get('teacherId') === 'me' || grant.email !== adminEmail;
    const shown = this.domain.courses.filter(
      ({ id, courseState }) => (states.length === 0 || states.includes(courseState ?? '')) && (!mine || this.teaches(id ?? '', grant)),
    );
    return this.has('archived too') ? [...shown, { id: '1', name: 'Last year', courseState: 'ARCHIVED' }] : shown;
  }

  private teaches(courseId: string, { email }: Grant): boolean {
    return email === adminEmail || (this.domain.teachers[courseId] ?? []).some(({ profile }) => profile?.emailAddress === email);
  }

  private spoken(row: object, { scopes }: Grant): object {
    const profile = (row as { profile?: object }).profile;
    if (!profile) return row;
    const { name, emailAddress, ...rest } = profile as { name?: object; emailAddress?: string };
    const shows = scopes.has(scope('profile.emails')) && !this.has('no names');
    return { ...row, profile: { ...rest, ...(!this.has('no names') && { name }), ...(shows && { emailAddress }) } };
  }
}

const lost: Refusal = { status: 404, reason: 'notFound' };
const forbidden: Refusal = { status: 403, reason: 'forbidden' };

function send(res: ServerResponse, status: number, body: object): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', 'content-length': text.length }).end(text);
}

const names: Record<number, string> = { 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' };

/** Google's error envelope. */
function refuse(res: ServerResponse, { status, reason }: Refusal): undefined {
  const quota = reason.endsWith('LimitExceeded');
  const message = 'The request was not answered.';
  const errors = [{ message, domain: quota ? 'usageLimits' : 'global', reason }];
  send(res, status, { error: { code: status, message, errors, status: quota ? 'RESOURCE_EXHAUSTED' : (names[status] ?? 'UNKNOWN') } });
}
