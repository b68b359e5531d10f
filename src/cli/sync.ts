import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { launchDiary } from '../../lti/diary.ts';
import { type ServiceTokens, serviceTokens } from '../../lti/services/token.ts';
import { reckonGoals } from '../api/goals.ts';
import { syncAny } from '../course-rosters.ts';
import type { Db } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { publishGoals } from '../goal-publishing.ts';
import { approveRun, rejectRun, undoRun } from '../sync/decide.ts';
import { listRuns, showRun } from '../sync/history.ts';
import type { RunReport } from '../sync/report.ts';
import { ensureSource, listSources, openSource, type Source } from '../sync/sources.ts';
import { actor, collectSetting, type District, districtOf, exitCodes, idOf, leaf, operatorSecret, withDb } from './context.ts';
import { runsOf } from './drop.ts';
import { counted, day, note, progressLine, result, table } from './output.ts';
import { told } from './run-words.ts';
import { checkedSettings, sourceNamed } from './source.ts';
import { endWith } from './terminal.ts';

type Options = {
  district?: string;
  source?: string;
  kind?: string;
  path?: string;
  set: Record<string, unknown>;
  dryRun?: boolean;
  full?: boolean;
  json?: boolean;
};

/** Of several runs the worst decides: failed, then held, then done. */
function exitCodeOf(reports: RunReport[]): number {
  if (reports.some((report) => report.status === 'failed')) return exitCodes.failed;
  return reports.some((report) => report.status === 'held') ? exitCodes.held : exitCodes.done;
}

/** Runs one source with its progress shown; Ctrl-C while it reads stops it and leaves yesterday's data. */
export async function syncWithProgress(
  db: Db,
  districtId: number,
  source: Source,
  options: { dryRun?: boolean; full?: boolean } = {},
): Promise<RunReport> {
  const stop = new AbortController();
  const interrupt = () => {
    if (!stop.signal.aborted) note('\nStopping … (a run that is already being applied is applied whole)');
    stop.abort(new AppError('interrupted', 'you stopped it', { consequence: 'retry' }));
  };
  process.on('SIGINT', interrupt);
  const line = progressLine(source.name);
  try {
    const tokens = () => serviceTokens({ db, secret: operatorSecret() });
    return await syncAny(db, tokens, districtId, openSource(source, districtId, operatorSecret), {
      ...options,
      actor: actor(),
      signal: stop.signal,
      onProgress: line.show,
    });
  } finally {
    line.done();
    process.off('SIGINT', interrupt);
  }
}

async function sourcesOf(db: Db, district: District, options: Options): Promise<Source[]> {
  if (options.kind) return [await ensureSource(db, district.id, options.kind, checkedSettings(options.kind, options), operatorSecret)];
  if (options.source) return [await sourceNamed(db, district, options.source)];
  const all = await listSources(db, district.id);
  if (all.length > 0) return all;
  throw new AppError('source_missing', `district ${district.slug} has no source to sync`, {
    hint: `Add one: aptt source add --district ${district.slug} --help`,
  });
}

async function run(options: Options): Promise<void> {
  if (Boolean(options.kind) !== Boolean(options.path)) throw usage('--kind and --path go together');
  if (options.kind && options.source) throw usage('give either --source, or --kind and --path');
  await withDb(async (db) => {
    const district = await districtOf(db, options.district);
    const reports: RunReport[] = [];
    const dryRun = options.dryRun === true;
    // One after the other: scores and contacts find the people that the roster brings.
    for (const source of await sourcesOf(db, district, options)) {
      const once = (given: Source) => syncWithProgress(db, district.id, given, { dryRun, full: options.full === true });
      for await (const report of runsOf(source, dryRun, once)) {
        reports.push(report);
        if (!options.json)
          result(false, {}, () => told(report, district.slug, { isDryRun: dryRun, waiting: !dryRun && report.heldBecause.length > 0 }));
      }
    }
    if (!dryRun) await settleGoals(db, district);
    endWith(exitCodeOf(reports));
    const [only] = reports;
    if (options.json) result(true, only && reports.length === 1 ? only : { runs: reports }, () => '');
  });
}

