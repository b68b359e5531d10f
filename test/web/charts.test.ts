/** The arithmetic of the charts: whatever the scores, marks lie on the axis and in the right order. */
import fc from 'fast-check';
import { axisOf, domainOf } from '../../src/web/charts/domain.ts';
import { valueLabel } from '../../src/web/charts/plot.ts';

const scores = fc.array(fc.integer({ min: -500, max: 2_000 }), { minLength: 1, maxLength: 40 });
const scale = fc
  .tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 1_500 }))
  .map(([min, span]) => ({ min, max: min + span }));

test('every score has its place inside the picture, higher scores never lower', () => {
  fc.assert(
    fc.property(scores, scale, (values, range) => {
      const axis = axisOf(domainOf(values, range), [300, 20], 5);
      const places = [...values].sort((a, b) => a - b).map(axis.at);
      for (const [i, place] of places.entries()) {
        expect(place).toBeGreaterThanOrEqual(20);
        expect(place).toBeLessThanOrEqual(300);
        expect(place).toBeLessThanOrEqual(places[i - 1] ?? 300);
      }
    }),
  );
});

test('a stem is drawn only from the start of the scale: a shortened bar would lie', () => {
  expect(domainOf([18, 81, 40], { min: 0, max: 250 })).toMatchObject({ from: 0, whole: true });
  expect(domainOf([168, 210, 190], { min: 100, max: 350 }).whole).toBe(false);
});

test('a class all tied has a scale to stand on', () => {
  const { from, to } = domainOf([40, 40, 40], { min: 0, max: 250 });
  expect(from).toBeLessThan(40);
  expect(to).toBeGreaterThan(40);
});

test('no score at all shows the scale itself', () => {
  expect(domainOf([], { min: 0, max: 250 })).toEqual({ from: 0, to: 250, whole: true });
});

test('values drawn together say that they may be more or less', () => {
  const coded = { bottom: 10, top: 80 };
  expect([10, 11, 80].map((value) => valueLabel(String, value, coded))).toEqual(['≤10', '11', '80+']);
});
