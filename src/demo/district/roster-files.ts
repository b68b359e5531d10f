/** The sample district as a OneRoster 1.2 CSV set: exact headers, bulk files, and the few faults any real export has. Pure rows. */
import { cell, line } from './csv.ts';
import { guardiansOf, staffMember, staffOf, studentAt, teachersOf } from './people.ts';
import {
  changeOf,
  changes,
  classId,
  districtOrg,
  familyLead,
  gradeCode,
  type Homeroom,
  type Plan,
  schoolYear,
  studentId,
  studentsOf,
} from './plan.ts';
import { draw, stream } from './random.ts';
import { isLateArrival } from './scores.ts';

export type RosterFile = { header: string; rows: (plan: Plan) => Iterable<string> };

const subjects = [
  'Homeroom',
  'Reading',
  'Math',
  'Science',
  'Social Studies',
  'Writing',
  'Art',
  'Music',
  'Library',
  'Physical Education',
  'Health',
  'Computing',
];
const subjectOf = (place: number) => subjects[place % subjects.length] as string; // a remainder is a position
const gradeName = (grade: number) => (grade === 0 ? 'Kindergarten' : `Grade ${grade}`);
const courseId = (grade: number, place: number) => `crs-${gradeCode(grade)}-${place}`;
const places = (plan: Plan) => Array.from({ length: plan.classesPerStudent }, (_, place) => place);
const terms = `"ses-${schoolYear.ends}-1,ses-${schoolYear.ends}-2"`;

function* orgs(plan: Plan) {
  yield line([districtOrg.id, '', '', districtOrg.name, 'district', 'WCS', '']);
  for (const school of plan.schoolList) yield line([school.id, '', '', school.name, 'school', String(101 + school.index), districtOrg.id]);
}

function* academicSessions() {
  const { ends, name, firstDay, dayAfter, secondTerm } = schoolYear;
  yield line([`ses-${ends}`, '', '', name, 'schoolYear', firstDay, dayAfter, '', ends]);
  yield line([`ses-${ends}-1`, '', '', `Fall ${ends - 1}`, 'semester', firstDay, secondTerm, `ses-${ends}`, ends]);
  yield line([`ses-${ends}-2`, '', '', `Spring ${ends}`, 'semester', secondTerm, dayAfter, `ses-${ends}`, ends]);
}

function* courses(plan: Plan) {
  for (let grade = 0; grade < 6; grade++) {
    for (const place of places(plan)) {
      const title = `${subjectOf(place)}, ${gradeName(grade)}`;
      yield line([
        courseId(grade, place),
        '',
        '',
        `ses-${schoolYear.ends}`,
        title,
        `${gradeCode(grade)}${place}`,
        gradeCode(grade),
        districtOrg.id,
        '',
        '',
      ]);
    }
  }
}

function* classes(plan: Plan) {
  for (const room of plan.homerooms) {
    for (const place of places(plan)) {
      const title = place === 0 ? room.title : `${subjectOf(place)}, ${room.title}`;
      const type = place === 0 ? 'homeroom' : 'scheduled';
      const head = [classId(room.index, place), '', '', title, gradeCode(room.grade), courseId(room.grade, place), `${room.room}-${place}`];
      yield `${line([...head, type, `Room ${room.room}`, room.school.id])},${terms},,,${place + 1}`;
    }
  }
}

type Person = {
  id: string;
  username: string;
  userIds: string;
  givenName: string;
  familyName: string;
  identifier: string;
  email: string;
  phone: string;
};

const userLine = (person: Person, grades: string, org: string) =>
  `${person.id},,,true,${cell(person.username)},${cell(person.userIds)},${cell(person.givenName)},${cell(person.familyName)},,${person.identifier},` +
  `${cell(person.email)},,${cell(person.phone)},,${grades},,,,,,,${org},`;

