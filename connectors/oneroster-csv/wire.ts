/** OneRoster CSV as it arrives: file names, columns in the order of the binding (1.1 and 1.2 together), other spellings met, vocabularies. */
import type { Entity } from '../../src/roster/model.ts';
import type { Shape } from '../header.ts';

const head = { sourcedId: [], status: [], dateLastModified: ['dataLastModified'] } as const;
const shape = (columns: Shape['columns']): Shape => ({ columns: { ...head, ...columns }, id: 'sourcedId', strict: true });

/** The files that are read, in an order in which a record only refers to files before its own. */
export const readFiles = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'roles',
  'enrollments',
  'lineItems',
  'results',
] as const satisfies readonly Entity[];
export type ReadFile = (typeof readFiles)[number];

/** 1.2's files that say more of line items. */
export const besideFiles = ['scoreScales', 'lineItemScoreScales', 'lineItemLearningObjectiveIds'] as const;
export type BesideFile = (typeof besideFiles)[number];

/** Files of the format that hold nothing we ask for. */
export const unreadFiles: readonly string[] = [
  'demographics',
  'categories',
  'resources',
  'classResources',
  'courseResources',
  'courseResourses', // so spelt in the 1.2 binding's own table 2.1
  'userResources',
  'userProfiles',
  'resultScoreScales',
  'resultLearningObjectiveIds',
];

export const shapes: Record<ReadFile, Shape> = {
  orgs: shape({ name: [], type: [], identifier: [], parentSourcedId: [] }),
  academicSessions: shape({ title: [], type: [], startDate: [], endDate: [], parentSourcedId: [], schoolYear: [] }),
  courses: shape({
    schoolYearSourcedId: ['schoolYearId'],
    title: [],
    courseCode: [],
    grades: ['grade'],
    orgSourcedId: [],
    subjects: [],
    subjectCodes: [],
  }),
  classes: shape({
    title: [],
    grades: ['grade'],
    courseSourcedId: [],
    classCode: [],
    classType: [],
    location: [],
    schoolSourcedId: [],
    termSourcedIds: ['termSourcedId'],
    subjects: [],
    subjectCodes: [],
    periods: [],
  }),
  users: shape({
    enabledUser: [],
    orgSourcedIds: [],
    role: [],
    username: [],
    userIds: ['userId'],
    givenName: [],
    familyName: [],
    middleName: [],
    identifier: [],
    email: [],
    sms: [],
    phone: [],
    agentSourcedIds: ['agents'],
    grades: ['grade'],
    password: [],
    userMasterIdentifier: [],
    resourceSourcedIds: [],
    preferredGivenName: ['prefferedGivenName'],
    preferredMiddleName: ['prefferedMiddleName'],
    preferredFamilyName: ['prefferedFamilyName'],
    primaryOrgSourcedId: [],
    pronouns: [],
  }),
  roles: shape({ userSourcedId: [], roleType: [], role: [], beginDate: [], endDate: [], orgSourcedId: [], userProfileSourcedId: [] }),
  enrollments: shape({
    classSourcedId: [],
    schoolSourcedId: [],
    userSourcedId: [],
    role: [],
    primary: [],
    beginDate: [],
    endDate: [],
  }),
  lineItems: shape({
    title: [],
    description: [],
    assignDate: [],
    dueDate: [],
    classSourcedId: [],
    categorySourcedId: [],
    gradingPeriodSourcedId: [], // 1.1's name for the next
    academicSessionSourcedId: [],
    resultValueMin: [],
    resultValueMax: [],
    schoolSourcedId: [],
  }),
  results: shape({
    lineItemSourcedId: [],
    studentSourcedId: [],
    scoreStatus: [],
    score: [],
    scoreDate: [],
    comment: [],
    textScore: [],
    classSourcedId: [],
    inProgress: [],
    incomplete: [],
    late: [],
    missing: [],
  }),
};
