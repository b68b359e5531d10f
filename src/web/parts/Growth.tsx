/** How the class grew since last time: children scored both times, in words, and the two averages. */
import type { GrowthShape, MeasureRef } from '../../read-models/shapes.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { useWords } from '../language.tsx';
import { amount, measureName, score, windowName } from '../phrases.ts';
import { TableTwin } from './TableTwin.tsx';

type Props = { growth: GrowthShape; now: MeasureRef; scale: { min: number; max: number } };

export function Growth({ growth, now, scale }: Props) {
  const words = useWords();
  const { t } = words;
  const [before, after] = [Math.round(growth.averageBefore), Math.round(growth.averageNow)];
  const averages = t('growth.average', { before: score(words, now, before), amount: amount(words, now, after) });
  const label = (ref: MeasureRef, otherwise: string) => windowName(words, ref.window) ?? (ref.to ? words.day(ref.to) : otherwise);
  const points = [
    { label: label(growth.since, t('growth.before')), value: before },
    { label: label(now, t('growth.now')), value: after },
  ];
  return (
    <section class="card">
      <h2>{t('growth.title')}</h2>
      <p class="strong">{t('growth.grew', { count: growth.grew, n: growth.n })}</p>
      <p>
        {averages}{' '}
        {growth.atOrAboveBefore !== null &&
          growth.atOrAboveNow !== null &&
          t('growth.reached', { before: growth.atOrAboveBefore, n: growth.atOrAboveNow })}
      </p>
      <LineChart points={points} scale={scale} benchmark={null} label={averages} measure={now} />
      <TableTwin
        caption={t('growth.table', { since: measureName(words, growth.since) })}
        head={[t('table.when'), t('table.average')]}
        rows={points.map((point) => ({ key: point.label, cells: [point.label, score(words, now, point.value)] }))}
      />
    </section>
  );
}
