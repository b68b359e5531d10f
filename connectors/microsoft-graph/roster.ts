/** Everything of a tenant's roster: schools, whose people and classes are listed school by school, people, classes, and their members. */
import { AppError } from '../../src/errors.ts';
import type { RecordOf } from '../../src/roster/model.ts';
import { abreast } from '../abreast.ts';
import type { Item } from '../connector.ts';
import { oneByOne } from '../one-by-one.ts';
import { Seen } from '../seen.ts';
import type { Graph } from './graph.ts';
import { classNotRead, Haul } from './haul.ts';
import { said, toClass, toEnrollment, toOrg, toRole, toUser } from './map.ts';
import type { Reading } from './read.ts';
import * as wire from './wire.ts';

export type Classes = {
  /** What each is called. */
  titles: Map<string, string>;
  /** There are others, nobody knows which. */
  lostIds: boolean;
};

/** Students under the ids others know them by, and classes. */
export type Found = {
  students: Map<string, string>;
  classes: Classes;
  /** False: some members could not be read that may well be tomorrow. The next night then asks for all of this once more. */
  isWhole: boolean;
};

const sidesAtOnce = 4;

export async function* readRoster(reading: Reading): AsyncGenerator<Item, Found> {
  const schools = yield* readSchools(reading);
  const schoolOf = await classSchools(reading.graph, schools);
  const classes = yield* readClasses(reading, schoolOf);
  yield* reading.closings.close('orgs', 'academicSessions', 'courses', 'classes');
  const students = yield* readUsers(reading, schools);
  const isWhole = yield* readMembers(reading, classes);
  yield* reading.closings.close('enrollments');
  return { students, classes, isWhole };
}

export async function* readSchools({ graph, options, closings }: Reading): AsyncGenerator<Item, string[]> {
  const haul = new Haul('orgs', 'schools');
  const schools: string[] = [];
  const onPage = progress(options, 'orgs', 'schools');
  for await (const page of graph.pages(`v1.0/education/schools?$select=${wire.fieldsOf(wire.school)}`, wire.school, { onPage })) {
    for (const { row, line } of haul.take(page)) {
      schools.push(row.id);
      haul.add('orgs', toOrg(row), line);
    }
    yield* haul.items();
  }
  yield* haul.rest();
  closings.read(['orgs'], haul.lostIds ? 'unreadable_ids' : null);
  return schools;
}

/** A class of several schools is the first one's. */
async function classSchools(graph: Graph, schools: readonly string[]): Promise<Map<string, string>> {
  const schoolOf = new Map<string, string>();
  const listed = abreast(schools, sidesAtOnce, async (school) => ({
    school,
    classes: await graph.rows(`v1.0/education/schools/${encodeURIComponent(school)}/classes?$select=id`, wire.identified),
  }));
  for await (const { school, classes } of listed) for (const { id } of classes) if (!schoolOf.has(id)) schoolOf.set(id, school);
  return schoolOf;
}

async function* readClasses({ graph, options, closings }: Reading, schoolOf: Map<string, string>): AsyncGenerator<Item, Classes> {
  const haul = new Haul('classes', 'classes');
  const put = classTaker(haul);
  const titles = new Map<string, string>();
  const onPage = progress(options, 'classes', 'classes');
  for await (const page of graph.pages(`v1.0/education/classes?$select=${wire.fieldsOf(wire.klass)}`, wire.klass, { onPage })) {
    for (const { row, line } of haul.take(page)) {
      titles.set(row.id, titleOf(row));
      put(row, schoolOf.get(row.id) ?? null, line);
    }
    yield* haul.items();
  }
  yield* haul.rest();
  closings.read(['classes'], haul.lostIds ? 'unreadable_ids' : null);
  // A class that cannot be read takes its term and its course along.
  closings.read(['academicSessions', 'courses'], haul.rejected > 0 ? 'unreadable_ids' : null);
  for (const id of haul.rejectedIds) closings.miss(['enrollments', 'lineItems', 'results'], id);
  return { titles, lostIds: haul.lostIds };
}

export const titleOf = ({ id, displayName }: Pick<wire.Klass, 'id' | 'displayName'>): string => said(displayName) ?? id;

/** Classes, and each of their terms and courses once. */
export function classTaker(haul: Haul): (of: wire.Klass, school: string | null, line?: number) => void {
  const seen = new Seen();
  return (of, school, line) => {
    const { record, session, course } = toClass(of, school);
    if (session && seen.add(session.sourcedId)) haul.add('academicSessions', session, line);
    if (course && seen.add(course.sourcedId)) haul.add('courses', course, line);
    haul.add('classes', record, line);
  };
}

