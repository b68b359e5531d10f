/**
 * How fast one host is asked: so many calls at once, and a pause between their starts. A host that says "too many" is asked half as much
 * from then on, and a little more again as its answers come. Shared by everything in this process that asks that host.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const most = 8;
const startsWith = 4;
const longestGap = 5_000;
/** Good answers in a row after which a host is asked a little more. */
const trust = 20;

export class Pace {
  /** Calls at once. */
  width = startsWith;
  /** ms between two starts. */
  gap = 0;
  private running = 0;
  private good = 0;
  private nextStart = 0;
  private waiting: (() => void)[] = [];
  private readonly firstGap: number;

  constructor(firstGap = 50) {
    this.firstGap = firstGap;
  }

  /** Waits for its turn. Whoever entered must leave. @throws the signal's reason */
  async enter(signal?: AbortSignal): Promise<void> {
    while (this.running >= this.width) await this.turn(signal);
    this.running++;
    try {
      for (let wait = this.nextStart - Date.now(); wait > 0; wait = this.nextStart - Date.now()) await pause(wait, signal);
      signal?.throwIfAborted();
      this.nextStart = Date.now() + this.gap;
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.running--;
    this.waiting.shift()?.();
  }

  answered(): void {
    if (++this.good % trust !== 0) return;
    this.gap = this.gap < this.firstGap / 2 ? 0 : this.gap * 0.7;
    if (this.width < most) {
      this.width++;
      this.waiting.shift()?.();
    }
  }

  /** @param wait ms the host asked for: nobody asks it before */
  throttled(wait: number): void {
    this.good = 0;
    this.width = Math.max(1, Math.floor(this.width / 2));
    this.gap = Math.min(longestGap, Math.max(this.firstGap, this.gap * 2));
    this.nextStart = Math.max(this.nextStart, Date.now() + wait);
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
    });
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
