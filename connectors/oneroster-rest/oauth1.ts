/**
 * OAuth 1.0a as OneRoster 1.1 uses it (RFC 5849): no token, every query parameter signed. Pure but for nonce and time, which may be given.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Authority } from '../http.ts';

export type Signing = { clientId: string; clientSecret: string; signature: 'HMAC-SHA1' | 'HMAC-SHA256' };

export function authorization(
  signing: Signing,
  method: string,
  url: URL,
  nonce = randomBytes(16).toString('hex'),
  now = Date.now(),
): string {
  const own: [string, string][] = [
    ['oauth_consumer_key', signing.clientId],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', signing.signature],
    ['oauth_timestamp', String(Math.floor(now / 1000))],
    ['oauth_version', '1.0'],
  ];
  // RFC 5849 §3.4.1.3.2: sorted by name, then value, after encoding
  const parameters = [...url.searchParams, ...own].map(([name, value]) => [encoded(name), encoded(value)] as const);
  parameters.sort(([a, x], [b, y]) => order(a, b) || order(x, y));
  const normal = parameters.map((pair) => pair.join('=')).join('&');
  const base = [method.toUpperCase(), encoded(`${url.origin}${url.pathname}`), encoded(normal)].join('&');
  const hash = signing.signature === 'HMAC-SHA1' ? 'sha1' : 'sha256';
  const key = `${encoded(signing.clientSecret)}&`;
  const signature = createHmac(hash, key).update(base).digest('base64');
  return `OAuth ${[...own, ['oauth_signature', signature] as const].map(([name, value]) => `${name}="${encoded(value)}"`).join(', ')}`;
}

export const oauth1 = (signing: Signing): Authority => ({
  headers: async ({ method, url }) => ({ authorization: authorization(signing, method, url) }),
});

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** RFC 5849 §3.6: everything but letters, digits and - . _ ~ */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
