/** What the class chart is told, whatever its layout. Pure. */
import type { ChartShape, Mark } from '../../read-models/shapes.ts';
import type { Domain } from './domain.ts';

/** How a mark looks: at or above the benchmark, below it, without one, and last time's. */
export type Kind = 'reached' | 'onTheWay' | 'plain' | 'last' | 'lastOrLess' | 'lastOrMore';

export type Plot = {
  marks: Mark[];
  scale: ChartShape['scale'];
  benchmark: number | null;
  unit: string | null;
  levels: string[] | null;
  coded: ChartShape['coded'];
  codedLast: ChartShape['codedLast'];
  /** The reader's own child's number, once they asked for it. */
  own: number | null;
};

/** Marks in order, and where they go. `all`: also those not shown yet, whose place is kept. */
export type Picture = Plot & { all: Mark[]; domain: Domain; label: string };

export function kindOf(value: number, benchmark: number | null): Kind {
  if (benchmark === null) return 'plain';
  return value >= benchmark ? 'reached' : 'onTheWay';
}

/** Last time's mark: where it stands for what lies beyond it, it points there. */
export function lastKindOf(last: number, { bottom, top }: ChartShape['codedLast']): Kind {
  if (top !== null && last >= top) return 'lastOrMore';
  return bottom !== null && last <= bottom ? 'lastOrLess' : 'last';
}

/** From last time to now a line is drawn only where it tells the truth: of what is drawn together it may not be known who rose and who fell. */
export function isMoveKnown({ value, last }: Mark, { coded, codedLast }: Pick<Plot, 'coded' | 'codedLast'>): boolean {
  if (last === null) return false;
  const [now, before] = [spanOf(value, coded), spanOf(last, codedLast)];
  return now.from >= before.to || now.to <= before.from;
}

function spanOf(value: number, { bottom, top }: ChartShape['coded']): { from: number; to: number } {
  return {
    from: bottom !== null && value <= bottom ? Number.NEGATIVE_INFINITY : value,
    to: top !== null && value >= top ? Number.POSITIVE_INFINITY : value,
  };
}

/** Extremes are drawn together: "90+" says that the value may be more. */
export function valueLabel(number: (value: number) => string, value: number, coded: ChartShape['coded']): string {
  if (coded.top !== null && value >= coded.top) return `${number(value)}+`;
  if (coded.bottom !== null && value <= coded.bottom) return `≤${number(value)}`;
  return number(value);
}
