/** District IT: what the sources' files say of people that no rule could settle: how many, where, and what to do about it. */
import type { ReviewRow } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { entityName } from './RunState.tsx';

/** Every code has its words; a new one is shown as it is. */
const known = {
  no_match: true,
  ambiguous_match: true,
  agent_not_guardian: true,
  relation_unknown: true,
  relation_blank: true,
  parent_without_child: true,
  child_without_parent: true,
  no_contact_kept: true,
} as const;
type Code = keyof typeof known;
const isKnown = (code: string): code is Code => code in known;

export function useReasons() {
  const { t } = useWords();
  return (code: string) => (isKnown(code) ? t(`review.${code}`) : code);
}

export function Review({ rows }: { rows: ReviewRow[] }) {
  const words = useWords();
  const { t, number } = words;
  const reason = useReasons();
  if (rows.length === 0) return null;
  return (
    <section class="stack">
      <h2>{t('review.title')}</h2>
      <p>{t('review.what')}</p>
      <ul class="cards">
        {rows.map((row) => (
          <li class="card" key={`${row.source}-${row.code}-${row.entity}-${row.places[0]}`}>
            <p class="eyebrow">{row.source}</p>
            <h3>{reason(row.code)}</h3>
            <p>{[entityName(words, row.entity), t('problems.rows', { n: row.count })].join(' · ')}</p>
            <p class="faint breaks">
              {row.places.join(', ')}
              {row.count > row.places.length && ` ${t('problems.more', { count: number(row.count - row.places.length) })}`}
            </p>
            {isKnown(row.code) && <p>{t(`review.${row.code}.do`)}</p>}
            {row.runId && (
              <p>
                <a href={`#/sync/runs/${row.runId}`}>
                  {t('review.run')} <span class="unseen">{`${row.source}: ${reason(row.code)}`}</span>
                </a>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
