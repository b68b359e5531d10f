/**
 * A row of each SDS file to its canonical record. A field that cannot be read is noted by the table; a row that says something of a person
 * another file lists (a grade, a way to reach a parent) finds it in what was known before.
 */
import type { RecordOf } from '../../src/roster/model.ts';
import { schoolYearOf } from '../dates.ts';
import { standing } from '../relations.ts';
import type { Table } from '../table.ts';
import { oneRosterRole, orgTypes, type ReadEntity, roleWords, sessionTypes } from './wire.ts';

type Contact = { phone: string | null; email: string | null };

/** What the files say of people besides their users: gathered before the users are read. */
export type Known = {
  /** Orgs that are a district. */
  districts: Set<string>;
  /** Of students: SDS keeps them with the role. */
  grades: Map<string, string[]>;
  /** Of those somebody's child is linked to; filled as the users are read. */
  contacts: Map<string, Contact>;
};

type Row<E extends ReadEntity> = RecordOf[E] & { line: number };
/** Maps the current row; null where the row is no record and has been noted. */
type Mapper<E extends ReadEntity> = (table: Table, known: Known) => () => Row<E> | null;

const orgs: Mapper<'orgs'> = (t) => {
  const [name, type, parent] = [t.column('name'), t.column('type'), t.column('parentSourcedId')];
  return () => ({
    sourcedId: t.id,
    name: t.text(name),
    type: t.word(type, orgTypes) ?? '',
    identifier: null,
    parentSourcedId: t.optionalReference(parent),
    line: t.line,
  });
};

const academicSessions: Mapper<'academicSessions'> = (t) => {
  const [title, type, year] = [t.column('title'), t.column('type'), t.column('schoolYear')];
  const [start, end] = [t.column('startDate'), t.column('endDate')];
  return () => {
    const startDate = t.date(start);
    const written = /^\d{4}$/.exec(t.raw(year));
    return {
      sourcedId: t.id,
      title: t.text(title),
      type: t.word(type, sessionTypes) ?? '',
      startDate,
      endDate: t.date(end),
      parentSourcedId: null,
      // SDS sets name the year by its beginning or by its end; ours ends when the dates say so.
      schoolYear: startDate === null ? (written ? Number(written[0]) : null) : schoolYearOf(startDate),
      line: t.line,
    };
  };
};

const courses: Mapper<'courses'> = (t) => {
  const [org, title, code] = [t.column('orgSourcedId'), t.column('title'), t.column('code')];
  const [subject, grade] = [t.column('subject'), t.column('grade')];
  return () => ({
    sourcedId: t.id,
    title: t.text(title),
    courseCode: t.optional(code),
    grades: t.grades(grade),
    orgSourcedId: t.optionalReference(org),
    subjects: t.list(subject),
    line: t.line,
  });
};

const classes: Mapper<'classes'> = (t) => {
  const [org, title, sessions] = [t.column('orgSourcedId'), t.column('title'), t.column('sessionSourcedIds')];
  const [course, code] = [t.column('courseSourcedId'), t.column('code')];
  return () => ({
    sourcedId: t.id,
    title: t.text(title),
    classCode: t.optional(code),
    classType: null,
    location: null,
    grades: [],
    courseSourcedId: t.optionalReference(course),
    schoolSourcedId: t.optionalReference(org),
    termSourcedIds: t.list(sessions),
    subjects: [],
    periods: [],
    line: t.line,
  });
};

const users: Mapper<'users'> = (t, known) => {
  const [username, given, family] = [t.column('username'), t.column('givenName'), t.column('familyName')];
  const [matchId, email, phone, sms] = [t.column('activeDirectoryMatchId'), t.column('email'), t.column('phone'), t.column('sms')];
  return () => {
    const directory = t.optional(matchId);
    const address = t.optional(email);
    if (known.contacts.has(t.id)) known.contacts.set(t.id, { email: kept(address), phone: kept(t.optional(phone) ?? t.optional(sms)) });
    return {
      sourcedId: t.id,
      enabledUser: true,
      username: t.optional(username),
      userIds: directory === null ? [] : [`activeDirectoryMatchId:${directory}`],
      // SDS itself asks for no names.
      givenName: t.raw(given),
      familyName: t.raw(family),
      middleName: null,
      preferredGivenName: null,
      preferredFamilyName: null,
      identifier: null,
      email: address,
      grades: known.grades.get(t.id) ?? [],
      line: t.line,
    };
  };
};

