/** Looks at what is staged before it is compared: repeated ids, people already known from another source, keys that find nobody. */
import { GapsMislead, type Problem } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { completeStaging, matchedReferences, type Scope, splitAliases, spokenOf, takeOutDuplicates, takeOutUnmatched } from './diff.ts';
import { basisOf, contradicts, type Remembered, stageGone } from './listing.ts';
import type { ProblemBook, Staged } from './stage.ts';
import { staged, tables } from './tables.ts';

/** Staged input, checked. Plain JSON: a held run keeps it until somebody decides. */
export type Checked = Staged & {
  /** Rows in each staging table: unlogged tables are empty after a crash of the database, and empty must not mean "all gone". */
  rows: Partial<Record<Entity, number>>;
  /** What the rows that were passed over are true of: the roster after this run … */
  basis: string;
  /** … and the listings these runs wrote. */
  comparedWith: Partial<Record<Entity, number>>;
};

/** @throws GapsMislead where a row that was passed over and one that was read are about the same record */
export async function check(db: Db, scope: Scope, input: Staged, listings: Remembered, book: ProblemBook): Promise<Checked> {
  const problems: Problem[] = [];
  const rejected = { ...input.rejected };
  const place = (entity: Entity, row: { sourcedId: string; line: number | null; f: number }) => ({
    entity,
    sourcedId: row.sourcedId,
    file: input.files[row.f - 1] ?? null,
    line: row.line,
  });
  const counted = await db.inDistrict(scope.districtId, async (tx) => {
    await joinByHash(tx);
    await completeStaging(tx, scope, input);
    const spoken = spokenOf(input);
    for (const entity of spoken) {
      if (input.same[entity]) {
        await stageGone(tx, scope, entity, listings);
        await joinBySize(tx, entity, true);
        if (await contradicts(tx, scope, entity)) throw new GapsMislead();
      }
      for (const row of await takeOutDuplicates(tx, scope, entity)) {
        rejected[entity] = (rejected[entity] ?? 0) + 1;
        problems.push({ ...place(entity, row), ...(row.same ? repeated : contradicting), field: 'sourcedId' });
      }
    }
    await joinByHash(tx);
    if (scope.matching.guardians) await splitAliases(tx, scope);
    for (const entity of spoken) {
      const field = matchedReferences(entity, scope.matching).find((reference) => reference.by === 'students')?.from ?? null;
      for (const row of await takeOutUnmatched(tx, scope, entity)) {
        rejected[entity] = (rejected[entity] ?? 0) + 1;
        problems.push({ ...place(entity, row), ...(row.ambiguous ? ambiguous : nobody), field });
      }
    }
    return { rows: await countRows(tx, scope, input), basis: await basisOf(tx, scope.sourceId, scope.runId) };
  });
  await book.add(problems);
  return { ...input, ...counted, rejected, comparedWith: Object.fromEntries(listings.runs) };
}

/** Whole sets are joined, some filled in this very transaction and so without statistics: nothing but hashing is ever right here. */
export const joinByHash = (tx: Tx) =>
  tx.unsafe("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '64MB'");

/** A few rows find their way into large tables through an index, once PostgreSQL knows how large those are; many are joined set by set. */
export async function joinBySize(tx: Tx, entity: Entity, few: boolean): Promise<void> {
  const involved = [entity, ...tables[entity].references.map(({ to }) => to)].map((one) => `'${tables[one].table}'::regclass`);
  const [all] = await tx.unsafe<{ measured: boolean }[]>(
    `SELECT bool_and(reltuples >= 0) AS measured FROM pg_class WHERE oid IN (${involved.join(', ')})`,
  );
  await tx.unsafe(`SET LOCAL enable_nestloop = ${few && all?.measured ? 'on' : 'off'}`);
}

export async function countRows(tx: Tx, scope: Scope, input: Staged): Promise<Partial<Record<Entity, number>>> {
  const names = staged(scope.runId);
  const rows: Partial<Record<Entity, number>> = {};
  for (const entity of spokenOf(input)) {
    const gone = input.same[entity] ? ` + (SELECT count(*) FROM ${names.gone(entity)})::int` : '';
    const [row] = await tx.unsafe<{ n: number }[]>(`SELECT (SELECT count(*) FROM ${names.rows(entity)})::int${gone} AS n`);
    rows[entity] = row?.n ?? 0;
  }
  return rows;
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
