/**
 * What the simulated platform answers to a tool that asks: tokens (RFC 7523), Names and Roles 2.0, Assignment and Grade Services 2.0. Strict
 * where the standard is: a wrong media type, scope or assertion is refused. Shares no code with `lti/` or the connectors.
 */
import { randomBytes } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Accent } from './platform-accents.ts';

export type ServiceMember = {
  sub: string;
  givenName?: string | undefined;
  familyName?: string | undefined;
  email?: string | undefined;
  lisPersonSourcedId?: string | undefined;
  roles: string[];
  /** Active, Inactive, Deleted, or whatever a test writes; absent: none is sent. */
  status?: string | undefined;
};
export type ServiceResult = { score: number | null; maximum?: number; at: string };
export type ServiceLineItem = { id: string; label: string; maximum: number; tag?: string; results: Map<string, ServiceResult> };
/** A course's own rows, to be changed between two nights. */
export type ServiceCourse = { id: string; members: ServiceMember[]; lineItems: ServiceLineItem[] };

/** What a request looked like, for a test to see. */
export type Asked = { method: string; path: string; query: string; accept: string; scopes: string[]; contentType: string };

export type Services = {
  courses: Map<string, ServiceCourse>;
  asked: Asked[];
  /** Answers in the platform's place where it returns true. */
  fault: ((req: Request, res: Response) => boolean) | null;
  /** No token handed out so far is taken any more. */
  forgetTokens(): void;
  /** Seconds a token lasts. */
  tokenSeconds: number;
  /** Assertions received, as they came. */
  assertions: string[];
};

export const scopes = {
  members: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemRead: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  results: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
};
const media = {
  members: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
};

export type ServiceOptions = { url: string; clientId: string; tokenUrl: string; jwksUrl: string; accent: Accent; courses: ServiceCourse[] };

