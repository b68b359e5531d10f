/**
 * The sample district as a Microsoft 365 tenant holds it, in Microsoft's own types: what School Data Sync would have made of it. Ids are the
 * tenant's; the district's stand in the external ids. Pure.
 */
import { createHash } from 'node:crypto';
import type {
  EducationAssignment,
  EducationAssignmentPointsGrade,
  EducationAssignmentPointsGradeType,
  EducationClass,
  EducationPointsOutcome,
  EducationSchool,
  EducationSubmission,
  EducationSubmissionIndividualRecipient,
  EducationUser,
  ReadingAssignmentSubmission,
} from '@microsoft/microsoft-graph-types';
import { emergencyContactOf, guardiansOf, staffMember, studentAt } from '../district/people.ts';
import {
  coTeacherId,
  familyLead,
  gradeCode,
  type Homeroom,
  type Options,
  type Plan,
  planDistrict,
  schoolYear,
  studentId,
  studentsOf,
  teacherId,
} from '../district/plan.ts';
import { measures, scoreOf } from '../district/scores.ts';

type Identified<T> = T & { id: string };
/** Known to /beta only, so not to Microsoft's types. */
export type RelatedContact = {
  displayName: string;
  emailAddress: string | null;
  mobilePhone: string | null;
  relationship: 'parent' | 'relative' | 'aide' | 'doctor' | 'guardian' | 'child' | 'other';
  accessConsent: boolean;
};
export type Submission = Omit<Identified<EducationSubmission>, 'recipient' | 'outcomes'> & {
  recipient: EducationSubmissionIndividualRecipient & { '@odata.type': string };
  outcomes: (Identified<EducationPointsOutcome> & { '@odata.type': string })[];
};
export type Assignment = Omit<Identified<EducationAssignment>, 'grading'> & {
  grading: (EducationAssignmentPointsGradeType & { '@odata.type': string }) | null;
};

export type Tenant = {
  schools: Identified<EducationSchool>[];
  classes: Identified<EducationClass>[];
  users: Identified<EducationUser>[];
  /** By school. */
  schoolClasses: Record<string, string[]>;
  schoolUsers: Record<string, string[]>;
  /** By class. */
  members: Record<string, string[]>;
  teachers: Record<string, string[]>;
  assignments: Record<string, Assignment[]>;
  /** By assignment. */
  submissions: Record<string, Submission[]>;
  /** By student. */
  contacts: Record<string, RelatedContact[]>;
  reading: ReadingAssignmentSubmission[];
};

export const tenantId = (of: string): string => {
  const hex = createHash('sha256').update(of).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
};

/** @param today when children last read aloud: Graph hands that out day by day, up to now */
export function sampleTenant(options: Options = {}, today = new Date()): Tenant {
  const plan = planDistrict(options);
  const tenant: Tenant = {
    schools: plan.schoolList.map(({ id, name, index }) => ({
      id: tenantId(id),
      displayName: name,
      externalId: id,
      schoolNumber: String(index + 1),
      externalSource: 'sis',
    })),
    classes: [],
    users: [],
    schoolClasses: {},
    schoolUsers: {},
    members: {},
    teachers: {},
    assignments: {},
    submissions: {},
    contacts: {},
    reading: [],
  };
  for (const { id } of tenant.schools) {
    tenant.schoolClasses[id] = [];
    tenant.schoolUsers[id] = [];
  }
  for (const room of plan.homerooms) addRoom(tenant, plan, room, today);
  return tenant;
}

function addRoom(tenant: Tenant, plan: Plan, room: Homeroom, today: Date): void {
  const id = tenantId(room.id);
  const grade = gradeCode(room.grade);
  tenant.classes.push({
    id,
    displayName: room.title,
    externalName: room.title,
    externalId: room.id,
    externalSource: 'sis',
    classCode: room.id,
    mailNickname: room.id,
    grade,
    term: {
      externalId: `ses-${schoolYear.ends}`,
      displayName: schoolYear.name,
      startDate: schoolYear.firstDay,
      endDate: schoolYear.dayAfter,
    },
    course: { externalId: `crs-${room.grade}`, courseNumber: `HR${grade}`, displayName: `Homeroom, grade ${grade}`, subject: 'Homeroom' },
  });
  const school = tenantId(room.school.id);
  tenant.schoolClasses[school]?.push(id);
  const teachers = [teacherId(room.index), ...(coTeacherId(room.index) === plan.staffFamily.teacherId ? [plan.staffFamily.teacherId] : [])];
  const students = [...studentsOf(plan, room)];
  for (const one of teachers) addTeacher(tenant, plan, one, school);
  for (const one of students) addStudent(tenant, plan, room, one);
  tenant.teachers[id] = teachers.map(tenantId);
  // By the book teachers are members as well.
  tenant.members[id] = [...students.map((one) => tenantId(studentId(one))), ...teachers.map(tenantId)];
  addWork(tenant, plan, room, students, today);
}

