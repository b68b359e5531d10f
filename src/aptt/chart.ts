/**
 * The group's chart under the display policy (aptt-domain: private numbers, rules 2–4): what must not be seen is not in it. Pure but for
 * the random order of marks; throws nothing. It never sees a name or an id, so it cannot give one away.
 */

import type { DisplayPolicy } from '../../config/policy.ts';
import type { ChartShape, Coded, Mark } from '../read-models/shapes.ts';
import { shuffled } from './private-numbers.ts';

/** One child of the class, as far as a chart may know them. */
export type ChartChild = {
  /** Null while not scored: no mark, never zero. */
  value: number | null;
  last: number | null;
  number: number | null;
  optedOut: boolean;
};

export type ChartInput = {
  children: ChartChild[];
  /** As the source declares it; null ends are found from what is drawn. */
  scale: { min: number | null; max: number | null };
  benchmark: ChartShape['benchmark'];
  /** The leader allows bands for this class. */
  bandsConsent: boolean;
  policy: DisplayPolicy;
};

const exact: Coded = { bottom: null, top: null };

/** This many children share the lowest place, the highest place and every band: fewer point at somebody. */
const together = 3;

export function buildChart({ children, scale, benchmark, bandsConsent, policy }: ChartInput): ChartShape {
  const invited = children.filter((child) => !child.optedOut);
  const shown = invited.filter((child): child is ChartChild & { value: number } => child.value !== null);
  const facts = {
    benchmark,
    n: shown.length,
    missing: invited.length - shown.length,
    optedOut: children.length - invited.length,
    marks: [],
    bands: [],
    atOrAbove: null,
    average: null,
    coded: exact,
    codedLast: exact,
  };
  const because = reasonAgainst(shown.length, bandsConsent, policy);
  const values = shown.map((child) => child.value);
  if (because) return { ...facts, display: 'none', because, scale: scaleOf(scale, benchmark ? [benchmark.value] : []) };
  if (shown.length < policy.marksFrom) return { ...facts, display: 'bands', because: null, ...bandsOf(values, scale, benchmark) };
  return { ...facts, display: 'marks', because: null, ...marksOf(shown, scale, benchmark, policy) };
}

function reasonAgainst(n: number, bandsConsent: boolean, policy: DisplayPolicy): ChartShape['because'] {
  if (n === 0) return 'no_scores';
  if (n < policy.bandsFrom) return 'too_few';
  return n < policy.marksFrom && !bandsConsent ? 'needs_consent' : null;
}

function marksOf(
  shown: (ChartChild & { value: number })[],
  declared: ChartInput['scale'],
  benchmark: ChartShape['benchmark'],
  policy: DisplayPolicy,
) {
  const values = shown.map((child) => child.value);
  const now = coding(values, benchmark?.value ?? null);
  const history = historyOf(shown, policy);
  const earlier = history.filter((value) => value !== null);
  const before = coding(earlier, null);
  const marks: Mark[] = shown.map(({ number, value }, i) => {
    const last = history[i] ?? null;
    return { number, value: within(value, now), last: last === null ? null : within(last, before) };
  });
  const drawn = marks.map((mark) => mark.value);
  const scale = scaleOf(declared, [...drawn, ...marks.flatMap((mark) => mark.last ?? []), ...(benchmark ? [benchmark.value] : [])]);
  return {
    marks: shuffled(marks),
    scale,
    atOrAbove: benchmark && { count: countFrom(values, benchmark.value), of: values.length },
    // Of the drawn values: the true average beside them would give the coded ones away.
    average: values.length < policy.averageFrom ? null : averageOf(drawn),
    coded: codedOf(values, now),
    codedLast: codedOf(earlier, before),
  };
}

/** The ends that stand for somebody beyond them. */
function codedOf(values: number[], { bottom, top }: Coding): Coded {
  return { bottom: values.some((value) => value < bottom) ? bottom : null, top: values.some((value) => value > top) ? top : null };
}

/** Last time's values, or none at all: where only a few lack them, or only a few have them, those few would be known by it (rule 2). */
function historyOf(shown: ChartChild[], policy: DisplayPolicy): (number | null)[] {
  const lack = shown.filter((child) => child.last === null).length;
  return isHistoryHidden(shown.length, lack, policy) ? shown.map(() => null) : shown.map((child) => child.last);
}

