/** A score scale as levels, `1 A`, `2 B` …: from this score on, this word; lowest first. Pure. */
import { readNumber } from './values.ts';

export type Levels = string[];

/** @returns null for a scale from words to words, which orders nothing */
export function levelsOf(scale: readonly { left: string; right: string }[]): Levels | null {
  const steps = scale.map(({ left, right }) => ({
    from: readNumber(/^\s*-?\d+(\.\d+)?/.exec(left)?.[0]?.trim() ?? ''), // `7`, or `7-10`
    word: right.trim(),
  }));
  if (steps.length === 0 || steps.some(({ from, word }) => from === null || word === '')) return null;
  steps.sort((one, other) => (one.from ?? 0) - (other.from ?? 0));
  return steps.map(({ from, word }) => `${from} ${word}`);
}

/** The lowest score that a word stands for. */
export function scoreOf(levels: Levels | undefined, word: string): number | null {
  const found = levels?.find((level) => level.slice(level.indexOf(' ') + 1).toLowerCase() === word.toLowerCase());
  return found === undefined ? null : Number.parseFloat(found);
}