export function addServices(app: Express, options: ServiceOptions): Services {
  const tokens = new Map<string, { scopes: string[]; until: number }>();
  const services: Services = {
    courses: new Map(options.courses.map((course) => [course.id, course])),
    asked: [],
    fault: null,
    forgetTokens: () => tokens.clear(),
    tokenSeconds: 3600,
    assertions: [],
  };
  const { accent } = options;
  const granted = (req: Request) => tokens.get((req.get('authorization') ?? '').replace(/^Bearer /, ''));

  app.post('/token', express.urlencoded({ extended: false }), async (req, res) => {
    note(services, req, []);
    if (services.fault?.(req, res)) return;
    const refusal = await assertionRefusal(options, services, req.body ?? {});
    const asked = String(req.body?.scope ?? '').split(' ');
    if (refusal) return void res.status(400).json({ error: refusal });
    if (!asked.every((scope) => Object.values(scopes).includes(scope))) return void res.status(400).json({ error: 'invalid_scope' });
    const token = randomBytes(18).toString('base64url');
    tokens.set(token, { scopes: asked, until: Date.now() + 1000 * services.tokenSeconds });
    res.json({ access_token: token, token_type: 'Bearer', expires_in: services.tokenSeconds, scope: asked.join(' ') });
  });

  /** The bearer, its scope, what is accepted, and the query that some platforms' addresses carry. */
  const guard = (needed: string[], accepted: string) => (req: Request, res: Response, next: NextFunction) => {
    const token = granted(req);
    note(services, req, token?.scopes ?? []);
    if (services.fault?.(req, res)) return;
    if (!token || token.until < Date.now()) return void res.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').end();
    if (!needed.some((scope) => token.scopes.includes(scope))) return void res.status(403).json({ error: 'insufficient_scope' });
    if (accent.query && req.query.type_id !== '2') return void res.status(404).end();
    if (req.method === 'DELETE') return next();
    const type = req.method === 'GET' ? req.get('accept') : req.get('content-type');
    if (type !== accepted) return void res.status(req.method === 'GET' ? 406 : 415).end();
    next();
  };
  const ofCourse = (req: Request, res: Response): ServiceCourse | null => {
    const course = services.courses.get(String(req.params.course));
    if (!course) res.status(404).end();
    return course ?? null;
  };
  const ofItem = (req: Request, res: Response): ServiceLineItem | null => {
    const item = services.courses.get(String(req.params.course))?.lineItems.find(({ id }) => id === req.params.item);
    if (!item) res.status(404).end();
    return item ?? null;
  };
  const json = (types: string) => express.json({ type: types });
  const base = '/services/:course';

  app.get(`${base}/memberships`, guard([scopes.members], media.members), (req, res) => {
    const course = ofCourse(req, res);
    if (!course) return;
    const testUser: ServiceMember = { sub: 'test-user', roles: ['learner', testUserRole], status: 'Active' };
    const everybody = accent.testUser ? [...course.members, testUser] : course.members;
    const rows = pageOf(req, res, everybody, options, accent.page.members);
    const members = rows.map((member) => memberJson(member, accent));
    res.type(media.members).send(JSON.stringify({ id: `${options.url}${req.originalUrl}`, context: { id: course.id }, members }));
  });

  app.get(`${base}/lineitems`, guard([scopes.lineItem, scopes.lineItemRead], media.lineItems), (req, res) => {
    const course = ofCourse(req, res);
    if (!course) return;
    const wanted = course.lineItems.filter((item) => req.query.tag === undefined || item.tag === req.query.tag);
    const rows = pageOf(req, res, wanted, options, accent.page.lineItems);
    res.type(media.lineItems).send(JSON.stringify(rows.map((item) => itemJson(item, course, options))));
  });

  app.post(`${base}/lineitems`, json(media.lineItem), guard([scopes.lineItem], media.lineItem), (req, res) => {
    const course = ofCourse(req, res);
    if (!course) return;
    const { label, scoreMaximum, tag } = req.body ?? {};
    if (typeof label !== 'string' || typeof scoreMaximum !== 'number' || scoreMaximum <= 0) return void res.status(400).end();
    const id = String(1 + Math.max(0, ...course.lineItems.map((each) => Number(each.id) || 0)));
    const item: ServiceLineItem = { id, label, maximum: scoreMaximum, results: new Map() };
    course.lineItems.push(tag === undefined ? item : { ...item, tag });
    const made = course.lineItems.at(-1) as ServiceLineItem; // pushed just now
    res
      .status(201)
      .type(media.lineItem)
      .send(JSON.stringify(itemJson(made, course, options)));
  });

  app.get(`${base}/lineitems/:item/lineitem`, guard([scopes.lineItem, scopes.lineItemRead], media.lineItem), (req, res) => {
    const [course, item] = [ofCourse(req, res), ofItem(req, res)];
    if (course && item) res.type(media.lineItem).send(JSON.stringify(itemJson(item, course, options)));
  });

  app.delete(`${base}/lineitems/:item/lineitem`, guard([scopes.lineItem], media.lineItem), (req, res) => {
    const [course, item] = [ofCourse(req, res), ofItem(req, res)];
    if (!course || !item) return;
    course.lineItems.splice(course.lineItems.indexOf(item), 1);
    res.status(204).end();
  });

  app.post(`${base}/lineitems/:item/lineitem/scores`, json(media.score), guard([scopes.score], media.score), (req, res) => {
    const item = ofItem(req, res);
    if (!item) return;
    const { userId, timestamp, activityProgress, gradingProgress, scoreGiven, scoreMaximum } = req.body ?? {};
    const isWhole = [userId, timestamp, activityProgress, gradingProgress].every((field) => typeof field === 'string');
    if (!isWhole || (scoreGiven !== undefined && typeof scoreMaximum !== 'number')) return void res.status(400).end();
    const known = item.results.get(userId);
    if (known && Date.parse(known.at) >= Date.parse(timestamp)) return void res.status(409).end();
    item.results.set(userId, { score: scoreGiven ?? null, ...(scoreMaximum !== undefined && { maximum: scoreMaximum }), at: timestamp });
    res.status(200).end();
  });

  app.get(`${base}/lineitems/:item/lineitem/results`, guard([scopes.results], media.results), (req, res) => {
    const item = ofItem(req, res);
    if (!item) return;
    const address = itemAddress(item, String(req.params.course), options);
    const rows = pageOf(req, res, [...item.results], options, accent.page.members).map(([userId, { score, maximum }]) => ({
      id: address.replace('/lineitem', `/lineitem/results/${userId}`),
      scoreOf: address,
      userId,
      ...(score !== null && { resultScore: score, resultMaximum: maximum ?? item.maximum }),
    }));
    res.type(media.results).send(JSON.stringify(rows));
  });

  return services;
}

