/** From checked staging to the roster: diff, judge, apply, in one transaction that is rolled back unless the verdict is to apply. */
import type { Problem } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { type Entity, entities } from '../roster/model.ts';
import { type Applied, apply } from './apply.ts';
import { type Checked, filledOf, joinByHash, joinBySize } from './check.ts';
import { type Difference, difference, isPassedOver, keepLiving, requireMatches, spokenOf, stagedOf } from './diff.ts';
import { familiesMoving, familiesOf } from './families.ts';
import { type Evidence, isAboutNobody, judge, tellsOfNobody, tooManyHeld } from './guard.ts';
import { holdClasses, writeHolds } from './hold.ts';
import { doubt, rememberListings, requireBasis } from './listing.ts';
import { type Counts, type HeldBecause, noCounts, type RunReport } from './report.ts';
import { dropStaged, type Scope, staged } from './staging.ts';
import { moveMark } from './store.ts';
import { tables } from './tables.ts';

export type Outcome = {
  status: 'applied' | 'unchanged' | 'held';
  entities: RunReport['entities'];
  guardians: RunReport['guardians'];
  heldBecause: HeldBecause[];
  problems: Problem[];
};

export type Decision = {
  fingerprint: string | null;
  dryRun: boolean;
  /** A person approved: the guards have had their say. */
  ignoreGuards: boolean;
  /** This very input, or one that cannot be told from it, was applied and undone. */
  undoneBefore: boolean;
  /** Living records of this source, counted while it was read. */
  living?: ReadonlyMap<Entity, number>;
  /** What is in the roster already, in this very transaction: it is gone again unless the run is judged fit. */
  ahead?: ReadonlyMap<Entity, Ahead>;
  decidedBy: string | null;
};

export type Ahead = { difference: Difference; applied: Applied };

/** Carries an outcome out of a transaction that must not be kept. */
class RolledBack extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('rolled back on purpose');
    this.outcome = outcome;
  }
}

