/**
 * The add-on in Google Classroom, watched: a teacher adds it to an assignment, signs in by a window, and has the real class before them in the
 * frame of another site, third-party cookies blocked; a student sees a friendly page; a copied course keeps what was attached.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addAddon } from '../../lti/classroom/addons.ts';
import { writeDistrict } from '../../src/demo/district/write.ts';
import { sampleDomain } from '../../src/demo/google/domain.ts';
import { type GoogleServer, startGoogle } from '../../src/demo/google/server.ts';
import { type Service, startService } from '../../src/main.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { describeInBrowser, openProfile } from '../setup/browser.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { folder } from '../sync/feed.ts';
import { accessibilityProblems } from '../web/in-page.ts';

/** A loaded machine is no failure: nearly the whole of a test's own time. */
const patience = { timeout: 50_000 };
/** Where to leave pictures of what was seen, for whoever wants to look. */
const pictures = process.env.APTT_PICTURES;
const secret = 'a secret of at least thirty-two characters';

describeInBrowser('the Classroom add-on', () => {
  const path = folder();
  const size = { students: 100, schools: 1 };
  const domain = sampleDomain(size);
  const rooms = domain.courses.map(({ id }) => id ?? '');
  const courseId = [...rooms].sort((a, b) => (domain.students[b]?.length ?? 0) - (domain.students[a]?.length ?? 0))[0] ?? '';
  const known = (member: (typeof domain.students)[string][number] | undefined) => ({
    sub: member?.userId ?? '',
    email: member?.profile?.emailAddress ?? '',
    givenName: member?.profile?.name?.givenName ?? '',
    familyName: member?.profile?.name?.familyName ?? '',
    hd: 'willow.example',
  });
  const teacher = known(domain.teachers[courseId]?.[0]);
  const student = known(domain.students[courseId]?.[0]);
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let district: number;
  let google: GoogleServer;
  let service: Service;
  let profile: Awaited<ReturnType<typeof openProfile>>;
  let addon: number;

  beforeAll(async () => {
    if (!existsSync('dist/web/index.html')) throw new Error('the pages are not built: npm run build:web');
    db = await freshDatabase();
    district = await newDistrict(db, 'willow');
    const { paths } = await writeDistrict(path, size);
    google = await startGoogle({ domain, accounts: [teacher, student] });
    const sources = [
      { name: 'Student information system', kind: 'oneroster-csv', settings: { path: paths.roster } },
      { name: 'Reading scores', kind: 'assessment-csv', settings: { path: paths.scores ?? join(path, 'scores') } },
      { name: 'Classroom', kind: 'google-classroom', settings: { ...google.settings, match: ['email'] } },
    ];
    for (const source of sources) await syncSource(db, district, await addSource(db, district, source, () => secret), { actor: 'test' });
    service = await startService({ db, url: '', port: 0, secret, log: 'error' });
    addon = (await addAddon(db, secret, district, { ...google.addon, domains: ['willow.example'] })).id;
    profile = await openProfile({ profile: { cookie_controls_mode: 1, block_third_party_cookies: true } });
  });

  afterAll(async () => {
    await profile?.close();
    await service?.close();
    await google?.close();
    await db?.close();
    rmSync(path, { recursive: true, force: true });
  });

  const item = { courseId, itemId: '77', itemType: 'courseWork' };
  const inFrame = (page: Page) => page.frameLocator('iframe[name=tool]');
  const open = async (page: Page, view: string, more: Record<string, string> = {}, at = item) => {
    await page.goto(google.classroom.page(at, view, more));
  };
  const viewOf = (name: string) => `${service.url}/lti/classroom-${addon}-${name}`;

  /** Clicks, and signs in at Google as this person. */
  async function signIn(page: Page, email: string | null, button = 'Sign in with Google'): Promise<void> {
    const [opened] = await Promise.all([
      profile.context.waitForEvent('page', patience),
      inFrame(page).getByRole('button', { name: button }).click(patience),
    ]);
    if (email !== null) {
      await opened.getByRole('heading', { name: 'Choose an account' }).waitFor(patience);
      await opened.getByRole('link', { name: email }).click();
    }
    if (!opened.isClosed()) await opened.waitForEvent('close', patience);
  }

  async function sees(page: Page, heading: string | RegExp, picture: string): Promise<void> {
    await inFrame(page).getByRole('heading', { level: 1, name: heading }).waitFor(patience);
    const tool = page.frame({ name: 'tool' });
    if (!tool) throw new Error('Classroom has no tool in it');
    expect(new URL(tool.url()).hostname).not.toBe(new URL(page.url()).hostname);
    expect(await accessibilityProblems(tool)).toEqual([]);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${picture}.png`) });
    }
  }

  test('from the assignment to the class, to the next year’s copy', async () => {
    const page = await profile.context.newPage();
    await open(page, viewOf('discovery'), { addOnToken: 'tok' });
    await sees(page, 'What would you like to add to your course?', 'classroom-discovery');
    await inFrame(page).getByRole('radio', { name: 'APTT class dashboard' }).check();
    await signIn(page, teacher.email, 'Sign in with Google and add');
    await sees(page, 'It is in your assignment', 'classroom-added');
    await inFrame(page).getByRole('button', { name: 'Close' }).click();
    await page.getByText('closeIframe').waitFor(patience);

    const [made] = google.classroom.attachments;
    const teacherView = made?.teacherViewUri?.uri ?? '';
    await open(page, teacherView, { attachmentId: made?.id ?? '' });
    await sees(page, 'Sign in to open your class', 'classroom-teacher');
    await signIn(page, teacher.email);
    await sees(page, /^\d+ of \d+ children can /, 'classroom-class');

    // A student opens the same assignment; one that finds the teacher's view has nothing of it.
    await open(page, made?.studentViewUri?.uri ?? '', { attachmentId: made?.id ?? '' });
    await sees(page, 'Hello!', 'classroom-student');
    await open(page, teacherView, { attachmentId: made?.id ?? '' });
    await signIn(page, student.email);
    await sees(page, 'Hello!', 'classroom-student-again');
    const accounts = await db.inDistrict(district, (tx) => tx<{ sub: string }[]>`SELECT sub FROM lti_account`);
    expect(accounts.map(({ sub }) => sub)).toEqual([teacher.sub]);

    // Next year the course is copied, attachment and all. Google knows the teacher by now, so the window closes by itself.
    const next = '700000000001';
    domain.courses.push({ id: next, name: 'Next year', courseState: 'ACTIVE' });
    domain.teachers[next] = domain.teachers[courseId] ?? [];
    const copy = google.classroom.copy(made?.id ?? '', { ...item, courseId: next, itemId: '78' });
    await open(
      page,
      copy.teacherViewUri?.uri ?? '',
      { attachmentId: copy.id ?? '', login_hint: teacher.sub },
      { ...item, courseId: next, itemId: '78' },
    );
    await signIn(page, null);
    await inFrame(page).getByText('Which of your classes is the course you came from?').waitFor(patience);
    const copied = await db.inDistrict(
      district,
      (tx) => tx<{ copied: string[] }[]>`SELECT copied_from AS copied FROM lti_context WHERE context_id = ${next}`,
    );
    expect(copied).toEqual([{ copied: [courseId] }]);
    if (pictures) await page.screenshot({ path: join(pictures, 'classroom-copy.png') });
    await page.close();
  });

  test.each([
    ['en', 'light', 320],
    ['es', 'dark', 320],
    ['es', 'light', 1280],
  ] as const)('its own pages can be read by everybody (%s, %s, %i px)', async (language, colorScheme, width) => {
    const page = await profile.context.newPage();
    await page.setExtraHTTPHeaders({ 'accept-language': language });
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    for (const view of ['discovery', 'teacher', 'student']) {
      await page.goto(`${viewOf(view)}?${new URLSearchParams(item)}`);
      expect([view, await accessibilityProblems(page.mainFrame())]).toEqual([view, []]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await page.evaluate('document.documentElement.lang')).toBe(language);
      if (pictures) await page.screenshot({ path: join(pictures, `classroom-${view}-${language}-${colorScheme}-${width}.png`) });
    }
    await page.close();
  });
});
