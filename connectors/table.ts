/**
 * A CSV file read as typed columns. `next()` stops at each row that has a readable id; the column readers then take its fields, and
 * `accepts()` says whether the row as a whole can be used. Every row that cannot is noted once, with its line, field and what to do.
 * A value is never guessed where a wrong one would do harm: ids and references are either as written or the row is given up.
 */

import { AppError } from '../src/errors.ts';
import type { Entity } from '../src/roster/model.ts';
import { Csv } from './csv.ts';
import { readDate, saidOf } from './dates.ts';
import type { SourceFile } from './files.ts';
import { readGrade } from './grades.ts';
import { bare, type Column, readHeader, type Shape } from './header.ts';
import { Notes } from './notes.ts';
import type { Stretches } from './stretches.ts';
import { readBoolean, readNumber } from './values.ts';

type Refusal = { code: string; message: string; field: string | null };

/** A file that cannot be read at all is named: a set has many. */
const named = (error: unknown, file: string) =>
  error instanceof AppError && error.code === 'source_contract_broken'
    ? new AppError(error.code, `${file}: ${error.message}`, { consequence: error.consequence, ...(error.hint ? { hint: error.hint } : {}) })
    : error;

const idCharacters = 255;
const fieldCharacters = 16_384;

export class Table {
  readonly csv: Csv;
  readonly notes: Notes;
  readonly file: string;
  /** The current row's id. */
  id = '';
  /** Some row's id could not be read: absence proves nothing any more. */
  lostIds = false;
  /** The last row breaks off. */
  truncated = false;
  /** Rows given up. */
  rejected = 0;

  private rowsRead = 0;
  private readonly stretches: Stretches | null;
  private readonly strict: boolean;
  private readonly found: Map<string, Column>;
  private readonly idColumn: Column | null;
  private narrowest = Number.POSITIVE_INFINITY;
  private refusal: Refusal | null = null;
  private doubtful = false;

  private constructor(csv: Csv, file: string, entity: Entity, shape: Shape, stretches: Stretches | null) {
    this.csv = csv;
    this.stretches = stretches;
    this.file = file;
    this.strict = shape.strict;
    this.notes = new Notes(entity, file);
    this.found = readHeader(csv, shape, this.notes);
    this.idColumn = shape.id === null ? null : this.column(shape.id);
    if (this.idColumn?.index === -1) {
      const message = `there is no column ${shape.id}: no row of the file can be read; check its first line`;
      this.notes.habit('column_missing', message, { field: shape.id, line: 1 });
    }
  }

  /** @param stretches reads the file with gaps, and is told of each row that is read */
  static async open(file: SourceFile, entity: Entity, shape: Shape, stretches: Stretches | null = null): Promise<Table> {
    const bytes = stretches ? stretches.bytes() : file.read();
    const csv = await Csv.open(bytes).catch((error: unknown) => Promise.reject(named(error, file.name)));
    return new Table(csv, file.name, entity, shape, stretches);
  }

  /** Data rows so far, those passed over among them. */
  get rows(): number {
    return this.rowsRead + this.csv.passedOver;
  }

  get line(): number {
    return this.csv.line;
  }

  /** @returns the column, with index -1 where the file has none: it then reads as blank. */
  column(name: string): Column {
    return this.found.get(name) ?? { name, index: -1 };
  }

  /** The column under this header, whether or not the format knows it. */
  named(header: string): Column {
    const wanted = bare(header);
    return { name: header, index: this.csv.header.findIndex((written) => bare(written) === wanted) };
  }

  has(name: string): boolean {
    return this.found.has(name);
  }

  /** Moves to the next row with a readable id; false: `await csv.fill()` and ask again. */
  next(): boolean {
    while (this.csv.next()) {
      this.rowsRead++;
      this.refusal = null;
      this.stretches?.row(this.line, this.notes.remarks);
      if (this.begins()) return true;
    }
    return false;
  }

  /** Whether all the fields taken since `next()` could be read; notes the row otherwise. */
  accepts(): boolean {
    if (this.refusal === null) return true;
    this.rejected++;
    this.lostIds ||= this.id === '';
    const { code, message, field } = this.refusal;
    this.notes.reject(code, message, { sourcedId: this.id === '' ? null : this.id, line: this.line, field });
    return false;
  }

  /** Gives the row up; the first reason is the one reported. */
  refuse(code: string, message: string, field: string | null): void {
    this.refusal ??= { code, message, field };
  }

