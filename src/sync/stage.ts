/**
 * Puts what a connector yields into the run's staging tables by COPY, one stream an entity, and remembers what could not be used.
 * Never decides anything. Throws what the connector throws; then nothing of the run is left but its problems.
 */
import { hash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Closing, Item, Problem, Stretch } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { type Column, staged, tables } from './tables.ts';

export type Staged = {
  files: string[];
  closings: Partial<Record<Entity, Closing>>;
  read: Partial<Record<Entity, number>>;
  /** Rows the connector could not use: read, and rejected. */
  rejected: Partial<Record<Entity, number>>;
  /** Rows that were passed over: they stand in the roster as they were. Counted as read. */
  same: Partial<Record<Entity, number>>;
  problems: number;
};

const flushAt = 128 * 1024; // characters a COPY chunk

/**
 * Everything of `items`, staged and committed.
 * @param onListing an entity that closed with a reading is staged, the others are still coming
 */
export async function stage(
  db: Db,
  districtId: number,
  runId: number,
  items: AsyncIterable<Item>,
  onListing: (entity: Entity, input: Staged) => void = () => {},
): Promise<Staged> {
  const names = staged(runId);
  const result: Staged = { files: [], closings: {}, read: {}, rejected: {}, same: {}, problems: 0 };
  const writers = new Map<Entity | 'stretches', CopyWriter>();
  /** One COPY a table, begun when its first row comes. */
  const writerOf = async (of: Entity | 'stretches') => {
    const [table, columns] = of === 'stretches' ? [names.stretches, stretchColumns] : [names.rows(of), rowColumns(of)];
    const writer = writers.get(of) ?? (await CopyWriter.open(db, districtId, table, columns));
    writers.set(of, writer);
    return writer;
  };
  const book = new ProblemBook(db, districtId, runId);
  await db.inDistrict(districtId, (tx) =>
    tx.unsafe(`CREATE UNLOGGED TABLE ${names.rejected} (entity text, sourced_id text);
      CREATE UNLOGGED TABLE ${names.removed} (entity text, sourced_id text, line int, f smallint);
      CREATE UNLOGGED TABLE ${names.doubted} (entity text, f smallint, line int);
      ${protect(names.rejected)}; ${protect(names.removed)}; ${protect(names.doubted)}`),
  );
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
        const [writer, columns, file] = [await writerOf(item.entity), stagedColumns(item.entity), fileNumber(item.file)];
        const rows = item.rows as readonly Record<string, unknown>[]; // they are read by the fields tables.ts names
        await writer.write(rows.map((row) => rowText(row, columns, file)));
        count(result.read, item.entity, item.rows.length);
      } else if (item.type === 'same') {
        count(result.read, item.entity, item.rows);
        count(result.same, item.entity, item.rows);
      } else if (item.type === 'stretches') {
        const [writer, file] = [await writerOf('stretches'), fileNumber(item.file)];
        await writer.write(item.stretches.map((stretch) => stretchText(stretch, item.entity, file)));
      } else if (item.type === 'removal') {
        await insertRemovals(db, districtId, names.removed, item.entity, item.rows, fileNumber(item.file));
        count(result.read, item.entity, item.rows.length);
      } else if (item.type === 'findings') {
        for (const problem of item.problems) {
          if (!isRow(problem)) continue;
          count(result.read, problem.entity, 1);
          count(result.rejected, problem.entity, 1);
        }
        await book.add(item.problems);
        await insertRejected(db, districtId, names.rejected, item.problems.filter(isRow));
      } else {
        result.closings[item.entity] = item;
        // Each COPY has a connection to itself: none is kept longer than its rows come.
        await writers.get(item.entity)?.end();
        writers.delete(item.entity);
        result.read[item.entity] ??= 0;
        if (item.reading === undefined) continue;
        await writerOf('stretches'); // there may have been no row
        onListing(item.entity, result);
      }
    }
    for (const writer of writers.values()) await writer.end();
  } catch (error) {
    for (const writer of writers.values()) writer.abort();
    throw error;
  } finally {
    result.problems = book.written;
  }
  return result;
}

