/** Whether "APTT goal met" stands in a course's grade book: off until a teacher switches it on, and told in plain words what is then seen there, and by whom. */
import { useState } from 'preact/hooks';
import type { GoalColumn } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { Confirm } from './Confirm.tsx';
import { FailureNotice } from './FailureNotice.tsx';
import { useDeed } from './useDeed.ts';

type Props = { column: GoalColumn; onWish(wish: GoalColumn['wish']): Promise<void> };

export function GradeBook({ column, onWish }: Props) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const deed = useDeed();
  const { wish, platform, granted, made } = column;
  const isOn = wish === 'on';
  return (
    <section class="card no-print">
      <h2>{t('column.title')}</h2>
      <label class="choice">
        <input
          type="checkbox"
          role="switch"
          aria-checked={isOn}
          checked={isOn}
          disabled={deed.busy || (!granted && !isOn)}
          onChange={(event) => void deed.run(() => onWish(event.currentTarget.checked ? 'on' : 'off'))}
        />
        <span>{t('column.label', { course: column.course ?? t('column.course') })}</span>
      </label>
      <p class="faint">{t('column.what', { platform })}</p>
      <p class="faint">{t('column.counts', { platform })}</p>
      {!granted && (
        <div class="notice warning">
          <p class="strong">{t('column.notGranted', { platform })}</p>
          <p>{t('column.notGranted.do')}</p>
        </div>
      )}
      <div role="status">
        <Standing column={column} />
      </div>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      {wish === 'off' && made && (
        <p class="actions">
          <button type="button" onClick={() => setAsking(true)}>
            {t('column.remove')}
          </button>
        </p>
      )}
      {asking && (
        <Confirm
          title={t('column.remove.ask')}
          action={t('column.remove')}
          onConfirm={() => onWish('removed')}
          onClose={() => setAsking(false)}
        >
          <p>{t('column.remove.what', { platform })}</p>
        </Confirm>
      )}
    </section>
  );
}

function Standing({ column }: { column: GoalColumn }) {
  const { t, moment } = useWords();
  const { wish, platform, pending, code, made, posted, unknown, doneAt } = column;
  if (wish === 'off') return made ? <p>{t('column.kept')}</p> : null;
  if (pending) return <p>{t(wish === 'on' ? 'column.pending' : 'column.removing', { platform })}</p>;
  if (code) {
    return (
      <div class="notice warning">
        <p class="strong">{t('column.failed')}</p>
        <p>{t('column.failed.do', { code })}</p>
      </div>
    );
  }
  return (
    <>
      {doneAt && <p>{t('column.on', { n: posted, when: moment(doneAt) })}</p>}
      {unknown > 0 && <p>{t('column.unknown', { n: unknown })}</p>}
    </>
  );
}
