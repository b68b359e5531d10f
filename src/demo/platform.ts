/**
 * A simulated school platform: a separate HTTP server with its own keys and no database, that looks like a plain course page with the
 * tool in an iframe and signs real LTI 1.3 launches as any of the cast. Shares no code with `lti/`, so that neither hides the other's errors.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request, type Response } from 'express';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type AccentName, accents } from './platform-accents.ts';
import { addLinks, type Links, type PlacedLink } from './platform-links.ts';
import {
  addedPage,
  adminPage,
  coursePage,
  courseScript,
  errorPage,
  formPost,
  homePage,
  personPage,
  postScript,
  style,
} from './platform-pages.ts';
import { addRegistration, type Registration } from './platform-registration.ts';
import {
  addServices,
  lineItemsAddress,
  membershipsAddress,
  rolesIn,
  type ServiceMember,
  type Services,
  scopes,
} from './platform-services.ts';

/** A person of the cast as the platform knows them. */
export type PlatformPerson = {
  /** Names the person in this platform's addresses. */
  key: string;
  sub: string;
  givenName: string;
  familyName: string;
  email?: string | undefined;
  /** BCP 47, e.g. `es-US`. */
  locale?: string | undefined;
  lisPersonSourcedId?: string | undefined;
  /** `instructor` · `mentor` · `learner` · `administrator`, or full role URIs. */
  roles: string[];
  /** For mentors: the children they observe. */
  mentors?: PlatformChild[] | undefined;
};

export type PlatformChild = { sub: string; sourcedId?: string | undefined };

export type PlatformCourse = {
  /** Names the course in this platform's addresses. */
  key: string;
  /** The LTI context id. */
  id: string;
  title: string;
  sectionSourcedId?: string | undefined;
  /** Who is in it; `roles` and `mentors` replace the person's own in this course. */
  members: { person: string; roles?: string[] | undefined; mentors?: PlatformChild[] | undefined }[];
  /** Who else is in it, without a page of their own. */
  roster?: ServiceMember[] | undefined;
};

export type PlatformOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  tool: { loginUrl: string; targetLinkUri: string };
  people: PlatformPerson[];
  courses: PlatformCourse[];
  title?: string;
  /** Which real platform it speaks like; absent: by the book. */
  accent?: AccentName;
  /** Offers to keep data for the tool by messages (LTI platform storage); a name: in the frame of that name. */
  storage?: boolean | string;
};

export type Platform = {
  url: string;
  issuer: string;
  clientId: string;
  deploymentId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  tokenAudience: string | null;
  /** What it answers to the tool's own questions, and what it was asked. */
  services: Services;
  /** What its courses hold of the tool's. */
  links: Links;
  registration: Registration;
  /** The course's page with the tool in it, seen as that person. */
  launchUrl(personKey: string, courseKey: string): string;
  /** An id_token as this platform would sign it now; `claims` replace or (undefined) remove what it would say. */
  signLaunch(launch: { person: string; course: string; nonce: string; claims?: Record<string, unknown> }): Promise<string>;
  /** Signs with a new key from now on; the old one leaves the key set at once. */
  rotateKey(): Promise<void>;
  close(): Promise<void>;
};

type Key = { kid: string; privateKey: CryptoKey; publicJwk: JWK };
/** Everything the routes need to know. */
type Running = {
  options: PlatformOptions;
  platform: Platform;
  redirectUri: string;
  keys: { current: Key };
  hintSecret: Buffer;
};

