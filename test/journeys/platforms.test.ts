/**
 * A school platform is attached by its administrator, a teacher places our pages in a course, and teacher and parent open them: the real
 * service in the platform's frame, third-party cookies blocked; once as Canvas, once as Moodle and once as Brightspace would do it.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { invite } from '../../lti/invitations.ts';
import { acceptDeployment, listPlatforms } from '../../lti/platforms.ts';
import { writeDistrict } from '../../src/demo/district/write.ts';
import { type Platform, startPlatform } from '../../src/demo/platform.ts';
import type { AccentName } from '../../src/demo/platform-accents.ts';
import { type Service, startService } from '../../src/main.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { describeInBrowser, openProfile } from '../setup/browser.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { folder } from '../sync/feed.ts';
import { accessibilityProblems } from '../web/in-page.ts';
import { type Cast, castOf, peopleOf } from './cast.ts';

/** A loaded machine is no failure: nearly the whole of a test's own time. */
const patience = { timeout: 50_000 };
/** Where to leave pictures of what was seen, for whoever wants to look. */
const pictures = process.env.APTT_PICTURES;

describeInBrowser('from the registration to a parent’s page', () => {
  const path = folder();
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let district: number;
  let cast: Cast;
  let service: Service;
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
    for (const source of sources) await syncSource(db, district, await addSource(db, district, source), { actor: 'test' });
    cast = await castOf(db, district);
    service = await startService({ db, url: '', port: 0, secret: 'a secret of at least thirty-two characters', log: 'error' });
    profile = await openProfile({ profile: { cookie_controls_mode: 1, block_third_party_cookies: true } });
  });

  afterAll(async () => {
    await profile?.close();
    await service?.close();
    await db?.close();
    rmSync(path, { recursive: true, force: true });
  });

  const open = (accent: AccentName): Promise<Platform> =>
    startPlatform({
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
      accent,
    });

  /** The platform's administrator pastes the district's invitation, agrees, and is brought back. */
  async function attach(page: Page, platform: Platform): Promise<void> {
    await page.goto(`${platform.url}/admin/tools`);
    await page.getByLabel('registration link').fill((await invite(db, service.url, district, 'test')).url);
    await page.getByRole('button', { name: 'Add' }).click();
    const inWindow = page.getByRole('link', { name: 'Open the tool’s page' });
    await inWindow.or(page.locator('iframe')).waitFor(patience);
    if (await inWindow.isVisible()) {
      const [opened] = await Promise.all([profile.context.waitForEvent('page'), inWindow.click()]);
      await opened.getByRole('button', { name: 'Connect' }).press('Enter', patience);
      await opened.locator('#close').waitFor(patience);
      await opened.close();
    } else {
      await page.frameLocator('iframe').getByRole('button', { name: 'Connect' }).press('Enter', patience);
    }
    await page.getByText('Registered: APTT Connect').waitFor(patience);
    const registered = (await listPlatforms(db, district)).find(({ issuer }) => issuer === platform.issuer);
    expect(registered).toMatchObject({ clientId: platform.clientId, tokenAudience: platform.tokenAudience });

    // Until the district accepts the deployment nothing opens.
    await page.goto(platform.launchUrl('teacher', 'room'));
    await inFrame(page).getByRole('heading', { name: 'One step is left' }).waitFor(patience);
    await acceptDeployment(db, district, registered?.id ?? 0, platform.deploymentId);
  }

  const inFrame = (page: Page) => page.frameLocator('iframe[name=tool]');

  /** The frame shows this heading, is another site's, and has nothing that keeps anybody out. */
  async function sees(page: Page, heading: string | RegExp, picture: string): Promise<void> {
    await inFrame(page).getByRole('heading', { level: 1, name: heading }).waitFor(patience);
    const tool = page.frame({ name: 'tool' });
    if (!tool) throw new Error('the course page has no tool in it');
    expect(new URL(tool.url()).hostname).not.toBe(new URL(page.url()).hostname);
    expect(await accessibilityProblems(tool)).toEqual([]);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${picture}.png`) });
    }
  }

  test.each<AccentName>(['canvas', 'moodle', 'brightspace'])('on a platform like %s', async (accent) => {
    const platform = await open(accent);
    const page = await profile.context.newPage();
    try {
      await attach(page, platform);
      const classPage = /^\d+ of \d+ children can /;

      await page.goto(platform.launchUrl('teacher', 'room'));
      await sees(page, classPage, `${accent}-teacher`);
      const meeting = inFrame(page).getByRole('button', { name: 'Prepare the meeting' });
      await meeting.or(inFrame(page).getByRole('link', { name: 'Open the meeting' })).click(); // one class for the three platforms
      await sees(page, 'Team meeting', `${accent}-meeting`);

      const wanted = ['Next team meeting', 'Family page'];
      const rounds = accent === 'brightspace' ? wanted.map((one) => [one]) : [wanted]; // it takes one link at a time
      for (const names of rounds) {
        await page.goto(`${platform.launchUrl('teacher', 'room')}/add`);
        const picker = inFrame(page);
        const kind = names.length > 1 ? 'checkbox' : 'radio';
        for (const name of names) await picker.getByRole(kind, { name }).press('Space', patience);
        if (pictures) await page.screenshot({ path: join(pictures, `${accent}-picker.png`) });
        await picker.getByRole('button', { name: 'Add to course' }).click();
        await picker.getByRole('heading', { name: 'Added to the course' }).waitFor(patience);
        await picker.getByRole('link', { name: 'Back to the course' }).click();
      }
      await page.getByRole('link', { name: 'Next team meeting' }).click(patience);
      await sees(page, 'Team meeting', `${accent}-meeting-by-link`);

      await page.goto(platform.launchUrl('parent', 'room'));
      await sees(page, cast.child.givenName, `${accent}-parent`);
      await page.getByRole('link', { name: 'Family page' }).click();
      await sees(page, cast.child.givenName, `${accent}-parent-by-link`);
    } finally {
      await page.close();
      await platform.close();
    }
  });
});
