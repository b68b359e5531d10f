/**
 * One sync run of one source: fingerprint → stage → check → diff → judge → apply → report. Judges before it writes; writes in one
 * transaction; the same input twice changes nothing; two runs of one source never overlap; whatever fails leaves yesterday's data.
 */
import { GapsMislead, type Progress } from '../../connectors/connector.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { type Checked, check, lookingOver } from './check.ts';
import { countLiving, type Scope } from './diff.ts';
import { decideAndApply, type Outcome } from './finish.ts';
import { nothingRemembered, type Remembered, remembered } from './listing.ts';
import { noCounts, type RunReport, type RunStatus } from './report.ts';
import type { Source } from './sources.ts';
import { ProblemBook, stage } from './stage.ts';
import { dropStaging, type KeptReport, lastUsed, problemsOf, sinceWhen } from './store.ts';

export type SyncProgress = Progress & { phase: 'fingerprint' | 'reading' | 'checking' | 'applying' };

export type SyncOptions = {
  /** Who asks, for the record: a person's name or `cli`. */
  actor: string;
  /** Everything but the writing. */
  dryRun?: boolean;
  /** Everything is read, whatever is known of the source. */
  full?: boolean;
  ignoreGuards?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
};

/**
 * @returns the report; a source that fails gives status `failed` with its error, never a throw
 * @throws AppError `sync_running` when another run of this source is under way
 */
export async function syncSource(db: Db, districtId: number, source: Source, options: SyncOptions): Promise<RunReport> {
  return alone(db, districtId, source.id, async () => {
    await closeInterrupted(db, districtId, source.id);
    const runId = await openRun(db, districtId, source.id, options);
    try {
      return await runOnce(db, districtId, source, runId, options);
    } catch (error) {
      return fail(db, districtId, source, runId, error);
    }
  });
}

/** Holds a lock that dies with its connection: a killed process blocks nobody. */
export function alone<T>(db: Db, districtId: number, sourceId: number, work: () => Promise<T>): Promise<T> {
  return db.inDistrict(districtId, async (tx) => {
    const [lock] = await tx`SELECT pg_try_advisory_xact_lock(7261002, ${sourceId}) AS got`;
    if (!lock?.got) {
      throw new AppError('sync_running', 'a sync of this source is running already', {
        status: 409,
        hint: 'Wait for it to finish, then try again.',
      });
    }
    // Servers may end transactions that sit idle: this one only looks idle.
    const awake = setInterval(() => tx`SELECT 1`.catch(() => {}), 20_000);
    try {
      return await work();
    } finally {
      clearInterval(awake);
    }
  });
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
  await db.inDistrict(districtId, (tx) => tx`UPDATE sync_run SET fingerprint = ${fingerprint} WHERE id = ${runId}`);
  const matching = connector.matching(settings);
  const crossing = Boolean(matching.students ?? matching.guardians ?? matching.people);
  const used = await lastUsed(db, districtId, source.id, fingerprint, crossing);
  if (used?.status === 'applied' && !options.full) return unchanged(db, districtId, source, runId, used.runId);

  const scope: Scope = { districtId, sourceId: source.id, runId, matching };
  const book = new ProblemBook(db, districtId, runId);
  const since = options.full ? null : await sinceWhen(db, districtId, source.id);
  const read = async (listings: Remembered): Promise<Checked> => {
    const known = crossing ? {} : { known: listings.find };
    const given = { ...(options.signal && { signal: options.signal }), ...(since !== null && { since }) };
    const items = connector.pull(settings, { ...given, ...known, onProgress: progress('reading') });
    const lookedOver = lookingOver(db, scope, listings);
    try {
      const input = await stage(db, districtId, runId, items, (entity, so) => lookedOver.begin(entity, so));
      book.written = input.problems;
      progress('checking')(none);
      return await check(db, scope, input, listings, lookedOver, book);
    } finally {
      await lookedOver.settled(); // staging may be dropped next
    }
  };
  // Meanwhile: reading keeps one processor busy, and the database is idle.
  const counting = db.inDistrict(districtId, (tx) => countLiving(tx, scope));
  counting.catch(() => {}); // told where it is awaited
  const checked = await read(options.full ? nothingRemembered() : remembered(db, scope)).catch(async (error: unknown) => {
    if (!(error instanceof GapsMislead)) throw error;
    await dropStaging(db, districtId, runId);
    await book.clear();
    return read(nothingRemembered());
  });
  progress('applying')(none);
  const outcome = await decideAndApply(db, scope, checked, {
    fingerprint,
    dryRun: options.dryRun ?? false,
    ignoreGuards: options.ignoreGuards ?? false,
    living: await counting,
    undoneBefore: used?.status === 'undone',
    decidedBy: null,
  });
  return conclude(db, districtId, source.name, runId, book, outcome, checked, options.dryRun ?? false);
}

