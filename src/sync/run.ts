/**
 * One sync run of one source: fingerprint → stage → check → diff → judge → apply → report. Judges before it writes; writes in one
 * transaction; the same input twice changes nothing; two runs of one source never overlap; whatever fails leaves yesterday's data.
 */
import { GapsMislead, type Progress } from '../../connectors/connector.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { Entity } from '../roster/model.ts';
import { awake } from './awake.ts';
import { check, lookingOver } from './check.ts';
import { conclude, fail, unchanged } from './conclude.ts';
import { livingOf } from './diff.ts';
import { type Ahead, decideAndApply } from './finish.ts';
import { FirstLoad } from './first-load.ts';
import { Handful, standingsOf } from './handful.ts';
import { nothingRemembered, remembered } from './listing.ts';
import { inOneGo, toTheEnd, unlessHeld } from './one-go.ts';
import { ProblemBook } from './problem-book.ts';
import type { RunReport } from './report.ts';
import type { Source } from './sources.ts';
import { nothingStaged, stage } from './stage.ts';
import { StagedByCopy } from './staged-by-copy.ts';
import type { Scope } from './staging.ts';
import { dropStaging, dropStagingOf, lastUsed, sinceWhen } from './store.ts';
import { inTurn, type Kind } from './turns.ts';

export type SyncProgress = Progress & { phase: 'fingerprint' | 'reading' | 'checking' | 'applying' };

export type SyncOptions = {
  /** Who asks, for the record: a person's name or `cli`. */
  actor: string;
  /** Everything but the writing. */
  dryRun?: boolean;
  /** Everything is read, whatever is known of the source. */
  full?: boolean;
  ignoreGuards?: boolean;
  /** Rows up to which a run is a small one: they wait in memory, with what stands in the roster for them, a few hundred bytes each. */
  handful?: number;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
};

/**
 * @returns the report; a source that fails gives status `failed` with its error, never a throw
 * @throws AppError `sync_running` when another run of this source is under way
 */
export async function syncSource(db: Db, districtId: number, source: Source, options: SyncOptions): Promise<RunReport> {
  const work = async (own: Db) => {
    const runId = await openRun(own, districtId, source.id, options);
    try {
      return await runOnce(own, districtId, source, runId, options);
    } catch (error) {
      return fail(own, districtId, source, runId, error);
    }
  };
  return alone(db, 'run', { districtId, sourceId: source.id }, work, options.signal);
}

/**
 * In its turn, and with a lock that dies with its connection: a killed process blocks nobody.
 * @param work gets the database over connections that pages do not wait for
 */
export function alone<T>(
  db: Db,
  kind: Kind,
  { districtId, sourceId }: { districtId: number; sourceId: number },
  work: (own: Db) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const locked = (own: Db) =>
    own.inDistrict(districtId, async (tx) => {
      const [lock] = await tx`SELECT pg_try_advisory_xact_lock(7261002, ${sourceId}) AS got`;
      if (!lock?.got) {
        throw new AppError('sync_running', 'a sync of this source is running already', {
          status: 409,
          hint: 'Wait for it to finish, then try again.',
        });
      }
      return awake(tx, () => work(own));
    });
  return inTurn(db, kind, locked, signal);
}

