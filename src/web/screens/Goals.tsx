/** A class's six-week goals in one skill: what is suggested, what was agreed, who is there. With names, so none of it is printed. */
import { useState } from 'preact/hooks';
import type { ClassGoalsShape, GoalColumn, MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { GoalRow, isUnderWay, type NewGoal } from '../parts/GoalRow.tsx';
import { GradeBook } from '../parts/GradeBook.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';
import { goalsOver, skillName } from '../phrases.ts';

type Props = {
  shape: ClassGoalsShape;
  onMeasure(id: string): void;
  /** @returns the goals that are new */
  onSet(goals: NewGoal[]): Promise<string[]>;
  onChange(goalId: string, change: Omit<NewGoal, 'childId'>): Promise<void>;
  onTakeBack(goalIds: string[]): Promise<void>;
  onWish(course: string, wish: GoalColumn['wish']): Promise<void>;
};

export function Goals(props: Props) {
  const { shape, onMeasure, onSet, onTakeBack } = props;
  const words = useWords();
  const { t } = words;
  const { measure } = shape;
  const deed = useDeed();
  const [done, setDone] = useState<{ said: string; undo: string[] } | null>(null);
  // Without a measure there is nothing to begin with, and still something to stop.
  const columns = measure ? shape.columns : shape.columns.filter(({ wish, made }) => wish !== 'off' || made);
  const unscored = shape.children.filter((child) => !child.now && !child.goal).length;
  const withGoal = shape.children.filter((child) => child.goal);
  const open = withGoal.filter(isUnderWay).length;
  const met = withGoal.filter((child) => child.goal?.metOn).length;
  const over = goalsOver(words, { met, past: withGoal.length - open - met });
  const suggested = shape.children.flatMap(({ id, suggestion }) =>
    suggestion?.target == null ? [] : [{ childId: id, target: suggestion.target, dueOn: shape.dueOn, reason: null }],
  );
  const set = async (goals: NewGoal[]) => {
    const made = await onSet(goals);
    setDone({ said: t('goals.done', { n: made.length }), undo: made });
  };
  const takeBack = (ids: string[]) =>
    deed.run(async () => {
      await onTakeBack(ids);
      setDone({ said: t('goals.takenBack', { n: ids.length }), undo: [] });
    });
  return (
    <>
      <p class="crumb no-print">
        <a href={`#/classes/${encodeURIComponent(shape.id)}${measure ? `?measure=${encodeURIComponent(measure.id)}` : ''}`}>
          {shape.title}
        </a>
      </p>
      <p class="eyebrow">{[t('goals.title'), shape.title, shape.school].filter(Boolean).join(' · ')}</p>
      <Title page={t('goals.title')} class="answer">
        {measure ? t('goals.answer', { count: open, n: shape.children.length }) : t('goals.none')}
      </Title>
      {!measure && <p class="notice quiet">{t('goals.none.do')}</p>}
      {measure && (over || unscored > 0) && <p>{[over, unscored > 0 && t('goals.unscored', { n: unscored })].filter(Boolean).join(' ')}</p>}
      {measure && <Toolbar shape={shape} measure={measure} printable={withGoal.length > 0} onMeasure={onMeasure} />}
      {suggested.length > 0 && (
        <section class="card panel no-print">
          <h2>{t('goals.suggestions')}</h2>
          <p>{t('goals.suggestions.what', { day: words.day(shape.dueOn) })}</p>
          <p class="actions">
            <button type="button" class="main" disabled={deed.busy} onClick={() => void deed.run(() => set(suggested))}>
              {t('goals.acceptAll', { n: suggested.length })}
            </button>
          </p>
        </section>
      )}
      <div role="status" class="no-print">
        {done && !deed.busy && (
          <p class="reveal">
            {done.said}{' '}
            {done.undo.length > 0 && (
              <button type="button" onClick={() => void takeBack(done.undo)}>
                {t('app.undo')}
              </button>
            )}
          </p>
        )}
      </div>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      {measure && (
        <section class="no-print">
          <h2>{t('goals.children')}</h2>
          <ul class="goals">
            {shape.children.map((child) => (
              <GoalRow
                key={child.id}
                child={child}
                measure={measure}
                dueOn={shape.dueOn}
                max={shape.scale.max}
                busy={deed.busy}
                onAccept={(goal) => void deed.run(() => set([goal]))}
                onTakeBack={(id) => void takeBack([id])}
                onSave={async (goal) => {
                  if (!isUnderWay(child)) return set([goal]);
                  await props.onChange(child.goal?.id ?? '', goal);
                  setDone({ said: t('goals.changed'), undo: [] });
                }}
              />
            ))}
          </ul>
        </section>
      )}
      {columns.map((column) => (
        <GradeBook key={column.id} column={column} onWish={(wish) => props.onWish(column.id, wish)} />
      ))}
      {measure && <p class="on-paper">{t('goals.onPaper')}</p>}
    </>
  );
}

type ToolbarProps = { shape: ClassGoalsShape; measure: MeasureRef; printable: boolean; onMeasure: Props['onMeasure'] };

function Toolbar({ shape, measure, printable, onMeasure }: ToolbarProps) {
  const words = useWords();
  const { t } = words;
  return (
    <div class="toolbar no-print">
      <label class="field">
        <span>{t('goals.skill')}</span>
        <select value={measure.id} onChange={(event) => onMeasure(event.currentTarget.value)}>
          {shape.measures.map((ref) => (
            <option key={ref.id} value={ref.id}>
              {[ref.title, skillName(words, ref)].filter(Boolean).join(' · ')}
            </option>
          ))}
        </select>
      </label>
      {printable && (
        <a class="button" href={`#/classes/${encodeURIComponent(shape.id)}/sheets?measure=${encodeURIComponent(measure.id)}`}>
          {t('goals.sheets')}
        </a>
      )}
    </div>
  );
}
