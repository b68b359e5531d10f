/** Asks before something that cannot be taken back with a click. The browser's own dialog: focus, Escape and the backdrop are its work. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../language.tsx';
import { FailureNotice } from './FailureNotice.tsx';
import { useDeed } from './useDeed.ts';

type Props = { title: string; action: string; children: ComponentChildren; onConfirm(): Promise<unknown>; onClose(): void };

export function Confirm({ title, action, children, onConfirm, onClose }: Props) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const deed = useDeed();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const confirm = async () => {
    if (await deed.run(onConfirm)) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      {children}
      {deed.failure && <FailureNotice failure={deed.failure} />}
      {deed.busy && <progress aria-label={t('app.working')} />}
      <p class="actions">
        <button type="button" class="main" disabled={deed.busy} onClick={() => void confirm()}>
          {action}
        </button>
        <button type="button" disabled={deed.busy} onClick={() => dialog.current?.close()}>
          {t('app.cancel')}
        </button>
      </p>
    </dialog>
  );
}
