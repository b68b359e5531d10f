/** District IT: the school platforms people come from, an invitation to attach one, and what to paste where it is done by hand. */
import { useState } from 'preact/hooks';
import type { InvitationShape, NewPlatform, PlatformsShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from '../parts/Announcer.tsx';
import { CopyField } from '../parts/CopyField.tsx';
import { FailureNotice } from '../parts/FailureNotice.tsx';
import { PlatformForm, platformNames } from '../parts/PlatformForm.tsx';
import { Title } from '../parts/Title.tsx';
import { useDeed } from '../parts/useDeed.ts';

type Props = {
  shape: PlatformsShape;
  onInvite(): Promise<InvitationShape>;
  onWithdraw(key: string): Promise<void>;
  onAdd(platform: NewPlatform): Promise<void>;
  onChange(id: string, change: { active: boolean } | { trustsCustom: boolean }): Promise<void>;
  onDecide(key: string, accepted: boolean): Promise<void>;
};
type Platform = PlatformsShape['platforms'][number];
type Guide = PlatformsShape['guides'][number];

export function Platforms({ shape: { platforms, invitations, guides }, onInvite, onWithdraw, onAdd, onChange, onDecide }: Props) {
  const { t } = useWords();
  const waiting = platforms.flatMap(({ deployments }) => deployments).filter(({ status }) => status === 'pending').length;
  return (
    <>
      <p class="crumb">
        <a href="#/sync">{t('sync.title')}</a>
      </p>
      <Title page={t('platforms.title')} class="answer">
        {waiting > 0 ? t('platforms.waiting', { n: waiting }) : platforms.length > 0 ? t('platforms.fine') : t('platforms.title')}
      </Title>
      {platforms.length === 0 && <p class="notice quiet">{t('platforms.empty')}</p>}
      <ul class="cards">
        {platforms.map((platform) => (
          <PlatformCard key={platform.id} platform={platform} onChange={onChange} onDecide={onDecide} />
        ))}
      </ul>
      <Invite invitations={invitations} onInvite={onInvite} onWithdraw={onWithdraw} />
      <section class="stack">
        <h2>{t('platforms.byHand')}</h2>
        <p>{t('platforms.byHand.what')}</p>
        {guides.map((guide) => (
          <ByHand key={guide.family} guide={guide} />
        ))}
        <PlatformForm guides={guides} onAdd={onAdd} />
      </section>
    </>
  );
}

function PlatformCard({ platform, onChange, onDecide }: { platform: Platform } & Pick<Props, 'onChange' | 'onDecide'>) {
  const { t, moment } = useWords();
  const deed = useDeed();
  const { id, issuer, clientId, active, trustsCustom, deployments } = platform;
  const run = async (work: Promise<void>) => {
    if (await deed.run(() => work)) announce(t('pending.done'));
  };
  return (
    <li class="card">
      <p class="eyebrow">{t(active ? 'platforms.active' : 'platforms.off')}</p>
      <h2 class="breakable">{issuer}</h2>
      <p class="faint breakable">
        {t('platforms.clientId')} <code>{clientId}</code>
      </p>
      {deployments.length === 0 && <p>{t('platforms.noDeployment')}</p>}
      <ul class="plain">
        {deployments.map(({ key, deploymentId, status, firstSeen }) => (
          <li key={key} class="breakable">
            <code>{deploymentId}</code> · {t(`platforms.deployment.${status}`, { when: moment(firstSeen) })}
            <p class="actions">
              {status !== 'active' && (
                <button
                  type="button"
                  class={status === 'pending' ? 'main' : undefined}
                  disabled={deed.busy}
                  onClick={() => void run(onDecide(key, true))}
                >
                  {t(status === 'pending' ? 'platforms.accept' : 'platforms.acceptAgain')} <span class="unseen">{deploymentId}</span>
                </button>
              )}
              {status !== 'refused' && (
                <button type="button" disabled={deed.busy} onClick={() => void run(onDecide(key, false))}>
                  {t(status === 'pending' ? 'platforms.refuse' : 'platforms.takeBack')} <span class="unseen">{deploymentId}</span>
                </button>
              )}
            </p>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t(trustsCustom ? 'platforms.trusts' : 'platforms.trustsNot')}</summary>
        <div class="stack">
          <p>{t('platforms.trust.what')}</p>
          <p class="actions">
            <button type="button" disabled={deed.busy} onClick={() => void run(onChange(id, { trustsCustom: !trustsCustom }))}>
              {t(trustsCustom ? 'platforms.distrust' : 'platforms.trust')} <span class="unseen">{issuer}</span>
            </button>
          </p>
        </div>
      </details>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      <p class="actions">
        <a class="button" href={`#/sync/platforms/${encodeURIComponent(id)}`}>
          {t('connection.title')} <span class="unseen">{issuer}</span>
        </a>
        <button type="button" disabled={deed.busy} onClick={() => void run(onChange(id, { active: !active }))}>
          {t(active ? 'platforms.switchOff' : 'platforms.switchOn')} <span class="unseen">{issuer}</span>
        </button>
      </p>
    </li>
  );
}

function Invite({ invitations, onInvite, onWithdraw }: Pick<PlatformsShape, 'invitations'> & Pick<Props, 'onInvite' | 'onWithdraw'>) {
  const { t, moment } = useWords();
  const deed = useDeed();
  const [made, setMade] = useState<InvitationShape | null>(null);
  const withdraw = async (key: string) => {
    if (!(await deed.run(() => onWithdraw(key)))) return;
    setMade(null);
    announce(t('pending.done'));
  };
  return (
    <section class="card stack">
      <h2>{t('platforms.invite')}</h2>
      <p>{t('platforms.invite.what')}</p>
      {deed.failure && <FailureNotice failure={deed.failure} />}
      {made && (
        <>
          <CopyField label={t('platforms.invite.link')} value={made.url} />
          <p class="faint">{t('platforms.invite.until', { when: moment(made.expiresAt) })}</p>
        </>
      )}
      <p class="actions">
        <button
          type="button"
          class={made ? undefined : 'main'}
          disabled={deed.busy}
          onClick={() => void deed.run(async () => setMade(await onInvite()))}
        >
          {t(made ? 'platforms.invite.another' : 'platforms.invite.do')}
        </button>
      </p>
      {invitations.length > 0 && (
        <>
          <h3>{t('platforms.invitations')}</h3>
          <ul class="plain">
            {invitations.map(({ key, madeAt, expiresAt }) => (
              <li key={key}>
                {t('platforms.invitation', { made: moment(madeAt), until: moment(expiresAt) })}{' '}
                <button type="button" disabled={deed.busy} onClick={() => void withdraw(key)}>
                  {t('platforms.invitation.withdraw')} <span class="unseen">{moment(madeAt)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function ByHand({ guide: { family, registers, values } }: { guide: Guide }) {
  const { t } = useWords();
  return (
    <details class="card">
      <summary>{platformNames[family]}</summary>
      <div class="stack">
        <p>{t(registers ? 'platforms.registers' : 'platforms.registersNot')}</p>
        <p>{t(`platforms.where.${family}`)}</p>
        {values.map(({ label, value }) => (
          <CopyField key={label} label={label} value={value} lang="en" />
        ))}
        <p class="faint">{t('platforms.after')}</p>
      </div>
    </details>
  );
}
