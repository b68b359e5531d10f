/** The launch in a real browser, in a frame of another site: what carries the login where cookies or storage are blocked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe, { type AxeResults } from 'axe-core';
import express from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { addPlatform } from '../../../lti/platforms.ts';
import { ltiRouter } from '../../../lti/router.ts';
import { type Platform, type PlatformOptions, startPlatform } from '../../../src/demo/platform.ts';
import { blockedFrame, describeInBrowser, openProfile } from '../../setup/browser.ts';
import { freshDatabase, newDistrict } from '../../setup/database.ts';

/** A loaded machine is no failure: nearly the whole of a test's own time. */
const patience = { timeout: 50_000 };
const everythingBlocked = { profile: { default_content_setting_values: { cookies: 2 } } };
const thirdPartiesBlocked = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };
const nothingBlocked = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };

describeInBrowser('a launch in a frame of another site', () => {
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let url: string;
  const app = express();
  const server = createServer(app);
  /** As a browser that keeps no cookies in frames at all; a window of its own keeps them. */
  let framesKeepNoCookies = false;
  const opened: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    db = await freshDatabase();
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    url = `http://localhost:${(server.address() as AddressInfo).port}`; // a TCP server has one; another site than 127.0.0.1
    app.use((req, _res, next) => {
      if (framesKeepNoCookies && req.get('sec-fetch-dest') === 'iframe') delete req.headers.cookie;
      next();
    });
    app.get('/forger', (_req, res) => void res.send(`<script>${forger}</script>`));
    app.get('/cookie', (req, res) => {
      if (req.query.set === undefined)
        return void res.send(`<p>${req.get('cookie')?.includes('plain=1') ? 'plain cookie kept' : 'no plain cookie'}</p>`);
      res.set('Set-Cookie', 'plain=1; Path=/; Secure; SameSite=None').redirect('/cookie');
    });
    app.use(
      ltiRouter({
        db,
        url,
        secret: 'a secret of at least thirty-two characters',
        onLaunch: async (launch, _req, res) => void res.send(`<h1>Welcome ${launch.sub}</h1>`),
      }),
    );
  });
  afterEach(async () => {
    framesKeepNoCookies = false;
    for (const each of opened.splice(0).reverse()) await each.close();
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await db.close();
  });

  async function newPlatform(options: Partial<PlatformOptions> = {}): Promise<Platform> {
    const platform = await startPlatform({
      tool: { loginUrl: `${url}/lti/login`, targetLinkUri: `${url}/app` },
      people: [{ key: 'ana', sub: 'u-1', givenName: 'Ana', familyName: 'Ruiz', roles: ['instructor'] }],
      courses: [{ key: '3a', id: 'c-1', title: 'Grade 3 A', members: [{ person: 'ana' }] }],
      ...options,
    });
    opened.push(platform);
    await addPlatform(db, await newDistrict(db), { ...platform, deploymentIds: [platform.deploymentId] });
    return platform;
  }
  async function newProfile(preferences: Record<string, unknown>): Promise<BrowserContext> {
    const profile = await openProfile(preferences);
    opened.push(profile);
    return profile.context;
  }
  async function openCourse(context: BrowserContext, platform: Platform): Promise<Page> {
    const page = await context.newPage();
    await page.goto(platform.launchUrl('ana', '3a'));
    return page;
  }
  const newWindowOffer = (page: Page) => page.frameLocator('iframe[name=tool]').getByRole('link', { name: 'Open in a new window' });
  /** The platform's page behaves as this script does. */
  const playing = (context: BrowserContext, script: string) =>
    context.route(/\/course\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  const welcome = (page: Page) => page.frameLocator('iframe[name=tool]').getByRole('heading', { name: 'Welcome u-1' }).waitFor(patience);

  test('lti 123: third-party cookies blocked: the Partitioned cookie carries it', async () => {
    const context = await newProfile(thirdPartiesBlocked);
    const platform = await newPlatform();
    const page = await openCourse(context, platform);
    await welcome(page);
    // The same browser, the same frame: a cookie that is not partitioned does not come back.
    await page.evaluate(`document.querySelector('iframe').src = '${url}/cookie?set'`);
    await page.frameLocator('iframe').getByText('no plain cookie').waitFor();
  });

  test('lti 124: cookies and storage blocked: the platform keeps the login for us', async () => {
    const context = await newProfile(everythingBlocked);
    await welcome(await openCourse(context, await newPlatform({ storage: true })));
  });

  test('a platform whose page is slow to listen, or slow to answer, loses no launch', async () => {
    const context = await newProfile(everythingBlocked);
    const platform = await newPlatform({ storage: true });
    await context.route(/\/course\.js$/, async (route) => {
      const script = await (await route.fetch()).text();
      const slowly = `const reply = (more) => setTimeout(now, subject === 'lti.get_data' ? 2500 : 0, more); const now = `;
      const late = script.replace('const reply = ', slowly);
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.fulfill({ contentType: 'text/javascript', body: late });
    });
    await welcome(await openCourse(context, platform));
  });

  test('cookies blocked: the frame’s own storage carries it', async () => {
    const context = await newProfile(nothingBlocked);
    framesKeepNoCookies = true;
    await welcome(await openCourse(context, await newPlatform()));
  });

  test('lti 125: nothing kept anywhere: a new window is offered within seconds, and works', async () => {
    const context = await newProfile(thirdPartiesBlocked);
    await context.addInitScript({ content: noFrameStorage });
    await playing(context, '');
    framesKeepNoCookies = true;
    const page = await openCourse(context, await newPlatform());
    const link = page.frameLocator('iframe').getByRole('link', { name: 'Open in a new window' });
    await link.waitFor(patience);
    const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
    await opened.getByRole('heading', { name: 'Welcome u-1' }).waitFor(patience);
  });

  test('lti 125: a platform that offers storage and never answers costs two seconds', async () => {
    const context = await newProfile(everythingBlocked);
    const platform = await newPlatform({ storage: true });
    await playing(context, '');
    const costs: number[] = [];
    // The machine may be busy with something else: one quick try out of three shows that it is not the tool that waits.
    while (costs.length < 3 && !costs.some((ms) => ms < 4000)) {
      const page = await context.newPage();
      const began = page.waitForResponse(/\/lti\/login\?/, patience).then(() => Date.now());
      await page.goto(platform.launchUrl('ana', '3a'));
      await newWindowOffer(page).waitFor(patience);
      costs.push(Date.now() - (await began));
      await page.close();
    }
    expect(Math.min(...costs)).toBeLessThan(4000);
  });

  test('what was tried is told in plain words, and in the reader’s language', async () => {
    const context = await newProfile({ ...everythingBlocked, intl: { accept_languages: 'es-MX,es', selected_languages: 'es-MX,es' } });
    const platform = await newPlatform({ storage: true });
    await playing(context, '');
    const frame = (await openCourse(context, platform)).frameLocator('iframe[name=tool]');
    await frame.getByText('Lo que intentamos').click(patience);
    expect(await frame.getByRole('listitem').allTextContents()).toEqual([
      'Una cookie: su navegador no guarda la nuestra dentro de otra página.',
      'La memoria de la plataforma de su escuela: no respondió.',
      'La memoria de esta página: su navegador la tiene desactivada.',
    ]);
    await frame.getByRole('link', { name: 'Abrir en una ventana nueva' }).waitFor(patience);
  });

  test('no cookies even in a window of its own: the person is told to allow them, and how to go on', async () => {
    const context = await newProfile(everythingBlocked);
    await playing(context, '');
    const page = await openCourse(context, await newPlatform());
    await newWindowOffer(page).waitFor(patience);
    const [opened] = await Promise.all([context.waitForEvent('page'), newWindowOffer(page).click()]);
    await opened.getByRole('heading', { name: 'Please allow cookies for this page' }).waitFor(patience);
    await opened.getByRole('link', { name: 'Try again' }).waitFor(patience);
  });

  test.each([
    ['a frame beside ours, named by the platform', keeper({ frame: 'keeper' }), { storage: 'keeper' }],
    ['a frame beside ours, named when asked for its capabilities', keeper({ frame: 'keeper', announced: true }), {}],
    ['the older words of 1EdTech', keeper({ dialect: 'org.imsglobal.lti.' }), { storage: true }],
  ])('the platform keeps the login in %s', async (_how, script, options) => {
    const context = await newProfile(everythingBlocked);
    await playing(context, script);
    await welcome(await openCourse(context, await newPlatform(options)));
  });

  test('lti 127: even a page of the front door tells how tall it is, in both dialects', async () => {
    const context = await newProfile(everythingBlocked);
    await playing(context, `globalThis.heard = {}; addEventListener('message', ({ data }) => { heard[data.subject] = data.height; });`);
    const page = await openCourse(context, await newPlatform());
    await newWindowOffer(page).waitFor(patience);
    await page.waitForFunction(`heard['lti.frameResize'] > 100 && heard['org.imsglobal.lti.frameResize'] === heard['lti.frameResize']`);
  });

  test('lti 128: a page of the front door shows in no frame of a stranger', async () => {
    const context = await newProfile(nothingBlocked);
    const platform = await newPlatform();
    const page = await context.newPage();
    await page.goto(platform.launchUrl('ana', '3a'));
    await welcome(page);
    const login = await page.locator('iframe[name=tool]').getAttribute('src');
    await context.route('http://stranger.localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe name="tool" src="${login?.replaceAll('&', '&amp;')}"></iframe>` }),
    );
    await page.goto('http://stranger.localhost/');
    await expect(blockedFrame(page)).resolves.toBe(true);
  });

  test('the script that carries a login is smaller than 3 KB', async () => {
    for (const name of ['hand-over.js', 'height.js']) {
      const script = await (await fetch(`${url}/lti/${name}`)).text();
      expect(script).toContain('postMessage');
      expect(Buffer.byteLength(script)).toBeLessThan(3072);
    }
  });

  test.each(['light', 'dark'] as const)('the front door’s own pages and the practice platform’s pass axe (%s)', async (colorScheme) => {
    const context = await newProfile(everythingBlocked);
    const platform = await newPlatform();
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme });
    const complaints = async (address: string) => {
      await page.goto(address);
      await page.locator('h1:visible, iframe').first().waitFor();
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults; // what axe promises
      return violations.map(({ id, nodes }) => `${address}: ${id} ${nodes[0]?.html}`);
    };
    const launch = new URL(
      (await (await fetch(platform.launchUrl('ana', '3a'))).text()).match(/src="([^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '',
    );
    for (const address of [`${url}/lti/login`, launch.href, platform.url, `${platform.url}/as/ana`, platform.launchUrl('ana', '3a')]) {
      expect(await complaints(address)).toEqual([]);
    }
  });

  test('lti 126: an answer from another origin than the platform’s is not believed', async () => {
    const context = await newProfile(everythingBlocked);
    const platform = await newPlatform({ storage: true });
    await playing(context, betrayed(url));
    const posts: string[] = [];
    context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/lti/launch')) posts.push(request.postData() ?? '');
    });
    const page = await openCourse(context, platform);
    await newWindowOffer(page).waitFor(patience);
    expect(await page.evaluate('betrayals')).toBeGreaterThan(0);
    expect(posts).toHaveLength(1); // the platform's own; none with a forged binding
  });
});

