/** A few points in time: one child's own scores, or a class's averages. Each point carries its value; earlier ones are hollow. */
import { useWords } from '../language.tsx';
import { axisOf, domainOf } from './domain.ts';
import { Glyph } from './Glyph.tsx';
import { useSize } from './useSize.ts';

export type Point = { label: string; value: number };

type Props = { points: Point[]; scale: { min: number; max: number }; benchmark: number | null; label: string };

export function LineChart({ points, scale, benchmark, label }: Props) {
  const { t, number } = useWords();
  const [box, size] = useSize();
  const values = [...points.map((point) => point.value), ...(benchmark === null ? [] : [benchmark])];
  const em = size?.em ?? 16;
  const width = size?.width ?? 0;
  const height = em * 11;
  const axis = axisOf(domainOf(values, scale), [height - em * 2.6, em * 2.4], 3);
  const [left, right] = [em * 3.2, width - em * 3.2];
  const x = (index: number) => (points.length === 1 ? width / 2 : left + ((right - left) * index) / (points.length - 1));
  const path = points.map((point, index) => `${index ? 'L' : 'M'}${x(index)} ${axis.at(point.value)}`).join('');
  const goal = benchmark === null ? null : axis.at(benchmark);
  return (
    <figure class="figure">
      <div class="chart-box low" ref={box}>
        {size && (
          <svg class="chart" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label} font-size={em}>
            <line class="track" x1={0} x2={width} y1={height - em * 1.8} y2={height - em * 1.8} />
            {goal !== null && benchmark !== null && (
              <g class="benchmark" font-size={em * 0.85}>
                <line x1={0} x2={width} y1={goal} y2={goal} />
                <text x={0} y={goal} dy={(points[0]?.value ?? 0) > benchmark ? '1.2em' : '-0.5em'}>
                  {t('chart.benchmark', { value: benchmark })}
                </text>
              </g>
            )}
            <path class="path" d={path} />
            {points.map((point, index) => (
              <g key={`${index}-${point.label}`}>
                <Glyph kind={index === points.length - 1 ? 'plain' : 'last'} x={x(index)} y={axis.at(point.value)} r={em * 0.5} />
                <text class="value strong" x={x(index)} y={axis.at(point.value) - em * 0.9} text-anchor="middle">
                  {number(point.value)}
                </text>
                <text class="faint" x={x(index)} y={height - em * 0.5} text-anchor="middle" font-size={em * 0.85}>
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
