import fc from 'fast-check';
import { displayPolicy } from '../../config/policy.ts';
import { buildChart, type ChartChild, type ChartInput } from '../../src/aptt/chart.ts';

const policy = displayPolicy;
const value = fc.oneof(
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 0, max: 12 }).map((step) => step / 4),
);
const childOf = fc.record({
  value: fc.option(value, { freq: 6 }),
  last: fc.option(value, { freq: 8 }),
  number: fc.constant(null),
  optedOut: fc.integer({ min: 0, max: 6 }).map((dice) => dice === 0),
});
/** Numbers as a meeting would give them: all different, one each. */
const classOf = (min: number, max: number) =>
  fc
    .array(childOf, { minLength: min, maxLength: max })
    .map((children): ChartChild[] => children.map((child, i) => ({ ...child, number: i + 100 })));
const benchmarkOf = fc.option(value.map((at) => ({ value: at, source: null, asOf: null })));
const scaleOf = fc.constantFrom({ min: 0, max: 100 }, { min: null, max: null }, { min: 0, max: 20 });
const inputOf = (min: number, max: number): fc.Arbitrary<ChartInput> =>
  fc.record({
    children: classOf(min, max),
    scale: scaleOf,
    benchmark: benchmarkOf,
    bandsConsent: fc.boolean(),
    policy: fc.constant(policy),
  });

const none = { bottom: null, top: null };
const scored = (children: ChartChild[]) => children.filter((child) => !child.optedOut && child.value !== null);
const valuesOf = (children: ChartChild[]) => scored(children).flatMap((child) => child.value ?? []);

test('ten children have marks, six to nine have bands if the leader agreed, fewer have nothing', () => {
  fc.assert(
    fc.property(inputOf(0, 30), (input) => {
      const chart = buildChart(input);
      const n = scored(input.children).length;
      expect(chart.n).toBe(n);
      if (n === 0) expect(chart).toMatchObject({ display: 'none', because: 'no_scores' });
      else if (n < 6) expect(chart).toMatchObject({ display: 'none', because: 'too_few' });
      else if (n < 10 && !input.bandsConsent) expect(chart).toMatchObject({ display: 'none', because: 'needs_consent' });
      else expect(chart).toMatchObject({ display: n < 10 ? 'bands' : 'marks', because: null });
    }),
  );
});

test('where nothing is shown, nothing is told: no mark, band, average, count or extreme', () => {
  fc.assert(
    fc.property(inputOf(0, 12), (input) => {
      const chart = buildChart(input);
      if (chart.display !== 'none') return;
      expect(chart).toMatchObject({ marks: [], bands: [], average: null, atOrAbove: null, coded: none, codedLast: none });
      // Nor by the scale: it is the same whatever the children scored.
      const others = input.children.map((child) => ({ ...child, value: child.value === null ? null : child.value + 7, last: null }));
      expect(buildChart({ ...input, children: others }).scale).toEqual(chart.scale);
    }),
  );
});

test('a child without a score is no mark, one whose family opted out is not there at all, and neither is ever zero', () => {
  fc.assert(
    fc.property(inputOf(10, 30), (input) => {
      const chart = buildChart(input);
      const invited = input.children.filter((child) => !child.optedOut);
      expect(chart.missing).toBe(invited.length - chart.n);
      expect(chart.optedOut).toBe(input.children.length - invited.length);
      if (chart.display !== 'marks') return;
      expect(chart.marks.map((mark) => mark.number).sort()).toEqual(
        scored(input.children)
          .map((child) => child.number)
          .sort(),
      );
    }),
  );
});

test('an opted-out child changes nothing that is shown', () => {
  fc.assert(
    fc.property(inputOf(10, 30), childOf, (input, child) => {
      const before = buildChart(input);
      const after = buildChart({ ...input, children: [...input.children, { ...child, number: 99, optedOut: true }] });
      const byNumber = (chart: typeof before) => [...chart.marks].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
      expect({ ...after, optedOut: 0, marks: byNumber(after) }).toEqual({ ...before, optedOut: 0, marks: byNumber(before) });
    }),
  );
});

test('the lowest and the highest place are shared by three, and nobody else is moved', () => {
  fc.assert(
    fc.property(inputOf(10, 30), (input) => {
      const chart = buildChart(input);
      if (chart.display !== 'marks') return;
      const truth = new Map(input.children.map((child) => [child.number, child.value]));
      const line = chart.benchmark?.value ?? null;
      const drawn = chart.marks.map((mark) => mark.value);
      const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
      const sides = (at: number) => chart.marks.filter((mark) => line === null || mark.value < line === at < line).length;
      // Three, or all there are on that side of the benchmark.
      expect(drawn.filter((at) => at === low).length).toBeGreaterThanOrEqual(Math.min(3, sides(low)));
      expect(drawn.filter((at) => at === high).length).toBeGreaterThanOrEqual(Math.min(3, sides(high)));
      for (const mark of chart.marks) {
        const own = truth.get(mark.number) ?? Number.NaN;
        if (mark.value !== own)
          expect(own < mark.value ? mark.value : -mark.value).toBe(
            own < mark.value ? chart.coded.bottom : -(chart.coded.top ?? Number.NaN),
          );
      }
    }),
    { numRuns: 500 },
  );
});

