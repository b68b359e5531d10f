/** The room before the data talk: what is ready, what is not, in words; new numbers; and the way onto the projector. No child's data. */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingShape, Preflight } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from '../parts/Announcer.tsx';
import { Confirm } from '../parts/Confirm.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';
import { measureName } from '../phrases.ts';

type Props = { shape: MeetingShape; onRedraw(): Promise<void>; onPresent(): Promise<void>; onRehearse(): void; onCancel(): Promise<void> };

export function Meeting({ shape, onRedraw, onPresent, onRehearse, onCancel }: Props) {
  const words = useWords();
  const { t } = words;
  const checks = worthSaying(shape.preflight);
  const passed = checks.filter((check) => check.outcome === 'passes');
  useEffect(() => {
    void import('./Present.tsx').catch(() => {}); // kept ready: the signal in the meeting room may be weak
  }, []);
  return (
    <>
      <p class="crumb">
        <a href={`#/classes/${encodeURIComponent(shape.classId)}?measure=${encodeURIComponent(shape.measure.id)}`}>{shape.classTitle}</a>
      </p>
      <Title page={t('meeting.title')}>{t('meeting.title')}</Title>
      <p class="lead">{measureName(words, shape.measure)}</p>
      <div class="columns">
        <section class="card">
          <h2>{t('meeting.checks')}</h2>
          <p>{t(shape.canPresent ? 'meeting.ready' : 'meeting.notReady')}</p>
          <Checks checks={checks.filter((check) => check.outcome !== 'passes')} />
          {passed.length > 0 && (
            <details>
              <summary>{t('meeting.passed', { n: passed.length })}</summary>
              <Checks checks={passed} />
            </details>
          )}
        </section>
        <div class="stack">
          <Projector shape={shape} onPresent={onPresent} onRehearse={onRehearse} />
          <Numbers shape={shape} onRedraw={onRedraw} onCancel={onCancel} />
        </div>
      </div>
    </>
  );
}

/** The first time families are shown something, and it cannot be taken back: then it is asked for, and can be rehearsed. */
function Projector({ shape, onPresent, onRehearse }: Pick<Props, 'shape' | 'onPresent' | 'onRehearse'>) {
  const { t, moment } = useWords();
  const present = useDeed();
  const [asking, setAsking] = useState(false);
  const { presentedAt, canPresent } = shape;
  const whyNot = canPresent ? undefined : 'why-not';
  return (
    <section class="card panel">
      <h2>{t('meeting.present')}</h2>
      <p>{t('meeting.present.what')}</p>
      {presentedAt ? <p class="faint">{t('meeting.presentedAt', { when: moment(presentedAt) })}</p> : <p>{t('meeting.rehearse.what')}</p>}
      {present.failure && <FailureNotice failure={present.failure} />}
      <p class="actions">
        <button
          type="button"
          class="main big"
          disabled={!canPresent || present.busy}
          aria-describedby={whyNot}
          onClick={() => (presentedAt ? void present.run(onPresent) : setAsking(true))}
        >
          {t('meeting.present.do')}
        </button>
        {!presentedAt && (
          <button type="button" class="big" disabled={!canPresent} aria-describedby={whyNot} onClick={onRehearse}>
            {t('meeting.rehearse')}
          </button>
        )}
      </p>
      {!canPresent && (
        <p id="why-not" class="faint">
          {t('meeting.present.not')}
        </p>
      )}
      {asking && (
        <Confirm title={t('meeting.present.ask')} action={t('meeting.present.do')} onConfirm={onPresent} onClose={() => setAsking(false)}>
          <p>{t('meeting.present.asked')}</p>
        </Confirm>
      )}
    </section>
  );
}

/** New numbers while families do not hold them yet; afterwards they can only be destroyed. */
function Numbers({ shape, onRedraw, onCancel }: Pick<Props, 'shape' | 'onRedraw' | 'onCancel'>) {
  const { t, moment } = useWords();
  const [asking, setAsking] = useState<'redraw' | 'cancel' | null>(null);
  const done = async (deed: Promise<void>, said: string) => {
    await deed;
    announce(said);
  };
  return (
    <section class="card">
      <h2>{t('meeting.numbers')}</h2>
      <p>{t('meeting.numbers.drawn', { n: shape.numbersDrawn })}</p>
      {shape.numbersExpireAt && <p class="faint">{t('meeting.numbers.expire', { when: moment(shape.numbersExpireAt) })}</p>}
      <p class="actions">
        {!shape.presentedAt && (
          <button type="button" onClick={() => setAsking('redraw')}>
            {t('meeting.redraw')}
          </button>
        )}
        <button type="button" onClick={() => setAsking('cancel')}>
          {t('meeting.cancel')}
        </button>
      </p>
      {asking === 'redraw' && (
        <Confirm
          title={t('meeting.redraw.ask')}
          action={t('meeting.redraw')}
          onConfirm={() => done(onRedraw(), t('meeting.redrawn'))}
          onClose={() => setAsking(null)}
        >
          <p>{t('meeting.redraw.what')}</p>
        </Confirm>
      )}
      {asking === 'cancel' && (
        <Confirm
          title={t('meeting.cancel.ask')}
          action={t('meeting.cancel')}
          onConfirm={() => done(onCancel(), t('meeting.cancelled'))}
          onClose={() => setAsking(null)}
        >
          <p>{t('meeting.cancel.what')}</p>
        </Confirm>
      )}
    </section>
  );
}

/** The gravest first; without a benchmark nobody is above or below it. */
function worthSaying(checks: Preflight[]): Preflight[] {
  const benchmark = checks.some((check) => check.code === 'benchmark_known' && check.outcome === 'passes');
  const said = benchmark ? checks : checks.filter(({ code }) => code !== 'everyone_above' && code !== 'everyone_below');
  return [...said].sort(gravestFirst);
}

const gravity = { fails: 0, warns: 1, passes: 2 };
const gravestFirst = (a: Preflight, b: Preflight): number => gravity[a.outcome] - gravity[b.outcome];

function Checks({ checks }: { checks: Preflight[] }) {
  if (checks.length === 0) return null;
  return (
    <ul class="checks">
      {checks.map((check) => (
        <Check key={check.code} check={check} />
      ))}
    </ul>
  );
}

const signs = { passes: '✓', warns: '!', fails: '✕' };

function Check({ check: { code, outcome, count } }: { check: Preflight }) {
  const { t } = useWords();
  const words = () => {
    if (outcome === 'passes') return t(`check.${code}.passes`);
    return code === 'scores_stale' && count === null ? t('check.scores_undated') : t(`check.${code}`, { n: count ?? 0 });
  };
  return (
    <li class={`check ${outcome}`}>
      <span class="sign" aria-hidden="true">
        {signs[outcome]}
      </span>
      <span>
        <span class="unseen">{t(`check.${outcome}`)} </span>
        {words()}
      </span>
    </li>
  );
}
