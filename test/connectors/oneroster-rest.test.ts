/** OneRoster REST against the simulated server: everything it holds, and what a district is told. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arranged } from '../../connectors/oneroster-rest/assessments.ts';
import { authorization } from '../../connectors/oneroster-rest/oauth1.ts';
import { presetNames } from '../../connectors/oneroster-rest/presets.ts';
import { serviceOf, settings } from '../../connectors/oneroster-rest/settings.ts';
import { paceOf } from '../../connectors/pace.ts';
import { connectorFor } from '../../connectors/registry.ts';
import { aNightLater, sampleCollections } from '../../src/demo/oneroster/collections.ts';
import type { Collections } from '../../src/demo/oneroster/records.ts';
import { type OneRosterOptions, type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { codes, collect } from './sets.ts';

const sample = sampleCollections({ students: 120 });
const connector = connectorFor('oneroster-rest');
const servers: OneRosterServer[] = [];
async function start(options: Partial<OneRosterOptions> = {}): Promise<OneRosterServer> {
  const server = await startOneRoster({ collections: sample, ...options });
  servers.push(server);
  return server;
}
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const of = ({ url, tokenUrl, clientId, clientSecret }: OneRosterServer, more: Record<string, unknown> = {}) =>
  connector.settings.parse({ url, tokenUrl, clientId, clientSecret, pageSize: 100, ...more });
const pull = (server: OneRosterServer, more: Record<string, unknown> = {}, since?: string) =>
  collect(connector.pull(of(server, more), since === undefined ? {} : { since }));
const size = (collections: Collections, name: string) => collections[name]?.length ?? 0;

test('1.2 brings everything the server holds', async () => {
  const { rows, problems, warnings, closings } = await pull(await start());
  expect(problems).toEqual([]);
  expect(codes(warnings)).toEqual([]);
  for (const entity of ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments'] as const)
    expect([entity, rows[entity].length]).toEqual([entity, size(sample, entity)]);
  expect(rows.results).toHaveLength(size(sample, 'results') + size(sample, 'assessmentResults'));
  expect(rows.lineItems).toHaveLength(size(sample, 'lineItems') + size(sample, 'assessmentLineItems'));
  for (const closing of Object.values(closings)) expect(closing).toMatchObject({ complete: true, watermark: expect.stringMatching(/Z$/) });
  expect(Object.keys(closings)).toHaveLength(11);
});

test('1.1 brings the same but what 1.1 does not know', async () => {
  const whole = await pull(await start());
  const { rows, problems, closings } = await pull(await start({ version: '1.1' }), { version: '1.1' });
  expect(problems).toEqual([]);
  for (const entity of ['orgs', 'classes', 'users', 'enrollments', 'guardianships'] as const)
    expect(rows[entity]).toEqual(whole.rows[entity]);
  expect(rows.assessments).toEqual([]);
  expect(rows.lineItems).toHaveLength(size(sample, 'lineItems'));
  expect(closings.results).toMatchObject({ complete: true });
});

test('a child’s assessment scores come with their measure, window and words', async () => {
  const { rows } = await pull(await start());
  const fluency = rows.assessments.find((at) => at.title.includes('Reading Fluency'));
  expect(fluency).toMatchObject({ title: 'DIBELS 8: Reading Fluency (ORF)', scaleMax: 250 });
  const administrations = rows.lineItems.filter((item) => item.assessmentSourcedId === fluency?.sourcedId && item.window !== null);
  expect(administrations.map((item) => item.window)).toEqual(['BOY', 'MOY']);
  const scored = rows.results.find((result) => result.lineItemSourcedId === administrations[0]?.sourcedId);
  expect(scored).toMatchObject({ score: expect.any(Number), scoreDate: expect.stringMatching(/^2026-09/), textScore: expect.any(String) });
});

test('a percentile is kept, and a word of a score scale is a score that is shown as the word', async () => {
  const head = { status: 'active', dateLastModified: '2026-08-01T06:00:00.000Z' };
  const scale = { sourcedId: 'sc', ...head, title: 'Levels', scoreScaleValue: steps('3:C', '1:A', '2-2.9:B') };
  const unordered = { sourcedId: 'sw', ...head, title: 'Words', scoreScaleValue: steps('good:fair') };
  const item = { sourcedId: 'ai', ...head, title: 'Reading level', scoreScale: { sourcedId: 'sc', type: 'scoreScale' } };
  const other = { sourcedId: 'aw', ...head, title: 'Other', scoreScale: { sourcedId: 'sw', type: 'scoreScale' } };
  const said = (id: string, more: object) => ({
    sourcedId: id,
    ...head,
    assessmentLineItem: { sourcedId: 'ai', type: 'assessmentLineItem' },
    student: { sourcedId: 'stu-000000', type: 'user' },
    scoreStatus: 'fully graded',
    scoreDate: '2026-09-18',
    ...more,
  });
  const results = [said('r1', { textScore: 'b', scorePercentile: 40 }), said('r2', { score: 3, scorePercentile: 140 })];
  const assessments = { assessmentLineItems: [item, other], assessmentResults: results, scoreScales: [scale, unordered] };
  const { rows } = await pull(await start({ collections: { ...sample, ...assessments } }));
  expect(rows.assessments).toMatchObject([{ levels: ['1 A', '2 B', '3 C'] }, { levels: null }]);
  expect(rows.results.slice(-2)).toMatchObject([
    { score: 2, textScore: 'b', percentile: 40 },
    { score: 3, percentile: null },
  ]);
});
const steps = (...written: string[]) =>
  written.map((step) => ({ itemValueLHS: step.split(':')[0] ?? '', itemValueRHS: step.split(':')[1] ?? '' }));

describe('what a column says beyond its number', () => {
  const head = { status: 'active', dateLastModified: '2026-08-01T06:00:00.000Z' };
  const scale = { sourcedId: 'sc', ...head, title: 'Levels', scoreScaleValue: steps('1:Not yet', '2:Nearly', '3:Got it') };
  const [item, ...items] = sample.lineItems ?? [];
  const [result, ...results] = sample.results ?? [];
  const own = { ...item, scoreScale: { sourcedId: 'sc', type: 'scoreScale' } };
  const word = { ...result, lineItem: { sourcedId: item?.sourcedId, type: 'lineItem' }, textScore: 'nearly', score: null };
  const scaled = { ...sample, lineItems: [own, ...items], results: [word, ...results], scoreScales: [scale] };
  const first = (rows: { sourcedId: string }[], of: object | undefined) =>
    rows.find(({ sourcedId }) => sourcedId === (of as { sourcedId?: string }).sourcedId);

  test('a class’s own column has the words of its scale, and a word of it is a score', async () => {
    const { rows } = await pull(await start({ collections: scaled }));
    expect(first(rows.lineItems, item)).toMatchObject({ levels: ['1 Not yet', '2 Nearly', '3 Got it'] });
    expect(first(rows.results, result)).toMatchObject({ score: 2, textScore: 'nearly' });
  });

  test('a word that comes alone, on a night of changes, is the same score', async () => {
    const server = await start({ collections: scaled });
    const whole = await pull(server);
    const later = new Date(Date.now() + 3600_000).toISOString();
    server.hold(aNightLater(scaled, { ...scaled, results: [{ ...word, textScore: 'got it' }, ...results] }, later, 'tobedeleted'));
    const changes = await pull(server, {}, whole.closings.results?.watermark);
    expect(changes.rows.results).toEqual([{ ...first(whole.rows.results, result), score: 3, textScore: 'got it', line: 1 }]);
    expect([changes.closings.results?.complete, changes.closings.lineItems?.complete]).toEqual([false, true]);
    expect(changes.rows.lineItems).toEqual(whole.rows.lineItems);
  });

  test('objectives are kept with who numbers them, in one order, whatever order and spelling they come in', async () => {
    const learning = [
      { source: 'unknown', learningObjectiveIds: ['RF.1.3', ' RF.1.3 ', '', null] },
      { source: 'case', learningObjectiveIds: '0a1b2c3d-0000-4000-8000-000000000001' },
      { learningObjectiveIds: ['1.OA.6'] },
      'RF.9.9',
    ];
    const column = { ...item, learningObjectiveSet: learning };
    const { rows, problems } = await pull(await start({ collections: { ...sample, lineItems: [column, ...items] } }));
    expect(problems).toEqual([]);
    expect(first(rows.lineItems, item)).toMatchObject({
      objectives: ['case:0a1b2c3d-0000-4000-8000-000000000001', 'unknown:1.OA.6', 'unknown:RF.1.3'],
    });
  });

  test('an assessment’s are those of all its administrations, and say its skill where they agree', async () => {
    const { rows } = await pull(await start());
    const titled = (part: string) => rows.assessments.find(({ title }) => title.includes(part));
    expect(titled('LNF')).toMatchObject({
      subject: 'Reading',
      skill: 'naming letters',
      objectives: [expect.stringMatching(/^case:/), 'unknown:CCSS.ELA-LITERACY.RF.K.1.D'],
    });
    expect(titled('PSF')).toMatchObject({ skill: 'sounds heard in spoken words' });
    expect(titled('Maze')).toMatchObject({ subject: 'Reading', skill: null });
    for (const row of rows.lineItems.filter(({ assessmentSourcedId }) => assessmentSourcedId !== null))
      expect([row.objectives ?? null, row.levels ?? null]).toEqual([null, null]);
  });

  test('how a child stands in each objective is not read', async () => {
    const learning = [{ source: 'unknown', learningObjectiveResults: [{ learningObjectiveId: 'RF.1.3', score: 1 }] }];
    const told = (sample.results ?? []).map((row) => ({ ...row, learningObjectiveSet: learning }));
    const { rows } = await pull(await start({ collections: { ...sample, results: told } }));
    expect(JSON.stringify(rows.results)).not.toContain('RF.1.3');
  });
});

test('an assessment’s result that cannot be used is known for what it is, and so never looks gone', async () => {
  const [first, ...others] = sample.assessmentResults ?? [];
  const spoilt = { ...first, student: null };
  const { problems, rows } = await pull(await start({ collections: { ...sample, assessmentResults: [spoilt, ...others] } }));
  const whole = await pull(await start());
  const [missing] = whole.rows.results.filter(({ sourcedId }) => !rows.results.some((row) => row.sourcedId === sourcedId));
  expect(problems).toContainEqual(
    expect.objectContaining({ severity: 'problem', sourcedId: missing?.sourcedId, file: 'assessmentResults' }),
  );
});

test('titles decide whether an assessment’s child is a measure or an administration', () => {
  const item = (id: string, title: string, parent: string | null = null) => ({
    id,
    title,
    parent,
    line: 1,
    classSourcedId: null,
    min: null,
    max: null,
    levels: null,
    objectives: null,
  });
  const { assessments, lineItems } = arranged([
    item('b', 'MAP Fall 2026-2027', 'm'),
    item('m', 'MAP'),
    item('c', 'Reading', 'm'),
    item('d', '2025-26', 'c'),
    item('e', 'e', 'e'),
    item('f', 'Winter break quiz', 'm'),
  ]);
  expect(assessments.map((at) => at.title)).toEqual(['MAP', 'MAP: Reading', 'e', 'MAP: Winter break quiz']);
  expect(
    lineItems.map(({ sourcedId, assessmentSourcedId, window, schoolYear }) => [sourcedId, assessmentSourcedId, window, schoolYear]),
  ).toEqual([
    ['assessment/b', 'assessment/m', 'BOY', 2027],
    ['assessment/m', 'assessment/m', null, null],
    ['assessment/c', 'assessment/c', null, null],
    ['assessment/d', 'assessment/c', null, 2026],
    ['assessment/e', 'assessment/e', null, null],
    ['assessment/f', 'assessment/f', null, null],
  ]);
});

test('agents are taken in both directions, each pair once', async () => {
  const { rows } = await pull(await start());
  const pairs = rows.guardianships.map((pair) => pair.sourcedId);
  expect(new Set(pairs).size).toBe(pairs.length);
  const linked = (id: string) => rows.guardianships.some((pair) => pair.sourcedId.includes(id));
  expect(linked('stu-000000') && linked('stu-000001')).toBe(true);
});

test('only what changed is asked for when a night knows where the last one ended', async () => {
  const server = await start();
  const first = await pull(server);
  const night = new Date(Date.now() + 3600_000).toISOString();
  const after = sampleCollections({ students: 120, night: 2 });
  const left = after.enrollments?.pop();
  server.hold(aNightLater(sample, after, night, 'tobedeleted'));
  const next = await pull(server, {}, first.closings.users?.watermark);
  expect(next.closings.users).toMatchObject({ complete: false, because: 'delta' });
  expect(next.rows.users.length).toBeGreaterThan(0);
  expect(next.rows.users.length).toBeLessThan(first.rows.users.length / 2);
  expect(next.removed.enrollments).toContain(left?.sourcedId);
});

test('a server that cannot be asked for changes is read whole, and says so', async () => {
  const { closings, warnings, rows } = await pull(await start({ accents: ['no filter'] }), {}, '2026-11-01T00:00:00Z');
  expect(closings.users).toMatchObject({ complete: true });
  expect(rows.users).toHaveLength(size(sample, 'users'));
  expect(codes(warnings)).toContain('filter_refused');
});

test.each([
  ['oauth2, basic', {}],
  ['oauth2, body', { clientAuth: 'body' }],
  ['oauth1, SHA-1', { auth: 'oauth1', signature: 'HMAC-SHA1' }],
  ['oauth1, SHA-256', { auth: 'oauth1' }],
])('it signs in by %s', async (_, more) => {
  expect((await pull(await start(), more)).rows.orgs).toHaveLength(size(sample, 'orgs'));
});

test('it signs in by a token that was handed out', async () => {
  const server = await start();
  const { rows } = await collect(connector.pull(connector.settings.parse({ url: server.url, auth: 'bearer', token: server.token }), {}));
  expect(rows.orgs).toHaveLength(size(sample, 'orgs'));
});

test('a host that said "too many" often is asked one thing at a time, and hands out its token all the same', async () => {
  const server = await start();
  paceOf(new URL(server.url).host).width = 1;
  expect((await pull(server)).rows.users).toHaveLength(size(sample, 'users'));
});

test.each([{}, { auth: 'oauth1' }])('a wrong secret is denied, and is not in the error', async (more) => {
  const server = await start();
  const error = await pull(server, { clientSecret: 'my-wrong-secret', ...more }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'source_denied', consequence: 'halt', hint: expect.any(String) });
  expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain('my-wrong-secret');
});

test('references, ids, words and dates are understood in many spellings', async () => {
  const collections: Collections = {
    orgs: [{ sourcedId: 7, status: 'Active', name: ' Hill School ', type: 'School' }],
    classes: [
      {
        sourcedId: 'c',
        title: '',
        school: { href: '~/ims/oneroster/v1p1/orgs/7' },
        course: 'crs',
        terms: { sourcedId: 't' },
        periods: '1, 2',
      },
    ],
    users: [
      {
        sourcedId: 's',
        givenName: 'A',
        familyName: 'B',
        enabledUser: true,
        role: 'Student',
        orgs: [{ sourcedId: '7' }],
        grades: 'Third grade',
      },
      {
        sourcedId: 'p',
        givenName: 'C',
        familyName: 'D',
        roles: [{ role: 'parent', org: { sourcedId: '7' } }],
        agents: [{ sourcedId: 's' }],
      },
      { sourcedId: 'x', status: 'tobedeleted', givenName: 'E', familyName: 'F', role: 'teacher', orgs: [] },
      { sourcedId: '', givenName: 'G' },
    ],
    enrollments: [
      { sourcedId: 'e', class: { sourcedId: 'c' }, user: { sourcedId: 's' }, role: 'student', beginDate: '8/17/2026', primary: 'FALSE' },
      { sourcedId: 'f', class: { sourcedId: 'c' }, role: 'student' },
    ],
  };
  const { rows, removed, problems, closings } = await pull(await start({ collections }), { gradebook: false });
  expect(rows.orgs[0]).toMatchObject({ sourcedId: '7', name: 'Hill School', type: 'school' });
  expect(rows.classes[0]).toMatchObject({ schoolSourcedId: '7', courseSourcedId: 'crs', termSourcedIds: ['t'], periods: ['1', '2'] });
  expect(rows.users[0]).toMatchObject({ sourcedId: 's', grades: ['03'], enabledUser: true });
  expect(rows.roles.map((role) => role.sourcedId)).toEqual(['s/7/student', 'p/7/parent']);
  expect(rows.guardianships.map((pair) => pair.sourcedId)).toEqual(['p|s']);
  expect(removed).toEqual({ users: ['x'], roles: ['x//teacher'] });
  expect(rows.enrollments).toMatchObject([{ sourcedId: 'e', beginDate: '2026-08-17', primary: false }]);
  expect(problems.map(({ code, file, line }) => [code, file, line])).toEqual([
    ['id_unreadable', 'users', 4],
    ['required_blank', 'enrollments', 2],
  ]);
  expect(closings.users).toMatchObject({ complete: false, because: 'unreadable_ids' });
  expect(closings.enrollments).toMatchObject({ complete: true });
});

describe('a check says in an administrator’s words', () => {
  const check = async (options: Partial<OneRosterOptions>, more: Record<string, unknown> = {}) => {
    const { ok, findings, preview } = await connector.check(of(await start(options), more));
    return { ok, text: findings.map((finding) => `${finding.text} ${finding.hint ?? ''}`).join('\n'), preview };
  };

  test('what there is, and that guardians are linked', async () => {
    const { ok, text, preview } = await check({});
    expect(ok).toBe(true);
    expect(text).toContain(`users: ${size(sample, 'users')} rows`);
    expect(text).toContain('students and guardians are linked');
    expect(text).toContain('can be asked for what changed');
    expect(JSON.stringify(preview)).not.toMatch(/givenName|familyName|email/);
  });

  test('that guardians are there and linked to nobody', async () => {
    expect((await check({ accents: ['no agents', 'no filter'] })).text).toMatch(
      /nothing links them to children[\s\S]*contacts-csv[\s\S]*filter is refused/,
    );
  });

  test('what is empty, not offered, not permitted, or without titles', async () => {
    const bare = await check({ collections: { ...sample, users: [], results: [] }, accents: ['empty titles'] });
    expect(bare.ok).toBe(false);
    expect(bare.text).toMatch(/have no title[\s\S]*users: empty[\s\S]*results: empty/);
    expect((await check({ accents: ['no gradebook'] })).text).toContain('lineItems: the system does not offer it');
    const denied = await check({ accents: ['no permission for scores'] });
    expect([denied.ok, denied.text]).toEqual([true, expect.stringMatching(/results: .*refuses/)]);
  });

  test('that we are not let in, or that something else stands there', async () => {
    expect(await check({}, { clientSecret: 'wrong' })).toMatchObject({ ok: false, text: expect.stringContaining('client id') });
    expect(await check({ faults: ['sign-in page'], faultEvery: 1 })).toMatchObject({ ok: false, text: expect.stringContaining('sign-in') });
  });
});

describe('settings', () => {
  const given = { url: 'https://sis.example.org', clientId: 'a', clientSecret: 'b', tokenUrl: 'https://sis.example.org/token' };
  const service = (more: object) => serviceOf(settings.parse({ ...given, ...more }));

  test.each<[object, string, string]>([
    [{}, '/ims/oneroster/rostering/v1p2/', '/ims/oneroster/gradebook/v1p2/'],
    [{ version: '1.1' }, '/ims/oneroster/v1p1/', '/ims/oneroster/v1p1/'],
    [{ preset: 'classlink' }, '/ims/oneroster/v1p1/', '/ims/oneroster/v1p1/'],
    [{ url: 'https://sis.example.org/aeries/', preset: 'aeries' }, '/aeries/ims/oneroster/v1p1/', '/aeries/ims/oneroster/v1p1/'],
    [{ url: 'https://x.example/a/ims/oneroster/rostering/v1p2' }, '/a/ims/oneroster/rostering/v1p2/', '/a/ims/oneroster/gradebook/v1p2/'],
    [{ url: 'https://x.example/ims/oneroster/v1p1', preset: 'generic' }, '/ims/oneroster/v1p1/', '/ims/oneroster/v1p1/'],
    [{ rosteringUrl: 'https://a.example/r', gradebookUrl: 'https://b.example/g' }, '/r/', '/g/'],
  ])('%j is read at its address', (more, rostering, gradebook) => {
    const { rostering: at, gradebook: scores } = service(more);
    expect([at.pathname, scores?.pathname]).toEqual([rostering, gradebook]);
  });

  test.each(presetNames)('preset %s needs nothing a district cannot know', (preset) => {
    expect(settings.safeParse({ ...given, preset }).success).toBe(true);
  });

  test('what is missing is named', () => {
    const paths = (input: object) => settings.safeParse(input).error?.issues.map((issue) => issue.path.join('.'));
    expect(paths({ url: given.url })).toEqual(['clientId', 'clientSecret', 'tokenUrl']);
    expect(paths({ url: given.url, auth: 'bearer' })).toEqual(['token']);
    expect(paths({ ...given, url: 'sis.example.org' })).toEqual(['url']);
  });
});

/** Debian's python3-oauthlib, an implementation of its own. */
const python = '/usr/bin/python3';
const hasOauthlib = (() => {
  try {
    if (existsSync(python)) execFileSync(python, ['-c', 'import oauthlib.oauth1'], { stdio: 'ignore' });
    return existsSync(python);
  } catch {
    return false;
  }
})();

