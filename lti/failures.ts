/**
 * How often one address may fail at one thing within a minute before it is turned away at no cost. A school is one address: whoever comes with a
 * login of ours in the right browser is never turned away, and what fails under another name, or costs nothing, is not counted against it.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Refusal, type Where } from './refusal.ts';

export type Failures = {
  /** The refusal for whoever failed too often; null while they may try. @param who address and name, as claimed */
  turnedAway(who: string): Promise<Refusal | null>;
  count(who: string, refusal: Refusal): Promise<void>;
};

/** What a person can run into without anything being wrong is no failure: a link opened twice, a deployment that still waits. */
const counted = new Set<string>(['untrusted', 'unconnected', 'unreachable']);
/** Refused by its look, without a query. */
const costless = new Set<string>(['login_malformed', 'target_foreign']);

export function failures(perMinute: number): Failures {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  /** Whose platform it turned out to be, for the diary: nothing is looked up for those who are turned away. */
  const places = new Map<string, Where>();
  const mostPlaces = 1000;
  return {
    async turnedAway(who) {
      const seen = await limiter.get(who);
      if (seen === null || seen.consumedPoints < perMinute) return null;
      const refusal = new Refusal('too_many_failures', 'too many failed visits of one platform from one address within a minute');
      refusal.where = places.get(who) ?? null;
      return refusal;
    },
    async count(who, { code, page, where }) {
      if (!counted.has(page) || costless.has(code)) return;
      const { consumedPoints } = await limiter.penalty(who);
      if (!where || consumedPoints < perMinute) return;
      if (places.size >= mostPlaces) places.clear();
      places.set(who, { ...where, deploymentId: null });
    },
  };
}
