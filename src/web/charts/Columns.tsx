/** The class chart where there is room: a column a child, numbers below, values above where they do not lie on each other. */
import type { Mark } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { score, unitName } from '../phrases.ts';
import { axisOf } from './domain.ts';
import { Glyph } from './Glyph.tsx';
import { type Box, boxOf, type Label, lineLabel, valueLabels } from './labels.ts';
import { isMoveKnown, type Kind, kindOf, lastKindOf, type Picture, valueLabel } from './plot.ts';
import type { Size } from './useSize.ts';

export function Columns({ picture, size }: { picture: Picture; size: Size }) {
  const words = useWords();
  const { width, em } = size;
  const height = Math.max(size.height, 16 * em);
  const numbered = picture.all.some((mark) => mark.number !== null) || picture.all.length === 0;
  const edge = { left: 3.2 * em, right: 0.6 * em, top: 2.4 * em, bottom: (numbered ? 3.4 : 1) * em };
  const base = height - edge.bottom;
  const axis = axisOf(picture.domain, [base, edge.top], 5);
  const step = (width - edge.left - edge.right) / Math.max(picture.all.length, 1);
  const digits = Math.max(1, ...picture.all.map((mark) => String(mark.number ?? '').length));
  const text = Math.min(em, step / (digits * 0.7 + 0.35));
  const line = picture.benchmark === null ? null : axis.at(picture.benchmark);
  const r = Math.max(3.5, Math.min(step * 0.26, text * 0.55));
  const columns = picture.all.map((mark, index) => ({ mark, x: edge.left + step * (index + 0.5) }));
  const written = (marks: Picture['marks']) => {
    const wanted = marks.map((mark, index) => ({
      x: columns[index]?.x ?? 0,
      y: topOf(mark, axis.at) - r - text * 0.4,
      text: valueLabel((value) => score(words, picture, value), mark.value, picture.coded),
      together: isEnd(mark.value, picture.coded),
    }));
    return valueLabels(wanted, { most: em * 0.85, least: em * 0.6 });
  };
  const values = written(picture.marks);
  const goal =
    line === null || picture.benchmark === null ? null : words.t('chart.benchmark', { value: score(words, picture, picture.benchmark) });
  // It stands where it can stay through all the steps of the data talk: clear of last time's marks, too.
  const taken = (): Box[] =>
    [picture.all, picture.all.map((mark) => ({ ...mark, last: null }))].flatMap((marks) => {
      const { labels, font } = written(marks);
      return labels.map((label) => boxOf(label, font)).concat(columns.flatMap(({ x }, index) => glyphBoxes(marks[index], x, r, axis.at)));
    });
  const room = { left: edge.left, right: width - edge.right, top: em * 1.2, bottom: base };
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={picture.label}
      font-size={text}
    >
      <g class="grid" font-size={em * 0.8}>
        {axis.ticks.map((tick) => (
          <g key={tick}>
            <line x1={edge.left} x2={width - edge.right} y1={axis.at(tick)} y2={axis.at(tick)} />
            <text x={edge.left - em * 0.5} y={axis.at(tick)} dy="0.35em" text-anchor="end">
              {score(words, picture, tick)}
            </text>
          </g>
        ))}
        <text x={0} y={em * 0.9}>
          {unitName(words, picture)}
        </text>
        {numbered && (
          <text x={(edge.left + width - edge.right) / 2} y={height - em * 0.3} text-anchor="middle">
            {words.t('chart.numbers')}
          </text>
        )}
      </g>
      {line !== null && <line class="benchmark" x1={edge.left} x2={width - edge.right} y1={line} y2={line} />}
      {picture.marks.map((mark, index) => (
        <Column
          key={mark.number ?? `at-${index}`}
          mark={mark}
          kind={kindOf(mark.value, picture.benchmark)}
          lastKind={lastKindOf(mark.last ?? 0, picture.codedLast)}
          moved={isMoveKnown(mark, picture)}
          own={mark.number !== null && mark.number === picture.own}
          place={{ x: columns[index]?.x ?? 0, step, base, text, r, at: axis.at, stem: picture.domain.whole }}
        />
      ))}
      {values.labels.map(({ x, y, text }) => (
        <text key={x} class="value" x={x} y={y} text-anchor="middle" font-size={values.font}>
          {text}
        </text>
      ))}
      {line !== null && goal !== null && <LineLabel at={lineLabel(goal, line, em * 0.9, room, taken())} font={em * 0.9} />}
    </svg>
  );
}

const LineLabel = ({ at, font }: { at: Label; font: number }) => (
  <text class="benchmark" x={at.x} y={at.y} text-anchor="middle" font-size={font}>
    {at.text}
  </text>
);

/** The upper of a column's two marks. */
const topOf = ({ value, last }: Mark, at: Place['at']): number => Math.min(at(value), last === null ? Number.POSITIVE_INFINITY : at(last));

const isEnd = (value: number, { bottom, top }: Picture['coded']): boolean =>
  (top !== null && value >= top) || (bottom !== null && value <= bottom);

function glyphBoxes(mark: Mark | undefined, x: number, r: number, at: Place['at']): Box[] {
  const values = mark ? [mark.value, ...(mark.last === null ? [] : [mark.last])] : [];
  return values.map((value) => ({ left: x - r, right: x + r, top: at(value) - r, bottom: at(value) + r }));
}

type Place = { x: number; step: number; base: number; text: number; r: number; at(value: number): number; stem: boolean };
type ColumnProps = { mark: Mark; kind: Kind; lastKind: Kind; moved: boolean; own: boolean; place: Place };

function Column({ mark, kind, lastKind, moved, own, place }: ColumnProps) {
  const { x, step, base, text, r, at } = place;
  const y = at(mark.value);
  const last = mark.last === null ? null : at(mark.last);
  return (
    <g class={own ? 'own' : undefined}>
      {own && <rect class="spot" x={x - step / 2} y={text * 0.4} width={step} height={base + text * 1.2} rx={text * 0.3} />}
      {place.stem && <line class={`stem ${kind}`} x1={x} x2={x} y1={base} y2={y} stroke-width={r * 0.8} />}
      {last !== null && moved && <line class="since" x1={x} x2={x} y1={last} y2={y} />}
      {last !== null && <Glyph kind={lastKind} x={x} y={last} r={r} />}
      <Glyph kind={kind} x={x} y={y} r={r} />
      {mark.number !== null && (
        <text class="number" x={x} y={base + text * 1.3} text-anchor="middle">
          {mark.number}
        </text>
      )}
    </g>
  );
}
