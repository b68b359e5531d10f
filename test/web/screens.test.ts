/** Every screen and state, on a desk and on a phone, by day and by night: accessible, whole, and in the reader's language. */
import type { Browser, Page } from 'playwright-core';
import { en } from '../../src/web/locales/en.ts';
import { es } from '../../src/web/locales/es.ts';
import { describeInBrowser, openBrowser } from '../setup/browser.ts';
import { accessibilityProblems, settled, sidewaysScroll, textsOf, visible } from './in-page.ts';
import { type State, states } from './screens.ts';
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

  test.each(states)('$name: anybody can use it, wherever and whenever, in print and in Spanish', async (state) => {
    const [page, spoken] = await Promise.all([english.visit(state), spanish.visit(state)]);
    const found = { ...(await onScreens(page)), print: await inPrint(page, state), Spanish: await inSpanish(spoken) };
    expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([]);
  });

  test('no page complained about a script, a style or itself', () => {
    expect([...english.complaints, ...spanish.complaints]).toEqual([]);
  });
});

/** A desk and a phone, by day and by night. What changes between them is looked at again, and nothing else. */
async function onScreens(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [place, viewport] of Object.entries({ desk, phone })) {
    await page.setViewportSize(viewport);
    await settled(page);
    found[place] = await accessibilityProblems(page);
    const sideways = await sidewaysScroll(page);
    found[`${place}, scrolling sideways`] = sideways > 0 ? [`${sideways}px`] : [];
  }
  // Night changes colours, the same ones in every width.
  await page.emulateMedia({ colorScheme: 'dark' });
  found.night = await accessibilityProblems(page, ['color-contrast']);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desk);
  return found;
}

/** Nothing to press, and no list of names. */
async function inPrint(page: Page, { at }: State): Promise<string[]> {
  await page.emulateMedia({ media: 'print' });
  const shown = await visible(page, 'button, select, input, .button, header');
  const names = at.startsWith('#/classes/') ? await page.getByText('Haddad').and(page.locator(':visible')).allTextContents() : [];
  await page.emulateMedia({ media: 'screen' });
  return [...shown, ...names];
}

/** English left over, a key, a hole or a defect. */
async function inSpanish(page: Page): Promise<string[]> {
  const said = await textsOf(page);
  if ((await page.getAttribute('html', 'lang')) !== 'es' || said.length < 3) return ['the page is not in Spanish'];
  const broken = /^[a-z]+(\.[a-zA-Z_]+)+$|\{\w+\}|\b(undefined|NaN|null)\b|\[object/;
  return said.filter((text) => broken.test(text) || englishOnly.some((message) => message.test(text)));
}

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
