/** One child's line among the goals: what was agreed and how it stands, what is suggested, and what a teacher may do about it. */
import { useState } from 'preact/hooks';
import type { GoalChild, MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { amount, goalEnds } from '../phrases.ts';
import { isOpen, isPast } from './FamilyGoals.tsx';
import { GoalForm } from './GoalForm.tsx';

export type NewGoal = { childId: string; target: number; dueOn: string; reason: string | null };

/** A goal that is met, or whose day has passed, gives way to the next. */
export const isUnderWay = ({ goal }: GoalChild): boolean => goal !== null && isOpen(goal);

type Props = {
  child: GoalChild;
  measure: MeasureRef;
  dueOn: string;
  max: number | null;
  busy: boolean;
  onAccept(goal: NewGoal): void;
  onTakeBack(goalId: string): void;
  onSave(goal: NewGoal): Promise<void>;
};

export function GoalRow({ child, measure, dueOn, max, busy, onAccept, onTakeBack, onSave }: Props) {
  const { t } = useWords();
  const [editing, setEditing] = useState(false);
  const { id, goal, now, suggestion } = child;
  const name = `${child.givenName} ${child.familyName}`;
  const target = suggestion?.target ?? null;
  const underWay = isUnderWay(child);
  const named = (label: string) => (
    <>
      {label} <span class="unseen">{name}</span>
    </>
  );
  return (
    <li class="card">
      <h3>{name}</h3>
      {goal && <Agreed child={child} measure={measure} />}
      {!underWay && <Suggested child={child} measure={measure} />}
      {editing ? (
        <GoalForm
          name={name}
          measure={measure}
          from={underWay ? (goal?.baseline ?? 0) : (now?.value ?? 0)}
          max={max}
          start={underWay && goal ? { target: goal.target, dueOn: goal.dueOn } : { target, dueOn }}
          onSave={async (wish) => {
            await onSave({ childId: id, ...wish });
            setEditing(false);
          }}
          onClose={() => setEditing(false)}
        />
      ) : (
        <p class="actions">
          {target !== null && (
            <button type="button" disabled={busy} onClick={() => onAccept({ childId: id, target, dueOn, reason: null })}>
              {named(t('goals.accept'))}
            </button>
          )}
          {now && (
            <button type="button" class="quiet" onClick={() => setEditing(true)}>
              {named(t(underWay ? 'goals.change' : target === null ? 'goals.set' : 'goals.own'))}
            </button>
          )}
          {goal && (
            <button type="button" class="quiet" disabled={busy} onClick={() => onTakeBack(goal.id)}>
              {named(t('goals.takeBack'))}
            </button>
          )}
        </p>
      )}
    </li>
  );
}

function Agreed({ child: { goal, now }, measure }: { child: GoalChild; measure: MeasureRef }) {
  const words = useWords();
  const { t, day } = words;
  if (!goal) return null;
  const state = goal.metOn ? t('goals.reached', { day: day(goal.metOn) }) : t(isPast(goal.dueOn) ? 'goals.passed' : 'goals.open');
  return (
    <>
      <p class="strong">{t('goals.is', { ...goalEnds(words, measure, goal), day: day(goal.dueOn) })}</p>
      <p class={`state ${goal.metOn ? 'all' : 'some'}`}>{state}</p>
      {now && now.value !== goal.baseline && <p>{t('goals.now', { amount: amount(words, measure, now.value) })}</p>}
      {goal.why && <p class="faint">{t('goals.why', { reason: goal.why })}</p>}
    </>
  );
}

function Suggested({ child: { now, suggestion }, measure }: { child: GoalChild; measure: MeasureRef }) {
  const words = useWords();
  const { t } = words;
  if (!now) return <p class="faint">{t('goals.noScore')}</p>;
  if (!suggestion) return null;
  const { kind, target } = suggestion;
  if (target === null) return <p>{t(kind === 'own' ? 'goals.ownOnly' : 'goals.next', { amount: amount(words, measure, now.value) })}</p>;
  return <p>{t(kind === 'stretch' ? 'goals.stretch' : 'goals.suggested', goalEnds(words, measure, { baseline: now.value, target }))}</p>;
}