  /** A sourcedId that must be there. */
  reference(column: Column): string {
    const value = this.raw(column);
    if (value === '') this.refuse('required_blank', `${column.name} is blank; fill it in at the source`, column.name);
    else if (!this.idReads(value)) this.refuse('id_unreadable', `${column.name} cannot be read as an id`, column.name);
    return value;
  }

  optionalReference(column: Column): string | null {
    const value = this.raw(column);
    if (value === '') return null;
    if (!this.idReads(value)) this.refuse('id_unreadable', `${column.name} cannot be read as an id`, column.name);
    return value;
  }

  /** Text that may be missing. */
  optional(column: Column): string | null {
    const value = this.raw(column);
    return value === '' ? null : value;
  }

  /** Text that should be there; a blank is kept as a blank. */
  text(column: Column): string {
    const value = this.raw(column);
    if (value === '') this.habit('recommended_blank', column, 'is blank; fill it in at the source');
    return value;
  }

  /** A word of a vocabulary, in its right spelling; another word stays as written. */
  word(column: Column, vocabulary: ReadonlyMap<string, string>): string | null {
    const value = this.raw(column);
    if (value === '') return null;
    const known = vocabulary.get(value) ?? vocabulary.get(value.toLowerCase());
    if (known === value) return known;
    if (known !== undefined) this.habit('word_spelling', column, 'is spelt otherwise than the format has it; understood');
    else if (!value.startsWith('ext:')) {
      this.doubt();
      this.habit('word_unknown', column, 'has a word that is not of the format; kept');
    }
    return known ?? value;
  }

  date(column: Column): string | null {
    const value = this.raw(column);
    if (value === '') return null;
    const { date, spelling } = readDate(value);
    if (date === null) this.strange('date_unreadable', column, 'is not a date and was left empty; write YYYY-MM-DD');
    else if (spelling === 'day_first' || (this.strict && spelling !== 'iso')) {
      this.habit('date_spelling', column, saidOf[spelling]);
    }
    return date;
  }

  number(column: Column): number | null {
    const value = this.raw(column);
    if (value === '') return null;
    const number = readNumber(value);
    if (number === null) this.strange('number_unreadable', column, 'is not a number and was left empty');
    return number;
  }

  /** `whenUnreadable`: a harmless answer, or null to give the row up. */
  boolean(column: Column, whenBlank: boolean, whenUnreadable: boolean | null): boolean {
    const value = this.raw(column);
    if (value === 'true') return true;
    if (value === 'false') return false;
    if (value === '') return whenBlank;
    const read = readBoolean(value);
    if (read !== null) this.habit('boolean_spelling', column, 'is not written true or false; understood');
    else if (whenUnreadable !== null) this.strange('boolean_unreadable', column, `is neither true nor false; read as ${whenUnreadable}`);
    else this.refuse('boolean_unreadable', `${column.name} is neither true nor false`, column.name);
    return read ?? whenUnreadable ?? false;
  }

  /** Null when the source does not say, or not clearly. */
  maybe(column: Column): boolean | null {
    const value = this.raw(column);
    if (value === '') return null;
    const read = readBoolean(value);
    if (read === null) this.strange('boolean_unreadable', column, 'is neither true nor false and was left empty');
    return read;
  }