const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const courseSection = 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection';

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP server has one
  const url = `http://${options.host ?? '127.0.0.1'}:${port}`;
  const keys = { current: await newKey() };
  const accent = accents[options.accent ?? 'plain'];
  const jwksUrl = new URL('jwks', options.tool.loginUrl).href; // the tool's own keys
  const courses = options.courses.map((course) => ({ id: course.id, members: rosterOf(course, options.people), lineItems: [] }));
  const services = addServices(app, { url, clientId: 'aptt-connect', tokenUrl: `${url}/token`, jwksUrl, accent, courses });
  const platform: Platform = {
    url,
    issuer: url,
    clientId: 'aptt-connect',
    deploymentId: 'aptt-connect-1',
    authUrl: `${url}/auth`,
    tokenUrl: `${url}/token`,
    jwksUrl: `${url}/jwks`,
    tokenAudience: accent.tokenAudience,
    services,
    links: { placed: new Map(), settings: () => ({}) },
    registration: { client: null },
    launchUrl: (person, course) => `${url}/as/${encodeURIComponent(person)}/courses/${encodeURIComponent(course)}`,
    signLaunch: (launch) => sign(running, launch),
    rotateKey: async () => {
      keys.current = await newKey();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const redirectUri = new URL('launch', options.tool.loginUrl).href;
  const running: Running = { options, platform, redirectUri, keys, hintSecret: randomBytes(32) };
  addPages(app, running);
  addOidc(app, running);
  const { issuer, clientId, deploymentId, authUrl, tokenUrl } = platform;
  const title = options.title ?? 'Meadow Learning';
  const made = { url, issuer, clientId, deploymentId, authUrl, tokenUrl, accent };
  platform.links = addLinks(app, { ...made, toolUrl: options.tool.targetLinkUri, jwksUrl }, (back, titles) =>
    addedPage(title, back, titles),
  );
  const offered = { ...made, jwksUrl: platform.jwksUrl, scopes: Object.values(scopes) };
  platform.registration = addRegistration(app, offered, (body) => adminPage(title, body));
  return platform;
}

/** Everybody in a course, as the course's own list has them: whose parent a mentor is stands in no list. */
function rosterOf({ members, roster = [] }: PlatformCourse, people: PlatformPerson[]): ServiceMember[] {
  const named = members.flatMap(({ person: key, roles }) => {
    const person = people.find((candidate) => candidate.key === key);
    return person ? [{ ...person, roles: roles ?? person.roles, status: 'Active' }] : [];
  });
  return [...named, ...roster];
}

async function newKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = randomBytes(8).toString('hex');
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

// --- what a person sees ---

function addPages(app: Express, running: Running): void {
  const { people, courses, tool, title = 'Meadow Learning' } = running.options;
  const toolOrigin = new URL(tool.loginUrl).origin;
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set(
      'Content-Security-Policy',
      `default-src 'self'; frame-src 'self' ${toolOrigin}; form-action 'self' ${toolOrigin}; img-src 'self' data:; base-uri 'none'`,
    );
    next();
  });
  app.get('/page.css', (_req, res) => void res.type('css').send(style));
  app.get('/course.js', (_req, res) => void res.type('js').send(courseScript));
  app.get('/post.js', (_req, res) => void res.type('js').send(postScript));
  app.get('/', (_req, res) => void res.send(homePage(title, people, courses)));
  app.get('/as/:person', (req, res) => {
    const person = people.find(({ key }) => key === req.params.person);
    if (!person) return void res.status(404).send(errorPage(title, 'There is nobody of that name here.'));
    res.send(personPage(title, person, coursesOf(person, courses)));
  });
  app.get(['/as/:person/courses/:course', '/as/:person/courses/:course/:what', '/as/:person/courses/:course/:what/:link'], (req, res) => {
    const found = findMember(running, String(req.params.person), String(req.params.course));
    if (!found) return void res.status(404).send(errorPage(title, 'This person is not in such a course.'));
    const { person, course } = found;
    const show = (purpose: Purpose, heading: string, target: string) => {
      const address = loginAddress(running, person, course, purpose, target);
      res.send(coursePage(title, person, course, { address, origin: toolOrigin }, linksOf(running, course), heading));
    };
    const { what, link: id } = req.params as { what?: string; link?: string };
    const link = linksOf(running, course).find((each) => each.id === id);
    if (what === undefined) show('open', 'Family meetings', tool.targetLinkUri);
    else if (what === 'add') show('add', 'Add content', tool.targetLinkUri);
    else if (link) show(`link:${link.id}`, link.title, link.url);
    else res.status(404).send(errorPage(title, 'There is no such link in this course.'));
  });
}

