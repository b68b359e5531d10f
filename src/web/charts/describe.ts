/** What a class chart shows, in words: the picture for those who do not see it. Numbers and values only. */
import { amount, score, unitName } from '../phrases.ts';
import type { Words } from '../words.ts';
import { type Plot, valueLabel } from './plot.ts';

export function classInWords(words: Words, plot: Plot): string {
  const { t } = words;
  const said = (value: number) => score(words, plot, value);
  const values = plot.marks.map((mark) => mark.value);
  if (values.length === 0) return t('chart.empty');
  const parts = [
    t('chart.class', {
      n: values.length,
      unit: unitName(words, plot),
      from: score(words, plot, Math.min(...values)),
      to: score(words, plot, Math.max(...values)),
    }),
    ...(plot.benchmark === null
      ? []
      : [
          t('chart.class.benchmark', {
            amount: amount(words, plot, plot.benchmark),
            count: values.filter((value) => value >= (plot.benchmark ?? 0)).length,
          }),
        ]),
  ];
  const numbered = plot.marks.filter((mark) => mark.number !== null).sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  if (numbered.length > 0) {
    parts.push(
      t('chart.class.each', { each: numbered.map((mark) => `${mark.number}: ${valueLabel(said, mark.value, plot.coded)}`).join('; ') }),
    );
  }
  return parts.join(' ');
}
