/** What an address must be before it is kept, called or posted to. Pure. */
import { z } from 'zod';

const loopback = /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A parser passes over some of these, drops some and keeps some; as written, they go into headers and the database. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are meant
const strange = /[\u0000-\u0020\u007f]/;
/** A URL's host may hold more than a machine's name does: what a content policy reads as "any host" or as its next rule. */
const machine = /^([\w.-]+|\[[\da-f:.]+\])$/;

/** https, or http on this machine; nothing in it that could be mistaken for another host, and no fragment. */
export function isSafeAddress(value: string): boolean {
  const url = value.length <= 2048 && !strange.test(value) && URL.canParse(value) ? new URL(value) : null;
  if (!url || url.username || url.password || url.hash || !machine.test(url.hostname)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
}

export const address = z
  .string()
  .max(2048)
  .refine(isSafeAddress, 'must be an https address without user name or fragment (http only on this machine)');
