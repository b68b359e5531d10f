/** A small class is shown in groups only with its school leader's yes, which can be taken back at any time. */
import { useState } from 'preact/hooks';
import { useWords } from '../language.tsx';
import { announce } from './Announcer.tsx';
import { Confirm } from './Confirm.tsx';
import { FailureNotice } from './FailureNotice.tsx';
import { useDeed } from './useDeed.ts';

type Props = { title: string; allowed: boolean; onBands(allowed: boolean): Promise<void> };

export function BandConsent({ title, allowed, onBands }: Props) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const deed = useDeed();
  const allow = async () => {
    await onBands(true);
    announce(t('bands.allow.done'));
  };
  const withdraw = async () => {
    if (deed.busy) return;
    if (await deed.run(() => onBands(false))) announce(t('bands.withdraw.done'));
  };
  return (
    <>
      <p class="faint">{t(allowed ? 'bands.allowed' : 'bands.why')}</p>
      {/* One button with two faces, and never disabled: the keyboard's place is kept when the answer changes. */}
      <button type="button" aria-disabled={deed.busy} onClick={() => (allowed ? void withdraw() : setAsking(true))}>
        {t(allowed ? 'bands.withdraw' : 'bands.allow')} <span class="unseen">{title}</span>
      </button>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      {asking && (
        <Confirm title={t('bands.allow.ask')} action={t('bands.allow')} onConfirm={allow} onClose={() => setAsking(false)}>
          <p class="strong">{title}</p>
          <p>{t('bands.allow.what')}</p>
        </Confirm>
      )}
    </>
  );
}
