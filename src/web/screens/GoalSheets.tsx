/**
 * Goal sheets for paper: one page a child, for the family's wall. For a class's teacher all of them, for a guardian their own child's. Those of
 * goals that are reached, or whose day has passed, only when asked for.
 */
import { useState } from 'preact/hooks';
import type { ChildShape, ClassGoalsShape, GoalShape, MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { isOpen } from '../parts/FamilyGoals.tsx';
import { PrintButton } from '../parts/PrintButton.tsx';
import { SkillLine } from '../parts/SkillLine.tsx';
import { Title } from '../parts/Title.tsx';
import { amount, distance, goalEnds, goalsOver } from '../phrases.ts';

type Goal = GoalShape & { measure: MeasureRef; now: { value: number } | null };

export function ClassSheets({ shape }: { shape: ClassGoalsShape }) {
  const words = useWords();
  const { t } = words;
  const { measure } = shape;
  const [all, setAll] = useState(false);
  const every = shape.children.flatMap((child) =>
    child.goal && measure ? [{ child, goal: { ...child.goal, measure, now: child.now } }] : [],
  );
  const over = every.filter(({ goal }) => !isOpen(goal));
  const sheets = all ? every : every.filter(({ goal }) => isOpen(goal));
  const met = over.filter(({ goal }) => goal.metOn).length;
  const without = shape.children.length - every.length;
  const back = `#/classes/${encodeURIComponent(shape.id)}/goals${measure ? `?measure=${encodeURIComponent(measure.id)}` : ''}`;
  return (
    <div class="page sheets">
      <div class="no-print stack">
        <p class="crumb">
          <a href={back}>{t('goals.title')}</a>
        </p>
        <p class="eyebrow">{[shape.title, shape.school].filter(Boolean).join(' · ')}</p>
        <Title page={t('sheets.title')} class="answer">
          {t('sheets.answer', { n: sheets.length })}
        </Title>
        <p>{t('sheets.what')}</p>
        {(over.length > 0 || without > 0) && (
          <p class="faint">
            {[goalsOver(words, { met, past: over.length - met }), without > 0 && t('sheets.without', { n: without })]
              .filter(Boolean)
              .join(' ')}
          </p>
        )}
        <AlsoOver n={over.length} all={all} onChange={setAll} />
        {sheets.length > 0 ? (
          <PrintButton />
        ) : (
          <p class="actions">
            <a class="button main" href={back}>
              {t('goals.go')}
            </a>
          </p>
        )}
      </div>
      {sheets.map(({ child, goal }) => (
        <Sheet
          key={goal.id}
          name={child.givenName}
          place={[`${child.givenName} ${child.familyName}`, shape.title, shape.school]}
          goal={goal}
        />
      ))}
    </div>
  );
}

function AlsoOver({ n, all, onChange }: { n: number; all: boolean; onChange(all: boolean): void }) {
  const { t } = useWords();
  if (n === 0) return null;
  return (
    <label class="choice">
      <input type="checkbox" checked={all} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{t('sheet.over', { n })}</span>
    </label>
  );
}

export function ChildSheet({ shape }: { shape: ChildShape }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const goals = all ? shape.goals : shape.goals.filter(isOpen);
  return (
    <div class="page sheets">
      <div class="no-print stack">
        <p class="crumb">
          <a href={`#/children/${encodeURIComponent(shape.id)}`}>{shape.givenName}</a>
        </p>
        <Title page={t('sheet.page')}>{t('sheet.page')}</Title>
        <AlsoOver n={shape.goals.filter((goal) => !isOpen(goal)).length} all={all} onChange={setAll} />
        {goals.length > 0 ? (
          <PrintButton />
        ) : (
          <div class="notice quiet">
            <p class="strong">{t('sheet.none')}</p>
            <p>{t('sheet.none.do')}</p>
          </div>
        )}
      </div>
      {goals.map((goal) => (
        <Sheet key={goal.id} name={shape.givenName} place={[shape.school]} goal={goal} />
      ))}
    </div>
  );
}

const weeks = [1, 2, 3, 4, 5, 6];

function Sheet({ name, place, goal }: { name: string; place: string[]; goal: Goal }) {
  const words = useWords();
  const { t, day } = words;
  const { measure, baseline, target, now } = goal;
  return (
    <article class="sheet card">
      <p class="faint">{place.filter(Boolean).join(' · ')}</p>
      <h2 class="answer">{t('goal.title', { name })}</h2>
      <p class="strong">{t('goal.is', { ...goalEnds(words, measure, goal), day: day(goal.dueOn) })}</p>
      <SkillLine measure={{ ...measure, window: null }} />
      <ul class="steps">
        <li>
          {t('sheet.start')} <strong>{amount(words, measure, baseline)}</strong>
        </li>
        {now && now.value !== baseline && (
          <li>
            {t('sheet.now')} <strong>{amount(words, measure, now.value)}</strong>
          </li>
        )}
        <li class="end">
          {t('sheet.goal')} <strong>{amount(words, measure, target)}</strong>{' '}
          <span class="faint">{t('sheet.by', { day: day(goal.dueOn) })}</span>
        </li>
      </ul>
      <p>
        {goal.metOn
          ? t('goal.met', { name, day: day(goal.metOn) })
          : isOpen(goal)
            ? t('goal.more', { amount: distance(words, measure, target - baseline) })
            : t('goal.passed')}
      </p>
      {isOpen(goal) && <Practice />}
    </article>
  );
}

/** Six weeks to be lived, and who lives them. */
function Practice() {
  const { t } = useWords();
  return (
    <>
      <h3>{t('sheet.days')}</h3>
      <p>{t('sheet.days.do')}</p>
      <Days />
      <p class="line">{t('sheet.helps')}</p>
      <p>{t('sheet.agree')}</p>
      <div class="signatures">
        <p class="line">{t('sheet.child')}</p>
        <p class="line">{t('sheet.family')}</p>
        <p class="line">{t('sheet.teacher')}</p>
      </div>
    </>
  );
}

/** A box a day, to be ticked with a pen. */
function Days() {
  const { t, lang } = useWords();
  const weekday = new Intl.DateTimeFormat(lang, { weekday: 'short', timeZone: 'UTC' });
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => weekday.format(new Date(Date.UTC(2024, 0, day)))); // 2024 began on a Monday
  return (
    <table class="days">
      <thead>
        <tr>
          <td />
          {days.map((day) => (
            <th key={day} scope="col">
              {day}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week}>
            <th scope="row">{t('sheet.week', { week })}</th>
            {days.map((day) => (
              <td key={day} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
