/** District IT: people and courses that no rule could match. A person says which record it is; nothing is guessed. */
import { useState } from 'preact/hooks';
import type { PendingShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from '../parts/Announcer.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';

type Answer = { sourcedId: string } | { accept: true } | { dismiss: true };
type Row = PendingShape['pending'][number];
type Props = { shape: PendingShape; onSettle(id: string, answer: Answer): Promise<void> };

export function Pending({ shape, onSettle }: Props) {
  const { t } = useWords();
  const rows = shape.pending;
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('pending.title')}>{t('pending.title')}</Title>
      <p>{t('pending.what')}</p>
      {rows.length === 0 && <p class="notice quiet">{t('pending.empty')}</p>}
      <ul class="cards">
        {rows.map((row) => (
          <PendingCard key={row.id} row={row} onSettle={onSettle} />
        ))}
      </ul>
    </>
  );
}

const reasonKeys = {
  no_match: 'pending.because.no_match',
  ambiguous_match: 'pending.because.ambiguous_match',
  not_a_student: 'pending.because.not_a_student',
  not_in_class: 'pending.because.not_in_class',
  not_accepted: 'pending.because.not_accepted',
} as const;

const isReason = (because: string): because is keyof typeof reasonKeys => because in reasonKeys;

function PendingCard({ row, onSettle }: { row: Row; onSettle: Props['onSettle'] }) {
  const { t, moment } = useWords();
  const [sourcedId, setSourcedId] = useState('');
  const deed = useDeed();
  const settle = async (answer: Answer) => {
    if (await deed.run(() => onSettle(row.id, answer))) announce(t('pending.done'));
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (sourcedId.trim()) void settle({ sourcedId: sourcedId.trim() });
  };
  return (
    <li class="card">
      <p class="eyebrow">{t(`pending.${row.kind}`)}</p>
      <h2>{row.label}</h2>
      <p>{isReason(row.because) ? t(reasonKeys[row.because]) : row.because}</p>
      <p class="faint">{t('pending.seen', { platform: row.platform, when: moment(row.lastSeen) })}</p>
      <form class="stack no-print" onSubmit={submit}>
        {row.kind === 'deployment' ? (
          <p>{t('pending.deployment.do')}</p>
        ) : (
          <label class="field">
            <span>{t('pending.sourcedId')}</span>
            <input value={sourcedId} autocomplete="off" spellcheck={false} onInput={(event) => setSourcedId(event.currentTarget.value)} />
          </label>
        )}
        {deed.failure && <FailureNotice failure={deed.failure} />}
        <p class="actions">
          {row.kind === 'deployment' ? (
            <button type="button" class="main" disabled={deed.busy} onClick={() => void settle({ accept: true })}>
              {t('platforms.accept')} <span class="unseen">{row.label}</span>
            </button>
          ) : (
            <button type="submit" class="main" disabled={deed.busy || !sourcedId.trim()}>
              {t('pending.settle')} <span class="unseen">{row.label}</span>
            </button>
          )}
          <button type="button" disabled={deed.busy} onClick={() => void settle({ dismiss: true })}>
            {t('pending.dismiss')} <span class="unseen">{row.label}</span>
          </button>
        </p>
      </form>
    </li>
  );
}
