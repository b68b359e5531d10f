/** What an address must be before it is kept, called or posted to. Pure. */
import { z } from 'zod';

const loopback = /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** https, or http on this machine; nothing in it that could be mistaken for another host, and no fragment. */
export function isSafeAddress(value: string): boolean {
  const url = value.length <= 2048 && URL.canParse(value) ? new URL(value) : null;
  if (!url || url.username || url.password || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
}

export const address = z
  .string()
  .max(2048)
  .refine(isSafeAddress, 'must be an https address without user name or fragment (http only on this machine)');
