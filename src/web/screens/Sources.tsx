/** District IT: what there is to do, all of it in the heading; then each source with its last run in words. */
import type { SourcesShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { RunState } from '../parts/RunState.tsx';
import { Title } from '../parts/Title.tsx';

type Source = SourcesShape['sources'][number];

export function Sources({ shape }: { shape: SourcesShape }) {
  const { t, list } = useWords();
  const waiting = shape.sources.filter((source) => source.lastRun?.status === 'held' || source.lastRun?.status === 'failed').length;
  const problems = shape.sources.reduce((sum, { lastRun }) => sum + (lastRun?.problems ?? 0), 0);
  const todo = [
    waiting > 0 && t('sync.waiting', { n: waiting }),
    problems > 0 && t('run.problems', { n: problems }),
    shape.pending > 0 && t('sync.pending', { n: shape.pending }),
  ].filter((said) => said !== false);
  return (
    <>
      <Title page={t('sync.title')} class="answer">
        {shape.sources.length === 0 ? t('sync.title') : todo.length > 0 ? list(todo) : t('sync.fine')}
      </Title>
      <p class={shape.pending > 0 ? 'notice warning' : undefined}>
        <a href="#/sync/pending">{shape.pending > 0 ? t('sync.pending', { n: shape.pending }) : t('sync.unsettled')}</a>
      </p>
      {shape.sources.length === 0 && (
        <div class="notice quiet">
          <p class="strong">{t('sync.empty')}</p>
          <p>{t('sync.empty.do')}</p>
        </div>
      )}
      <ul class="cards">
        {shape.sources.map((source) => (
          <SourceCard key={source.id} source={source} />
        ))}
      </ul>
      <p>
        <a href="#/sync/platforms">{t('platforms.link')}</a>
      </p>
      <p>
        <a href="#/sync/launches">{t('launches.link')}</a>
      </p>
    </>
  );
}

function SourceCard({ source: { id, name, kind, lastRun, lastApplied } }: { source: Source }) {
  const { t, moment } = useWords();
  return (
    <li class="card">
      <h2>{name}</h2>
      <p class="faint">
        <code>{kind}</code> · {lastApplied ? t('sync.asOf', { when: moment(lastApplied) }) : t('sync.never')}
      </p>
      {lastRun && <RunState run={lastRun} />}
      <p class="actions">
        {lastRun && (
          <a class={lastRun.status === 'held' ? 'button main' : 'button'} href={`#/sync/runs/${encodeURIComponent(lastRun.id)}`}>
            {t(lastRun.status === 'held' ? 'sync.review' : 'sync.lastRun')} <span class="unseen">{name}</span>
          </a>
        )}
        <a class="button" href={`#/sync/sources/${encodeURIComponent(id)}`}>
          {t('sync.allRuns')} <span class="unseen">{name}</span>
        </a>
        {kind === 'assessment-csv' && (
          <a class="button" href={`#/sync/mapping/${encodeURIComponent(id)}`}>
            {t('mapping.link')} <span class="unseen">{name}</span>
          </a>
        )}
      </p>
    </li>
  );
}
