/** District IT: one registration walked through, each step good, to be mended, or not shown yet, with the words that mend it. */
import { useState } from 'preact/hooks';
import type { ConnectionShape } from '../../read-models/shapes.ts';
import { useLanguage } from '../language.tsx';
import { launches as en, type LaunchWords } from '../locales/en-launches.ts';
import { launches as es } from '../locales/es-launches.ts';
import { announce } from '../parts/Announcer.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';

type Step = ConnectionShape['steps'][number];

const catalogues: Record<string, LaunchWords> = { en, es };
const marks = { good: '✓', bad: '!', waiting: '…' } as const;

export function Connection({ onTest }: { onTest(): Promise<ConnectionShape> }) {
  const { language, words } = useLanguage();
  const { t } = words;
  const deed = useDeed();
  const [shape, setShape] = useState<ConnectionShape | null>(null);
  const diary = catalogues[language.code] ?? en;
  const count = (found: ConnectionShape, state: Step['state']) => found.steps.filter((step) => step.state === state).length;
  const test = () =>
    deed.run(async () => {
      const found = await onTest();
      setShape(found);
      announce(t('connection.done', { good: count(found, 'good'), bad: count(found, 'bad') }));
    });
  return (
    <>
      <p class="crumb">
        <a href="#/sync/platforms">{t('platforms.title')}</a>
      </p>
      <Title page={t('connection.title')}>{shape ? t('connection.of', { platform: shape.issuer }) : t('connection.title')}</Title>
      <p>{t('connection.what')}</p>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      <p class="actions no-print">
        <button type="button" class={shape ? undefined : 'main'} disabled={deed.busy} onClick={() => void test()}>
          {t(shape ? 'connection.again' : 'connection.do')}
        </button>
      </p>
      {shape && (
        <ol class="cards rows">
          {shape.steps.map((step) => (
            <StepCard key={step.step} step={step} family={shape.family} diary={diary} />
          ))}
        </ol>
      )}
      {shape && shape.missing.length > 0 && (
        <section class="card stack breakable">
          <h2>{t('connection.missing')}</h2>
          <ul>
            {shape.missing.map((fact) => (
              <li key={fact}>{diary.missing[fact] ?? fact}</li>
            ))}
          </ul>
          <p>{diary.fields[shape.family]}</p>
        </section>
      )}
    </>
  );
}

function StepCard({
  step: { step, state, code, mend, at },
  family,
  diary,
}: {
  step: Step;
  family: ConnectionShape['family'];
  diary: LaunchWords;
}) {
  const { t, moment } = useLanguage().words;
  return (
    <li class="card breakable">
      <p class="eyebrow">
        <span aria-hidden="true">{marks[state]}</span> {t(`connection.${state}`)}
      </p>
      <h2>{diary.steps[step]}</h2>
      <p>
        {diary.steps[`${step}.${state}`]} {state === 'bad' && code !== null && diary.reasons[code]}
      </p>
      {state === 'bad' && (
        <div class="notice warning">
          <p>
            {mend && code !== null && code in diary.reasons ? `${diary.mend[mend]} ` : ''}
            {diary.where[family]}
          </p>
          <p class="faint">
            <code>{code}</code>
          </p>
        </div>
      )}
      {at !== null && <p class="faint">{t('connection.seen', { when: moment(at) })}</p>}
    </li>
  );
}
