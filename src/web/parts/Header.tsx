/** Where I am, as whom, and in which language. A person with several roles changes doors here; each door shows only its own. */
import type { MeShape, Role } from '../../read-models/shapes.ts';
import { doorOf, roleOf } from '../doors.ts';
import iconUrl from '../icon.svg';
import { LanguageSwitch, useWords } from '../language.tsx';
import type { Route } from '../route.ts';

export function Header({ me, route }: { me: MeShape | null; route: Route }) {
  const { t } = useWords();
  return (
    <header class="top">
      <a class="brand" href="#/">
        <img src={iconUrl} alt="" width="28" height="28" />
        <span>
          APTT Connect
          {me && <small>{me.district}</small>}
        </span>
      </a>
      <LanguageSwitch />
      {me && me.roles.length > 1 && <Doors roles={me.roles} current={roleOf(route)} label={t('app.doors')} />}
    </header>
  );
}

function Doors({ roles, current, label }: { roles: Role[]; current: Role | null; label: string }) {
  const { t } = useWords();
  return (
    <nav class="doors" aria-label={label}>
      {roles.map((role) => (
        <a key={role} href={doorOf(role)} aria-current={role === current ? 'true' : undefined}>
          {t(`door.${role}`)}
        </a>
      ))}
    </nav>
  );
}
