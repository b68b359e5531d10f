import { type Command, InvalidArgumentError } from 'commander';
import { leaf, withDb } from './context.ts';

export type DemoOptions = { port?: number; platformPort: number; once?: boolean; json?: boolean };

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

export function demo(): Command {
  return leaf('demo', 'load a sample district, start the service and a simulated school platform, and say what to open', [
    'demo --port 8080',
  ])
    .option('--port <n>', 'of the service (default: PORT, else 4000); the next free one when it is taken', portOf)
    .option('--platform-port <n>', 'of the simulated school platform', portOf, 4100)
    .option('--once', 'check that every page answers, then stop: for automated runs')
    .addHelpText('after', '\nIts data is kept under APTT_DATA_DIR (./data); a second start is faster.')
    .action(async (options: DemoOptions) => {
      // Loaded here, so that the other commands start without the weight of two web servers.
      const { runDemo } = await import('./demo-run.ts');
      await withDb((db, env) => runDemo(db, env, options));
    });
}