/** New scores may have met goals: that is put down before a later night takes the scores away, and told where a teacher wants it told. */
async function settleGoals(db: Db, { id }: District): Promise<void> {
  await db.inDistrict(id, (tx) => reckonGoals(tx));
  const diary = launchDiary(db, { event: () => {}, more: () => {}, lost: () => {} });
  const tokens: ServiceTokens = { of: (...of) => serviceTokens({ db, secret: operatorSecret() }).of(...of) };
  for (const { contextId, code, sent } of await publishGoals({ db, tokens, note: diary.note }, id)) {
    if (code) note(`“APTT goal met” could not be put into the grade book of course ${contextId} (${code}): see aptt launches list`);
    else if (sent > 0) note(`“APTT goal met”: ${counted(sent, 'change')} in the grade book of course ${contextId}`);
  }
  await diary.close();
}

const usage = (message: string) => new CommanderError(exitCodes.usage, 'aptt.sync', `error: ${message}`);

export function sync(): Command {
  const command = leaf('sync', 'pull a district’s sources, check what changed, and apply it', [
    'sync --district willow',
    'sync --district willow --source sis --dry-run',
    'sync --district willow --kind oneroster-csv --path ./export.zip --json',
    'sync list --district willow',
  ])
    .option('--district <slug>', 'the district')
    .option('--source <name>', 'only this source (default: all, in the order they were added)')
    .option('--kind <kind>', 'a connector, to sync a path without a stored source')
    .option('--path <path>', 'the file or folder for --kind')
    .option('--set <name=value>', 'another setting for --kind; may be given again', collectSetting, {})
    .option('--dry-run', 'do everything but the writing')
    .option('--full', 'read everything anew, also what is known to be unchanged')
    .enablePositionalOptions()
    .action(run);
  for (const child of [list(), show(), decision('approve', approveRun), decision('reject', rejectRun), decision('undo', undoRun)])
    command.addCommand(child);
  return command;
}

type ListOptions = { district?: string; source?: string; limit: number; json?: boolean };

function list(): Command {
  return leaf('list', 'list the latest runs, newest first', [
    'sync list --district willow',
    'sync list --district willow --source sis --limit 5',
  ])
    .option('--district <slug>', 'the district')
    .option('--source <name>', 'only of this source')
    .option('--limit <n>', 'how many', idOf, 20)
    .action(async (_own: ListOptions, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const runs = await withDb(async (db) => {
        const district = await districtOf(db, options.district);
        if (options.source) await sourceNamed(db, district, options.source);
        return listRuns(db, district.id, { ...(options.source ? { source: options.source } : {}), limit: options.limit });
      });
      const rows = runs.map((at) => [
        String(at.runId),
        day(at.startedAt),
        at.source,
        at.waiting ? `${at.status}, waiting` : at.status,
        at.problemCount,
      ]);
      result(options.json, { runs }, () =>
        rows.length ? table(['run', 'started (UTC)', 'source', 'status', 'problems'], rows) : 'No run yet.',
      );
    });
}

type RunOptions = { district?: string; json?: boolean };

function show(): Command {
  return leaf('show', 'show what one run did', ['sync show 12 --district willow'])
    .argument('<run>', 'its number in `aptt sync list`', idOf)
    .option('--district <slug>', 'the district')
    .action(async (id: number, _own: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      const { report, waiting, slug } = await withDb(async (db) => {
        const district = await districtOf(db, options.district);
        return { ...(await showRun(db, district.id, id)), slug: district.slug };
      });
      result(options.json, report, () => told(report, slug, { isDryRun: report.status === 'dry-run', waiting }));
    });
}

const decisions = {
  approve: 'apply what a held run would have changed',
  reject: 'put aside what a held run would have changed; yesterday’s data stays',
  undo: 'put the roster back to what it was before a run',
};

function decision(name: keyof typeof decisions, decide: typeof approveRun): Command {
  return leaf(name, decisions[name], [`sync ${name} 12 --district willow`])
    .argument('<run>', 'its number in `aptt sync list`', idOf)
    .option('--district <slug>', 'the district')
    .action(async (id: number, _own: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      const { report, slug } = await withDb(async (db) => {
        const district = await districtOf(db, options.district);
        return { report: await decide(db, district.id, id, actor()), slug: district.slug };
      });
      endWith(exitCodeOf([report]));
      result(options.json, report, () => told(report, slug));
    });
}