async function* readUsers(reading: Reading, schools: readonly string[]): AsyncGenerator<Item, Map<string, string>> {
  const { graph, options, closings } = reading;
  const placed = new Seen();
  let lost = yield* readPlaces(reading, schools, placed);
  const haul = new Haul('users', 'users');
  const students = new Map<string, string>();
  const onPage = progress(options, 'users', 'users');
  for await (const page of graph.pages(`v1.0/education/users?$select=${wire.fieldsOf(wire.user)}`, wire.user, { onPage })) {
    for (const { row, line } of haul.take(page)) {
      haul.add('users', toUser(row), line);
      if (row.primaryRole === 'student') students.set(row.id, row.id);
      const role = placed.has(row.id) ? null : toRole(row.id, null, row.primaryRole);
      if (role) haul.add('roles', role, line);
    }
    yield* haul.items();
  }
  yield* haul.rest();
  lost ||= haul.rejected > 0;
  closings.read(['users'], haul.lostIds ? 'unreadable_ids' : null);
  closings.read(['roles'], lost ? 'unreadable_ids' : null);
  return students;
}

/** Who is at which school, as what. @returns whether somebody could not be read */
async function* readPlaces({ graph }: Reading, schools: readonly string[], placed: Seen): AsyncGenerator<Item, boolean> {
  let lost = false;
  for (const school of schools) {
    const haul = new Haul('roles', `schools/${school}/users`);
    const path = `v1.0/education/schools/${encodeURIComponent(school)}/users?$select=${wire.fieldsOf(wire.person)}`;
    for await (const page of graph.pages(path, wire.person)) {
      for (const { row, line } of haul.take(page)) {
        const role = toRole(row.id, school, row.primaryRole);
        placed.add(row.id);
        if (role) haul.add('roles', role, line);
      }
      yield* haul.items();
    }
    yield* haul.rest();
    lost ||= haul.rejected > 0;
  }
  return lost;
}

async function* readMembers({ graph, options, closings }: Reading, { titles, lostIds }: Classes): AsyncGenerator<Item, boolean> {
  const haul = new Haul('enrollments', 'classes/members');
  let [rows, isWhole] = [0, true];
  for await (const { of, got, failure } of oneByOne([...titles.keys()], sidesAtOnce, (klass) => membersOf(graph, klass))) {
    if (got) for (const record of enrollmentsOf(of, got, haul)) haul.add('enrollments', record);
    else {
      closings.miss(['enrollments'], of);
      isWhole &&= !mayPass(failure);
      yield membersNotRead(titles.get(of) ?? of, failure);
    }
    rows += got?.people.length ?? 0;
    options.onProgress?.({ entity: 'enrollments', file: 'classes/members', rows });
    yield* haul.items();
  }
  yield* haul.rest();
  closings.read(['enrollments'], lostIds ? 'unreadable_ids' : null);
  return isWhole;
}

/** Who is refused tonight is refused tomorrow, until somebody acts. */
export const mayPass = (failure: AppError | undefined): boolean => failure !== undefined && failure.code !== 'source_denied';

/** @param failure absent: the class is gone */
export function membersNotRead(title: string, failure: AppError | undefined): Item {
  const again = mayPass(failure) ? '' : ' Then sync once with --full.';
  const why = failure ? `${failure.message}. ${failure.hint ?? ''}${again}` : gone;
  return classNotRead('enrollments', title, `The members of this class could not be read, and stand as they were. ${why}`);
}
const gone = 'It was gone when they were asked for: the next sync tells.';

export type Members = { people: wire.Person[]; teachers: Set<string> };

/** Null where the class is gone. */
export async function membersOf(graph: Graph, klass: string): Promise<Members | null> {
  const at = `v1.0/education/classes/${encodeURIComponent(klass)}`;
  const select = wire.fieldsOf(wire.person);
  try {
    const people = await graph.rows(`${at}/members?$select=${select}`, wire.person);
    const teachers = await graph.rows(`${at}/teachers?$select=${select}`, wire.person);
    const known = new Set(people.map(({ id }) => id));
    // By the book teachers are members too.
    return { people: [...people, ...teachers.filter(({ id }) => !known.has(id))], teachers: new Set(teachers.map(({ id }) => id)) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'source_lacks') return null;
    throw error;
  }
}

/** A student who owns the class's group is its student all the same; whoever is neither is no part of the class. */
export function enrollmentsOf(klass: string, { people, teachers }: Members, haul: Haul): RecordOf['enrollments'][] {
  return people.flatMap(({ id, primaryRole }) => {
    if (primaryRole === 'student') return [toEnrollment(klass, id, 'student')];
    if (teachers.has(id)) return [toEnrollment(klass, id, 'teacher')];
    haul.notes.habit('member_without_part', 'a member is neither a student nor a teacher of the class and was not enrolled', {
      sourcedId: id,
    });
    return [];
  });
}

const progress = (options: Reading['options'], entity: 'orgs' | 'classes' | 'users', file: string) => (rows: number, pages: number) =>
  options.onProgress?.({ entity, file, rows, pages });
