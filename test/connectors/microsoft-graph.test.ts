/** Microsoft Graph against the simulated tenant: everything it holds, who is whose guardian, and what a district is told. */
import { connectorFor } from '../../connectors/registry.ts';
import { type GraphOptions, type GraphServer, startGraph } from '../../src/demo/graph/server.ts';
import { type RelatedContact, sampleTenant, type Tenant } from '../../src/demo/graph/tenant.ts';
import { makeCertificate } from '../setup/certificate.ts';
import { codes, collect } from './sets.ts';

const sample = sampleTenant({ students: 90 });
const connector = connectorFor('microsoft-graph');
const servers: GraphServer[] = [];
async function start(options: Partial<GraphOptions> = {}): Promise<GraphServer> {
  const server = await startGraph({ tenant: sample, ...options });
  servers.push(server);
  return server;
}
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const readingSince = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
const of = (server: GraphServer, more: Record<string, unknown> = {}) =>
  connector.settings.parse({ ...server.settings, readingSince, ...more });
const pull = (server: GraphServer, more: Record<string, unknown> = {}, since?: string) =>
  collect(connector.pull(of(server, more), since === undefined ? {} : { since }));
type Pulled = Awaited<ReturnType<typeof pull>>;
const markOf = ({ closings }: Pulled) => Object.values(closings).flatMap(({ watermark }) => watermark ?? [])[0];
const copy = (tenant: Tenant): Tenant => structuredClone(tenant);
const student = sample.users.find(({ primaryRole }) => primaryRole === 'student')?.id ?? '';

test('it brings everything the tenant holds, under ids by which others know it too', async () => {
  const { rows, problems, closings } = await pull(await start());
  expect(problems).toEqual([]);
  const people = rows.users.filter(({ sourcedId }) => !sourcedId.startsWith('contact/'));
  expect([rows.orgs.length, rows.classes.length, people.length]).toEqual([
    sample.schools.length,
    sample.classes.length,
    sample.users.length,
  ]);
  expect(rows.enrollments).toHaveLength(Object.values(sample.members).flat().length);
  const official = sample.users.find(({ id }) => id === student);
  expect(people.find(({ sourcedId }) => sourcedId === student)).toMatchObject({
    identifier: official?.student?.studentNumber,
    userIds: expect.arrayContaining([`microsoftId:${student}`, `studentExternalId:${official?.student?.externalId}`]),
  });
  expect(rows.classes[0]).toMatchObject({ schoolSourcedId: expect.any(String), termSourcedIds: [rows.academicSessions[0]?.sourcedId] });
  expect(rows.academicSessions).toMatchObject([{ startDate: '2026-08-17', endDate: '2027-06-05', schoolYear: 2027 }]);
  expect(closings.users).toMatchObject({ complete: true });
});

test('it signs in by a certificate; another certificate, or another secret, is denied and in no error', async () => {
  const [ours, other] = [makeCertificate(), makeCertificate()];
  const server = await start({ app: { certificate: ours.public } });
  const by = (certificate: string) => pull(server, { clientSecret: undefined, certificate, guardians: false });
  expect((await by(ours.both)).rows.orgs).toHaveLength(sample.schools.length);
  await expect(by(other.both)).rejects.toMatchObject({ code: 'source_denied', hint: expect.stringContaining('certificate') });
  const error = await pull(server, { clientSecret: 'my-wrong-secret' }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'source_denied', consequence: 'halt' });
  expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain('my-wrong-secret');
  expect(connector.settings.safeParse({ tenant: 'a', clientId: 'b', certificate: ours.public }).success).toBe(false);
});

