/** The sample district's people: who they are follows from the plan alone. Pure. */
import { type Language, plain, pools } from './names.ts';
import {
  changeOf,
  changes,
  contactNumber,
  coTeacherId,
  familyLead,
  guardianId,
  type Homeroom,
  type Plan,
  principalId,
  type School,
  studentId,
  studentNumber,
  teacherId,
} from './plan.ts';
import { draw, pick, stream } from './random.ts';

export type Name = { givenName: string; familyName: string };

export type Student = Name & { id: string; number: string; email: string; username: string; language: Language; lead: number };

export type Guardian = Name & {
  id: string;
  /** In the contact system. */
  number: string;
  email: string;
  phone: string;
  relation: string;
  primary: boolean;
  livesWith: boolean;
  noContact: boolean;
  language: Language;
  interpreter: boolean;
  /** Already among the staff: listed there, not twice. */
  isStaff: boolean;
};

export type Staff = Name & { id: string; number: string; email: string; username: string; contactNumber: string | null };

const mailDomain = 'willow.example';

export function languageOf(plan: Plan, lead: number): Language {
  const at = draw(plan.seed, stream.language, lead);
  return at < 0.7 ? 'en' : at < 0.9 ? 'es' : at < 0.95 ? 'ar' : 'vi';
}

const familyNameOf = (plan: Plan, lead: number) => pick(pools[languageOf(plan, lead)].family, plan.seed, stream.familyName, lead);

export function studentAt(plan: Plan, school: School, student: number): Student {
  const lead = familyLead(plan, school, student);
  const language = languageOf(plan, lead);
  const givenName = givenNameOf(plan, language, student, lead);
  const familyName = familyNameOf(plan, lead);
  const times = changes(plan, changeOf.student, student);
  const username = `${plain(givenName)}.${plain(familyName)}.${student}${times ? `-${times}` : ''}`;
  const email = `${username}@students.${mailDomain}`;
  return { id: studentId(student), number: studentNumber(student), givenName, familyName, email, username, language, lead };
}

function givenNameOf(plan: Plan, language: Language, student: number, lead: number): string {
  const pool = draw(plan.seed, stream.gender, student) < 0.5 ? pools[language].female : pools[language].male;
  const name = pick(pool, plan.seed, stream.givenName, student);
  // Brothers and sisters are not called the same.
  return lead !== student && name === givenNameOf(plan, language, lead, lead)
    ? pick(pool, plan.seed, stream.givenName, student + 6_000_000)
    : name;
}

function guardianCount(plan: Plan, lead: number): number {
  const chance = draw(plan.seed, stream.guardians, lead);
  return chance < 0.22 ? 1 : chance < 0.98 ? 2 : 3;
}

/** The people who bring up the children of one family, the first one first. */
export function guardiansOf(plan: Plan, lead: number): Guardian[] {
  const count = guardianCount(plan, lead);
  return Array.from({ length: count }, (_, place) => guardianAt(plan, lead, place, count));
}

const isStaffToo = (plan: Plan, lead: number, place: number) => place === 0 && lead === plan.staffFamily.student;

function guardianAt(plan: Plan, lead: number, place: number, count: number): Guardian {
  const key = lead * 4 + place;
  const language = languageOf(plan, lead);
  const relation = relationOf(plan, lead, place, count);
  // One in eight second parents lives elsewhere.
  const elsewhere = place > 0 && draw(plan.seed, stream.household, key) < 0.125;
  const known = isStaffToo(plan, lead, place) ? staffMember(plan, plan.staffFamily.teacherId) : null;
  const { givenName, familyName } = known ?? guardianName(plan, lead, place, relation !== 'Father' && relation !== 'Stepfather');
  const times = changes(plan, changeOf.guardian, lead + place * 77);
  return {
    id: known ? known.id : guardianId(lead, place),
    number: contactNumber(lead, place),
    givenName,
    familyName,
    email: known ? known.email : `${plain(givenName)}.${plain(familyName)}.${key}${times ? `-${times}` : ''}@mail.example`,
    phone: phoneOf(plan, elsewhere ? key : lead * 4),
    relation,
    primary: place === 0,
    livesWith: !elsewhere,
    noContact: elsewhere && draw(plan.seed, stream.noContact, key) < 0.06,
    language,
    interpreter: language !== 'en' && draw(plan.seed, stream.interpreter, key) < 0.5,
    isStaff: known !== null,
  };
}