function* users(plan: Plan) {
  for (const { id, school } of staffOf(plan)) yield userLine(asStaff(plan, id), '', school?.id ?? districtOrg.id);
  for (const room of plan.homerooms) {
    for (const student of studentsOf(plan, room)) yield* familyLines(plan, room, student);
  }
  const first = plan.homerooms[0] as Homeroom; // a plan without a homeroom is refused when it is made
  yield* studentLines(plan, first, first.from); // dirt: the same person twice
  yield 'usr-nameless-1,,,true,nameless.1,,Robin,,,,,,,,,,,,,,,,'; // dirt: a required field is blank
  yield 'usr-nameless-2,,,true,nameless.2,,,Doe,,,,,,,,,,,,,,,';
}

function asStaff(plan: Plan, id: string): Person {
  const staff = staffMember(plan, id);
  const contact = staff.contactNumber ? `,{contactUniqueId:${staff.contactNumber}}` : '';
  return { ...staff, identifier: staff.number, userIds: `{staffUniqueId:${staff.number}}${contact}`, phone: '' };
}

function* studentLines(plan: Plan, room: Homeroom, student: number) {
  const child = studentAt(plan, room.school, student);
  const person = { ...child, identifier: child.number, userIds: `{studentUniqueId:${child.number}}`, phone: '' };
  yield userLine(person, gradeCode(room.grade), room.school.id);
}

/** A child, and the first time a family is met, its grown-ups. Nobody fills in `agentSourcedIds`: as in many real exports, the links are in the contacts. */
function* familyLines(plan: Plan, room: Homeroom, student: number) {
  yield* studentLines(plan, room, student);
  if (familyLead(plan, room.school, student) !== student) return;
  for (const guardian of guardiansOf(plan, student)) {
    if (guardian.isStaff) continue;
    const person = { ...guardian, username: guardian.email, identifier: '', userIds: `{contactUniqueId:${guardian.number}}` };
    yield userLine(person, '', room.school.id);
  }
}

const roleLine = (user: string, role: string, org: string, type = 'primary') => `rol-${user}-${role},,,${user},${type},${role},,,${org},`;

function* roles(plan: Plan) {
  for (const { id, role, school } of staffOf(plan)) yield roleLine(id, role, school?.id ?? districtOrg.id);
  for (const room of plan.homerooms) {
    for (const student of studentsOf(plan, room)) {
      yield roleLine(studentId(student), 'student', room.school.id);
      if (familyLead(plan, room.school, student) !== student) continue;
      for (const { id, isStaff } of guardiansOf(plan, student))
        yield roleLine(id, 'parent', room.school.id, isStaff ? 'secondary' : 'primary');
    }
  }
  yield `rol-odd-date,,,${plan.staffFamily.teacherId},secondary,aide,2026-02-31,,${districtOrg.id},`; // dirt: no such day
}

function* enrollments(plan: Plan) {
  for (const room of plan.homerooms) {
    const students = Array.from(studentsOf(plan, room), (student) => enrolled(plan, student));
    for (const place of places(plan)) {
      yield* teacherEnrollments(plan, room, place);
      for (const student of students) yield studentEnrollment(plan, room, student, place);
    }
  }
  yield* faultyEnrollments(plan);
}

type Enrolled = { student: number; id: string; begin: string };

const enrolled = (plan: Plan, student: number): Enrolled => ({
  student,
  id: studentId(student),
  begin: isLateArrival(plan, student) ? '2026-11-16' : schoolYear.firstDay,
});

function* teacherEnrollments(plan: Plan, room: Homeroom, place: number) {
  // Special subjects are taught by the colleague next door.
  const colleague = plan.homerooms[(room.index + place) % plan.homerooms.length] as Homeroom; // a remainder is a position
  const teachers = place === 0 ? teachersOf(plan, room) : teachersOf(plan, colleague).slice(0, 1);
  for (const [n, id] of teachers.entries()) {
    // Dirt: one school clerk writes dates the American way.
    const begin = n > 0 && id === plan.staffFamily.teacherId ? '8/17/2026' : schoolYear.firstDay;
    yield `enr-${id}-${room.index}-${place},,,${classId(room.index, place)},${room.school.id},${id},teacher,${n === 0},${begin},${schoolYear.dayAfter}`;
  }
}

function studentEnrollment(plan: Plan, room: Homeroom, { student, id, begin }: Enrolled, place: number): string {
  const times = changes(plan, changeOf.enrollment, student * plan.classesPerStudent + place);
  const from = times && begin === schoolYear.firstDay ? `2026-08-${17 + Math.min(times, 14)}` : begin;
  return `enr-${id}-${place},,,${classId(room.index, place)},${room.school.id},${id},student,,${from},${schoolYear.dayAfter}`;
}

