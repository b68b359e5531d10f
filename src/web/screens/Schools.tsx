/** A school leader's classes with how ready each is, and aggregates by grade. No child's data; small groups stay hidden. */
import type { SchoolsShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { DataTable } from '../parts/TableTwin.tsx';
import { Title } from '../parts/Title.tsx';
import { gradeName, gradeNames, measureName } from '../phrases.ts';

type School = SchoolsShape['schools'][number];

export function Schools({ shape }: { shape: SchoolsShape }) {
  const { t } = useWords();
  const classes = shape.schools.flatMap((school) => school.classes);
  const ready = classes.filter((klass) => klass.ready).length;
  return (
    <>
      <Title page={t('schools.title')} class="answer">
        {classes.length > 0 ? t('schools.answer', { ready, n: classes.length }) : t('schools.title')}
      </Title>
      {shape.schools.length === 0 && (
        <div class="notice quiet">
          <p class="strong">{t('schools.empty')}</p>
          <p>{t('schools.empty.do')}</p>
        </div>
      )}
      {shape.schools.map((school) => (
        <SchoolSection key={school.id} school={school} />
      ))}
    </>
  );
}

function SchoolSection({ school }: { school: School }) {
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
          <ClassCard key={klass.id} klass={klass} />
        ))}
      </ul>
      {school.grades.length > 0 && <Grades school={school} />}
    </section>
  );
}

function ClassCard({ klass }: { klass: School['classes'][number] }) {
  const words = useWords();
  const { t, moment, list } = words;
  return (
    <li class="card">
      <h3>{klass.title}</h3>
      <p class="faint">
        {[gradeNames(words, klass.grades), list(klass.teachers), t('classes.students', { n: klass.students })].filter(Boolean).join(' · ')}
      </p>
      <p class={`state ${klass.ready ? 'all' : 'some'}`}>{t(klass.ready ? 'schools.ready' : 'schools.notReady')}</p>
      <ul class="plain">
        <li>{klass.latest ? `${measureName(words, klass.latest)}: ${t(`schools.scores.${klass.scores}`)}` : t('schools.scores.none')}</li>
        <li>{t(`schools.meeting.${klass.meeting}`)}</li>
        {klass.held && <li class="strong">{t('schools.held')}</li>}
      </ul>
      {klass.held && <p class="faint">{t('schools.asOf', { when: moment(klass.rosterAsOf) })}</p>}
    </li>
  );
}

function Grades({ school }: { school: School }) {
  const words = useWords();
  const { t, number } = words;
  const hidden = t('schools.hidden');
  return (
    <div class="card">
      <DataTable
        caption={t('schools.grades', { school: school.name })}
        head={[t('schools.grade'), t('table.children'), t('schools.atOrAbove')]}
        rows={school.grades.map(({ grade, measure, children, atOrAbove }) => ({
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
      <p class="faint">{t('schools.hidden.why')}</p>
    </div>
  );
}
