/**
 * The class by private number: one mark a child, lowest first, with the benchmark. Columns where there is room, one row a child where there
 * is not. Knows numbers and values only; a mark without a number has no label.
 */
import { useWords } from '../language.tsx';
import { Columns } from './Columns.tsx';
import { classInWords } from './describe.ts';
import { domainOf } from './domain.ts';
import { Legend } from './Glyph.tsx';
import type { Kind, Plot } from './plot.ts';
import { Rows } from './Rows.tsx';
import { useSize } from './useSize.ts';

type Props = {
  plot: Plot;
  /** Only the axis and the benchmark, at the very place they keep when the marks come. */
  hidden?: boolean;
  /** As tall as its box, which has a height of its own: the projector. */
  fill?: boolean;
};

export function ClassChart({ plot, hidden = false, fill = false }: Props) {
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
            <Columns picture={picture} size={fill ? size : { ...size, height: size.em * 24 }} />
          ))}
      </div>
      {!hidden && <Legend kinds={kindsOf(plot)} />}
    </figure>
  );
}

/** A column needs a little more than its label; below that, rows. In em. */
const roomFor = (marks: number): number => marks * 1.2 + 5;

function kindsOf({ marks, benchmark }: Plot): Kind[] {
  const kinds: Kind[] = benchmark === null ? ['plain'] : ['reached', 'onTheWay'];
  return marks.some((mark) => mark.last !== null) ? [...kinds, 'last'] : kinds;
}
