/**
 * The staging tables of a run that is no small one, filled by COPY while the source is read: one stream a table, each in a transaction of its
 * own, over connections nobody else waits for. What is staged is there for other transactions as soon as its listing has closed.
 */
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem, Removal, Stretch } from '../../connectors/connector.ts';
import type { Db } from '../db/db.ts';
import { type Entity, entities } from '../roster/model.ts';
import { rowColumns, rowText, stagedColumns, stretchColumns, stretchText } from './rows.ts';
import type { Shelf } from './stage.ts';
import { makeCommonTables, protect, type Scope, staged, stageRejected, stageRemovals } from './staging.ts';

const flushAt = 128 * 1024; // characters a COPY chunk

export class StagedByCopy implements Shelf {
  private readonly db: Db;
  /** A listing has one until it closes, and some systems tell all of theirs side by side. */
  private readonly streams: Db;
  private readonly scope: Scope;
  private readonly writers = new Map<Entity | 'stretches', CopyWriter>();

  private readonly onClosed: (entity: Entity) => void;

  private constructor(db: Db, scope: Scope, onClosed: (entity: Entity) => void) {
    this.db = db;
    this.streams = db.apart(entities.length + 1);
    this.scope = scope;
    this.onClosed = onClosed;
  }

  /** @param onClosed every row of it is staged, for other transactions too, while others are still coming */
  static async open(db: Db, scope: Scope, onClosed: (entity: Entity) => void): Promise<StagedByCopy> {
    await db.inDistrict(scope.districtId, (tx) => tx.unsafe(makeCommonTables(scope)));
    return new StagedByCopy(db, scope, onClosed);
  }

  /** One COPY a table, begun when its first row comes. */
  private async writerOf(of: Entity | 'stretches'): Promise<CopyWriter> {
    const known = this.writers.get(of);
    if (known) return known;
    const names = staged(this.scope);
    const [table, columns] = of === 'stretches' ? [names.stretches, stretchColumns] : [names.rows(of), rowColumns(of)];
    const writer = await CopyWriter.open(this.streams, this.scope, table, columns);
    this.writers.set(of, writer);
    return writer;
  }

  async rows(entity: Entity, file: number, rows: readonly Record<string, unknown>[]): Promise<void> {
    const [writer, columns] = [await this.writerOf(entity), stagedColumns(entity)];
    for (const row of rows) writer.add(rowText(row, columns, file));
    await writer.turn();
  }

  async stretches(entity: Entity, file: number, stretches: readonly Stretch[]): Promise<void> {
    const writer = await this.writerOf('stretches');
    for (const stretch of stretches) writer.add(stretchText(stretch, entity, file));
    await writer.turn();
  }

  async removals(entity: Entity, file: number, rows: Removal['rows']): Promise<void> {
    await this.db.inDistrict(this.scope.districtId, (tx) => stageRemovals(tx, this.scope, entity, file, rows));
  }

  async rejected(problems: readonly Problem[]): Promise<void> {
    await this.db.inDistrict(this.scope.districtId, (tx) => stageRejected(tx, this.scope, problems));
  }

  async closed(entity: Entity, isListing: boolean): Promise<void> {
    // Each COPY has a connection to itself: none is kept longer than its rows come.
    await this.writers.get(entity)?.end();
    this.writers.delete(entity);
    if (isListing) await this.writerOf('stretches'); // there may have been no row
    this.onClosed(entity);
  }

  async end(): Promise<void> {
    for (const writer of this.writers.values()) await writer.end();
    this.writers.clear();
    await this.streams.close();
  }

  abort(): void {
    for (const writer of this.writers.values()) writer.abort();
    void this.streams.close();
  }
}

/** One COPY into one staging table, in a transaction of its own. */
class CopyWriter {
  private buffer = '';
  private readonly stream: Writable;
  private readonly finished: Promise<unknown>;

  private constructor(stream: Writable, finished: Promise<unknown>) {
    this.stream = stream;
    this.finished = finished;
  }

  static async open(db: Db, scope: Scope, table: string, columns: string): Promise<CopyWriter> {
    let ready: (stream: Writable) => void = () => {};
    const opened = new Promise<Writable>((resolve) => {
      ready = resolve;
    });
    const finished = db.inDistrict(scope.districtId, async (tx) => {
      // Protected only afterwards: PostgreSQL refuses a COPY into a table with row-level security.
      await tx.unsafe(`CREATE UNLOGGED TABLE ${table} (${columns})`);
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

  /** @param text in COPY's text format */
  add(text: string): void {
    this.buffer += text;
  }

  /** Waits, if there is much to write. */
  async turn(): Promise<void> {
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
