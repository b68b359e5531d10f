/** District IT: all that no rule could match or settle, from launches and from sources. A person says which record it is; nothing is guessed. */
import { useState } from 'preact/hooks';
import type { PendingShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from '../parts/Announcer.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { Review, useReasons } from '../parts/Review.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';

type Answer = { sourcedId: string } | { accept: true } | { dismiss: true };
type Row = PendingShape['pending'][number];
type Props = { shape: PendingShape; onSettle(id: string, answer: Answer): Promise<void> };

export function Pending({ shape, onSettle }: Props) {
  const { t } = useWords();
  const reason = useReasons();
  const [from, setFrom] = useState('');
  const [because, setBecause] = useState('');
  const wanted = (itsFrom: string, itsBecause: string) => (from === '' || from === itsFrom) && (because === '' || because === itsBecause);
  const rows = shape.pending.filter((row) => wanted(row.platform, row.because));
  const review = shape.review.filter((row) => wanted(row.source, row.code));
  const places = unique([...shape.pending.map((row) => row.platform), ...shape.review.map((row) => row.source)]);
  const reasons = unique([...shape.pending.map((row) => row.because), ...shape.review.map((row) => row.code)]);
  const inWords = (code: string) => (isReason(code) ? t(reasonKeys[code]) : reason(code));
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('pending.title')}>{t('pending.title')}</Title>
      <p>{t('pending.what')}</p>
      {shape.pending.length + shape.review.length > 0 && (
        <>
          <p>{t('pending.counts', { launches: shape.pending.length, sources: shape.review.reduce((sum, row) => sum + row.count, 0) })}</p>
          <form class="stack no-print" onSubmit={(event) => event.preventDefault()}>
            <Filter
              label={t('pending.from')}
              all={t('pending.all')}
              value={from}
              onChange={setFrom}
              options={places.map((one) => [one, one])}
            />
            <Filter
              label={t('pending.because')}
              all={t('pending.all')}
              value={because}
              onChange={setBecause}
              options={reasons.map((code) => [code, inWords(code)])}
            />
          </form>
        </>
      )}
      {rows.length + review.length === 0 && <p class="notice quiet">{t('pending.empty')}</p>}
      <ul class="cards">
        {rows.map((row) => (
          <PendingCard key={row.id} row={row} onSettle={onSettle} />
        ))}
      </ul>
      <Review rows={review} />
    </>
  );
}

const unique = (words: string[]) => [...new Set(words)].filter((word) => word !== '').sort();

type FilterProps = { label: string; all: string; value: string; onChange(value: string): void; options: [value: string, label: string][] };

function Filter({ label, all, value, onChange, options }: FilterProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
    </label>
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