async function runOnce(db: Db, districtId: number, source: Source, runId: number, options: SyncOptions): Promise<RunReport> {
  const connector = connectorFor(source.kind);
  const parsed = connector.settings.safeParse(source.settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('settings_invalid', `source "${source.name}", setting ${issue?.path.join('.')}: ${issue?.message}`, {
      consequence: 'halt',
    });
  }
  const settings = parsed.data;
  const progress = (phase: SyncProgress['phase']) => (at: Progress) => options.onProgress?.({ ...at, phase });
  const none: Progress = { entity: null, file: null, rows: 0 };

  progress('fingerprint')(none);
  const fingerprint = await connector.fingerprint(settings, options.signal);
  const matching = connector.matching(settings);
  // A run of another source may change what its references find.
  const crossing = Object.keys(matching).length > 0;
  const { used, since } = await db.inDistrict(districtId, async (tx) => {
    if (fingerprint !== null) await tx`UPDATE sync_run SET fingerprint = ${fingerprint} WHERE id = ${runId}`;
    return { used: await lastUsed(tx, source.id, fingerprint, crossing), since: options.full ? null : await sinceWhen(tx, source.id) };
  });
  if (used?.status === 'applied' && !options.full) return unchanged(db, districtId, source, runId, used.runId);

  const scope: Scope = { districtId, sourceId: source.id, runId, matching, place: 'staging' };
  const handfulOf = options.handful ?? 25_000;
  const book = new ProblemBook(db, districtId, runId);
  // Meanwhile: reading keeps one processor busy, and the database is idle.
  const standing = db.inDistrict(districtId, async (tx) => {
    const living = await livingOf(tx, scope);
    return { living, standings: options.full || crossing ? null : await standingsOf(tx, scope, living, handfulOf) };
  });
  standing.catch(() => {}); // told where it is awaited

  const read = async (afresh: boolean): Promise<RunReport> => {
    const listings = afresh ? nothingRemembered() : remembered(db, scope);
    const known = crossing ? {} : { known: listings.find };
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]);
    const items = connector.pull(settings, { signal, ...(since !== null && { since }), ...known, onProgress: progress('reading') });
    const input = nothingStaged();
    const lookedOver = lookingOver(db, scope, input, listings);
    const firstLoad = new FirstLoad<RunReport>(db, scope, input);
    const handful = new Handful(handfulOf, async () => {
      // What is put down after all is read was held: it is kept for somebody's approval.
      const isFirst =
        !over.signal.aborted && !crossing && !options.dryRun && [...(await standing).living.values()].every((count) => count === 0);
      return StagedByCopy.open(db, scope, (entity) => (isFirst ? firstLoad : lookedOver).begin(entity));
    });
    try {
      await stage(items, handful, book, input).finally(() => over.abort()); // or other questions under way would go on after one has failed
      book.written = input.problems;
      progress('checking')(none);
      const { living, standings } = await standing;
      const decision = {
        fingerprint,
        dryRun: options.dryRun ?? false,
        ignoreGuards: options.ignoreGuards ?? false,
        living,
        undoneBefore: used?.status === 'undone',
        decidedBy: null,
      };
      const run = { scope, input, listings, lookedOver, decision, book, sourceName: source.name };
      let report: RunReport | null = null;
      if (firstLoad.isUnderWay) {
        const end = (tx: Tx, ahead: ReadonlyMap<Entity, Ahead>) =>
          toTheEnd(tx, { ...run, lookedOver: firstLoad, decision: { ...decision, ahead } });
        report = await unlessHeld(book, () => firstLoad.finish(end));
      } else if (!handful.isLarge && !decision.dryRun) {
        report = await inOneGo(db, run, handful, afresh ? null : standings);
      }
      if (report) return report;
      await handful.putDown();
      await lookedOver.settled(); // it makes tables, as does what comes now: neither waits for the other
      const { checked, problems } = await db.inDistrict(districtId, (tx) => check(tx, scope, input, listings, lookedOver));
      await book.add(problems);
      progress('applying')(none);
      const outcome = await decideAndApply(db, scope, checked, decision);
      return await db.inDistrict(districtId, (tx) => conclude(tx, scope, source.name, book, outcome, checked, decision.dryRun));
    } finally {
      await Promise.all([lookedOver.settled(), firstLoad.settled()]); // staging may be dropped next
    }
  };
  return read(options.full ?? false).catch(async (error: unknown) => {
    if (!(error instanceof GapsMislead)) throw error;
    await dropStaging(db, districtId, runId);
    await book.clear();
    return read(true);
  });
}

/**
 * We hold the source's lock, so a run that says it is running was killed. What it staged goes, and what one staged that was killed after
 * it had applied: nobody may decide about it any more. An older run still waiting for approval is overtaken by this one.
 */
function openRun(db: Db, districtId: number, sourceId: number, options: SyncOptions): Promise<number> {
  return db.inDistrict(districtId, async (tx) => {
    // What is forgotten of a run that has only begun is no loss, so nobody waits for the disk.
    const [, staged, [run]] = await tx.unsafe<[never[], { id: number }[], { id: number }[]]>(`
      SET LOCAL synchronous_commit = off;
      UPDATE sync_run SET status = 'failed', finished_at = now(), error_code = 'interrupted',
        error_message = 'the process was stopped before the run was done; nothing was applied'
        WHERE source_id = ${sourceId} AND status = 'running';
      WITH left_behind AS (
        SELECT DISTINCT substring(c.relname FROM '^r(\\d+)_')::bigint AS run FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'staging' AND c.relkind IN ('r', 'v')
      )
      SELECT id FROM sync_run WHERE source_id = ${sourceId}
        AND CASE WHEN staged THEN ${!options.dryRun} ELSE id IN (SELECT run FROM left_behind) END;
      INSERT INTO sync_run (district_id, source_id, status, decided_by) VALUES (${districtId}, ${sourceId}, 'running', NULL) RETURNING id`);
    if (!run) throw new Error('no run');
    for (const { id } of staged) await dropStagingOf(tx, id);
    return run.id;
  });
}
