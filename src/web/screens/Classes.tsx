/** A teacher's classes, each with how ready it is, in words. */
import { useState } from 'preact/hooks';
import type { ClassListShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';
import { gradesBeside, measureName } from '../phrases.ts';

type Props = { shape: ClassListShape; onConnect(classId: string): Promise<void> };

export function Classes({ shape, onConnect }: Props) {
  const { t } = useWords();
  return (
    <>
      <Title page={t('classes.title')}>{t('classes.title')}</Title>
      {shape.connect && <Connect connect={shape.connect} onConnect={onConnect} />}
      {shape.classes.length === 0 ? (
        <div class="notice quiet">
          <p class="strong">{t('classes.empty')}</p>
          <p>{t('classes.empty.do')}</p>
        </div>
      ) : (
        <ul class="cards">
          {shape.classes.map((klass) => (
            <ClassCard key={klass.id} klass={klass} />
          ))}
        </ul>
      )}
    </>
  );
}

function ClassCard({ klass }: { klass: ClassListShape['classes'][number] }) {
  const words = useWords();
  const { t } = words;
  const { students, scored, latest } = klass;
  const readiness = !latest || scored === 0 ? 'none' : scored >= students ? 'all' : 'some';
  return (
    <li class="card link">
      <h2>
        <a href={`#/classes/${encodeURIComponent(klass.id)}`}>{klass.title}</a>
      </h2>
      <p class="faint">
        {[klass.school, gradesBeside(words, klass.title, klass.grades), t('classes.students', { n: students })].filter(Boolean).join(' · ')}
      </p>
      {latest && <p>{measureName(words, latest)}</p>}
      <p class={`state ${readiness}`}>
        {readiness === 'none' && t('classes.ready.none')}
        {readiness === 'all' && t('classes.ready.all', { n: students })}
        {readiness === 'some' && t('classes.ready.some', { scored, n: students })}
      </p>
    </li>
  );
}

type Connecting = NonNullable<ClassListShape['connect']>;

function Connect({ connect, onConnect }: { connect: Connecting; onConnect: Props['onConnect'] }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const deed = useDeed();
  const submit = (event: Event) => {
    event.preventDefault();
    if (chosen) void deed.run(() => onConnect(chosen));
  };
  const { contextTitle: course } = connect;
  if (connect.candidates.length === 0)
    return <p class="notice quiet">{course ? t('connect.none', { course }) : t('connect.none.untitled')}</p>;
  return (
    <form class="card panel no-print" onSubmit={submit}>
      <h2>{t('connect.title')}</h2>
      <p>{course ? t('connect.why', { course }) : t('connect.why.untitled')}</p>
      <fieldset class="choices">
        <legend class="unseen">{t('connect.title')}</legend>
        {connect.candidates.map((candidate) => (
          <label key={candidate.id} class="choice">
            <input
              type="radio"
              name="class"
              value={candidate.id}
              checked={chosen === candidate.id}
              onChange={() => setChosen(candidate.id)}
            />
            <span>
              <strong>{candidate.title}</strong> <span class="faint">{t('classes.students', { n: candidate.students })}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      <button type="submit" class="main" disabled={!chosen || deed.busy}>
        {t('connect.do')}
      </button>
    </form>
  );
}
