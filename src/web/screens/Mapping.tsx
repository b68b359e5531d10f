/**
 * District IT: how the files of an assessment source are read. A known vendor is read as it is; any other table by saying which column is
 * which. What is chosen is tried on the files themselves before it is kept.
 */
import { useState } from 'preact/hooks';
import type { MappingField, MappingShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from '../parts/Announcer.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { DataTable } from '../parts/TableTwin.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';

export type Chosen = Pick<MappingShape, 'mapping' | 'columns'>;
type Props = {
  shape: MappingShape;
  /** Puts it beside the source's other files. */
  onFile(file: File): Promise<MappingShape>;
  /** Tries it on the files; keeps nothing. */
  onTry(chosen: Chosen): Promise<MappingShape>;
  onDryRun(chosen: Chosen): Promise<void>;
  onSave(chosen: Chosen): Promise<void>;
};

const once = ['student', 'date', 'window', 'schoolYear', 'subject', 'skill', 'unit'] as const;
const each = ['title', 'score', 'level', 'percentile'] as const;
const eachKeys = { title: 'mapping.name', score: 'mapping.score', level: 'mapping.level', percentile: 'mapping.percentile' } as const;
/** A word of one's own may stand for a whole column; a child or a score never does. */
const mayBeFixed: Record<(typeof once)[number] | (typeof each)[number], boolean> = {
  student: false,
  date: false,
  window: true,
  schoolYear: true,
  subject: true,
  skill: true,
  unit: true,
  title: true,
  score: false,
  level: false,
  percentile: false,
};

export function Mapping({ shape, onFile, onTry, onDryRun, onSave }: Props) {
  const { t, list } = useWords();
  const [chosen, setChosen] = useState<Chosen>({ mapping: shape.mapping, columns: shape.columns });
  const [tried, setTried] = useState(shape);
  const [stale, setStale] = useState(false);
  const deed = useDeed();
  const change = (next: Partial<Chosen>) => {
    setChosen({ ...chosen, ...next });
    setStale(true);
  };
  const { columns } = chosen;
  const headers = [...new Set(tried.files.flatMap((file) => file.columns))];
  const add = (input: HTMLInputElement) =>
    deed.run(async () => {
      const [file] = input.files ?? [];
      if (!file) return;
      setTried(await onFile(file));
      setStale(true); // as it is kept; what is chosen here has not been tried on it
      announce(t('mapping.file.added'));
      input.value = '';
    });
  const tryIt = () =>
    deed.run(async () => {
      setTried(await onTry(chosen));
      setStale(false);
      announce(t('mapping.tried'));
    });
  const save = async () => {
    if (await deed.run(() => onSave(chosen))) announce(t('mapping.saved'));
  };
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('mapping.title', { source: shape.source.name })}>{t('mapping.title', { source: shape.source.name })}</Title>
      <p>{t('mapping.what')}</p>
      {shape.takesFiles && (
        <div class="card stack no-print">
          <label class="field">
            <span>{t('mapping.file')}</span>
            <input type="file" accept=".csv,.tsv,.txt,.zip" disabled={deed.busy} onChange={(event) => void add(event.currentTarget)} />
          </label>
          <p class="faint">{t('mapping.file.what')}</p>
          {tried.files.length > 0 && <p>{t('mapping.files', { files: list(tried.files.map((file) => file.name)) })}</p>}
        </div>
      )}
      <form
        class="card stack no-print"
        onSubmit={(event) => {
          event.preventDefault();
          void tryIt();
        }}
      >
        <label class="field">
          <span>{t('mapping.readAs')}</span>
          <select value={chosen.mapping} onChange={(event) => change({ mapping: event.currentTarget.value })}>
            <option value="auto">{t('mapping.auto')}</option>
            {shape.vendors.map((vendor) => (
              <option key={vendor} value={vendor}>
                {vendor}
              </option>
            ))}
            <option value="generic">{t('mapping.generic')}</option>
          </select>
        </label>
        {chosen.mapping === 'generic' && (
          <>
            {once.map((name) => (
              <Choice
                key={name}
                label={t(`mapping.${name}`)}
                headers={headers}
                fixed={mayBeFixed[name]}
                value={columns[name]}
                onChange={(value) => change({ columns: { ...columns, [name]: value } })}
              />
            ))}
            {columns.measures.map((measure, index) => (
              <fieldset key={index} class="stack">
                <legend>{t('mapping.measure', { n: index + 1 })}</legend>
                {each.map((name) => (
                  <Choice
                    key={name}
                    label={t(eachKeys[name])}
                    headers={headers}
                    fixed={mayBeFixed[name]}
                    value={measure[name]}
                    onChange={(value) =>
                      change({ columns: { ...columns, measures: columns.measures.with(index, { ...measure, [name]: value }) } })
                    }
                  />
                ))}
                {columns.measures.length > 1 && (
                  <button type="button" onClick={() => change({ columns: { ...columns, measures: columns.measures.toSpliced(index, 1) } })}>
                    {t('mapping.measure.remove', { n: index + 1 })}
                  </button>
                )}
              </fieldset>
            ))}
            <p>
              <button type="button" onClick={() => change({ columns: { ...columns, measures: [...columns.measures, {}] } })}>
                {t('mapping.measure.add')}
              </button>
            </p>
          </>
        )}
        {deed.failure && <FailureNotice failure={deed.failure} />}
        <p class="actions">
          <button type="submit" class="main" disabled={deed.busy}>
            {t('mapping.try')}
          </button>
          <button type="button" disabled={deed.busy || stale || !tried.ok} onClick={() => void deed.run(() => onDryRun(chosen))}>
            {t('mapping.dryRun')}
          </button>
          <button type="button" disabled={deed.busy || stale || !tried.ok} onClick={() => void save()}>
            {t('mapping.save')}
          </button>
        </p>
        {stale && <p class="faint">{t('mapping.stale')}</p>}
      </form>
      <Preview shape={tried} />
    </>
  );
}

