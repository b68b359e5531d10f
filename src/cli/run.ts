/**
 * The command line as a function: one command a file, an exit code back. Exit codes: 0 done · 1 failed · 2 wrong usage · 3 held, waiting
 * for a decision. Throws only what is a defect.
 */
import { Command } from 'commander';
import { classroom } from './classroom.ts';
import { report } from './context.ts';
import { demo } from './demo.ts';
import { deployment } from './deployment.ts';
import { district } from './district.ts';
import { doctor } from './doctor.ts';
import { key } from './key.ts';
import { launches } from './launches.ts';
import { migrate } from './migrate.ts';
import { platform } from './platform.ts';
import { serve } from './serve.ts';
import { source } from './source.ts';
import { sync } from './sync.ts';
import { teams } from './teams.ts';
import { endWith, onTerminal, type Terminal, terminal } from './terminal.ts';

/** @param args without the program's own name */
export function runCli(args: readonly string[], on: Terminal): Promise<number> {
  return onTerminal(on, args, async () => {
    try {
      await program().parseAsync(args, { from: 'user' });
    } catch (error) {
      endWith(report(error));
    }
  });
}

function program(): Command {
  const aptt = new Command('aptt')
    .description('Academic Parent-Teacher Team meetings inside the platforms schools already have.')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nSettings come from the environment: see config/.env.example.\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 held.',
    );
  for (const command of [
    demo(),
    serve(),
    migrate(),
    doctor(),
    district(),
    source(),
    sync(),
    platform(),
    classroom(),
    teams(),
    deployment(),
    key(),
    launches(),
  ])
    aptt.addCommand(command);
  settle(aptt);
  return aptt;
}

/** Every command throws instead of ending the process, speaks where it was called, and says where to read on after a mistake. */
function settle(command: Command): void {
  const { stdout, stderr } = terminal();
  command
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError('(add --help for what this command takes)');
  for (const child of command.commands) settle(child);
}