describe('OAuth 1.0a signatures', () => {
  test('the other implementation is there where builds run', () => {
    if (process.env.CI) expect(hasOauthlib).toBe(true);
  });

  (hasOauthlib ? test : test.skip)('agree with an independent implementation, whatever the address and secret', () => {
    const program = `
import json, sys
from oauthlib.oauth1 import Client
out = []
for c in json.load(sys.stdin):
    client = Client(c['key'], client_secret=c['secret'], signature_method=c['method'], nonce=c['nonce'], timestamp=c['timestamp'])
    out.append(client.sign(c['url'])[1]['Authorization'])
print(json.dumps(out))`;
    const urls = [
      'https://sis.example.org/ims/oneroster/v1p1/users?limit=100&offset=0',
      'https://sis.example.org:8443/ims/oneroster/v1p1/users?sort=sourcedId&orderBy=asc&limit=1000&offset=3000',
      'http://sis.example.org:80/ims/oneroster/v1p1/users',
      'https://sis.example.org/v1p1/users?filter=dateLastModified%3E%272026-11-01T00%3A00%3A00.000Z%27&a=%C3%A9%20b&a=a&A=%2B',
      'https://sis.example.org/v1p1/classes?filter=status%3D%27active%27&fields=sourcedId%2Ctitle&z=~-._%21%2A%28%29',
    ];
    const cases = urls.flatMap((url, at) =>
      (['HMAC-SHA1', 'HMAC-SHA256'] as const).map((method) => ({
        url,
        method,
        key: 'key & more',
        secret: `s€cret/${at}+=`,
        nonce: `n${at}`,
        timestamp: '1795600000',
      })),
    );
    const answers = JSON.parse(execFileSync(python, ['-c', program], { input: JSON.stringify(cases), encoding: 'utf8' })) as string[];
    const parts = (header: string) =>
      Object.fromEntries([...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    for (const [at, { url, method, key, secret, nonce, timestamp }] of cases.entries()) {
      const ours = authorization(
        { clientId: key, clientSecret: secret, signature: method },
        'GET',
        new URL(url),
        nonce,
        Number(timestamp) * 1000,
      );
      expect(parts(ours)).toEqual(parts(answers[at] ?? ''));
    }
  });
});
