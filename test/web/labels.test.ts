/** The words of the class chart on the projector: none lies on another, in any room and class, at any step. */
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, openBrowser } from '../setup/browser.ts';
import { settled } from './in-page.ts';
import { type Fixture, serveFixtures } from './server.ts';
import { visitor } from './visit.ts';

/** Pairs of texts of the chart that lie on each other. A text's box is higher than its letters: a third of it is air. */
const overlaps = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const texts = [...document.querySelectorAll('svg.chart text')].map((element) => {
      const { left, right, top, bottom, height } = element.getBoundingClientRect();
      return { text: element.textContent, left, right, top: top + height / 6, bottom: bottom - height / 6 };
    });
    return texts.flatMap((a, n) => texts.slice(n + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => a.text + ' / ' + b.text));
  })()`);

describeInBrowser('the projected chart', () => {
  let server: Fixture;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveFixtures(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test.each(['en-US', 'es-MX'])('no label lies on another (%s)', async (locale) => {
    const { visit, close } = await visitor(browser, server.url, { locale });
    const found: Record<string, string[]> = {};
    for (const id of ['5', 'of18', 'of25']) {
      const page = await visit({ name: id, as: 'teacher', at: `#/present/${id}` });
      for (const step of ['benchmark', 'class', 'growth']) {
        await page.keyboard.press('Space');
        await page.locator('svg.chart').waitFor();
        for (const [width, height] of [
          [1024, 768],
          [1280, 720],
          [1920, 1080],
        ] as const) {
          await page.setViewportSize({ width, height });
          await settled(page);
          found[`${id}, ${step}, ${width}`] = await overlaps(page);
        }
      }
      expect(await page.locator('svg.chart text.value').count()).toBeGreaterThan(10);
    }
    await close();
    expect(Object.entries(found).filter(([, pairs]) => pairs.length > 0)).toEqual([]);
  });

  test('the benchmark keeps its place from step to step', async () => {
    const { visit, close } = await visitor(browser, server.url, { locale: 'en-US', viewport: { width: 1024, height: 768 } });
    const page = await visit({ name: '', as: 'teacher', at: '#/present/of25' });
    const places = [];
    for (const _ of ['benchmark', 'class', 'growth']) {
      await page.keyboard.press('Space');
      await page.locator('svg.chart').waitFor();
      places.push(await page.locator('text.benchmark').evaluate((element) => [element.getAttribute('x'), element.textContent]));
    }
    await close();
    expect(new Set(places.map(String)).size).toBe(1);
  });
});
