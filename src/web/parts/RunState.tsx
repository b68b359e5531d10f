/** A run in words, and its counts. */
import type { Counts, HeldBecause, RunRow } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import type { Words } from '../words.ts';

const states: Record<RunRow['status'], string> = {
  running: 'busy',
  applied: 'all',
  unchanged: 'all',
  held: 'some',
  failed: 'failed',
  rejected: 'none',
  undone: 'none',
  'dry-run': 'none',
};

export function RunState({ run }: { run: RunRow }) {
  const { t, number } = useWords();
  const { totals } = run;
  return (
    <>
      <p class={`state ${states[run.status]}`}>{t(`run.${run.status}`)}</p>
      {run.status === 'running' && <progress aria-label={t('run.running')} />}
      {totals.read > 0 && (
        <p class="faint">
          {t('run.totals', { n: totals.read, added: totals.added, changed: totals.changed, ended: number(totals.ended) })}
        </p>
      )}
      {run.problems > 0 && <p>{t('run.problems', { n: run.problems })}</p>}
    </>
  );
}

export const countKeys = ['read', 'added', 'changed', 'ended', 'unchanged', 'rejected'] as const satisfies readonly (keyof Counts)[];

const entityKeys = {
  orgs: 'entity.orgs',
  academicSessions: 'entity.academicSessions',
  courses: 'entity.courses',
  classes: 'entity.classes',
  users: 'entity.users',
  roles: 'entity.roles',
  enrollments: 'entity.enrollments',
  guardianships: 'entity.guardianships',
  assessments: 'entity.assessments',
  benchmarks: 'entity.benchmarks',
  lineItems: 'entity.lineItems',
  results: 'entity.results',
} as const;

const isEntity = (name: string): name is keyof typeof entityKeys => name in entityKeys;

/** An entity's name; as the server sent it where we have no word. */
export const entityName = ({ t }: Words, entity: string): string => (isEntity(entity) ? t(entityKeys[entity]) : entity);

const heldKeys = {
  too_many_ended: 'held.too_many_ended',
  too_many_changed: 'held.too_many_changed',
  zero_rows: 'held.zero_rows',
  incomplete: 'held.incomplete',
  class_shrunk: 'held.class_shrunk',
  same_as_undone: 'held.same_as_undone',
} as const;

const isHeldCode = (code: string): code is keyof typeof heldKeys => code in heldKeys;

/** Why a run waits for a person, in one sentence. */
export function heldInWords(words: Words, because: HeldBecause): string {
  const { t } = words;
  const entity = because.entity ? entityName(words, because.entity) : t('entity.records');
  if (because.code === 'zero_rows' && because.entity === null) return t('held.nobody');
  const key = isHeldCode(because.code) ? heldKeys[because.code] : 'held.other';
  return t(key, { count: because.count, of: because.of, entity, class: because.classSourcedId ?? '', code: because.code });
}
