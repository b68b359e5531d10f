/**
 * From a course's members and grade book to roster records. Pure. A person is called `sub:` and what the platform calls them: what launches
 * call them too, and what no student information system would (src/access/match.ts looks for it).
 */
import { createHash } from 'node:crypto';
import type { RecordOf } from '../../src/roster/model.ts';
import type { Course } from './courses.ts';
import type { LineItem, Member, Result } from './wire.ts';

export const userId = (sub: string): string => `sub:${sub}`;
export const enrollmentId = (course: Course, sub: string): string => `${course.key}/${userId(sub)}`;

/** One for all who have none. */
const none: string[] = [];

export const toClass = ({ key, title }: Course): RecordOf['classes'] => ({
  sourcedId: key,
  title: title ?? '',
  classCode: null,
  classType: null,
  location: null,
  grades: [],
  courseSourcedId: null,
  schoolSourcedId: null,
  termSourcedIds: [],
  subjects: [],
  periods: [],
});

/** A platform that keeps names to itself leaves them empty; one that gives only the whole name is not second-guessed where to cut it. */
export function toUser(sourcedId: string, row: Member): RecordOf['users'] {
  const parted = row.given_name !== null || row.family_name !== null;
  return {
    sourcedId,
    enabledUser: true,
    username: null,
    userIds: row.lis_person_sourcedid === null ? none : [`lis:${row.lis_person_sourcedid}`],
    givenName: (parted ? row.given_name : row.name) ?? '',
    familyName: row.family_name ?? '',
    middleName: row.middle_name,
    preferredGivenName: null,
    preferredFamilyName: null,
    identifier: null,
    email: row.email,
    grades: none,
  };
}

export const toRole = (userSourcedId: string, role: 'teacher' | 'student'): RecordOf['roles'] => ({
  sourcedId: `${userSourcedId}/${role}`,
  userSourcedId,
  orgSourcedId: null,
  role,
  roleType: null,
  beginDate: null,
  endDate: null,
});

export const toEnrollment = (course: Course, userSourcedId: string, role: 'teacher' | 'student'): RecordOf['enrollments'] => ({
  sourcedId: `${course.key}/${userSourcedId}`,
  classSourcedId: course.key,
  userSourcedId,
  role,
  primary: false,
  beginDate: null,
  endDate: null,
});

/** Its address, where that is short enough to be an id: platforms number columns in many ways, and all are in it. */
const lineItemId = (course: Course, address: string): string => {
  const id = `${course.key}/${address}`;
  return id.length <= 255 ? id : `${course.key}/${createHash('sha256').update(address).digest('hex')}`;
};

export const toLineItem = (course: Course, item: LineItem): RecordOf['lineItems'] => ({
  sourcedId: lineItemId(course, item.id),
  title: item.label ?? '',
  classSourcedId: course.key,
  assessmentSourcedId: null,
  window: null,
  schoolYear: null,
  assignDate: item.startDateTime?.slice(0, 10) ?? null,
  dueDate: item.endDateTime?.slice(0, 10) ?? null,
  resultValueMin: item.scoreMaximum ? 0 : null,
  resultValueMax: item.scoreMaximum ?? null,
});

/** A platform may count a result to another maximum than its column's. No score is null, and nothing else is. */
export function toResult(course: Course, item: LineItem, row: Result): RecordOf['results'] {
  const { scoreMaximum: most } = item;
  const { userId: sub, resultScore: score, resultMaximum: of } = row;
  const isScored = score !== null && score !== undefined;
  return {
    sourcedId: createHash('sha256')
      .update(`${lineItemId(course, item.id)} ${sub}`)
      .digest('hex'),
    lineItemSourcedId: lineItemId(course, item.id),
    studentSourcedId: userId(sub),
    scoreStatus: null,
    score: !isScored ? null : most && of && of !== most ? (score * most) / of : score,
    textScore: null,
    scoreDate: null,
  };
}

/** `/results` and `/scores` come before a query (Assignment and Grade Services 2.0 §3.3, §3.4). */
export function resultsAddress(lineItem: string): URL {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/results`;
  return url;
}
