/** A few points in time: one child's own scores, or a class's averages. Each point carries its value; earlier ones are hollow. */
import type { MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { score } from '../phrases.ts';
import { axisOf, domainOf } from './domain.ts';
import { Glyph } from './Glyph.tsx';
import { useSize } from './useSize.ts';

export type Point = { label: string; value: number };

type Props = {
  points: Point[];
  scale: { min: number; max: number };
  benchmark: number | null;
  label: string;
  measure: Pick<MeasureRef, 'unit' | 'levels'>;
};

export function LineChart({ points, scale, benchmark, label, measure }: Props) {
  const words = useWords();
  const { t } = words;
  const [box, size] = useSize();
  const values = [...points.map((point) => point.value), ...(benchmark === null ? [] : [benchmark])];
  const em = size?.em ?? 16;
  const width = size?.width ?? 0;
  // Labels that would touch stand on two lines, in turns.
  const crowded = points.length > 1 && Math.max(...points.map((point) => point.label.length)) * 0.5 * em * points.length > width;
  const foot = em * (crowded ? 2.8 : 1.8);
  const height = em * (crowded ? 13 : 12);
  const axis = axisOf(domainOf(values, scale), [height - foot - em * 1.8, em * 2.6], 3);
  const [left, right] = [inset(points[0], em), width - inset(points.at(-1), em)];
  const x = (index: number) => (points.length === 1 ? width / 2 : left + ((right - left) * index) / (points.length - 1));
  const path = points.map((point, index) => `${index ? 'L' : 'M'}${x(index)} ${axis.at(point.value)}`).join('');
  const goal = benchmark === null ? null : axis.at(benchmark);
  return (
    <figure class="figure">
      <div class="chart-box low" ref={box}>
        {size && (
          <svg class="chart" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label} font-size={em}>
            <line class="track" x1={0} x2={width} y1={height - foot} y2={height - foot} />
            {goal !== null && benchmark !== null && (
              <>
                <line class="benchmark" x1={0} x2={width} y1={goal} y2={goal} />
                <text class="benchmark" x={0} y={goal} dy={(points[0]?.value ?? 0) > benchmark ? '1.2em' : '-0.5em'} font-size={em * 0.85}>
                  {t('chart.benchmark', { value: score(words, measure, benchmark) })}
                </text>
              </>
            )}
            <path class="path" d={path} />
            {points.map((point, index) => (
              <g key={`${index}-${point.label}`}>
                <Glyph kind={index === points.length - 1 ? 'plain' : 'last'} x={x(index)} y={axis.at(point.value)} r={em * 0.5} />
                <text
                  class="value strong"
                  x={x(index)}
                  y={axis.at(point.value)}
                  dy={besideLine(axis.at(point.value), goal, em)}
                  text-anchor="middle"
                >
                  {score(words, measure, point.value)}
                </text>
                <text
                  class="faint"
                  x={x(index)}
                  y={height - em * (crowded && index % 2 === 0 ? 1.6 : 0.5)}
                  text-anchor="middle"
                  font-size={em * 0.85}
                >
                  {point.label}
                </text>
              </g>
            ))}
          </svg>
        )}
      </div>
    </figure>
  );
}

/** Room for half of an end's label. */
const inset = (point: Point | undefined, em: number): number => Math.max(2, (point?.label.length ?? 0) * 0.26) * em;

/** A value stands above its point, or below where the benchmark runs through that place. */
function besideLine(y: number, line: number | null, em: number): string {
  const crossed = line !== null && y - line > em * 0.3 && y - line < em * 2.2;
  return crossed ? '1.7em' : '-0.85em';
}
