/** Opens a screen's state the way a person does: through a launch, then an address. One page for all: a change of address is cheap. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { State } from './screens.ts';

export type Visitor = {
  visit(state: State): Promise<Page>;
  /** Errors of the pages' consoles, failed content policy among them. */
  complaints: string[];
  close(): Promise<void>;
};

export async function visitor(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // An answer that refuses is part of some states, and the browser reports each.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  let who: string | null = null;
  const arrive = async (as: string): Promise<void> => {
    await page.goto('about:blank'); // a launch is a new page, and never a change of address
    await page.goto(as === '' ? `${url}/app/` : `${url}/app/#ticket=${as}`);
    who = as;
  };
  return {
    complaints,
    visit: async ({ as, at, ready = 'main h1' }) => {
      if (as !== who) await arrive(as);
      await page.waitForSelector('main h1, .skeleton, [role=alert]');
      // Leave the screen first, so that its heading is not taken for the next one's.
      if (at !== '') await page.evaluate(`location.hash = '#/'; location.hash = ${JSON.stringify(at)}`);
      await page.waitForSelector(ready);
      if (ready !== '.skeleton') await page.waitForSelector('.skeleton', { state: 'detached' });
      return page;
    },
    close: () => context.close(),
  };
}
