/**
 * The canonical roster: what every connector hands to the sync engine, in OneRoster 1.2 words.
 * Pure shapes; imports nobody. Dates are `YYYY-MM-DD`, as the source wrote them (no time zone).
 * References are sourcedIds as the source knows them; the sync engine resolves them.
 */
import { z } from 'zod';

/** OneRoster 1.2 GUID: fewer than 256 characters. We accept any printable characters: real systems use more than the binding allows. */
export const sourcedId = z.string().min(1).max(255);
const date = z.iso.date();
const text = z.string();
const list = z.array(z.string());

export const org = z.object({
  sourcedId,
  name: text,
  /** department · school · district · local · state · national, or the source's own. */
  type: text,
  identifier: text.nullable(),
  parentSourcedId: sourcedId.nullable(),
});

export const academicSession = z.object({
  sourcedId,
  title: text,
  /** gradingPeriod · semester · schoolYear · term, or the source's own. */
  type: text,
  /** Inclusive. */
  startDate: date.nullable(),
  /** Exclusive (OneRoster 1.2 §5). */
  endDate: date.nullable(),
  parentSourcedId: sourcedId.nullable(),
  /** The calendar year in which the school year ends. */
  schoolYear: z.number().int().nullable(),
});

export const course = z.object({
  sourcedId,
  title: text,
  courseCode: text.nullable(),
  grades: list,
  orgSourcedId: sourcedId.nullable(),
  subjects: list,
});

export const klass = z.object({
  sourcedId,
  /** May be empty in real feeds; a screen then composes one from course, period and teacher. */
  title: text,
  classCode: text.nullable(),
  /** homeroom · scheduled, or the source's own. */
  classType: text.nullable(),
  location: text.nullable(),
  grades: list,
  courseSourcedId: sourcedId.nullable(),
  schoolSourcedId: sourcedId.nullable(),
  termSourcedIds: list,
  subjects: list,
  periods: list,
});

export const user = z.object({
  sourcedId,
  enabledUser: z.boolean(),
  username: text.nullable(),
  /** `type:identifier` pairs, e.g. `studentUniqueId:604821`. Used for matching only. */
  userIds: list,
  givenName: text,
  familyName: text,
  middleName: text.nullable(),
  preferredGivenName: text.nullable(),
  preferredFamilyName: text.nullable(),
  identifier: text.nullable(),
  email: text.nullable(),
  /** Normalised to OneRoster grade codes where recognised (KG, 01 … 12); otherwise as written. */
  grades: list,
});

export const role = z.object({
  /** OneRoster 1.1 has no roles file: `userSourcedId/orgSourcedId/role` there. */
  sourcedId,
  userSourcedId: sourcedId,
  orgSourcedId: sourcedId.nullable(),
  /** OneRoster 1.2 vocabulary: aide counselor districtAdministrator guardian parent principal proctor relative siteAdministrator student systemAdministrator teacher. */
  role: text,
  roleType: text.nullable(),
  beginDate: date.nullable(),
  endDate: date.nullable(),
});

export const enrollment = z.object({
  sourcedId,
  classSourcedId: sourcedId,
  userSourcedId: sourcedId,
  /** administrator · proctor · student · teacher (· aide). */
  role: text,
  primary: z.boolean(),
  beginDate: date.nullable(),
  endDate: date.nullable(),
});

export const guardianship = z.object({
  /** `student|guardian` (the pair in sorted order when the source does not say which is which). */
  sourcedId,
  studentSourcedId: sourcedId,
  guardianSourcedId: sourcedId,
  /** True when the source's pair has no direction (OneRoster agents): the sync engine orients it by the users' roles. */
  undirected: z.boolean(),
  /** mother · father · guardian · relative …, in the source's words, lower case; null when unknown. */
  relation: text.nullable(),
  primary: z.boolean(),
  livesWith: z.boolean().nullable(),
  /** A custody or court order forbids contact or access: always wins over every other source. */
  noContact: z.boolean(),
  /** BCP 47, e.g. `es`; null when unknown. */
  language: text.nullable(),
  interpreter: z.boolean().nullable(),
  phone: text.nullable(),
  email: text.nullable(),
  confirmedOn: date.nullable(),
});

export const assessment = z.object({
  sourcedId,
  title: text,
  subject: text.nullable(),
  /** The skill in a family's words, e.g. `words read correctly in one minute`. */
  skill: text.nullable(),
  /** What one point is, in the plural and lower case, e.g. `words`; null when points. */
  unit: text.nullable(),
  scaleMin: z.number().nullable(),
  scaleMax: z.number().nullable(),
  /** Words that stand for scores, lowest first, each from a score on: `1 A`, `2 B`. None: scores are numbers. */
  levels: list.nullable().optional(),
  /** What is learnt, each `source:identifier`, e.g. `case:` and a UUID, `unknown:RF.1.3`. None: the source does not say. */
  objectives: list.nullable().optional(),
});

export const benchmark = z.object({
  sourcedId,
  assessmentSourcedId: sourcedId,
  /** OneRoster grade code; null applies to every grade. */
  grade: text.nullable(),
  /** BOY · MOY · EOY or the vendor's own; null applies to every window. */
  window: text.nullable(),
  /** At or above this score a child meets the benchmark. */
  value: z.number(),
  /** Who says so, e.g. `Oregon DIBELS 8 goals`. */
  source: text.nullable(),
  asOf: date.nullable(),
});

export const lineItem = z.object({
  sourcedId,
  title: text,
  /** Null for an assessment line item that spans classes. */
  classSourcedId: sourcedId.nullable(),
  assessmentSourcedId: sourcedId.nullable(),
  /** BOY · MOY · EOY or the vendor's own. */
  window: text.nullable(),
  schoolYear: z.number().int().nullable(),
  assignDate: date.nullable(),
  dueDate: date.nullable(),
  resultValueMin: z.number().nullable(),
  resultValueMax: z.number().nullable(),
  /** Of a class's own column, as of an assessment; an administration's are its assessment's. */
  levels: list.nullable().optional(),
  objectives: list.nullable().optional(),
});

export const result = z.object({
  sourcedId,
  lineItemSourcedId: sourcedId,
  studentSourcedId: sourcedId,
  /** `fully graded`, `exempt`, … (OneRoster 1.2 §results); null when the source does not say. */
  scoreStatus: text.nullable(),
  /** Points earned; null while ungraded. May exceed the maximum (extra credit). Zero is a score. */
  score: z.number().nullable(),
  textScore: text.nullable(),
  scoreDate: date.nullable(),
  /** Of how many in a hundred comparable children the score is higher, as the test's maker says; 0 to 100. */
  percentile: z.number().min(0).max(100).nullable().optional(),
});

/** Order matters: an entity only refers to entities before it (or to itself). */
export const shapes = {
  orgs: org,
  academicSessions: academicSession,
  courses: course,
  classes: klass,
  users: user,
  roles: role,
  enrollments: enrollment,
  guardianships: guardianship,
  assessments: assessment,
  benchmarks: benchmark,
  lineItems: lineItem,
  results: result,
} as const;

export type Entity = keyof typeof shapes;
export const entities = Object.keys(shapes) as Entity[]; // the keys of a const object are its entities

export type RecordOf = { [E in Entity]: z.infer<(typeof shapes)[E]> };

/** Roles that may ever be a child's guardian (OneRoster 1.2 role vocabulary). */
export const guardianRoles = ['parent', 'guardian', 'relative'] as const;
