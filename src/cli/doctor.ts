import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Env, readEnv } from '../../config/env.ts';
import { type Db, openDb } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { exitCodes, leaf, listDistricts } from './context.ts';
import { counted, result } from './output.ts';
import { endWith, terminal } from './terminal.ts';

/** `warn`: it works, for now or for trying out. */
type Finding = { outcome: 'ok' | 'warn' | 'fail'; text: string; hint?: string };

const nodeVersion = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  if (!isEnough)
    return { outcome: 'fail', text: `Node ${process.versions.node} is too old`, hint: 'Install Node 20.19 or later; 24 is best.' };
  return { outcome: 'ok', text: `Node ${process.versions.node}` };
};

function dataFolder({ dataDir }: Env): Finding {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
    return { outcome: 'ok', text: `data folder ${dataDir} can be written` };
  } catch {
    return { outcome: 'fail', text: `data folder ${dataDir} cannot be written`, hint: 'Set APTT_DATA_DIR to a folder of this account.' };
  }
}

function address({ url }: Env): Finding {
  if (url.startsWith('https://')) return { outcome: 'ok', text: `public address ${url}` };
  const hint = 'School platforms open the tool in a frame, and browsers keep its cookies only over https: set APTT_URL=https://…';
  return { outcome: 'warn', text: `public address ${url} is not https: good for trying out on this machine only`, hint };
}

function secret({ secret: given }: Env): Finding {
  if (given) return { outcome: 'ok', text: 'APTT_SECRET is set' };
  const hint = 'With several processes or machines set APTT_SECRET to the same 32 or more characters everywhere.';
  return { outcome: 'warn', text: 'APTT_SECRET is not set: one is made and kept in the data folder', hint };
}

function webPages(): Finding {
  // From a checkout the pages are in dist/web; a build stands inside dist itself.
  const here = import.meta.dirname;
  const isBuilt = [join(here, '../../dist/web'), join(here, '../../web')].some((folder) => existsSync(join(folder, 'index.html')));
  if (isBuilt) return { outcome: 'ok', text: 'the web pages are built' };
  return { outcome: 'fail', text: 'the web pages are not built', hint: `In ${dirname(dirname(here))}: npm run build:web` };
}

async function database(env: Env): Promise<Finding[]> {
  const which = env.databaseUrl ? 'the database of DATABASE_URL' : 'embedded PostgreSQL';
  let db: Db;
  try {
    db = await openDb(env);
  } catch (error) {
    const hint = error instanceof AppError ? error.hint : 'Check host, user, password and database name in DATABASE_URL.';
    const why = (error as { code?: string }).code ?? 'it does not answer'; // drivers' errors carry a code
    return [{ outcome: 'fail', text: error instanceof AppError ? error.message : `${which}: ${why}`, ...(hint ? { hint } : {}) }];
  }
  try {
    const [row] = await db.sql<{ version: number; size: string }[]>`SELECT current_setting('server_version_num')::int / 10000 AS version,
      pg_size_pretty(pg_database_size(current_database())) AS size`;
    const districts = await listDistricts(db);
    const isOld = (row?.version ?? 0) < 15;
    return [
      {
        outcome: isOld ? 'fail' : 'ok',
        text: `${which} answers: PostgreSQL ${row?.version}, ${row?.size}`,
        ...(isOld ? { hint: 'Use 15 or later.' } : {}),
      },
      { outcome: 'ok', text: `the schema is up to date; ${counted(districts.length, 'district')}` },
    ];
  } finally {
    await db.close();
  }
}

const marks = { ok: '✓', warn: '!', fail: '✗' } as const;

export function doctor(): Command {
  return leaf('doctor', 'check this installation and say what to do', ['doctor']).action(async (options: { json?: boolean }) => {
    const env = readEnv(terminal().env);
    const findings = [nodeVersion(), dataFolder(env), ...(await database(env)), webPages(), address(env), secret(env)];
    const ok = findings.every((finding) => finding.outcome !== 'fail');
    result(options.json, { ok, findings }, () =>
      findings.map(({ outcome, text, hint }) => `${marks[outcome]} ${text}${hint ? `\n  ${hint}` : ''}`).join('\n'),
    );
    if (!ok) endWith(exitCodes.failed);
  });
}
