/**
 * The simulated platform held to the standards: whatever it says, in whichever accent, must be what they allow. Where an accent does otherwise on
 * purpose, because real platforms do, it is named here, and it does nothing else otherwise.
 */
import type { Request } from 'express';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import type { z } from 'zod';
import { invite } from '../../lti/invitations.ts';
import { signingKey } from '../../lti/keys.ts';
import { clientOf } from '../../lti/profile.ts';
import { createLineItem, postScore } from '../../lti/services/grades.ts';
import { serviceTokens } from '../../lti/services/token.ts';
import { type AccentName, accents } from '../../src/demo/platform-accents.ts';
import { scopes } from '../../src/demo/platform-services.ts';
import { course, openPlatform, pupils } from '../cases/lti/course.ts';
import { openSchool, secret } from '../cases/lti/school.ts';
import * as specification from './specification.ts';

const school = await openSchool('service');
afterAll(() => school.close());

/** What an accent gets wrong as its real platform does, by the path of the fault. */
const onPurpose: Partial<Record<AccentName, RegExp>> = {
  // LTI 1.1's role names; so nobody is "Mentor" by the book. A member's status in capitals.
  brightspace:
    /^(https:\/\/purl\.imsglobal\.org\/spec\/lti\/claim\/roles|members\.\d+\.(roles\.\d+|status)|): (no role of|children of|Invalid option)/,
};

