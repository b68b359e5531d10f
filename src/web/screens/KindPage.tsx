/** A page with nothing to show says so kindly, why, and what to do. */
import { useWords } from '../language.tsx';
import { Title } from '../parts/Title.tsx';

type Kind =
  | 'signedOut'
  | 'noVisit'
  | 'student'
  | 'notHere'
  | 'defect'
  | 'person_not_matched'
  | 'course_being_read'
  | 'mentor_without_children';

export function KindPage({ kind, onAgain }: { kind: Kind; onAgain?: () => void }) {
  const { t } = useWords();
  return (
    <section class="kind">
      <Title page={t(`kind.${kind}`)}>{t(`kind.${kind}`)}</Title>
      <p>{t(`kind.${kind}.do`)}</p>
      {onAgain && (
        <button type="button" class="main" onClick={onAgain}>
          {t('app.retry')}
        </button>
      )}
      {kind === 'notHere' && (
        <a class="button" href="#/">
          {t('app.home')}
        </a>
      )}
    </section>
  );
}
