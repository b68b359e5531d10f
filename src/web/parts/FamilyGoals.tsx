/** What a child works on until the next meeting, so that it can be counted; reached or not, without a word of blame. */
import type { ChildGoal, ChildShape, GoalShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { amount, distance, goalEnds } from '../phrases.ts';
import { SkillLine } from './SkillLine.tsx';

type Props = {
  child: Pick<ChildShape, 'id' | 'givenName'>;
  goals: ChildGoal[];
  /** Nothing around them says which skill they are in. */
  named?: boolean;
};

export function FamilyGoals({ child, goals, named = false }: Props) {
  const words = useWords();
  const { t } = words;
  if (goals.length === 0) return null;
  const Heading = named ? 'h2' : 'h3'; // alone, or within what is said of the skill
  return (
    <div class="notice family-goals">
      <p class="eyebrow">{t('goal.title', { name: child.givenName })}</p>
      {goals.map((goal) => (
        <div key={goal.id} class="goal">
          <Heading>{t('goal.is', { ...goalEnds(words, goal.measure, goal), day: words.day(goal.dueOn) })}</Heading>
          {named && <SkillLine measure={goal.measure} />}
          <p>{told(words, child.givenName, goal)}</p>
        </div>
      ))}
      <p class="no-print">
        <a class="button" href={`#/children/${encodeURIComponent(child.id)}/sheet`}>
          {t('goal.sheet')}
        </a>
      </p>
    </div>
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

/** It is worked on: not reached, and its day not past. */
export const isOpen = ({ metOn, dueOn }: Pick<GoalShape, 'metOn' | 'dueOn'>): boolean => !metOn && !isPast(dueOn);
