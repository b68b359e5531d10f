/** A screen that not everybody needs, fetched when it is first looked at. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../api.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { Skeleton } from './Skeleton.tsx';

export function Lazy<P extends object>({ load, props }: { load(): Promise<ComponentType<P>>; props: P }) {
  const [screen, setScreen] = useState<{ Component: ComponentType<P> } | null>(null);
  const [failed, setFailed] = useState(false);
  const fetch = () => {
    setFailed(false);
    load().then(
      (Component) => setScreen({ Component }),
      () => setFailed(true),
    );
  };
  useEffect(fetch, []);
  if (failed) return <FailureNotice failure={new Failure('offline', 'no_answer')} alone onRetry={fetch} />;
  return screen ? <screen.Component {...props} /> : <Skeleton kind="dashboard" />;
}
