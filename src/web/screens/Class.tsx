/** One class and one assessment: the answer in words, the picture by private number, who is missing, and the way to the meeting. */
import type { ClassShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { ClassPicture } from '../parts/ClassPicture.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { Growth } from '../parts/Growth.tsx';
import { PrintButton } from '../parts/PrintButton.tsx';
import { RosterState } from '../parts/RosterState.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';
import { amount, classAnswer, goalsOver, gradesBeside, measureName, scoredWhen, skillName } from '../phrases.ts';

type Measured = NonNullable<ClassShape['measure']>;
type Props = { shape: ClassShape; onMeasure(id: string): void; onPrepare(measureId: string): Promise<void> };

export function Class({ shape, onMeasure, onPrepare }: Props) {
  const words = useWords();
  const { t } = words;
  const { measure } = shape;
  return (
    <>
      <p class="crumb no-print">
        <a href="#/classes">{t('classes.title')}</a>
      </p>
      <p class="eyebrow">{[shape.title, shape.school, gradesBeside(words, shape.title, shape.grades)].filter(Boolean).join(' · ')}</p>
      <Title page={shape.title} class="answer">
        {measure ? classAnswer(words, measure.ref, measure.chart) : t('class.noScores')}
      </Title>
      {measure && <Toolbar shape={shape} measure={measure} onMeasure={onMeasure} />}
      <div class="columns">
        <div class="stack">
          {measure ? <Picture measure={measure} /> : <p class="notice quiet">{t('class.noScores.do')}</p>}
          {measure?.growth && <Growth growth={measure.growth} now={measure.ref} scale={measure.chart.scale} />}
        </div>
        <div class="stack">
          {measure && <MeetingCard meeting={shape.meeting} onPrepare={() => onPrepare(measure.ref.id)} />}
          {measure && <GoalsCard shape={shape} measure={measure} />}
          {measure && <Summary measure={measure} />}
          <RosterState shape={shape} />
        </div>
      </div>
    </>
  );
}

function Toolbar({ shape, measure, onMeasure }: { shape: ClassShape; measure: Measured; onMeasure: Props['onMeasure'] }) {
  const words = useWords();
  return (
    <div class="toolbar no-print">
      <label class="field">
        <span>{words.t('class.assessment')}</span>
        <select value={measure.ref.id} onChange={(event) => onMeasure(event.currentTarget.value)}>
          {shape.measures.map((ref) => (
            <option key={ref.id} value={ref.id}>
              {[measureName(words, ref), ref.to && words.day(ref.to)].filter(Boolean).join(' · ')}
            </option>
          ))}
        </select>
      </label>
      <PrintButton />
    </div>
  );
}

/** A test of a whole year has dozens. */
const codesShown = 6;

function Picture({ measure }: { measure: Measured }) {
  const words = useWords();
  const { t, list } = words;
  const { ref, chart, objectives } = measure;
  const more = objectives.length - codesShown;
  const said = more > 0 ? [...objectives.slice(0, codesShown), t('class.objectives.more', { n: more })] : objectives;
  const numbered = chart.marks.some((mark) => mark.number !== null);
  return (
    <section class="card">
      <h2>{measureName(words, ref)}</h2>
      <p class="faint">{[skillName(words, ref), scoredWhen(words, ref)].filter(Boolean).join(' · ')}</p>
      {objectives.length > 0 && <p class="faint">{t('class.objectives', { codes: list(said) })}</p>}
      {chart.display === 'marks' && <p>{t(numbered ? 'class.numbered' : 'class.notNumbered')}</p>}
      <ClassPicture chart={chart} measure={ref} />
    </section>
  );
}

function MeetingCard({ meeting, onPrepare }: { meeting: ClassShape['meeting']; onPrepare(): Promise<void> }) {
  const { t, moment } = useWords();
  const deed = useDeed();
  const open = meeting && !meeting.presentedAt;
  return (
    <section class="card panel no-print">
      <h2>{t('class.meeting')}</h2>
      <p>
        {!meeting && t('class.meeting.none')}
        {open && t('class.meeting.open')}
        {meeting?.presentedAt && t('class.meeting.presented', { when: moment(meeting.presentedAt) })}
      </p>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      <p class="actions">
        {meeting && (
          <a class={open ? 'button main' : 'button'} href={`#/meetings/${encodeURIComponent(meeting.id)}`}>
            {t('class.meeting.go')}
          </a>
        )}
        {!open && (
          <button type="button" class="main" disabled={deed.busy} onClick={() => void deed.run(onPrepare)}>
            {t(meeting ? 'class.meeting.next' : 'class.meeting.prepare')}
          </button>
        )}
      </p>
    </section>
  );
}

function GoalsCard({ shape, measure }: { shape: ClassShape; measure: Measured }) {
  const words = useWords();
  const { t } = words;
  const { open, met, past } = shape.goals;
  return (
    <section class="card no-print">
      <h2>{t('goals.title')}</h2>
      <p>{t('goals.what')}</p>
      {open + met + past > 0 && (
        <p>
          {t('goals.have', { count: open, n: shape.students })} {goalsOver(words, { met, past })} {t('goals.have.all')}
        </p>
      )}
      <p class="actions">
        <a class="button" href={`#/classes/${encodeURIComponent(shape.id)}/goals?measure=${encodeURIComponent(measure.ref.id)}`}>
          {t('goals.go')}
        </a>
      </p>
    </section>
  );
}

function Summary({ measure: { ref, chart, missing } }: { measure: Measured }) {
  const words = useWords();
  const { t } = words;
  const below = chart.atOrAbove ? chart.atOrAbove.of - chart.atOrAbove.count : 0;
  return (
    <section class="card">
      <h2>{t('class.summary')}</h2>
      <ul class="plain">
        {chart.average !== null && <li>{t('class.average', { amount: amount(words, ref, Math.round(chart.average)) })}</li>}
        {below > 0 && <li>{t('class.onTheWay', { n: below })}</li>}
        {chart.atOrAbove && below === 0 && <li>{t('class.everyone')}</li>}
        <li>{missing.length > 0 ? t('class.missing', { n: missing.length }) : t('class.missing.none')}</li>
        {chart.optedOut > 0 && <li>{t('class.optedOut', { n: chart.optedOut })}</li>}
        {chart.benchmark ? (
          <li>
            {t('class.benchmark', { amount: amount(words, ref, chart.benchmark.value) })}
            {chart.benchmark.source && <span class="faint"> ({chart.benchmark.source})</span>}
          </li>
        ) : (
          <li>{t('class.benchmark.none')}</li>
        )}
      </ul>
    </section>
  );
}
