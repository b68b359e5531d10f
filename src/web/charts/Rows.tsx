/** The class chart on a narrow screen: a row a child, number first, value last. */
import { useWords } from '../language.tsx';
import { score } from '../phrases.ts';
import { axisOf } from './domain.ts';
import { Glyph } from './Glyph.tsx';
import { isMoveKnown, type Kind, kindOf, lastKindOf, type Picture, valueLabel } from './plot.ts';
import type { Size } from './useSize.ts';

export function Rows({ picture, size }: { picture: Picture; size: Size }) {
  const words = useWords();
  const { width, em } = size;
  const numbered = picture.marks.some((mark) => mark.number !== null);
  const row = em * 1.75;
  const edge = { left: numbered ? em * 2.6 : em * 0.6, right: em * 3, top: picture.benchmark === null ? em : em * 2.2 };
  const height = edge.top + row * picture.marks.length + em * 0.5;
  const axis = axisOf(picture.domain, [edge.left, width - edge.right], 4);
  const line = picture.benchmark === null ? null : axis.at(picture.benchmark);
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={picture.label}
      font-size={em * 0.95}
    >
      {line !== null && picture.benchmark !== null && (
        <>
          <line class="benchmark" x1={line} x2={line} y1={em * 1.5} y2={height} />
          <text class="benchmark" x={Math.min(Math.max(line, em * 6), width - em * 6)} y={em} text-anchor="middle" font-size={em * 0.9}>
            {words.t('chart.benchmark', { value: score(words, picture, picture.benchmark) })}
          </text>
        </>
      )}
      {picture.marks.map((mark, index) => (
        <Row
          key={mark.number ?? `at-${index}`}
          mark={mark}
          lastKind={lastKindOf(mark.last ?? 0, picture.codedLast)}
          moved={isMoveKnown(mark, picture)}
          kind={kindOf(mark.value, picture.benchmark)}
          own={mark.number !== null && mark.number === picture.own}
          label={valueLabel((value) => score(words, picture, value), mark.value, picture.coded)}
          place={{ y: edge.top + row * (index + 0.5), row, em, left: edge.left, width, at: axis.at, stem: picture.domain.whole }}
        />
      ))}
    </svg>
  );
}

type Props = {
  mark: Picture['marks'][number];
  lastKind: Kind;
  moved: boolean;
  kind: Kind;
  own: boolean;
  label: string;
  place: Place;
};
type Place = { y: number; row: number; em: number; left: number; width: number; at(value: number): number; stem: boolean };

function Row({ mark, lastKind, moved, kind, own, label, place }: Props) {
  const { y, em, left, width, at } = place;
  const x = at(mark.value);
  const r = em * 0.42;
  const last = mark.last === null ? null : at(mark.last);
  return (
    <g class={own ? 'own' : undefined}>
      {own && <rect class="spot" x={1} y={y - place.row / 2 + 1} width={width - 2} height={place.row - 2} rx={em * 0.3} />}
      <line class="track" x1={left} x2={width - em * 3} y1={y} y2={y} />
      {place.stem && <line class={`stem ${kind}`} x1={left} x2={x} y1={y} y2={y} stroke-width={r * 0.8} />}
      {last !== null && moved && <line class="since" x1={last} x2={x} y1={y} y2={y} />}
      {last !== null && <Glyph kind={lastKind} x={last} y={y} r={r} sideways />}
      <Glyph kind={kind} x={x} y={y} r={r} />
      {mark.number !== null && (
        <text class="number" x={em * 1.9} y={y} dy="0.35em" text-anchor="end">
          {mark.number}
        </text>
      )}
      <text class="value" x={width - em * 0.2} y={y} dy="0.35em" text-anchor="end">
        {label}
      </text>
    </g>
  );
}
