/**
 * The tab in Microsoft Teams, watched: a teacher signs in by a window and has their class before them in the frame of another site, third-party
 * cookies blocked; a student signs in, sees a kind page and leaves nothing behind.
 */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import { addTab } from '../../lti/teams/tabs.ts';
import { type GraphServer, startGraph } from '../../src/demo/graph/server.ts';
import { sampleTenant } from '../../src/demo/graph/tenant.ts';
import { type Service, startService } from '../../src/main.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { describeInBrowser, openProfile } from '../setup/browser.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { accessibilityProblems } from '../web/in-page.ts';

/** A loaded machine is no failure: nearly the whole of a test's own time. */
const patience = { timeout: 50_000 };
const secret = 'a secret of at least thirty-two characters';

describeInBrowser('the Teams tab', () => {
  const tenant = sampleTenant({ students: 60, schools: 1 });
  const room = tenant.classes[0];
  const account = (oid = '') => {
    const { userPrincipalName, displayName } = tenant.users.find(({ id }) => id === oid) ?? {};
    return { oid, upn: userPrincipalName ?? '', name: displayName ?? '' };
  };
  const teacher = account(tenant.teachers[room?.id ?? '']?.[0]);
  const student = account(tenant.members[room?.id ?? '']?.[0]);
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let district: number;
  let graph: GraphServer;
  let service: Service;
  let teams: Server;
  let teamsUrl: string;
  let tab: number;
  let profile: Awaited<ReturnType<typeof openProfile>>;

  beforeAll(async () => {
    if (!existsSync('dist/web/index.html')) throw new Error('the pages are not built: npm run build:web');
    db = await freshDatabase();
    district = await newDistrict(db, 'willow');
    graph = await startGraph({ tenant, accounts: [teacher, student] });
    const source = { name: 'm365', kind: 'microsoft-graph', settings: { ...graph.settings, readingProgress: false } };
    await syncSource(db, district, await addSource(db, district, source, () => secret), { actor: 'test' });
    service = await startService({ db, url: '', port: 0, secret, log: 'error' });
    teams = createServer((_req, res) =>
      res
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<!doctype html><title>Teams</title><iframe name="tool" width="100%" height="700" src="${service.url}/lti/teams-${tab}"></iframe>`,
        ),
    );
    await new Promise<void>((resolve) => teams.listen(0, '127.0.0.1', () => resolve()));
    teamsUrl = `http://127.0.0.1:${(teams.address() as AddressInfo).port}`; // a TCP server that listens has one
    const { tenantId, clientId, clientSecret } = graph.accounts;
    const given = { tenantId, clientId, clientSecret, person: 'oid' as const, authority: graph.url, frameOrigins: [teamsUrl] };
    tab = (await addTab(db, secret, district, given)).id;
    profile = await openProfile({ profile: { cookie_controls_mode: 1, block_third_party_cookies: true } });
  });

  afterAll(async () => {
    await profile?.close();
    teams?.closeAllConnections();
    teams?.close();
    await service?.close();
    await graph?.close();
    await db?.close();
  });

  const inFrame = (page: Page) => page.frameLocator('iframe[name=tool]');

  async function signIn(upn: string): Promise<Page> {
    const page = await profile.context.newPage();
    await page.goto(teamsUrl);
    const button = inFrame(page).getByRole('button', { name: 'Sign in with Microsoft' });
    const [opened] = await Promise.all([profile.context.waitForEvent('page', patience), button.click(patience)]);
    await opened.getByRole('heading', { name: 'Pick an account' }).waitFor(patience);
    await opened.getByRole('link', { name: upn }).click();
    if (!opened.isClosed()) await opened.waitForEvent('close', patience);
    return page;
  }

  test('a teacher’s class opens in the frame; a student is greeted, and nothing is kept of it', async () => {
    const page = await signIn(teacher.upn);
    await inFrame(page)
      .getByText(room?.displayName ?? '-')
      .first()
      .waitFor(patience);
    const tool = page.frame({ name: 'tool' });
    if (!tool) throw new Error('Teams has no tab in it');
    expect(new URL(tool.url()).hostname).not.toBe(new URL(page.url()).hostname);
    expect(await accessibilityProblems(tool)).toEqual([]);
    await page.close();

    const other = await signIn(student.upn);
    await inFrame(other).getByRole('heading', { name: 'Hello!' }).waitFor(patience);
    expect(await accessibilityProblems(other.frame({ name: 'tool' }) as Frame)).toEqual([]); // it was just seen
    const accounts = await db.inDistrict(district, (tx) => tx`SELECT sub FROM lti_account`);
    expect(accounts).toEqual([{ sub: teacher.oid }]);
    const seen = (await other.frame({ name: 'tool' })?.textContent('body')) ?? '';
    expect(seen).not.toContain(room?.displayName ?? '-');
    if (process.env.APTT_PICTURES) await other.screenshot({ path: `${process.env.APTT_PICTURES}/teams-student.png` });
  });
});
