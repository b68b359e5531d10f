/** A row of each OneRoster file to its canonical record. Pure; a field that cannot be read is noted by the table. */
import type { RecordOf } from '../../src/roster/model.ts';
import type { Table } from '../table.ts';
import { readNumber } from '../values.ts';
import { classTypes, enrollmentRoles, orgTypes, personRoles, roleTypes, scoreStatuses, sessionTypes } from '../vocabulary.ts';
import type { ReadFile } from './wire.ts';

/** Given the file, a function that maps its current row. Columns are looked up once, not for every row. */
type Mapper<E extends ReadFile> = (table: Table) => () => RecordOf[E] & { line: number };

function orgs(t: Table) {
  const [name, type, identifier, parent] = [t.column('name'), t.column('type'), t.column('identifier'), t.column('parentSourcedId')];
  return () => ({
    sourcedId: t.id,
    name: t.text(name),
    type: t.word(type, orgTypes) ?? '',
    identifier: t.optional(identifier),
    parentSourcedId: t.optionalReference(parent),
    line: t.line,
  });
}

function academicSessions(t: Table) {
  const [title, type, start, end] = [t.column('title'), t.column('type'), t.column('startDate'), t.column('endDate')];
  const [parent, year] = [t.column('parentSourcedId'), t.column('schoolYear')];
  return () => ({
    sourcedId: t.id,
    title: t.text(title),
    type: t.word(type, sessionTypes) ?? '',
    startDate: t.date(start),
    endDate: t.date(end),
    parentSourcedId: t.optionalReference(parent),
    schoolYear: schoolYear(t, t.optional(year)),
    line: t.line,
  });
}

/** `2021`, or `2020-2021`: the year in which the school year ends. */
function schoolYear(t: Table, written: string | null): number | null {
  if (written === null) return null;
  const years = /^(?:\d{4}\s*[-/]\s*)?(\d{4})$/.exec(written);
  if (!years) t.notes.warn('year_unreadable', 'schoolYear is not a year and was left empty', t.place(t.column('schoolYear')));
  return years ? Number(years[1]) : null;
}

function courses(t: Table) {
  const [title, code, grades] = [t.column('title'), t.column('courseCode'), t.column('grades')];
  const [org, subjects] = [t.column('orgSourcedId'), t.column('subjects')];
  return () => ({
    sourcedId: t.id,
    title: t.text(title),
    courseCode: t.optional(code),
    grades: t.grades(grades),
    orgSourcedId: t.optionalReference(org),
    subjects: t.list(subjects),
    line: t.line,
  });
}

function classes(t: Table) {
  const [title, code, type, location] = [t.column('title'), t.column('classCode'), t.column('classType'), t.column('location')];
  const [grades, course, school] = [t.column('grades'), t.column('courseSourcedId'), t.column('schoolSourcedId')];
  const [terms, subjects, periods] = [t.column('termSourcedIds'), t.column('subjects'), t.column('periods')];
  return () => ({
    sourcedId: t.id,
    title: t.text(title),
    classCode: t.optional(code),
    classType: t.word(type, classTypes),
    location: t.optional(location),
    grades: t.grades(grades),
    courseSourcedId: t.optionalReference(course),
    schoolSourcedId: t.optionalReference(school),
    termSourcedIds: t.list(terms),
    subjects: t.list(subjects),
    periods: t.list(periods),
    line: t.line,
  });
}

function users(t: Table) {
  const [enabled, username, ids, identifier] = [t.column('enabledUser'), t.column('username'), t.column('userIds'), t.column('identifier')];
  const [given, family, middle] = [t.column('givenName'), t.column('familyName'), t.column('middleName')];
  const [preferredGiven, preferredFamily] = [t.column('preferredGivenName'), t.column('preferredFamilyName')];
  const [email, grades] = [t.column('email'), t.column('grades')];
  return () => ({
    sourcedId: t.id,
    enabledUser: t.boolean(enabled, true, null),
    username: t.optional(username),
    userIds: t.list(ids).map(userId),
    givenName: t.text(given),
    familyName: t.text(family),
    middleName: t.optional(middle),
    preferredGivenName: t.optional(preferredGiven),
    preferredFamilyName: t.optional(preferredFamily),
    identifier: t.optional(identifier),
    email: t.optional(email),
    grades: t.grades(grades),
    line: t.line,
  });
}

/** `{type:identifier}`, in 1.0 also a bare identifier, which then has an empty type. */
function userId(written: string): string {
  const pair = written.startsWith('{') && written.endsWith('}') ? written.slice(1, -1).trim() : written;
  return pair.includes(':') ? pair : `:${pair}`;
}

function roles(t: Table) {
  const [user, org, role, type] = [t.column('userSourcedId'), t.column('orgSourcedId'), t.column('role'), t.column('roleType')];
  const [begin, end] = [t.column('beginDate'), t.column('endDate')];
  return () => ({
    sourcedId: t.id,
    userSourcedId: t.reference(user),
    orgSourcedId: t.optionalReference(org),
    role: t.word(role, personRoles) ?? t.reference(role), // a blank role is refused like a blank reference
    roleType: t.word(type, roleTypes),
    beginDate: t.date(begin),
    endDate: t.date(end),
    line: t.line,
  });
}

function enrollments(t: Table) {
  const [klass, user, role] = [t.column('classSourcedId'), t.column('userSourcedId'), t.column('role')];
  const [primary, begin, end] = [t.column('primary'), t.column('beginDate'), t.column('endDate')];
  return () => ({
    sourcedId: t.id,
    classSourcedId: t.reference(klass),
    userSourcedId: t.reference(user),
    role: t.word(role, enrollmentRoles) ?? t.reference(role),
    primary: t.boolean(primary, false, false),
    beginDate: t.date(begin),
    endDate: t.date(end),
    line: t.line,
  });
}

function lineItems(t: Table) {
  const [title, klass, assign, due] = [t.column('title'), t.column('classSourcedId'), t.column('assignDate'), t.column('dueDate')];
  const [least, most] = [t.column('resultValueMin'), t.column('resultValueMax')];
  return () => ({
    sourcedId: t.id,
    title: t.text(title),
    classSourcedId: t.optionalReference(klass),
    assessmentSourcedId: null,
    window: null,
    schoolYear: null,
    assignDate: t.date(assign),
    dueDate: t.date(due),
    resultValueMin: t.number(least),
    resultValueMax: t.number(most),
    line: t.line,
  });
}

function results(t: Table) {
  const [lineItem, student, status] = [t.column('lineItemSourcedId'), t.column('studentSourcedId'), t.column('scoreStatus')];
  const [score, text, date] = [t.column('score'), t.column('textScore'), t.column('scoreDate')];
  return () => {
    const written = t.raw(score);
    const number = written === '' ? null : readNumber(written);
    if (written !== '' && number === null) {
      t.notes.warn('score_is_text', 'score is not a number and was kept as textScore', { sourcedId: t.id, line: t.line, field: 'score' });
    }
    return {
      sourcedId: t.id,
      lineItemSourcedId: t.reference(lineItem),
      studentSourcedId: t.reference(student),
      scoreStatus: t.word(status, scoreStatuses),
      score: number,
      textScore: t.optional(text) ?? (number === null && written !== '' ? written : null),
      scoreDate: t.date(date),
      line: t.line,
    };
  };
}

export const mappers: { [E in ReadFile]: Mapper<E> } = {
  orgs,
  academicSessions,
  courses,
  classes,
  users,
  roles,
  enrollments,
  lineItems,
  results,
};
