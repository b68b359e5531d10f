/** Fetches a screen's shape and shows its outline, the screen, or what went wrong. What is on screen stays while newer data travels. */
import type { ComponentChild } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Failure, load } from '../api.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { Skeleton } from './Skeleton.tsx';

type Props<T> = {
  path: string;
  outline: Parameters<typeof Skeleton>[0]['kind'];
  /** Ask again this often (milliseconds) while the answer is so; `slower`: each time after twice the wait, for what may stay so and is audited. */
  again?: { every: number; slower?: boolean; while(shape: T): boolean };
  children(shape: T, reload: () => Promise<void>): ComponentChild;
};

export function Loaded<T>({ path, outline, again, children }: Props<T>) {
  const [shape, setShape] = useState<T | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = useRef(path);
  const times = useRef(0);
  const reload = useCallback(async () => {
    asked.current = path;
    try {
      const answer = await load<T>(path);
      if (asked.current !== path) return; // a later question is under way
      setShape(answer);
      setFailure(null);
    } catch (error) {
      if (asked.current === path) setFailure(error as Failure); // load throws nothing else
    }
  }, [path]);
  const anew = () => {
    times.current = 0;
    return reload();
  };
  useEffect(() => void anew(), [reload]);
  useEffect(() => {
    if (!again || !shape || !again.while(shape)) return;
    const wait = again.slower ? again.every * 2 ** times.current++ : again.every;
    const timer = setTimeout(() => void reload(), wait);
    return () => clearTimeout(timer);
  }, [shape]);

  return (
    <>
      {failure && <FailureNotice failure={failure} alone={shape === null} onRetry={() => void anew()} />}
      {shape !== null ? children(shape, anew) : !failure && <Skeleton kind={outline} />}
    </>
  );
}
