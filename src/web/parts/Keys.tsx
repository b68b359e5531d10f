/** What each key does while presenting. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../language.tsx';

const keys = [
  ['→', 'present.key.next'],
  ['←', 'present.key.back'],
  ['B', 'present.key.blank'],
  ['F', 'present.key.full'],
  ['L', 'present.key.language'],
  ['Esc', 'present.key.leave'],
] as const;

export function Keys({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="keys" onClose={onClose}>
      <h2 id="keys">{t('present.keys')}</h2>
      <dl class="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="main" onClick={() => dialog.current?.close()}>
        {t('app.close')}
      </button>
    </dialog>
  );
}