test('last time’s lowest and highest are drawn together too, and are said to be', () => {
  fc.assert(
    fc.property(inputOf(10, 30), (input) => {
      const { display, marks, codedLast } = buildChart(input);
      if (display !== 'marks') return;
      const truth = new Map(input.children.map((child) => [child.number, child.last]));
      const moved = marks.flatMap(({ number, last }) =>
        last === null || last === truth.get(number) ? [] : [{ last, own: truth.get(number) ?? 0 }],
      );
      for (const { last, own } of moved) expect(last).toBe(own < last ? codedLast.bottom : codedLast.top);
      expect(codedLast.bottom !== null).toBe(moved.some(({ last, own }) => own < last));
      expect(codedLast.top !== null).toBe(moved.some(({ last, own }) => own > last));
    }),
    { numRuns: 500 },
  );
});

test('drawing extremes together never moves a child across the benchmark, so the words and the picture agree', () => {
  fc.assert(
    fc.property(inputOf(10, 30), (input) => {
      const chart = buildChart(input);
      if (chart.display !== 'marks' || !chart.benchmark) return;
      const line = chart.benchmark.value;
      const truth = new Map(input.children.map((child) => [child.number, child.value ?? 0]));
      for (const mark of chart.marks) expect(mark.value >= line).toBe((truth.get(mark.number) ?? 0) >= line);
      expect(chart.atOrAbove).toEqual({ count: chart.marks.filter((mark) => mark.value >= line).length, of: chart.n });
    }),
    { numRuns: 500 },
  );
});

test('the average tells no more than the marks do, and there is none below ten', () => {
  fc.assert(
    fc.property(inputOf(6, 30), (input) => {
      const chart = buildChart(input);
      if (chart.display !== 'marks') return expect(chart.average).toBeNull();
      const mean = chart.marks.reduce((sum, mark) => sum + mark.value, 0) / chart.n;
      expect(chart.average).toBeCloseTo(mean, 0);
      expect(Math.abs((chart.average ?? 0) - mean)).toBeLessThanOrEqual(0.051);
    }),
  );
});

test('last time is shown only where neither having it nor lacking it points at few children', () => {
  fc.assert(
    fc.property(inputOf(10, 30), (input) => {
      const chart = buildChart(input);
      if (chart.display !== 'marks') return;
      const lack = scored(input.children).filter((child) => child.last === null).length;
      const shown = chart.marks.filter((mark) => mark.last !== null).length;
      if (lack === 1 || lack === 2) expect(shown).toBe(0);
      if (shown > 0) {
        expect(shown).toBe(chart.n - lack);
        expect(shown).toBeGreaterThanOrEqual(3);
      }
    }),
    { numRuns: 500 },
  );
});

test('no band holds fewer than three children, bands meet without a gap, and everybody is in one', () => {
  fc.assert(
    fc.property(inputOf(6, 9), (input) => {
      const chart = buildChart({ ...input, bandsConsent: true });
      if (chart.display !== 'bands') return;
      expect(chart.bands.every((band) => band.count >= 3)).toBe(true);
      expect(chart.bands.reduce((sum, band) => sum + band.count, 0)).toBe(chart.n);
      for (const [i, band] of chart.bands.entries()) expect(band.from).toBe(i === 0 ? chart.scale.min : chart.bands[i - 1]?.to);
      expect(chart.bands.at(-1)?.to).toBe(chart.scale.max);
      expect(chart.marks).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('below ten children, how many reach the benchmark is told only where both sides are three or more', () => {
  fc.assert(
    fc.property(inputOf(6, 9), (input) => {
      const chart = buildChart({ ...input, bandsConsent: true });
      if (chart.display !== 'bands' || !chart.benchmark) return expect(chart.atOrAbove).toBeNull();
      const line = chart.benchmark.value;
      const above = valuesOf(input.children).filter((at) => at >= line).length;
      expect(chart.atOrAbove).toEqual(above >= 3 && chart.n - above >= 3 ? { count: above, of: chart.n } : null);
      if (chart.atOrAbove) expect(chart.bands.some((band) => band.from === line)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('marks come in another order each time, and the order of the class is in none of them', () => {
  const children: ChartChild[] = Array.from({ length: 12 }, (_, i) => ({ value: 20 + i, last: null, number: 10 + i, optedOut: false }));
  const input = { children, scale: { min: 0, max: 100 }, benchmark: null, bandsConsent: false, policy };
  const orders = new Set(
    Array.from({ length: 50 }, () =>
      buildChart(input)
        .marks.map((mark) => mark.number)
        .join(),
    ),
  );
  expect(orders.size).toBe(50);
});

test('a class where all but one reach the benchmark shows that one just under it, not where they are', () => {
  const children: ChartChild[] = Array.from({ length: 12 }, (_, i) => ({
    value: i === 0 ? 4 : 40 + i,
    last: null,
    number: 10 + i,
    optedOut: false,
  }));
  const benchmark = { value: 40, source: null, asOf: null };
  const chart = buildChart({ children, scale: { min: 0, max: 100 }, benchmark, bandsConsent: false, policy });
  expect(chart.marks.find((mark) => mark.number === 10)).toEqual({ number: 10, value: 39, last: null });
  expect(chart.atOrAbove).toEqual({ count: 11, of: 12 });
  expect(chart.coded).toEqual({ bottom: 39, top: 49 });
});