type ChoiceProps = {
  label: string;
  headers: string[];
  fixed: boolean;
  value: MappingField | undefined;
  onChange(value: MappingField | undefined): void;
};

const own = '\u0000own';

function Choice({ label, headers, fixed, value, onChange }: ChoiceProps) {
  const { t } = useWords();
  const constant = typeof value === 'object' ? value.constant : null;
  const known = typeof value !== 'string' || headers.includes(value) ? headers : [value, ...headers];
  const pick = (picked: string) => onChange(picked === '' ? undefined : picked === own ? { constant: '' } : picked);
  return (
    <div class="stack">
      <label class="field">
        <span>{label}</span>
        <select
          value={constant === null ? ((value as string | undefined) ?? '') : own}
          onChange={(event) => pick(event.currentTarget.value)}
        >
          <option value="">{t('mapping.none')}</option>
          {fixed && <option value={own}>{t('mapping.fixed')}</option>}
          {known.map((header) => (
            <option key={header} value={header}>
              {header}
            </option>
          ))}
        </select>
      </label>
      {constant !== null && (
        <label class="field">
          <span>{t('mapping.fixed.for', { field: label })}</span>
          <input value={constant} autocomplete="off" onInput={(event) => onChange({ constant: event.currentTarget.value })} />
        </label>
      )}
    </div>
  );
}

function Preview({ shape }: { shape: MappingShape }) {
  const { t, number } = useWords();
  return (
    <section class="stack">
      <h2>{t('mapping.found')}</h2>
      <ul>
        {shape.findings.map((finding) => (
          <li key={finding.text}>
            <span class="tag">{t(finding.ok ? 'mapping.ok' : 'mapping.notOk')}</span> <span lang="en">{finding.text}</span>
            {finding.hint && <span lang="en"> – {finding.hint}</span>}
          </li>
        ))}
      </ul>
      {shape.scores.length > 0 && (
        <div class="card">
          <DataTable
            caption={t('mapping.preview')}
            head={[
              t('mapping.student'),
              t('mapping.title.short'),
              t('mapping.window'),
              t('mapping.score'),
              t('mapping.level'),
              t('mapping.percentile'),
              t('mapping.date'),
            ]}
            rows={shape.scores.map((score) => ({
              key: `${score.student} ${score.title} ${score.window}`,
              cells: [
                score.student,
                score.title,
                score.window ?? '–',
                score.score === null ? '–' : number(score.score),
                score.level ?? '–',
                score.percentile === null ? '–' : number(score.percentile),
                score.date ?? '–',
              ],
            }))}
          />
        </div>
      )}
    </section>
  );
}
