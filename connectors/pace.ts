/**
 * How fast one host is asked: so many calls at once, and a pause between their starts. Both are found out by asking: every good answer
 * eases them a little, every "too many" takes a good part away, and the host settles near what it bears. One that refuses whatever it is
 * asked, however slowly, is eased as often as it is spared, and not asked ever more slowly. Shared by everything in this process that asks
 * that host.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const most = 8;
const startsWith = 4;
const longestGap = 5_000;
/** What a good answer adds to the calls at once … */
const wider = 0.05;
/** … and to the starts in a second: so much of them, and a little more where they are few. */
const faster = 0.05;
const fasterAnyhow = 0.1;
/** What "too many" leaves of them. */
const narrowed = 0.5;
const slowed = 0.7;

export type Clock = { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };

export class Pace {
  /** Calls at once; the broken part is on its way to the next. */
  width = startsWith;
  /** ms between two starts. */
  gap = 0;
  private running = 0;
  private starts = 0;
  /** The last start under what was then held to be bearable. */
  private outdated = 0;
  private nextStart = 0;
  private waiting: (() => void)[] = [];
  private readonly firstGap: number;
  private readonly clock: Clock;

  constructor(firstGap = 50, clock: Clock = { now: Date.now, sleep: pause }) {
    this.firstGap = firstGap;
    this.clock = clock;
  }

  /** Waits for its turn. Whoever entered must leave. @returns which start this is @throws the signal's reason */
  async enter(signal?: AbortSignal): Promise<number> {
    await this.turn(signal);
    try {
      for (let wait = this.ahead(); wait > 0; wait = this.ahead()) await this.clock.sleep(wait, signal);
      signal?.throwIfAborted();
      this.nextStart = this.clock.now() + this.gap;
      return ++this.starts;
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.running--;
    this.admit();
  }

  answered(): void {
    this.gap = 1000 / ((1000 / this.gap) * (1 + faster) + fasterAnyhow);
    if (this.gap < this.firstGap / 2) this.gap = 0;
    this.width = Math.min(most, this.width + wider);
    this.admit();
  }

  /**
   * @param start of several under way at once that are all refused, the first says what the others say
   * @param wait ms the host asked for: nobody asks it before
   */
  throttled(start: number, wait: number): void {
    this.nextStart = Math.max(this.nextStart, this.clock.now() + wait);
    if (start <= this.outdated) return;
    this.outdated = this.starts;
    this.width = Math.max(1, this.width * narrowed);
    this.gap = Math.min(longestGap, Math.max(this.firstGap, this.gap / slowed));
  }

  private ahead(): number {
    return this.nextStart - this.clock.now();
  }

  private turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const go = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.waiting = this.waiting.filter((other) => other !== go);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.waiting.push(go);
      this.admit();
    });
  }

  /** In the order they came: whoever has just left does not go in again before those who wait. */
  private admit(): void {
    while (this.waiting.length > 0 && this.running + 1 <= this.width) {
      this.running++;
      this.waiting.shift()?.();
    }
  }
}

const paces = new Map<string, Pace>();

export function paceOf(host: string): Pace {
  const known = paces.get(host) ?? new Pace();
  paces.set(host, known);
  return known;
}

/** @throws the signal's reason, as everything that is stopped does */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
