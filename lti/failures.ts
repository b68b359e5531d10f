/**
 * How often one address may fail at one platform within a minute. A flood under one platform's name is turned away before it costs a query or
 * a signature; the same school's launches from another platform, and that platform's other people, do not notice.
 * @throws AppError `too_many_failures`
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../src/errors.ts';
import type { Refusal } from './refusal.ts';

export type Failures = {
  /** @param issuer as claimed: not verified yet, and only as good as that */
  check(address: string, issuer: string): Promise<void>;
  count(address: string, issuer: string, refusal: Refusal): Promise<void>;
};

/** What a person can run into without anything being wrong is no failure: a link opened twice, a deployment that still waits. */
const counted = new Set<string>(['untrusted', 'unconnected', 'unreachable']);

export function failures(perMinute: number): Failures {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const key = (address: string, issuer: string) => `${address} ${issuer.slice(0, 512)}`;
  return {
    async check(address, issuer) {
      const seen = await limiter.get(key(address, issuer));
      if (seen === null || seen.consumedPoints < perMinute) return;
      throw new AppError('too_many_failures', 'too many failed launches of one platform from one address', { status: 429 });
    },
    async count(address, issuer, { page }) {
      if (counted.has(page)) await limiter.penalty(key(address, issuer));
    },
  };
}
