/**
 * Google Classroom, read-only: a course is a class, its graded work line items. Who its people are is the district's word: somebody of the
 * roster that another source brings (`people=matched`, never by name), or, where there is none, themselves. A course is read to the end or
 * it has said nothing: then nothing is ended tonight, there or anywhere. Guardians Google knows are for finding those we know: they make
 * nobody a guardian and link nobody to a child.
 * @throws AppError `source_unreachable` | `source_throttled` | `source_denied` | `source_contract_broken`
 */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import { abreast } from '../abreast.ts';
import type { Connector, Item, Problem, PullOptions } from '../connector.ts';
import type { Client } from '../http.ts';
import { Outbox } from '../outbox.ts';
import { checkDomain } from './check.ts';
import { type CourseRead, readCourse } from './course.ts';
import { classId, resultId, toClass, toEnrollment, toGuardian, toLineItem, toResult, toRole, toUser } from './map.ts';
import { clientOf, courseQuery, rowsOf } from './service.ts';
import { asksForGuardians, type Settings, scopeFor, settings } from './settings.ts';
import { type Course, courses, guardians } from './wire.ts';

export const googleClassroom: Connector<Settings> = {
  kind: 'google-classroom',
  settings,
  matching: ({ people, match, courses }) =>
    people === 'own' ? {} : { people: match, ...(courses === 'aliases' && { classes: 'sourcedId' }) },
  check: checkDomain,
  fingerprint: async (_given, signal) => {
    signal?.throwIfAborted();
    return null; // nothing short of reading everything tells whether anything changed
  },
  pull,
};

const coursesAtOnce = 4;
/** Courses in a row that failed: then it is not the courses. */
const mostUnreachable = 3;
const mostFailed = 20;

async function* pull(given: Settings, options: PullOptions): AsyncGenerator<Item> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const client = clientOf(given, signal);
  const told = new Telling(given, options);
  try {
    signal.throwIfAborted();
    const list: Course[] = [];
    for await (const page of rowsOf(client, courses, 'courses', given, { query: courseQuery(given) })) {
      list.push(...page.rows.filter(({ courseState }) => (courseState ?? 'ACTIVE') === 'ACTIVE'));
      yield* told.unreadable(page.notes);
    }
    const reading = (course: Course) =>
      readCourse(client, course, given).then(
        (read) => ({ course, read }),
        (error: unknown) => ({ course, error }),
      );
    for await (const done of abreast(list, coursesAtOnce, reading)) {
      signal.throwIfAborted();
      yield* 'read' in done ? told.course(done.course, done.read) : told.failed(done.course, done.error, list.length);
    }
    if (asksForGuardians(given)) yield* told.guardians(client);
    yield* told.end();
  } finally {
    stop.abort();
  }
}

/** What has been read becomes items, each person once; and what may be said of the whole at the end. */
class Telling {
  private readonly given: Settings;
  private readonly options: PullOptions;
  private readonly outbox = new Outbox(null);
  private readonly said = new Set<string>();
  private readonly doubtful = new Set<Entity>();
  private readonly failures: AppError[] = [];
  private rows = 0;
  private unreachable = 0;
  private inARow = 0;
  private unverified = 0;
  private gradesDenied = 0;
  /** Courses without the one alias that names their class. */
  private unnamed = 0;

  /** Courses are classes of the roster, which says who is in them. */
  private get byAlias(): boolean {
    return this.given.courses === 'aliases';
  }

  constructor(given: Settings, options: PullOptions) {
    this.given = given;
    this.options = options;
  }

  *course(course: Course, read: CourseRead): Generator<Item> {
    [this.unreachable, this.inARow] = [0, 0];
    this.rows += read.rows;
    this.unverified += read.unverified;
    this.options.onProgress?.({ entity: 'enrollments', file: course.name ?? course.id, rows: this.rows });
    if (read.lostPeople) this.doubt('users', 'roles', 'enrollments');
    if (read.lostWork || read.gradesDenied) this.doubt('lineItems');
    if (read.gradesDenied) this.gradesDenied++;
    if (read.problems.length > 0) yield { type: 'findings', problems: read.problems };
    if (this.byAlias && read.rosterClass === null) return void this.unnamed++;
    if (read.teachers.length === 0) return;
    if (!this.byAlias) this.outbox.add('classes', toClass(course));
    for (const member of read.teachers) this.member(course, member, 'teacher');
    for (const member of read.students) this.member(course, member, 'student');
    for (const item of read.work) this.outbox.add('lineItems', toLineItem(course, item, read.rosterClass ?? undefined));
    for (const row of read.graded) this.outbox.add('results', toResult(course, row));
    for (const row of read.ungraded) this.outbox.remove('results', { sourcedId: resultId(course, row) });
    yield* this.outbox.take();
  }

