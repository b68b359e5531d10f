/** Google Classroom's resources as they arrive, no more of each than is used. What is empty is absent; `fields` asks for just this. */
import { z } from 'zod';

/** Room is left for what is written around them in a sourcedId. */
const id = z.string().min(1).max(100);
const text = z.string().nullish();
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T/)
  .nullish()
  .catch(null);

export const course = z.object({ id, name: text, room: text, subject: text, courseState: text });
export type Course = z.infer<typeof course>;

export const courseAlias = z.object({ alias: z.string().min(1).max(300) });
export type CourseAlias = z.infer<typeof courseAlias>;

const profile = z.object({
  name: z.object({ givenName: text, familyName: text, fullName: text }).nullish(),
  emailAddress: text,
  verifiedTeacher: z.boolean().nullish(),
});
export type Profile = z.infer<typeof profile>;
export const member = z.object({ userId: id, profile: profile.nullish() });
export type Member = z.infer<typeof member>;

export const courseWork = z.object({
  id,
  title: text,
  state: text,
  /** Zero or absent: not graded. */
  maxPoints: z.number().min(0).nullish(),
  creationTime: moment,
  dueDate: z.object({ year: z.number().nullish(), month: z.number().nullish(), day: z.number().nullish() }).nullish(),
});
export type CourseWork = z.infer<typeof courseWork>;

export const submission = z.object({
  id,
  courseWorkId: id,
  userId: id,
  state: text,
  /** What the teacher gave back. A draft is the teacher's alone and is not asked for. */
  assignedGrade: z.number().nullish(),
  updateTime: moment,
  submissionHistory: z
    .array(z.object({ gradeHistory: z.object({ gradeChangeType: text, gradeTimestamp: moment }).nullish() }))
    .nullish()
    .catch(null),
});
export type Submission = z.infer<typeof submission>;

export const guardian = z.object({
  studentId: id,
  guardianId: id,
  guardianProfile: profile.pick({ emailAddress: true }).nullish(),
  invitedEmailAddress: text,
});
export type Guardian = z.infer<typeof guardian>;

const field = (row: unknown, name: string): string | null => {
  const value = (row as Record<string, unknown> | null)?.[name]; // any JSON value has, or lacks, the field
  return typeof value === 'string' && value !== '' ? value : null;
};
const joined = (row: unknown, ...names: string[]): string | null => {
  const parts = names.map((name) => field(row, name));
  return parts.includes(null) ? null : parts.join('/');
};

export type Place<T> = {
  key: string;
  /** Which scope it takes. */
  scope: 'courses' | 'people' | 'grades' | 'guardians';
  shape: z.ZodType<T>;
  idOf: (row: unknown) => string | null;
  /** Of each row. */
  fields: (wants: { names: boolean; emails: boolean }) => string;
};

const people = ({ names, emails }: { names: boolean; emails: boolean }, more: string[]): string => {
  const shown = [...(names ? ['name(givenName,familyName,fullName)'] : []), ...(emails ? ['emailAddress'] : []), ...more];
  return `userId${shown.length > 0 ? `,profile(${shown.join(',')})` : ''}`;
};

export const courses: Place<Course> = {
  key: 'courses',
  scope: 'courses',
  shape: course,
  idOf: (row) => field(row, 'id'),
  fields: () => 'id,name,room,subject,courseState',
};
export const aliases: Place<CourseAlias> = {
  key: 'aliases',
  scope: 'courses',
  shape: courseAlias,
  idOf: (row) => field(row, 'alias'),
  fields: () => 'alias',
};
export const teachers: Place<Member> = {
  key: 'teachers',
  scope: 'people',
  shape: member,
  idOf: (row) => field(row, 'userId'),
  fields: (wants) => people(wants, ['verifiedTeacher']),
};
export const students: Place<Member> = { ...teachers, key: 'students', fields: (wants) => people(wants, []) };
export const work: Place<CourseWork> = {
  key: 'courseWork',
  scope: 'grades',
  shape: courseWork,
  idOf: (row) => field(row, 'id'),
  fields: () => 'id,title,state,maxPoints,creationTime,dueDate',
};
export const submissions: Place<Submission> = {
  key: 'studentSubmissions',
  scope: 'grades',
  shape: submission,
  idOf: (row) => joined(row, 'courseWorkId', 'id'),
  fields: () => 'id,courseWorkId,userId,state,assignedGrade,updateTime,submissionHistory(gradeHistory(gradeChangeType,gradeTimestamp))',
};
export const guardians: Place<Guardian> = {
  key: 'guardians',
  scope: 'guardians',
  shape: guardian,
  idOf: (row) => joined(row, 'studentId', 'guardianId'),
  fields: () => 'studentId,guardianId,guardianProfile(emailAddress),invitedEmailAddress',
};
