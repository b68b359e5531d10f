#!/usr/bin/env node
/** `aptt`, as a process. */
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2), process);
