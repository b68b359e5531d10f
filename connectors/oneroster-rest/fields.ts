/**
 * A row's fields, read liberally: what can be understood is, with a note of the habit; what cannot is noted and left empty; a row whose
 * references cannot be read is given up. Values are never quoted.
 */
import type { Entity } from '../../src/roster/model.ts';
import { readDate, saidOf } from '../dates.ts';
import { readGrade } from '../grades.ts';
import { Notes } from '../notes.ts';
import { readBoolean, readNumber } from '../values.ts';
import type { WireRow } from './wire.ts';

const longest = 16_384;

export class Fields {
  readonly notes: Notes;
  /** Rows given up. */
  rejected = 0;
  /** Some row's id could not be read: absence proves nothing any more. */
  lostIds = false;
  id = '';
  line = 0;
  private row: Record<string, unknown> = {};
  private refusal: { code: string; message: string; field: string } | null = null;

  private readonly recordOf: (id: string) => string;

  /**
   * @param from what the listing is called, for people
   * @param recordOf the sourcedId of the record a row is about: a rejected row must be known for what it is, or its record would look gone
   */
  constructor(entity: Entity, from: string, recordOf = (id: string) => id) {
    this.recordOf = recordOf;
    this.notes = new Notes(entity, from);
  }

  begin(row: WireRow, line: number): void {
    this.row = row;
    this.line = line;
    this.id = String(row.sourcedId).trim();
    this.refusal = null;
  }

  /** A row that is none: without an id, or no object at all. */
  unreadable(id: string | null, line: number): void {
    this.rejected++;
    this.lostIds ||= id === null;
    this.notes.reject('id_unreadable', 'sourcedId is missing or cannot be read; mend it at the source', {
      sourcedId: id === null ? null : this.recordOf(id),
      line,
      field: 'sourcedId',
    });
  }

  /** Whether everything read since `begin` could be; notes the row otherwise. */
  accepts(): boolean {
    if (this.refusal === null) return true;
    const { code, message, field } = this.refusal;
    this.rejected++;
    this.notes.reject(code, message, this.place(field));
    return false;
  }

  /** `tobedeleted`, in any spelling; 1.0 also has `inactive`. */
  removed(): boolean {
    const status = this.optional('status')?.toLowerCase();
    if (status === 'tobedeleted' || status === 'inactive') return true;
    if (status !== undefined && status !== 'active') this.refuse('status_unreadable', 'status is neither active nor tobedeleted', 'status');
    return false;
  }

  has(name: string): boolean {
    const value = this.row[name];
    return value !== undefined && value !== null;
  }

  /** Text that should be there; a blank is kept as a blank. */
  text(name: string): string {
    const value = this.optional(name);
    if (value === null) this.habit('recommended_blank', name, 'is blank; fill it in at the source');
    return value ?? '';
  }

  optional(name: string): string | null {
    return this.plain(this.row[name], name);
  }

  /** The first of several names that holds something. */
  first(...names: string[]): string | null {
    for (const name of names) {
      const value = this.optional(name);
      if (value !== null) return value;
    }
    return null;
  }

  word(name: string, vocabulary: ReadonlyMap<string, string>): string | null {
    return this.known(this.optional(name), name, vocabulary);
  }

  known(value: string | null, name: string, vocabulary: ReadonlyMap<string, string>): string | null {
    if (value === null) return null;
    const known = vocabulary.get(value) ?? vocabulary.get(value.toLowerCase());
    if (known === value) return known;
    if (known !== undefined) this.habit('word_spelling', name, 'is spelt otherwise than OneRoster has it; understood');
    else if (!value.startsWith('ext:')) this.habit('word_unknown', name, 'has a word that is not OneRoster’s; kept');
    return known ?? value;
  }

  date(name: string): string | null {
    return this.asDate(this.optional(name), name);
  }

  /** A day with a time is a day: gradebook dates are date-times by the book. */
  asDate(value: string | null, name: string): string | null {
    if (value === null) return null;
    const { date, spelling } = readDate(value);
    if (date === null) this.strange('date_unreadable', name, 'is not a date and was left empty');
    else if (spelling !== 'iso' && spelling !== 'datetime') this.habit('date_spelling', name, saidOf[spelling]);
    return date;
  }

