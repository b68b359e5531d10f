/**
 * Course rosters over LTI Names and Roles, and the scores of their grade books over Assignment and Grade Services, for districts without a
 * roster feed. One source is one platform: a person in several of its courses is one person. A course is read to the end or it has said
 * nothing: then it stands as it was while the others go on. Mentors are nobody here: whose they are, only a launch says.
 *
 * Where only some courses were read, their enrollments are whole and nobody else's are told of.
 * @throws AppError `source_unreachable` | `source_denied` | `source_contract_broken`, and what handing out a token throws
 */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import type { CheckReport, Closing, Connector, Item, Problem, PullOptions } from '../connector.ts';
import { Outbox } from '../outbox.ts';
import { type Course, type Courses, type Settings, settings } from './courses.ts';
import { columnScope, readGradeBook } from './grade-book.ts';
import { toClass, toEnrollment, toRole, toUser, userId } from './map.ts';
import { type Members, readMembers } from './members.ts';

export const ltiMemberships: Connector<Settings> = {
  kind: 'lti-memberships',
  settings,
  matching: () => ({}),
  check,
  fingerprint: async (_settings, signal) => {
    signal?.throwIfAborted();
    return null; // nothing short of reading everything tells whether anything changed
  },
  pull: (given, options) => pull(handed(given), options),
};

/** Courses in a row that cannot be reached: then it is the platform. */
const mostUnreachable = 3;
const coursesChecked = 5;

async function* pull(courses: Courses, options: PullOptions): AsyncGenerator<Item> {
  const { signal } = options;
  const outbox = new Outbox(null);
  const people = new Set<string>();
  const failures: AppError[] = [];
  /** Courses of which everybody is known. */
  const whole: string[] = [];
  let [rows, unreachable, lostIds, hasBook, bookComplete] = [0, 0, false, false, courses.all];

  for (const course of courses.list) {
    signal?.throwIfAborted();
    let members: Members;
    try {
      const onRows = (read: number) => options.onProgress?.({ entity: 'enrollments', file: course.title, rows: rows + read });
      members = await readMembers(courses, course, { signal, onRows });
      unreachable = 0;
    } catch (error) {
      const failure = ofOneCourse(error);
      failures.push(failure);
      unreachable = failure.code === 'source_unreachable' ? unreachable + 1 : 0;
      if (unreachable >= mostUnreachable || failures.length === courses.list.length) throw failure;
      yield { type: 'findings', problems: [notRead(course, failure)] };
      continue;
    }
    rows += members.rows;
    lostIds ||= members.lostIds || members.unreadable.size > 0;
    addCourse(outbox, course, members, people);
    if (members.problems.length > 0) yield { type: 'findings', problems: members.problems };
    if (!members.lostIds) whole.push(course.key);
    if (columnScope(course) !== null) {
      hasBook = true;
      const problems = await addGradeBook(outbox, courses, course, members, signal);
      bookComplete &&= problems.length === 0;
      if (problems.length > 0) yield { type: 'findings', problems };
    }
    yield* outbox.take();
  }
  const complete = courses.all && failures.length === 0 && !lostIds;
  yield* outbox.finish();

  const closing = (entity: Entity, isComplete: boolean): Item =>
    isComplete ? { type: 'closing', entity, complete: true } : { type: 'closing', entity, complete: false, because: 'partial' };
  for (const entity of ['classes', 'users', 'roles'] as const) yield closing(entity, complete);
  if (complete || whole.length === 0) yield closing('enrollments', complete);
  else yield { type: 'closing', entity: 'enrollments', complete: true, classes: classesOf(courses, whole) };
  if (!hasBook) return;
  yield closing('lineItems', complete && bookComplete);
  // A score that is not told any more was still made: the column it stands in says whether it counts.
  yield closing('results', false);
}

/** Of a course that is a platform's no more nobody stays; one that could not be read stands as it was. */
function classesOf({ all, list }: Courses, whole: string[]): NonNullable<Closing['classes']> {
  return all ? { unread: list.map(({ key }) => key).filter((key) => !whole.includes(key)) } : { read: whole };
}

