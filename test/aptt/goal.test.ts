import fc from 'fast-check';
import { daysBetween, daysLater, endOfMay, type GoalInput, impossible, suggestGoal } from '../../src/aptt/goal.ts';

const winter: GoalInput = {
  baseline: 12,
  benchmark: { now: 40, endOfYear: 60 },
  weeksLeft: 24,
  windowWeeks: 6,
  scale: { min: 0, max: 250 },
};
const of = (more: Partial<GoalInput>) => suggestGoal({ ...winter, ...more });

describe('the suggested goal', () => {
  test('brings a child who is behind nearer to the year’s end, at the pace that takes', () => {
    expect(of({})).toEqual({ kind: 'goal', target: 24 }); // 48 words in 24 weeks: 2 a week
  });

  test('lets a child at the benchmark grow as such a child does', () => {
    expect(of({ baseline: 45 })).toEqual({ kind: 'goal', target: 50 }); // 20 words in 24 weeks
  });

  test('stretches a child who is where the year ends already', () => {
    expect(of({ baseline: 61 })).toEqual({ kind: 'stretch', target: 66 });
  });

  test('names the next skill where this one is learnt: at the top of the scale, or past the one benchmark of the whole year', () => {
    expect(of({ baseline: 250 })).toEqual({ kind: 'next_skill', target: null });
    expect(of({ baseline: 61, benchmark: { now: 60, endOfYear: 60 } })).toEqual({ kind: 'next_skill', target: null });
  });

  test('is the teacher’s own to find where no benchmark is known, or none ahead', () => {
    expect(of({ baseline: 61, benchmark: { now: 60, endOfYear: null } })).toEqual({ kind: 'own', target: null });
    expect(of({ benchmark: { now: null, endOfYear: null } })).toEqual({ kind: 'own', target: null });
  });

  test('does not ask more of the last weeks of the year than the benchmark', () => {
    expect(of({ baseline: 50, weeksLeft: 1, benchmark: { now: null, endOfYear: 60 } })).toEqual({ kind: 'goal', target: 60 });
  });
});

const benchmark = fc.option(fc.double({ min: -50, max: 300, noNaN: true }));
const inputs = fc.record({
  baseline: fc.double({ min: -50, max: 300, noNaN: true }),
  benchmark: fc.record({ now: benchmark, endOfYear: benchmark }),
  weeksLeft: fc.double({ min: -10, max: 60, noNaN: true }),
  windowWeeks: fc.integer({ min: 1, max: 20 }),
  scale: fc.record({ min: fc.constant(null), max: fc.option(fc.double({ min: -50, max: 300, noNaN: true })) }),
});

test('a suggestion can be counted, lies beyond where the child stands, on the scale, and is one a teacher could have wished', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { target } = suggestGoal(input);
      if (target === null) return;
      expect(Number.isInteger(target)).toBe(true);
      expect(target).toBeGreaterThan(input.baseline);
      if (input.scale.max !== null) expect(target).toBeLessThanOrEqual(input.scale.max);
      const from = { baseline: input.baseline, scale: input.scale, today: '2026-11-25' };
      expect(impossible({ target, dueOn: '2027-01-06' }, from)).toBeNull();
    }),
  );
});

test('whoever stands higher is never given a lower goal, and more weeks never a nearer one', () => {
  fc.assert(
    fc.property(inputs, fc.double({ min: 0, max: 40, noNaN: true }), (input, more) => {
      const [one, other] = [suggestGoal(input), suggestGoal({ ...input, baseline: input.baseline + more })];
      if (one.target !== null && other.target !== null) expect(other.target).toBeGreaterThanOrEqual(one.target);
      const longer = suggestGoal({ ...input, weeksLeft: 60, windowWeeks: input.windowWeeks + 1 });
      const shorter = suggestGoal({ ...input, weeksLeft: 60 });
      if (longer.target !== null && shorter.target !== null) expect(longer.target).toBeGreaterThanOrEqual(shorter.target);
    }),
  );
});

test('catching up ends at the benchmark: only a child who is there already is asked for more', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const end = input.benchmark.endOfYear ?? input.benchmark.now;
      const { kind, target } = suggestGoal({ ...input, benchmark: { now: end, endOfYear: end } });
      if (kind === 'goal' && end !== null) expect(target).toBeLessThanOrEqual(Math.max(Math.ceil(end), Math.floor(input.baseline) + 1));
    }),
  );
});

test('a wish that cannot be says which part of it', () => {
  const from = { baseline: 12, scale: { min: 0, max: 100 }, today: '2026-11-25' };
  const wish = (target: number, dueOn = '2027-01-06') => impossible({ target, dueOn }, from);
  expect([wish(12), wish(101), wish(Number.NaN)]).toEqual(['target', 'target', 'target']);
  expect([wish(20, '2026-11-25'), wish(20, '2028-01-01'), wish(20, 'soon')]).toEqual(['dueOn', 'dueOn', 'dueOn']);
  expect([wish(13), wish(100), wish(20, '2026-11-26')]).toEqual([null, null, null]);
});

test('days are counted over the turn of the year and of the clock', () => {
  expect(daysLater('2026-11-25', 42)).toBe('2027-01-06');
  expect(daysBetween('2026-10-20', '2026-12-01')).toBe(42);
  expect([endOfMay('2026-11-25'), endOfMay('2027-05-31'), endOfMay('2027-06-01')]).toEqual(['2027-05-31', '2027-05-31', '2028-05-31']);
});
