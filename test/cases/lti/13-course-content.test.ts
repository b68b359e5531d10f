/**
 * A platform is attached and a teacher places our pages, watched in a real browser with third-party cookies blocked: once as Canvas, once as
 * Moodle and once as Brightspace would do it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { invite } from '../../../lti/invitations.ts';
import { linkOf } from '../../../lti/links.ts';
import { acceptDeployment, listPlatforms } from '../../../lti/platforms.ts';
import { ltiRouter } from '../../../lti/router.ts';
import { type Platform, startPlatform } from '../../../src/demo/platform.ts';
import type { AccentName } from '../../../src/demo/platform-accents.ts';
import { describeInBrowser, openProfile } from '../../setup/browser.ts';
import { freshDatabase, newDistrict } from '../../setup/database.ts';
import { accessibilityProblems, sidewaysScroll } from '../../web/in-page.ts';

const patience = { timeout: 50_000 };
const thirdPartiesBlocked = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };

describeInBrowser('a platform’s administrator and a teacher', () => {
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let url: string;
  let browser: { context: BrowserContext; close(): Promise<void> };
  const server = createServer();
  const platforms: Platform[] = [];

  beforeAll(async () => {
    [db, browser] = await Promise.all([freshDatabase(), openProfile(thirdPartiesBlocked)]);
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    url = `http://localhost:${(server.address() as AddressInfo).port}`; // a TCP server has one; another site than 127.0.0.1
    const onLaunch = async (launch: { targetLinkUri: string }, _req: unknown, res: express.Response) =>
      void res.send(`<h1>Opened: ${linkOf(launch.targetLinkUri) ?? 'home'}</h1>`);
    server.on('request', express().use(ltiRouter({ db, url, secret: 'a secret of at least thirty-two characters', onLaunch })));
  });
  afterAll(async () => {
    await browser.close();
    for (const platform of platforms) await platform.close();
    server.closeAllConnections();
    server.close();
    await db.close();
  });

  async function newPlatform(accent: AccentName): Promise<Platform> {
    const platform = await startPlatform({
      tool: { loginUrl: `${url}/lti/login`, targetLinkUri: `${url}/app/` },
      people: [
        { key: 'ana', sub: 'u-1', givenName: 'Ana', familyName: 'Ruiz', roles: ['instructor'] },
        { key: 'leo', sub: 'u-2', givenName: 'Leo', familyName: 'Diaz', roles: ['mentor'], mentors: [{ sub: 'u-3' }] },
      ],
      courses: [{ key: '3a', id: 'c-1', title: 'Grade 3 A', members: [{ person: 'ana' }, { person: 'leo' }] }],
      accent,
    });
    platforms.push(platform);
    return platform;
  }

  /** Pastes the invitation as an administrator does, agrees, and is brought back. */
  async function attach(page: Page, platform: Platform, invitation: string, connect = 'Connect'): Promise<void> {
    await page.goto(`${platform.url}/admin/tools`);
    await page.getByLabel('registration link').fill(invitation);
    await page.getByRole('button', { name: 'Add' }).click();
    const link = page.getByRole('link', { name: 'Open the tool’s page' });
    const isWindow = await Promise.race([
      link.waitFor(patience).then(() => true),
      page
        .locator('iframe')
        .waitFor(patience)
        .then(() => false),
    ]);
    if (isWindow) {
      const [opened] = await Promise.all([browser.context.waitForEvent('page'), link.click()]);
      await opened.getByRole('button', { name: connect }).press('Enter', patience);
      await opened.locator('#close').waitFor(patience);
      await opened.close();
    } else {
      await page.frameLocator('iframe').getByRole('button', { name: connect }).press('Enter', patience);
    }
    await page.getByText('Registered: APTT Connect').waitFor(patience);
  }

  const inFrame = (page: Page) => page.frameLocator('iframe[name=tool]');

  test.each<AccentName>(['canvas', 'moodle', 'brightspace'])(
    'as on %s: the tool is attached, a page is placed, and it opens',
    async (accent) => {
      const platform = await newPlatform(accent);
      const districtId = await newDistrict(db);
      const page = await browser.context.newPage();
      await attach(page, platform, (await invite(db, url, districtId, 'test')).url);
      const [registered] = await listPlatforms(db, districtId);
      expect(registered).toMatchObject({ issuer: platform.issuer, clientId: platform.clientId, tokenAudience: platform.tokenAudience });

      // Until the district accepts the deployment nothing opens.
      await page.goto(`${platform.launchUrl('ana', '3a')}/add`);
      await inFrame(page).getByRole('heading', { name: 'One step is left' }).waitFor(patience);
      await acceptDeployment(db, districtId, registered?.id ?? 0, platform.deploymentId);

      await page.goto(`${platform.launchUrl('ana', '3a')}/add`);
      const picker = inFrame(page);
      const isSeveral = accent !== 'brightspace';
      await picker.getByRole(isSeveral ? 'checkbox' : 'radio', { name: 'Next team meeting' }).press('Space', patience);
      if (isSeveral) await picker.getByRole('checkbox', { name: 'Family page' }).press('Space');
      await picker.getByRole('button', { name: 'Add to course' }).click();
      await picker.getByRole('heading', { name: 'Added to the course' }).waitFor(patience);
      await picker.getByRole('link', { name: 'Back to the course' }).click();

      await page.getByRole('link', { name: 'Next team meeting' }).click(patience);
      await inFrame(page).getByRole('heading', { name: 'Opened: meeting' }).waitFor(patience);
      if (isSeveral) {
        await page.goto(platform.launchUrl('leo', '3a'));
        await page.getByRole('link', { name: 'Family page' }).click();
        await inFrame(page).getByRole('heading', { name: 'Opened: family' }).waitFor(patience);
      }
      await page.close();
    },
  );

  test('the picker and the question are for everybody: by keyboard, on a narrow screen, in Spanish, day and night', async () => {
    const platform = await newPlatform('plain');
    const districtId = await newDistrict(db);
    const invitation = (await invite(db, url, districtId, 'test')).url;
    const page = await browser.context.newPage();
    await page.setExtraHTTPHeaders({ 'accept-language': 'es' });
    await page.setViewportSize({ width: 320, height: 640 });
    const problems: string[] = [];
    const look = async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        problems.push(...(await accessibilityProblems(page)));
      }
      if ((await sidewaysScroll(page)) > 0) problems.push('scrolls sideways');
    };
    await page.goto(`${invitation}?openid_configuration=${platform.url}/.well-known/openid-configuration&registration_token=x`);
    await page.getByRole('heading', { name: '¿Conectar esta plataforma?' }).waitFor(patience);
    await look();
    await page.goto(`${invitation}x`);
    await page.getByRole('heading', { name: 'Esta conexión necesita una invitación nueva' }).waitFor(patience);
    await look();

    await attach(page, platform, invitation, 'Conectar');
    const [registered] = await listPlatforms(db, districtId);
    await acceptDeployment(db, districtId, registered?.id ?? 0, platform.deploymentId);

    await page.goto(`${platform.launchUrl('ana', '3a')}/add`);
    const address = await page.locator('iframe[name=tool]').getAttribute('src');
    await page.goto(address ?? '');
    await page.getByRole('heading', { name: '¿Qué le gustaría añadir a su curso?' }).waitFor(patience);
    await look();
    await page.getByRole('button', { name: 'Añadir al curso' }).press('Enter');
    await page.getByRole('alert').waitFor(patience);
    await look();
    await page.getByRole('checkbox', { name: 'Panel de la clase APTT' }).press('Space');
    await page.getByRole('button', { name: 'Añadir al curso' }).press('Enter');
    await page.getByRole('heading', { name: 'Added to the course' }).waitFor(patience);
    expect(problems).toEqual([]);
    await page.close();
  });
});
