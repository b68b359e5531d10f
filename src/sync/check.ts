/** Looks at what is staged before it is compared: repeated ids, people already known from another source, keys that find nobody. */
import { GapsMislead, type Matching, type Problem } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import {
  completeStaging,
  ensureStage,
  hasAliases,
  isPassedOver,
  matchedReferences,
  splitAliases,
  stagedOf,
  takeOutDuplicates,
  takeOutStrangers,
  takeOutUnmatched,
} from './diff.ts';
import { basisOf, contradicts, type Remembered, stageGone } from './listing.ts';
import { spareClasses } from './spare.ts';
import type { Staged } from './stage.ts';
import { type Scope, staged } from './staging.ts';
import { tables } from './tables.ts';

/** Staged input, checked. Plain JSON: a held run keeps it until somebody decides. */
export type Checked = Staged & {
  /** Of which entities anything is staged: unlogged tables are empty after a crash of the database, and empty must not mean "all gone". */
  filled: Entity[];
  /** How its references were looked for: approved, it is not matched otherwise, whatever the source's settings are by then. */
  matching: Matching;
  /** What the rows that were passed over are true of: the roster after this run … */
  basis: string;
  /** … and the listings these runs wrote. */
  comparedWith: Partial<Record<Entity, number>>;
};

export type Repeated = Awaited<ReturnType<typeof takeOutDuplicates>>;

/** Listings that are looked over while others are still read. */
export type LookedOver = {
  /** Begins with an entity of which every row is staged. */
  begin(entity: Entity): void;
  /** What was found of an entity; undefined: nobody has looked. */
  of(entity: Entity): Promise<Repeated> | undefined;
  /** Nothing is under way any more. */
  settled(): Promise<unknown>;
};

export function lookingOver(db: Db, scope: Scope, input: Staged, listings: Remembered): LookedOver {
  const found = new Map<Entity, Promise<Repeated>>();
  return {
    begin(entity) {
      const looking = db.inDistrict(scope.districtId, async (tx) => {
        joinByHash(tx);
        await ensureStage(tx, scope, entity);
        return lookOver(tx, scope, entity, input, listings);
      });
      looking.catch(() => {}); // told where it is taken
      found.set(entity, looking);
    },
    of: (entity) => found.get(entity),
    settled: () => Promise.allSettled(found.values()),
  };
}

/**
 * Takes out repeated rows.
 * @throws GapsMislead where a row that was passed over and one that was read are about the same record
 */
async function lookOver(tx: Tx, scope: Scope, entity: Entity, input: Staged, listings: Remembered): Promise<Repeated> {
  if (listings.left.has(entity) && isPassedOver(input, entity)) {
    await stageGone(tx, scope, entity, listings);
    joinBySize(tx, entity, true);
    if (await contradicts(tx, scope, entity)) throw new GapsMislead();
  }
  return takeOutDuplicates(tx, scope, entity);
}

/**
 * @returns what is fit to be compared, and what there is to say about the rest
 * @throws GapsMislead
 */
export async function check(
  tx: Tx,
  scope: Scope,
  input: Staged,
  listings: Remembered,
  lookedOver: LookedOver,
): Promise<{ checked: Checked; problems: Problem[] }> {
  const problems: Problem[] = [];
  const rejected = { ...input.rejected };
  const place = (entity: Entity, row: { sourcedId: string; line: number | null; f: number }) => ({
    entity,
    sourcedId: row.sourcedId,
    file: input.files[row.f - 1] ?? null,
    line: row.line,
  });
  joinByHash(tx);
  await completeStaging(tx, scope, input);
  const spoken = stagedOf(input);
  for (const entity of spoken) await spareClasses(tx, scope, entity, input.closings[entity]);
  for (const entity of spoken) {
    for (const row of await (lookedOver.of(entity) ?? lookOver(tx, scope, entity, input, listings))) {
      rejected[entity] = (rejected[entity] ?? 0) + 1;
      problems.push({ ...place(entity, row), ...(row.same ? repeated : contradicting), field: 'sourcedId' });
    }
  }
  joinByHash(tx);
  if (hasAliases(scope.matching)) await splitAliases(tx, scope);
  if (scope.matching.people) {
    const { people, rows } = await takeOutStrangers(tx, scope, spoken);
    for (const row of people) problems.push({ ...place('users', row), ...(row.ambiguous ? severalPeople : stranger), field: null });
    for (const [entity, count] of Object.entries({ ...rows, users: people.length }) as [Entity, number][]) {
      if (count > 0) rejected[entity] = (rejected[entity] ?? 0) + count;
      if (count > 0 && entity !== 'users') problems.push(withStrangers(entity, count));
    }
  }
  for (const entity of spoken) {
    const field = matchedReferences(entity, scope.matching).find((reference) => reference.by === 'students')?.from ?? null;
    for (const row of await takeOutUnmatched(tx, scope, entity)) {
      rejected[entity] = (rejected[entity] ?? 0) + 1;
      problems.push({ ...place(entity, row), ...(row.ambiguous ? ambiguous : nobody), field });
    }
  }
  const [filled, basis] = [await filledOf(tx, scope, input), await basisOf(tx, scope.sourceId, scope.runId)];
  return {
    checked: { ...input, filled, matching: scope.matching, basis, rejected, comparedWith: Object.fromEntries(listings.runs) },
    problems,
  };
}

