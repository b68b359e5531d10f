/** District IT: the runs of one source, newest first. */
import type { RunsShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { countKeys } from '../parts/RunState.tsx';
import { DataTable } from '../parts/TableTwin.tsx';
import { Title } from '../parts/Title.tsx';

type Props = { shape: RunsShape; older(lastRunId: string): string };

export function Runs({ shape, older }: Props) {
  const { t, number, moment } = useWords();
  const last = shape.runs.at(-1);
  const source = shape.runs[0]?.source;
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('runs.title')}>{source ? t('runs.of', { source }) : t('runs.title')}</Title>
      {shape.runs.length === 0 ? (
        <p class="notice quiet">{t('runs.empty')}</p>
      ) : (
        <div class="card">
          <DataTable
            caption={t('runs.title')}
            head={[t('runs.when'), t('runs.status'), ...countKeys.map((key) => t(`count.${key}`)), t('runs.problems')]}
            rows={shape.runs.map((run) => ({
              key: run.id,
              cells: [
                <a key="when" href={`#/sync/runs/${encodeURIComponent(run.id)}`}>
                  {moment(run.startedAt)}
                </a>,
                t(`run.${run.status}`),
                ...countKeys.map((key) => number(run.totals[key])),
                number(run.problems),
              ],
            }))}
          />
        </div>
      )}
      {shape.more && last && (
        <a class="button" href={older(last.id)}>
          {t('runs.older')}
        </a>
      )}
    </>
  );
}
