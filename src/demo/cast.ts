/**
 * The people the demo and the tests speak of. They are found in the sample district, never invented beside it: their sourcedIds are
 * those of the files `writeDistrict` writes with its default options.
 */
import { createHash } from 'node:crypto';
import { guardiansOf, itPersonId, languageOf, type Name, staffMember, studentAt } from './district/people.ts';
import { castHomeroom, familyLead, type Homeroom, planDistrict, principalId, studentId, teacherId } from './district/plan.ts';
import { isUnscored } from './district/scores.ts';
import type { PlatformChild, PlatformCourse, PlatformPerson } from './platform.ts';

export type CastMember = Name & {
  key: CastKey;
  /** In the district's OneRoster set. */
  sourcedId: string;
  /** The homerooms (class sourcedIds) this person teaches, learns in, or has a child in. */
  classes: string[];
  /** Of a guardian. */
  children: string[];
  locale: string;
};

export type CastKey = 'teacher' | 'guardian-of-two' | 'guardian-in-spanish' | 'student' | 'principal' | 'it' | 'teacher-and-guardian';

const plan = planDistrict();
const home = castHomeroom(plan);
const students = Array.from({ length: home.to - home.from }, (_, n) => home.from + n);
const roomOf = (student: number) => plan.homerooms.find((room) => student >= room.from && student < room.to) as Homeroom; // every position is in a room

const leadOf = (student: number) => familyLead(plan, home.school, student);
const found = (wanted: (student: number) => boolean): number => {
  const student = students.find((candidate) => candidate !== plan.staffFamily.student && wanted(candidate));
  if (student === undefined) throw new Error('the sample district has nobody for a part of its cast');
  return student;
};

/** Scored both times, with a first guardian who lives with the child. */
const isScored = (student: number) => !isUnscored(plan, student, 'BOY') && !isUnscored(plan, student, 'MOY');
const withSibling = found((student) => leadOf(student) !== student && languageOf(plan, leadOf(student)) === 'en' && isScored(student));
const spanishChild = found((student) => leadOf(student) === student && languageOf(plan, student) === 'es' && isScored(student));
const onlyChild = found((student) => leadOf(student) === student && languageOf(plan, student) === 'en' && isScored(student));

function guardian(key: CastKey, child: number, locale: string): CastMember {
  const lead = leadOf(child);
  const first = guardiansOf(plan, lead)[0];
  if (!first) throw new Error('a family without a grown-up');
  const children = lead === child ? [child] : [child, lead];
  const classes = children.map((position) => roomOf(position).id);
  const { id: sourcedId, givenName, familyName } = first;
  return { key, sourcedId, givenName, familyName, classes, children: children.map(studentId), locale };
}

function staff(key: CastKey, id: string, classes: string[]): CastMember {
  const { givenName, familyName } = staffMember(plan, id);
  return { key, sourcedId: id, givenName, familyName, classes, children: [], locale: 'en-US' };
}

const pupil = studentAt(plan, home.school, onlyChild);

export const cast: Record<CastKey, CastMember> = {
  teacher: staff('teacher', teacherId(home.index), [home.id]),
  'guardian-of-two': guardian('guardian-of-two', withSibling, 'en-US'),
  'guardian-in-spanish': guardian('guardian-in-spanish', spanishChild, 'es-US'),
  student: { ...staff('student', pupil.id, [home.id]), givenName: pupil.givenName, familyName: pupil.familyName },
  principal: staff('principal', principalId(home.school.index), []),
  it: staff('it', itPersonId, []),
  // Co-teaches the class her own child is in.
  'teacher-and-guardian': {
    ...staff('teacher-and-guardian', plan.staffFamily.teacherId, [home.id]),
    children: [studentId(plan.staffFamily.student)],
  },
};

const members = Object.values(cast);
/** What a platform calls a person: nothing of the sourcedId, so that nothing can match by accident. */
const subOf = (sourcedId: string) => `user-${createHash('sha256').update(`platform ${sourcedId}`).digest('hex').slice(0, 12)}`;
const child = (sourcedId: string): PlatformChild => ({ sub: subOf(sourcedId), sourcedId });

const kinds: Record<CastKey, string[]> = {
  teacher: ['instructor'],
  'guardian-of-two': ['mentor'],
  'guardian-in-spanish': ['mentor'],
  student: ['learner'],
  principal: ['administrator'],
  it: ['administrator'],
  'teacher-and-guardian': ['instructor', 'mentor'],
};

/** The cast as the simulated school platform knows it. */
export function castPeople(): PlatformPerson[] {
  return members.map(({ key, sourcedId, givenName, familyName, locale, children }) => {
    const person = { key, sub: subOf(sourcedId), givenName, familyName, locale, lisPersonSourcedId: sourcedId, roles: kinds[key] };
    return children.length ? { ...person, mentors: children.map(child) } : person;
  });
}

/**
 * One course for every homeroom somebody of the cast has to do with (the principal and district IT look into the first), and one for all
 * families of the school, which is no class: there a guardian stands for every one of their children.
 */
export function castCourses(): PlatformCourse[] {
  const rooms = [...new Set(members.flatMap((member) => member.classes))];
  const homerooms = rooms.map((sectionSourcedId, n) => {
    const room = plan.homerooms.find((candidate) => candidate.id === sectionSourcedId) as Homeroom; // taken from the plan's own rooms
    const children = Array.from({ length: room.to - room.from }, (_, at) => studentAt(plan, room.school, room.from + at));
    const inRoom = members.filter((member) => member.classes.includes(sectionSourcedId) || (n === 0 && member.classes.length === 0));
    const title = `${room.title}, ${room.school.name}`;
    return {
      key: `homeroom-${n + 1}`,
      id: `course-${n + 1}`,
      title,
      sectionSourcedId,
      members: inRoom.map((member) => memberOf(member, room)),
      roster: children.filter(({ id }) => !members.some((member) => member.sourcedId === id)).map(pupilOf),
    };
  });
  const parents = members.filter((member) => member.children.length > 0);
  const inFamilies = parents.map(({ key, children }) => ({ person: key, roles: ['mentor'], mentors: children.map(child) }));
  return [...homerooms, { key: 'families', id: 'course-families', title: `Families of ${home.school.name}`, members: inFamilies }];
}

/** A child who never opens the tool, in the platform's own list of the course. */
const pupilOf = ({ id, givenName, familyName }: ReturnType<typeof studentAt>) => ({
  sub: subOf(id),
  givenName,
  familyName,
  roles: ['learner'],
  status: 'Active',
  lisPersonSourcedId: id,
});

/** In a homeroom's course, a guardian is there for the children who are in that room. */
function memberOf(member: CastMember, room: Homeroom): PlatformCourse['members'][number] {
  if (member.children.length === 0) return { person: member.key };
  const here = member.children.filter((id) => roomOf(Number(id.slice(4))) === room);
  return { person: member.key, mentors: here.map(child) };
}
