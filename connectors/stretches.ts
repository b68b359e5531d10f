/**
 * A big listing as stretches of a few lines (cutter.ts). Those the engine knows are passed over unread; the rest is read as ever and told
 * by its rows' ids, with a digest where not one remark was made: rows with a remark are looked at every night. Where the lines of a
 * file cannot be told apart with certainty the file is read as ever, and nothing is told.
 */
import { hash } from 'node:crypto';
import type { Entity } from '../src/roster/model.ts';
import type { Item, KnownStretches, Stretch } from './connector.ts';
import { Cutter, chunkBytes, isPlain } from './cutter.ts';
import type { SourceFile } from './files.ts';

/** Lines and rows that are passed over. */
export type Gap = { lines: number; rows: number };

/** After so many stretches it shows whether this is a file where most have a remark: then telling them is in vain. */
const trial = 1000;
const batch = 500;

type Ahead = { first: number; last: number; digest: string };

export class Stretches {
  /** Every row so far stands in a stretch. */
  whole = true;
  /** The header, and what else decides how a row is read. */
  reading = '';

  private readonly file: SourceFile;
  private readonly entity: Entity;
  private readonly knownFor: KnownStretches;
  /** Raised when the same bytes would be read otherwise than before. */
  private readonly version: string;
  private known: Map<string, number> | null = null;
  /** Handed on, and not yet read as rows. */
  private readonly ahead: Ahead[] = [];
  private current: Ahead | null = null;
  private ids: string[] = [];
  /** The current stretch must not be passed over. */
  private needed = false;
  private remarksBefore = 0;
  private told = 0;
  private clean = 0;
  private batch: Stretch[] = [];
  private full: Item[] = [];

  constructor(file: SourceFile, entity: Entity, knownFor: KnownStretches, version: string) {
    this.file = file;
    this.entity = entity;
    this.knownFor = knownFor;
    this.version = version;
  }

  /** The file with its gaps. A buffer is good until the next is asked for. */
  async *bytes(): AsyncGenerator<Buffer | Gap> {
    const cutter = new Cutter();
    for await (const chunk of this.file.read()) {
      for (let at = 0; at < chunk.length; at += chunkBytes) {
        cutter.add(chunk.subarray(at, at + chunkBytes));
        yield* this.cut(cutter, false);
      }
    }
    yield* this.cut(cutter, true);
  }

  /** A row begins. @param remarks made about the file before it */
  row(line: number, remarks: number): void {
    if (!this.whole) return;
    while (this.current === null || line > this.current.last) {
      if (!this.next(remarks)) return;
      this.needed = line !== this.current?.first; // a row of the stretch before reaches into this one
    }
  }

  /** The id of the row at hand. */
  id(id: string): void {
    this.ids.push(id);
  }

  /** The row at hand says more than its own record, so it has to be read every night. */
  readAgain(): void {
    this.needed = true;
  }

  /** At the end of the file. */
  finish(remarks: number): void {
    while (this.next(remarks));
    this.pack();
  }

  take(): Item[] {
    const full = this.full;
    if (full.length > 0) this.full = [];
    return full;
  }

  private next(remarks: number): boolean {
    if (this.current) this.settle(this.current, remarks === this.remarksBefore && !this.needed);
    this.remarksBefore = remarks;
    this.current = this.ahead.shift() ?? null;
    return this.current !== null;
  }

  private settle({ first, last, digest }: Ahead, clean: boolean): void {
    if (this.ids.length > 0) {
      this.batch.push({ digest: clean ? digest : null, first, last, sourcedIds: this.ids });
      this.ids = [];
    }
    if (clean) this.clean++;
    if (++this.told === trial && this.clean < trial / 2) this.whole = false;
    if (this.batch.length === batch) this.pack();
  }

  private pack(): void {
    if (this.batch.length > 0) this.full.push({ type: 'stretches', entity: this.entity, file: this.file.name, stretches: this.batch });
    this.batch = [];
  }

  private async *cut(cutter: Cutter, last: boolean): AsyncGenerator<Buffer | Gap> {
    if (this.whole && this.reading === '') yield* this.begin(cutter);
    if (this.whole && this.reading !== '') yield* this.stretches(cutter, last);
    if (cutter.tooLong || (last && cutter.left > 0)) this.whole = false;
    if (!this.whole) yield cutter.rest();
  }

  private async *begin(cutter: Cutter): AsyncGenerator<Buffer> {
    const header = cutter.header();
    if (header === null) return;
    this.whole = isPlain(header);
    this.reading = hash('sha256', Buffer.concat([Buffer.from(`${this.version}\n`), header]));
    if (this.whole) this.known = await this.knownFor(this.entity, this.reading);
    yield header;
  }

  private *stretches(cutter: Cutter, last: boolean): Generator<Buffer | Gap> {
    const gap: Gap = { lines: 0, rows: 0 };
    while (cutter.next(last)) {
      const digest = hash('sha256', cutter.stretch(), 'binary').slice(0, 16);
      const rows = this.known?.get(digest);
      if (rows !== undefined) {
        yield* handed(cutter);
        this.known?.delete(digest);
        gap.lines += cutter.lines;
        gap.rows += rows;
        cutter.skip();
      } else {
        yield* this.passOver(gap);
        this.ahead.push({ first: cutter.firstLine, last: cutter.firstLine + cutter.lines - 1, digest });
        cutter.keep();
      }
    }
    yield* handed(cutter);
    yield* this.passOver(gap);
  }

  private *passOver(gap: Gap): Generator<Gap> {
    if (gap.lines === 0) return;
    this.full.push({ type: 'same', entity: this.entity, rows: gap.rows });
    yield { ...gap };
    gap.lines = 0;
    gap.rows = 0;
  }
}

function* handed(cutter: Cutter): Generator<Buffer> {
  const kept = cutter.hand();
  if (kept.length > 0) yield kept;
}
