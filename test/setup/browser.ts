/** Finds a Chromium and drives it. Without one the browser tests say how to get it and are skipped; in CI they fail. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The caller closes it. Pages come from `browser.newContext()`: axe reaches into iframes only there. */
export async function openBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  if (!executable) throw new Error(advice);
  return chromium.launch({ executablePath: executable, args: [...flags, ...(options.args ?? [])] });
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
