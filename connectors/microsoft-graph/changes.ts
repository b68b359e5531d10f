/**
 * What changed since the last night: each person and class that did is asked for anew, with schools and members. A change may be told with its
 * changed fields alone, so what is told of it is not used. Who left a class is told; who left the tenant is found by the next whole reading.
 */
import { abreast } from '../abreast.ts';
import type { Item } from '../connector.ts';
import { oneByOne } from '../one-by-one.ts';
import type { Changes, Graph } from './graph.ts';
import { Haul } from './haul.ts';
import { toEnrollment, toRole, toUser } from './map.ts';
import type { Reading } from './read.ts';
import { classTaker, enrollmentsOf, type Found, mayPass, membersNotRead, membersOf, readSchools, titleOf } from './roster.ts';
import * as wire from './wire.ts';

export type Changed = { users: Changes; classes: Changes; next: { users: string; classes: string } };

const atOnce = 4;

export async function* readChanges(reading: Reading, { users, classes }: Changed): AsyncGenerator<Item, Found> {
  yield* readSchools(reading); // a few, and always whole
  const titles = yield* changedClasses(reading, classes);
  const students = yield* changedUsers(reading, users);
  const isWhole = yield* changedMembers(reading, classes, titles);
  reading.closings.read(['academicSessions', 'courses', 'classes', 'users', 'roles', 'enrollments'], 'delta');
  yield* reading.closings.close('orgs', 'academicSessions', 'courses', 'classes', 'enrollments');
  const listed = reading.given.assignments ? await reading.graph.rows('v1.0/education/classes?$select=id,displayName', wire.titled) : [];
  return { students, classes: { titles: new Map(listed.map((of) => [of.id, titleOf(of)])), lostIds: false }, isWhole };
}

async function schoolsOf(graph: Graph, at: string): Promise<string[]> {
  const schools = await graph.rows(`${at}/schools?$select=id`, wire.identified);
  return schools.map(({ id }) => id);
}

/** @returns what each is called */
async function* changedClasses({ graph }: Reading, { ids, removed }: Changes): AsyncGenerator<Item, Map<string, string>> {
  const titles = new Map<string, string>();
  const haul = new Haul('classes', 'classes/delta');
  const put = classTaker(haul);
  const ask = async (id: string) => {
    const at = `v1.0/education/classes/${encodeURIComponent(id)}`;
    const of = await graph.one(`${at}?$select=${wire.fieldsOf(wire.klass)}`, wire.klass);
    return of && { of, schools: await schoolsOf(graph, at) };
  };
  for await (const found of abreast(ids, atOnce, ask)) {
    if (!found) continue;
    put(found.of, found.schools[0] ?? null);
    titles.set(found.of.id, titleOf(found.of));
  }
  for (const id of removed) haul.remove('classes', id);
  yield* haul.rest();
  return titles;
}

async function* changedUsers({ graph }: Reading, { ids, removed }: Changes): AsyncGenerator<Item, Map<string, string>> {
  const haul = new Haul('users', 'users/delta');
  const students = new Map<string, string>();
  const ask = async (id: string) => {
    const at = `v1.0/education/users/${encodeURIComponent(id)}`;
    const of = await graph.one(`${at}?$select=${wire.fieldsOf(wire.user)}`, wire.user);
    return of && { of, schools: await schoolsOf(graph, at) };
  };
  for await (const found of abreast(ids, atOnce, ask)) {
    if (!found) continue;
    const { of, schools } = found;
    haul.add('users', toUser(of));
    for (const school of schools.length > 0 ? schools : [null]) {
      const role = toRole(of.id, school, of.primaryRole);
      if (role) haul.add('roles', role);
    }
    if (of.primaryRole === 'student') students.set(of.id, of.id);
  }
  for (const id of removed) haul.remove('users', id);
  yield* haul.rest();
  return students;
}

async function* changedMembers(
  { graph }: Reading,
  { ids, left }: Changes,
  titles: ReadonlyMap<string, string>,
): AsyncGenerator<Item, boolean> {
  const haul = new Haul('enrollments', 'classes/members');
  let isWhole = true;
  for await (const { of: klass, got: members, failure } of oneByOne([...ids], atOnce, (id) => membersOf(graph, id), true)) {
    if (failure) {
      isWhole &&= !mayPass(failure);
      yield membersNotRead(titles.get(klass) ?? klass, failure);
    }
    if (!members) continue;
    const records = enrollmentsOf(klass, members, haul);
    const living = new Set(records.map(({ sourcedId }) => sourcedId));
    for (const record of records) haul.add('enrollments', record);
    const gone = [...(left.get(klass) ?? [])].flatMap((id) =>
      (['student', 'teacher'] as const).map((role) => toEnrollment(klass, id, role)),
    );
    for (const { sourcedId } of gone) if (!living.has(sourcedId)) haul.remove('enrollments', sourcedId);
  }
  yield* haul.rest();
  return isWhole;
}
