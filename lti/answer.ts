/** How the front door answers a browser: in its language, with the strictest policy for our own plain pages. */
import type { Request, Response } from 'express';
import type { Language } from './pages.ts';

/** @param locale what the launch said, where there is one */
export function languageOf(req: Request, locale: string | null = null): Language {
  const said = locale?.slice(0, 2).toLowerCase();
  if (said === 'en' || said === 'es') return said;
  return req.acceptsLanguages('en', 'es') === 'es' ? 'es' : 'en';
}

/** The page's own post: browsers say so themselves, older ones by the origin. */
export function isFromOurselves(req: Request, url: string): boolean {
  const site = req.get('sec-fetch-site');
  return site === undefined ? req.get('origin') === new URL(url).origin : site === 'same-origin';
}

export function cookieIn(req: Request, name: string): string | null {
  const start = `${name}=`;
  const pair = (req.get('cookie') ?? '').split('; ').find((each) => each.startsWith(start));
  return pair ? pair.slice(start.length) : null;
}

/** @param postsTo the one other origin the page's form goes to */
export function sendPage(res: Response, status: number, html: string, framedBy: string[] | '*', postsTo: string | null = null): void {
  const ancestors = framedBy === '*' ? '*' : ["'self'", ...framedBy].join(' ');
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; form-action ${postsTo ?? "'self'"}; base-uri 'none'; frame-ancestors ${ancestors}`;
  res.removeHeader('X-Frame-Options');
  // Not `no-referrer`: under it our own second post would carry `Origin: null`.
  res.set({ 'Content-Security-Policy': policy, 'Referrer-Policy': 'same-origin', 'X-Content-Type-Options': 'nosniff' });
  res.status(status).type('html').send(html);
}