export function isHistoryHidden(n: number, lack: number, policy: DisplayPolicy): boolean {
  const have = n - lack;
  return (lack > 0 && lack < policy.historyLackFrom) || (have > 0 && have < Math.max(policy.historyLackFrom, 2 * together));
}

/** Values as they are drawn: the extremes together. */
export function drawnTogether(values: number[], benchmark: number | null): number[] {
  const ends = coding(values, benchmark);
  return values.map((value) => within(value, ends));
}

type Coding = { bottom: number; top: number };

const within = (value: number, { bottom, top }: Coding) => Math.min(Math.max(value, bottom), top);

/**
 * The lowest and the highest place, each shared. Nobody changes sides of the benchmark for it: where fewer than that are below, they are
 * drawn just under it; where fewer are at or above, on it.
 */
function coding(values: number[], benchmark: number | null): Coding {
  const sorted = [...values].sort((a, b) => a - b);
  const lowest = sorted[0];
  const highest = sorted.at(-1);
  if (lowest === undefined || highest === undefined) return { bottom: Number.NEGATIVE_INFINITY, top: Number.POSITIVE_INFINITY };
  let bottom = sorted[Math.min(together, sorted.length) - 1] ?? lowest;
  let top = sorted[Math.max(sorted.length - together, 0)] ?? highest;
  if (benchmark !== null && lowest < benchmark && benchmark <= bottom) bottom = justUnder(benchmark, sorted);
  if (benchmark !== null && top < benchmark && benchmark <= highest) top = benchmark;
  return { bottom, top };
}

/** One countable step under the benchmark, but not under a child who is closer to it. */
function justUnder(benchmark: number, sorted: number[]): number {
  const step = sorted.every(Number.isInteger) && Number.isInteger(benchmark) ? 1 : 0.1;
  return Math.max(benchmark - step, ...sorted.filter((value) => value < benchmark));
}

/** Bands of which none holds fewer than three children; the benchmark is an edge only where both sides hold that many. */
function bandsOf(values: number[], declared: ChartInput['scale'], benchmark: ChartShape['benchmark']) {
  const scale = scaleOf(declared, [...drawnTogether(values, benchmark?.value ?? null), ...(benchmark ? [benchmark.value] : [])]);
  const quarters = [1, 2, 3].map((i) => Math.round(scale.min + ((scale.max - scale.min) * i) / 4));
  const above = benchmark ? countFrom(values, benchmark.value) : 0;
  if (!benchmark || above < together || values.length - above < together) {
    return { scale, bands: merged(values, scale.min, scale.max, quarters), atOrAbove: null };
  }
  const line = benchmark.value;
  const under = values.filter((value) => value < line);
  const over = values.filter((value) => value >= line);
  const bands = [...merged(under, scale.min, line, quarters), ...merged(over, line, scale.max, quarters)];
  return { scale, bands, atOrAbove: { count: above, of: values.length } };
}

/** Neighbouring bands are joined until each holds enough. Each starts at `from` and ends before `to`; the outermost hold all that lies beyond. */
function merged(values: number[], from: number, to: number, edges: number[]): ChartShape['bands'] {
  const bands: ChartShape['bands'] = [];
  let start = from;
  let rest = values;
  for (const edge of edges.filter((edge) => edge > from && edge < to)) {
    const over = rest.filter((value) => value >= edge);
    if (over.length < together || rest.length - over.length < together) continue;
    bands.push({ from: start, to: edge, count: rest.length - over.length });
    start = edge;
    rest = over;
  }
  return [...bands, { from: start, to, count: rest.length }];
}

/** The declared scale, widened to hold everything drawn; without one, whole tens around it. */
export function scaleOf(declared: { min: number | null; max: number | null }, drawn: number[]): { min: number; max: number } {
  const low = drawn.length ? Math.min(...drawn) : 0;
  const high = drawn.length ? Math.max(...drawn) : 100;
  const start = low < 0 || low >= 100 ? Math.floor(low / 10) * 10 - 10 : 0; // scale scores such as 214 do not start at zero
  const min = declared.min === null ? start : Math.min(declared.min, low);
  const max = declared.max === null ? Math.ceil((high + 1) / 10) * 10 : Math.max(declared.max, high);
  return max > min ? { min, max } : { min, max: min + 1 };
}

export const countFrom = (values: number[], benchmark: number): number => values.filter((value) => value >= benchmark).length;

/** To a tenth: what families are told as "about". */
export const averageOf = (values: number[]): number =>
  Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
