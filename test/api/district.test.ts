import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invite, invitedBy } from '../../lti/invitations.ts';
import type { MappingShape, PendingShape, PlatformsShape, RunShape, RunsShape, SourcesShape } from '../../src/read-models/shapes.ts';
import { type Api, signIn, startApi } from '../setup/api.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { newRoster, type Roster } from '../setup/roster.ts';

const db = await freshDatabase();
let api: Api;
let roster: Roster;
let token: string;
let user: number;
beforeAll(async () => {
  api = await startApi(db);
});
beforeEach(async () => {
  roster = await newRoster(db, await newDistrict(db), 'Bay');
  user = await roster.user('It');
  await roster.role(user, null, 'districtAdministrator');
  token = (await signIn(db, { districtId: roster.districtId, roles: ['administrator'], userId: user })).token;
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const counts = { read: 10, added: 4, changed: 3, ended: 1, unchanged: 2, rejected: 1 };
async function run(status: string, more: Record<string, unknown> = {}): Promise<number> {
  const [row] = await roster.within(
    (tx) =>
      tx<{ id: number }[]>`INSERT INTO sync_run ${tx({
        district_id: roster.districtId,
        source_id: roster.source,
        status,
        finished_at: new Date('2026-11-02T05:00:00Z'),
        report: {
          entities: { users: counts, classes: { ...counts, read: 5 } },
          guardians: { linked: 1, parentsWithoutChild: 2, childrenWithoutParent: 3 },
        },
        ...more,
      } as never)} RETURNING id`,
  ); // report is JSON
  return row?.id ?? 0;
}
const problem = (runId: number, n: number, more: Record<string, unknown> = {}) =>
  roster.within(
    (tx) =>
      tx`INSERT INTO sync_problem ${tx({
        district_id: roster.districtId,
        run_id: runId,
        n,
        entity: 'users',
        severity: 'problem',
        code: 'date_unreadable',
        message: 'not a date',
        sourced_id: `u-${n}`,
        file: 'users.csv',
        line: n + 1,
        field: 'dateLastModified',
        ...more,
      })}`,
  );
const get = async <T>(path: string) => (await api.get(path, token)).body as T;

test('each source shows its last run and when its data was last confirmed', async () => {
  await run('applied');
  const failed = await run('failed', {
    finished_at: new Date('2026-11-03T05:00:00Z'),
    error_code: 'source_unreachable',
    error_message: 'no answer',
    report: { hint: 'Check its address.' },
  });
  expect(await get<SourcesShape>('/api/sync/sources')).toMatchObject({
    sources: [
      {
        name: 'Bay sis',
        kind: 'oneroster-csv',
        lastRun: { id: String(failed), status: 'failed' },
        lastApplied: '2026-11-02T05:00:00.000Z',
      },
    ],
    pending: 0,
  });
  expect((await get<RunShape>(`/api/sync/runs/${failed}`)).error).toEqual({
    code: 'source_unreachable',
    message: 'no answer',
    hint: 'Check its address.',
  });
});

test('runs come newest first, fifty a page', async () => {
  for (let i = 0; i < 53; i++) await run('unchanged', { report: {} });
  const first = await get<RunsShape>(`/api/sync/runs?source=${roster.source}`);
  expect([first.runs.length, first.more]).toEqual([50, true]);
  const rest = await get<RunsShape>(`/api/sync/runs?before=${first.runs.at(-1)?.id}`);
  expect([rest.runs.length, rest.more]).toEqual([3, false]);
  const ids = [...first.runs, ...rest.runs].map((one) => Number(one.id));
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
});

test('a run tells its counts, and its problems by kind with the first places', async () => {
  const id = await run('applied');
  for (let n = 1; n <= 8; n++) await problem(id, n);
  await problem(id, 9, { severity: 'warning', code: 'header_unknown', file: 'orgs.csv', sourced_id: null, line: null, field: null });
  const shown = await get<RunShape>(`/api/sync/runs/${id}`);
  expect(shown).toMatchObject({
    totals: { read: 15, added: 8, changed: 6, ended: 2, unchanged: 4, rejected: 2 },
    problems: 8,
    guardians: { linked: 1 },
    can: { approve: false, reject: false, undo: true },
  });
  expect(shown.problemGroups).toHaveLength(2);
  expect(shown.problemGroups[0]).toMatchObject({ code: 'date_unreadable', count: 8, file: 'users.csv', field: 'dateLastModified' });
  expect(shown.problemGroups[0]?.places).toEqual([1, 2, 3, 4, 5].map((n) => ({ line: n + 1, sourcedId: `u-${n}` })));
});

test('people left out on purpose are told apart from what is wrong in a file, and every row is still accounted for', async () => {
  const counts = { read: 10, added: 0, changed: 0, ended: 0, unchanged: 7, rejected: 3 };
  const id = await run('applied', { report: { entities: { guardianships: counts } } });
  await problem(id, 1);
  for (const n of [2, 3]) await problem(id, n, { code: 'emergency_contact_excluded', field: 'relation' });
  const shown = await get<RunShape>(`/api/sync/runs/${id}`);
  expect(shown).toMatchObject({ problems: 1, totals: counts });
  expect(shown.problemGroups.map(({ severity, code, count }) => [severity, code, count])).toEqual([
    ['problem', 'date_unreadable', 1],
    ['left_out', 'emergency_contact_excluded', 2],
  ]);
});

test('a night that brings the same input again still shows that input’s problems', async () => {
  const first = await run('applied');
  await problem(first, 1);
  const same = await run('unchanged', { report: { entities: {}, problemsIn: first } });
  const shown = await get<RunShape>(`/api/sync/runs/${same}`);
  expect(shown).toMatchObject({ status: 'unchanged', problems: 1, problemGroups: [{ code: 'date_unreadable', count: 1 }] });
  expect((await get<RunsShape>('/api/sync/runs')).runs.map((one) => one.problems)).toEqual([1, 1]);
});

test('a run can be decided only while it waits, and undone only while it is the last', async () => {
  const older = await run('applied');
  const newer = await run('applied');
  const held = await run('held', { staged: true });
  const can = async (id: number) => (await get<RunShape>(`/api/sync/runs/${id}`)).can;
  expect(await can(older)).toEqual({ approve: false, reject: false, undo: false });
  expect(await can(newer)).toEqual({ approve: false, reject: false, undo: true });
  expect(await can(held)).toEqual({ approve: true, reject: true, undo: false });
  const answer = await api.post(`/api/sync/runs/${held}/reject`, token);
  expect(answer).toMatchObject({ status: 200, body: { status: 'rejected', can: { approve: false } } });
  expect(await api.post(`/api/sync/runs/${held}/approve`, token)).toMatchObject({ status: 409, body: { code: 'run_not_held' } });
  expect(await api.post(`/api/sync/runs/${older}/undo`, token)).toMatchObject({ status: 409, body: { code: 'run_not_undoable' } });
  const audit = await roster.within((tx) => tx`SELECT action, actor, reason FROM audit ORDER BY id LIMIT 1`);
  expect(audit[0]).toEqual({ action: 'sync.reject', actor: `user:${user}`, reason: `district_it run:${held}` });
});

describe('what did not match', () => {
  /** An account, a course and a child nobody knows, as launches leave them. */
  async function waiting() {
    return roster.within(async (tx) => {
      const [platform] = await tx<{ id: number }[]>`SELECT id FROM lti_platform WHERE district_id = ${roster.districtId}`;
      const [account] = await tx<{ id: number }[]>`
        INSERT INTO lti_account (district_id, platform_id, sub, given_name, family_name) VALUES (${roster.districtId}, ${platform?.id ?? 0}, 's', 'Ada', 'Lee') RETURNING id`;
      const [context] = await tx<{ id: number }[]>`
        INSERT INTO lti_context (district_id, platform_id, deployment_id, context_id, title) VALUES (${roster.districtId}, ${platform?.id ?? 0}, '1', 'c', 'Room 3') RETURNING id`;
      const [accountId, contextId] = [account?.id ?? 0, context?.id ?? 0];
      await tx`INSERT INTO pending_match (district_id, kind, account_id, context_id, detail, because) VALUES
        (${roster.districtId}, 'person', ${accountId}, NULL, '', 'no_match'), (${roster.districtId}, 'context', NULL, ${contextId}, '', 'no_match'),
        (${roster.districtId}, 'mentored', ${accountId}, ${contextId}, 'sub:child', 'no_match'),
        (${roster.districtId}, 'mentored', ${accountId}, ${contextId}, 'sourcedId:x', 'no_match')`;
      await tx`INSERT INTO lti_deployment (district_id, platform_id, deployment_id, status) VALUES (${roster.districtId}, ${platform?.id ?? 0}, 'dep/2', 'pending')`;
      return { accountId, contextId };
    });
  }
  const rows = async () => (await get<PendingShape>('/api/pending')).pending;
  const row = async (label: string) => (await rows()).find((one) => one.label === label)?.id;
  const sourcedIdOf = async (table: string, id: number) =>
    (await roster.within((tx) => tx<{ id: string }[]>`SELECT sourced_id AS id FROM ${tx(table)} WHERE id = ${id}`))[0]?.id;

  test('is listed in words an administrator knows', async () => {
    await waiting();
    expect((await rows()).map((one) => [one.kind, one.label, one.because]).sort()).toEqual([
      ['context', 'Room 3', 'no_match'],
      ['deployment', 'dep/2', 'not_accepted'],
      ['mentored', 'sourcedId:x', 'no_match'],
      ['mentored', 'sub:child', 'no_match'],
      ['person', 'Ada Lee', 'no_match'],
    ]);
    expect((await get<SourcesShape>('/api/sync/sources')).pending).toBe(5);
  });

  test('so is what the sources could not settle: by source and reason, with the first places and never a name', async () => {
    const child = await roster.user('Child');
    const parent = await roster.user('Parent');
    await roster.role(parent, null, 'parent');
    await roster.role(child, null, 'student');
    const orphan = await roster.user('Alone');
    await roster.role(orphan, null, 'parent');
    await roster.guardianship(child, parent);
    await roster.guardianship(child, parent, { no_contact: true, relation: 'father' });
    await roster.within(async (tx) => {
      const [run] = await tx<{ id: number }[]>`
        INSERT INTO sync_run (district_id, source_id, status, finished_at) VALUES (${roster.districtId}, ${roster.source}, 'applied', now()) RETURNING id`;
      for (let n = 1; n <= 7; n++) {
        await tx`INSERT INTO sync_problem (district_id, run_id, n, entity, severity, code, message, sourced_id, file, line) VALUES
          (${roster.districtId}, ${run?.id ?? 0}, ${n}, 'guardianships', 'problem', 'no_match', 'nobody', ${`c|${n}`}, 'contacts.csv', ${n})`;
      }
    });
    const { review } = await get<PendingShape>('/api/pending');
    const of = (code: string) => review.find((one) => one.code === code);
    expect(of('no_match')).toMatchObject({
      count: 7,
      entity: 'guardianships',
      places: ['c|1', 'c|2', 'c|3', 'c|4', 'c|5'],
      runId: expect.any(String),
    });
    const alone = await sourcedIdOf('user', orphan);
    expect(of('parent_without_child')).toMatchObject({ places: expect.arrayContaining([alone]) });
    expect(of('no_contact_kept')?.places[0]).toContain(await sourcedIdOf('user', child));
    expect(of('no_contact_kept')?.places[0]).toContain('father');
    expect(JSON.stringify(review)).not.toMatch(/Child|Parent[0-9]|Alone/);
  });

  test('is settled by one sourcedId of the roster, and by nothing less', async () => {
    const { accountId, contextId } = await waiting();
    const klass = await roster.klass(null);
    const [child] = await roster.students(klass, 1);
    const settle = async (label: string, sourcedId: string | undefined) =>
      api.post(`/api/pending/${await row(label)}`, token, { sourcedId });
    expect(await settle('Ada Lee', 'nobody-has-this')).toMatchObject({ status: 409, body: { code: 'sourced_id_unclear' } });
    expect((await settle('Ada Lee', 'a\0b')).status).toBe(400);
    expect((await settle('Ada Lee', await sourcedIdOf('user', user))).status).toBe(204);
    expect((await settle('Room 3', await sourcedIdOf('class', klass))).status).toBe(204);
    expect((await settle('sub:child', await sourcedIdOf('user', child ?? 0))).status).toBe(204);
    expect(await settle('sourcedId:x', 'y')).toMatchObject({ status: 409, body: { code: 'not_settleable' } });
    expect(await settle('dep/2', 'y')).toMatchObject({ status: 409, body: { code: 'not_settleable' } });
    const [now] = await roster.within(
      (tx) => tx`
      SELECT (SELECT user_id FROM lti_account WHERE id = ${accountId}) AS person, (SELECT class_id FROM lti_context WHERE id = ${contextId}) AS class,
        (SELECT user_id FROM lti_account WHERE sub = 'child') AS child`,
    );
    expect(now).toEqual({ person: user, class: klass, child });
    expect((await rows()).map((one) => one.label).sort()).toEqual(['dep/2', 'sourcedId:x']);
  });

  test('can be put aside; a deployment put aside is refused', async () => {
    await waiting();
    for (const { id } of await rows()) expect((await api.post(`/api/pending/${id}`, token, { dismiss: true })).status).toBe(204);
    expect(await rows()).toEqual([]);
    const [deployment] = await roster.within((tx) => tx`SELECT status FROM lti_deployment WHERE deployment_id = 'dep/2'`);
    expect(deployment?.status).toBe('refused');
  });

  test('a deployment that waits can be accepted, where platforms are listed or where everything waits', async () => {
    await waiting();
    const platforms = async () => (await get<PlatformsShape>('/api/platforms')).platforms;
    const [platform] = await platforms();
    const deployment = platform?.deployments.find(({ deploymentId }) => deploymentId === 'dep/2');
    expect(deployment).toMatchObject({ deploymentId: 'dep/2', status: 'pending' });
    expect(deployment?.key).toBe(await row('dep/2'));
    expect((await api.post(`/api/pending/${await row('Ada Lee')}`, token, { accept: true })).status).toBe(409);
    expect((await api.post(`/api/pending/${deployment?.key}`, token, { accept: true })).status).toBe(204);
    expect((await platforms())[0]?.deployments).toContainEqual(expect.objectContaining({ deploymentId: 'dep/2', status: 'active' }));
  });

  test('a deployment put aside can be accepted after all, and an accepted one taken back, but for one’s own', async () => {
    await waiting();
    const deployments = async () =>
      Object.fromEntries(
        (await get<PlatformsShape>('/api/platforms')).platforms.flatMap((one) => one.deployments).map((one) => [one.deploymentId, one]),
      );
    const decide = async (id: string, answer: object) => api.post(`/api/pending/${(await deployments())[id]?.key}`, token, answer);
    for (const [answer, status] of [
      [{ dismiss: true }, 'refused'],
      [{ accept: true }, 'active'],
      [{ dismiss: true }, 'refused'],
      [{ dismiss: true }, 'refused'],
    ] as const) {
      expect((await decide('dep/2', answer)).status).toBe(204);
      expect((await deployments())['dep/2']?.status).toBe(status);
    }
    expect(await decide('one', { dismiss: true })).toMatchObject({ status: 409, body: { code: 'own_platform' } });
    expect((await deployments()).one?.status).toBe('active');
    expect((await api.post('/api/pending/dnothing', token, { accept: true })).status).toBe(404);
  });
});

test('a platform is switched off and on by its own district only, and who did it is remembered', async () => {
  const own = (await get<PlatformsShape>('/api/platforms')).platforms[0]?.id ?? '';
  const [another] = await roster.within(
    (tx) => tx<{ id: number }[]>`INSERT INTO lti_platform (district_id, issuer, client_id, auth_url, token_url, jwks_url)
      VALUES (${roster.districtId}, ${`https://other-${roster.districtId}.example.org`}, 'tool', 'https://x.example.org/a', 'https://x.example.org/t', 'https://x.example.org/k') RETURNING id`,
  );
  const id = another?.id;
  const elsewhere = await newRoster(db, await newDistrict(db), 'Elm');
  const other = await elsewhere.user('It');
  await elsewhere.role(other, null, 'districtAdministrator');
  const theirs = (await signIn(db, { districtId: elsewhere.districtId, roles: ['administrator'], userId: other })).token;
  expect((await api.post(`/api/platforms/${id}`, theirs, { active: false })).status).toBe(404);
  expect((await api.post('/api/platforms/invitations', token)).body).toMatchObject({ url: expect.stringContaining('/lti/register-') });
  expect((await api.post(`/api/platforms/${id}`, token, { active: false })).status).toBe(204);
  expect((await get<PlatformsShape>('/api/platforms')).platforms.map(({ active }) => active)).toEqual([true, false]);
  // Nobody locks themselves out.
  expect(await api.post(`/api/platforms/${own}`, token, { active: false })).toMatchObject({ status: 409, body: { code: 'own_platform' } });
  for (const trustsCustom of [true, false]) {
    expect((await api.post(`/api/platforms/${id}`, token, { trustsCustom })).status).toBe(204);
    expect((await get<PlatformsShape>('/api/platforms')).platforms[1]).toMatchObject({ active: false, trustsCustom });
  }
  expect((await api.post(`/api/platforms/${id}`, token, { trustCustom: true })).status).toBe(400);
  const acts = await roster.within((tx) => tx<{ action: string }[]>`SELECT action FROM audit WHERE action LIKE 'platform.%' ORDER BY id`);
  expect(acts.map(({ action }) => action)).toEqual(['platform.invite', 'platform.deactivate', 'platform.trust', 'platform.distrust']);
});

describe('a platform entered by hand', () => {
  const form = {
    issuer: 'https://lms.willow.example',
    clientId: 'tool-7',
    authUrl: 'https://lms.willow.example/auth',
    tokenUrl: 'https://lms.willow.example/token',
    jwksUrl: 'https://lms.willow.example/jwks',
    tokenAudience: null,
    deploymentIds: ['7'],
    frameOrigins: ['https://www.willow.example/'],
  };
  const add = (change: object = {}) => api.post('/api/platforms', token, { ...form, ...change });

  test('is registered like one of the command line, with its deployment accepted, and who did it is remembered', async () => {
    const { status, body } = await add();
    expect({ status, body }).toEqual({ status: 200, body: { id: expect.any(String) } });
    const { platforms } = await get<PlatformsShape>('/api/platforms');
    expect(platforms.find(({ id }) => id === (body as { id: string }).id)).toMatchObject({
      issuer: form.issuer,
      clientId: 'tool-7',
      active: true,
      trustsCustom: false,
      deployments: [{ deploymentId: '7', status: 'active' }],
    });
    expect(await roster.within((tx) => tx`SELECT action FROM audit ORDER BY id DESC LIMIT 1`)).toMatchObject([{ action: 'platform.add' }]);
    expect(await add()).toMatchObject({ status: 409, body: { code: 'platform_exists' } });
  });

  test.each([
    ['issuer', ''],
    ['issuer', 'lms.willow.example'],
    ['authUrl', 'http://lms.willow.example/auth'],
    ['tokenUrl', 'https://user:pass@lms.willow.example/'],
    ['jwksUrl', 'https://lms.willow.example/#keys'],
    ['clientId', ''],
    ['tokenAudience', ''],
    ['frameOrigins', ['https://*']],
    ['deploymentIds', ['']],
  ])('with a wrong %s (%j) is not, and the field is named', async (field, value) => {
    expect(await add({ [field]: value })).toMatchObject({ status: 400, body: { code: 'platform_invalid', field } });
    expect(await roster.within((tx) => tx`SELECT 1 FROM lti_platform WHERE client_id = 'tool-7'`)).toHaveLength(0);
  });
});

test('an invitation that was given away can be withdrawn: the link is dead, and the list does not show how to open it', async () => {
  const { url } = await invite(db, 'https://aptt.example.org', roster.districtId, 'test');
  const [secretPart = ''] = /register-(.+)$/.exec(url)?.slice(1) ?? [];
  const [open] = (await get<PlatformsShape>('/api/platforms')).invitations;
  expect(JSON.stringify(open)).not.toContain(secretPart);
  await expect(invitedBy(db, secretPart)).resolves.toMatchObject({ district: expect.any(String) });
  expect((await api.post('/api/platforms/invitations/nothing', token)).status).toBe(404);
  expect((await api.post(`/api/platforms/invitations/${open?.key}`, token)).status).toBe(204);
  expect((await get<PlatformsShape>('/api/platforms')).invitations).toEqual([]);
  await expect(invitedBy(db, secretPart)).rejects.toMatchObject({ code: 'invitation_unknown' });
  expect((await api.post(`/api/platforms/invitations/${open?.key}`, token)).status).toBe(204);
});

describe('how an assessment source’s files are read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aptt-mapping-'));
  const path = join(folder, 'room-3.csv');
  writeFileSync(path, 'Homeroom,Pts,Kid No.,Pupil\nRoom 3,41,1001,Ana Dyer\n');
  afterAll(() => rmSync(folder, { recursive: true }));
  const source = (kind: string) =>
    roster.within(async (tx) => {
      const [row] = await tx<{ id: number }[]>`INSERT INTO source (district_id, name, kind, settings)
        VALUES (${roster.districtId}, ${kind}, ${kind}, ${tx.json({ path, student: ['identifier'] })}) RETURNING id`;
      return row?.id ?? 0;
    });
  const own = { mapping: 'generic', columns: { student: 'Kid No.', measures: [{ title: { constant: 'Words' }, score: 'Pts' }] } };
  const settingsOf = async (id: number) =>
    (await roster.within((tx) => tx<{ settings: unknown }[]>`SELECT settings FROM source WHERE id = ${id}`))[0]?.settings;

  test('is looked at, tried without keeping it, and kept; nobody is named', async () => {
    const id = await source('assessment-csv');
    const at = `/api/sync/sources/${id}/mapping`;
    const first = await get<MappingShape>(at);
    expect(first).toMatchObject({
      mapping: 'auto',
      ok: false,
      files: [{ name: 'room-3.csv', columns: ['Homeroom', 'Pts', 'Kid No.', 'Pupil'], readAs: null }],
    });
    const tried = await api.post(`${at}/try`, token, own);
    expect(tried.body).toMatchObject({ ok: true, mapping: 'generic', scores: [{ student: '1001', title: 'words', score: 41 }] });
    expect(JSON.stringify([first, tried.body])).not.toContain('Dyer');
    expect(await settingsOf(id)).toEqual({ path, student: ['identifier'] });
    expect((await api.post(at, token, own)).status).toBe(200);
    expect(await settingsOf(id)).toEqual({ path, student: ['identifier'], ...own });
    expect(await roster.within((tx) => tx`SELECT action, reason FROM audit ORDER BY id DESC LIMIT 4`)).toMatchObject([
      { action: 'source.mapping', reason: `district_it source:${id}` },
      ...[1, 2, 3].map(() => ({ action: 'source.preview', reason: `district_it source:${id}` })),
    ]);
  });

  test('a dry run is a run like another, and writes nothing to the roster', async () => {
    const id = await source('assessment-csv');
    const { status, body } = await api.post(`/api/sync/sources/${id}/mapping/dry-run`, token, own);
    expect(status).toBe(200);
    expect(await get<RunShape>(`/api/sync/runs/${(body as { runId: string }).runId}`)).toMatchObject({ status: 'dry-run' });
    expect(await roster.within((tx) => tx`SELECT 1 FROM result`)).toHaveLength(0);
    expect(await settingsOf(id)).toEqual({ path, student: ['identifier'] });
  });

  test('a file is handed over into the source’s folder: whole, never over another, and never elsewhere', async () => {
    const at = mkdtempSync(join(folder, 'drop-'));
    const id = await source('assessment-csv');
    const hand = (name: string, body: string) =>
      fetch(`${api.url}/api/sync/sources/${id}/files/${encodeURIComponent(name)}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
      });
    expect((await hand('more.csv', 'x')).status).toBe(409); // the source reads one file
    await roster.within((tx) => tx`UPDATE source SET settings = ${tx.json({ path: at })} WHERE id = ${id}`);
    const shape = (await (await hand('own list.csv', 'Pts,Kid No.\n41,1001\n')).json()) as MappingShape;
    expect(shape).toMatchObject({ takesFiles: true, files: [{ name: 'own list.csv', columns: ['Pts', 'Kid No.'] }] });
    expect(await (await hand('own list.csv', 'other')).json()).toMatchObject({ status: 409, code: 'upload_exists' });
    for (const name of ['../up.csv', '.hidden.csv', 'run.sh', 'a/b.csv']) expect((await hand(name, 'x')).status).toBe(400);
    expect(readdirSync(at)).toEqual(['own list.csv']);
    expect(readFileSync(join(at, 'own list.csv'), 'utf8')).toBe('Pts,Kid No.\n41,1001\n');
  });

  test('half a mapping is refused, and neither the path nor another kind of source can be touched from here', async () => {
    const id = await source('assessment-csv');
    const at = `/api/sync/sources/${id}/mapping`;
    expect(await api.post(at, token, { mapping: 'generic', columns: {} })).toMatchObject({
      status: 409,
      body: { code: 'settings_invalid' },
    });
    expect((await api.post(at, token, { ...own, path: '/etc/passwd' })).status).toBe(400);
    expect((await api.get(`/api/sync/sources/${await source('contacts-csv')}/mapping`, token)).status).toBe(404);
    const other = (await signIn(db, { districtId: roster.districtId, roles: ['instructor'], userId: user })).token;
    expect((await api.get(at, other)).status).toBe(403);
  });
});
