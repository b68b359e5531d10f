import { randomBytes } from 'node:crypto';
import type { Launch } from '../../lti/launch-shape.ts';
import { type Identity, signIn } from '../../src/access/identity.ts';
import type { Db } from '../../src/db/db.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { newRoster, type Roster } from '../setup/roster.ts';

const db = await freshDatabase();
afterAll(() => db.close());

const identify = async (of: Db, launch: Launch): Promise<Identity> => (await signIn(of, 'a secret', launch)).identity;

async function world(settings = {}) {
  const districtId = await newDistrict(db);
  const roster = await newRoster(db, districtId, 'Elm');
  const [row] = await roster.within(async (tx) => {
    await tx`UPDATE district SET settings = ${tx.json(settings)} WHERE id = ${districtId}`;
    return tx<{ id: number }[]>`
      INSERT INTO lti_platform (district_id, issuer, client_id, auth_url, token_url, jwks_url)
      VALUES (${districtId}, ${`https://lms-${districtId}.example.org`}, 'tool', 'https://x.example.org', 'https://x.example.org', 'https://x.example.org')
      RETURNING id`;
  });
  const platformId = row?.id ?? 0;
  const school = await roster.school();
  const klass = await roster.klass(school);
  const children = await roster.students(klass, 3);
  return { districtId, platformId, roster, school, klass, children };
}

type World = Awaited<ReturnType<typeof world>>;

function launch(of: Pick<World, 'districtId' | 'platformId'>, more: Partial<Launch>): Launch {
  return {
    districtId: of.districtId,
    platformId: of.platformId,
    issuer: 'https://lms.example.org',
    deploymentId: '1',
    messageType: 'LtiResourceLinkRequest',
    sub: randomBytes(6).toString('hex'),
    testUser: false,
    resourceLinkId: 'link',
    deepLinking: null,
    context: { id: 'course-1', title: 'Room 3' },
    services: { membershipsUrl: null, lineItemsUrl: null, scopes: [] },
    personSourcedIds: [],
    classSourcedIds: [],
    mentoredSubs: [],
    mentoredSourcedIds: [],
    customIdsUnheard: false,
    person: { givenName: 'Ada', familyName: 'Lee', email: null },
    locale: null,
    targetLinkUri: 'https://tool.example.org/lti/launch',
    ...more,
    roles: { instructor: false, mentor: false, learner: false, administrator: false, ...more.roles },
  };
}

const roles = (name: 'instructor' | 'mentor' | 'learner' | 'administrator') => ({
  instructor: false,
  mentor: false,
  learner: false,
  administrator: false,
  [name]: true,
});
const sourcedIdOf = async (roster: Roster, table: string, id: number) => {
  const [row] = await roster.within(
    (tx) => tx<{ sourcedId: string }[]>`SELECT sourced_id AS "sourcedId" FROM ${tx(table)} WHERE id = ${id}`,
  );
  return row?.sourcedId ?? '';
};
const account = async ({ roster }: World, id: number | null) => {
  const [row] = await roster.within(
    (tx) => tx<{ userId: number | null; by: string | null }[]>`
    SELECT user_id AS "userId", matched_by AS by FROM lti_account WHERE id = ${id}`,
  );
  return row;
};
const pending = ({ roster }: World) =>
  roster.within(
    (tx) => tx<{ kind: string; because: string; detail: string }[]>`
    SELECT kind, because, detail FROM pending_match WHERE settled_at IS NULL ORDER BY kind, detail`,
  );
const mentored = async ({ roster }: World, accountId: number | null) => {
  const rows = await roster.within(
    (tx) => tx<{ id: number }[]>`SELECT student_id AS id FROM lti_mentor WHERE account_id = ${accountId} ORDER BY 1`,
  );
  return rows.map((row) => row.id);
};

describe('a person', () => {
  test('is found by sourcedId, then by identifier, then by any of the other ids, and by nothing else', async () => {
    const w = await world();
    const one = await w.roster.user('One');
    const two = await w.roster.user('Two', { identifier: 'N-2' });
    const three = await w.roster.user('Three', { user_ids: ['state:S-3', 'local:L-3'] });
    const by = async (id: string) => {
      const identity = await identify(db, launch(w, { personSourcedIds: [id], roles: roles('instructor') }));
      return account(w, identity.accountId);
    };
    expect(await by(await sourcedIdOf(w.roster, 'user', one))).toEqual({ userId: one, by: 'sourcedId' });
    expect(await by('N-2')).toEqual({ userId: two, by: 'identifier' });
    expect(await by('L-3')).toEqual({ userId: three, by: 'userIds' });
    expect(await by('state:S-3')).toEqual({ userId: null, by: null });
    expect(await by('Elm Ada Lee')).toEqual({ userId: null, by: null });
  });

  test('whom two records fit is nobody, until district IT says who', async () => {
    const w = await world();
    await w.roster.user('One', { identifier: 'N-9' });
    await w.roster.user('Two', { identifier: 'N-9' });
    const identity = await identify(db, launch(w, { personSourcedIds: ['N-9'], roles: roles('instructor') }));
    expect(await account(w, identity.accountId)).toEqual({ userId: null, by: null });
    expect(await pending(w)).toContainEqual({ kind: 'person', because: 'ambiguous_match', detail: '' });
  });

  test('is matched by e-mail only where the district says so', async () => {
    const [careful, open] = [await world(), await world({ matchEmail: true })];
    for (const [w, expected] of [
      [careful, null],
      [open, 'email'],
    ] as const) {
      const teacher = await w.roster.user('Teacher', { email: 'Ada@Elm.example.org' });
      const person = { givenName: null, familyName: null, email: 'ada@elm.example.org' };
      const identity = await identify(db, launch(w, { person, roles: roles('instructor') }));
      expect(await account(w, identity.accountId)).toEqual({ userId: expected && teacher, by: expected });
    }
  });

  test('is searched anew when the identifier has become somebody else’s, or the district takes e-mail back', async () => {
    const w = await world({ matchEmail: true });
    const before = await w.roster.user('Before', { identifier: 'N-1', email: 'before@elm.example.org' });
    const byNumber = launch(w, { personSourcedIds: ['N-1'] });
    const byMail = launch(w, { person: { givenName: null, familyName: null, email: 'before@elm.example.org' } });
    const found = async (of: Launch) => (await account(w, (await identify(db, of)).accountId))?.userId;
    expect([await found(byNumber), await found(byMail)]).toEqual([before, before]);
    await w.roster.within((tx) => tx`UPDATE "user" SET identifier = 'N-0' WHERE id = ${before}`);
    const after = await w.roster.user('After', { identifier: 'N-1' });
    await w.roster.within((tx) => tx`UPDATE district SET settings = '{}' WHERE id = ${w.districtId}`);
    expect([await found(byNumber), await found(byMail)]).toEqual([after, null]);
  });

  test('who is no longer active in the roster is matched no more', async () => {
    const w = await world();
    const teacher = await w.roster.user('Teacher', { identifier: 'N-1' });
    const again = launch(w, { sub: 'same', personSourcedIds: ['N-1'], roles: roles('instructor') });
    const first = await identify(db, again);
    await w.roster.within((tx) => tx`UPDATE "user" SET ended_at = now() WHERE id = ${teacher}`);
    const second = await identify(db, again);
    expect(second.accountId).toBe(first.accountId);
    expect(await account(w, second.accountId)).toEqual({ userId: null, by: null });
  });

  test('who appears in the roster later is matched at the next launch, and leaves the pending list', async () => {
    const w = await world();
    const again = launch(w, { sub: 'same', context: null, personSourcedIds: ['N-7'], roles: roles('instructor') });
    await identify(db, again);
    expect(await pending(w)).toHaveLength(1);
    const teacher = await w.roster.user('Late', { identifier: 'N-7' });
    const identity = await identify(db, again);
    expect(await account(w, identity.accountId)).toEqual({ userId: teacher, by: 'identifier' });
    expect(await pending(w)).toHaveLength(0);
  });

  test('launching again and again is one account, one course and one pending row', async () => {
    const w = await world();
    const again = launch(w, { sub: 'same', roles: roles('instructor') });
    const ids = [await identify(db, again), await identify(db, again), await identify(db, again)].map((identity) => identity.accountId);
    expect(new Set(ids).size).toBe(1);
    expect(await pending(w)).toHaveLength(2); // the person and the course
  });

  test('with the same sub on another platform is somebody else', async () => {
    const w = await world();
    const [other] = await w.roster.within(
      (tx) => tx<{ id: number }[]>`
      INSERT INTO lti_platform (district_id, issuer, client_id, auth_url, token_url, jwks_url)
      VALUES (${w.districtId}, ${`https://other-${w.districtId}.example.org`}, 'tool', 'https://x.example.org', 'https://x.example.org', 'https://x.example.org') RETURNING id`,
    );
    const one = await identify(db, launch(w, { sub: 'same' }));
    const two = await identify(db, launch({ ...w, platformId: other?.id ?? 0 }, { sub: 'same' }));
    expect(one.accountId).not.toBe(two.accountId);
  });

  test('made up by the platform leaves nothing behind', async () => {
    const w = await world();
    const test = await identify(db, launch(w, { testUser: true }));
    expect(test).toMatchObject({ accountId: null, roles: ['learner'] });
    const rows = await w.roster.within(
      (tx) => tx`SELECT 1 FROM lti_account UNION ALL SELECT 1 FROM lti_context UNION ALL SELECT 1 FROM pending_match`,
    );
    expect(rows).toHaveLength(0);
  });
});

describe('a course', () => {
  const classOf = async ({ roster }: World, contextId: number | null) => {
    const [row] = await roster.within((tx) => tx<{ id: number | null }[]>`SELECT class_id AS id FROM lti_context WHERE id = ${contextId}`);
    return row?.id ?? null;
  };

  test('is the class whose sourcedId it carries', async () => {
    const w = await world();
    const id = await sourcedIdOf(w.roster, 'class', w.klass);
    const identity = await identify(db, launch(w, { classSourcedIds: ['unknown', id], roles: roles('instructor') }));
    expect(await classOf(w, identity.contextId)).toBe(w.klass);
    expect(await pending(w)).toEqual([{ kind: 'person', because: 'no_match', detail: '' }]);
  });

  test('of two sections is connected to neither, and one without an id to none', async () => {
    const w = await world();
    const other = await w.roster.klass(w.school);
    const ids = [await sourcedIdOf(w.roster, 'class', w.klass), await sourcedIdOf(w.roster, 'class', other)];
    const two = await identify(db, launch(w, { context: { id: 'two', title: null }, classSourcedIds: ids }));
    const none = await identify(db, launch(w, { context: { id: 'none', title: null } }));
    expect([await classOf(w, two.contextId), await classOf(w, none.contextId)]).toEqual([null, null]);
    expect((await pending(w)).map((row) => row.because).sort()).toEqual(['ambiguous_match', 'no_match']);
  });

  test('a known teacher’s new course waits on the list until it carries its class, and the next launch changes nothing', async () => {
    const w = await world();
    const [teacher = 0] = await w.roster.students(w.klass, 1);
    const again = { sub: 'known', personSourcedIds: [await sourcedIdOf(w.roster, 'user', teacher)], roles: roles('instructor') };
    await identify(db, launch(w, { ...again, context: null }));
    const { contextId } = await identify(db, launch(w, again));
    expect(await classOf(w, contextId)).toBeNull();
    expect(await pending(w)).toEqual([{ kind: 'context', because: 'no_match', detail: '' }]);
    const named = { ...again, classSourcedIds: [await sourcedIdOf(w.roster, 'class', w.klass)] };
    for (const said of [named, named, again]) {
      await identify(db, launch(w, said));
      expect([await classOf(w, contextId), await pending(w)]).toEqual([w.klass, []]);
    }
  });

  test('a teacher connected stays so, whatever the platform sends', async () => {
    const w = await world();
    const other = await w.roster.klass(w.school);
    const first = await identify(db, launch(w, {}));
    await w.roster.within((tx) => tx`UPDATE lti_context SET class_id = ${other}, matched_by = 'teacher' WHERE id = ${first.contextId}`);
    await identify(db, launch(w, { classSourcedIds: [await sourcedIdOf(w.roster, 'class', w.klass)] }));
    expect(await classOf(w, first.contextId)).toBe(other);
  });
});

describe('a mentor', () => {
  const asMentor = (w: World, more: Partial<Launch>) => identify(db, launch(w, { sub: 'parent', roles: roles('mentor'), ...more }));
  const child = async (w: World, at: number) => sourcedIdOf(w.roster, 'user', w.children[at] ?? 0);

  test('sees the children the platform names, and no others', async () => {
    const w = await world();
    await identify(db, launch(w, { sub: 's-0', personSourcedIds: [await child(w, 0)], roles: roles('learner') }));
    const identity = await asMentor(w, { mentoredSubs: ['s-0', 's-1'], mentoredSourcedIds: [await child(w, 0), await child(w, 1)] });
    expect(await mentored(w, identity.accountId)).toEqual([w.children[0], w.children[1]]);
  });

  test('of a child the platform has not introduced sees nobody, and the child waits on the list', async () => {
    const w = await world();
    const identity = await asMentor(w, { mentoredSubs: ['s-unknown'] });
    expect(await mentored(w, identity.accountId)).toEqual([]);
    expect(await pending(w)).toContainEqual({ kind: 'mentored', because: 'no_match', detail: 'sub:s-unknown' });
  });

  test('named for a sub of another platform sees nobody', async () => {
    const w = await world();
    const [other] = await w.roster.within(
      (tx) => tx<{ id: number }[]>`
      INSERT INTO lti_platform (district_id, issuer, client_id, auth_url, token_url, jwks_url)
      VALUES (${w.districtId}, ${`https://third-${w.districtId}.example.org`}, 'tool', 'https://x.example.org', 'https://x.example.org', 'https://x.example.org') RETURNING id`,
    );
    await identify(
      db,
      launch({ ...w, platformId: other?.id ?? 0 }, { sub: 's-0', personSourcedIds: [await child(w, 0)], roles: roles('learner') }),
    );
    const identity = await asMentor(w, { mentoredSubs: ['s-0'] });
    expect(await mentored(w, identity.accountId)).toEqual([]);
  });

  test('loses a child the next launch does not name, and all of them when it names none', async () => {
    const w = await world();
    const both = { mentoredSubs: ['a', 'b'], mentoredSourcedIds: [await child(w, 0), await child(w, 1)] };
    const { accountId } = await asMentor(w, both);
    await asMentor(w, { mentoredSubs: ['b'], mentoredSourcedIds: [await child(w, 1)] });
    expect(await mentored(w, accountId)).toEqual([w.children[1]]);
    await asMentor(w, {});
    expect(await mentored(w, accountId)).toEqual([]);
    await asMentor(w, both);
    await identify(db, launch(w, { sub: 'parent', ...both, roles: roles('learner') }));
    expect(await mentored(w, accountId)).toEqual([]);
  });

  test('keeps what another course gave', async () => {
    const w = await world();
    const { accountId } = await asMentor(w, {
      context: { id: 'a', title: null },
      mentoredSubs: ['a'],
      mentoredSourcedIds: [await child(w, 0)],
    });
    await asMentor(w, { context: { id: 'b', title: null }, mentoredSubs: ['b'], mentoredSourcedIds: [await child(w, 1)] });
    expect(await mentored(w, accountId)).toEqual([w.children[0], w.children[1]]);
  });

  test('in a course that is a class sees only children of that class', async () => {
    const w = await world();
    const [outsider] = await w.roster.students(await w.roster.klass(w.school), 1, 50);
    const outside = await sourcedIdOf(w.roster, 'user', outsider ?? 0);
    const identity = await asMentor(w, {
      classSourcedIds: [await sourcedIdOf(w.roster, 'class', w.klass)],
      mentoredSubs: ['a', 'b'],
      mentoredSourcedIds: [await child(w, 0), outside],
    });
    expect(await mentored(w, identity.accountId)).toEqual([w.children[0]]);
    expect(await pending(w)).toContainEqual({ kind: 'mentored', because: 'not_in_class', detail: `sourcedId:${outside}` });
  });

  test('named for a grown-up sees nobody', async () => {
    const w = await world();
    const teacher = await w.roster.user('Teacher');
    const identity = await asMentor(w, { mentoredSubs: ['a'], mentoredSourcedIds: [await sourcedIdOf(w.roster, 'user', teacher)] });
    expect(await mentored(w, identity.accountId)).toEqual([]);
    expect((await pending(w)).map((row) => row.because)).toContain('not_a_student');
  });

  test('under a no-contact order never sees that child, also when their own record is not clear', async () => {
    const w = await world();
    const [first, twin] = [await w.roster.user('Parent', { identifier: 'P-1' }), await w.roster.user('Parent', { identifier: 'P-1' })];
    await w.roster.guardianship(w.children[0] ?? 0, twin, { no_contact: true });
    await w.roster.guardianship(w.children[1] ?? 0, first);
    const identity = await asMentor(w, {
      personSourcedIds: ['P-1'],
      mentoredSubs: ['a', 'b'],
      mentoredSourcedIds: [await child(w, 0), await child(w, 1)],
    });
    expect(await mentored(w, identity.accountId)).toEqual([w.children[1]]);
  });
});
