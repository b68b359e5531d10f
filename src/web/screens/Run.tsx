/** District IT: one run: what it did or would do, why it waits, what was wrong in the files, and the decision. */
import { useState } from 'preact/hooks';
import type { RunShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from '../parts/Announcer.tsx';
import { Confirm } from '../parts/Confirm.tsx';
import { Problems } from '../parts/Problems.tsx';
import { countKeys, entityName, heldInWords, RunState } from '../parts/RunState.tsx';
import { DataTable } from '../parts/TableTwin.tsx';
import { Title } from '../parts/Title.tsx';

type Decision = 'approve' | 'reject' | 'undo';
type Props = { shape: RunShape; onDecide(decision: Decision): Promise<void> };

export function Run({ shape, onDecide }: Props) {
  const words = useWords();
  const { t, number, moment } = words;
  const entities = Object.entries(shape.entities);
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('run.title', { source: shape.source })}>{t('run.title', { source: shape.source })}</Title>
      <p class="faint">
        {t('run.started', { when: moment(shape.startedAt) })}
        {shape.finishedAt && ` · ${t('run.finished', { when: moment(shape.finishedAt) })}`}
      </p>
      <RunState run={shape} />
      {shape.error && (
        <div class="notice problem">
          <p class="strong">{t('run.error')}</p>
          <p lang="en">{shape.error.message}</p>
          {shape.error.hint && <p lang="en">{shape.error.hint}</p>}
          <p class="faint">{t('failure.code', { code: shape.error.code })}</p>
        </div>
      )}
      {shape.heldBecause.length > 0 && (
        <section class="notice warning">
          <h2>{t(shape.status === 'held' ? 'run.held.title' : 'run.heldPart.title')}</h2>
          <ul>
            {shape.heldBecause.map((because, index) => (
              <li key={`${because.code}-${index}`}>{heldInWords(words, because)}</li>
            ))}
          </ul>
          {shape.status === 'held' && <p>{t('run.held.what')}</p>}
        </section>
      )}
      <Decisions shape={shape} onDecide={onDecide} />
      {entities.length > 0 && (
        <section class="card">
          <DataTable
            caption={t('run.counts')}
            head={[t('run.entity'), ...countKeys.map((key) => t(`count.${key}`))]}
            rows={entities.map(([entity, counts]) => ({
              key: entity,
              cells: [entityName(words, entity), ...countKeys.map((key) => number(counts[key]))],
            }))}
          />
          {shape.guardians && 'guardianships' in shape.entities && (
            <p>
              {t('run.guardians', { n: shape.guardians.linked })}{' '}
              {t('run.guardians.without', {
                children: shape.guardians.childrenWithoutParent,
                parents: shape.guardians.parentsWithoutChild,
              })}
            </p>
          )}
        </section>
      )}
      <Problems groups={shape.problemGroups} />
    </>
  );
}

function Decisions({ shape, onDecide }: Props) {
  const { t } = useWords();
  const [asking, setAsking] = useState<Decision | null>(null);
  const can = (['approve', 'reject', 'undo'] as const).filter((decision) => shape.can[decision]);
  if (can.length === 0) return null;
  const decide = async (decision: Decision) => {
    await onDecide(decision);
    announce(t(`decide.${decision}.done`));
  };
  return (
    <div class="actions">
      {can.map((decision) => (
        <button key={decision} type="button" class={decision === 'approve' ? 'main' : undefined} onClick={() => setAsking(decision)}>
          {t(`decide.${decision}`)}
        </button>
      ))}
      {asking && (
        <Confirm
          title={t(`decide.${asking}.ask`)}
          action={t(`decide.${asking}`)}
          onConfirm={() => decide(asking)}
          onClose={() => setAsking(null)}
        >
          <p>{t(`decide.${asking}.what`)}</p>
        </Confirm>
      )}
    </div>
  );
}
