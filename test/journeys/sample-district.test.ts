/** One evening in the sample district: its files, its syncs, the real service in a school platform's frame, third-party cookies blocked. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { addPlatform } from '../../lti/platforms.ts';
import { writeDistrict } from '../../src/demo/district/write.ts';
import { type Platform, type PlatformPerson, startPlatform } from '../../src/demo/platform.ts';
import { type Service, startService } from '../../src/main.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { describeInBrowser, openProfile } from '../setup/browser.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { folder } from '../sync/feed.ts';
import { accessibilityProblems, textsOf } from '../web/in-page.ts';

type Known = { sourcedId: string; givenName: string; familyName: string; email: string | null };
type Cast = Awaited<ReturnType<typeof castOf>>;

type Visit = {
  page: Page;
  tool: Frame;
  /** What the service's API told this person's page, by path. */
  answers: Map<string, string>;
};

describeInBrowser('an evening in the sample district', () => {
  const path = folder();
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let district: number;
  let cast: Cast;
  let service: Service;
  let platform: Platform;
  let profile: Awaited<ReturnType<typeof openProfile>>;

  beforeAll(async () => {
    if (!existsSync('dist/web/index.html')) throw new Error('the pages are not built: npm run build:web');
    db = await freshDatabase();
    district = await newDistrict(db, 'willow');
    const { paths } = await writeDistrict(path, { students: 200, schools: 1 });
    const sources = [
      { name: 'Student information system', kind: 'oneroster-csv', settings: { path: paths.roster } },
      { name: 'Family contacts', kind: 'contacts-csv', settings: { path: paths.contacts } },
      { name: 'Reading scores', kind: 'assessment-csv', settings: { path: paths.scores ?? join(path, 'scores') } },
    ];
    for (const source of sources) {
      const { status } = await syncSource(db, district, await addSource(db, district, source), { actor: 'test' });
      expect(status).toBe('applied');
    }
    cast = await castOf(db, district);
    service = await startService({ db, url: '', port: 0, secret: 'a secret of at least thirty-two characters', log: 'error' });
    platform = await startPlatform({
      tool: { loginUrl: `${service.url}/lti/login`, targetLinkUri: `${service.url}/app/` },
      people: peopleOf(cast),
      courses: [
        {
          key: 'room',
          id: 'c-1',
          title: 'Room',
          sectionSourcedId: cast.klass,
          members: peopleOf(cast).map(({ key }) => ({ person: key })),
        },
      ],
    });
    await addPlatform(db, district, { ...platform, deploymentIds: [platform.deploymentId], trustCustom: true });
    profile = await openProfile({ profile: { cookie_controls_mode: 1, block_third_party_cookies: true } });
  });

  afterAll(async () => {
    await profile?.close();
    await platform?.close();
    await service?.close();
    await db?.close();
    rmSync(path, { recursive: true, force: true });
  });

  async function launch(who: string): Promise<Visit> {
    const page = await profile.context.newPage();
    const answers = new Map<string, string>();
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/api/')) answers.set(pathname, await response.text().catch(() => ''));
    });
    await page.goto(platform.launchUrl(who, 'room'));
    await page.frameLocator('iframe[name=tool]').locator('main h1').waitFor();
    const tool = page.frame({ name: 'tool' });
    if (!tool) throw new Error('the course page has no tool in it');
    expect(new URL(tool.url()).origin).not.toBe(new URL(page.url()).origin);
    return { page, tool, answers };
  }
  const heading = (tool: Frame, name: string | RegExp) => tool.getByRole('heading', { level: 1, name }).waitFor();
  const clean = async (tool: Frame) => expect(await accessibilityProblems(tool)).toEqual([]);

  test('the teacher prepares the meeting and shows the class: numbers, and nobody’s name', async () => {
    const { page, tool, answers } = await launch('teacher');
    await heading(tool, /^\d+ of \d+ children can /);
    await clean(tool);
    await tool.getByRole('button', { name: 'Prepare the meeting' }).click();
    await tool.getByText('You can present.').waitFor();
    await clean(tool);

    answers.clear();
    await tool.getByRole('button', { name: 'Present' }).click();
    await tool.getByRole('dialog').getByRole('button', { name: 'Present' }).click();
    await heading(tool, 'How to read the chart');
    expect(page.url()).not.toContain('present');
    for (const next of [/^The benchmark is /, /^\d+ of \d+ children can /, /grew since last time$/]) {
      await tool.getByRole('button', { name: 'Next' }).click();
      await heading(tool, next);
      await clean(tool);
      expect(namesIn((await textsOf(tool)).join(' '), cast.students)).toEqual([]);
    }
    const shown = [...answers].find(([at]) => at.endsWith('/marks'));
    expect(valuesIn(JSON.parse(shown?.[1] ?? '""')).filter((value) => value !== null && typeof value !== 'number')).toEqual([]);
    expect(namesIn([...answers.values()].join(' '), cast.students)).toEqual([]);
    await page.close();
  });

  test('a parent sees their own child, today’s number and the class, and no other child in any answer', async () => {
    const { page, tool, answers } = await launch('parent');
    await heading(tool, cast.child.givenName);
    await tool.getByText(/^\d+ of \d+ children can /).waitFor();
    await tool.getByRole('button', { name: 'Show my child’s number' }).click();
    const said = await tool.getByText(/^Today’s number is \d+\./).textContent();
    const number = /\d+/.exec(said ?? '')?.[0];
    await expect(tool.locator('.chart .own .number').textContent()).resolves.toBe(number);
    await clean(tool);
    expect([...answers.keys()]).toEqual(expect.arrayContaining(['/api/me', '/api/children']));
    const others = cast.students.filter(({ sourcedId }) => sourcedId !== cast.child.sourcedId);
    expect(namesIn([...answers.values()].join(' '), [cast.child])).not.toEqual([]);
    expect(namesIn([...answers.values()].join(' '), others, [cast.child, cast.parent])).toEqual([]);
    await page.close();
  });

  test('a student gets a kind page and no data', async () => {
    const { page, tool, answers } = await launch('student');
    await heading(tool, /^Hello!/);
    await clean(tool);
    expect([...answers.keys()].filter((at) => at !== '/api/session')).toEqual(['/api/me']);
    await page.close();
  });

  test('the principal sees classes and totals, and no child', async () => {
    const { page, tool, answers } = await launch('principal');
    await heading(tool, /^\d+ of \d+ classes (is|are) ready/);
    await tool.getByText('Meeting held').waitFor();
    await clean(tool);
    expect(namesIn(answers.get('/api/schools') ?? '', cast.students, cast.staff)).toEqual([]);
    await page.close();
  });

  test('district IT sees the three runs and what was wrong in the files', async () => {
    const { page, tool } = await launch('it');
    await heading(tool, /^\d+ problems? in the files/);
    expect(await tool.getByText('Applied', { exact: true }).count()).toBe(3);
    await clean(tool);
    await tool.getByRole('link', { name: 'Last run Reading scores' }).click();
    await heading(tool, 'Run of Reading scores');
    await tool.getByRole('row', { name: /^Scores/ }).waitFor();
    await clean(tool);
    await page.close();
  });
});

