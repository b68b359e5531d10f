/** What went wrong, in words, with what to do: the page's own words, since the server has only one language; an offline page tries again by itself when the signal is back. */
import { useLayoutEffect } from 'preact/hooks';
import type { Failure } from '../api.ts';
import { useWords } from '../language.tsx';
import { Title } from './Title.tsx';

/** Refusals whose reason helps more than their kind. */
const codeKeys = {
  cannot_present: 'failure.cannot_present',
  already_presented: 'failure.already_presented',
  already_connected: 'failure.already_connected',
  goal_exists: 'failure.goal_exists',
  goal_impossible: 'failure.goal_impossible',
  grades_not_granted: 'failure.grades_not_granted',
  goal_reason_missing: 'failure.goal_reason_missing',
  sourced_id_unclear: 'failure.sourced_id_unclear',
  not_settleable: 'failure.not_settleable',
  own_platform: 'failure.own_platform',
  platform_exists: 'failure.platform_exists',
  platform_invalid: 'failure.platform_invalid',
  sync_running: 'failure.sync_running',
} as const;

const isCode = (code: string): code is keyof typeof codeKeys => code in codeKeys;

/** @param alone nothing else is on the screen: what went wrong is its heading */
export function FailureNotice({ failure, onRetry, alone = false }: { failure: Failure; onRetry?: () => void; alone?: boolean }) {
  const { t } = useWords();
  const key = isCode(failure.code) ? codeKeys[failure.code] : (`failure.${failure.kind}` as const);
  useLayoutEffect(() => {
    if (failure.kind !== 'offline' || !onRetry) return;
    window.addEventListener('online', onRetry);
    return () => window.removeEventListener('online', onRetry);
  }, [failure, onRetry]);
  return (
    <div class="notice problem" role="alert">
      {alone ? <Title page={t(key)}>{t(key)}</Title> : <p class="strong">{t(key)}</p>}
      <p>{t(`${key}.do`)}</p>
      {failure.kind !== 'offline' && <p class="faint">{t('failure.code', { code: failure.code })}</p>}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t('app.retry')}
        </button>
      )}
    </div>
  );
}
