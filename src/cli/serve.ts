import type { Command } from 'commander';
import { secretOf } from '../secret.ts';
import { exitCodes, leaf, withDb } from './context.ts';
import { result } from './output.ts';

/**
 * Until somebody stops the process: Ctrl-C, or the manager that started it. One Ctrl-C can arrive twice, from the terminal and from npm;
 * a later second one means "now".
 */
export const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    let askedAt = 0;
    const stop = () => {
      if (askedAt > 0 && Date.now() - askedAt > 1000) process.exit(exitCodes.failed);
      askedAt ||= Date.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });

export function serve(): Command {
  return leaf('serve', 'run the service', ['serve'])
    .addHelpText('after', '\nPORT, APTT_URL, DATABASE_URL and the other settings come from the environment.')
    .action(async (options: { json?: boolean }) => {
      // Loaded here, so that the other commands start without a web server's weight.
      const { startService } = await import('../main.ts');
      await withDb(async (db, env) => {
        const service = await startService({
          db,
          url: env.url,
          port: env.port,
          secret: secretOf(env),
          log: env.log,
          keyDays: env.keyDays,
          membersHours: env.membersHours,
        });
        result(options.json, { url: service.url }, () => `APTT Connect answers at ${service.url}. Stop it with Ctrl-C.`);
        await untilStopped();
        await service.close();
      });
    });
}