const noFrameStorage = `if (parent !== window) Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked'); } });`;

/** A platform page that lets a frame of another origin answer in its place. */
const betrayed = (url: string) => `
  globalThis.betrayals = 0;
  const forger = document.createElement('iframe');
  forger.src = '${url}/forger';
  const ready = new Promise((resolve) => { forger.onload = resolve; });
  document.body.append(forger);
  addEventListener('message', async (event) => {
    const { subject, message_id, key, value } = event.data;
    if (subject === 'lti.put_data') event.source.postMessage({ subject: subject + '.response', message_id, key, value }, event.origin);
    if (subject !== 'lti.get_data') return;
    await ready;
    forger.contentWindow.postMessage(event.data, '*');
    betrayals++;
  });`;
const forger = `addEventListener('message', (event) => {
  const answer = { ...event.data, subject: 'lti.get_data.response', value: 'forged' };
  parent.frames.tool.postMessage(answer, '*');
});`;

/** A platform page that keeps data in the page itself or in a frame beside the tool's, and speaks one dialect. */
function keeper({ dialect = 'lti.', frame = '', announced = false }): string {
  return `
  const kept = new Map();
  let listening = window;
  if ('${frame}') {
    const beside = document.createElement('iframe');
    beside.name = '${frame}';
    document.body.append(beside);
    listening = beside.contentWindow;
  }
  listening.addEventListener('message', ({ data, source, origin }) => {
    const reply = (value) => source.postMessage({ subject: data.subject + '.response', message_id: data.message_id, key: data.key, value }, origin);
    if (data.subject === '${dialect}put_data') reply(kept.set(data.key, data.value).get(data.key));
    if (data.subject === '${dialect}get_data') reply(kept.get(data.key));
  });
  if (${announced}) addEventListener('message', ({ data, source, origin }) => {
    if (data.subject !== 'lti.capabilities') return;
    const supported_messages = ['lti.put_data', 'lti.get_data'].map((subject) => ({ subject, frame: '${frame}' }));
    source.postMessage({ subject: data.subject + '.response', message_id: data.message_id, supported_messages }, origin);
  });`;
}