const testUserRole = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';

export const membershipsAddress = (course: string, { url, accent }: Pick<ServiceOptions, 'url' | 'accent'>) =>
  `${url}/services/${encodeURIComponent(course)}/memberships${accent.query ? '?type_id=2' : ''}`;
export const lineItemsAddress = (course: string, { url, accent }: Pick<ServiceOptions, 'url' | 'accent'>) =>
  `${url}/services/${encodeURIComponent(course)}/lineitems${accent.query ? '?type_id=2' : ''}`;
const itemAddress = ({ id }: ServiceLineItem, course: string, { url, accent }: ServiceOptions) =>
  `${url}/services/${encodeURIComponent(course)}/lineitems/${id}/lineitem${accent.query ? '?type_id=2' : ''}`;

/** RFC 7523 §3: an error code, or null for an assertion that holds. */
async function assertionRefusal(options: ServiceOptions, services: Services, body: Record<string, unknown>): Promise<string | null> {
  if (body.grant_type !== 'client_credentials') return 'unsupported_grant_type';
  if (body.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return 'invalid_request';
  const assertion = String(body.client_assertion);
  try {
    const { payload } = await jwtVerify(assertion, createRemoteJWKSet(new URL(options.jwksUrl)), {
      algorithms: ['RS256'],
      issuer: options.clientId,
      subject: options.clientId,
      audience: options.accent.tokenAudience ?? options.tokenUrl,
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    const lasts = (payload.exp ?? 0) - (payload.iat ?? 0);
    if (lasts <= 0 || lasts > 300 || services.assertions.includes(assertion)) return 'invalid_client';
  } catch {
    return 'invalid_client';
  }
  services.assertions.push(assertion);
  return null;
}

function note(services: Services, req: Request, granted: string[]): void {
  const [path = '', query = ''] = req.originalUrl.split('?');
  const [accept, contentType] = [req.get('accept') ?? '', req.get('content-type') ?? ''];
  services.asked.push({ method: req.method, path, query, accept, scopes: granted, contentType });
}

/** One page, and where the next one is. */
function pageOf<T>(req: Request, res: Response, rows: T[], { url, accent }: ServiceOptions, most: number): T[] {
  const asked = Number(req.query.limit);
  const size = asked > 0 ? Math.min(asked, most) : most;
  const from = Number(req.query.from ?? 0);
  if (from + size < rows.length) {
    const next = new URL(req.originalUrl, url);
    next.searchParams.set('from', String(from + size));
    res.set('Link', linkHeader(next.href, accent));
  }
  return rows.slice(from, from + size);
}

export function linkHeader(next: string, accent: Accent): string {
  if (!accent.curlyLinks) return `<${next}>; rel="next"`;
  // A header holds bytes: UTF-8 ones, seen as Latin-1.
  return Buffer.from(`<${next.replaceAll('&', '&amp;')}>; rel=“next”`, 'utf8').toString('latin1');
}

export const rolesIn = (roles: string[], accent: Accent): string[] => roles.flatMap((role) => accent.roles[role] ?? role);

function memberJson(member: ServiceMember, accent: Accent) {
  const { sub, givenName, familyName, email, lisPersonSourcedId, roles, status } = member;
  return {
    user_id: sub,
    roles: rolesIn(roles, accent),
    ...(status !== undefined && { status: accent.upperStatus ? status.toUpperCase() : status }),
    ...(givenName !== undefined && { given_name: givenName }),
    ...(familyName !== undefined && { family_name: familyName }),
    ...(givenName !== undefined && familyName !== undefined && { name: `${givenName} ${familyName}` }),
    ...(email !== undefined && accent.emails && { email }),
    ...(lisPersonSourcedId !== undefined && { lis_person_sourcedid: lisPersonSourcedId }),
  };
}

const itemJson = (item: ServiceLineItem, course: ServiceCourse, options: ServiceOptions) => ({
  id: itemAddress(item, course.id, options),
  label: item.label,
  scoreMaximum: item.maximum,
  ...(item.tag !== undefined && { tag: item.tag }),
});
