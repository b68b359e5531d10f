/** Collects records into batches of one entity each. */
import type { Entity, RecordOf } from '../src/roster/model.ts';
import type { Batch, Item, Removal, Row } from './connector.ts';

const batchRows = 2000;

export class Outbox {
  private readonly file: string | null;
  private readonly rows = new Map<Entity, Row<Entity>[]>();
  private readonly removals = new Map<Entity, Removal['rows']>();
  private full: Item[] = [];

  constructor(file: string | null) {
    this.file = file;
  }

  add<E extends Entity>(entity: E, row: RecordOf[E] & { line?: number }): void {
    let rows = this.rows.get(entity);
    if (!rows) {
      rows = [];
      this.rows.set(entity, rows);
    }
    rows.push(row);
    if (rows.length === batchRows) this.pack(entity, rows);
  }

  remove(entity: Entity, row: { sourcedId: string; line?: number }): void {
    const rows = this.removals.get(entity) ?? [];
    rows.push(row);
    this.removals.set(entity, rows);
    if (rows.length === batchRows) this.packRemovals(entity, rows);
  }

  /** Full batches. */
  take(): Item[] {
    if (this.full.length === 0) return this.full;
    const full = this.full;
    this.full = [];
    return full;
  }

  /** All the rest. */
  finish(): Item[] {
    for (const [entity, rows] of this.rows) this.pack(entity, rows);
    for (const [entity, rows] of this.removals) this.packRemovals(entity, rows);
    return this.take();
  }

  private pack(entity: Entity, rows: Row<Entity>[]): void {
    // `add` put only rows of this entity under it, which the map's type cannot say.
    if (rows.length > 0) this.full.push({ type: 'batch', entity, file: this.file, rows } as Batch);
    this.rows.delete(entity);
  }

  private packRemovals(entity: Entity, rows: Removal['rows']): void {
    if (rows.length > 0) this.full.push({ type: 'removal', entity, file: this.file, rows });
    this.removals.delete(entity);
  }
}
