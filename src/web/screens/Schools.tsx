/** A school leader's classes with how ready each is, and aggregates by grade. No child's data; small groups stay hidden. */
import type { SchoolsShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { BandConsent } from '../parts/BandConsent.tsx';
import { DataTable } from '../parts/TableTwin.tsx';
import { Title } from '../parts/Title.tsx';
import { gradeName, gradesBeside, measureName } from '../phrases.ts';

type School = SchoolsShape['schools'][number];
type Klass = School['classes'][number];
type Props = { shape: SchoolsShape; onBands(classId: string, allowed: boolean): Promise<void> };

export function Schools({ shape, onBands }: Props) {
  const { t, list } = useWords();
  const classes = shape.schools.flatMap((school) => school.classes);
  const ready = classes.filter((klass) => klass.ready).length;
  const asking = classes.filter((klass) => klass.bands === 'needs_consent');
  return (
    <>
      <Title page={t('schools.title')} class="answer">
        {classes.length > 0 ? t('schools.answer', { ready, n: classes.length }) : t('schools.title')}
      </Title>
      {asking.length > 0 && (
        <p class="lead">{t('schools.needYou', { n: asking.length, classes: list(asking.map((klass) => klass.title)) })}</p>
      )}
      {shape.schools.length === 0 && (
        <div class="notice quiet">
          <p class="strong">{t('schools.empty')}</p>
          <p>{t('schools.empty.do')}</p>
        </div>
      )}
      {shape.schools.map((school) => (
        <SchoolSection key={school.id} school={school} onBands={onBands} />
      ))}
    </>
  );
}

function SchoolSection({ school, onBands }: { school: School; onBands: Props['onBands'] }) {
  const words = useWords();
  const { t, moment } = words;
  const newest = school.classes
    .map((klass) => klass.rosterAsOf)
    .sort()
    .at(-1);
  return (
    <section class="stack">
      <h2>{school.name}</h2>
      {newest && <p class="faint">{t('schools.asOf', { when: moment(newest) })}</p>}
      {school.classes.length === 0 && <p class="notice quiet">{t('schools.noClasses')}</p>}
      <ul class="cards">
        {school.classes.map((klass) => (
          <ClassCard key={klass.id} klass={klass} onBands={(allowed) => onBands(klass.id, allowed)} />
        ))}
      </ul>
      {school.grades.length > 0 && <Grades school={school} />}
    </section>
  );
}

function ClassCard({ klass, onBands }: { klass: Klass; onBands(allowed: boolean): Promise<void> }) {
  const words = useWords();
  const { t, moment, list } = words;
  const facts = [gradesBeside(words, klass.title, klass.grades), list(klass.teachers), t('classes.students', { n: klass.students })];
  const enough = klass.scores === 'all' || klass.scores === 'most';
  return (
    <li class="card">
      <h3>{klass.title}</h3>
      <p class="faint">{facts.filter(Boolean).join(' · ')}</p>
      <p class={`state ${klass.ready ? 'all' : 'some'}`}>{t(standing(klass))}</p>
      <p>{klass.latest ? `${measureName(words, klass.latest)}: ${t(`schools.scores.${klass.scores}`)}` : t('classes.ready.none')}</p>
      {klass.held && (
        <p>
          {t('schools.held')} <span class="faint">{t('schools.asOf', { when: moment(klass.rosterAsOf) })}</span>
        </p>
      )}
      {!klass.ready && !klass.held && enough && klass.bands === 'not_needed' && <p>{t('schools.tooFew')}</p>}
      {klass.bands !== 'not_needed' && <BandConsent title={klass.title} allowed={klass.bands === 'allowed'} onBands={onBands} />}
    </li>
  );
}

/** Where the class stands on its way to the meeting, in one line. */
function standing({ ready, meeting, bands }: Klass) {
  if (meeting === 'presented') return 'schools.meeting.presented';
  if (bands === 'needs_consent') return 'schools.needsYou';
  if (!ready) return 'schools.notReady';
  return meeting === 'prepared' ? 'schools.meeting.prepared' : 'schools.ready';
}

/** The newest time of each assessment; the earlier ones are there for who asks. */
function Grades({ school }: { school: School }) {
  const { t } = useWords();
  const seen = new Set<string>();
  const isNewest = ({ grade, measure }: School['grades'][number]) => {
    const key = [grade, measure.title, measure.skill].join('|');
    return !seen.has(key) && seen.add(key);
  };
  const newest = school.grades.filter(isNewest);
  const earlier = school.grades.filter((line) => !newest.includes(line));
  return (
    <div class="card">
      <GradeTable caption={t('schools.grades', { school: school.name })} lines={newest} />
      {earlier.length > 0 && (
        <details>
          <summary>{t('schools.earlier')}</summary>
          <GradeTable caption={`${t('schools.grades', { school: school.name })}: ${t('schools.earlier')}`} lines={earlier} />
        </details>
      )}
      <p class="faint">{t('schools.hidden.why')}</p>
    </div>
  );
}

function GradeTable({ caption, lines }: { caption: string; lines: School['grades'] }) {
  const words = useWords();
  const { t, number } = words;
  const hidden = t('schools.hidden');
  return (
    <DataTable
      caption={caption}
      head={[t('schools.grade'), t('schools.scored'), t('schools.atOrAbove')]}
      rows={lines.map(({ grade, measure, children, atOrAbove }) => ({
        key: `${grade}-${measure.id}`,
        cells: [
          <span key="what">
            {gradeName(words, grade)} <span class="faint">{measureName(words, measure)}</span>
          </span>,
          children === null ? hidden : number(children),
          atOrAbove === null ? hidden : number(atOrAbove),
        ],
      }))}
    />
  );
}
