/**
 * A process of its own for each measured side, so that its CPU and its event loop are its own. The parent asks by messages, one at a
 * time; the child ends with its parent, however that ends.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Child = {
  /** @throws Error with the child's message, or when the child is gone */
  ask(name: string, argument?: unknown): Promise<unknown>;
  /** Microseconds of user and system time so far, all threads. */
  cpu(): Promise<number>;
  stop(): void;
};

type Question = { name: string; argument: unknown };
type Answer = { value: unknown } | { error: string };
export type Answers = Record<string, (argument: never) => Promise<unknown> | unknown>;

/** @param file beside this one; it calls `answer()` once it is ready */
export async function startChild(file: string, ...args: string[]): Promise<Child> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // Its stdout is not ours: that belongs to the figures.
  const child = fork(path, args, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  await reply(child, file);
  const ask: Child['ask'] = async (name, argument) => {
    child.send({ name, argument } satisfies Question);
    return reply(child, file);
  };
  return {
    ask,
    cpu: async () => (await ask('cpu')) as number, // answered by `answer()` below
    stop: () => child.kill('SIGKILL'),
  };
}

function reply(child: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`${file} ended before it answered`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      const answer = message as Answer; // only `answer()` sends
      if ('error' in answer) reject(new Error(`${file}: ${answer.error}`));
      else resolve(answer.value);
    });
  });
}

/** The child's side. */
export function answer(answers: Answers): void {
  const all: Answers = { cpu: () => total(process.cpuUsage()), ...answers };
  const send = (message: Answer) => process.send?.(message);
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ name, argument }: Question) => {
    try {
      send({ value: await all[name]?.(argument as never) }); // each answer knows what its question brings
    } catch (error) {
      send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  send({ value: 'ready' });
}

const total = ({ user, system }: NodeJS.CpuUsage) => user + system;
