/**
 * What did not read as it should in one file. A rejected row is always noted, one by one: the engine counts and protects it.
 * Warnings are noted at their first places only and then counted, so that a file with one habit does not fill a report.
 */
import type { Entity } from '../src/roster/model.ts';
import type { Findings, Problem } from './connector.ts';

const placesPerWarning = 20;

export type Place = { sourcedId?: string | null; line?: number | null; field?: string | null };
type Repeated = { problem: Problem; count: number; places: number };

export class Notes {
  /** How often anything was remarked on. */
  remarks = 0;
  readonly file: string | null;
  private readonly entity: Entity;
  private found: Problem[] = [];
  /** By code, then by field. */
  private readonly repeated = new Map<string, Map<string, Repeated>>();

  constructor(entity: Entity, file: string | null) {
    this.entity = entity;
    this.file = file;
  }

  /** The row is given up. */
  reject(code: string, message: string, place: Place = {}): void {
    this.remarks++;
    this.found.push(this.problem('problem', code, message, place));
  }

  /** The row is kept; each place is named, up to a point. */
  warn(code: string, message: string, place: Place = {}): void {
    const repeated = this.count(code, message, place);
    if (repeated.count > placesPerWarning) return;
    repeated.places++;
    this.found.push(this.problem('warning', code, message, place));
  }

  /** A habit of the whole file: said once, with how many rows have it. */
  habit(code: string, message: string, place: Place = {}): void {
    this.count(code, message, place);
  }

  /** Counts a habit that is known already, before anybody words it: a million rows may have it. */
  again(code: string, field: string): boolean {
    const known = this.repeated.get(code)?.get(field);
    if (!known) return false;
    this.remarks++;
    known.count++;
    return true;
  }

  /** Everything so far, and from then on nothing of it. */
  take(): Findings[] {
    if (this.found.length === 0) return [];
    const problems = this.found;
    this.found = [];
    return [{ type: 'findings', problems }];
  }

  /** At the end of the file: the rest of the warnings, counted. */
  finish(): Findings[] {
    for (const { problem, count, places } of [...this.repeated.values()].flatMap((of) => [...of.values()])) {
      if (places === 0) this.found.push(count === 1 ? problem : { ...problem, message: `${problem.message} (${thousands(count)} rows)` });
      else if (count > places) {
        const message = `${problem.message} (and ${thousands(count - places)} more)`;
        this.found.push({ ...problem, sourcedId: null, line: null, message });
      }
    }
    this.repeated.clear();
    return this.take();
  }

  private count(code: string, message: string, place: Place): Repeated {
    this.remarks++;
    const field = place.field ?? '';
    const ofCode = this.repeated.get(code) ?? new Map<string, Repeated>();
    this.repeated.set(code, ofCode);
    const known = ofCode.get(field);
    if (known) {
      known.count++;
      return known;
    }
    const first = { problem: this.problem('warning', code, message, place), count: 1, places: 0 };
    ofCode.set(field, first);
    return first;
  }

  private problem(severity: Problem['severity'], code: string, message: string, place: Place): Problem {
    return {
      entity: this.entity,
      severity,
      code,
      message,
      sourcedId: place.sourcedId ?? null,
      file: this.file,
      line: place.line ?? null,
      field: place.field ?? null,
    };
  }
}

const thousands = (count: number) => count.toLocaleString('en-US');
