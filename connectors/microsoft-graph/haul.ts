/** What a reading brings: records and remarks of each listing, and in the end how complete it was. */
import type { Entity, RecordOf } from '../../src/roster/model.ts';
import type { Closing, Findings, Item } from '../connector.ts';
import type { Page } from '../listing.ts';
import { Notes } from '../notes.ts';
import { Outbox } from '../outbox.ts';

/** One listing, or many of one kind. */
export class Haul {
  readonly notes: Notes;
  /** Rows that could not be read; whether one of them had no id either. */
  rejected = 0;
  lostIds = false;
  readonly rejectedIds: string[] = [];
  private readonly outbox: Outbox;
  private line = 0;

  /** @param from what the listing is called, for people */
  constructor(entity: Entity, from: string) {
    this.notes = new Notes(entity, from);
    this.outbox = new Outbox(from);
  }

  /** The rows that can be used, each with its line; the others are noted. */
  *take<T>({ rows, notes }: Page<T>): Generator<{ row: T; line: number }> {
    const base = this.line;
    const unusable = new Set(notes.map(({ index }) => index));
    for (const { id, index, fields } of notes) {
      this.rejected++;
      if (id === null) this.lostIds = true;
      else this.rejectedIds.push(id);
      this.notes.reject('row_unreadable', `${fields.join(', ')} cannot be read; mend it at the source`, {
        sourcedId: id,
        line: index,
        field: fields[0] ?? null,
      });
    }
    for (const row of rows) {
      do this.line++;
      while (unusable.has(this.line));
      yield { row, line: this.line };
    }
    this.line = base + rows.length + notes.length;
  }

  add<E extends Entity>(entity: E, record: RecordOf[E], line?: number): void {
    this.outbox.add(entity, { ...record, ...(line !== undefined && { line }) });
  }

  remove(entity: Entity, sourcedId: string): void {
    this.outbox.remove(entity, { sourcedId });
  }

  /** What is ready. */
  *items(): Generator<Item> {
    yield* this.outbox.take();
    yield* this.notes.take();
  }

  *rest(): Generator<Item> {
    yield* this.outbox.finish();
    yield* this.notes.finish();
  }
}

/** Whoever changed is asked for with all of these. */
const ofUsers = new Set<Entity>(['roles', 'guardianships']);

/** Every entity that was read is closed once, when all of it is read. Whatever was said first against its completeness stands. */
export class Closings {
  private readonly because = new Map<Entity, string | null>();
  /** Classes that are not told of. */
  private readonly unread = new Map<Entity, Set<string>>();

  read(entities: readonly Entity[], because: string | null = null): void {
    for (const entity of entities) this.because.set(entity, this.because.get(entity) ?? because);
  }

  /** Of those that were read otherwise, something is missing. */
  doubt(entities: readonly Entity[]): void {
    this.read(
      entities.filter((entity) => this.because.has(entity)),
      'partial',
    );
  }

  /** What stands in this class could not be read: it stands as it was, and the rest is no less whole for it. */
  miss(entities: readonly Entity[], klass: string): void {
    for (const entity of entities) this.unread.set(entity, (this.unread.get(entity) ?? new Set()).add(klass));
  }

  /** Nothing more of these comes. Whoever takes a listing in holds a place for it until then. */
  *close(...entities: Entity[]): Generator<Closing> {
    for (const entity of entities) if (this.because.has(entity)) yield this.closing(entity);
    for (const entity of entities) this.because.delete(entity);
  }

  /** @param watermark told by the last one only: it speaks for all of them */
  *all(watermark: string): Generator<Closing> {
    const last = [...this.because.keys()].at(-1);
    for (const entity of this.because.keys()) yield { ...this.closing(entity), ...(entity === last && { watermark }) };
  }

  private closing(entity: Entity): Closing {
    const because = this.because.get(entity) ?? null;
    const unread = this.unread.get(entity);
    if (because === null) return { type: 'closing', entity, complete: true, ...(unread && { classes: { unread: [...unread] } }) };
    return { type: 'closing', entity, complete: false, because, ...(because === 'delta' && ofUsers.has(entity) && { restated: true }) };
  }
}

/** A class of which something could not be read, though others could. */
export const classNotRead = (entity: Entity, title: string, message: string): Findings => ({
  type: 'findings',
  problems: [{ entity, severity: 'problem', code: 'class_not_read', message, sourcedId: null, file: title, line: null, field: null }],
});

/** Something that is not read, and why: what is known of it stays as it was. */
export const leftAlone = (entity: Entity, file: string, code: 'not_permitted' | 'not_offered', message: string): Findings => ({
  type: 'findings',
  problems: [{ entity, severity: 'warning', code, message, sourcedId: null, file, line: null, field: null }],
});
