/**
 * Google Classroom, read-only: a course is a class, its graded work line items. Who its people are is the district's word: somebody of the
 * roster that another source brings (`people=matched`, never by name), or, where there is none, themselves. A course is read to the end or
 * it has said nothing: then it stands as it was, while the others go on. Guardians Google knows are for finding those we know: they make
 * nobody a guardian and link nobody to a child.
 * @throws AppError `source_unreachable` | `source_throttled` | `source_denied` | `source_contract_broken`
 */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import type { Connector, Item, Problem, PullOptions } from '../connector.ts';
import type { Client } from '../http.ts';
import { naming, oneByOne } from '../one-by-one.ts';
import { Outbox } from '../outbox.ts';
import { checkDomain } from './check.ts';
import { type CourseRead, readCourse } from './course.ts';
import { classId, lineItemId, resultId, toClass, toEnrollment, toGuardian, toLineItem, toResult, toRole, toUser } from './map.ts';
import { clientOf, courseQuery, oneCourseDenied, rowsOf } from './service.ts';
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
/** What a course tells of. Scores are never told whole. */
const ofCourse = ['classes', 'users', 'roles', 'enrollments', 'lineItems'] as const;

async function* pull(given: Settings, options: PullOptions): AsyncGenerator<Item> {
  const client = clientOf(given, options.signal);
  const told = new Telling(given, options);
  options.signal?.throwIfAborted();
  const list: Course[] = [];
  for await (const page of rowsOf(client, courses, 'courses', given, { query: courseQuery(given) })) {
    list.push(...page.rows.filter(({ courseState }) => (courseState ?? 'ACTIVE') === 'ACTIVE'));
    yield* told.unreadable(page.notes);
  }
  for await (const { of, got, failure } of oneByOne(list, coursesAtOnce, (course) => readCourse(client, course, given))) {
    options.signal?.throwIfAborted();
    yield* failure ? told.failed(of, failure) : told.course(of, got);
  }
  if (asksForGuardians(given)) yield* told.guardians(client);
  yield* told.end();
}

/** What has been read becomes items, each person once; and what may be said of the whole at the end. */
class Telling {
  private readonly given: Settings;
  private readonly options: PullOptions;
  private readonly outbox = new Outbox(null);
  private readonly said = new Set<string>();
  /** Of these something is missing, nobody knows where. */
  private readonly doubtful = new Set<Entity>();
  /** Of these something is missing in some classes. */
  private readonly unread = new Map<Entity, Set<string>>();
  private rows = 0;
  private unverified = 0;
  /** What courses are called whose graded work is not for us. */
  private readonly gradesDenied: string[] = [];
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
    this.rows += read.rows;
    this.unverified += read.unverified;
    this.options.onProgress?.({ entity: 'enrollments', file: course.name ?? course.id, rows: this.rows });
    if (read.lostPeople) this.miss(course, ...(read.teachers.length === 0 ? ofCourse : (['users', 'roles', 'enrollments'] as const)));
    if (read.lostWork || read.gradesDenied) this.miss(course, 'lineItems');
    if (read.gradesDenied) this.gradesDenied.push(course.name ?? course.id);
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

  *failed(course: Course, failure: AppError): Generator<Item> {
    yield this.notRead(course, `${failure.message}. ${this.toDo(failure)}`, { file: course.name ?? course.id });
  }

  *unreadable(notes: { index: number; id: string | null; fields: string[] }[]): Generator<Item> {
    for (const { index: line, id, fields } of notes) {
      const why = `Its ${fields.join(', ')} cannot be read: mend it in Classroom.`;
      yield this.notRead(id === null ? null : { id }, why, { file: 'courses', line });
    }
  }

  /** It counts as a class that could not be read, and so is never taken for gone. @param course null: nobody knows which */
  private notRead(course: Pick<Course, 'id'> | null, why: string, place: { file: string; line?: number }): Item {
    if (course) this.miss(course, ...ofCourse);
    else this.doubt(...ofCourse);
    const rest = course ? 'the others were read' : 'so that nothing is lost, nothing is ended tonight';
    const message = `This course could not be read and stands as it was; ${rest}. ${why}`;
    const sourcedId = course && classId(course);
    return found({ entity: 'classes', severity: 'problem', code: 'course_not_read', message, sourcedId, ...place });
  }

  private toDo({ code, hint }: AppError): string {
    if (code === 'source_lacks') return 'It may just have been deleted in Classroom: the next sync tells.';
    return code === 'source_denied' ? oneCourseDenied(this.given) : (hint ?? 'The next sync reads it again.');
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
      if (!(error instanceof AppError) || (error.code !== 'source_denied' && error.code !== 'source_lacks')) throw error;
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
    if (this.gradesDenied.length > 0) {
      const message = `Graded work of ${naming(this.gradesDenied)} may not be read; what is known of it stays. Grant ${scopeFor.grades}, or set grades=false.`;
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

  private doubt(...entities: readonly Entity[]): void {
    for (const entity of entities) this.doubtful.add(entity);
  }

  /** Where an alias names the class, of a course only its work is kept by its name: nobody knows who else was in this one. */
  private miss(course: Pick<Course, 'id'>, ...entities: readonly Entity[]): void {
    for (const entity of entities) {
      if (this.byAlias && entity !== 'lineItems') this.doubt(entity);
      else this.unread.set(entity, (this.unread.get(entity) ?? new Set()).add(this.byAlias ? lineItemId(course, '') : classId(course)));
    }
  }

  private closing(entity: Entity): Item {
    if (this.doubtful.has(entity)) return { type: 'closing', entity, complete: false, because: 'partial' };
    const unread = this.unread.get(entity);
    const classes = unread && (this.byAlias ? { unreadUnder: [...unread] } : { unread: [...unread] });
    return { type: 'closing', entity, complete: true, ...(classes && { classes }) };
  }
}

const found = (said: Pick<Problem, 'entity' | 'severity' | 'code' | 'message'> & Partial<Problem>): Item => ({
  type: 'findings',
  problems: [{ sourcedId: null, file: null, line: null, field: null, ...said }],
});
