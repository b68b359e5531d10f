/** A teacher's very first launch, watched in a real browser: the class list comes from the course, and the page opens by itself. */
import type { AccentName } from '../../../src/demo/platform-accents.ts';
import { describeInBrowser, openProfile } from '../../setup/browser.ts';
import { course, openPlatform, pupils, until } from './course.ts';
import { openSchool } from './school.ts';

const patience = { timeout: 50_000 };
const thirdPartiesBlocked = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };
const scores = () => new Map(Array.from({ length: 20 }, (_, i) => [`s-${i + 2}`, { score: 20 + 3 * i, at: '2026-10-01T08:00:00Z' }]));

describeInBrowser('a teacher who opens the tool in a course for the first time', () => {
  let school: Awaited<ReturnType<typeof openSchool>>;
  let browser: Awaited<ReturnType<typeof openProfile>>;
  beforeAll(async () => {
    school = await openSchool('service');
    browser = await openProfile(thirdPartiesBlocked);
  });
  afterAll(async () => {
    await browser.close();
    await school.close();
  });

  test.each<AccentName>(['canvas', 'moodle', 'brightspace'])(
    'a platform like %s: waits a moment, and is in their class',
    async (accent) => {
      const platform = await openPlatform(school, { accent, courses: [course('3a', pupils(24))] });
      const column = { id: '1', label: 'Words in a minute', maximum: 100, results: scores() };
      platform.services.courses.get('course-3a')?.lineItems.push(column);
      const page = await browser.context.newPage();
      try {
        // The platform takes its time: the launch does not wait for it, the page says what it waits for.
        const held: (() => void)[] = [];
        platform.services.fault = (req, res) => {
          if (req.path !== '/token' || held.length > 0) return false;
          held.push(() => void res.status(503).end());
          return true;
        };
        await page.goto(platform.launchUrl('teacher', '3a'));
        const frame = page.frameLocator('iframe');
        await frame.getByRole('heading', { name: 'Getting your class list' }).waitFor(patience);
        await until(async () => held.length > 0);
        for (const go of held) go();
        await frame
          .locator('main option', { hasText: 'Words in a minute' })
          .first()
          .waitFor({ ...patience, state: 'attached' });
        expect(await frame.locator('main').textContent()).toContain('Room 3a');
        expect(page.frames().some((each) => each.url().includes('#/classes/'))).toBe(true);
      } finally {
        await page.close();
        await platform.close();
      }
    },
  );
});
