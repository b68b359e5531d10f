/**
 * Private numbers (aptt-domain: private numbers, rule 1). Drawn with a cryptographic generator, uniformly, without replacement, anew for
 * every meeting. Nothing about a child is an argument here, so nothing about a child can be in a number. Throws nothing.
 */
import { randomInt } from 'node:crypto';

/** An inclusive range. */
export type Pool = { from: number; to: number };

const sizeOf = (pool: Pool) => pool.to - pool.from + 1;

/** At least twice as many numbers as children: 10–99, then 10–999 and so on. */
export function widened(pool: Pool, children: number): Pool {
  const wide = { ...pool };
  while (sizeOf(wide) < 2 * children) wide.to = wide.to * 10 + 9;
  return wide;
}

/**
 * Numbers for `count` more children beside those already `taken`. A late arrival never stands out: when all together need a wider pool than
 * the numbers in hand came from, everybody's are to be drawn again.
 */
export function drawNumbers(pool: Pool, count: number, taken: ReadonlySet<number> = new Set()): { numbers: number[]; redrawAll: boolean } {
  const wide = widened(pool, taken.size + count);
  if (taken.size > 0 && wide.to !== widened(pool, taken.size).to) {
    return { numbers: draw(wide, taken.size + count, new Set()), redrawAll: true };
  }
  return { numbers: draw(wide, count, taken), redrawAll: false };
}

function draw(pool: Pool, count: number, taken: ReadonlySet<number>): number[] {
  const free = Array.from({ length: sizeOf(pool) }, (_, i) => pool.from + i).filter((number) => !taken.has(number));
  return shuffled(free).slice(0, count);
}

/** Fisher–Yates over a cryptographic generator. */
export function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T]; // both indexes are inside the array
  }
  return order;
}