/** Dirt: three enrollments of nobody, one of a class that is not there, one that names no class, one row twice. */
function* faultyEnrollments(plan: Plan) {
  const room = plan.homerooms[0] as Homeroom; // see above
  const row = (id: string, klass: string, user: string) =>
    `${id},,,${klass},${room.school.id},${user},student,,${schoolYear.firstDay},${schoolYear.dayAfter}`;
  for (const n of [1, 2, 3]) yield row(`enr-orphan-${n}`, room.id, `stu-unknown-${n}`);
  yield row('enr-orphan-4', 'cls-unknown', studentId(room.from));
  yield row('enr-blank-class', '', studentId(room.from));
  yield studentEnrollment(plan, room, enrolled(plan, room.from), 0);
}

function* categories() {
  yield line(['cat-check', '', '', 'Skill checks', '']);
}

const lineItemId = (room: Homeroom, n: number) => `itm-${room.index}-${n}`;

function* lineItems(plan: Plan) {
  for (const room of plan.homerooms) {
    for (let n = 0; n < plan.resultsPerStudent; n++) {
      const week = String(1 + (n % 28)).padStart(2, '0');
      const head = [lineItemId(room, n), '', '', `Skill check ${n + 1}`, '', `2026-09-${week}`, `2026-10-${week}`, room.id, 'cat-check'];
      yield line([...head, `ses-${schoolYear.ends}-1`, 0, 100, room.school.id]);
    }
  }
}

function* results(plan: Plan) {
  for (const room of plan.homerooms) {
    for (const student of studentsOf(plan, room)) {
      const id = studentId(student);
      for (let n = 0; n < plan.resultsPerStudent; n++) {
        const key = student * plan.resultsPerStudent + n;
        const score = Math.floor(draw(plan.seed, stream.measure, key) * 90) + changes(plan, changeOf.result, key);
        yield `res-${id}-${n},,,${lineItemId(room, n)},${id},fully graded,${score},2026-10-${String(1 + (n % 28)).padStart(2, '0')},,,${room.id},,,,`;
      }
    }
  }
}

const columns = (text: string) => `sourcedId,status,dateLastModified,${text}`;

/** By file name without `.csv`, in the order in which one refers to another. */
export const rosterFiles = {
  orgs: { header: columns('name,type,identifier,parentSourcedId'), rows: orgs },
  academicSessions: { header: columns('title,type,startDate,endDate,parentSourcedId,schoolYear'), rows: academicSessions },
  courses: { header: columns('schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes'), rows: courses },
  classes: {
    header: columns(
      'title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
    ),
    rows: classes,
  },
  users: {
    header: columns(
      'enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,' +
        'userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns',
    ),
    rows: users,
  },
  roles: { header: columns('userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId'), rows: roles },
  enrollments: { header: columns('classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate'), rows: enrollments },
  categories: { header: columns('title,weight'), rows: categories },
  lineItems: {
    header: columns(
      'title,description,assignDate,dueDate,classSourcedId,categorySourcedId,academicSessionSourcedId,resultValueMin,resultValueMax,schoolSourcedId',
    ),
    rows: lineItems,
  },
  results: {
    header: columns(
      'lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,textScore,classSourcedId,inProgress,incomplete,late,missing',
    ),
    rows: results,
  },
} satisfies Record<string, RosterFile>;

const inManifest = (
  'academicSessions categories classes classResources courses courseResources demographics enrollments lineItemLearningObjectiveIds ' +
  'lineItems lineItemScoreScales orgs resources resultLearningObjectiveIds results resultScoreScales roles scoreScales userProfiles userResources users'
).split(' ');

export function* manifest(written: ReadonlySet<string>) {
  yield 'manifest.version,1.0';
  yield 'oneroster.version,1.2';
  for (const name of inManifest) yield `file.${name},${written.has(name) ? 'bulk' : 'absent'}`;
  yield 'source.systemName,Sample district';
  yield 'source.systemCode,sample';
}
