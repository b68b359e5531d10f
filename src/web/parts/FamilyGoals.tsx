/** What a child works on until the next meeting, so that it can be counted; reached or not, without a word of blame. */
import type { ChildGoal, ChildShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { amount, distance, goalEnds, skillName } from '../phrases.ts';

export function FamilyGoals({ shape }: { shape: ChildShape }) {
  const words = useWords();
  const { t } = words;
  if (shape.goals.length === 0) return null;
  return (
    <section class="card reading">
      <p class="eyebrow">{t('goal.title', { name: shape.givenName })}</p>
      {shape.goals.map((goal) => (
        <div key={goal.id} class="goal">
          <h2>{t('goal.is', { ...goalEnds(words, goal.measure, goal), day: words.day(goal.dueOn) })}</h2>
          <p class="faint">{[goal.measure.title, skillName(words, goal.measure)].filter(Boolean).join(' · ')}</p>
          <p>{told(words, shape.givenName, goal)}</p>
        </div>
      ))}
      <p class="no-print">
        <a class="button" href={`#/children/${encodeURIComponent(shape.id)}/sheet`}>
          {t('goal.sheet')}
        </a>
      </p>
    </section>
  );
}

function told(words: ReturnType<typeof useWords>, name: string, { measure, metOn, dueOn, now, baseline, target }: ChildGoal): string {
  const { t, day } = words;
  if (metOn) return t('goal.met', { name, day: day(metOn) });
  const moved = now !== null && now.value !== baseline;
  if (isPast(dueOn)) return `${moved ? `${t('goal.now', { name, amount: amount(words, measure, now.value) })} ` : ''}${t('goal.passed')}`;
  if (!moved || now.value >= target) return t('goal.more', { amount: distance(words, measure, target - baseline) });
  return t('goal.away', { name, amount: amount(words, measure, now.value), left: distance(words, measure, target - now.value) });
}

/** By the reader's own clock. */
export const isPast = (day: string): boolean =>
  day < new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
