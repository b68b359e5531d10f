/** What the class chart is told, whatever its layout. Pure. */
import type { ChartShape, Mark } from '../../read-models/shapes.ts';
import type { Domain } from './domain.ts';

/** How a mark looks: at or above the benchmark, below it, without one, and last time's. */
export type Kind = 'reached' | 'onTheWay' | 'plain' | 'last';

export type Plot = {
  marks: Mark[];
  scale: ChartShape['scale'];
  benchmark: number | null;
  unit: string | null;
  levels: string[] | null;
  coded: ChartShape['coded'];
  /** The reader's own child's number, once they asked for it. */
  own: number | null;
};

/** Marks in order, and where they go. */
export type Picture = Plot & { domain: Domain; label: string };

export function kindOf(value: number, benchmark: number | null): Kind {
  if (benchmark === null) return 'plain';
  return value >= benchmark ? 'reached' : 'onTheWay';
}

/** Extremes are drawn together: "90+" says that the value may be more. */
export function valueLabel(number: (value: number) => string, value: number, coded: ChartShape['coded']): string {
  if (coded.top !== null && value >= coded.top) return `${number(value)}+`;
  if (coded.bottom !== null && value <= coded.bottom) return `≤${number(value)}`;
  return number(value);
}
