/**
 * The class by private number: one mark a child, lowest first, with the benchmark. Columns where there is room, one row a child where there
 * is not. Knows numbers and values only; a mark without a number has no label.
 */
import type { ChartShape, Mark } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { Columns } from './Columns.tsx';
import { classInWords } from './describe.ts';
import { domainOf } from './domain.ts';
import { type Kind, Legend } from './Glyph.tsx';
import { Rows } from './Rows.tsx';
import { useSize } from './useSize.ts';

export type Plot = {
  marks: Mark[];
  scale: ChartShape['scale'];
  benchmark: number | null;
  unit: string | null;
  coded: ChartShape['coded'];
  /** The reader's own child's number, once they asked for it. */
  own: number | null;
};

/** @param hidden only the axis and the benchmark, at the very place they keep when the marks come */
export function ClassChart({ plot, hidden = false }: { plot: Plot; hidden?: boolean }) {
  const words = useWords();
  const [box, size] = useSize();
  const marks = [...plot.marks].sort((a, b) => a.value - b.value || (a.number ?? 0) - (b.number ?? 0));
  const values = [
    ...marks.flatMap(({ value, last }) => (last === null ? [value] : [value, last])),
    ...(plot.benchmark === null ? [] : [plot.benchmark]),
  ];
  const shown = hidden ? [] : marks;
  const picture = { ...plot, marks: shown, domain: domainOf(values, plot.scale), label: classInWords(words, { ...plot, marks: shown }) };
  return (
    <figure class="figure">
      <div class="chart-box" ref={box}>
        {size &&
          (size.width / size.em < roomFor(marks.length) ? (
            <Rows picture={picture} size={size} />
          ) : (
            <Columns picture={picture} size={size} />
          ))}
      </div>
      {!hidden && <Legend kinds={kindsOf(plot)} />}
    </figure>
  );
}

/** A column needs a little more than its label; below that, rows. In em. */
const roomFor = (marks: number): number => marks * 1.2 + 5;

export type Picture = Plot & { domain: ReturnType<typeof domainOf>; label: string };

export function kindOf(value: number, benchmark: number | null): Kind {
  if (benchmark === null) return 'plain';
  return value >= benchmark ? 'reached' : 'onTheWay';
}

function kindsOf({ marks, benchmark }: Plot): Kind[] {
  const kinds: Kind[] = benchmark === null ? ['plain'] : ['reached', 'onTheWay'];
  return marks.some((mark) => mark.last !== null) ? [...kinds, 'last'] : kinds;
}

/** Extremes are drawn together: "90+" says that the value may be more. */
export function valueLabel(number: (value: number) => string, value: number, coded: ChartShape['coded']): string {
  if (coded.top !== null && value >= coded.top) return `${number(value)}+`;
  if (coded.bottom !== null && value <= coded.bottom) return `≤${number(value)}`;
  return number(value);
}
