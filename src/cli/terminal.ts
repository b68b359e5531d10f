/**
 * Where a command runs: the process's own environment and streams, or those of a caller that runs several side by side.
 * Throws when asked outside of `runCli`: a command that speaks elsewhere is a defect.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

type Sink = { write(text: string): unknown; isTTY?: boolean; columns?: number };
/** `process` is one. */
export type Terminal = { env: NodeJS.ProcessEnv; stdout: Sink; stderr: Sink };
type Running = Terminal & { args: readonly string[]; exitCode: number };

const running = new AsyncLocalStorage<Running>();

/** @returns the exit code that `work` left */
export function onTerminal({ env, stdout, stderr }: Terminal, args: readonly string[], work: () => Promise<void>): Promise<number> {
  const here: Running = { env, stdout, stderr, args, exitCode: 0 };
  return running.run(here, async () => {
    await work();
    return here.exitCode;
  });
}

export function terminal(): Running {
  const here = running.getStore();
  if (!here) throw new Error('a command was called outside of runCli');
  return here;
}

export function endWith(exitCode: number): void {
  terminal().exitCode = exitCode;
}