/**
 * Whole sets are joined, some filled in this very transaction and so without statistics: nothing but hashing is ever right here. Goes with
 * the transaction's next statement, and should it fail that one does too.
 */
export const joinByHash = (tx: Tx): void =>
  notWaitedFor(tx.unsafe("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '64MB'"));

/** A few rows find their way into large tables through an index, once PostgreSQL knows how large those are; many are joined set by set. */
export function joinBySize(tx: Tx, entity: Entity, few: boolean): void {
  const involved = [entity, ...tables[entity].references.map(({ to }) => to)].map((one) => `'${tables[one].table}'::regclass`);
  notWaitedFor(
    tx.unsafe(`SELECT set_config('enable_nestloop', CASE WHEN ${few} AND bool_and(reltuples >= 0) THEN 'on' ELSE 'off' END, true)
      FROM pg_class WHERE oid IN (${involved.join(', ')})`),
  );
}

const notWaitedFor = (statement: Promise<unknown>): void => void statement.catch(() => {});

export async function filledOf(tx: Tx, scope: Scope, input: Staged): Promise<Entity[]> {
  const names = staged(scope);
  const filled: Entity[] = [];
  for (const entity of stagedOf(input)) {
    const gone = isPassedOver(input, entity) ? ` OR EXISTS (SELECT FROM ${names.gone(entity)})` : '';
    const [table] = await tx.unsafe<{ filled: boolean }[]>(`SELECT EXISTS (SELECT FROM ${names.rows(entity)})${gone} AS filled`);
    if (table?.filled) filled.push(entity);
  }
  return filled;
}

const repeated = {
  severity: 'warning' as const,
  code: 'duplicate_row',
  message: 'The same row stands here twice; the first one is used. Remove the repeat.',
};
const contradicting = {
  severity: 'problem' as const,
  code: 'duplicate_sourcedId',
  message: 'Another row has the same sourcedId and says something else; the first one is used. Give each record an id of its own.',
};
const ambiguous = {
  severity: 'problem' as const,
  code: 'ambiguous_match',
  message: 'More than one student of the roster has this id; the row was put aside. Use an id that only one student has.',
};
const nobody = {
  severity: 'problem' as const,
  code: 'no_match',
  message:
    'No student of the roster has this id; the row was put aside and is tried again every night. Check the id, or sync the roster first.',
};
const stranger = {
  severity: 'problem' as const,
  code: 'no_match',
  message:
    'By the rules of this source this person is nobody of the roster; they were put aside and are tried again every night. Check the ids, or sync the roster first.',
};
const severalPeople = {
  severity: 'problem' as const,
  code: 'ambiguous_match',
  message:
    'By the rules of this source this person could be several people of the roster; they were put aside. Use an id that only one person has.',
};

const withStrangers = (entity: Entity, count: number): Problem => ({
  entity,
  severity: 'warning',
  code: 'person_not_matched',
  message: `${count.toLocaleString('en-US')} rows were not used: their person is nobody of the roster by the rules of this source.`,
  sourcedId: null,
  file: null,
  line: null,
  field: null,
});
