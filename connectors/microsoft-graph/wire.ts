/**
 * Microsoft Graph's education objects as they arrive, no more of each than is read. Checked against Microsoft's own types when this compiles:
 * every field is one of theirs, and takes whatever theirs may hold. https://learn.microsoft.com/graph/api/resources/education-overview
 */
import type {
  EducationAssignment,
  EducationAssignmentPointsGradeType,
  EducationClass,
  EducationPointsOutcome,
  EducationSchool,
  EducationSubmission,
  EducationSubmissionIndividualRecipient,
  EducationUser,
  ReadingAssignmentSubmission,
} from '@microsoft/microsoft-graph-types';
import { z } from 'zod';

/** Microsoft's types let even an id be absent; it never is. */
type Whole<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
type Refuses<Theirs, Ours> = {
  [K in keyof Ours]-?: K extends keyof Theirs ? (Whole<Theirs>[K] extends Ours[K] ? never : K) : K;
}[keyof Ours];

/** Compiles only where nothing of theirs would be refused. */
const reads =
  <Theirs>() =>
  <S extends z.ZodObject>(shape: [Refuses<Theirs, z.input<S>>] extends [never] ? S : Refuses<Theirs, z.input<S>>): S =>
    shape as S; // or it had not compiled

const id = z.string().min(1).max(255);
const text = z.string().nullish();

export const identified = z.object({ id });
export const titled = z.object({ id, displayName: text });

export const school = reads<EducationSchool>()(z.object({ id, displayName: text, externalId: text, schoolNumber: text }));
export type School = z.infer<typeof school>;

const course = z.object({ externalId: text, courseNumber: text, displayName: text, subject: text }).nullish();
const term = z.object({ externalId: text, displayName: text, startDate: text, endDate: text }).nullish();
export const klass = reads<EducationClass>()(
  z.object({ id, displayName: text, classCode: text, externalId: text, externalName: text, grade: text, course, term }),
);
export type Klass = z.infer<typeof klass>;

export const user = reads<EducationUser>()(
  z.object({
    id,
    accountEnabled: z.boolean().nullish(),
    primaryRole: text,
    userPrincipalName: text,
    mail: text,
    displayName: text,
    givenName: text,
    middleName: text,
    surname: text,
    student: z.object({ externalId: text, studentNumber: text, grade: text }).nullish(),
    teacher: z.object({ externalId: text, teacherNumber: text }).nullish(),
    onPremisesInfo: z.object({ immutableId: text }).nullish(),
  }),
);
export type User = z.infer<typeof user>;

export const person = reads<EducationUser>()(z.object({ id, primaryRole: text }));
export type Person = z.infer<typeof person>;

/** Told by /beta only, and only where it is selected. A contact has no id. */
const contact = z.object({
  displayName: text,
  emailAddress: text,
  mobilePhone: text,
  relationship: text,
  accessConsent: z.boolean().nullish(),
});
export type Contact = z.infer<typeof contact>;
export const withContacts = z.object({ id, primaryRole: text, relatedContacts: z.array(contact).nullish() });

/** The kinds of grading and of recipient are told apart by their fields: they have none in common. */
export const assignment = reads<Omit<EducationAssignment, 'grading'> & { grading: EducationAssignmentPointsGradeType | null }>()(
  z.object({
    id,
    displayName: text,
    status: text,
    assignedDateTime: text,
    dueDateTime: text,
    lastModifiedDateTime: text,
    grading: z.object({ maxPoints: z.number().nullish() }).nullish(),
  }),
);
export type Assignment = z.infer<typeof assignment>;

const outcome = z.object({ publishedPoints: z.object({ points: z.number().nullish() }).nullish() });
type IndividualSubmission = Omit<EducationSubmission, 'recipient' | 'outcomes'> & {
  recipient: EducationSubmissionIndividualRecipient | null;
  outcomes: EducationPointsOutcome[] | null;
};
export const submission = reads<IndividualSubmission>()(
  z.object({
    id,
    status: text,
    returnedDateTime: text,
    recipient: z.object({ userId: text }).nullish(),
    outcomes: z.array(outcome).nullish(),
  }),
);
export type Submission = z.infer<typeof submission>;

export const readingSubmission = reads<ReadingAssignmentSubmission>()(
  z.object({
    action: z.string().optional(),
    assignmentId: z.string(),
    classId: text,
    studentId: text,
    submissionId: text,
    submissionDateTime: z.string(),
    wordsPerMinute: z.number(),
    accuracyScore: z.number(),
  }),
);
export type ReadingSubmission = z.infer<typeof readingSubmission>;

/** What is selected of each. */
export const fieldsOf = (shape: z.ZodObject): string => Object.keys(shape.shape).join(',');
