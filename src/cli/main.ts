#!/usr/bin/env node
/** `aptt`: one command a file. Exit codes: 0 done · 1 failed · 2 wrong usage · 3 held, waiting for a decision. */
import { Command } from 'commander';
import { exitCodes, report } from './context.ts';
import { demo } from './demo.ts';
import { deployment } from './deployment.ts';
import { district } from './district.ts';
import { doctor } from './doctor.ts';
import { migrate } from './migrate.ts';
import { platform } from './platform.ts';
import { serve } from './serve.ts';
import { source } from './source.ts';
import { sync } from './sync.ts';

const program = new Command('aptt')
  .description('Academic Parent-Teacher Team meetings inside the platforms schools already have.')
  .enablePositionalOptions()
  .showHelpAfterError('(add --help for what this command takes)')
  .addHelpText(
    'after',
    '\nSettings come from the environment: see config/.env.example.\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 held.',
  );

for (const command of [demo(), serve(), migrate(), doctor(), district(), source(), sync(), platform(), deployment()])
  program.addCommand(command);

/** Every command throws instead of ending the process, and none ends a sentence on stdout that belongs on stderr. */
function settle(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) settle(child);
}
settle(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
process.exitCode ??= exitCodes.done;
