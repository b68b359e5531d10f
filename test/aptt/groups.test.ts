import fc from 'fast-check';
import { displayPolicy } from '../../config/policy.ts';
import type { ChartChild } from '../../src/aptt/chart.ts';
import { buildChart } from '../../src/aptt/chart.ts';
import { growthOf } from '../../src/aptt/growth.ts';
import { canPresent, preflight } from '../../src/aptt/preflight.ts';
import { suppress } from '../../src/aptt/suppression.ts';

const since = { id: '1', title: 'Reading', subject: null, skill: null, unit: null, window: 'BOY', from: null, to: null };
const child = fc.record({
  value: fc.option(fc.integer({ min: 0, max: 100 })),
  last: fc.option(fc.integer({ min: 0, max: 100 })),
  number: fc.constant(null),
  optedOut: fc.boolean(),
});

test('growth is told of children scored both times, opted-out ones left out, and never of fewer than ten', () => {
  fc.assert(
    fc.property(fc.array(child, { maxLength: 60 }), (children: ChartChild[]) => {
      const both = children.filter((one) => one.value !== null && one.last !== null && !one.optedOut);
      const growth = growthOf(children, since, { before: 40, now: 50 }, displayPolicy);
      if (both.length < 10) return expect(growth).toBeNull();
      expect(growth).toMatchObject({
        n: both.length,
        grew: both.filter((one) => (one.value ?? 0) > (one.last ?? 0)).length,
        same: both.filter((one) => one.value === one.last).length,
        atOrAboveBefore: both.filter((one) => (one.last ?? 0) >= 40).length,
        atOrAboveNow: both.filter((one) => (one.value ?? 0) >= 50).length,
      });
    }),
  );
});

test('no cell of a leader’s table is about fewer than ten children, nor can one be worked out', () => {
  const cell = fc
    .integer({ min: 0, max: 60 })
    .chain((children) => fc.record({ children: fc.constant(children), atOrAbove: fc.option(fc.integer({ min: 0, max: children })) }));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (column) => {
      const shown = suppress(column, 10);
      expect(shown).toHaveLength(column.length);
      for (const [i, { children, atOrAbove }] of shown.entries()) {
        if (children !== null) expect(children).toBe(column[i]?.children);
        if (children !== null) expect(children).toBeGreaterThanOrEqual(10);
        if (atOrAbove === null) continue;
        expect(atOrAbove).toBe(column[i]?.atOrAbove);
        expect(atOrAbove).toBeGreaterThanOrEqual(10);
        // The rest of the row, which the sum gives away.
        expect(children).not.toBeNull();
        expect((children ?? 0) - atOrAbove).toBeGreaterThanOrEqual(10);
      }
      // The column's total may be known: one hidden cell alone would be the total less the others.
      for (const key of ['children', 'atOrAbove'] as const) {
        const known = shown.filter((_, i) => column[i]?.[key] !== null);
        const hidden = known.filter((row) => row[key] === null).length;
        if (known.length > 1) expect(hidden).not.toBe(1);
      }
    }),
    { numRuns: 1000 },
  );
});

const facts = (children: ChartChild[], more: object = {}) => ({
  chart: buildChart({
    children,
    scale: { min: 0, max: 100 },
    benchmark: { value: 50, source: null, asOf: null },
    bandsConsent: false,
    policy: displayPolicy,
  }),
  policy: displayPolicy,
  children: children.length,
  numbersDrawn: children.length,
  numbersAlive: true,
  withoutNumber: 0,
  historyHidden: false,
  scoreAgeDays: 5,
  held: false,
  ...more,
});
const classOf = (n: number, value: (i: number) => number | null): ChartChild[] =>
  Array.from({ length: n }, (_, i) => ({ value: value(i), last: null, number: 10 + i, optedOut: false }));

test('presenting is refused with its reasons: too few children, no leader’s consent, no numbers, dead numbers', () => {
  const outcome = (checks: ReturnType<typeof preflight>) => checks.filter((check) => check.outcome === 'fails').map((check) => check.code);
  expect(outcome(preflight(facts(classOf(12, (i) => 40 + i))))).toEqual([]);
  expect(outcome(preflight(facts(classOf(5, (i) => 40 + i))))).toEqual(['enough_children']);
  expect(outcome(preflight(facts(classOf(8, (i) => 40 + i))))).toEqual(['bands_consent']);
  expect(
    outcome(
      preflight(
        facts(
          classOf(12, (i) => 40 + i),
          { numbersDrawn: 0, numbersAlive: false },
        ),
      ),
    ),
  ).toEqual(['numbers_drawn', 'numbers_fresh']);
  expect(canPresent(preflight(facts(classOf(12, (i) => 40 + i))))).toBe(true);
  expect(canPresent(preflight(facts(classOf(5, (i) => 40 + i))))).toBe(false);
});

test('the teacher is warned when everybody is on one side, scores are missing or old, a child has no number, or the class is held', () => {
  const warned = (checks: ReturnType<typeof preflight>) => checks.filter((check) => check.outcome === 'warns').map((check) => check.code);
  expect(warned(preflight(facts(classOf(12, (i) => 60 + i))))).toEqual(['everyone_above']);
  expect(warned(preflight(facts(classOf(12, (i) => 10 + i))))).toEqual(['everyone_below']);
  expect(warned(preflight(facts(classOf(14, (i) => (i < 2 ? null : 40 + 2 * i)))))).toEqual(['scores_missing']);
  expect(
    warned(
      preflight(
        facts(
          classOf(12, (i) => 40 + 2 * i),
          { scoreAgeDays: 200, withoutNumber: 1, held: true, historyHidden: true },
        ),
      ),
    ),
  ).toEqual(['arrivals_without_number', 'scores_stale', 'history_hidden', 'class_held']);
});