/** A problem that stands for one unusable row (a warning's row was kept; a file's problem is no row). */
const isRow = (problem: Problem) => problem.severity === 'problem' && (problem.line !== null || problem.sourcedId !== null);

/** One COPY into one staging table, in a transaction of its own. */
class CopyWriter {
  private buffer = '';
  private readonly stream: Writable;
  private readonly finished: Promise<unknown>;

  private constructor(stream: Writable, finished: Promise<unknown>) {
    this.stream = stream;
    this.finished = finished;
  }

  static async open(db: Db, districtId: number, table: string, columns: string): Promise<CopyWriter> {
    let ready: (stream: Writable) => void = () => {};
    const opened = new Promise<Writable>((resolve) => {
      ready = resolve;
    });
    const finished = db.inDistrict(districtId, async (tx) => {
      await createStage(tx, table, columns);
      const stream = await tx.unsafe(`COPY ${table} FROM STDIN`).writable();
      const ended = new Promise((resolve, reject) => {
        stream.once('ended', resolve);
        stream.once('error', reject);
        stream.once('close', () => reject(new Error('the staging stream was closed')));
      });
      ready(stream);
      await ended;
      // The driver never tells of a COPY that fails on its last rows; the transaction does.
      await tx.unsafe(protect(table));
    });
    finished.catch(() => {}); // reported by write() or end(); never an unhandled rejection
    return new CopyWriter(await Promise.race([opened, finished.then(() => opened)]), finished);
  }

  /** @param lines in COPY's text format */
  async write(lines: readonly string[]): Promise<void> {
    for (const line of lines) this.buffer += line;
    if (this.buffer.length >= flushAt) await this.flush();
  }

  private async flush(): Promise<void> {
    const chunk = Buffer.from(this.buffer, 'utf8');
    this.buffer = '';
    if (this.stream.destroyed) await this.finished;
    await Promise.race([new Promise((resolve) => this.stream.write(chunk, resolve)), this.finished]);
  }

  async end(): Promise<void> {
    if (this.buffer) await this.flush();
    this.stream.end();
    await nextTurn(); // the driver sends its CopyDone in this turn; a query before it would be refused
    this.stream.emit('ended');
    await this.finished;
  }

  abort(): void {
    this.stream.destroy();
  }
}

/** The staged columns of an entity, references first, under their own names. */
export function stagedColumns(entity: Entity): Column[] {
  const spec = tables[entity];
  const references = spec.references.map((r): Column => ({ name: `${r.name}_ref`, from: r.from, type: 'text' }));
  const direction: Column[] = entity === 'guardianships' ? [{ name: 'undirected', from: 'undirected', type: 'boolean' }] : [];
  return [...references, ...direction, ...spec.columns];
}

/** The statement that makes a staging table its district's alone. Whoever makes one says it in the same transaction. */
export const protect = (table: string): string => `CALL protect_staged('${table}')`;

/** Not yet protected: its COPY comes first. */
async function createStage(tx: Tx, table: string, columns: string): Promise<void> {
  await tx.unsafe(`CREATE UNLOGGED TABLE ${table} (${columns})`);
}

/** For an entity nothing came of. */
export async function createEmptyStage(tx: Tx, table: string, entity: Entity): Promise<void> {
  await createStage(tx, table, rowColumns(entity));
  await tx.unsafe(protect(table));
}

const rowColumns = (entity: Entity) =>
  [
    'line int, f smallint, sourced_id text NOT NULL, hash uuid NOT NULL',
    ...stagedColumns(entity).map(({ name, type }) => `${name} ${type}`),
  ].join(', ');
const stretchColumns = 'entity text, f smallint, first int, last int, digest bytea, sourced_ids text[]';

function rowText(row: Record<string, unknown>, columns: readonly Column[], file: number): string {
  const content = serialise(row, columns);
  return `${row.line ?? '\\N'}\t${file}\t${copyText(row.sourcedId as string)}\t${hash('md5', content)}${content}\n`;
}

