/** The sample district as a Google Workspace domain: one course for each homeroom, with graded work. Google's own types; pure. */
import type { classroom_v1 } from '@googleapis/classroom';
import { guardiansOf, type Name, staffMember, studentAt, teachersOf as teacherIds } from '../district/people.ts';
import { familyLead, type Homeroom, type Options, type Plan, planDistrict, studentsOf } from '../district/plan.ts';
import { draw, stream } from '../district/random.ts';

type Schema = {
  course: classroom_v1.Schema$Course;
  teacher: classroom_v1.Schema$Teacher;
  student: classroom_v1.Schema$Student;
  work: classroom_v1.Schema$CourseWork;
  submission: classroom_v1.Schema$StudentSubmission;
  guardian: classroom_v1.Schema$Guardian;
  alias: classroom_v1.Schema$CourseAlias;
};
type Members<T> = Record<string, T[]>;

export type Domain = {
  courses: Schema['course'][];
  /** By course. */
  teachers: Members<Schema['teacher']>;
  students: Members<Schema['student']>;
  courseWork: Members<Schema['work']>;
  studentSubmissions: Members<Schema['submission']>;
  guardians: Schema['guardian'][];
  /** By course; a tool that fills Classroom from the information system leaves its class's id there. */
  aliases: Members<Schema['alias']>;
};

/** Twenty-one digits, as Google has them; nothing of the district's own number can be read from it. */
const digits = (kind: number, of: string): string => {
  const number = [...of].reduce((sum, char) => (sum * 131n + BigInt(char.charCodeAt(0))) % 10n ** 19n, BigInt(kind));
  return `1${kind}${String(number).padStart(19, '0')}`;
};
/** @param sourcedId of a student or a member of staff in the sample district */
export const accountId = (sourcedId: string): string => digits(0, sourcedId);
export const courseIdOf = (room: Pick<Homeroom, 'index'>): string => String(612_000_000_000 + room.index * 7919);

export const adminEmail = 'it@willow.example';
const made = '2026-08-17T13:00:00.000Z';

const profileOf = (id: string, { givenName, familyName }: Name, emailAddress: string): classroom_v1.Schema$UserProfile => ({
  id,
  name: { givenName, familyName, fullName: `${givenName} ${familyName}` },
  emailAddress,
  photoUrl: `//lh3.example/${id}`,
});

export function sampleDomain(options: Options = {}): Domain {
  const plan = planDistrict(options);
  const domain: Domain = { courses: [], teachers: {}, students: {}, courseWork: {}, studentSubmissions: {}, guardians: [], aliases: {} };
  for (const room of plan.homerooms) addCourse(domain, plan, room);
  return domain;
}

function addCourse(domain: Domain, plan: Plan, room: Homeroom): void {
  const courseId = courseIdOf(room);
  const staff = [...new Set(teacherIds(plan, room))].map((id) => staffMember(plan, id));
  const children = [...studentsOf(plan, room)].map((student) => ({ student, ...studentAt(plan, room.school, student) }));
  domain.courses.push({
    id: courseId,
    name: room.title,
    section: room.school.name,
    room: `Room ${room.room}`,
    subject: 'Reading',
    ownerId: accountId(staff[0]?.id ?? ''),
    courseState: 'ACTIVE',
    creationTime: made,
    updateTime: made,
    enrollmentCode: `c${room.index}`,
    guardiansEnabled: true,
  });
  domain.teachers[courseId] = staff.map((person) => ({
    courseId,
    userId: accountId(person.id),
    profile: { ...profileOf(accountId(person.id), person, person.email), verifiedTeacher: true },
  }));
  domain.students[courseId] = children.map((person) => ({
    courseId,
    userId: accountId(person.id),
    profile: profileOf(accountId(person.id), person, person.email),
  }));
  domain.aliases[courseId] = [{ alias: `d:${room.id}` }];
  domain.courseWork[courseId] = workOf(courseId, accountId(staff[0]?.id ?? ''));
  domain.studentSubmissions[courseId] = children.flatMap(({ student, id }) => submissionsOf(plan, courseId, student, accountId(id)));
  for (const { student, id } of children) {
    for (const guardian of guardiansOf(plan, familyLead(plan, room.school, student)).filter(({ noContact }) => !noContact)) {
      if (draw(plan.seed, stream.household, student * 4) > 0.6) continue; // most never accept the invitation
      const guardianId = digits(5, guardian.id);
      const guardianProfile = profileOf(guardianId, guardian, guardian.email);
      domain.guardians.push({ studentId: accountId(id), guardianId, guardianProfile, invitedEmailAddress: guardian.email });
    }
  }
}

/** Three that are graded, one that never is, and one the teacher has not published. */
function workOf(courseId: string, creatorUserId: string): Schema['work'][] {
  const common = { courseId, creatorUserId, workType: 'ASSIGNMENT', creationTime: '2026-09-14T14:30:00.000Z', updateTime: made };
  return [
    { ...common, id: '1', title: 'Sight words, list 1', state: 'PUBLISHED', maxPoints: 20, dueDate: { year: 2026, month: 9, day: 18 } },
    { ...common, id: '2', title: 'Sight words, list 2', state: 'PUBLISHED', maxPoints: 20, dueDate: { year: 2026, month: 10, day: 2 } },
    { ...common, id: '3', title: 'Counting jar', state: 'PUBLISHED', maxPoints: 12 },
    { ...common, id: '4', title: 'A picture of my family', state: 'PUBLISHED' },
  ];
}

/** The second list is graded, but not given back to one child in five; the third is not graded yet. */
function submissionsOf(plan: Plan, courseId: string, student: number, userId: string): Schema['submission'][] {
  const share = draw(plan.seed, stream.ability, student);
  return ['1', '2', '3', '4'].map((courseWorkId, at) => {
    const common = { courseId, courseWorkId, id: `Cg4I${userId.slice(-9)}${courseWorkId}`, userId, updateTime: '2026-10-05T18:00:00.000Z' };
    const grade = Math.round(8 + 12 * share) - at;
    if (at > 1) return { ...common, state: 'TURNED_IN' };
    if (at === 1 && student % 5 === 0) return { ...common, state: 'TURNED_IN', draftGrade: grade };
    const gradeTimestamp = at === 0 ? '2026-09-21T16:00:00.000Z' : '2026-10-05T16:00:00.000Z';
    const gradeHistory = {
      pointsEarned: grade,
      maxPoints: 20,
      gradeTimestamp,
      actorUserId: '1',
      gradeChangeType: 'ASSIGNED_GRADE_POINTS_EARNED_CHANGE',
    };
    return { ...common, state: 'RETURNED', assignedGrade: grade, draftGrade: grade, submissionHistory: [{ gradeHistory }] };
  });
}
