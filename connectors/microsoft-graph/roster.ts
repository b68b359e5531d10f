/** Everything of a tenant's roster: schools, whose people and classes are listed school by school, people, classes, and their members. */
import { AppError } from '../../src/errors.ts';
import type { RecordOf } from '../../src/roster/model.ts';
import { abreast } from '../abreast.ts';
import type { Item } from '../connector.ts';
import { Seen } from '../seen.ts';
import type { Graph } from './graph.ts';
import { Haul } from './haul.ts';
import { toClass, toEnrollment, toOrg, toRole, toUser } from './map.ts';
import type { Reading } from './read.ts';
import * as wire from './wire.ts';

/** Students under the ids others know them by, and classes. */
export type Found = { students: Map<string, string>; classes: string[] };

const sidesAtOnce = 4;

export async function* readRoster(reading: Reading): AsyncGenerator<Item, Found> {
  const schools = yield* readSchools(reading);
  const schoolOf = await classSchools(reading.graph, schools);
  const classes = yield* readClasses(reading, schoolOf);
  const students = yield* readUsers(reading, schools);
  yield* readMembers(reading, classes);
  return { students, classes };
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

async function* readClasses({ graph, options, closings }: Reading, schoolOf: Map<string, string>): AsyncGenerator<Item, string[]> {
  const haul = new Haul('classes', 'classes');
  const put = classTaker(haul);
  const classes: string[] = [];
  const onPage = progress(options, 'classes', 'classes');
  for await (const page of graph.pages(`v1.0/education/classes?$select=${wire.fieldsOf(wire.klass)}`, wire.klass, { onPage })) {
    for (const { row, line } of haul.take(page)) {
      classes.push(row.id);
      put(row, schoolOf.get(row.id) ?? null, line);
    }
    yield* haul.items();
  }
  yield* haul.rest();
  closings.read(['classes'], haul.lostIds ? 'unreadable_ids' : null);
  // A class that cannot be read takes its term and its course along.
  closings.read(['academicSessions', 'courses'], haul.rejected > 0 ? 'unreadable_ids' : null);
  return classes;
}

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

async function* readMembers({ graph, options, closings }: Reading, classes: readonly string[]): AsyncGenerator<Item> {
  const haul = new Haul('enrollments', 'classes/members');
  let vanished = false;
  let rows = 0;
  for await (const { klass, members } of abreast(classes, sidesAtOnce, (klass) => membersOf(graph, klass))) {
    if (members === null) {
      vanished = true;
      haul.notes.habit('class_vanished', 'a class was gone when its members were asked for; the next sync reads it again');
    } else for (const record of enrollmentsOf(klass, members, haul)) haul.add('enrollments', record);
    rows += members?.people.length ?? 0;
    options.onProgress?.({ entity: 'enrollments', file: 'classes/members', rows });
    yield* haul.items();
  }
  yield* haul.rest();
  closings.read(['enrollments'], vanished ? 'partial' : null);
}

export type Members = { people: wire.Person[]; teachers: Set<string> };

/** Null where the class is gone. */
export async function membersOf(graph: Graph, klass: string): Promise<{ klass: string; members: Members | null }> {
  const at = `v1.0/education/classes/${encodeURIComponent(klass)}`;
  const select = wire.fieldsOf(wire.person);
  try {
    const people = await graph.rows(`${at}/members?$select=${select}`, wire.person);
    const teachers = await graph.rows(`${at}/teachers?$select=${select}`, wire.person);
    const known = new Set(people.map(({ id }) => id));
    return {
      klass,
      // By the book teachers are members too.
      members: { people: [...people, ...teachers.filter(({ id }) => !known.has(id))], teachers: new Set(teachers.map(({ id }) => id)) },
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'source_lacks') return { klass, members: null };
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
