/**
 * Who may frame our pages: the platform a session was opened from, and no other. The first request of a page carries no session where
 * cookies are blocked, so the launch leads to an address that names its platform: `/app/in/NUMBER.MARK/`. The mark is made with the
 * service's secret, so nobody can ask for a platform they did not come from, nor learn which there are. The address opens nothing: whoever
 * has it learns the framing origins of a platform they already know, and can have the page framed by those alone. Without it, or with a
 * mark that does not fit, a page works in a window of its own and in no frame.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Framing = {
  /** Where a launch from this platform leads. */
  addressFor(platformId: number): string;
  /** Origins that may frame the page at this place; none for a place of nobody's making. Never throws. */
  originsFor(place: string): Promise<string[]>;
};

/** A platform is asked for again after this many milliseconds; when the database does not answer, what was known stays. */
const liveFor = 60_000;

/** @param read the origins that may frame us for this platform; none for one that is switched off */
export function framing(secret: string, read: (platformId: number) => Promise<string[]>): Framing {
  const known = new Map<number, { origins: string[]; readAt: number }>(); // only of marked places, so no larger than the platforms are many
  const markOf = (platformId: number) => createHmac('sha256', secret).update(`aptt frame ${platformId}`).digest().subarray(0, 16);
  const addresses = new Map<number, string>(); // of platforms alone: nobody else is led anywhere
  return {
    addressFor: (platformId) => {
      const address = addresses.get(platformId) ?? `/app/in/${platformId}.${markOf(platformId).toString('base64url')}/`;
      addresses.set(platformId, address);
      return address;
    },
    originsFor: async (place) => {
      const [, number, mark = ''] = /^([1-9]\d{0,9})\.([\w-]{22})$/.exec(place) ?? [];
      if (!number || !timingSafeEqual(Buffer.from(mark, 'base64url'), markOf(Number(number)))) return [];
      const platformId = Number(number);
      const last = known.get(platformId);
      if (last && Date.now() - last.readAt < liveFor) return last.origins;
      const origins = await read(platformId).catch(() => last?.origins);
      if (!origins) return []; // not remembered: the next page asks again
      known.set(platformId, { origins, readAt: Date.now() });
      return origins;
    },
  };
}

/** @param framedBy origins whose pages may show ours in a frame */
export const policyFor = (framedBy: string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framedBy.length > 0 ? framedBy.join(' ') : "'none'"}`,
  ].join('; ');