describe('guardians', () => {
  const contact = (more: Partial<RelatedContact>): RelatedContact => ({
    displayName: 'Ada Lopez Cruz',
    emailAddress: 'ada@mail.example',
    mobilePhone: '555 0100',
    relationship: 'parent',
    accessConsent: true,
    ...more,
  });
  const withContacts = (contacts: Record<string, RelatedContact[]>): Tenant => ({ ...sample, contacts });
  const linked = async (contacts: RelatedContact[]) =>
    (await pull(await start({ tenant: withContacts({ [student]: contacts }) }))).rows.guardianships;

  test('parents, guardians and relatives are; aides, doctors, others and whoever has no consent are not', async () => {
    const relations = ['parent', 'guardian', 'relative', 'aide', 'doctor', 'other', 'child'] as const;
    const links = await linked([
      ...relations.map((relationship, n) => contact({ relationship, emailAddress: `${n}@mail.example` })),
      contact({ accessConsent: false, emailAddress: 'no@mail.example' }),
    ]);
    expect(links.map(({ relation }) => relation).sort()).toEqual(['guardian', 'parent', 'relative']);
    expect(links[0]).toMatchObject({ studentSourcedId: student, phone: '555 0100', noContact: false, undirected: false });
  });

  test('a parent of two children is one person; two parents with one address are two', async () => {
    const other = sample.users.filter(({ primaryRole }) => primaryRole === 'student')[1]?.id ?? '';
    const both = [contact({}), contact({ displayName: 'Luis Lopez', relationship: 'guardian' })];
    const { rows } = await pull(await start({ tenant: withContacts({ [student]: both, [other]: [contact({ mobilePhone: null })] }) }));
    const people = rows.users.filter(({ sourcedId }) => sourcedId.startsWith('contact/'));
    expect(people.map(({ givenName }) => givenName).sort()).toEqual(['Ada Lopez Cruz', 'Luis Lopez']);
    expect(rows.guardianships).toHaveLength(3);
    expect(JSON.stringify(rows.guardianships.map(({ sourcedId }) => sourcedId))).not.toMatch(/mail|lopez/i);
  });

  test('are asked for child by child where the listing leaves them out', async () => {
    const whole = await pull(await start());
    const server = await start({ accents: ['contacts one by one'] });
    expect((await pull(server)).rows.guardianships.map((of) => of.sourcedId).sort()).toEqual(
      whole.rows.guardianships.map((of) => of.sourcedId).sort(),
    );
    expect(server.asked.filter((path) => /^\/beta\/education\/users\/[^?]/.test(path)).length).toBeGreaterThan(80);
  });
});

test('only points that were returned are scores', async () => {
  const { rows } = await pull(await start(), { readingProgress: false });
  const all = Object.values(sample.submissions).flat();
  const returned = all.filter(({ outcomes }) => outcomes[0]?.publishedPoints);
  expect(rows.results).toHaveLength(all.length);
  expect(rows.results.filter(({ score }) => score !== null)).toHaveLength(returned.length);
  expect(rows.results.find(({ score }) => score === null)).toMatchObject({ scoreStatus: 'submitted', scoreDate: null });
  expect(rows.lineItems.every(({ resultValueMax }) => resultValueMax === 20)).toBe(true);
});

test('a child’s reading aloud is words per minute and accuracy, as its teacher has left it', async () => {
  const { rows, closings } = await pull(await start());
  const items = rows.lineItems.filter(({ assessmentSourcedId }) => assessmentSourcedId === 'reading-progress/words-per-minute');
  expect(items[0]).toMatchObject({ title: 'Read “The Kite” aloud', classSourcedId: expect.any(String) });
  const readings = rows.results.filter(({ sourcedId }) => sourcedId.startsWith('reading/') && sourcedId.endsWith('/words-per-minute'));
  expect(readings).toHaveLength(new Set(sample.reading.map(({ submissionId }) => submissionId)).size);
  const edited = sample.reading.find(({ action }) => action === 'EditMiscue');
  expect(readings.find(({ sourcedId }) => sourcedId.includes(edited?.submissionId ?? '-'))).toMatchObject({
    score: edited?.wordsPerMinute,
  });
  expect(closings.results).toMatchObject({ complete: false, because: 'partial' });
});

