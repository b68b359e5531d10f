/**
 * Microsoft School Data Sync CSV 2.1 as it arrives: file names, columns in their order, vocabularies. Passwords, flags and demographics
 * are not read. https://learn.microsoft.com/schooldatasync/sds-v2.1-csv-file-format
 */
import type { Entity } from '../../src/roster/model.ts';
import type { Shape } from '../header.ts';
import { vocabulary } from '../vocabulary.ts';

const shape = (columns: Shape['columns'], id: 'sourcedId' | null): Shape => ({
  columns: id === null ? columns : { sourcedId: [], ...columns },
  id,
  strict: true,
});

/** The files that are read, by what they hold, in an order in which a record only refers to files before its own. */
export const files = {
  orgs: 'orgs',
  academicSessions: 'academicSessions',
  courses: 'courses',
  classes: 'classes',
  users: 'users',
  roles: 'roles',
  enrollments: 'enrollments',
  guardianships: 'relationships',
} as const satisfies Partial<Record<Entity, string>>;
export type ReadEntity = keyof typeof files;
export const readEntities = Object.keys(files) as ReadEntity[]; // the keys of a const object are its entities

/** Files of the format that hold nothing we ask for. */
export const unreadFiles: readonly string[] = ['demographics', 'userFlags'];

export const shapes: Record<ReadEntity, Shape> = {
  orgs: shape({ name: [], type: [], parentSourcedId: [] }, 'sourcedId'),
  academicSessions: shape({ title: [], type: [], schoolYear: [], startDate: [], endDate: [] }, 'sourcedId'),
  courses: shape({ orgSourcedId: [], title: [], code: [], schoolYearSourcedId: [], subject: [], grade: [] }, 'sourcedId'),
  classes: shape({ orgSourcedId: [], title: [], sessionSourcedIds: ['sessionSourcedId'], courseSourcedId: [], code: [] }, 'sourcedId'),
  users: shape(
    { username: [], givenName: [], familyName: [], password: [], activeDirectoryMatchId: [], email: [], phone: [], sms: [] },
    'sourcedId',
  ),
  roles: shape(
    {
      userSourcedId: [],
      orgSourcedId: [],
      role: [],
      sessionSourcedId: [],
      grade: [],
      isPrimary: [],
      roleStartDate: [],
      roleEndDate: [],
    },
    null,
  ),
  enrollments: shape({ classSourcedId: [], userSourcedId: [], role: [] }, null),
  guardianships: shape({ userSourcedId: [], relationshipUserSourcedId: [], relationshipRole: [] }, null),
};

/** Without these columns no row of the file says anything. */
export const keys: Partial<Record<ReadEntity, readonly string[]>> = {
  roles: ['userSourcedId', 'orgSourcedId', 'role'],
  enrollments: ['classSourcedId', 'userSourcedId', 'role'],
  guardianships: ['userSourcedId', 'relationshipUserSourcedId', 'relationshipRole'],
};

export const orgTypes = vocabulary(
  ...['school', 'district', 'department', 'local', 'state', 'national', 'university', 'college', 'campus', 'division', 'region'],
  ...['province', 'municipality', 'adultEducation', 'researchCenter', 'program', 'ministryOfEducation', 'departmentOfEducation'],
  ...['localAuthority', 'academicTrust'],
);
export const sessionTypes = vocabulary('gradingPeriod', 'semester', 'schoolYear', 'term');

/** Of roles.csv and enrollments.csv. */
export const roleWords = vocabulary(
  ...['student', 'alumni', 'teacher', 'professor', 'faculty', 'lecturer', 'adjunct', 'instructor', 'substitute', 'teacherAssistant'],
  ...['assistant', 'paraprofessional', 'aide', 'chair', 'researcher', 'affiliate', 'occupationalTherapist', 'physicalTherapist'],
  ...['speechTherapist', 'visionTherapist', 'specialServices', 'advisor', 'counselor', 'proctor', 'nurse', 'officeStaff', 'itAdmin'],
  ...['principal', 'administrator', 'staff', 'coach', 'parent', 'guardian', 'relative', 'other'],
);

/** Whoever stands before a class is a OneRoster teacher; the rest are no more than their own word says. */
const standFor = new Map([
  ...['professor', 'faculty', 'lecturer', 'adjunct', 'instructor', 'substitute'].map((word): [string, string] => [word, 'teacher']),
  ...['teacherAssistant', 'assistant', 'paraprofessional'].map((word): [string, string] => [word, 'aide']),
]);
export const oneRosterRole = (word: string): string => standFor.get(word) ?? word;
