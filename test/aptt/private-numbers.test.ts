import fc from 'fast-check';
import { displayPolicy } from '../../config/policy.ts';
import { drawNumbers, shuffled, widened } from '../../src/aptt/private-numbers.ts';

const { pool } = displayPolicy;

test('a class of any size gets that many different numbers of the pool', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (children) => {
      const { numbers } = drawNumbers(pool, children);
      const wide = widened(pool, children);
      expect(new Set(numbers).size).toBe(children);
      expect(numbers.every((number) => number >= wide.from && number <= wide.to)).toBe(true);
    }),
  );
});

test('there are always at least twice as many numbers as children, so no number gives away who is missing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), (children) => {
      const wide = widened(pool, children);
      expect(wide.to - wide.from + 1).toBeGreaterThanOrEqual(2 * children);
      expect(wide.from).toBe(pool.from);
    }),
  );
});

test('a late arrival gets a number nobody has, and everybody a new one when theirs would stand out', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 30 }), (first, arrivals) => {
      const taken = drawNumbers(pool, first).numbers;
      const { numbers, redrawAll } = drawNumbers(pool, arrivals, new Set(taken));
      expect(new Set(redrawAll ? numbers : [...taken, ...numbers]).size).toBe(first + arrivals);
      const digits = widened(pool, first + arrivals).to;
      expect(redrawAll).toBe(digits !== widened(pool, first).to);
    }),
  );
});

test('two meetings of one class share no pattern: numbers repeat only as often as chance has it', () => {
  const rounds = 400;
  let repeated = 0;
  let ascending = 0;
  for (let i = 0; i < rounds; i++) {
    const [one, two] = [drawNumbers(pool, 25).numbers, drawNumbers(pool, 25).numbers];
    repeated += one.filter((number, child) => number === two[child]).length;
    ascending += one.filter((number, child) => child > 0 && number > (one[child - 1] ?? 0)).length;
  }
  // Expected: 25/90 of a child a round; half of the neighbours ascend. Bounds are six standard deviations away.
  expect(repeated).toBeLessThan(rounds * (25 / 90) + 6 * Math.sqrt(rounds * (25 / 90)));
  expect(Math.abs(ascending - rounds * 12)).toBeLessThan(6 * Math.sqrt(rounds * 24 * 0.25));
});

test('a shuffle loses nobody and keeps no place', () => {
  const places = new Map<number, number>();
  for (let i = 0; i < 3000; i++) {
    const order = shuffled([0, 1, 2, 3, 4]);
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
    places.set(order[0] ?? -1, (places.get(order[0] ?? -1) ?? 0) + 1);
  }
  for (const times of places.values()) expect(Math.abs(times - 600)).toBeLessThan(140);
});
