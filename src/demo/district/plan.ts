/**
 * Who goes where in the sample district: schools, homerooms, families, and what differs from one night to the next.
 * Pure and cheap: a student is a position 0, 1, 2 …, and everything about them follows from (seed, position).
 */
import { streets } from './names.ts';
import { draw, hash, stream } from './random.ts';

export type Options = {
  seed?: number;
  students?: number;
  /** Default: three, or one for every 400 students. */
  schools?: number;
  /** 1 is the first night; each later one differs from the one before in half a percent of the rows, a few leavers and arrivals. */
  night?: number;
  /** Homeroom included. */
  classesPerStudent?: number;
  /** `dibels`: the vendor's files in `scores/`; `oneroster`: line items and results inside the OneRoster set. */
  results?: 'dibels' | 'oneroster';
  /** With `oneroster`. */
  resultsPerStudent?: number;
};

export type School = { index: number; id: string; name: string; from: number; to: number };

export type Homeroom = {
  index: number;
  /** Of the homeroom's class. */
  id: string;
  title: string;
  school: School;
  /** 0 is kindergarten. */
  grade: number;
  room: number;
  /** Students are the positions from (inclusive) to (exclusive), and later arrivals. */
  from: number;
  to: number;
  arrivals: number[];
};

export type Plan = Required<Options> & { schoolList: School[]; homerooms: Homeroom[]; staffFamily: { student: number; teacherId: string } };

/** Fixed, as everything here is: a sample of another year would be other bytes. */
export const schoolYear = { ends: 2027, name: '2026-2027', firstDay: '2026-08-17', dayAfter: '2027-06-05', secondTerm: '2027-01-05' };
export const districtOrg = { id: 'org-willow', name: 'Willow County Schools' };

const defaultSeed = 10;
const roomSize = 22;

const numbered = (prefix: string, index: number, width: number) => `${prefix}-${String(index).padStart(width, '0')}`;
export const studentId = (student: number): string => numbered('stu', student, 6);
export const guardianId = (lead: number, place: number): string => `${numbered('gua', lead, 6)}-${place}`;
export const teacherId = (homeroom: number): string => numbered('tea', homeroom, 5);
export const coTeacherId = (homeroom: number): string => `${teacherId(homeroom)}-co`;
export const principalId = (school: number): string => numbered('pri', school, 4);
export const classId = (homeroom: number, place: number): string =>
  place === 0 ? numbered('cls', homeroom, 5) : `${numbered('cls', homeroom, 5)}-${place}`;
/** OneRoster's code, from 0. */
export const gradeCode = (grade: number): string => (grade === 0 ? 'KG' : `0${grade}`);
/** The number on the student's card: unique, and in no order. */
export const studentNumber = (student: number): string => String(100_000 + ((student * 7919 + 31) % 900_000));
/** The contact's number in the school's contact system. */
export const contactNumber = (lead: number, place: number): string => String(7_000_000 + lead * 4 + place);

export function planDistrict(options: Options = {}): Plan {
  const students = options.students ?? 1200;
  const schools = options.schools ?? Math.max(3, Math.ceil(students / 400));
  const asked = {
    seed: options.seed ?? defaultSeed,
    students,
    schools,
    night: options.night ?? 1,
    classesPerStudent: options.classesPerStudent ?? 1,
    results: options.results ?? ('dibels' as const),
    resultsPerStudent: options.resultsPerStudent ?? 10,
  };
  const homerooms: Homeroom[] = [];
  const schoolList = Array.from({ length: schools }, (_, index) => planSchool(index, asked, homerooms));
  const plan: Plan = { ...asked, schoolList, homerooms, staffFamily: { student: -1, teacherId: '' } };
  const home = castHomeroom(plan);
  plan.staffFamily = { student: home.from + 3, teacherId: coTeacherId(home.index) };
  for (const arrival of arrivals(plan)) {
    const room = homerooms[hash(plan.seed, stream.arrival, arrival) % homerooms.length] as Homeroom; // a remainder is a position
    room.arrivals.push(arrival);
  }
  return plan;
}

/** The first third-grade room of the first school: where the people of the demo meet. */
export function castHomeroom(plan: Pick<Plan, 'homerooms'>): Homeroom {
  const room = plan.homerooms.find((candidate) => candidate.grade === 3) ?? plan.homerooms[0];
  if (!room) throw new Error('a district without a single homeroom');
  return room;
}

type Asked = { seed: number; students: number; schools: number };

