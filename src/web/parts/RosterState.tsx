/** Whose list this is and as of when, who came and left, who has no score yet. Names stay off paper: a print may lie on a table. */
import type { ClassShape, Person } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';

const nameOf = (person: Person): string => `${person.givenName} ${person.familyName}`;

export function RosterState({ shape }: { shape: ClassShape }) {
  const { t, moment, day } = useWords();
  const { roster, measure } = shape;
  const dated = (people: (Person & { on: string })[]) =>
    people.map((person) => t('roster.person', { name: nameOf(person), day: day(person.on) }));
  return (
    <section class="card">
      <h2>{t('roster.title')}</h2>
      <p>
        {t('roster.count', { n: shape.students })}{' '}
        <span class="faint">{t('roster.asOf', { when: moment(roster.asOf), source: roster.sourceName })}</span>
      </p>
      {measure?.scoresAsOf && <p class="faint">{t('roster.scoresAsOf', { when: moment(measure.scoresAsOf) })}</p>}
      {roster.held && (
        <div class="notice warning">
          <p class="strong">{t('roster.held')}</p>
          <p>{t('roster.held.do', { when: moment(roster.held.since) })}</p>
        </div>
      )}
      <div class="no-print">
        <People title={t('roster.missing')} people={measure?.missing.map(nameOf) ?? []} />
        <People title={t('roster.arrived')} people={dated(roster.arrivedLately)} />
        <People title={t('roster.left')} people={dated(roster.leftLately)} />
      </div>
    </section>
  );
}

function People({ title, people }: { title: string; people: string[] }) {
  if (people.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="names">
        {people.map((person) => (
          <li key={person}>{person}</li>
        ))}
      </ul>
    </>
  );
}
