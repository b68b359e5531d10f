/** The class chart where there is room: a column a child, numbers below, values above. */
import { useWords } from '../language.tsx';
import { score, unitName } from '../phrases.ts';
import { axisOf } from './domain.ts';
import { Glyph } from './Glyph.tsx';
import { kindOf, type Picture, valueLabel } from './plot.ts';
import type { Size } from './useSize.ts';

export function Columns({ picture, size }: { picture: Picture; size: Size }) {
  const words = useWords();
  const { width, em } = size;
  const height = Math.max(size.height, 16 * em);
  const numbered = picture.marks.some((mark) => mark.number !== null) || picture.marks.length === 0;
  const edge = { left: 3.2 * em, right: 0.6 * em, top: 2.4 * em, bottom: (numbered ? 3.4 : 1) * em };
  const base = height - edge.bottom;
  const axis = axisOf(picture.domain, [base, edge.top], 5);
  const step = (width - edge.left - edge.right) / Math.max(picture.marks.length, 1);
  const text = Math.min(em, step / 1.35);
  const line = picture.benchmark === null ? null : axis.at(picture.benchmark);
  const lowest = picture.marks[0] ? axis.at(picture.marks[0].value) : base;
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
          own={mark.number !== null && mark.number === picture.own}
          label={valueLabel((value) => score(words, picture, value), mark.value, picture.coded)}
          place={{ x: edge.left + step * (index + 0.5), step, base, text, at: axis.at, stem: picture.domain.whole }}
        />
      ))}
      {line !== null && picture.benchmark !== null && (
        <text class="benchmark" x={edge.left + em * 0.3} y={line} dy={lineLabelShift(lowest, line, em)} font-size={em * 0.9}>
          {words.t('chart.benchmark', { value: score(words, picture, picture.benchmark) })}
        </text>
      )}
    </svg>
  );
}

type Place = { x: number; step: number; base: number; text: number; at(value: number): number; stem: boolean };

function Column(props: { mark: Picture['marks'][number]; kind: ReturnType<typeof kindOf>; own: boolean; label: string; place: Place }) {
  const { mark, kind, own, label, place } = props;
  const { x, step, base, text, at } = place;
  const y = at(mark.value);
  const r = Math.max(3.5, Math.min(step * 0.26, text * 0.55));
  const last = mark.last === null ? null : at(mark.last);
  return (
    <g class={own ? 'own' : undefined}>
      {own && <rect class="spot" x={x - step / 2} y={text * 0.4} width={step} height={base + text * 1.2} rx={text * 0.3} />}
      {place.stem && <line class={`stem ${kind}`} x1={x} x2={x} y1={base} y2={y} stroke-width={r * 0.8} />}
      {last !== null && <line class="since" x1={x} x2={x} y1={last} y2={y} />}
      {last !== null && <Glyph kind="last" x={x} y={last} r={r} />}
      <Glyph kind={kind} x={x} y={y} r={r} />
      {step >= text * 1.7 && (
        <text class="value" x={x} y={Math.min(y, last ?? y) - r - text * 0.4} text-anchor="middle" font-size={text * 0.85}>
          {label}
        </text>
      )}
      {mark.number !== null && (
        <text class="number" x={x} y={base + text * 1.3} text-anchor="middle">
          {mark.number}
        </text>
      )}
    </g>
  );
}

/** The line's label stands above it, over the lowest marks; below it, clear of them, when they are all above. In the label's own em. */
function lineLabelShift(lowest: number, line: number, em: number): string {
  if (lowest > line) return '-0.5em';
  return line - lowest < em * 1.5 ? '2.1em' : '1.2em';
}
