/** Finds a Chromium and drives it. Without one the browser tests say how to get it and are skipped; in CI they fail. */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executable = places.find((path) => path !== undefined && path !== '' && existsSync(path));
const advice = 'no Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program';

/** Quiet, and without a single request of its own. As root Chromium refuses its own sandbox. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Cookies and storage are kept apart as ever; only processes are not. A frame that goes to and fro between sites, each in a process of its
  // own, is lost to the driver now and then: the page is there and the driver never hears of it.
  '--disable-site-isolation-trials',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The caller closes it. Pages come from `browser.newContext()`: axe reaches into iframes only there. */
export async function openBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  if (!executable) throw new Error(advice);
  return chromium.launch({ executablePath: executable, args: [...flags, ...(options.args ?? [])] });
}

/**
 * A browser with a person's own preferences, in Chromium's words (`{profile: {cookie_controls_mode: 1}}`), and a throw-away profile.
 * Unlike `newContext()` it is not a private window, which blocks third-party cookies and storage of its own accord.
 */
export async function openProfile(preferences: Record<string, unknown>): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  if (!executable) throw new Error(advice);
  const folder = mkdtempSync(join(tmpdir(), 'aptt-browser-'));
  mkdirSync(join(folder, 'Default'));
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, { executablePath: executable, args: flags });
  const close = async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }); // its processes write a moment longer
  };
  return { context, close };
}

/** The browser shows its own error in the frame named `tool`: its answer said that this page may not frame it. */
export async function blockedFrame(page: Page): Promise<boolean> {
  for (let tries = 0; tries < 400; tries++) {
    const address = page.frame({ name: 'tool' })?.url() ?? '';
    if (address.startsWith('chrome-error:')) return true;
    await page.waitForTimeout(100);
  }
  return false;
}

/** `describe` where there is a Chromium; elsewhere one test that says how to get it (and fails in CI). */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executable) describe(name, tests);
  else if (process.env.CI)
    test(`${name}: needs Chromium`, () => {
      throw new Error(advice);
    });
  else describe.skip(`${name} (${advice})`, tests);
}
