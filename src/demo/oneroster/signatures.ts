/** Whether a request is signed by OAuth 1.0a with this key and secret, as the server sees it. Written from RFC 5849 for the simulator alone. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const percent = (text: string) =>
  encodeURIComponent(text).replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export function isSigned(header: string | undefined, method: string, url: URL, key: string, secret: string): boolean {
  if (!header?.startsWith('OAuth ')) return false;
  const sent = new Map<string, string>();
  for (const [, name = '', value = ''] of header.slice(6).matchAll(/([a-z_]+)="([^"]*)"/g)) sent.set(name, decodeURIComponent(value));
  const algorithm = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' }[sent.get('oauth_signature_method') ?? ''];
  if (!algorithm || sent.get('oauth_consumer_key') !== key) return false;
  if (Math.abs(Number(sent.get('oauth_timestamp')) * 1000 - Date.now()) > 5 * 60_000) return false;
  const signed = [...sent].filter(([name]) => name !== 'oauth_signature' && name !== 'realm');
  const pairs = [...signed, ...url.searchParams].map(([name, value]) => `${percent(name)}=${percent(value)}`).sort();
  const text = `${method}&${percent(url.origin + url.pathname)}&${percent(pairs.join('&'))}`;
  const due = createHmac(algorithm, `${percent(secret)}&`)
    .update(text)
    .digest();
  const got = Buffer.from(sent.get('oauth_signature') ?? '', 'base64');
  return due.length === got.length && timingSafeEqual(due, got);
}
