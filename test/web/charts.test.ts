/** The arithmetic of the charts: whatever the scores, marks lie on the axis and in the right order. */
import fc from 'fast-check';
import { axisOf, domainOf } from '../../src/web/charts/domain.ts';
import { isMoveKnown, lastKindOf, valueLabel } from '../../src/web/charts/plot.ts';

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

test('last time’s marks that are drawn together point to where they may lie, and the others do not', () => {
  const codedLast = { bottom: 59, top: 120 };
  expect([59, 60, 120].map((last) => lastKindOf(last, codedLast))).toEqual(['lastOrLess', 'last', 'lastOrMore']);
  expect(lastKindOf(59, { bottom: null, top: null })).toBe('last');
});

test('a line from last time to now is drawn only where nobody can have gone the other way', () => {
  const ends = { coded: { bottom: 75, top: 132 }, codedLast: { bottom: 59, top: 120 } };
  const known = (last: number | null, value: number) => isMoveKnown({ number: 1, value, last }, ends);
  expect(known(80, 90)).toBe(true);
  expect(known(59, 80)).toBe(true); // from 59 or less
  expect(known(80, 132)).toBe(true); // to 132 or more
  expect(known(59, 75)).toBe(false); // 46 to 63, as well as 58 to 50
  expect(known(70, 75)).toBe(false); // 75 or less may be less than 70
  expect(known(120, 130)).toBe(false); // 120 or more may be more than 130
  expect(known(null, 90)).toBe(false);
});