/** @throws AppError `staging_lost` when the database forgot the staged rows (it crashed since), or they no longer fit the roster: nothing is applied */
export async function decideAndApply(db: Db, scope: Scope, checked: Checked, decision: Decision): Promise<Outcome> {
  try {
    return await db.inDistrict(scope.districtId, async (tx) => {
      const outcome = await decide(tx, scope, checked, decision);
      if (decision.dryRun || outcome.status === 'held') throw new RolledBack(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome;
    throw error;
  }
}

export async function decide(tx: Tx, scope: Scope, checked: Checked, decision: Decision): Promise<Outcome> {
  const spoken = spokenOf(checked);
  joinByHash(tx);
  if (scope.place === 'staging' && !decision.ahead) await requireStaged(tx, scope, checked, decision);
  const differences = new Map<Entity, Difference>();
  for (const entity of spoken) differences.set(entity, { added: 0, changed: 0, ended: 0, active: decision.living?.get(entity) ?? 0 });
  for (const [entity, { difference }] of decision.ahead ?? []) differences.set(entity, difference);
  for (const entity of stagedOf(checked).filter((one) => !decision.ahead?.has(one))) {
    const living = decision.living?.get(entity);
    const told = (checked.read[entity] ?? 0) - (checked.same[entity] ?? 0);
    joinBySize(tx, entity, isPassedOver(checked, entity) || told * 20 < (living ?? 0));
    differences.set(entity, await difference(tx, scope, entity, checked, living));
  }

  const holds = decision.ignoreGuards ? { held: [], classes: 0, rejected: {} } : await holdClasses(tx, scope, differences, checked);
  const heldBecause: HeldBecause[] = holds.held.map(({ classSourcedId, lost, before }) => ({
    code: 'class_shrunk' as const,
    entity: 'enrollments' as const,
    classSourcedId,
    count: lost,
    of: before,
  }));
  const evidence = spoken.map(
    (entity): Evidence => ({
      entity,
      difference: differences.get(entity) as Difference, // set for every spoken entity just above
      read: checked.read[entity] ?? 0,
      closing: checked.closings[entity],
    }),
  );
  const reasons = decision.ignoreGuards ? [] : judge(evidence);
  if (!decision.ignoreGuards && reasons.length === 0 && tellsOfNobody(evidence) && !(await wasEmptyBefore(tx, scope))) {
    reasons.push({ code: 'zero_rows', entity: null, classSourcedId: null, count: 0, of: 0 });
  }
  if (reasons.length === 0 && tooManyHeld(holds.held.length, holds.classes)) {
    reasons.push({ code: 'too_many_ended', entity: 'classes', classSourcedId: null, count: holds.held.length, of: holds.classes });
  }
  const differs = evidence.some(({ difference }) => difference.added + difference.changed + difference.ended > 0);
  if (decision.undoneBefore && differs && !decision.ignoreGuards) {
    reasons.push({ code: 'same_as_undone', entity: null, classSourcedId: null, count: 0, of: 0 });
  }
  if (reasons.length > 0) {
    const entities = Object.fromEntries(evidence.map((e) => [e.entity, wouldBe(e, checked, holds.rejected[e.entity] ?? 0)]));
    return { status: 'held', entities, guardians: await familiesOf(tx, scope.districtId), heldBecause: reasons, problems: [] };
  }
  return write(tx, scope, checked, decision, { evidence, heldBecause, holds });
}

/** An emptiness that was let through once, by a person's word, is no news. */
async function wasEmptyBefore(tx: Tx, { sourceId }: Scope): Promise<boolean> {
  const [last] = await tx<{ entities: RunReport['entities'] }[]>`SELECT report->'entities' AS entities FROM sync_run
    WHERE source_id = ${sourceId} AND status IN ('applied', 'unchanged') ORDER BY id DESC LIMIT 1`;
  return (
    last !== undefined && isAboutNobody(Object.entries(last.entities).map(([entity, { read }]) => ({ entity: entity as Entity, read })))
  );
}

type Verdict = { evidence: Evidence[]; heldBecause: HeldBecause[]; holds: Awaited<ReturnType<typeof holdClasses>> };

async function write(tx: Tx, scope: Scope, checked: Checked, decision: Decision, verdict: Verdict): Promise<Outcome> {
  const { districtId, sourceId, runId } = scope;
  const { evidence, heldBecause, holds } = verdict;
  const entities: RunReport['entities'] = {};
  const problems: Problem[] = [];
  const whole = new Set<Entity>();
  const living = new Map(decision.living);
  const differing = new Set(stagedOf(checked));
  const changing = [...differing].filter((entity) => familial.includes(entity));
  const isLittle = !decision.ahead && evidence.every(({ difference }) => sizeOf(difference) === 0 || isSmall(difference));
  if (isLittle) joinBySize(tx, 'users', true);
  const families = await familiesMoving(tx, scope, isLittle ? changing : null);
  for (const one of evidence) {
    const applied =
      decision.ahead?.get(one.entity)?.applied ?? (differing.has(one.entity) ? await applyBySize(tx, scope, one) : nothingApplied);
    if (grown(one.difference)) await tx.unsafe(`CALL refresh_statistics('${tables[one.entity].table}')`);
    living.set(one.entity, (living.get(one.entity) ?? 0) + applied.grownBy);
    const held = holds.rejected[one.entity] ?? 0;
    entities[one.entity] = await countsOf(tx, scope, one, applied, (checked.rejected[one.entity] ?? 0) + held + applied.rejectedCount);
    problems.push(...applied.rejected.map((row) => toProblem(one.entity, row, checked.files)));
    if (one.closing?.reading !== undefined) await doubt(tx, scope, one.entity, applied.rejected);
    if (applied.allNamed && holds.held.length === 0) whole.add(one.entity);
    if (held > 0) problems.push(heldRows(one.entity, held));
    if (one.closing?.because === 'unreadable_ids') problems.push(endsPostponed(one.entity));
  }
  if (isLittle) joinBySize(tx, 'users', true);
  const guardians = await families();
  joinByHash(tx);
  await writeHolds(tx, scope, holds.held);
  await rememberListings(tx, scope, checked, whole);
  const waits = problems.some((problem) => problem.code === 'reference_missing');
  const silent = await fellSilent(tx, scope, checked);
  if (holds.held.length === 0 && !silent) await moveMark(tx, sourceId, checked, waits);
  const touched = Object.values(entities).some((counts) => counts.added + counts.changed + counts.ended > 0);
  if (touched) await keepLiving(tx, scope, decision.living ? living : null);
  // Only the last run that wrote something can be undone.
  if (touched) await tx`DELETE FROM sync_undo WHERE source_id = ${sourceId} AND run_id <> ${runId}`;
  // A run with classes held is not done with its input: tomorrow it is looked at again.
  const used = holds.held.length === 0 ? decision.fingerprint : null;
  if (touched || used || decision.undoneBefore) {
    await tx`UPDATE source SET fingerprint = ${used}, fingerprint_run = ${runId} WHERE id = ${sourceId}`;
  }
  const status = touched ? 'applied' : 'unchanged';
  await tx`UPDATE sync_run SET status = ${status}, decided_by = ${decision.decidedBy} WHERE district_id = ${districtId} AND id = ${runId}`;
  return { status, entities, guardians, heldBecause, problems };
}

/** Something we hold was not spoken of: a permission may be gone for a night, and what changes meanwhile has to be asked for later. */
async function fellSilent(tx: Tx, { districtId, sourceId }: Scope, checked: Checked): Promise<boolean> {
  const spoken = new Set(spokenOf(checked));
  const held = entities
    .filter((entity) => !spoken.has(entity))
    .map(
      (entity) =>
        `EXISTS (SELECT FROM ${tables[entity].table} WHERE district_id = ${districtId} AND source_id = ${sourceId} AND ended_at IS NULL)`,
    );
  if (held.length === 0) return false;
  const [found] = await tx.unsafe<{ any: boolean }[]>(`SELECT ${held.join(' OR ')} AS any`);
  return found?.any === true;
}

async function applyBySize(tx: Tx, scope: Scope, { entity, difference }: Evidence): Promise<Applied> {
  const few = isSmall(difference);
  joinBySize(tx, entity, few);
  return apply(tx, scope, entity, few);
}

const nothingApplied: Applied = { added: 0, changed: 0, ended: 0, grownBy: 0, rejected: [], rejectedCount: 0, allNamed: true };

/** What families are made of. */
const familial: readonly Entity[] = ['users', 'roles', 'guardianships'];

const sizeOf = ({ added, changed, ended }: Difference) => added + changed + ended;
const isSmall = (difference: Difference) => sizeOf(difference) * 20 < difference.active;

/** A table that has grown by a fifth is another one to whoever plans a query. */
const grown = ({ added, active }: Difference) => added > 1000 && added * 5 > active;

/** What was staged for this run is there and still fits the roster: a run may be approved days later. @throws AppError `staging_lost` */
async function requireStaged(tx: Tx, scope: Scope, checked: Checked, { decidedBy }: Decision): Promise<void> {
  await requireRows(tx, scope, checked);
  await requireBasis(tx, scope, checked);
  if (decidedBy !== null) await requireMatches(tx, scope, spokenOf(checked));
  // It is compared anew: the roster may have moved since.
  await dropStaged(tx, `r${scope.runId}\\_%\\_delta`);
}

async function requireRows(tx: Tx, scope: Scope, checked: Checked): Promise<void> {
  const now = await filledOf(tx, scope, checked);
  if (checked.filled.some((entity) => !now.includes(entity))) {
    throw new AppError('staging_lost', 'the rows this run had read are gone (the database was restarted)', {
      status: 409,
      hint: 'Run the sync again.',
    });
  }
}

async function countsOf(tx: Tx, scope: Scope, evidence: Evidence, applied: Applied, rejected: number): Promise<Counts> {
  const { entity, read } = evidence;
  const names = staged(scope);
  // Rows that asked for an end are read too; those whose record lived count as ended, the rest changed nothing.
  const [asked] = applied.ended
    ? await tx.unsafe<{ n: number }[]>(
        `SELECT count(DISTINCT d.sourced_id)::int AS n FROM ${names.delta(entity)} d JOIN ${names.removed} x USING (sourced_id) WHERE d.op = 'e' AND x.entity = '${entity}'`,
      )
    : [{ n: 0 }];
  const { added, changed, ended } = applied;
  return { read, added, changed, ended, unchanged: read - added - changed - rejected - (asked?.n ?? 0), rejected };
}

/** What a held run would have done, before references are looked up. */
function wouldBe({ entity, difference: d, read }: Evidence, checked: Checked, held: number): Counts {
  const rejected = (checked.rejected[entity] ?? 0) + held;
  return {
    ...noCounts(),
    read,
    added: d.added,
    changed: d.changed,
    ended: d.ended,
    rejected,
    unchanged: Math.max(0, read - d.added - d.changed - rejected),
  };
}

function toProblem(entity: Entity, row: Applied['rejected'][number], files: string[]): Problem {
  const missing = row.kept
    ? 'This record refers to one that is not there; it was kept without the reference. Send both in the same delivery.'
    : 'This record refers to one that is not there; it was put aside and is tried again whenever it is sent. Send both in the same delivery.';
  const family = 'These two users are not a child and a guardian by their roles; the link was not used.';
  return {
    entity,
    severity: row.kept || row.code === 'agent_not_guardian' ? 'warning' : 'problem',
    code: row.code,
    message: row.code === 'agent_not_guardian' ? family : missing,
    sourcedId: row.sourcedId,
    file: files[row.f - 1] ?? null,
    line: row.line,
    field: row.field,
  };
}

const general = { severity: 'warning' as const, sourcedId: null, file: null, line: null, field: null };

const heldRows = (entity: Entity, count: number): Problem => ({
  ...general,
  entity,
  code: 'class_held',
  message: `${count} rows were not used: their class lost more than half of its children and stays as it was until somebody approves the run.`,
});

const endsPostponed = (entity: Entity): Problem => ({
  ...general,
  entity,
  code: 'ends_postponed',
  message:
    'A row without a readable id stands in this delivery, so no missing record was ended. Mend the row; the next run ends what is gone.',
});