const roles: Mapper<'roles'> = (t, { districts }) => {
  const [user, org, role, session] = [t.column('userSourcedId'), t.column('orgSourcedId'), t.column('role'), t.column('sessionSourcedId')];
  const [primary, begin, end] = [t.column('isPrimary'), t.column('roleStartDate'), t.column('roleEndDate')];
  return () => {
    const [userSourcedId, orgSourcedId, written] = [t.reference(user), t.reference(org), t.reference(role)];
    const word = t.word(role, roleWords) ?? written;
    if (userSourcedId !== '' && orgSourcedId !== '') t.id = [userSourcedId, orgSourcedId, word, t.raw(session)].join('/');
    const first = t.maybe(primary);
    return {
      sourcedId: t.id,
      userSourcedId,
      orgSourcedId,
      role: orgRole(word, districts.has(orgSourcedId)),
      roleType: first === null ? null : first ? 'primary' : 'secondary',
      beginDate: t.date(begin),
      endDate: t.date(end),
      line: t.line,
    };
  };
};

/** The least that an administrator may be; and one school's IT is not the district's. */
function orgRole(word: string, ofDistrict: boolean): string {
  if (word === 'administrator') return 'siteAdministrator';
  return word === 'itAdmin' && ofDistrict ? 'systemAdministrator' : oneRosterRole(word);
}

const enrollments: Mapper<'enrollments'> = (t) => {
  const [klass, user, role] = [t.column('classSourcedId'), t.column('userSourcedId'), t.column('role')];
  return () => {
    const [classSourcedId, userSourcedId, written] = [t.reference(klass), t.reference(user), t.reference(role)];
    const word = oneRosterRole(t.word(role, roleWords) ?? written);
    if (classSourcedId !== '' && userSourcedId !== '') t.id = `${classSourcedId}/${userSourcedId}/${word}`;
    return { sourcedId: t.id, classSourcedId, userSourcedId, role: word, primary: false, beginDate: null, endDate: null, line: t.line };
  };
};

/** `userSourcedId` is the child; where the related user is called a `child` it is the other way round. */
const guardianships: Mapper<'guardianships'> = (t, { contacts }) => {
  const [user, related, role] = [t.column('userSourcedId'), t.column('relationshipUserSourcedId'), t.column('relationshipRole')];
  return () => {
    const [first, second, written] = [t.reference(user), t.reference(related), t.reference(role)];
    const reversed = written.toLowerCase() === 'child';
    const [student, guardian] = reversed ? [second, first] : [first, second];
    if (student !== '' && guardian !== '') t.id = `${student}|${guardian}`;
    const relation = reversed ? 'parent' : written.toLowerCase();
    const is = standing(relation, []);
    if (is === 'never' && written !== '') {
      // Without the id: were this a guardian until yesterday, the link must end.
      const place = { line: t.line, field: role.name };
      t.notes.reject(
        'emergency_contact_excluded',
        'an aide, doctor or other contact is not a guardian and is not linked to the child',
        place,
      );
      return null;
    }
    if (is === 'unknown') t.refuse('relation_unknown', 'the relation is not a known one; correct it at the source', role.name);
    const contact = contacts.get(guardian);
    return {
      sourcedId: t.id,
      studentSourcedId: student,
      guardianSourcedId: guardian,
      undirected: false,
      relation,
      primary: false,
      livesWith: null,
      noContact: false,
      language: null,
      interpreter: null,
      phone: contact?.phone ?? null,
      email: contact?.email ?? null,
      confirmedOn: null,
      line: t.line,
    };
  };
};

/** A copy: a slice would keep its whole page of text alive. */
export const kept = <T extends string | null>(text: T): T => (text === null ? text : Buffer.from(text).toString()) as T; // the same text

export const mappers: { [E in ReadEntity]: Mapper<E> } = {
  orgs,
  academicSessions,
  courses,
  classes,
  users,
  roles,
  enrollments,
  guardianships,
};
