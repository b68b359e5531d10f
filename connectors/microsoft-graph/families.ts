/**
 * Whom School Data Sync keeps with the students. Graph tells it by /beta alone, only where it is selected, and some tenants only student by
 * student: then each is asked for.
 */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import { abreast } from '../abreast.ts';
import type { Item } from '../connector.ts';
import { Seen } from '../seen.ts';
import { guardiansOf, unlinked } from './contacts.ts';
import type { Graph } from './graph.ts';
import { Haul, leftAlone } from './haul.ts';
import type { Reading } from './read.ts';
import * as wire from './wire.ts';

const entities: Entity[] = ['users', 'roles', 'guardianships'];
const select = '$select=id,primaryRole,relatedContacts';
const studentsAtOnce = 6;

/**
 * @param students of whom, by the ids they are found by
 * @param changed those of whom anything may differ; only they are asked for where a tenant tells one by one
 */
export async function* readContacts(
  reading: Reading,
  students: ReadonlyMap<string, string>,
  changed: ReadonlySet<string> | null,
): AsyncGenerator<Item> {
  const { given, graph, closings, options } = reading;
  if (!given.guardians) return;
  const haul = new Haul('guardianships', 'users/relatedContacts');
  const people = new Seen();
  let read = 0;
  let partly = false;
  try {
    const isListed = !reading.changesOnly && (await listsContacts(graph));
    partly = changed !== null && !isListed;
    const asked = [...students.keys()].filter((id) => !changed || changed.has(id));
    for await (const { id, contacts } of isListed
      ? listedContacts(graph, haul)
      : abreast(asked, studentsAtOnce, (one) => contactsOf(graph, one))) {
      const key = students.get(id);
      if (key === undefined) continue;
      const guardians = guardiansOf(key, contacts, given.alsoGuardians, haul.notes);
      if (partly) for (const gone of unlinked(key, contacts, guardians)) haul.remove('guardianships', gone);
      for (const { user, role, guardianship } of guardians) {
        if (people.add(user.sourcedId)) {
          haul.add('users', user);
          haul.add('roles', role);
        }
        haul.add('guardianships', guardianship);
      }
      if (++read % 500 === 0) options.onProgress?.({ entity: 'guardianships', file: 'users/relatedContacts', rows: read });
      yield* haul.items();
    }
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'source_denied' && error.code !== 'source_lacks')) throw error;
    yield* haul.rest();
    closings.doubt(['users', 'roles']);
    yield leftAlone('guardianships', 'users/relatedContacts', 'not_permitted', notPermitted);
    return;
  }
  yield* haul.rest();
  closings.read(entities, partly ? 'delta' : haul.rejected > 0 ? 'unreadable_ids' : null);
}

type Told = { id: string; contacts: wire.Contact[] };

/** Some tenants leave contacts out of a listing, though they were selected, or refuse to select them there. */
async function listsContacts(graph: Graph): Promise<boolean> {
  try {
    for await (const { rows } of graph.pages(`beta/education/users?${select}`, wire.withContacts)) {
      if (rows.some((row) => row.relatedContacts !== undefined)) return true;
      if (rows.some((row) => row.primaryRole === 'student')) return false;
    }
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'source_contract_broken') return false;
    throw error;
  }
}

async function* listedContacts(graph: Graph, haul: Haul): AsyncGenerator<Told> {
  for await (const page of graph.pages(`beta/education/users?${select}`, wire.withContacts)) {
    for (const { row } of haul.take(page)) if (row.relatedContacts) yield { id: row.id, contacts: row.relatedContacts };
  }
}

async function contactsOf(graph: Graph, id: string): Promise<Told> {
  const row = await graph.one(`beta/education/users/${encodeURIComponent(id)}?${select}`, wire.withContacts);
  return { id, contacts: row?.relatedContacts ?? [] };
}

const notPermitted =
  'the contacts of students may not be read, so they were left as they were; grant EduRoster.Read.All, or set guardians=false';