function planSchool(index: number, asked: Asked, homerooms: Homeroom[]): School {
  const share = (part: number) => Math.floor((part * asked.students) / (asked.schools * 6));
  const school = {
    index,
    id: numbered('org-school', index + 1, 4),
    name: schoolName(index),
    from: share(index * 6),
    to: share(index * 6 + 6),
  };
  let room = 0;
  for (let grade = 0; grade < 6; grade++) {
    let from = share(index * 6 + grade);
    for (const size of roomSizes(index, grade, share(index * 6 + grade + 1) - from, asked)) {
      const n = homerooms.length;
      room += 1;
      const title = `${grade === 0 ? 'Kindergarten' : `Grade ${grade}`}, Room ${room}`;
      homerooms.push({ index: n, id: classId(n, 0), title, school, grade, room, from, to: from + size, arrivals: [] });
      from += size;
    }
  }
  return school;
}

/** Rooms of 18 to 26, and two small ones (8 in the first school, 4 in the second) that the display policy must treat with care. */
function roomSizes(school: number, grade: number, students: number, asked: Asked): number[] {
  const small = asked.students < 600 ? 0 : school === 0 && grade === 3 ? 8 : school === 1 && grade === 1 ? 4 : 0;
  const rest = students - small;
  const rooms = Math.max(1, Math.round(rest / roomSize));
  const sizes = Array.from({ length: rooms }, (_, n) => Math.floor(((n + 1) * rest) / rooms) - Math.floor((n * rest) / rooms));
  for (let n = 0; n + 1 < rooms; n += 2) {
    const shift = (hash(asked.seed, stream.roomSize, school * 1000 + grade * 100 + n) % 5) - 2;
    const [a, b] = [(sizes[n] as number) + shift, (sizes[n + 1] as number) - shift]; // both positions exist: n + 1 < rooms
    if (Math.min(a, b) >= 18 && Math.max(a, b) <= 26) sizes.splice(n, 2, a, b);
  }
  return (small ? [...sizes, small] : sizes).filter((size) => size > 0);
}

function schoolName(index: number): string {
  const [street, turn] = [streets[(index * 11 + 4) % streets.length], Math.floor(index / streets.length)];
  return `${street} ${['Street', 'Park', 'Hill', 'Creek', 'Grove', 'Lane', 'Field', 'Point'][turn % 8]} Elementary`;
}

/** Every student of a homeroom on this night. */
export function* studentsOf(plan: Plan, room: Homeroom): Generator<number> {
  for (let student = room.from; student < room.to; student++) if (!hasLeft(plan, room.school, student)) yield student;
  yield* room.arrivals;
}

/** Brothers and sisters share a family, named by the position of one of them. A quarter of the lower grades has one three grades up. */
export function familyLead(plan: Plan, school: School, student: number): number {
  const half = Math.floor((school.to - school.from) / 2);
  const partner = student - half;
  return partner >= school.from && partner < school.from + half && hasSibling(plan, partner) ? partner : student;
}

const hasSibling = (plan: Plan, student: number) => draw(plan.seed, stream.sibling, student) < 0.25;

/** How often something of a kind was changed up to this night: on each night exactly every 200th, another 200th each time. */
export function changes(plan: Plan, kind: number, index: number): number {
  let count = 0;
  for (let night = 2; night <= plan.night; night++) {
    if ((index + hash(plan.seed, stream.nights + kind, night)) % 200 === 0) count++;
  }
  return count;
}
export const changeOf = { student: 1, guardian: 2, enrollment: 3, result: 4 } as const;

const leavingPeriod = (plan: Plan) => Math.max(50, Math.min(2000, Math.floor(plan.students / 2)));

/** Only a child without brothers and sisters in the district leaves, and never the one whose parent teaches here. */
function hasLeft(plan: Plan, school: School, student: number): boolean {
  if (plan.night === 1 || student === plan.staffFamily.student) return false;
  for (let night = 2; night <= plan.night; night++) {
    const chosen = (student + hash(plan.seed, stream.nights, night)) % leavingPeriod(plan) === 0;
    if (chosen && familyLead(plan, school, student) === student && !hasSibling(plan, student)) return true;
  }
  return false;
}

/** As many a night as leave. */
function arrivals(plan: Plan): number[] {
  const count = Math.max(1, Math.floor(plan.students / leavingPeriod(plan))) * (plan.night - 1);
  return Array.from({ length: count }, (_, n) => plan.students + n);
}
