/** A small class: how many children in each band, and no child's own mark. */
import type { ChartShape, MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { score, unitName } from '../phrases.ts';
import { useSize } from './useSize.ts';

type Props = { bands: ChartShape['bands']; measure: Pick<MeasureRef, 'unit' | 'levels'> };

export function BandsChart({ bands, measure }: Props) {
  const words = useWords();
  const { t, number } = words;
  const [box, size] = useSize();
  const most = Math.max(1, ...bands.map((band) => band.count));
  const told = bands
    .map((band) => t('chart.band', { from: score(words, measure, band.from), to: score(words, measure, band.to), n: band.count }))
    .join(' ');
  return (
    <figure class="figure">
      <div class="chart-box short" ref={box}>
        {size && (
          <svg
            class="chart"
            viewBox={`0 0 ${size.width} ${bands.length * size.em * 3 + size.em * 2}`}
            width={size.width}
            height={bands.length * size.em * 3 + size.em * 2}
            role="img"
            aria-label={`${t('chart.bands')} ${told}`}
            font-size={size.em}
          >
            <text class="faint" x={0} y={size.em}>
              {unitName(words, measure)}
            </text>
            {bands.map((band, index) => {
              const y = size.em * (3 * index + 2);
              const length = ((size.width - size.em * 9) * band.count) / most;
              return (
                <g key={band.from}>
                  <text class="number" x={size.em * 5} y={y + size.em * 1.35} text-anchor="end">
                    {`${score(words, measure, band.from)}–${score(words, measure, band.to)}`}
                  </text>
                  <rect class="band" x={size.em * 6} y={y} width={length} height={size.em * 2} rx={size.em * 0.3} />
                  <text class="value" x={size.em * 6.5 + length} y={y + size.em * 1.35}>
                    {number(band.count)}
                  </text>
                </g>
              );
            })}
          </svg>
        )}
      </div>
    </figure>
  );
}
