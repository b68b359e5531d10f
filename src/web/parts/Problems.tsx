/** What was wrong in a source's files, the same trouble once, with the first few places. Messages are the engine's, for the people who mend files. */
import type { RunShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { entityName } from './RunState.tsx';

type Group = RunShape['problemGroups'][number];

export function Problems({ groups }: { groups: Group[] }) {
  const { t } = useWords();
  return (
    <section class="stack">
      <h2>{t('problems.title')}</h2>
      {groups.every((group) => group.severity === 'left_out') && <p class="notice quiet">{t('problems.none')}</p>}
      {groups.map((group) => (
        <ProblemGroup key={`${group.entity}-${group.code}-${group.file}-${group.field}`} group={group} />
      ))}
    </section>
  );
}

function ProblemGroup({ group }: { group: Group }) {
  const words = useWords();
  const { t, number } = words;
  const where = [group.file, group.field && t('problems.field', { field: group.field })].filter(Boolean).join(' · ');
  const places = group.places.flatMap(({ line, sourcedId }) => {
    if (line !== null) return [t('problems.line', { line: String(line) })];
    return sourcedId === null ? [] : [sourcedId];
  });
  const rest = group.count - group.places.length;
  return (
    <article class={`card trouble ${group.severity}`}>
      <h3>
        <span class="tag">{t(`problems.${group.severity}`)}</span> <span lang="en">{group.message}</span>
      </h3>
      <p>{[entityName(words, group.entity), where, t('problems.rows', { n: group.count })].filter(Boolean).join(' · ')}</p>
      {places.length > 0 && (
        <p class="faint">
          {[...new Set(places)].join(', ')}
          {rest > 0 && ` ${t('problems.more', { count: number(rest) })}`}
        </p>
      )}
      <p class="faint">
        {t(`problems.${group.severity}.do`)} <code>{group.code}</code>
      </p>
    </article>
  );
}