function addCourse(outbox: Outbox, course: Course, { here }: Members, people: Set<string>): void {
  const once = (id: string) => !people.has(id) && people.add(id);
  outbox.add('classes', toClass(course));
  for (const [sub, { row, role }] of here) {
    const user = userId(sub);
    if (once(user)) outbox.add('users', toUser(user, row));
    const as = toRole(user, role);
    if (once(as.sourcedId)) outbox.add('roles', as);
    outbox.add('enrollments', toEnrollment(course, user, role));
  }
}

/** A grade book that does not open is a remark: the class is there all the same. */
async function addGradeBook(
  outbox: Outbox,
  courses: Courses,
  course: Course,
  { here }: Members,
  signal: AbortSignal | undefined,
): Promise<Problem[]> {
  try {
    const { lineItems, results, problems } = await readGradeBook(courses, course, here, signal);
    for (const row of lineItems) outbox.add('lineItems', row);
    for (const row of results) outbox.add('results', row);
    return problems;
  } catch (error) {
    const { message } = ofOneCourse(error);
    const said = { code: 'grade_book_not_read', message: `The grade book could not be read, its scores stay as they are: ${message}` };
    return [
      { entity: 'lineItems', severity: 'warning', ...said, sourcedId: null, file: course.title ?? course.key, line: null, field: null },
    ];
  }
}

/** What is about one course stays with it; what is about the platform, its tokens or us ends the run. */
function ofOneCourse(error: unknown): AppError {
  const passing = ['source_unreachable', 'source_throttled', 'source_denied', 'source_lacks', 'source_contract_broken'];
  if (error instanceof AppError && passing.includes(error.code)) return error;
  throw error;
}

/** It counts as a class that could not be read, and so is never taken for gone. */
const notRead = ({ key, title }: Course, { code, message }: AppError): Problem => ({
  entity: 'classes',
  severity: 'problem',
  code: 'course_not_read',
  message: `The course’s list of members could not be read (${code}); it stands as it was. ${message}`,
  sourcedId: key,
  file: title ?? key,
  line: null,
  field: null,
});

function handed({ courses, platform }: Settings): Courses {
  if (courses) return courses;
  throw new AppError('source_denied', `platform ${platform} cannot be asked from here`, {
    consequence: 'halt',
    hint: 'Its courses are read by the service and by `aptt sync`, with the key the platform knows.',
  });
}

async function check(given: Settings): Promise<CheckReport> {
  const courses = handed(given);
  const found: CheckReport['findings'] = [];
  if (courses.list.length === 0) {
    found.push({ ok: false, text: 'No course is connected yet', hint: 'A teacher opens the tool in a course once; that connects it.' });
  }
  for (const course of courses.list.slice(0, coursesChecked)) found.push(await checkCourse(courses, course));
  const rest = courses.list.length - coursesChecked;
  if (rest > 0) found.push({ ok: true, text: `${rest} more courses, not tried now` });
  const rows = courses.list.slice(0, coursesChecked).map(toClass);
  return { ok: found.every(({ ok }) => ok), findings: found, preview: [{ entity: 'classes', rows }] };
}

async function checkCourse(courses: Courses, course: Course): Promise<CheckReport['findings'][number]> {
  const name = course.title ?? course.key;
  try {
    const { here, rows, problems } = await readMembers(courses, course);
    const of = (role: string) => [...here.values()].filter((one) => one.role === role).length;
    const book =
      columnScope(course) === null
        ? 'no grade book'
        : `${(await readGradeBook(courses, course, here)).lineItems.length} grade book columns`;
    const spoilt = problems.length > 0 ? `, ${problems.length} rows that cannot be read` : '';
    return {
      ok: true,
      text: `${name}: ${rows} members, of them ${of('teacher')} teachers and ${of('student')} students${spoilt}; ${book}`,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, text: `${name}: ${error.message}`, ...(error.hint && { hint: error.hint }) };
  }
}
