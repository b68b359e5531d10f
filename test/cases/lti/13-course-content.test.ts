/** What a platform's administrator is asked, and what a teacher chooses from, in a real browser with third-party cookies blocked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { invite } from '../../../lti/invitations.ts';
import { acceptDeployment, listPlatforms } from '../../../lti/platforms.ts';
import { ltiRouter } from '../../../lti/router.ts';
import { type Platform, startPlatform } from '../../../src/demo/platform.ts';
import { describeInBrowser, openProfile } from '../../setup/browser.ts';
import { freshDatabase, newDistrict } from '../../setup/database.ts';
import { accessibilityProblems, sidewaysScroll } from '../../web/in-page.ts';

const patience = { timeout: 50_000 };
const thirdPartiesBlocked = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };

describeInBrowser('the question of a registration and the picker of a course', () => {
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let url: string;
  let browser: Awaited<ReturnType<typeof openProfile>>;
  let platform: Platform;
  const server = createServer();

  beforeAll(async () => {
    [db, browser] = await Promise.all([freshDatabase(), openProfile(thirdPartiesBlocked)]);
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    url = `http://localhost:${(server.address() as AddressInfo).port}`; // a TCP server has one; another site than 127.0.0.1
    const onLaunch = async () => {}; // nobody gets that far here
    server.on('request', express().use(ltiRouter({ db, url, secret: 'a secret of at least thirty-two characters', onLaunch })));
    platform = await startPlatform({
      tool: { loginUrl: `${url}/lti/login`, targetLinkUri: `${url}/app/` },
      people: [{ key: 'ana', sub: 'u-1', givenName: 'Ana', familyName: 'Ruiz', roles: ['instructor'] }],
      courses: [{ key: '3a', id: 'c-1', title: 'Grade 3 A', members: [{ person: 'ana' }] }],
    });
  });
  afterAll(async () => {
    await browser.close();
    await platform.close();
    server.closeAllConnections();
    server.close();
    await db.close();
  });

  test('are for everybody: by keyboard, on a narrow screen, in Spanish, day and night', async () => {
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

    await page.goto(`${platform.url}/admin/tools`);
    await page.getByLabel('registration link').fill(invitation);
    await page.getByRole('button', { name: 'Add' }).click();
    await page.frameLocator('iframe').getByRole('button', { name: 'Conectar' }).press('Enter', patience);
    await page.getByText('Registered: APTT Connect').waitFor(patience);
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