function stretchText({ digest, first, last, sourcedIds }: Stretch, entity: Entity, file: number): string {
  const bytes = digest === null ? '\\N' : `\\\\x${Buffer.from(digest, 'latin1').toString('hex')}`;
  return `${entity}\t${file}\t${first}\t${last}\t${bytes}\t${copyText(arrayLiteral(sourcedIds))}\n`;
}

/** PostgreSQL's COPY text format: a tab before each column. Equal content gives equal text, whatever the row's place. */
function serialise(row: Record<string, unknown>, columns: readonly Column[]): string {
  let text = '';
  for (const column of columns) {
    const value = row[column.from];
    if (value === null || value === undefined) text += '\t\\N';
    else if (typeof value === 'string') text += `\t${copyText(value)}`;
    else if (typeof value === 'boolean') text += value ? '\tt' : '\tf';
    else if (typeof value === 'number') text += `\t${value}`;
    else text += `\t${copyText(arrayLiteral(value as readonly string[]))}`; // tables.ts: the only other type is text[]
  }
  return text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these cannot stand in COPY text
const special = /[\\\t\n\r\u0000]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these cannot stand in COPY text
const specials = /[\\\t\n\r\u0000]/g;
const written: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\u0000': '' };

function copyText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => written[character] ?? '') : text;
}

function arrayLiteral(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

type Place = { sourcedId: string; line?: number };

async function insertRemovals(db: Db, districtId: number, table: string, entity: Entity, rows: Place[], file: number): Promise<void> {
  const list = rows.map((row) => ({ s: row.sourcedId, l: row.line ?? null }));
  await db.inDistrict(districtId, (tx) =>
    tx.unsafe(`INSERT INTO ${table} SELECT $1, s, l, $2 FROM jsonb_to_recordset($3::text::jsonb) AS x(s text, l int)`, [
      entity,
      file,
      JSON.stringify(list),
    ]),
  );
}

async function insertRejected(db: Db, districtId: number, table: string, problems: Problem[]): Promise<void> {
  const list = problems.filter((p) => p.sourcedId !== null).map((p) => ({ e: p.entity, s: p.sourcedId }));
  if (list.length === 0) return;
  await db.inDistrict(districtId, (tx) =>
    tx.unsafe(`INSERT INTO ${table} SELECT e, s FROM jsonb_to_recordset($1::text::jsonb) AS x(e text, s text)`, [cleanJson(list)]),
  );
}

/** jsonb holds no NUL. */
const cleanJson = (value: unknown) => JSON.stringify(value).replaceAll('\\u0000', '');

/** The run's problems, numbered as they come. All are counted; the first 100,000 are kept. */
export class ProblemBook {
  written = 0;
  private readonly db: Db;
  private readonly districtId: number;
  private readonly runId: number;

  constructor(db: Db, districtId: number, runId: number) {
    this.db = db;
    this.districtId = districtId;
    this.runId = runId;
  }

  /** Forgets all of it: the source is read anew. */
  async clear(): Promise<void> {
    this.written = 0;
    await this.db.inDistrict(this.districtId, (tx) => tx`DELETE FROM sync_problem WHERE run_id = ${this.runId}`);
  }

  async add(problems: readonly Problem[]): Promise<void> {
    if (problems.length === 0) return;
    const first = this.written;
    this.written += problems.length;
    const kept = problems.slice(0, Math.max(0, 100_000 - first)).map((p, i) => ({ ...p, n: first + i }));
    if (kept.length === 0) return;
    await this.db.inDistrict(this.districtId, (tx) =>
      tx.unsafe(
        `INSERT INTO sync_problem (district_id, run_id, n, entity, severity, code, message, sourced_id, file, line, field)
         SELECT $1, $2, n, entity, severity, code, message, "sourcedId", file, line, field FROM jsonb_to_recordset($3::text::jsonb)
         AS x(n int, entity text, severity text, code text, message text, "sourcedId" text, file text, line int, field text)`,
        [this.districtId, this.runId, cleanJson(kept)],
      ),
    );
  }
}