  list(column: Column): string[] {
    const value = this.raw(column);
    if (value === '') return [];
    if (!value.includes(',')) return [value];
    return value
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== '');
  }

  grades(column: Column): string[] {
    return this.list(column).map((written) => {
      const grade = readGrade(written);
      if (grade !== written) this.habit('grade_spelling', column, 'is not a grade code; understood');
      return grade;
    });
  }

  habit(code: string, column: Column, says: string): void {
    if (!this.notes.again(code, column.name)) this.notes.habit(code, `${column.name} ${says}`, this.place(column));
  }

  private strange(code: string, column: Column, says: string): void {
    this.doubt();
    this.notes.warn(code, `${column.name} ${says}`, this.place(column));
  }

  place(column: Column | null) {
    return { sourcedId: this.id === '' ? null : this.id, line: this.line, field: column?.name ?? null };
  }

  /** The field as written, of bearable size and without NUL. */
  raw(column: Column): string {
    const value = this.csv.value(column.index);
    if (value.length > fieldCharacters) {
      this.refuse('field_too_long', `${column.name} has ${value.length} characters; at most ${fieldCharacters} are read`, column.name);
      return '';
    }
    if (!this.csv.dirty || !value.includes('\0')) return value;
    this.notes.warn('nul_removed', `${column.name} had a NUL character, which was removed`, this.place(column));
    return value.replaceAll('\0', '').trim();
  }

  /** Reads what every row has: its size, its id. @returns false when the row is given up, which is then noted. */
  private begins(): boolean {
    const { csv } = this;
    this.id = '';
    this.doubtful = false;
    if (csv.fault !== null) this.refuseFault();
    else if (csv.width > csv.header.length) this.judgeLongRow();
    else if (csv.width < csv.needed) this.judgeShortRow();
    if (csv.looseQuote && csv.fault === null) {
      this.notes.warn('quote_undoubled', 'a quote inside a quoted field should be doubled; understood', this.place(null));
    }
    if (csv.lineBreak) this.notes.habit('line_break_in_field', 'a field runs over several lines; kept', this.place(null));
    if (csv.repaired && csv.fault === null && csv.beyondAscii()) {
      this.notes.habit('encoding_repaired', 'the line is not UTF-8 and was read as Windows-1252; export as UTF-8', this.place(null));
    }
    if (csv.width < this.narrowest && csv.fault === null) this.narrowest = csv.width;
    this.readId();
    if (this.id !== '') this.stretches?.id(this.id);
    return this.refusal === null || this.accepts();
  }

  private readId(): void {
    if (this.idColumn === null) return;
    const value = this.csv.value(this.idColumn.index);
    const { name } = this.idColumn;
    if (value !== '' && this.idReads(value)) {
      this.id = value;
      return;
    }
    if (this.idColumn.index === -1) this.refuse('column_missing', `the file has no column ${name}; check its first line`, name);
    else if (value === '') this.refuse('id_blank', `${name} is blank; every row needs one (delete empty rows)`, name);
    else this.refuse('id_unreadable', `${name} cannot be read as an id of at most ${idCharacters} characters`, name);
  }

  /** A repaired or cleaned id may be another person's: better none. */
  private idReads(value: string): boolean {
    if (value.length > idCharacters) return false;
    if (this.csv.dirty && value.includes('\0')) return false;
    if (this.csv.lineBreak && value.includes('\n')) return false;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII is meant
    return !this.csv.repaired || !/[^\x00-\x7f]/.test(value);
  }

  private refuseFault(): void {
    const { csv } = this;
    if (csv.fault === 'row_too_large') {
      this.lostIds = true;
      this.refuse('row_too_large', 'the line is too long to be a row', null);
      return;
    }
    if (this.holdsAnotherRow(csv.rawWidth)) this.lostIds = true;
    this.refuse('quote_broken', 'a quote on this line is not closed where its field ends; quote the field properly', null);
  }

  /** Surplus fields that are empty do no harm; others mean that values stand in the wrong columns. */
  private judgeLongRow(): void {
    const { csv } = this;
    let filled = false;
    for (let index = csv.header.length; index < csv.width; index++) filled ||= csv.value(index) !== '';
    const another = this.holdsAnotherRow(csv.width);
    if (!filled && !another) {
      this.notes.habit('row_long', 'the row has more fields than the header, all empty; kept', this.place(null));
      this.doubtful = true;
      return;
    }
    if (another) this.lostIds = true;
    this.refuseLongRow();
  }

  /** A strange value in a row with an empty field too many: a comma inside a field has moved its values to the right. */
  private doubt(): void {
    if (this.doubtful) this.refuseLongRow();
  }

  private refuseLongRow(): void {
    this.refuse('row_too_long', 'the row has more fields than the header; quote fields that hold a comma', null);
  }

  /** A lost line end puts two rows on one line: the second's id is then lost too. */
  private holdsAnotherRow(width: number): boolean {
    const { csv } = this;
    return width - csv.header.length >= Math.max(1, Math.min(this.narrowest, csv.needed) - 1);
  }

  private judgeShortRow(): void {
    const { csv } = this;
    if (csv.unended && this.narrowest >= csv.needed) {
      this.truncated = true;
      const message = 'the last row breaks off and has no line end: the file seems cut short, so nothing missing from it is ended';
      this.notes.warn('file_truncated', message, { line: this.line });
    } else this.notes.habit('row_short', 'the row has fewer fields than the header; the rest was read as blank', this.place(null));
  }
}
