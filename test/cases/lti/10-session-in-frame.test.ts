/** The whole way in a real browser: a course page of another site, the tool in its frame, third-party cookies blocked, a reload. */
import { existsSync } from 'node:fs';
import { addPlatform } from '../../../lti/platforms.ts';
import { type Platform, startPlatform } from '../../../src/demo/platform.ts';
import { blockedFrame, describeInBrowser, openProfile } from '../../setup/browser.ts';
import { newDistrict } from '../../setup/database.ts';
import { newRoster } from '../../setup/roster.ts';
import { until } from '../../web/in-page.ts';
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

  test.each(['lti.frameResize', 'org.imsglobal.lti.frameResize'])(
    'lti 127: %s: the frame grows with the page, and has no scroll bar of its own beside the platform’s',
    async (subject) => {
      const { context } = profile;
      await context.route(/\/course\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: resizing(subject) }));
      const page = await context.newPage();
      await page.goto(platform.launchUrl('ana', '3a'));
      await page.frameLocator('iframe[name=tool]').getByText('Room Seven').first().waitFor({ timeout: 50_000 });
      const frame = page.frame({ name: 'tool' });
      if (!frame) throw new Error('the course page has no tool in it');
      // Settled: the page fits its frame, and goes on fitting it without another word.
      await until(frame, 'document.documentElement.scrollHeight <= window.innerHeight && window.innerHeight !== 150');
      const heightsTold = () => page.evaluate<number>('heights.length');
      for (let told = 0; told < 12 && told !== (await heightsTold()); ) {
        told = await heightsTold();
        await page.waitForTimeout(700);
      }
      expect(await heightsTold()).toBeLessThan(12);
      expect(await frame.evaluate('document.documentElement.scrollHeight <= window.innerHeight')).toBe(true);
      await frame.evaluate(
        `document.querySelector('main').append(Object.assign(document.createElement('div'), { style: 'height: 3000px' }))`,
      );
      await until(frame, 'window.innerHeight > 3000 && document.documentElement.scrollHeight <= window.innerHeight');
      await context.unroute(/\/course\.js$/);
      await page.close();
    },
  );

  test('lti 128: a session’s page shows in its own platform’s frame, and in nobody else’s, another district’s platform included', async () => {
    const { context } = profile;
    const page = await context.newPage();
    await page.goto(platform.launchUrl('ana', '3a'));
    await page.frameLocator('iframe').getByText('Room Seven').first().waitFor({ timeout: 50_000 });
    const address = page.frame({ name: 'tool' })?.url() ?? '';
    expect(address).toMatch(/\/app\/in\/\d+\.[\w-]{22}\//);
    await addPlatform(school.db, await newDistrict(school.db), {
      issuer: 'http://another.localhost',
      clientId: 'another',
      authUrl: 'http://another.localhost/auth',
      tokenUrl: 'http://another.localhost/token',
      jwksUrl: 'http://another.localhost/jwks',
    });
    for (const parent of ['http://another.localhost/', 'http://stranger.localhost/']) {
      for (const framed of [address, `${school.url}/app/`]) {
        const body = `<iframe name="tool" src="${framed}"></iframe>`;
        await context.route(parent, (route) => route.fulfill({ contentType: 'text/html', body }));
        await page.goto(parent);
        expect(await blockedFrame(page)).toBe(true);
        await context.unroute(parent);
      }
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

/** A platform page that begins with a small frame, and makes it as tall as it is told to in one dialect. */
const resizing = (subject: string) => `
  globalThis.heights = [];
  const tool = document.querySelector('iframe');
  document.body.classList.remove('filled');
  tool.style.cssText = 'flex: none; display: block; height: 150px';
  addEventListener('message', ({ data, origin }) => {
    if (origin !== tool.dataset.origin || data.subject !== '${subject}') return;
    heights.push(data.height);
    tool.style.height = data.height + 'px';
  });`;
