/**
 * The data talk on the projector, a step at a time: how to read the chart, the benchmark, the class, growth. Holds numbers and values and the
 * words around them; nothing here leads to a child. Loaded once: it goes on when the signal does not. What is seen is ready: keys are heard and
 * the tab's title is changed before a step is painted, so that no press is lost and no class is named.
 */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MeasureRef, PresentShape } from '../../read-models/shapes.ts';
import { useLanguage } from '../language.tsx';
import { languages } from '../locales/languages.ts';
import { Keys } from '../parts/Keys.tsx';
import { StepView, stepsOf } from '../parts/PresentStep.tsx';
import { Timer } from '../parts/Timer.tsx';
import '../present.css';

type Props = { shape: PresentShape; measure: MeasureRef; rehearsal: boolean; onLeave(): void };

export function Present({ shape, measure, rehearsal, onLeave }: Props) {
  const { words, language, choose } = useLanguage();
  const { t } = words;
  const [at, setAt] = useState(0);
  const [blank, setBlank] = useState(false);
  const [keys, setKeys] = useState(false);
  const [began] = useState(() => Date.now());
  const steps = useMemo(() => stepsOf(shape), [shape]);
  const answer = useRef<HTMLHeadingElement>(null);
  const step = steps[at] ?? 'read';

  useLayoutEffect(() => {
    document.title = 'APTT Connect'; // shows on a projected tab: no class, no school
    document.documentElement.classList.add('presenting');
    return () => {
      document.documentElement.classList.remove('presenting');
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, []);
  useLayoutEffect(() => answer.current?.focus(), [at]);

  const move = (by: number) => setAt((now) => Math.min(Math.max(now + by, 0), steps.length - 1));
  const nextLanguage = () => {
    const others = languages.filter((other) => other.code !== language.code);
    if (others[0]) choose(others[0].code);
  };
  const deeds: Record<string, () => void> = {
    ' ': () => move(1),
    ArrowRight: () => move(1),
    ArrowDown: () => move(1),
    PageDown: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowUp: () => move(-1),
    PageUp: () => move(-1),
    Home: () => setAt(0),
    b: () => setBlank(true),
    '.': () => setBlank(true),
    f: fullScreen,
    l: nextLanguage,
    '?': () => setKeys(true),
    Escape: onLeave,
  };
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const elsewhere = document.querySelector('dialog[open]') !== null || event.ctrlKey || event.metaKey || event.altKey;
      if (elsewhere || isScrolling(event)) return;
      const onButton = event.target instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter');
      const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (onButton || (!deed && !blank)) return;
      event.preventDefault();
      if (blank) setBlank(false);
      else deed?.();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });

  if (blank) {
    return (
      <button type="button" class="blank" onClick={() => setBlank(false)}>
        <span class="unseen">{t('present.blanked')}</span>
      </button>
    );
  }
  return (
    <main class="present">
      <StepView step={step} shape={shape} measure={measure} heading={answer} />
      <footer class="present-bar">
        <span class="faint">{t('present.step', { step: at + 1, of: steps.length })}</span>
        <Timer began={began} />
        {rehearsal && <span class="strong">{t('present.rehearsal')}</span>}
        <button type="button" onClick={() => move(-1)} disabled={at === 0}>
          {t('present.back')}
        </button>
        <button type="button" class="main" onClick={() => move(1)} disabled={at === steps.length - 1}>
          {t('present.next')}
        </button>
        <button type="button" onClick={() => setBlank(true)}>
          {t('present.blank')}
        </button>
        <button type="button" class="keyboard" onClick={() => setKeys(true)}>
          {t('present.keys')}
        </button>
        <button type="button" onClick={onLeave}>
          {t('present.leave')}
        </button>
      </footer>
      {keys && <Keys onClose={() => setKeys(false)} />}
    </main>
  );
}

/** A picture taller than its box, reached by the keyboard, is scrolled and not stepped over. */
function isScrolling({ target, key }: KeyboardEvent): boolean {
  const tall = target instanceof HTMLElement && target.classList.contains('chart-box') && target.scrollHeight > target.clientHeight;
  return tall && (key === 'ArrowUp' || key === 'ArrowDown');
}

/** A frame may forbid it; then the window stays as large as the frame. */
function fullScreen(): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  change.catch(() => {});
}
