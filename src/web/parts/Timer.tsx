/** Minutes and seconds since the data talk began. Nothing is announced: it is there to be looked at. */
import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../language.tsx';

/** @param began milliseconds since 1970 */
export function Timer({ began }: { began: number }) {
  const { t } = useWords();
  const [now, setNow] = useState(began);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.floor((now - began) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return (
    <span class="timer" role="timer" aria-label={t('present.timer')}>
      {`${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`}
    </span>
  );
}
