#!/usr/bin/env node
/** `aptt`, as a process. */
import { runCli } from './run.ts';

// As when piped into `head`: whoever reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runCli(process.argv.slice(2), process);