/** Where a value strays from its schema, but for what its accent does on purpose. */
function strays(accent: AccentName, schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  const faults = (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return faults.filter((fault) => !onPurpose[accent]?.test(fault));
}

const attribute = (html: string, pattern: RegExp) => (pattern.exec(html)?.[1] ?? '').replaceAll('&amp;', '&').replaceAll('&quot;', '"');

describe.each(Object.keys(accents) as AccentName[])('%s', (accent) => {
  let platform: Awaited<ReturnType<typeof openPlatform>>;
  beforeAll(async () => {
    platform = await openPlatform(school, { accent, courses: [course('3a', pupils(60))] });
    const results = new Map(pupils(24).map(({ sub }, n) => [sub, { score: n === 3 ? null : n, at: '2026-10-01T08:00:00Z' }]));
    const items = Array.from({ length: 12 }, (_, n) => ({ id: String(n + 1), label: `Words ${n}`, maximum: 100, results }));
    platform.services.courses.get('course-3a')?.lineItems.push(...items);
  });
  afterAll(() => platform.close());

  /** The id_token of a visit, as the platform posts it to the tool. */
  async function visit(person: string, what = ''): Promise<string> {
    const page = await (await fetch(`${platform.launchUrl(person, '3a')}${what}`)).text();
    const login = new URL(attribute(page, /<iframe [^>]*src="([^"]+)"/)).searchParams;
    const asked = new URLSearchParams({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: platform.clientId,
      redirect_uri: `${school.url}/lti/launch`,
      login_hint: login.get('login_hint') ?? '',
      lti_message_hint: login.get('lti_message_hint') ?? '',
      state: 'the-state',
      nonce: 'the-nonce',
    });
    return attribute(await (await fetch(`${platform.authUrl}?${asked}`)).text(), /name="id_token" value="([^"]+)"/);
  }

  const tokens = serviceTokens({ db: school.db, secret });
  const token = (...args: Parameters<ReturnType<typeof tokens.of>>) => tokens.of(platform.districtId, platform.id)(...args);

  /** Every page of a listing. */
  async function listing(url: string, scope: string, accept: string): Promise<unknown[]> {
    const headers = { authorization: `Bearer ${await token([scope])}`, accept };
    const pages: unknown[] = [];
    for (let next: string | undefined = url; next; ) {
      const answer: Response = await fetch(next, { headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')?.split(';')[0]).toBe(accept);
      pages.push(await answer.json());
      next = /<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1]?.replaceAll('&amp;', '&');
    }
    return pages;
  }

  test('launches, of a teacher, a parent and a child, and the request for links', async () => {
    for (const person of ['teacher', 'parent', 'pupil']) {
      const jwt = await visit(person);
      expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
      expect({ person, strays: strays(accent, specification.resourceLinkLaunch, decodeJwt(jwt)) }).toEqual({ person, strays: [] });
    }
    expect(strays(accent, specification.deepLinkingRequest, decodeJwt(await visit('teacher', '/add')))).toEqual([]);
    expect(strays(accent, specification.keySet, await (await fetch(platform.jwksUrl)).json())).toEqual([]);
  });

  test('who is in a course, its columns and their scores, page by page', async () => {
    const services = decodeJwt(await visit('teacher')) as Record<string, Record<string, string>>; // its own claims were looked at above
    const members = services['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice']?.context_memberships_url ?? '';
    const items = services['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint']?.lineitems ?? '';
    const faults = async (url: string, scope: string, accept: string, schema: z.ZodType) => {
      const pages = await listing(url, scope, accept);
      return { pages, strays: pages.flatMap((page) => strays(accent, schema, page)) };
    };
    const people = await faults(
      members,
      scopes.members,
      'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
      specification.membershipContainer,
    );
    const book = await faults(
      items,
      scopes.lineItemRead,
      'application/vnd.ims.lis.v2.lineitemcontainer+json',
      specification.lineItemContainer,
    );
    const [first] = (book.pages as { id: string }[][]).flat();
    const results = new URL(first?.id ?? '');
    results.pathname += '/results';
    const scores = await faults(
      results.href,
      scopes.results,
      'application/vnd.ims.lis.v2.resultcontainer+json',
      specification.resultContainer,
    );
    expect([people.strays, book.strays, scores.strays]).toEqual([[], [], []]);
    expect(specification.membershipContainer.safeParse(people.pages[0]).success).toBe(!(accent in onPurpose));
    expect([people.pages.length > 1, book.pages.length > 1]).toEqual([accent !== 'plain', accent === 'canvas' || accent === 'moodle']);
  });

  test('a token, a new column, and the score we send into it', async () => {
    const { kid, key } = await signingKey(school.db, secret);
    const assertion = new SignJWT({ iss: platform.clientId, sub: platform.clientId, aud: platform.tokenAudience ?? platform.tokenUrl })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuedAt()
      .setExpirationTime('60 seconds')
      .setJti('once');
    const asked = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion.sign(key),
      scope: scopes.members,
    };
    const answered = await fetch(platform.tokenUrl, { method: 'POST', body: new URLSearchParams(asked) });
    expect(strays(accent, specification.tokenAnswer, await answered.json())).toEqual([]);

    const sent: { path: string; body: unknown }[] = [];
    platform.services.fault = (req: Request) => {
      if (req.method === 'POST' && req.path !== '/token') sent.push({ path: req.path, body: req.body });
      return false;
    };
    const items = decodeJwt(await visit('teacher'))['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as { lineitems: string };
    const id = await createLineItem(token, items.lineitems, { label: 'APTT goal met', maximum: 1 });
    for (const score of [1, null]) await postScore(token, id, { userId: 's-2', score, maximum: 1, at: new Date() });
    platform.services.fault = null;
    const columns = (await listing(items.lineitems, scopes.lineItemRead, 'application/vnd.ims.lis.v2.lineitemcontainer+json')).flat();
    expect(
      columns.filter((one) => (one as { id: string }).id === id).flatMap((one) => strays(accent, specification.lineItem, one)),
    ).toEqual([]);
    const scores = sent.filter(({ path }) => path.endsWith('/scores'));
    expect(scores).toHaveLength(2);
    expect(scores.flatMap(({ body }) => strays('plain', specification.score, body))).toEqual([]);
  });

  test('its configuration for a registration, what we ask it for, and what it answers', async () => {
    const { url: link } = await invite(school.db, school.url, platform.districtId, 'test');
    const page = await (await fetch(`${platform.url}/admin/tools?${new URLSearchParams({ link })}`)).text();
    const asked = new URL(attribute(page, /(?:src|href)="([^"]*register-[^"]*)"/)).searchParams;
    const held = asked.get('registration_token');
    const headers: Record<string, string> = held === null ? {} : { authorization: `Bearer ${held}` };
    const configuration = (await (await fetch(asked.get('openid_configuration') ?? '', { headers })).json()) as Record<string, unknown>;
    expect(strays(accent, specification.openidConfiguration, configuration)).toEqual([]);

    const request = clientOf(school.url, accents[accent].family);
    expect(strays(accent, specification.clientRequest, request)).toEqual([]);
    const answer = await fetch(String(configuration.registration_endpoint), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    expect(strays(accent, specification.clientAnswer, await answer.json())).toEqual([]);
  });
});

test('the schemas are no rubber stamp: what a platform must not say is found', () => {
  const launch = { iss: 'http://lms.example', aud: '', sub: 'x'.repeat(300), exp: '1', iat: 1, nonce: '', odd: 1 };
  const faults = strays('plain', specification.resourceLinkLaunch, launch).map((fault) => fault.split(':')[0]);
  for (const path of ['iss', 'aud', 'sub', 'exp', 'nonce']) expect(faults).toContain(path);
  const members = { id: 'https://lms.example/m', context: { id: 'c' }, members: [{ user_id: '', roles: ['teacher'], status: 'ACTIVE' }] };
  expect(strays('plain', specification.membershipContainer, members)).toHaveLength(3);
  expect(
    strays('plain', specification.score, {
      userId: 'u',
      timestamp: 'today',
      activityProgress: 'Done',
      gradingProgress: 'x',
      scoreGiven: 1,
    }),
  ).toHaveLength(3);
  expect(strays('plain', specification.lineItem, { id: 'x', label: '', scoreMaximum: 0 })).toHaveLength(4);
});
