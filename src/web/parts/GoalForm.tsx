/** A goal of the teacher's own: how far, by when, and why it is another than the suggested one. The server says what cannot be. */
import { useId, useState } from 'preact/hooks';
import type { MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { amount, unitName } from '../phrases.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { useDeed } from './useDeed.ts';

type Wish = { target: number; dueOn: string; reason: string | null };
type Props = {
  name: string;
  measure: MeasureRef;
  /** Where the child starts from: the goal lies beyond. */
  from: number;
  max: number | null;
  start: { target: number | null; dueOn: string };
  onSave(wish: Wish): Promise<void>;
  onClose(): void;
};

export function GoalForm({ name, measure, from, max, start, onSave, onClose }: Props) {
  const words = useWords();
  const { t } = words;
  const [target, setTarget] = useState(start.target === null ? '' : String(start.target));
  const [dueOn, setDueOn] = useState(start.dueOn);
  const [reason, setReason] = useState('');
  const deed = useDeed();
  const [help, field] = [useId(), useId()];
  const wrong = (field: string) => deed.failure?.field === field;
  const levels = (measure.levels ?? []).map((level) => Number.parseFloat(level)).filter((value) => value > from);
  return (
    <form
      class="goal-form"
      aria-label={t('goals.form', { name })}
      onSubmit={(event) => {
        event.preventDefault();
        void deed.run(() => onSave({ target: Number(target), dueOn, reason: reason.trim() || null }));
      }}
    >
      <div class="toolbar">
        <label class="field" htmlFor={field}>
          <span>{t('goals.form.target', { unit: unitName(words, measure) })}</span>
          {levels.length > 0 ? (
            <select id={field} value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
              {target === '' && <option value="">…</option>}
              {levels.map((value) => (
                <option key={value} value={String(value)}>
                  {amount(words, measure, value)}
                </option>
              ))}
            </select>
          ) : (
            <input
              id={field}
              type="number"
              inputMode="numeric"
              required
              min={Math.floor(from) + 1}
              {...(max !== null && { max })}
              value={target}
              aria-invalid={wrong('target')}
              onInput={(event) => setTarget(event.currentTarget.value)}
            />
          )}
        </label>
        <label class="field">
          <span>{t('goals.form.due')}</span>
          <input
            type="date"
            required
            value={dueOn}
            aria-invalid={wrong('dueOn')}
            onInput={(event) => setDueOn(event.currentTarget.value)}
          />
        </label>
        <label class="field wide">
          <span>{t('goals.form.why')}</span>
          <input
            maxLength={300}
            value={reason}
            autocomplete="off"
            aria-describedby={help}
            aria-invalid={wrong('reason')}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
      </div>
      <p id={help} class="faint">
        {t('goals.form.why.help')}
      </p>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      <p class="actions">
        <button type="submit" class="main" disabled={deed.busy}>
          {t('goals.form.save')}
        </button>
        <button type="button" disabled={deed.busy} onClick={onClose}>
          {t('app.cancel')}
        </button>
      </p>
    </form>
  );
}
