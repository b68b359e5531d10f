/** Each of Graph's education objects to its canonical records. Pure. */
import type { RecordOf } from '../../src/roster/model.ts';
import { readDate, schoolYearOf } from '../dates.ts';
import { readGrade } from '../grades.ts';
import type { Klass, School, User } from './wire.ts';

export const toOrg = ({ id, displayName, schoolNumber, externalId }: School): RecordOf['orgs'] => ({
  sourcedId: id,
  name: said(displayName) ?? '',
  type: 'school',
  identifier: said(schoolNumber) ?? said(externalId),
  parentSourcedId: null,
});

/** A class says what its term and course are; they have no listing of their own. */
export function toClass(of: Klass, schoolSourcedId: string | null) {
  const session = toSession(of.term);
  const course = toCourse(of.course);
  const record: RecordOf['classes'] = {
    sourcedId: of.id,
    title: said(of.displayName) ?? said(of.externalName) ?? '',
    classCode: said(of.classCode) ?? said(of.externalId),
    classType: null,
    location: null,
    grades: gradesOf(of.grade),
    courseSourcedId: course?.sourcedId ?? null,
    schoolSourcedId,
    termSourcedIds: session ? [session.sourcedId] : [],
    subjects: course?.subjects ?? [],
    periods: [],
  };
  return { record, session, course };
}

function toSession(term: Klass['term']): RecordOf['academicSessions'] | null {
  const [id, title] = [said(term?.externalId), said(term?.displayName)];
  const key = id ?? title;
  if (key === null) return null;
  const startDate = dateOf(term?.startDate);
  return {
    sourcedId: `term/${key}`,
    title: title ?? key,
    type: 'term',
    startDate,
    endDate: dateOf(term?.endDate),
    parentSourcedId: null,
    schoolYear: startDate === null ? null : schoolYearOf(startDate),
  };
}

function toCourse(course: Klass['course']): RecordOf['courses'] | null {
  const [id, number, title] = [said(course?.externalId), said(course?.courseNumber), said(course?.displayName)];
  const key = id ?? number ?? title;
  if (key === null) return null;
  const subject = said(course?.subject);
  return {
    sourcedId: `course/${key}`,
    title: title ?? key,
    courseCode: number,
    grades: [],
    orgSourcedId: null,
    subjects: subject === null ? [] : [subject],
  };
}

/** The ids by which other systems may know this person; a Teams tab asks for the first. */
export function toUser(of: User): RecordOf['users'] {
  const ids: [string, string | null][] = [
    ['microsoftId', of.id],
    ['userPrincipalName', said(of.userPrincipalName)],
    ['studentExternalId', said(of.student?.externalId)],
    ['studentNumber', said(of.student?.studentNumber)],
    ['teacherExternalId', said(of.teacher?.externalId)],
    ['teacherNumber', said(of.teacher?.teacherNumber)],
    ['immutableId', said(of.onPremisesInfo?.immutableId)],
  ];
  return {
    sourcedId: of.id,
    enabledUser: of.accountEnabled ?? true,
    username: said(of.userPrincipalName),
    userIds: ids.filter(([, value]) => value !== null).map(([type, value]) => `${type}:${value}`),
    // A name is never cut in two: where it falls apart cannot be known.
    givenName: said(of.givenName) ?? (said(of.surname) === null ? (said(of.displayName) ?? '') : ''),
    familyName: said(of.surname) ?? '',
    middleName: said(of.middleName),
    preferredGivenName: null,
    preferredFamilyName: null,
    identifier: said(of.student?.studentNumber) ?? said(of.teacher?.teacherNumber),
    email: said(of.mail),
    grades: gradesOf(of.student?.grade),
  };
}

/** Null for an account that is nobody's in a school. */
export function toRole(user: string, org: string | null, primaryRole: string | null | undefined): RecordOf['roles'] | null {
  const role = said(primaryRole);
  if (role === null || role === 'none') return null;
  return {
    sourcedId: `${user}/${org ?? ''}/${role}`,
    userSourcedId: user,
    orgSourcedId: org,
    role,
    roleType: null,
    beginDate: null,
    endDate: null,
  };
}

export const toEnrollment = (klass: string, user: string, role: 'student' | 'teacher'): RecordOf['enrollments'] => ({
  sourcedId: `${klass}/${user}/${role}`,
  classSourcedId: klass,
  userSourcedId: user,
  role,
  primary: false,
  beginDate: null,
  endDate: null,
});

/** Sample data has " " for nothing. */
export function said(text: string | null | undefined): string | null {
  const trimmed = text?.replaceAll('\0', '').trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

export const dateOf = (text: string | null | undefined): string | null => readDate(said(text) ?? '').date;

const gradesOf = (grade: string | null | undefined): string[] => {
  const written = said(grade);
  return written === null ? [] : [readGrade(written)];
};
