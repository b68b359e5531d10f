/** From Google Classroom's resources to roster records. Pure. A person keeps Google's id, which is also what a sign-in with Google says. */
import type { RecordOf } from '../../src/roster/model.ts';
import type { Course, CourseWork, Guardian, Member, Submission } from './wire.ts';

/** Google's numbers stand beside those of other systems. */
export const classId = ({ id }: Pick<Course, 'id'>): string => `google:${id}`;
export const lineItemId = (course: Pick<Course, 'id'>, workId: string): string => `${classId(course)}/${workId}`;
export const enrollmentId = (course: Course, userId: string, role: string): string => `${classId(course)}/${userId}/${role}`;
export const resultId = (course: Course, { courseWorkId, id }: Pick<Submission, 'courseWorkId' | 'id'>): string =>
  `${lineItemId(course, courseWorkId)}/${id}`;

export const toClass = (course: Course): RecordOf['classes'] => ({
  sourcedId: classId(course),
  title: course.name ?? '',
  classCode: null,
  classType: null,
  location: course.room ?? null,
  grades: [],
  courseSourcedId: null,
  schoolSourcedId: null,
  termSourcedIds: [],
  subjects: course.subject ? [course.subject] : [],
  periods: [],
});

/** Without a profile (people=matched) a person is an id, and an address where the district matches by it. */
export function toUser({ userId, profile }: Member): RecordOf['users'] {
  const { givenName, familyName, fullName } = profile?.name ?? {};
  return {
    sourcedId: userId,
    enabledUser: true,
    username: null,
    userIds: [`google:${userId}`],
    givenName: givenName ?? (familyName ? '' : (fullName ?? '')),
    familyName: familyName ?? '',
    middleName: null,
    preferredGivenName: null,
    preferredFamilyName: null,
    identifier: null,
    email: profile?.emailAddress ?? null,
    grades: [],
  };
}

/** Google numbers a guardian apart from any account. Nothing but the address is taken: it is for finding somebody who is known already. */
export const toGuardian = ({ guardianId, guardianProfile, invitedEmailAddress }: Guardian): RecordOf['users'] => ({
  ...toUser({ userId: `guardian:${guardianId}`, profile: { emailAddress: guardianProfile?.emailAddress ?? invitedEmailAddress } }),
  userIds: [],
});

export const toRole = (userId: string, role: 'teacher' | 'student'): RecordOf['roles'] => ({
  sourcedId: `${userId}/${role}`,
  userSourcedId: userId,
  orgSourcedId: null,
  role,
  roleType: null,
  beginDate: null,
  endDate: null,
});

export const toEnrollment = (course: Course, userId: string, role: 'teacher' | 'student'): RecordOf['enrollments'] => ({
  sourcedId: enrollmentId(course, userId, role),
  classSourcedId: classId(course),
  userSourcedId: userId,
  role,
  primary: false,
  beginDate: null,
  endDate: null,
});

/** @param klass of the roster; absent: the course's own */
export const toLineItem = (course: Course, item: CourseWork, klass = classId(course)): RecordOf['lineItems'] => ({
  sourcedId: lineItemId(course, item.id),
  title: item.title ?? '',
  classSourcedId: klass,
  assessmentSourcedId: null,
  window: null,
  schoolYear: null,
  assignDate: dayOf(item.creationTime),
  dueDate: dueDate(item),
  resultValueMin: 0,
  resultValueMax: item.maxPoints ?? null,
});

export const toResult = (course: Course, row: Submission & { assignedGrade: number }): RecordOf['results'] => ({
  sourcedId: resultId(course, row),
  lineItemSourcedId: lineItemId(course, row.courseWorkId),
  studentSourcedId: row.userId,
  scoreStatus: 'fully graded',
  score: row.assignedGrade,
  textScore: null,
  scoreDate: dayOf(gradedAt(row) ?? row.updateTime),
});

const dayOf = (moment: string | null | undefined): string | null =>
  moment && !Number.isNaN(Date.parse(moment)) ? new Date(moment).toISOString().slice(0, 10) : null;

/** When the grade that stands was given: a submission also changes for other reasons. */
function gradedAt({ submissionHistory }: Submission): string | null {
  const grades = (submissionHistory ?? []).flatMap(({ gradeHistory }) =>
    gradeHistory?.gradeChangeType === 'ASSIGNED_GRADE_POINTS_EARNED_CHANGE' && gradeHistory.gradeTimestamp
      ? [gradeHistory.gradeTimestamp]
      : [],
  );
  return grades.sort().at(-1) ?? null;
}

/** A day the calendar has: anything else is none. */
function dueDate({ dueDate: date }: CourseWork): string | null {
  if (!date?.year || !date.month || !date.day) return null;
  const written = [String(date.year).padStart(4, '0'), ...[date.month, date.day].map((part) => String(part).padStart(2, '0'))].join('-');
  return dayOf(`${written}T00:00:00Z`) === written ? written : null;
}