/** Whose names, ids or addresses are in a text, word by word; words of `allowed` people are theirs to see. */
function namesIn(text: string, people: Known[], allowed: Known[] = []): string[] {
  const words = new Set(text.match(/[\p{L}\d@.'_-]+/gu));
  const theirs = new Set(allowed.flatMap(wordsOf));
  return people.flatMap(wordsOf).filter((word) => words.has(word) && !theirs.has(word));
}

const wordsOf = ({ sourcedId, givenName, familyName, email }: Known) => [sourcedId, givenName, familyName, ...(email ? [email] : [])];

function valuesIn(part: unknown): unknown[] {
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(valuesIn) : [part];
}

/** The class with the most scores, its teacher, a family with one child there, and the offices. */
async function castOf(db: Awaited<ReturnType<typeof freshDatabase>>, district: number) {
  return db.inDistrict(district, async (tx) => {
    const known = tx`u.sourced_id AS "sourcedId", coalesce(u.preferred_given_name, u.given_name) AS "givenName",
      coalesce(u.preferred_family_name, u.family_name) AS "familyName", u.email`;
    const withRole = (...roles: string[]) => tx<Known[]>`
      SELECT DISTINCT ${known} FROM role r JOIN "user" u ON u.id = r.user_id WHERE r.role = ANY(${roles}) AND r.ended_at IS NULL ORDER BY 1`;
    const [room] = await tx<{ id: number; klass: string }[]>`
      SELECT c.id, c.sourced_id AS klass FROM class c JOIN active_enrollment e ON e.class_id = c.id AND e.role = 'student'
        JOIN scored_result s ON s.student_id = e.user_id
      GROUP BY 1, 2 ORDER BY count(DISTINCT e.user_id) DESC, 2 LIMIT 1`;
    const [teacher] = await tx<Known[]>`
      SELECT ${known} FROM active_enrollment e JOIN "user" u ON u.id = e.user_id WHERE e.class_id = ${room?.id ?? 0} AND e.role = 'teacher' ORDER BY 1`;
    const [family] = await tx<{ child: string; parent: string }[]>`
      SELECT min(c.sourced_id) AS child, p.sourced_id AS parent FROM guardianship g JOIN "user" p ON p.id = g.guardian_id JOIN "user" c ON c.id = g.student_id
      WHERE NOT g.no_contact AND g.ended_at IS NULL
      GROUP BY p.id, p.sourced_id HAVING count(*) = 1 AND bool_and(
        EXISTS (SELECT 1 FROM active_enrollment e WHERE e.user_id = c.id AND e.class_id = ${room?.id ?? 0})
        AND (SELECT count(*) FROM scored_result s WHERE s.student_id = c.id) >= 4) ORDER BY 2 LIMIT 1`;
    const [students, guardians, principals, offices, teachers] = [
      await withRole('student'),
      await withRole('guardian', 'parent', 'relative'),
      await withRole('principal'),
      await withRole('districtAdministrator'),
      await withRole('teacher'),
    ];
    const child = students.find((student) => student.sourcedId === family?.child);
    const parent = guardians.find((guardian) => guardian.sourcedId === family?.parent);
    const [[principal], [it]] = [principals, offices];
    if (!room || !teacher || !child || !parent || !principal || !it) throw new Error('the sample district has nobody for a part');
    return { klass: room.klass, teacher, child, parent, principal, it, students, staff: [...teachers, principal] };
  });
}

function peopleOf({ teacher, parent, child, principal, it }: Cast): PlatformPerson[] {
  const person = (key: string, known: Known, role: string, mentors?: PlatformPerson['mentors']): PlatformPerson => ({
    key,
    sub: `sub-${key}`,
    givenName: known.givenName,
    familyName: known.familyName,
    locale: 'en-US',
    lisPersonSourcedId: known.sourcedId,
    roles: [role],
    mentors,
  });
  return [
    person('teacher', teacher, 'instructor'),
    person('parent', parent, 'mentor', [{ sub: 'sub-student', sourcedId: child.sourcedId }]),
    person('student', child, 'learner'),
    person('principal', principal, 'administrator'),
    person('it', it, 'administrator'),
  ];
}
