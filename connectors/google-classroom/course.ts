/** One course, read whole: who is in it and its graded work. Throws what a listing throws; a row that cannot be read is a problem. */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import type { Problem } from '../connector.ts';
import type { Client } from '../http.ts';
import type { Page } from '../listing.ts';
import { classId, enrollmentId, lineItemId } from './map.ts';
import { rowsOf } from './service.ts';
import type { Settings } from './settings.ts';
import {
  aliases,
  type Course,
  type CourseWork,
  type Member,
  type Place,
  type Submission,
  students,
  submissions,
  teachers,
  work,
} from './wire.ts';

export type CourseRead = {
  /** The roster's class its alias names, where aliases are asked for; null: none, or several, and the course is left out. */
  rosterClass: string | null;
  teachers: Member[];
  students: Member[];
  work: CourseWork[];
  graded: (Submission & { assignedGrade: number })[];
  /** Submissions whose grade was taken back. */
  ungraded: Submission[];
  problems: Problem[];
  /** Somebody, or some work, may be missing. */
  lostPeople: boolean;
  lostWork: boolean;
  /** Its graded work is not for us. */
  gradesDenied: boolean;
  /** Teachers the domain has not verified, left out. */
  unverified: number;
  rows: number;
};

export async function readCourse(client: Client, course: Course, given: Settings): Promise<CourseRead> {
  const path = `courses/${encodeURIComponent(course.id)}`;
  const problems: Problem[] = [];
  let rows = 0;
  const all = async <T>(of: Place<T>, at: string, entity: Entity, idOf: (id: string) => string): Promise<{ found: T[]; lost: boolean }> => {
    const found: T[] = [];
    const before = problems.length;
    for await (const page of rowsOf(client, of, `${path}/${at}`, given)) {
      found.push(...page.rows);
      rows += page.rows.length + page.notes.length;
      problems.push(...page.notes.map((note) => unreadable(course, entity, of.key, note, idOf)));
    }
    return { found, lost: problems.length > before };
  };

  const named = given.courses === 'aliases' ? await all(aliases, 'aliases', 'lineItems', (id) => id) : { found: [], lost: false };
  const classes = named.found.flatMap(({ alias }) => (alias.startsWith('d:') ? [alias.slice(2)] : []));
  const rosterClass = classes.length === 1 ? (classes[0] ?? null) : null;
  // Only the domain's administrators give such an alias: its course is a teacher's.
  const isTrusted = rosterClass !== null || given.unverifiedTeachers;
  const taught = await all(teachers, 'teachers', 'enrollments', (id) => enrollmentId(course, id, 'teacher'));
  const trusted = taught.found.filter(({ profile }) => isTrusted || profile?.verifiedTeacher === true);
  const read: CourseRead = {
    rosterClass,
    teachers: trusted,
    students: [],
    work: [],
    graded: [],
    ungraded: [],
    problems,
    lostPeople: taught.lost,
    lostWork: named.lost,
    gradesDenied: false,
    unverified: taught.found.length - trusted.length,
    rows,
  };
  if (trusted.length === 0 || (given.courses === 'aliases' && rosterClass === null)) return { ...read, rows };
  const learning = await all(students, 'students', 'enrollments', (id) => enrollmentId(course, id, 'student'));
  read.students = learning.found;
  read.lostPeople ||= learning.lost;
  if (given.grades) {
    try {
      await grades();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'source_denied') throw error;
      read.gradesDenied = true;
    }
  }
  return { ...read, rows };

  async function grades(): Promise<void> {
    const items = await all(work, 'courseWork', 'lineItems', (id) => lineItemId(course, id));
    const isHere = new Set(read.students.map(({ userId }) => userId));
    const graded = items.found.filter(({ maxPoints, state }) => (maxPoints ?? 0) > 0 && (state ?? 'PUBLISHED') === 'PUBLISHED');
    const isGraded = new Set(graded.map(({ id }) => id));
    const at = 'courseWork/-/studentSubmissions';
    const handedIn = graded.length === 0 ? { found: [] } : await all(submissions, at, 'results', (id) => `${classId(course)}/${id}`);
    read.work = graded;
    read.lostWork ||= items.lost;
    for (const row of handedIn.found) {
      if (!isGraded.has(row.courseWorkId) || !isHere.has(row.userId)) continue;
      if (typeof row.assignedGrade === 'number') read.graded.push({ ...row, assignedGrade: row.assignedGrade });
      else if (row.state === 'RETURNED') read.ungraded.push(row);
    }
  }
}

const unreadable = (
  { id, name }: Course,
  entity: Entity,
  key: string,
  note: Page<unknown>['notes'][number],
  idOf: (id: string) => string,
): Problem => ({
  entity,
  severity: 'problem',
  code: note.id === null ? 'id_unreadable' : 'row_unreadable',
  message: `A row of the course’s ${key} could not be read (${note.fields.join(', ')}); what is known of it stays.`,
  sourcedId: note.id === null ? null : idOf(note.id),
  file: name ?? id,
  line: note.index,
  field: note.fields[0] ?? null,
});
