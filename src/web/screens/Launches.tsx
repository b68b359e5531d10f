/** District IT: the launch diary. Each visit says what happened, what it lacked, and how to mend it on that platform. */
import { useState } from 'preact/hooks';
import type { LaunchesShape, LaunchRow } from '../../read-models/shapes.ts';
import { useLanguage } from '../language.tsx';
import { launches as en, type LaunchWords } from '../locales/en-launches.ts';
import { launches as es } from '../locales/es-launches.ts';
import { Title } from '../parts/Title.tsx';

export type Asked = { refused: boolean; reference: string };
type Props = { shape: LaunchesShape; asked: Asked; onAsk(asked: Asked): void; older(last: string): string };

const catalogues: Record<string, LaunchWords> = { en, es };

export function Launches({ shape, asked, onAsk, older }: Props) {
  const { language, words } = useLanguage();
  const { t } = words;
  const diary = catalogues[language.code] ?? en;
  const last = shape.launches.at(-1);
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('launches.title')}>{t('launches.title')}</Title>
      <p>{t('launches.what')}</p>
      <Filter key={`${asked.refused} ${asked.reference}`} asked={asked} onAsk={onAsk} />
      {shape.launches.length === 0 && (
        <p class="notice quiet">{t(asked.reference ? 'launches.notFound' : asked.refused ? 'launches.noneRefused' : 'launches.empty')}</p>
      )}
      <ul class="cards rows">
        {shape.launches.map((row) => (
          <Visit key={row.id} row={row} diary={diary} />
        ))}
      </ul>
      {shape.more && last && (
        <a class="button" href={older(last.id)}>
          {t('launches.older')}
        </a>
      )}
    </>
  );
}

function Filter({ asked, onAsk }: { asked: Asked; onAsk(asked: Asked): void }) {
  const { t } = useLanguage().words;
  const [reference, setReference] = useState(asked.reference);
  return (
    <form
      class="finder no-print"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk({ refused: asked.refused, reference: reference.trim().toLowerCase() });
      }}
    >
      <label class="field">
        <span>{t('launches.reference')}</span>
        <input
          value={reference}
          autocomplete="off"
          spellcheck={false}
          pattern="\s*[0-9A-Fa-f]{4,10}\s*"
          title={t('launches.reference.form')}
          onInput={(event) => setReference(event.currentTarget.value)}
        />
      </label>
      <button type="submit">{t('launches.find')}</button>
      <button type="button" aria-pressed={asked.refused} onClick={() => onAsk({ refused: !asked.refused, reference: '' })}>
        {t('launches.onlyRefused')}
      </button>
    </form>
  );
}

function Visit({ row, diary }: { row: LaunchRow; diary: LaunchWords }) {
  const { t, moment, list } = useLanguage().words;
  const { reason, mend, missing, family } = row;
  const what = reason === null ? t('launches.accepted') : (diary.reasons[reason] ?? reason);
  // An e-mail is only missed where nothing better is there.
  const canBeFilled = missing.some((fact) => fact !== 'context' && fact !== 'role' && fact !== 'email');
  return (
    <li class="card">
      <p class="eyebrow">
        {t(`launches.door.${row.door}`)} · {moment(row.at)}
        {row.count > 1 && ` · ${t('launches.times', { n: row.count })}`}
      </p>
      <h2>{what}</h2>
      <p class="faint">
        {row.platform ? row.platform.issuer : t('launches.noPlatform')}
        {row.deployment !== null && (
          <>
            {' · '}
            {t('launches.deployment')} <code>{row.deployment}</code>
          </>
        )}
      </p>
      {reason !== null && (
        <p>
          <code>{reason}</code>
          {row.message && (
            <>
              {': '}
              <span lang="en">{row.message}</span>
            </>
          )}
        </p>
      )}
      {missing.length > 0 && (
        <ul>
          {missing.map((fact) => (
            <li key={fact}>{diary.missing[fact] ?? fact}</li>
          ))}
        </ul>
      )}
      {(mend || canBeFilled) && (
        <div class="notice breakable">
          <p class="strong">{t('launches.mend')}</p>
          <p>
            {mend ? diary.mend[mend] : diary.fields[family]}
            {mend && atPlatform.has(mend) && ` ${diary.where[family]}`}
          </p>
        </div>
      )}
      {row.references.length > 0 && <p class="faint">{t('launches.shown', { references: list(row.references) })}</p>}
    </li>
  );
}

/** What is mended in the platform's own settings. */
const atPlatform = new Set<LaunchRow['mend']>(['address', 'claims', 'client', 'deployment', 'keys', 'register', 'services']);
