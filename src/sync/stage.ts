/**
 * Puts what a connector yields on a shelf, and remembers what could not be used. Never decides anything. Throws what the connector throws;
 * then nothing of the run is left but its problems.
 */
import type { Closing, Item, Problem, Removal, Stretch } from '../../connectors/connector.ts';
import type { Entity } from '../roster/model.ts';
import type { ProblemBook } from './problem-book.ts';

export type Staged = {
  files: string[];
  closings: Partial<Record<Entity, Closing>>;
  read: Partial<Record<Entity, number>>;
  /** Rows the connector could not use: read, and rejected. */
  rejected: Partial<Record<Entity, number>>;
  /** Rows that are not staged, of entities of which not every row is: they stand in the roster as they were. Counted as read. */
  same: Partial<Record<Entity, number>>;
  /** Of what was read all stands in the roster as it was: nothing is staged, there are no tables. */
  still?: Entity[];
  problems: number;
};

/** Where rows are kept while the rest is read: in memory while they are few, in the database when they are many. */
export type Shelf = {
  rows(entity: Entity, file: number, rows: readonly Record<string, unknown>[]): Promise<void>;
  stretches(entity: Entity, file: number, stretches: readonly Stretch[]): Promise<void>;
  removals(entity: Entity, file: number, rows: Removal['rows']): Promise<void>;
  rejected(problems: readonly Problem[]): Promise<void>;
  /** No row of it comes any more. */
  closed(entity: Entity, isListing: boolean): Promise<void>;
  end(): Promise<void>;
  abort(): void;
};

export const nothingStaged = (): Staged => ({ files: [], closings: {}, read: {}, rejected: {}, same: {}, problems: 0 });

/** @param result grows while it reads */
export async function stage(items: AsyncIterable<Item>, shelf: Shelf, book: ProblemBook, result: Staged): Promise<void> {
  const fileNumber = (file: string | null) => {
    if (file === null) return 0;
    const at = result.files.indexOf(file);
    return at >= 0 ? at + 1 : result.files.push(file);
  };
  const count = (of: Partial<Record<Entity, number>>, entity: Entity, more: number) => {
    of[entity] = (of[entity] ?? 0) + more;
  };

  try {
    for await (const item of items) {
      if (item.type === 'batch') {
        await shelf.rows(item.entity, fileNumber(item.file), item.rows as readonly Record<string, unknown>[]); // read by the fields tables.ts names
        count(result.read, item.entity, item.rows.length);
      } else if (item.type === 'same') {
        count(result.read, item.entity, item.rows);
        count(result.same, item.entity, item.rows);
      } else if (item.type === 'stretches') {
        await shelf.stretches(item.entity, fileNumber(item.file), item.stretches);
      } else if (item.type === 'removal') {
        await shelf.removals(item.entity, fileNumber(item.file), item.rows);
        count(result.read, item.entity, item.rows.length);
      } else if (item.type === 'findings') {
        const unusable = item.problems.filter(isRow);
        for (const { entity } of unusable) {
          count(result.read, entity, 1);
          count(result.rejected, entity, 1);
        }
        await book.add(item.problems);
        await shelf.rejected(unusable);
      } else {
        result.closings[item.entity] = item;
        result.read[item.entity] ??= 0;
        await shelf.closed(item.entity, item.reading !== undefined);
      }
    }
    await shelf.end();
  } catch (error) {
    shelf.abort();
    throw error;
  } finally {
    result.problems = book.written;
  }
}

/** A problem that stands for one unusable row (a warning's row was kept; a file's problem is no row). */
const isRow = (problem: Problem) => problem.severity === 'problem' && (problem.line !== null || problem.sourcedId !== null);
