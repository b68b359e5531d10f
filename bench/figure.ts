import type { Figure } from './main.ts';

/** @param detail the measured parts, for people */
export function figure(name: string, ratio: number, limit: number, detail: string): Figure {
  return { name, ratio: Math.round(ratio * 1000) / 1000, limit, holds: ratio <= limit, detail };
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
