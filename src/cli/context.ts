/** What the commands share: the database opened and closed around them, the district they speak of, the errors they end with. */
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type Env, readEnv } from '../../config/env.ts';
import { type Db, openDb } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { secretOf } from '../secret.ts';
import { note, result } from './output.ts';
import { terminal } from './terminal.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, held: 3 } as const;

/** A command that does something (and is not only a group of others): `--json`, and examples under its help. */
export function leaf(name: string, description: string, examples: string[]): Command {
  const lines = examples.map((example) => `  $ aptt ${example}`).join('\n');
  return new Command(name)
    .description(description)
    .option('--json', 'print one JSON object on stdout')
    .addHelpText('after', `\nExample${examples.length > 1 ? 's' : ''}:\n${lines}`);
}

export const group = (name: string, description: string): Command => new Command(name).description(description).enablePositionalOptions();

/** @throws AppError `database_unreachable`, and whatever `work` throws */
export async function withDb<T>(work: (db: Db, env: Env) => Promise<T>): Promise<T> {
  const env = readEnv(terminal().env);
  const db = await openDb(env).catch((error: unknown) => Promise.reject(unreachable(error)));
  try {
    return await work(db, env);
  } finally {
    await db.close();
  }
}

const silences: Record<string, string> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host’s name cannot be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'it does not answer in time',
  CONNECT_TIMEOUT: 'it does not answer in time',
  ECONNRESET: 'it broke off the connection',
  '28P01': 'it refuses this user or password',
  '28000': 'it refuses this user',
  '3D000': 'it has no database of this name',
  '42501': 'this user may not do what the schema needs',
};

/** What keeps us out of a database is the operator's to mend; anything else is a defect and stays as it is. */
function unreachable(error: unknown): unknown {
  const why = silences[String((error as { code?: string } | null)?.code)]; // drivers' errors carry a code
  if (why === undefined) return error;
  return new AppError('database_unreachable', `the database of DATABASE_URL: ${why}`, {
    consequence: 'retry',
    hint: 'Check host, port, user, password and database name in DATABASE_URL; `aptt doctor` tries it.',
    cause: error,
  });
}

export type District = { id: number; slug: string; name: string };

export const listDistricts = (db: Db): Promise<District[]> =>
  db.asOperator((tx) => tx<District[]>`SELECT id, slug, name FROM district ORDER BY slug`);

/**
 * The district of that name; without a name the only one there is.
 * @throws AppError `district_unknown` | `district_missing`
 */
export async function districtOf(db: Db, slug: string | undefined): Promise<District> {
  const all = await listDistricts(db);
  const found = slug === undefined && all.length === 1 ? all[0] : all.find((district) => district.slug === slug);
  if (found) return found;
  const known = all.length ? `Known: ${all.map((district) => district.slug).join(', ')}.` : 'There is none yet.';
  const add = `Add one: aptt district add ${slug ?? 'SLUG'} --name "Name of the district"`;
  if (slug === undefined)
    throw new AppError('district_missing', 'which district? Give --district SLUG', { hint: `${known} ${all.length ? '' : add}`.trim() });
  throw new AppError('district_unknown', `there is no district "${slug}"`, { status: 404, hint: `${known} ${add}` });
}

/** @throws AppError `path_missing`: a mistyped path must not become a source */
export function existingPath(path: string): string {
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new AppError('path_missing', `there is no file or folder ${full}`, {
      hint: 'Check --path; it is read from the folder you are in.',
    });
  }
  return full;
}

/** `--set name=value`: JSON where it is JSON, otherwise the text itself. */
export function collectSetting(pair: string, before: Record<string, unknown>): Record<string, unknown> {
  const at = pair.indexOf('=');
  if (at < 1) throw new CommanderError(exitCodes.usage, 'aptt.setting', `error: --set ${pair}: write it as name=value`);
  return { ...before, [pair.slice(0, at)]: parsed(pair.slice(at + 1)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `--secret name=env:VARIABLE` or `name=file:PATH`: what is typed on a command line stays in histories and process lists. */
export function collectSecret(pair: string, before: Record<string, string>): Record<string, string> {
  const [, name = '', from, where = ''] = /^([^=]+)=(env|file):(.+)$/.exec(pair) ?? [];
  if (!from) throw new CommanderError(exitCodes.usage, 'aptt.secret', 'error: --secret: write it as name=env:VARIABLE or name=file:PATH');
  const value = from === 'env' ? terminal().env[where] : readFileSync(existingPath(where), 'utf8').trim();
  if (!value) throw new CommanderError(exitCodes.usage, 'aptt.secret', `error: --secret ${name}: ${from} ${where} is empty or not set`);
  return { ...before, [name]: value };
}

/** What seals the settings that are secrets. */
export const operatorSecret = (): string => secretOf(readEnv(terminal().env));

export const collect = (value: string, before: string[]): string[] => [...before, value];

/** A whole number above zero, as ids are. */
export function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new CommanderError(exitCodes.usage, 'aptt.id', `error: "${text}" is not a number of a list`);
  return Number(text);
}

/** Days, from none to ten years. */
export function daysOf(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > 3650) {
    throw new CommanderError(exitCodes.usage, 'aptt.days', `error: "${text}" is not a number of days (0 to 3650)`);
  }
  return Number(text);
}

/** For the record of decisions: the account at this machine's command line. */
export const actor = (): string => `cli:${userInfo().username}`;

/** What is needed to name an error that happened before options were read. */
const wantsJson = () => terminal().args.includes('--json');

/** Says what went wrong and what to do; with --json as an object on stdout. @returns the exit code */
export function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done; // --help, --version
    const message = error.message.replace(/^error: /, '');
    if (wantsJson()) result(true, { error: { code: 'usage', message } }, () => '');
    // commander has already printed its own errors
    else if (error.code.startsWith('aptt.')) note(error.message);
    return exitCodes.usage;
  }
  if (!(error instanceof AppError)) throw error; // a defect: let it be seen whole
  const { code, message, hint } = error;
  if (wantsJson()) result(true, { error: { code, message, ...(hint ? { hint } : {}) } }, () => '');
  else note(`${message}${hint ? `\n${hint}` : ''}`);
  return code === 'district_missing' || code === 'connector_unknown' || code === 'setting_invalid' ? exitCodes.usage : exitCodes.failed;
}