  /** It counts as a class that could not be read, and so is never taken for gone. */
  *failed(course: Course, error: unknown, of: number): Generator<Item> {
    const failure = ofOneCourse(error);
    this.failures.push(failure);
    this.inARow++;
    this.unreachable = failure.code === 'source_unreachable' || failure.code === 'source_throttled' ? this.unreachable + 1 : 0;
    if (this.unreachable >= mostUnreachable || this.inARow >= mostFailed || this.failures.length === of) throw failure;
    this.doubt('classes', 'users', 'roles', 'enrollments', 'lineItems');
    const message = `The course could not be read (${failure.code}); it stands as it was, and nothing is ended tonight. ${failure.message}`;
    yield found({
      entity: 'classes',
      severity: 'problem',
      code: 'course_not_read',
      message,
      sourcedId: classId(course),
      file: course.name ?? course.id,
    });
  }

  *unreadable(notes: { index: number; id: string | null; fields: string[] }[]): Generator<Item> {
    for (const { index: line, id, fields } of notes) {
      this.doubt('classes', 'users', 'roles', 'enrollments', 'lineItems');
      const message = `A course could not be read (${fields.join(', ')}); what is known of it stands, and nothing is ended tonight.`;
      const sourcedId = id === null ? null : classId({ id });
      yield found({ entity: 'classes', severity: 'problem', code: 'course_not_read', message, sourcedId, file: 'courses', line });
    }
  }

  /** Not to be let in is said, and leaves those found before as they are. */
  async *guardians(client: Client): AsyncGenerator<Item> {
    try {
      for await (const page of rowsOf(client, guardians, 'userProfiles/-/guardians', this.given)) {
        if (page.notes.length > 0) this.doubt('users');
        for (const row of page.rows) this.person(toGuardian(row));
        yield* this.outbox.take();
      }
    } catch (error) {
      const { code } = ofOneCourse(error);
      if (code !== 'source_denied' && code !== 'source_lacks') throw error;
      this.doubt('users');
      const message = `Guardians may not be read; grant ${scopeFor.guardians} and the right to see guardians, or take "email" out of match.`;
      yield found({ entity: 'users', severity: 'warning', code: 'not_permitted', message, file: 'guardians' });
    }
  }

  *end(): Generator<Item> {
    yield* this.outbox.finish();
    if (this.unverified > 0) {
      const message = `${this.unverified} teachers of courses are not verified by the domain and were left out, with courses that have no other. Add them to the group of verified teachers, or set unverifiedTeachers=true.`;
      yield found({ entity: 'enrollments', severity: 'warning', code: 'teacher_not_verified', message });
    }
    if (this.gradesDenied > 0) {
      const message = `Graded work of ${this.gradesDenied} courses may not be read; what is known of it stays. Grant ${scopeFor.grades}, or set grades=false.`;
      yield found({ entity: 'lineItems', severity: 'warning', code: 'not_permitted', message });
    }
    if (this.unnamed > 0) {
      const message = `${this.unnamed} courses have no alias "d:" with the id of one class, and were left out. Give them one, or set courses=classes.`;
      yield found({ entity: 'lineItems', severity: 'warning', code: 'course_not_named', message });
    }
    const own: Entity[] = this.given.people === 'own' ? ['roles'] : [];
    const told: Entity[] = this.byAlias ? ['users'] : ['classes', 'users', ...own, 'enrollments'];
    if (this.byAlias && this.doubtful.has('classes')) told.unshift('classes'); // of which a problem speaks
    for (const entity of told) yield this.closing(entity);
    if (!this.given.grades) return;
    yield this.closing('lineItems');
    // A score of a child who has left was still made; one that was taken back is named.
    this.doubt('results');
    yield this.closing('results');
  }

  private member(course: Course, member: CourseRead['students'][number], role: 'teacher' | 'student'): void {
    this.person(toUser(member));
    if (this.given.people === 'own') {
      const as = toRole(member.userId, role);
      if (this.once(as.sourcedId)) this.outbox.add('roles', as);
    }
    if (!this.byAlias) this.outbox.add('enrollments', toEnrollment(course, member.userId, role));
  }

  private person(user: ReturnType<typeof toUser>): void {
    if (this.once(user.sourcedId)) this.outbox.add('users', user);
  }

  private once(id: string): boolean {
    return !this.said.has(id) && Boolean(this.said.add(id));
  }

  private doubt(...entities: Entity[]): void {
    for (const entity of entities) this.doubtful.add(entity);
  }

  private closing(entity: Entity): Item {
    return this.doubtful.has(entity)
      ? { type: 'closing', entity, complete: false, because: 'partial' }
      : { type: 'closing', entity, complete: true };
  }
}

/** What may be about one course; anything else is about us, or somebody who stopped the run. */
function ofOneCourse(error: unknown): AppError {
  const passing = ['source_unreachable', 'source_throttled', 'source_denied', 'source_lacks', 'source_contract_broken'];
  if (error instanceof AppError && passing.includes(error.code)) return error;
  throw error;
}

const found = (said: Pick<Problem, 'entity' | 'severity' | 'code' | 'message'> & Partial<Problem>): Item => ({
  type: 'findings',
  problems: [{ sourcedId: null, file: null, line: null, field: null, ...said }],
});
