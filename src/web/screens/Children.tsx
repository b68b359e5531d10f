/** A guardian's own children. With one child there is nothing to choose. */
import { useEffect } from 'preact/hooks';
import type { ChildrenShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { Title } from '../parts/Title.tsx';
import { gradeName } from '../phrases.ts';
import { go } from '../route.ts';

/** @param sheets they came for the goal sheet, not the child's page */
export function Children({ shape, sheets = false }: { shape: ChildrenShape; sheets?: boolean }) {
  const words = useWords();
  const { t } = words;
  const addressOf = (id: string) => `#/children/${encodeURIComponent(id)}${sheets ? '/sheet' : ''}`;
  const [first, ...others] = shape.children;
  const only = first && others.length === 0 ? first.id : null;
  useEffect(() => {
    if (only) go(addressOf(only), true);
  }, [only]);
  if (only) return null;
  return (
    <>
      <Title page={t('children.title')}>{t(sheets ? 'sheet.page' : 'children.title')}</Title>
      {!first ? (
        <div class="notice quiet">
          <p class="strong">{t('children.empty')}</p>
          <p>{t('children.empty.do')}</p>
        </div>
      ) : (
        <ul class="cards">
          {shape.children.map((child) => (
            <li key={child.id} class="card link">
              <h2>
                <a href={addressOf(child.id)}>{child.givenName}</a>
              </h2>
              <p class="faint">{[child.grade && gradeName(words, child.grade), child.school].filter(Boolean).join(' · ')}</p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
