/**
 * The class by private number: one mark a child, lowest first, with the benchmark. Columns where there is room, one row a child where there
 * is not. Knows numbers and values only; a mark without a number has no label.
 */
import { useWords } from '../language.tsx';
import { Columns } from './Columns.tsx';
import { classInWords } from './describe.ts';
import { domainOf } from './domain.ts';
import { Legend } from './Glyph.tsx';
import { type Kind, lastKindOf, type Plot } from './plot.ts';
import { Rows } from './Rows.tsx';
import { useSize } from './useSize.ts';

type Props = {
  plot: Plot;
  /** The data talk meets the axis and the benchmark first, then the class now, then last time: all at the very place they keep. */
  show?: 'axis' | 'now' | 'all';
  /** As tall as its box, which has a height of its own: the projector. */
  fill?: boolean;
};

export function ClassChart({ plot, show = 'all', fill = false }: Props) {
  const words = useWords();
  const [box, size] = useSize();
  const marks = [...plot.marks].sort((a, b) => a.value - b.value || (a.number ?? 0) - (b.number ?? 0));
  const values = [
    ...marks.flatMap(({ value, last }) => (last === null ? [value] : [value, last])),
    ...(plot.benchmark === null ? [] : [plot.benchmark]),
  ];
  const shown = show === 'axis' ? [] : show === 'now' ? marks.map((mark) => ({ ...mark, last: null })) : marks;
  const picture = {
    ...plot,
    marks: shown,
    all: marks,
    domain: domainOf(values, plot.scale),
    label: classInWords(words, { ...plot, marks: shown }),
  };
  const inRows = size !== null && size.width / size.em < roomFor(marks.length);
  return (
    <figure class="figure">
      {/* On a small screen the projector's picture scrolls inside its box, which the keyboard must reach. */}
      <div class="chart-box" ref={box} tabIndex={fill ? 0 : undefined}>
        {size &&
          (inRows ? (
            <Rows picture={picture} size={size} />
          ) : (
            <Columns picture={picture} size={fill ? size : { ...size, height: size.em * 24 }} />
          ))}
      </div>
      {show !== 'axis' && <Legend kinds={kindsOf(picture)} sideways={inRows} />}
    </figure>
  );
}

/** A column needs a little more than its label; below that, rows. In em. */
const roomFor = (marks: number): number => marks * 1.2 + 5;

export function kindsOf({ marks, benchmark, codedLast }: Pick<Plot, 'marks' | 'benchmark' | 'codedLast'>): Kind[] {
  const kinds: Kind[] = benchmark === null ? ['plain'] : ['reached', 'onTheWay'];
  const before = new Set(marks.flatMap(({ last }) => (last === null ? [] : [lastKindOf(last, codedLast)])));
  return [...kinds, ...(['last', 'lastOrLess', 'lastOrMore'] as const).filter((kind) => before.has(kind))];
}
