/**
 * The whole way on each kind of platform, watched in a real browser with third-party cookies blocked: its administrator attaches it, a teacher
 * opens the tool for the first time and is in their class, places a link, and a parent finds their own child's page, by the course and by the link.
 */
import { existsSync } from 'node:fs';
import type { FrameLocator, Page } from 'playwright-core';
import { invite } from '../../../lti/invitations.ts';
import { acceptDeployment, listPlatforms } from '../../../lti/platforms.ts';
import { type Platform, startPlatform } from '../../../src/demo/platform.ts';
import { type AccentName, accents } from '../../../src/demo/platform-accents.ts';
import { describeInBrowser, openProfile } from '../../setup/browser.ts';
import { newDistrict } from '../../setup/database.ts';
import { course, people, pupils, until } from './course.ts';
import { openSchool } from './school.ts';

const patience = { timeout: 50_000 };
const thirdPartiesBlocked = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };
/** Of the parent's child (s-1) and 20 others. */
const scores = () => new Map(Array.from({ length: 21 }, (_, i) => [`s-${i + 1}`, { score: 20 + 3 * i, at: '2026-10-01T08:00:00Z' }]));

describeInBrowser('the whole way on every platform', () => {
  let school: Awaited<ReturnType<typeof openSchool>>;
  let browser: Awaited<ReturnType<typeof openProfile>>;
  beforeAll(async () => {
    if (!existsSync('dist/web/index.html')) throw new Error('the pages are not built: npm run build:web');
    [school, browser] = await Promise.all([openSchool('service'), openProfile(thirdPartiesBlocked)]);
  });
  afterAll(async () => {
    await browser.close();
    await school.close();
  });

  test.each<AccentName>(['canvas', 'moodle', 'brightspace'])('a platform like %s', async (accent) => {
    const platform = await startPlatform({
      tool: { loginUrl: `${school.url}/lti/login`, targetLinkUri: `${school.url}/app/` },
      people,
      courses: [course('3a', pupils(24))],
      accent,
    });
    const column = { id: '1', label: 'Words in a minute', maximum: 100, results: scores() };
    platform.services.courses.get('course-3a')?.lineItems.push(column);
    const districtId = await newDistrict(school.db);
    const page = await browser.context.newPage();
    const tool = page.frameLocator('iframe[name=tool]');
    const open = (person: string, what = '') => page.goto(`${platform.launchUrl(person, '3a')}${what}`);
    try {
      await attach(page, platform, accent, (await invite(school.db, school.url, districtId, 'test')).url);
      await open('teacher');
      await heading(tool, 'One step is left before this opens');
      const [registered] = await listPlatforms(school.db, districtId);
      await acceptDeployment(school.db, districtId, registered?.id ?? 0, platform.deploymentId);

      // The platform takes its time: the launch does not wait for it, the page says what it waits for.
      const held: (() => void)[] = [];
      platform.services.fault = (req, res) => req.path === '/token' && held.length === 0 && held.push(() => void res.status(503).end()) > 0;
      await open('teacher');
      await heading(tool, 'Getting your class list');
      await until(async () => held.length > 0);
      for (const go of held) go();
      await inTheirClass(tool);

      await open('parent');
      await atTheirChild(tool);

      await place(page, tool, accents[accent].links.multiple);
      await page.getByRole('link', { name: 'Family page' }).waitFor(patience);
      if (accents[accent].links.multiple) {
        await page.getByRole('link', { name: 'APTT class dashboard' }).click();
        await inTheirClass(tool);
      }
      await open('parent');
      await page.getByRole('link', { name: 'Family page' }).click();
      await page.waitForURL(/\/links\//);
      await atTheirChild(tool);
    } finally {
      await page.close();
      await platform.close();
    }
  });
});

const heading = (at: Page | FrameLocator, name: string) => at.getByRole('heading', { name }).waitFor(patience);

/** As its administrator does: the invitation is pasted, our page opens in a frame or a window of the platform's, and says whom it asks for. */
async function attach(page: Page, platform: Platform, accent: AccentName, invitation: string): Promise<void> {
  await page.goto(`${platform.url}/admin/tools`);
  await page.getByLabel('registration link').fill(invitation);
  await page.getByRole('button', { name: 'Add' }).click();
  if (accents[accent].registration.opens === 'frame') {
    await page.frameLocator('iframe').getByRole('button', { name: 'Connect' }).click(patience);
  } else {
    const [opened] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Open the tool’s page' }).click()]);
    await opened.getByRole('button', { name: 'Connect' }).click(patience);
    await heading(opened, 'The platform is connected');
    await opened.close();
  }
  await page.getByText('Registered: APTT Connect').waitFor(patience);
}

/** The real dashboard: the class by name, its scores as a picture, nobody's name in it. */
async function inTheirClass(tool: FrameLocator): Promise<void> {
  await tool
    .locator('main option', { hasText: 'Words in a minute' })
    .first()
    .waitFor({ ...patience, state: 'attached' });
  const main = tool.locator('main');
  expect(await main.textContent()).toContain('Room 3a');
  expect(await main.locator('svg').count()).toBeGreaterThan(0);
}

/** The real family page: their own child's score, and no other child. */
async function atTheirChild(tool: FrameLocator): Promise<void> {
  await tool.getByRole('heading', { name: 'Bo', exact: true }).waitFor(patience);
  const text = (await tool.locator('main').textContent()) ?? '';
  expect(text).toContain('20');
  expect(text).not.toMatch(/Child\d/);
}

/** The picker, and back in the course with what was placed. */
async function place(page: Page, tool: FrameLocator, several: boolean): Promise<void> {
  await page.goto(page.url().replace('/as/parent/', '/as/teacher/'));
  await page.getByRole('link', { name: 'Add content' }).click();
  const kind = several ? 'checkbox' : 'radio';
  await tool.getByRole(kind, { name: 'Family page' }).check(patience);
  if (several) await tool.getByRole('checkbox', { name: 'APTT class dashboard' }).check();
  await tool.getByRole('button', { name: 'Add to course' }).click();
  await heading(tool, 'Added to the course');
  await tool.getByRole('link', { name: 'Back to the course' }).click();
}
