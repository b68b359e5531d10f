/** A row of each OneRoster listing to its canonical record. Pure; a field that cannot be read is noted by `Fields`. */
import type { RecordOf } from '../../src/roster/model.ts';
import { classTypes, enrollmentRoles, orgTypes, scoreStatuses, sessionTypes } from '../vocabulary.ts';
import type { Fields } from './fields.ts';

type Mapped = 'orgs' | 'academicSessions' | 'courses' | 'classes' | 'users' | 'enrollments' | 'lineItems' | 'results';
type Mapper<E extends Mapped> = (f: Fields) => RecordOf[E];

const orgs: Mapper<'orgs'> = (f) => ({
  sourcedId: f.id,
  name: f.text('name'),
  type: f.word('type', orgTypes) ?? '',
  identifier: f.optional('identifier'),
  parentSourcedId: f.optionalReference('parent'),
});

const academicSessions: Mapper<'academicSessions'> = (f) => ({
  sourcedId: f.id,
  title: f.text('title'),
  type: f.word('type', sessionTypes) ?? '',
  startDate: f.date('startDate'),
  endDate: f.date('endDate'),
  parentSourcedId: f.optionalReference('parent'),
  schoolYear: schoolYear(f),
});

/** `2027`, or `2026-2027`: the year in which the school year ends. */
function schoolYear(f: Fields): number | null {
  const written = f.optional('schoolYear');
  if (written === null) return null;
  const year = /^(?:\d{4}\s*[-/]\s*)?(\d{4})$/.exec(written)?.[1];
  if (year === undefined) f.strange('year_unreadable', 'schoolYear', 'is not a year and was left empty');
  return year === undefined ? null : Number(year);
}

const courses: Mapper<'courses'> = (f) => ({
  sourcedId: f.id,
  title: f.text('title'),
  courseCode: f.optional('courseCode'),
  grades: f.grades('grades'),
  orgSourcedId: f.optionalReference('org'),
  subjects: f.list('subjects'),
});

const classes: Mapper<'classes'> = (f) => ({
  sourcedId: f.id,
  title: f.text('title'),
  classCode: f.optional('classCode'),
  classType: f.word('classType', classTypes),
  location: f.optional('location'),
  grades: f.grades('grades'),
  courseSourcedId: f.optionalReference('course'),
  schoolSourcedId: f.optionalReference('school'),
  termSourcedIds: f.references('terms'),
  subjects: f.list('subjects'),
  periods: f.list('periods'),
});

const users: Mapper<'users'> = (f) => ({
  sourcedId: f.id,
  enabledUser: f.boolean('enabledUser', true, null),
  username: f.optional('username'),
  userIds: userIds(f),
  givenName: f.text('givenName'),
  familyName: f.text('familyName'),
  middleName: f.optional('middleName'),
  preferredGivenName: f.first('preferredFirstName', 'preferredGivenName'),
  preferredFamilyName: f.first('preferredLastName', 'preferredFamilyName'),
  identifier: f.optional('identifier'),
  email: f.optional('email'),
  grades: f.grades('grades'),
});

/** `type:identifier`; an id without a type, as some 1.1 servers give, has an empty one. */
function userIds(f: Fields): string[] {
  const ids = f.objects('userIds').map(({ type, identifier }) => [type, identifier].map((part) => String(part ?? '').trim()));
  return ids.filter(([, identifier]) => identifier !== '').map(([type, identifier]) => `${type}:${identifier}`);
}

const enrollments: Mapper<'enrollments'> = (f) => ({
  sourcedId: f.id,
  classSourcedId: f.reference('class'),
  userSourcedId: f.reference('user'),
  role: f.word('role', enrollmentRoles) ?? f.reference('role'), // a blank role is refused like a blank reference
  primary: f.boolean('primary', false, false),
  beginDate: f.date('beginDate'),
  endDate: f.date('endDate'),
});

const lineItems: Mapper<'lineItems'> = (f) => ({
  sourcedId: f.id,
  title: f.text('title'),
  classSourcedId: f.optionalReference('class'),
  assessmentSourcedId: null,
  window: null,
  schoolYear: null,
  assignDate: f.date('assignDate'),
  dueDate: f.date('dueDate'),
  resultValueMin: f.number('resultValueMin'),
  resultValueMax: f.number('resultValueMax'),
  levels: null,
  objectives: objectives(f),
});

/** Which objectives a column is of. How a child stands in each is not read: no page may say it. */
export const objectives = (f: Fields): string[] | null => f.identifiers('learningObjectiveSet', 'learningObjectiveIds');

const results: Mapper<'results'> = (f) => scored(f, f.id, f.reference('lineItem'));

/** What a result of either kind says. A score that is no number is a text score. */
function scored(f: Fields, sourcedId: string, lineItemSourcedId: string): RecordOf['results'] {
  const written = f.optional('score');
  const score = written === null || Number.isNaN(Number(written)) ? null : Number(written);
  if (written !== null && score === null) f.strange('score_is_text', 'score', 'is not a number and was kept as textScore');
  return {
    sourcedId,
    lineItemSourcedId,
    studentSourcedId: f.reference('student'),
    scoreStatus: f.word('scoreStatus', scoreStatuses),
    score,
    textScore: f.optional('textScore') ?? (score === null ? written : null),
    scoreDate: f.date('scoreDate'),
  };
}

/** An assessment's result, with its percentile. */
export function assessed(f: Fields, sourcedId: string, lineItemSourcedId: string): RecordOf['results'] {
  const result = scored(f, sourcedId, lineItemSourcedId);
  const percentile = f.number('scorePercentile');
  result.percentile = percentile !== null && percentile >= 0 && percentile <= 100 ? percentile : null;
  return result;
}

export const mappers: { [E in Mapped]: Mapper<E> } = { orgs, academicSessions, courses, classes, users, enrollments, lineItems, results };