function addTeacher(tenant: Tenant, plan: Plan, id: string, school: string): void {
  const { givenName, familyName, email, username, number } = staffMember(plan, id);
  tenant.users.push({
    id: tenantId(id),
    accountEnabled: true,
    primaryRole: 'teacher',
    userPrincipalName: `${username}@willow.example`,
    mail: email,
    displayName: `${givenName} ${familyName}`,
    givenName,
    middleName: ' ', // as Microsoft's own samples have it
    surname: familyName,
    externalSource: 'sis',
    teacher: { externalId: id, teacherNumber: number },
  });
  tenant.schoolUsers[school]?.push(tenantId(id));
}

function addStudent(tenant: Tenant, plan: Plan, room: Homeroom, student: number): void {
  const child = studentAt(plan, room.school, student);
  const id = tenantId(child.id);
  tenant.users.push({
    id,
    accountEnabled: true,
    primaryRole: 'student',
    userPrincipalName: child.email,
    mail: child.email,
    displayName: `${child.givenName} ${child.familyName}`,
    givenName: child.givenName,
    surname: child.familyName,
    externalSource: 'sis',
    student: { externalId: child.id, studentNumber: child.number, grade: gradeCode(room.grade) },
  });
  tenant.schoolUsers[tenantId(room.school.id)]?.push(id);
  const contacts: RelatedContact[] = guardiansOf(plan, familyLead(plan, room.school, student)).map((guardian) => ({
    displayName: `${guardian.givenName} ${guardian.familyName}`,
    emailAddress: guardian.email,
    mobilePhone: guardian.phone,
    relationship: /mother|father/i.test(guardian.relation) && !/step|grand/i.test(guardian.relation) ? 'parent' : 'guardian',
    accessConsent: !guardian.noContact,
  }));
  const emergency = emergencyContactOf(plan, student);
  if (emergency) {
    const displayName = `${emergency.givenName} ${emergency.familyName}`;
    contacts.push({ displayName, emailAddress: null, mobilePhone: emergency.phone, relationship: 'other', accessConsent: true });
  }
  tenant.contacts[id] = contacts;
}

const points = (value: number): EducationAssignmentPointsGrade => ({ points: value });

/** One assignment that is marked, where the last child's points are not returned yet; and what the class has read aloud in the last two days. */
function addWork(tenant: Tenant, plan: Plan, room: Homeroom, students: number[], today: Date): void {
  const klass = tenantId(room.id);
  const [marked, read] = [tenantId(`quiz ${room.id}`), tenantId(`reading ${room.id}`)];
  const when = {
    status: 'assigned' as const,
    classId: klass,
    assignedDateTime: '2026-09-14T08:00:00Z',
    dueDateTime: '2026-09-18T20:00:00Z',
  };
  const modified = { lastModifiedDateTime: '2026-09-14T08:00:00Z' };
  tenant.assignments[klass] = [
    {
      id: marked,
      displayName: 'Sight words, week 4',
      ...when,
      ...modified,
      grading: { '@odata.type': '#microsoft.graph.educationAssignmentPointsGradeType', maxPoints: 20 },
    },
    { id: read, displayName: 'Read “The Kite” aloud', ...when, ...modified, grading: null },
    { id: tenantId(`draft ${room.id}`), displayName: 'Not yet', ...when, ...modified, status: 'draft', grading: null },
  ];
  tenant.submissions[marked] = students.map((student, at) => {
    const returned = at + 1 < students.length;
    const score = points(8 + ((student * 7) % 13));
    return {
      id: tenantId(`quiz ${room.id} ${student}`),
      status: returned ? 'returned' : 'submitted',
      returnedDateTime: returned ? '2026-09-21T15:00:00Z' : null,
      recipient: { '@odata.type': '#microsoft.graph.educationSubmissionIndividualRecipient', userId: tenantId(studentId(student)) },
      outcomes: [
        {
          '@odata.type': '#microsoft.graph.educationPointsOutcome',
          id: tenantId(`points ${student}`),
          points: score,
          publishedPoints: returned ? score : null,
        },
      ],
    };
  });
  const fluency = measures.find(({ assessment }) => assessment.endsWith('/orf'));
  for (const student of students) {
    const words = fluency ? scoreOf(plan, student, room.grade, fluency, 'MOY') : null;
    if (words === null) continue;
    const submission = tenantId(`read ${room.id} ${student}`);
    const at = (hoursAgo: number) => new Date(today.getTime() - hoursAgo * 3_600_000).toISOString();
    const reading = (action: string, hours: number, more: number): ReadingAssignmentSubmission => ({
      action,
      assignmentId: read,
      classId: klass,
      submissionId: submission,
      studentId: tenantId(studentId(student)),
      submissionDateTime: at(hours),
      wordsPerMinute: words + more,
      accuracyScore: 80 + (student % 20),
      wordCount: words + 10,
    });
    tenant.reading.push(reading('Attempt', 30 + (student % 10), 0));
    if (student % 5 === 0) tenant.reading.push(reading('EditMiscue', 2 + (student % 3), 2));
  }
}