/** Writes down what came out, drops what is staged unless somebody may still approve it, and answers with the report. */
export async function conclude(
  db: Db,
  districtId: number,
  sourceName: string,
  runId: number,
  book: ProblemBook,
  outcome: Outcome,
  checked: Checked,
  dryRun: boolean,
): Promise<RunReport> {
  await book.add(outcome.problems);
  const keep = !dryRun && outcome.heldBecause.length > 0;
  const report: KeptReport = {
    entities: outcome.entities,
    guardians: outcome.guardians,
    problemCount: book.written,
    ...(keep ? { checked } : {}),
  };
  const status: RunStatus = dryRun ? 'dry-run' : outcome.status;
  await db.inDistrict(districtId, async (tx) => {
    await tx`UPDATE sync_run SET status = ${status}, finished_at = now(), report = ${tx.json(report as never)},
      held_because = ${tx.json(outcome.heldBecause as never)}, staged = ${keep} WHERE id = ${runId}`; // plain JSON by their types
  });
  if (!keep) await dropStaging(db, districtId, runId);
  return {
    runId,
    source: sourceName,
    status: outcome.status,
    entities: outcome.entities,
    guardians: outcome.guardians,
    problems: await problemsOf(db, districtId, runId, 1000),
    problemCount: book.written,
    heldBecause: outcome.heldBecause,
  };
}

async function openRun(db: Db, districtId: number, sourceId: number, options: SyncOptions): Promise<number> {
  // An older run still waiting for approval is overtaken by this one.
  const waiting = await db.inDistrict(
    districtId,
    (tx) => tx<{ id: number }[]>`SELECT id FROM sync_run WHERE source_id = ${sourceId} AND staged`,
  );
  if (!options.dryRun) for (const { id } of waiting) await dropStaging(db, districtId, id);
  const [run] = await db.inDistrict(
    districtId,
    (tx) => tx<{ id: number }[]>`INSERT INTO sync_run (district_id, source_id, status, decided_by)
      VALUES (${districtId}, ${sourceId}, 'running', NULL) RETURNING id`,
  );
  if (!run) throw new Error('no run');
  return run.id;
}

/**
 * We hold the source's lock, so a run that says it is running was killed. What it staged goes, and what one staged that was killed after
 * it had applied: nobody may decide about it any more.
 */
async function closeInterrupted(db: Db, districtId: number, sourceId: number): Promise<void> {
  const dead = await db.inDistrict(districtId, async (tx) => {
    await tx`UPDATE sync_run SET status = 'failed', finished_at = now(), error_code = 'interrupted',
      error_message = 'the process was stopped before the run was done; nothing was applied'
      WHERE source_id = ${sourceId} AND status = 'running'`;
    return tx<{ id: number }[]>`
      WITH left_behind AS (
        SELECT DISTINCT substring(c.relname FROM '^r(\\d+)_')::bigint AS run FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'staging' AND c.relkind IN ('r', 'v')
      )
      SELECT id FROM sync_run JOIN left_behind ON run = id WHERE source_id = ${sourceId} AND NOT staged`;
  });
  for (const { id } of dead) await dropStaging(db, districtId, id);
}

async function unchanged(db: Db, districtId: number, source: Source, runId: number, before: number): Promise<RunReport> {
  const last = await db.inDistrict(districtId, async (tx) => {
    const [row] = await tx<{ report: KeptReport }[]>`SELECT report FROM sync_run WHERE id = ${before}`;
    const entities = Object.fromEntries(
      Object.entries(row?.report.entities ?? {}).map(([entity, counts]) => [
        entity,
        { ...noCounts(), read: counts.read, rejected: counts.rejected, unchanged: counts.read - counts.rejected },
      ]),
    );
    const guardians = row?.report.guardians ?? { linked: 0, parentsWithoutChild: 0, childrenWithoutParent: 0 };
    const report: KeptReport = { entities, guardians, problemCount: row?.report.problemCount ?? 0, problemsIn: before };
    await tx`UPDATE sync_run SET status = 'unchanged', finished_at = now(),
      report = ${tx.json(report as never)} WHERE id = ${runId}`; // plain JSON by its type
    return report;
  });
  return {
    runId,
    source: source.name,
    status: 'unchanged',
    entities: last.entities,
    guardians: last.guardians,
    problems: await problemsOf(db, districtId, before, 1000),
    problemCount: last.problemCount,
    heldBecause: [],
  };
}

async function fail(db: Db, districtId: number, source: Source, runId: number, error: unknown): Promise<RunReport> {
  const known = error instanceof AppError;
  const code = known ? error.code : 'internal';
  const message = known ? error.message : 'an unexpected error stopped the run; nothing was applied';
  const hint = known ? (error.hint ?? null) : null;
  const [kept] = await db.inDistrict(
    districtId,
    (tx: Tx) => tx<{ problemCount: number }[]>`UPDATE sync_run r SET status = 'failed', finished_at = now(), error_code = ${code},
        error_message = ${message}, report = jsonb_strip_nulls(jsonb_build_object(
          'problemCount', (SELECT count(*) FROM sync_problem p WHERE p.run_id = r.id), 'hint', ${hint}::text))
      WHERE id = ${runId} RETURNING (report->>'problemCount')::int AS "problemCount"`,
  );
  await dropStaging(db, districtId, runId);
  if (!known) throw error; // a defect: the operator must see it whole
  return {
    runId,
    source: source.name,
    status: 'failed',
    entities: {},
    guardians: { linked: 0, parentsWithoutChild: 0, childrenWithoutParent: 0 },
    problems: await problemsOf(db, districtId, runId, 1000),
    problemCount: kept?.problemCount ?? 0,
    heldBecause: [],
    error: { code, message, ...(hint ? { hint } : {}) },
  };
}
