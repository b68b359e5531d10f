/**
 * The platforms' public keys. A fetched set serves for hours when the platform's address stops answering; a key nobody has seen fetches
 * the set again at once, so that a rotation is noticed by the next launch, but at most once a window, so that a flood of made-up keys
 * costs the platform one request.
 * @throws Refusal `key_unknown` | `keys_unreachable`
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { outbound } from '../src/outbound.ts';
import { Refusal } from './refusal.ts';

export type PlatformKeys = { find(jwksUrl: string, kid: string): Promise<KeyObject> };

type Settings = {
  now: () => number;
  /** ms after which a set is fetched again in the background */
  freshFor: number;
  /** ms after which a set that could not be renewed is trusted no more */
  trustFor: number;
  /** ms between two fetches for keys nobody has seen */
  window: number;
  /** ms between two tries of an address that failed */
  pause: number;
  /** ms for a whole fetch */
  timeout: number;
};
const defaults: Settings = { now: Date.now, freshFor: 15 * 60_000, trustFor: 24 * 3600_000, window: 30_000, pause: 5_000, timeout: 4_000 };

const maxBytes = 256 * 1024;

type Entry = {
  keys: Map<string, KeyObject>;
  fetchedAt: number;
  failedAt: number;
  /** The last fetch made for a key nobody had seen. */
  soughtAt: number;
  fetching: Promise<void> | null;
};

export function platformKeys(changed: Partial<Settings> = {}): PlatformKeys {
  const settings = { ...defaults, ...changed };
  const entries = new Map<string, Entry>();

  /** One fetch at a time an address; whoever comes meanwhile waits for the same. */
  const renew = (url: string, entry: Entry): Promise<void> => {
    entry.fetching ??= fetchKeys(url, settings.timeout)
      .then((keys) => {
        entry.keys = keys;
        entry.fetchedAt = settings.now();
      })
      .catch((cause: unknown) => {
        entry.failedAt = settings.now();
        throw unreachable(cause);
      })
      .finally(() => {
        entry.fetching = null;
      });
    return entry.fetching;
  };

  return {
    async find(url, kid) {
      const entry = entries.get(url) ?? { keys: new Map(), fetchedAt: -Infinity, failedAt: -Infinity, soughtAt: -Infinity, fetching: null };
      entries.set(url, entry);
      const since = (moment: number) => settings.now() - moment;

      if (since(entry.fetchedAt) > settings.trustFor) {
        if (since(entry.failedAt) < settings.pause) throw unreachable();
        await renew(url, entry);
        if (!entry.keys.has(kid)) entry.soughtAt = settings.now();
      } else if (since(entry.fetchedAt) > settings.freshFor && since(entry.failedAt) > settings.pause) {
        renew(url, entry).catch(() => {}); // the set at hand serves on; `failedAt` remembers
      }
      if (!entry.keys.has(kid)) {
        if (since(entry.failedAt) < settings.pause) throw unreachable();
        if (since(entry.soughtAt) > settings.window) {
          entry.soughtAt = settings.now();
          await renew(url, entry);
        }
        await entry.fetching;
      }
      const key = entry.keys.get(kid);
      if (!key) throw new Refusal('key_unknown', 'the token is signed with a key the platform does not publish');
      return key;
    },
  };
}

const unreachable = (cause?: unknown) => new Refusal('keys_unreachable', 'the platform does not hand out its keys', { cause });

const keySet = z.object({ keys: z.array(z.unknown()).max(200) });
/** Only what RS256 needs; a key without a name, or meant for something else, is passed over. */
const rsaKey = z.object({
  kid: z.string().min(1),
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  use: z.literal('sig').optional(),
  alg: z.literal('RS256').optional(),
});

async function fetchKeys(url: string, timeout: number): Promise<Map<string, KeyObject>> {
  const { status, body } = await outbound(url, { timeout, maxBytes });
  if (status !== 200) throw new Error(`answered ${status}`);
  const { keys } = keySet.parse(JSON.parse(body.toString('utf8')));
  const found = new Map<string, KeyObject>();
  for (const key of keys) {
    const jwk = rsaKey.safeParse(key);
    if (!jwk.success) continue;
    const { kid, kty, n, e } = jwk.data;
    const imported = importedKey({ kty, n, e });
    if (imported) found.set(kid, imported);
  }
  return found;
}

/** RFC 7518 §3.3: a key of 2048 bits or more */
function importedKey(key: { kty: string; n: string; e: string }): KeyObject | null {
  try {
    const imported = createPublicKey({ key, format: 'jwk' });
    return (imported.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? imported : null;
  } catch {
    return null; // not a key: passed over like one of another kind
  }
}
