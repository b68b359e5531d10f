/** Questions asked inside the page. They are text: the tests' program knows no DOM, and the pages' content policy allows no other way in. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, one line a rule. @param rules only these; all of them otherwise */
export async function accessibilityProblems(page: Page | Frame, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

/** Pixels by which the page is wider than its window. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)');

/** Two frames: charts follow a new width in the first. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))');

/**
 * Waits until this holds in the page. Playwright's own waitForFunction looks once and then needs `eval`, which our pages' content policy
 * forbids: it would pass or fail by luck.
 */
export async function until(page: Page | Frame, condition: string): Promise<void> {
  while (!(await page.evaluate<boolean>(condition))) await page.waitForTimeout(50);
}

/** Every text on the page, seen or read out, but for what says itself that it is English. */
export const textsOf = (page: Page | Frame): Promise<string[]> =>
  page.evaluate(`(() => {
    const texts = [...document.querySelectorAll('#app [aria-label]')].map((element) => element.getAttribute('aria-label'));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest('[lang=en], noscript')) texts.push(walker.currentNode.textContent);
    }
    return texts.map((text) => text.trim()).filter(Boolean);
  })()`);

/** What can be seen of these, as markup. */
export const visible = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((element) => element.checkVisibility()).map((element) => element.outerHTML.slice(0, 160))`);

/** The focused element's own words. */
export const focusedText = (page: Page): Promise<string> =>
  page.evaluate(`(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`);
