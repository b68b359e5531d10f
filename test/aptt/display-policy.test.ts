import fc from 'fast-check';
import { displayPolicy } from '../../config/policy.ts';
import { stricter } from '../../src/aptt/display-policy.ts';

const anything = fc.oneof(
  fc.integer({ min: -50, max: 500 }),
  fc.double(),
  fc.string(),
  fc.constant(null),
  fc.constant(undefined),
  fc.object(),
);
const wishes = fc.record(
  {
    marksFrom: anything,
    bandsFrom: anything,
    averageFrom: anything,
    cellFrom: anything,
    historyLackFrom: anything,
    numbersLiveDays: anything,
    pool: fc.oneof(anything, fc.record({ from: fc.integer({ min: -10, max: 2000 }), to: fc.integer({ min: -10, max: 3000 }) })),
  },
  { requiredKeys: [] },
);

test('whatever a district writes into its settings, the limits only ever grow stricter', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const policy = stricter(displayPolicy, wish);
      for (const key of ['marksFrom', 'bandsFrom', 'averageFrom', 'cellFrom', 'historyLackFrom'] as const) {
        expect(policy[key]).toBeGreaterThanOrEqual(displayPolicy[key]);
      }
      expect(policy.marksFrom).toBeGreaterThanOrEqual(policy.bandsFrom);
      expect(policy.numbersLiveDays).toBeLessThanOrEqual(displayPolicy.numbersLiveDays);
      expect(policy.numbersLiveDays).toBeGreaterThan(0);
      expect(policy.pool.to - policy.pool.from).toBeGreaterThanOrEqual(displayPolicy.pool.to - displayPolicy.pool.from);
    }),
  );
});

test('settings that cannot be read change nothing', () => {
  for (const nonsense of [null, undefined, 7, 'strict', [], { marksFrom: 'many' }, { pool: { from: 5, to: 1 } }]) {
    expect(stricter(displayPolicy, nonsense)).toEqual(displayPolicy);
  }
});

test('a stricter wish is taken, each on its own', () => {
  expect(stricter(displayPolicy, { marksFrom: 15, cellFrom: 'x', numbersLiveDays: 3 })).toEqual({
    ...displayPolicy,
    marksFrom: 15,
    numbersLiveDays: 3,
  });
  expect(stricter(displayPolicy, { bandsFrom: 12 })).toMatchObject({ bandsFrom: 12, marksFrom: 12 });
});
