/** The whole way in a real browser: a course page of another site, the tool in its frame, third-party cookies blocked, a reload. */
import { existsSync } from 'node:fs';
import { addPlatform } from '../../../lti/platforms.ts';
import { type Platform, startPlatform } from '../../../src/demo/platform.ts';
import { describeInBrowser, openProfile } from '../../setup/browser.ts';
import { newDistrict } from '../../setup/database.ts';
import { newRoster } from '../../setup/roster.ts';
import { openSchool, type School } from './school.ts';

describeInBrowser('the tool in a platform’s frame', () => {
  let school: School;
  let platform: Platform;
  let profile: Awaited<ReturnType<typeof openProfile>>;
  const blocked = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };

  beforeAll(async () => {
    if (!existsSync('dist/web/index.html')) throw new Error('the pages are not built: npm run build:web');
    school = await openSchool('service');
    const districtId = await newDistrict(school.db);
    const roster = await newRoster(school.db, districtId, 'Oak');
    const klass = await roster.klass(await roster.school(), { sourced_id: 'SEC-1', title: 'Room Seven' });
    await roster.enroll(klass, await roster.user('Teacher', { sourced_id: 'T-1' }), 'teacher');
    await roster.students(klass, 3);
    platform = await startPlatform({
      tool: { loginUrl: `${school.url}/lti/login`, targetLinkUri: `${school.url}/app/` },
      people: [
        { key: 'ana', sub: 'u-1', givenName: 'Ana', familyName: 'Ruiz', locale: 'en', lisPersonSourcedId: 'T-1', roles: ['instructor'] },
      ],
      courses: [{ key: '3a', id: 'c-1', title: 'Grade 3 A', sectionSourcedId: 'SEC-1', members: [{ person: 'ana' }] }],
    });
    await addPlatform(school.db, districtId, { ...platform, deploymentIds: [platform.deploymentId] });
    profile = await openProfile(blocked);
  });
  afterAll(async () => {
    await profile?.close();
    await platform?.close();
    await school?.close();
  });

  test('lti 129: the session survives a reload inside the frame', async () => {
    const page = await profile.context.newPage();
    await page.goto(platform.launchUrl('ana', '3a'));
    const tool = page.frameLocator('iframe');
    const klass = tool.getByText('Room Seven').first();
    await klass.waitFor({ timeout: 50_000 });
    const frame = page.frame({ name: 'tool' });
    expect(frame?.url()).toMatch(new RegExp(`^${school.url}/app/`));
    expect(frame?.url()).not.toContain('ticket');

    for (let reload = 0; reload < 2; reload++) {
      const loaded = page.waitForResponse((response) => response.url().endsWith('/api/me'));
      await frame?.evaluate('void setTimeout(() => location.reload())');
      expect((await loaded).status()).toBe(200);
      await klass.waitFor({ timeout: 50_000 });
    }
    await page.close();
  });

  test('opened in a tab of its own, the tool works the same', async () => {
    const page = await profile.context.newPage();
    await page.goto(platform.launchUrl('ana', '3a'));
    const [tab] = await Promise.all([profile.context.waitForEvent('page'), page.getByRole('link', { name: 'Open in a new tab' }).click()]);
    await tab.getByText('Room Seven').first().waitFor({ timeout: 50_000 });
    await tab.reload();
    await tab.getByText('Room Seven').first().waitFor({ timeout: 50_000 });
  });
});
