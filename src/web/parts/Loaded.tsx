/** Fetches a screen's shape and shows its outline, the screen, or what went wrong. What is on screen stays while newer data travels. */
import type { ComponentChild } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Failure, load } from '../api.ts';
import { FailureNotice } from './FailureNotice.tsx';
import { Skeleton } from './Skeleton.tsx';

type Props<T> = {
  path: string;
  outline: Parameters<typeof Skeleton>[0]['kind'];
  /** Ask again this often (milliseconds) while the answer is so. */
  again?: { every: number; while(shape: T): boolean };
  children(shape: T, reload: () => Promise<void>): ComponentChild;
};

export function Loaded<T>({ path, outline, again, children }: Props<T>) {
  const [shape, setShape] = useState<T | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = useRef(path);
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
  useEffect(() => void reload(), [reload]);
  useEffect(() => {
    if (!again || !shape || !again.while(shape)) return;
    const timer = setTimeout(() => void reload(), again.every);
    return () => clearTimeout(timer);
  }, [shape]);

  return (
    <>
      {failure && <FailureNotice failure={failure} alone={shape === null} onRetry={() => void reload()} />}
      {shape !== null ? children(shape, reload) : !failure && <Skeleton kind={outline} />}
    </>
  );
}
