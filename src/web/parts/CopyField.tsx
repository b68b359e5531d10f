/** A value to take away: seen whole, selected at a touch, copied by a button that says so. */
import { useRef } from 'preact/hooks';
import { useWords } from '../language.tsx';
import { announce } from './Announcer.tsx';

/** @param lang the language of the label, where it is not the page's: a platform's own word */
export function CopyField({ label, value, lang }: { label: string; value: string; lang?: string }) {
  const { t } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const copy = async () => {
    // In a platform's frame the clipboard may be out of reach: then the old way, from the selection.
    const isCopied = await navigator.clipboard.writeText(value).then(
      () => true,
      () => {
        field.current?.select();
        return document.execCommand('copy');
      },
    );
    if (!isCopied) field.current?.select();
    announce(t(isCopied ? 'copy.done' : 'copy.byHand'));
  };
  return (
    <div class="copy">
      <label class="field">
        <span lang={lang}>{label}</span>
        <textarea ref={field} readOnly rows={value.split('\n').length} value={value} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <button type="button" onClick={() => void copy()}>
        {t('copy.do')} <span class="unseen">{label}</span>
      </button>
    </div>
  );
}