  number(name: string): number | null {
    const value = this.row[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const text = this.optional(name);
    if (text === null) return null;
    const number = readNumber(text);
    if (number === null) this.strange('number_unreadable', name, 'is not a number and was left empty');
    return number;
  }

  /** `whenUnreadable`: a harmless answer, or null to give the row up. */
  boolean(name: string, whenBlank: boolean, whenUnreadable: boolean | null): boolean {
    const value = this.row[name];
    if (value === 'true' || value === true) return true;
    if (value === 'false' || value === false) return false;
    const text = this.optional(name);
    if (text === null) return whenBlank;
    const read = readBoolean(text);
    if (read !== null) this.habit('boolean_spelling', name, 'is not written "true" or "false"; understood');
    else if (whenUnreadable === null) this.refuse('boolean_unreadable', `${name} is neither true nor false`, name);
    else this.strange('boolean_unreadable', name, `is neither true nor false; read as ${whenUnreadable}`);
    return read ?? whenUnreadable ?? false;
  }

  /** Members of a list; one alone without its brackets, or in one text with commas, is understood. */
  list(name: string): string[] {
    const value = this.row[name];
    if (value === undefined || value === null || value === '') return [];
    if (Array.isArray(value)) return value.map((member) => this.plain(member, name)).filter((member) => member !== null);
    this.habit('list_spelling', name, 'is not a list; understood');
    return (this.plain(value, name) ?? '')
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== '');
  }

  grades(name: string): string[] {
    return this.list(name).map((written) => {
      const grade = readGrade(written);
      if (grade !== written) this.habit('grade_spelling', name, 'is not a grade code; understood');
      return grade;
    });
  }

  /** Objects of a list. */
  objects(name: string): Record<string, unknown>[] {
    const value = this.row[name];
    const members = Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value];
    return members.filter((member) => typeof member === 'object' && member !== null);
  }

  /** The identifiers in sets that each name their source, as `source:identifier` and in one order; null where there are none. */
  identifiers(name: string, within: string): string[] | null {
    const found = new Set<string>();
    for (const set of this.objects(name)) {
      const source = this.plain(set.source, name) ?? 'unknown';
      for (const member of [set[within]].flat()) {
        const id = this.plain(member, name);
        if (id !== null) found.add(`${source}:${id}`);
      }
    }
    return found.size === 0 ? null : [...found].sort();
  }

  /** A reference that must be there. */
  reference(name: string): string {
    const id = this.optionalReference(name);
    if (id === null) this.refuse('required_blank', `${name} is blank; fill it in at the source`, name);
    return id ?? '';
  }

  optionalReference(name: string): string | null {
    return this.referred(this.row[name], name);
  }

  references(name: string): string[] {
    const value = this.row[name];
    const members = Array.isArray(value) ? value : [value];
    return members.map((member) => this.referred(member, name)).filter((id) => id !== null);
  }

  /** `{href, sourcedId, type}`; some servers give the id alone, or only an href that ends in it. */
  referred(value: unknown, name: string): string | null {
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string' || typeof value === 'number') {
      this.habit('reference_spelling', name, 'is an id and not a reference; understood');
      return this.readId(String(value), name);
    }
    const { sourcedId, href } = value as { sourcedId?: unknown; href?: unknown }; // an object has fields
    if (typeof sourcedId === 'string' || typeof sourcedId === 'number')
      return sourcedId === '' ? null : this.readId(String(sourcedId), name);
    const end = typeof href === 'string' ? /([^/?#]+)\/?(?:[?#].*)?$/.exec(href)?.[1] : undefined;
    if (end === undefined) return null;
    this.habit('reference_spelling', name, 'has no sourcedId; the end of its href was taken');
    return this.readId(decoded(end), name);
  }

  refuse(code: string, message: string, field: string): void {
    this.refusal ??= { code, message, field };
  }

  habit(code: string, name: string, says: string): void {
    if (!this.notes.again(code, name)) this.notes.habit(code, `${name} ${says}`, this.place(name));
  }

  strange(code: string, name: string, says: string): void {
    this.notes.warn(code, `${name} ${says}`, this.place(name));
  }

  place(field: string) {
    return { sourcedId: this.recordOf(this.id), line: this.line, field };
  }

  private readId(id: string, name: string): string {
    const trimmed = id.trim();
    if (trimmed.length > 255 || trimmed === '' || trimmed.includes('\0'))
      this.refuse('id_unreadable', `${name} cannot be read as an id`, name);
    return trimmed;
  }

  private plain(value: unknown, name: string): string | null {
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string') {
      if (value.length > longest)
        this.refuse('field_too_long', `${name} has ${value.length} characters; at most ${longest} are read`, name);
      const text = value.trim();
      return text === '' ? null : text.includes('\0') ? text.replaceAll('\0', '') : text;
    }
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.strange('field_unreadable', name, 'is neither text nor number and was left empty');
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % means itself
  }
}
