/** One step of the data talk: a sentence, then what it speaks of. */
import type { RefObject } from 'preact';
import type { MeasureRef, PresentShape } from '../../read-models/shapes.ts';
import { BandsChart } from '../charts/BandsChart.tsx';
import { ClassChart, kindsOf } from '../charts/ClassChart.tsx';
import { Glyph, legendKeys } from '../charts/Glyph.tsx';
import type { Kind } from '../charts/plot.ts';
import { useWords } from '../language.tsx';
import { amount, classAnswer, score, skillName, unitOf } from '../phrases.ts';
import type { Words } from '../words.ts';

export type Step = 'read' | 'benchmark' | 'class' | 'growth';

/** Growth is told only where last time is known for somebody. */
export function stepsOf(shape: PresentShape): Step[] {
  const grown = shape.marks.some((mark) => mark.last !== null);
  return ['read', ...(shape.benchmark === null ? [] : ['benchmark' as const]), 'class', ...(grown ? ['growth' as const] : [])];
}

type Props = { step: Step; shape: PresentShape; measure: MeasureRef; heading: RefObject<HTMLHeadingElement | null> };

export function StepView({ step, shape, measure, heading }: Props) {
  const words = useWords();
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {sentence(words, step, shape, measure)}
      </h1>
      {step === 'read' ? <HowToRead shape={shape} measure={measure} /> : <Picture step={step} shape={shape} measure={measure} />}
    </>
  );
}

function sentence(words: Words, step: Step, shape: PresentShape, measure: MeasureRef): string {
  const { t } = words;
  if (step === 'read') return t('present.read');
  if (step === 'benchmark') return t('present.benchmark', { amount: amount(words, measure, shape.benchmark ?? 0) });
  if (step === 'growth') {
    return shape.grew ? t('growth.grew', { count: shape.grew.grew, n: shape.grew.of }) : t('growth.title');
  }
  const benchmark = shape.benchmark === null ? null : { value: shape.benchmark, source: null, asOf: null };
  const atOrAbove = shape.atOrAbove === null ? null : { count: shape.atOrAbove, of: shape.n };
  return classAnswer(words, measure, { n: shape.n, benchmark, atOrAbove });
}

function HowToRead({ shape, measure }: Pick<Props, 'shape' | 'measure'>) {
  const words = useWords();
  const { t } = words;
  const skill = skillName(words, measure);
  if (shape.marks.length === 0) {
    return (
      <ul class="keys-to-read">
        {skill && <li>{t('present.read.skill', { skill })}</li>}
        <li>{t('present.read.bands')}</li>
      </ul>
    );
  }
  return (
    <ul class="keys-to-read">
      {skill && <li>{t('present.read.skill', { skill })}</li>}
      <li>{t('present.read.number')}</li>
      <li>{t('present.read.higher')}</li>
      {kindsOf(shape).map((kind) => (
        <KeyLine key={kind} kind={kind} text={t(legendKeys[kind])} />
      ))}
      {shape.coded.top !== null && <li>{t('present.read.top', { value: score(words, measure, shape.coded.top) })}</li>}
      {shape.coded.bottom !== null && <li>{t('present.read.bottom', { value: score(words, measure, shape.coded.bottom) })}</li>}
    </ul>
  );
}

function KeyLine({ kind, text }: { kind: Kind; text: string }) {
  return (
    <li class="key">
      <svg class="symbol" viewBox="0 0 16 16" aria-hidden="true">
        <Glyph kind={kind} x={8} y={8} r={6} />
      </svg>
      {text}
    </li>
  );
}

const shows = { read: 'axis', benchmark: 'axis', class: 'now', growth: 'all' } as const;

/** The benchmark is met before the children: first the line alone, then the class, then last time. */
function Picture({ step, shape, measure }: Pick<Props, 'step' | 'shape' | 'measure'>) {
  const { min, max, benchmark, marks, coded, codedLast } = shape;
  if (step === 'class' && marks.length === 0) return <BandsChart bands={shape.bands} measure={measure} />;
  return (
    <ClassChart
      plot={{ marks, scale: { min, max }, benchmark, unit: unitOf(measure), levels: measure.levels ?? null, coded, codedLast, own: null }}
      show={shows[step]}
      fill
    />
  );
}
