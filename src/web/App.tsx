/** The shell: who is here, which door they came through, and the one screen they look at. */
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import type { MeShape } from '../read-models/shapes.ts';
import { type Failure, hasVisited, load, onSignedOut } from './api.ts';
import { homeOf, isOnTheWay } from './doors.ts';
import { LanguageProvider, type speak, useWords } from './language.tsx';
import { Announcer } from './parts/Announcer.tsx';
import { FailureNotice } from './parts/FailureNotice.tsx';
import { Header } from './parts/Header.tsx';
import { OfflineBanner } from './parts/OfflineBanner.tsx';
import { Skeleton } from './parts/Skeleton.tsx';
import { markNavigated } from './parts/Title.tsx';
import { go, useRoute } from './route.ts';
import { Screen } from './routes.tsx';
import { KindPage } from './screens/KindPage.tsx';

type Boot = { state: 'opening' } | { state: 'open'; me: MeShape } | { state: 'signed_out' } | { state: 'failed'; failure: Failure };

export function App(props: { first: Awaited<ReturnType<typeof speak>>; opened: Promise<MeShape> }) {
  const [boot, setBoot] = useState<Boot>({ state: 'opening' });
  const follow = (answer: Promise<MeShape>) =>
    answer.then(
      (me) => setBoot({ state: 'open', me }),
      (failure: Failure) => setBoot(failure.kind === 'signed_out' ? { state: 'signed_out' } : { state: 'failed', failure }),
    );
  useEffect(() => {
    onSignedOut(() => setBoot({ state: 'signed_out' }));
    void follow(props.opened);
  }, []);
  useEffect(() => {
    if (boot.state !== 'open' || boot.me.waiting !== 'course_being_read') return;
    const again = setTimeout(() => void follow(load<MeShape>('/api/me')), 2000);
    return () => clearTimeout(again);
  }, [boot]);
  return (
    <LanguageProvider first={props.first} launched={boot.state === 'open' ? boot.me.locale : null}>
      <Page boot={boot} retry={() => void follow(load<MeShape>('/api/me'))} />
    </LanguageProvider>
  );
}

function Page({ boot, retry }: { boot: Boot; retry(): void }) {
  const { t } = useWords();
  const route = useRoute(markNavigated);
  const [defect, forget] = useErrorBoundary();
  const me = boot.state === 'open' ? boot.me : null;

  useEffect(() => {
    // A class that is still being read is waited for where they are: afterwards the address says what they came for.
    if (me && me.waiting !== 'course_being_read' && isOnTheWay(route)) go(homeOf(me, route.path[1]), true);
  }, [me, route]);
  useEffect(() => {
    if (defect) forget();
  }, [route.key]);

  if (me && route.path[0] === 'present') return <Screen me={me} route={route} />;
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        {t('app.skip')}
      </button>
      <Header me={me} route={route} />
      <OfflineBanner />
      <main id="main" tabIndex={-1}>
        {defect ? <KindPage kind="defect" onAgain={() => location.reload()} /> : <Body boot={boot} retry={retry} route={route} />}
      </main>
      <Announcer />
    </>
  );
}

function Body({ boot, retry, route }: { boot: Boot; retry(): void; route: ReturnType<typeof useRoute> }) {
  if (boot.state === 'opening') return <Skeleton kind="cards" />;
  if (boot.state === 'signed_out') return <KindPage kind={hasVisited() ? 'signedOut' : 'noVisit'} />;
  if (boot.state === 'failed') return <FailureNotice failure={boot.failure} alone onRetry={retry} />;
  return <Screen me={boot.me} route={route} />;
}

/** A button, not a link: the address holds the route. */
function skip(): void {
  document.getElementById('main')?.focus();
}
