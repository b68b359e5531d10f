/** What a person who is refused reads: what happened and what to do, in both languages, and nothing of what was sent. */
import { refusalPage } from '../../lti/pages.ts';
import { Refusal, reasons } from '../../lti/refusal.ts';
import { describeInBrowser, openBrowser } from '../setup/browser.ts';
import { accessibilityProblems, sidewaysScroll } from '../web/in-page.ts';

const request = 'iss=https%3A%2F%2Flms.example&login_hint=zzmark';
const pageOf = (reason: (typeof reasons)[number], language: 'en' | 'es', again: string | null = request) =>
  refusalPage(language, new Refusal(reason, 'the zzmark claim does not hold').page, '0a1b2c3d4e', again);
const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ');
const titleOf = (html: string) => /<h1>([^<]+)<\/h1>/.exec(html)?.[1] ?? '';

test.each(reasons)('%s: what happened, what to do and the reference, in English and Spanish', (reason) => {
  const [en, es] = [pageOf(reason, 'en'), pageOf(reason, 'es')];
  for (const [language, html] of Object.entries({ en, es })) {
    expect(html).toContain(`<html lang="${language}">`);
    expect(titleOf(html).length).toBeGreaterThan(10);
    expect(html.match(/<p>[^<]{20,}<\/p>/g)?.length).toBeGreaterThanOrEqual(2);
    expect(html).toContain('<code>0a1b2c3d4e</code>');
  }
  expect(titleOf(es)).not.toBe(titleOf(en));
});

test.each(reasons)('%s: neither the reason, nor what did not hold, nor a word of the machine is on the page', (reason) => {
  for (const language of ['en', 'es'] as const) {
    const text = textOf(pageOf(reason, language));
    expect(text).not.toMatch(/zzmark|claim|token|nonce|JWT|kid\b|iss\b|null|undefined/);
    expect(text).not.toContain(reason);
  }
});

test('only where a new beginning helps is there a button for it', () => {
  const withButton = reasons.filter((reason) => pageOf(reason, 'en').includes('login?iss='));
  expect(withButton.sort()).toEqual(['binding_mismatch', 'binding_missing', 'cookies_blocked']);
  for (const reason of withButton) expect(pageOf(reason, 'en', null)).not.toContain('login?');
  expect(pageOf('binding_missing', 'en', '"><script>alert(1)</script>')).not.toContain('<script>alert');
});

describeInBrowser('every refusal page', () => {
  test('can be used by everybody, on a small phone, in the dark and in Spanish', async () => {
    const browser = await openBrowser();
    const page = await (await browser.newContext({ viewport: { width: 320, height: 600 }, colorScheme: 'dark' })).newPage();
    const css = (await import('node:fs')).readFileSync('lti/pages/page.css', 'utf8');
    const seen = new Set<string>();
    for (const reason of reasons) {
      for (const language of ['en', 'es'] as const) {
        const html = pageOf(reason, language).replace('<link rel="stylesheet" href="page.css">', `<style>${css}</style>`);
        if (seen.has(html)) continue;
        seen.add(html);
        await page.setContent(html);
        expect({ reason, language, problems: await accessibilityProblems(page), sideways: await sidewaysScroll(page) }).toEqual({
          reason,
          language,
          problems: [],
          sideways: 0,
        });
      }
    }
    await browser.close();
    expect(seen.size).toBeGreaterThan(20);
  });
});
