import { useWords } from '../language.tsx';

export function PrintButton() {
  const { t } = useWords();
  return (
    <button type="button" onClick={() => window.print()}>
      {t('app.print')}
    </button>
  );
}
