/**
 * The promise every connector makes: it reads a school's system and says what it read and how completely.
 * It never writes to the source, never decides what is deleted, and knows nothing of the database.
 */
import type { z } from 'zod';
import type { Entity, RecordOf } from '../src/roster/model.ts';

export type Severity = 'warning' | 'problem';

/**
 * One row or file that did not read as it should. `problem`: the row is rejected (present but unusable: never ended for it).
 * `warning`: the row was kept. Messages say what, and what to do; they never quote a person's data.
 */
export type Problem = {
  entity: Entity;
  severity: Severity;
  /** Stable, snake_case, e.g. `date_unreadable`. */
  code: string;
  message: string;
  /** Null when the row's own id could not be read. */
  sourcedId: string | null;
  file: string | null;
  /** 1-based line in the file, the header being line 1. */
  line: number | null;
  field: string | null;
};

/** A canonical record and where it stood. */
export type Row<E extends Entity> = RecordOf[E] & { line?: number };

/** A handful of records of one entity (1,000 or so), in the order of `entities` where the source allows. */
export type Batch = {
  [E in Entity]: { type: 'batch'; entity: E; file: string | null; rows: Row<E>[] };
}[Entity];

/** Rows the source asks to remove (delta files' `tobedeleted`). Counted as read. */
export type Removal = { type: 'removal'; entity: Entity; file: string | null; rows: { sourcedId: string; line?: number }[] };

/** Problems and warnings of rows and files. A `problem` counts one row read and rejected; a `warning` counts nothing. */
export type Findings = { type: 'findings'; problems: Problem[] };

/**
 * Closes one entity. Absence means ended only inside a listing that is `complete`.
 * A delta, or a listing with a row whose id could not be read, is not complete.
 */
export type Closing = {
  type: 'closing';
  entity: Entity;
  complete: boolean;
  /** Why not, for the report: `delta` · `partial` · `unreadable_ids` · `interrupted`. */
  because?: string;
  /**
   * Of a complete listing: which classes it tells of, by sourcedId. `unread`: all but these, which could not be read; `read`: these alone.
   * `unreadUnder`: all but some that go by another source's names; their records here have sourcedIds that begin so.
   * What belongs to a class it does not tell of stands as it was.
   */
  classes?: { unread: string[] } | { read: string[] } | { unreadUnder: string[] };
  /**
   * Handed back as `since` next time. Of several the first in order of text is kept: moments by the source's clock (ISO 8601), or, from a
   * source with words of its own for where it stood, one closing's only.
   */
  watermark?: string;
  /** Its records come with users: each user that was read says all of theirs, and one that is no longer said has ended, in part or whole. */
  restated?: true;
  /** Every row of the listing stands in a stretch, told or known: it may be known by them next time. */
  reading?: string;
};

/**
 * Some consecutive rows of a listing, told besides the rows themselves. `digest`: of their bytes (16 of them, as latin1), null where
 * any had a remark. `first` and `last` are lines of the file.
 */
export type Stretch = { digest: string | null; first: number; last: number; sourcedIds: string[] };
export type Stretches = { type: 'stretches'; entity: Entity; file: string; stretches: Stretch[] };

/** Rows of stretches the engine knows: they stand as they were and are not said again. Counted as read. */
export type Same = { type: 'same'; entity: Entity; rows: number };

/**
 * The stretches of a listing that stand in the roster exactly as they were read, by digest, with how many rows each has; null for a
 * listing that is not known, or was read otherwise. The connector takes out each one that it leaves unsaid.
 * @param reading everything that decides how the same bytes are read
 */
export type KnownStretches = (entity: Entity, reading: string) => Promise<Map<string, number> | null>;

/** Thrown by `pull`: with these gaps the rest cannot be read with certainty. The source is then read whole. */
export class GapsMislead extends Error {}

export type Item = Batch | Removal | Findings | Closing | Stretches | Same;

export type Progress = {
  entity: Entity | null;
  file: string | null;
  rows: number;
  bytesRead?: number;
  bytesTotal?: number;
  pages?: number;
  rowsTotal?: number;
};

/**
 * How a reference to a user that is not of this source finds its user in the district, tried in order; the first rule that
 * matches exactly one user wins, two users for one value is `ambiguous_match`, none is `no_match`. Never names.
 * `sourcedId` · `identifier` · `userIds` (any type) · `userIds:TYPE`.
 */
export type MatchRule = 'sourcedId' | 'identifier' | 'userIds' | `userIds:${string}`;
/** `email`: by the address in the source's own record of the person; only where a district's setting says so. */
export type PersonRule = MatchRule | 'email';

/**
 * Absent: references resolve inside the source itself (a OneRoster set is closed). `people`: whoever this source knows is somebody of the
 * district's roster, or nobody here: it makes no users, and what it says of the others is put aside. `classes`: so are classes.
 */
export type Matching = { students?: MatchRule[]; guardians?: PersonRule[]; people?: PersonRule[]; classes?: 'sourcedId' };

export type CheckReport = {
  ok: boolean;
  /** One line a step, in words an administrator can act on. */
  findings: { ok: boolean; text: string; hint?: string }[];
  /** A few mapped records, for a preview. */
  preview?: { entity: Entity; rows: unknown[] }[];
  /** For a source whose columns an operator may choose: the ways to read its files, each file's columns and how it was read. */
  mapping?: { readings: readonly string[]; files: { name: string; columns: string[]; readAs: string | null }[] };
};

export type PullOptions = {
  /** Whoever pulls aborts it once the pull is over, however it ended: nothing goes on asking. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** A watermark of an applied run: a source that can reads only what changed since, and closes with `delta`. It overlaps by itself. */
  since?: string;
  known?: KnownStretches;
};

export interface Connector<Settings> {
  readonly kind: string;
  /** Validated before any call. Fields that are secrets carry `.meta({ secret: true })`. */
  readonly settings: z.ZodType<Settings>;
  matching(settings: Settings): Matching;
  check(settings: Settings): Promise<CheckReport>;
  /**
   * A digest of everything `pull` would read, cheap enough to take every night; null when the source offers none.
   * Equal digests mean byte-for-byte equal input.
   */
  fingerprint(settings: Settings, signal?: AbortSignal): Promise<string | null>;
  /** @throws AppError `source_unreachable` | `source_denied` | `source_contract_broken`. Never a shortened listing. */
  pull(settings: Settings, options: PullOptions): AsyncIterable<Item>;
}
