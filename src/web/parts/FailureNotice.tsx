/** What went wrong, in words, with what to do; an offline page tries again by itself when the signal is back. */
import { useEffect } from 'preact/hooks';
import type { Failure } from '../api.ts';
import { useWords } from '../language.tsx';

export function FailureNotice({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  const { t, lang } = useWords();
  useEffect(() => {
    if (failure.kind !== 'offline' || !onRetry) return;
    window.addEventListener('online', onRetry);
    return () => window.removeEventListener('online', onRetry);
  }, [failure, onRetry]);
  return (
    <div class="notice problem" role="alert">
      <p class="strong">{t(`failure.${failure.kind}`)}</p>
      <p>{t(`failure.${failure.kind}.do`)}</p>
      {failure.hint && lang === 'en' && <p>{failure.hint}</p>}
      {failure.kind !== 'offline' && <p class="faint">{t('failure.code', { code: failure.code })}</p>}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t('app.retry')}
        </button>
      )}
    </div>
  );
}
