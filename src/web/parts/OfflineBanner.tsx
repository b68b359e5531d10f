/** Says that the signal is gone while what is on screen stays. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { useWords } from '../language.tsx';

export function OfflineBanner() {
  const { t } = useWords();
  const [online, setOnline] = useState(navigator.onLine);
  useLayoutEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return <div role="status">{!online && <p class="banner">{t('app.offline')}</p>}</div>;
}
