/** Every screen and state, on a desk and on a phone, by day and by night: accessible, whole, and in the reader's language. */
import type { Browser } from 'playwright-core';
import { en } from '../../src/web/locales/en.ts';
import { es } from '../../src/web/locales/es.ts';
import { describeInBrowser, openBrowser } from '../setup/browser.ts';
import { accessibilityProblems, settled, sidewaysScroll, textsOf, visible } from './in-page.ts';
import { states } from './screens.ts';
import { type Fixture, serveFixtures } from './server.ts';
import { type Visitor, visitor } from './visit.ts';

const desk = { width: 1280, height: 800 };
const phone = { width: 320, height: 640 };

describeInBrowser('every screen', () => {
  let server: Fixture;
  let browser: Browser;
  let english: Visitor;
  let spanish: Visitor;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveFixtures(), openBrowser()]);
    [english, spanish] = await Promise.all([
      visitor(browser, server.url, { locale: 'en-US', viewport: desk }),
      visitor(browser, server.url, { locale: 'es-MX', viewport: desk }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test.each(states)('$name: anybody can use it, wherever and whenever', async (state) => {
    const page = await english.visit(state);
    const found: Record<string, string[]> = {};
    for (const [place, viewport] of Object.entries({ desk, phone })) {
      await page.setViewportSize(viewport);
      await settled(page);
      found[place] = await accessibilityProblems(page);
      // Night changes colours and nothing else.
      await page.emulateMedia({ colorScheme: 'dark' });
      found[`${place} at night`] = await accessibilityProblems(page, ['color-contrast']);
      await page.emulateMedia({ colorScheme: 'light' });
      const sideways = await sidewaysScroll(page);
      found[`${place}, scrolling sideways`] = sideways > 0 ? [`${sideways}px`] : [];
    }
    await page.setViewportSize(desk);
    expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([]);
  });

  test.each(states)('$name: says everything in Spanish, and shows no key, hole or defect', async (state) => {
    const page = await spanish.visit(state);
    expect(await page.getAttribute('html', 'lang')).toBe('es');
    const said = await textsOf(page);
    expect(said.length).toBeGreaterThan(2);
    expect(said.filter((text) => englishOnly.some((message) => message.test(text)))).toEqual([]);
    expect(said.filter((text) => /^[a-z]+(\.[a-zA-Z_]+)+$|\{\w+\}|\b(undefined|NaN|null)\b|\[object/.test(text))).toEqual([]);
  });

  test.each(states)('$name: prints without anything to press, and without a list of names', async (state) => {
    const page = await english.visit(state);
    await page.emulateMedia({ media: 'print' });
    const shown = await visible(page, 'button, select, input, .button, header');
    const names = state.at.startsWith('#/classes/') ? await page.getByText('Haddad').and(page.locator(':visible')).count() : 0;
    await page.emulateMedia({ media: 'screen' });
    expect({ shown, names }).toEqual({ shown: [], names: 0 });
  });

  test('no page complained about a script, a style or itself', () => {
    expect([...english.complaints, ...spanish.complaints]).toEqual([]);
  });
});

/** What only the English pages say, as patterns; a message that is mostly holes tells no language. */
const englishOnly = Object.entries(en).flatMap(([key, message]) => {
  const theirs = new Set(forms(es[key as keyof typeof es])); // the catalogues have the same keys
  return forms(message)
    .filter((form) => !theirs.has(form) && /\p{L}{3}/u.test(form.replace(/\{\w+\}/g, '')))
    .map(
      (form) =>
        new RegExp(
          `^${form
            .split(/\{\w+\}/)
            .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
            .join('.+')}$`,
        ),
    );
});

function forms(message: string | { readonly [form: string]: string | undefined }): string[] {
  return typeof message === 'string' ? [message] : Object.values(message).filter((form) => form !== undefined);
}
