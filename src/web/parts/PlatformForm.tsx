/**
 * What a platform shows once the tool was added there, entered by hand. Most of it follows from which platform it is, its address and its
 * client id; whatever somebody types instead stays. What the server does not take is marked at its field.
 */
import { useId, useState } from 'preact/hooks';
import type { NewPlatform, PlatformAddresses, PlatformsShape } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { announce } from './Announcer.tsx';
import { FailureNotice } from './FailureNotice.tsx';
import { useDeed } from './useDeed.ts';

type Guide = PlatformsShape['guides'][number];
type Typed = Partial<Record<keyof NewPlatform, string>>;

export const platformNames: Record<Guide['family'], string> = {
  canvas: 'Canvas',
  moodle: 'Moodle',
  brightspace: 'Brightspace',
  blackboard: 'Blackboard',
  schoology: 'Schoology',
};

const addresses = ['issuer', 'authUrl', 'tokenUrl', 'jwksUrl'] as const;

export function PlatformForm({ guides, onAdd }: { guides: Guide[]; onAdd(platform: NewPlatform): Promise<void> }) {
  const { t } = useWords();
  const deed = useDeed();
  const [family, setFamily] = useState('');
  const [school, setSchool] = useState('');
  const [typed, setTyped] = useState<Typed>({});
  const filled = filledIn(guides.find((guide) => guide.family === family)?.says ?? null, school, typed.clientId ?? '');
  const said = (name: keyof NewPlatform) => typed[name] ?? filled[name] ?? '';
  const field = (name: keyof NewPlatform) => ({
    name,
    value: said(name),
    isWrong: deed.failure?.field === name,
    onChange: (value: string) => setTyped({ ...typed, [name]: value }),
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    const text = (name: keyof NewPlatform) => said(name).trim();
    const platform = {
      issuer: text('issuer'),
      clientId: text('clientId'),
      authUrl: text('authUrl'),
      tokenUrl: text('tokenUrl'),
      jwksUrl: text('jwksUrl'),
      tokenAudience: text('tokenAudience') || null,
      deploymentIds: partsOf(text('deploymentIds')),
      frameOrigins: partsOf(text('frameOrigins')),
    };
    const isAdded = await deed.run(() => onAdd(platform));
    if (!isAdded) return;
    setTyped({});
    setSchool('');
    announce(t('platforms.add.done'));
  };
  return (
    <form class="card stack no-print" onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t('platforms.add')}</h2>
      <p>{t('platforms.add.what')}</p>
      <label class="field">
        <span>{t('platforms.add.family')}</span>
        <select value={family} onChange={(event) => setFamily(event.currentTarget.value)}>
          <option value="">{t('platforms.add.other')}</option>
          {guides.map((guide) => (
            <option key={guide.family} value={guide.family}>
              {platformNames[guide.family]}
            </option>
          ))}
        </select>
      </label>
      {family !== '' && (
        <Field name="school" label={t('platforms.add.school')} help={t('platforms.add.school.help')} value={school} onChange={setSchool} />
      )}
      <Field {...field('clientId')} label={t('platforms.clientId')} />
      <Field {...field('deploymentIds')} label={t('platforms.add.deploymentIds')} help={t('platforms.add.deploymentIds.help')} />
      {addresses.map((name) => (
        <Field key={name} {...field(name)} label={t(`platforms.add.${name}`)} isAddress />
      ))}
      <Field {...field('tokenAudience')} label={t('platforms.add.tokenAudience')} help={t('platforms.add.tokenAudience.help')} />
      <Field {...field('frameOrigins')} label={t('platforms.add.frameOrigins')} help={t('platforms.add.frameOrigins.help')} isAddress />
      {deed.failure && <FailureNotice failure={deed.failure} />}
      <p class="actions">
        <button type="submit" class="main" disabled={deed.busy}>
          {t('platforms.add.do')}
        </button>
      </p>
    </form>
  );
}

/** Several of one field are written with spaces between them: neither an address nor a deployment's id has any. */
const partsOf = (text: string) => text.split(/\s+/).filter((part) => part !== '');

function filledIn(says: PlatformAddresses | null, school: string, client: string): Typed {
  if (!says) return {};
  const origin = school.trim().replace(/\/+$/, '');
  const fill = (text: string) => text.replaceAll('{school}', origin).replaceAll('{client}', client.trim());
  const whole = (text: string) => (origin === '' && text.includes('{school}') ? '' : fill(text));
  const { frameOrigins, tokenAudience, ...rest } = says;
  const named = Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, whole(text)]));
  return { ...named, tokenAudience: tokenAudience ?? '', frameOrigins: frameOrigins.map(whole).join(' ').trim() };
}

type FieldProps = {
  name: string;
  label: string;
  help?: string;
  value: string;
  isWrong?: boolean;
  isAddress?: boolean;
  onChange(value: string): void;
};

function Field({ name, label, help, value, isWrong = false, isAddress = false, onChange }: FieldProps) {
  const { t } = useWords();
  const id = useId();
  const told = isWrong ? t(isAddress ? 'platforms.add.wrongAddress' : 'platforms.add.wrong') : help;
  return (
    <div>
      <label class="field wide">
        <span>{label}</span>
        <input
          name={name}
          value={value}
          inputMode={isAddress ? 'url' : 'text'}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby={told ? id : undefined}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </label>
      {told && (
        <p id={id} class={isWrong ? 'strong' : 'faint'}>
          {told}
        </p>
      )}
    </div>
  );
}