describe('a night that knows where the last one ended', () => {
  test('reads what changed: an arrival, a move, a leaver, a contact without consent any more', async () => {
    const server = await start();
    const since = markOf(await pull(server));
    const after = copy(sample);
    const [one, other] = after.classes.map(({ id }) => id) as [string, string];
    const isStudent = (id: string) => after.users.find((user) => user.id === id)?.primaryRole === 'student';
    const mover = after.members[one]?.find(isStudent) ?? '';
    after.members[one] = (after.members[one] ?? []).filter((id) => id !== mover);
    after.members[other] = [...(after.members[other] ?? []), mover];
    after.users.push({ id: 'new-child', primaryRole: 'student', displayName: 'New Child', accountEnabled: true });
    const parent = after.contacts[student]?.find(({ accessConsent }) => accessConsent) as RelatedContact;
    parent.accessConsent = false;
    server.hold(after);
    server.asked.length = 0;
    const night = await pull(server, {}, since);
    expect(night.rows.users.map(({ sourcedId }) => sourcedId)).toContain('new-child');
    expect(night.rows.enrollments.map(({ sourcedId }) => sourcedId)).toContain(`${other}/${mover}/student`);
    expect(night.removed.enrollments).toContain(`${one}/${mover}/student`);
    // Whoever changed says all guardians anew: one who is not among them is gone.
    expect(night.closings.guardianships).toMatchObject({ because: 'delta', restated: true });
    expect(night.rows.guardianships.filter(({ studentSourcedId }) => studentSourcedId === student)).toHaveLength(
      (after.contacts[student] ?? []).filter(({ accessConsent, relationship }) => accessConsent && relationship !== 'other').length,
    );
    expect(night.rows.users.length).toBeLessThan(10);
    for (const entity of ['users', 'enrollments', 'guardianships', 'results'] as const)
      expect(night.closings[entity]).toMatchObject({ complete: false, because: 'delta' });
    expect(server.asked.some((path) => path.startsWith('/v1.0/education/users?'))).toBe(false);
    expect(markOf(night)).not.toBe(since);
  });

  test('asks for the same changes once more where a class that changed could not be read', async () => {
    const server = await start();
    const since = markOf(await pull(server));
    const after = copy(sample);
    const [one = ''] = after.classes.map(({ id }) => id);
    const leaver = after.members[one]?.[0] ?? '';
    after.members[one] = (after.members[one] ?? []).slice(1);
    server.hold(after);
    const marks = (text: string | undefined) => ({ ...JSON.parse(text ?? '{}'), at: '' });
    server.behave({ accents: ['spoilt members'] });
    const night = await pull(server, {}, since);
    expect(night.problems).toMatchObject([{ code: 'class_not_read', file: after.classes[0]?.displayName }]);
    expect(marks(markOf(night))).toEqual(marks(since));
    server.behave({ accents: [] });
    const next = await pull(server, {}, markOf(night));
    expect(next.removed.enrollments).toContain(`${one}/${leaver}/student`);
    expect(marks(markOf(next))).not.toEqual(marks(since));
  });

  test('reads everything where the tenant no longer remembers', async () => {
    const server = await start();
    const since = markOf(await pull(server));
    server.forget();
    expect((await pull(server, {}, since)).closings.users).toMatchObject({ complete: true });
    expect((await pull(server, {}, 'of another kind')).closings.users).toMatchObject({ complete: true });
  });
});

test('beside a roster from elsewhere it brings guardians and reading scores, by the ids that roster has', async () => {
  const { rows, closings } = await pull(await start(), { roster: false });
  expect(connector.matching(of(await start(), { roster: false }))).toEqual({ students: ['sourcedId', 'identifier', 'userIds'] });
  expect([rows.orgs, rows.classes, rows.enrollments]).toEqual([[], [], []]);
  expect(rows.users.every(({ sourcedId }) => sourcedId.startsWith('contact/'))).toBe(true);
  expect(rows.guardianships.every(({ studentSourcedId }) => studentSourcedId.startsWith('stu-'))).toBe(true);
  expect(rows.results.every(({ studentSourcedId }) => studentSourcedId.startsWith('stu-'))).toBe(true);
  expect(rows.lineItems.every(({ classSourcedId }) => classSourcedId === null)).toBe(true);
  expect(closings.orgs).toBeUndefined();
});

