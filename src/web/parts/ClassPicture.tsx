/** The class by private number, or in bands, or the reason why there is no picture; always with the same data as a table. */
import type { ChartShape, MeasureRef } from '../../read-models/shapes.ts';
import { BandsChart } from '../charts/BandsChart.tsx';
import { ClassChart } from '../charts/ClassChart.tsx';
import { valueLabel } from '../charts/plot.ts';
import { useWords } from '../language.tsx';
import { score, unitName, unitOf } from '../phrases.ts';
import { TableTwin } from './TableTwin.tsx';

const reasonKeys = { too_few: 'chart.tooFew', needs_consent: 'chart.needsConsent', no_scores: 'chart.noScores' } as const;

export function ClassPicture({ chart, measure, own = null }: { chart: ChartShape; measure: MeasureRef; own?: number | null }) {
  const { t } = useWords();
  if (chart.display === 'none') return <p class="notice quiet">{t(reasonKeys[chart.because ?? 'no_scores'])}</p>;
  if (chart.display === 'bands') return <Bands chart={chart} measure={measure} />;
  const benchmark = chart.benchmark?.value ?? null;
  return (
    <>
      <ClassChart
        plot={{
          marks: chart.marks,
          scale: chart.scale,
          benchmark,
          unit: unitOf(measure),
          levels: measure.levels ?? null,
          coded: chart.coded,
          codedLast: chart.codedLast,
          own,
        }}
      />
      {isAnyCoded(chart) && <p class="faint">{t('chart.coded')}</p>}
      <MarksTable chart={chart} measure={measure} />
    </>
  );
}

const isAnyCoded = ({ coded, codedLast }: ChartShape): boolean =>
  [coded.bottom, coded.top, codedLast.bottom, codedLast.top].some((end) => end !== null);

function MarksTable({ chart, measure }: { chart: ChartShape; measure: MeasureRef }) {
  const words = useWords();
  const { t } = words;
  const benchmark = chart.benchmark?.value ?? null;
  const withLast = chart.marks.some((mark) => mark.last !== null);
  const marks = [...chart.marks].sort((a, b) => (a.number ?? 0) - (b.number ?? 0) || a.value - b.value);
  const level = (value: number) => (benchmark === null ? [] : [t(value >= benchmark ? 'level.reached' : 'level.onTheWay')]);
  return (
    <TableTwin
      caption={t('table.class')}
      head={[
        t('table.number'),
        t('table.now', { unit: unitName(words, measure) }),
        ...(withLast ? [t('table.last')] : []),
        ...(benchmark === null ? [] : [t('table.level')]),
      ]}
      rows={marks.map((mark, index) => ({
        key: String(mark.number ?? `at-${index}`),
        cells: [
          mark.number ?? t('table.noNumber'),
          valueLabel((value) => score(words, measure, value), mark.value, chart.coded),
          ...(withLast
            ? [mark.last === null ? t('table.none') : valueLabel((value) => score(words, measure, value), mark.last, chart.codedLast)]
            : []),
          ...level(mark.value),
        ],
      }))}
    />
  );
}

function Bands({ chart, measure }: { chart: ChartShape; measure: MeasureRef }) {
  const words = useWords();
  const { t, number } = words;
  return (
    <>
      <BandsChart bands={chart.bands} measure={measure} />
      <TableTwin
        caption={t('table.class')}
        head={[t('table.band', { unit: unitName(words, measure) }), t('table.children')]}
        rows={chart.bands.map((band) => ({
          key: String(band.from),
          cells: [`${score(words, measure, band.from)}–${score(words, measure, band.to)}`, number(band.count)],
        }))}
      />
    </>
  );
}
