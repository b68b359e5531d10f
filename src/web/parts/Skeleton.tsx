/** The outline of what is coming, at its height, so that nothing jumps when it arrives. */
import { useWords } from '../language.tsx';

export function Skeleton({ kind }: { kind: 'cards' | 'dashboard' | 'list' }) {
  const { t } = useWords();
  return (
    <div class={`skeleton ${kind}`} role="status">
      <h1 class="unseen">{t('app.loading')}</h1>
      <span class="bone heading" />
      {kind === 'dashboard' && <span class="bone chart" />}
      <span class="bone" />
      <span class="bone" />
      <span class="bone" />
    </div>
  );
}