describe('beside a roster from elsewhere, a night later', () => {
  const key = sample.users.find(({ id }) => id === student)?.student?.externalId ?? '';
  const guardians = (of: Pulled) => of.rows.guardianships.filter(({ studentSourcedId }) => studentSourcedId === key);
  const later = async (accents: GraphOptions['accents'] = []) => {
    const server = await start({ accents });
    const first = await pull(server, { roster: false });
    const after = copy(sample);
    const parent = after.contacts[student]?.find(({ accessConsent }) => accessConsent) as RelatedContact;
    parent.accessConsent = false;
    after.contacts[student]?.push({ ...parent, displayName: 'New Guardian', emailAddress: 'new@mail.example', accessConsent: true });
    server.hold(after);
    server.asked.length = 0;
    return { server, first, night: await pull(server, { roster: false }, markOf(first)) };
  };

  test('a new guardian is there, and one whose consent was taken back is not', async () => {
    const { first, night } = await later();
    expect(night.closings.guardianships).toMatchObject({ complete: true });
    expect(guardians(night)).toHaveLength(guardians(first).length);
    expect(guardians(night)).not.toEqual(guardians(first));
    expect(night.rows.guardianships).toHaveLength(first.rows.guardianships.length);
  });

  test('so also where contacts are told child by child: those who changed are asked for', async () => {
    const { server, first, night } = await later(['contacts one by one']);
    expect(night.closings.guardianships).toMatchObject({ complete: false, because: 'delta' });
    const [gone] = guardians(first).filter((of) => !guardians(night).some(({ sourcedId }) => sourcedId === of.sourcedId));
    expect(night.removed.guardianships).toContain(gone?.sourcedId);
    expect(guardians(night)).toHaveLength(guardians(first).length);
    expect(server.asked.filter((path) => /^\/beta\/education\/users\/[^?]/.test(path))).toHaveLength(1);
    server.forget();
    server.asked.length = 0;
    expect((await pull(server, { roster: false }, markOf(night))).closings.guardianships).toMatchObject({ complete: true });
  });
});

test('what may not be read is said with the permission it takes, and nothing is ended for it', async () => {
  const server = await start({ accents: ['no permission for contacts', 'no permission for assignments', 'no permission for reading'] });
  const { warnings, closings } = await pull(server);
  expect(warnings.map(({ message }) => /grant ([\w.-]+\w)/.exec(message)?.[1]).sort()).toEqual([
    'EduAssignments.Read.All',
    'EduReports-Reading.Read.All',
    'EduRoster.Read.All',
  ]);
  expect(codes(warnings)).toContain('not_permitted');
  expect(closings.guardianships).toBeUndefined();
  for (const entity of ['users', 'roles', 'lineItems', 'results'] as const) expect(closings[entity]).toMatchObject({ complete: false });
  const report = await connector.check(of(server));
  expect(report.findings.map(({ hint }) => hint ?? '').join(' ')).toMatch(/EduAssignments.*EduReports-Reading/);
  expect(report).toMatchObject({ ok: true });
});

test('a check says what a sync would do where one class is closed, none is open, or nobody is there', async () => {
  const check = async (options: Partial<GraphOptions>) => connector.check(of(await start(options)));
  const one = await check({ accents: ['a class not ours', 'work not ours'] });
  expect(one).toMatchObject({ ok: true });
  expect(one.findings.filter(({ text }) => text.includes('this class would stay as it is'))).toHaveLength(2);
  const empty = await check({ tenant: { ...sample, users: [], classes: [], schools: [] } });
  expect(empty).toMatchObject({ ok: false, findings: [{ text: expect.stringContaining('it has no people'), hint: expect.any(String) }] });
  await expect(pull(await start({ accents: ['hidden members'] }))).rejects.toMatchObject({
    hint: expect.stringContaining('Member.Read.Hidden'),
  });
});

test('a check shows ids and no names, and names the permission the class lists lack', async () => {
  const report = await connector.check(of(await start({ accents: ['hidden members'] })));
  expect(report).toMatchObject({ ok: false });
  expect(report.findings.find(({ ok }) => !ok)).toMatchObject({ hint: expect.stringContaining('Member.Read.Hidden') });
  const names = sample.users.flatMap(({ surname, givenName }) => [surname ?? '', givenName ?? '']).filter((name) => name.length > 3);
  expect(names.filter((name) => JSON.stringify(report).includes(`"${name}"`))).toEqual([]);
});