/** One in five second parents has another family name than the child. */
function guardianName(plan: Plan, lead: number, place: number, isWoman: boolean): Name {
  const key = lead * 4 + place;
  const pool = pools[languageOf(plan, lead)];
  const ownName = place > 0 && draw(plan.seed, stream.guardianName, key) < 0.2;
  return {
    givenName: pick(isWoman ? pool.female : pool.male, plan.seed, stream.guardianName, key + 4_000_000),
    familyName: familyNameOf(plan, ownName ? lead + 500_000 : lead),
  };
}

function relationOf(plan: Plan, lead: number, place: number, count: number): string {
  const chance = draw(plan.seed, stream.guardians, lead * 4 + place + 9_000_000);
  if (place === 2) return chance < 0.5 ? 'Grandmother' : 'Stepfather';
  if (place === 1) return 'Father';
  return chance < 0.07 ? 'Grandmother' : count === 1 && chance < 0.25 ? 'Father' : 'Mother';
}

const phoneOf = (plan: Plan, key: number) =>
  `(555) 01${Math.floor(draw(plan.seed, stream.phone, key) * 10)}-${String((key * 37) % 10_000).padStart(4, '0')}`;

/** Whoever is called when no parent answers: written down by the school, and never a guardian. */
export function emergencyContactOf(plan: Plan, student: number): (Name & { number: string; relation: string; phone: string }) | null {
  if (draw(plan.seed, stream.emergency, student) >= 0.012) return null;
  const givenName = pick(pools.en.female, plan.seed, stream.emergency, student + 1_000_000);
  const familyName = pick(pools.en.family, plan.seed, stream.emergency, student + 2_000_000);
  return {
    number: String(9_000_000 + student),
    relation: student % 2 ? 'Neighbor' : 'Babysitter',
    givenName,
    familyName,
    phone: phoneOf(plan, student + 3_000_000),
  };
}

/** A number for each staff member's id, so that names differ: the digits, and one more for the kind. */
const staffKey = (id: string) =>
  Number(id.replace(/\D/g, '')) * 8 + ['tea', 'pri', 'dit'].indexOf(id.slice(0, 3)) * 2 + (id.endsWith('-co') ? 1 : 0);

export function staffMember(plan: Plan, id: string): Staff {
  const key = staffKey(id);
  const isParent = id === plan.staffFamily.teacherId;
  // The teacher who is also a parent carries her child's family name.
  const chance = draw(plan.seed, stream.staffName, key);
  const language: Language = isParent ? languageOf(plan, plan.staffFamily.student) : chance < 0.75 ? 'en' : chance < 0.95 ? 'es' : 'vi';
  const pool = isParent || chance < 0.5 || (chance > 0.75 && chance < 0.9) ? pools[language].female : pools[language].male;
  const givenName = pick(pool, plan.seed, stream.staffName, key + 1_000_000);
  const familyName = isParent
    ? familyNameOf(plan, plan.staffFamily.student)
    : pick(pools[language].family, plan.seed, stream.staffName, key + 2_000_000);
  const username = `${plain(givenName)}.${plain(familyName)}.${key}`;
  const contact = isParent ? contactNumber(plan.staffFamily.student, 0) : null;
  return { id, number: String(30_000 + key), givenName, familyName, email: `${username}@${mailDomain}`, username, contactNumber: contact };
}

/** The first teacher of the room, and in one room of six a co-teacher. */
export function teachersOf(plan: Plan, room: Homeroom): string[] {
  const co = coTeacherId(room.index);
  const shared = co === plan.staffFamily.teacherId || draw(plan.seed, stream.coTeacher, room.index) < 0.17;
  return shared ? [teacherId(room.index), co] : [teacherId(room.index)];
}

export const itPersonId = 'dit-0001';

export type StaffPlace = { id: string; role: 'teacher' | 'principal' | 'districtAdministrator'; school: School | null };

export function* staffOf(plan: Plan): Generator<StaffPlace> {
  yield { id: itPersonId, role: 'districtAdministrator', school: null };
  for (const school of plan.schoolList) yield { id: principalId(school.index), role: 'principal', school };
  for (const room of plan.homerooms) for (const id of teachersOf(plan, room)) yield { id, role: 'teacher', school: room.school };
}