export const coursesOf = (person: PlatformPerson, courses: PlatformCourse[]): PlatformCourse[] =>
  courses.filter((course) => course.members.some((member) => member.person === person.key));

function findMember({ options }: Running, personKey: string, courseKey: string) {
  const person = options.people.find(({ key }) => key === personKey);
  const course = options.courses.find(({ key }) => key === courseKey);
  const member = course?.members.find((each) => each.person === personKey);
  return person && course && member ? { person, course, member } : null;
}

/** What a visit is for: the tool itself, choosing what to add, or a link that was placed. */
type Purpose = 'open' | 'add' | `link:${string}`;
const linksOf = ({ platform }: Running, course: PlatformCourse): PlacedLink[] => platform.links.placed.get(course.key) ?? [];

/** Where the frame begins: the tool's login, told who and where by hints only this platform can read. */
function loginAddress(running: Running, person: PlatformPerson, course: PlatformCourse, purpose: Purpose, target: string): string {
  const { platform, options } = running;
  const url = new URL(options.tool.loginUrl);
  const parameters = {
    iss: platform.issuer,
    client_id: platform.clientId,
    lti_deployment_id: platform.deploymentId,
    target_link_uri: target,
    login_hint: person.sub,
    lti_message_hint: sealHint(running, `${purpose} ${course.key}`),
    ...storageTarget(options),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

const storageTarget = ({ storage }: PlatformOptions) => (storage ? { lti_storage_target: storage === true ? '_parent' : storage } : {});

const mark = ({ hintSecret }: Running, text: string) => createHmac('sha256', hintSecret).update(text).digest();
const sealHint = (running: Running, text: string) =>
  `${Buffer.from(text).toString('base64url')}.${mark(running, text).toString('base64url')}`;

function openHint(running: Running, hint: string): { purpose: string; course: string } | null {
  const [text = '', seal = ''] = hint.split('.');
  const plain = Buffer.from(text, 'base64url').toString();
  const [given, right] = [Buffer.from(seal, 'base64url'), mark(running, plain)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const [purpose = '', ...course] = plain.split(' ');
  return { purpose, course: course.join(' ') };
}

// --- what the tool asks ---

function addOidc(app: Express, running: Running): void {
  const answer = (req: Request, res: Response) => authorise(running, { ...req.query, ...req.body }, res);
  app.get('/auth', answer);
  app.post('/auth', express.urlencoded({ extended: false }), answer);
  app.get('/jwks', (_req, res) => void res.json({ keys: [running.keys.current.publicJwk] }));
}

/** 1EdTech Security Framework 1.0 §5.1.1: an unknown client or address is told so here; everything else is told to the tool. */
async function authorise(running: Running, asked: Record<string, unknown>, res: Response): Promise<void> {
  const { platform, options, redirectUri } = running;
  const said = (name: string) => (typeof asked[name] === 'string' ? asked[name] : '');
  if (said('client_id') !== platform.clientId || said('redirect_uri') !== redirectUri) {
    res.status(400).send(errorPage(options.title ?? 'Meadow Learning', 'The tool that asked is not registered here.'));
    return;
  }
  const post = (fields: Record<string, string>) => {
    res.set('Cache-Control', 'no-store').send(formPost(redirectUri, { state: said('state'), ...storageTarget(options), ...fields }));
  };
  const fixed = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
  const wrong =
    Object.entries(fixed).find(([name, value]) => said(name) !== value)?.[0] ?? ['state', 'nonce'].find((name) => said(name) === '');
  if (wrong) return post({ error: 'invalid_request', error_description: `${wrong} is missing or wrong` });

  const person = options.people.find(({ sub }) => sub === said('login_hint'));
  if (!person) return post({ error: 'login_required' });
  const hint = openHint(running, said('lti_message_hint'));
  const found = hint && findMember(running, person.key, hint.course);
  if (!hint || !found) return post({ error: 'launch_no_longer_valid' });
  const claims = claimsFor(running, hint.purpose, found.course, person);
  post({ id_token: await platform.signLaunch({ person: person.key, course: hint.course, nonce: said('nonce'), claims }) });
}

/** What a visit says instead of an ordinary launch's claims. */
function claimsFor(running: Running, purpose: string, course: PlatformCourse, person: PlatformPerson): Record<string, unknown> {
  const { platform } = running;
  if (purpose === 'add') {
    return {
      [`${claim}message_type`]: 'LtiDeepLinkingRequest',
      [`${claim}resource_link`]: undefined,
      'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': platform.links.settings(
        course.key,
        platform.launchUrl(person.key, course.key),
      ),
    };
  }
  const link = linksOf(running, course).find(({ id }) => purpose === `link:${id}`);
  if (!link) return {};
  return { [`${claim}target_link_uri`]: link.url, [`${claim}resource_link`]: { id: link.id, title: link.title } };
}

// --- what it answers ---

type LaunchAsked = Parameters<Platform['signLaunch']>[0];

async function sign(running: Running, { person: personKey, course: courseKey, nonce, claims = {} }: LaunchAsked): Promise<string> {
  const found = findMember(running, personKey, courseKey);
  if (!found) throw new Error(`${personKey} is not in ${courseKey}`);
  const { keys, platform } = running;
  const now = Math.floor(Date.now() / 1000);
  const aud = accentOf(running).audienceIsList ? [platform.clientId] : platform.clientId;
  const standard = { iss: platform.issuer, aud, azp: platform.clientId, iat: now, exp: now + 300, nonce };
  const payload = Object.entries({ ...standard, ...claimsOf(running, found), ...claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(payload))
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keys.current.kid })
    .sign(keys.current.privateKey);
}

const accentOf = ({ options }: Running) => accents[options.accent ?? 'plain'];

function claimsOf(running: Running, { person, course, member }: NonNullable<ReturnType<typeof findMember>>) {
  const { options, platform } = running;
  const [roles, accent] = [member.roles ?? person.roles, accentOf(running)];
  const mentors = member.mentors ?? person.mentors;
  const observed = (mentors ?? []).flatMap(({ sourcedId }) => sourcedId ?? []);
  return {
    sub: person.sub,
    given_name: person.givenName,
    family_name: person.familyName,
    name: `${person.givenName} ${person.familyName}`,
    email: person.email,
    locale: person.locale,
    [`${claim}message_type`]: 'LtiResourceLinkRequest',
    [`${claim}version`]: '1.3.0',
    [`${claim}deployment_id`]: platform.deploymentId,
    [`${claim}target_link_uri`]: options.tool.targetLinkUri,
    [`${claim}resource_link`]: { id: `${course.id}-families`, title: 'Family meetings' },
    [`${claim}roles`]: rolesIn(roles, accent),
    [`${claim}role_scope_mentor`]: mentors?.map(({ sub }) => sub),
    [`${claim}context`]: { id: course.id, label: course.key, title: course.title, type: [courseSection] },
    [`${claim}tool_platform`]: { guid: 'meadow', name: options.title ?? 'Meadow Learning', product_family_code: 'meadow', version: '1' },
    [`${claim}launch_presentation`]: { document_target: 'iframe', locale: person.locale },
    [`${claim}lis`]: { person_sourcedid: person.lisPersonSourcedId, course_section_sourcedid: course.sectionSourcedId },
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: membershipsAddress(course.id, { url: platform.url, accent }),
      service_versions: ['2.0'],
    },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
      scope: [scopes.lineItem, scopes.lineItemRead, scopes.results, scopes.score],
      lineitems: lineItemsAddress(course.id, { url: platform.url, accent }),
    },
    [`${claim}custom`]: observed.length > 0 ? { observee_sourcedids: observed.join(',') } : undefined,
  };
}
