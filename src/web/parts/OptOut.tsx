/** A guardian may take the child's mark off the class picture, and put it back, at any time; it stays off while any guardian wants it off. */
import { useState } from 'preact/hooks';
import { useWords } from '../language.tsx';
import { FailureNotice } from './FailureNotice.tsx';
import { useDeed } from './useDeed.ts';

type Props = { optedOut: boolean; byYou: boolean; onOptOut(out: boolean): Promise<void> };

export function OptOut({ optedOut, byYou, onOptOut }: Props) {
  const { t } = useWords();
  const [changed, setChanged] = useState(false);
  const deed = useDeed();
  const change = async (out: boolean) => {
    if (await deed.run(() => onOptOut(out))) setChanged(true);
  };
  return (
    <section class="card no-print">
      <h2>{t('optOut.title')}</h2>
      <label class="choice">
        <input
          type="checkbox"
          role="switch"
          aria-checked={!byYou}
          checked={!byYou}
          disabled={deed.busy}
          onChange={(event) => void change(!event.currentTarget.checked)}
        />
        <span>{t('optOut.label')}</span>
      </label>
      <p class="faint">{t('optOut.what')}</p>
      {optedOut && !byYou && <p>{t('optOut.another')}</p>}
      <div role="status">
        {changed && !deed.busy && (
          <p class="reveal">
            {t(byYou ? 'optOut.out' : optedOut ? 'optOut.in.another' : 'optOut.in')}{' '}
            <button type="button" onClick={() => void change(!byYou)}>
              {t('app.undo')}
            </button>
          </p>
        )}
      </div>
      {deed.failure && <FailureNotice failure={deed.failure} />}
    </section>
  );
}
