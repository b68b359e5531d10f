/**
 * Whom School Data Sync keeps with the students. Graph tells it by /beta alone, only where it is selected, and some tenants only student by
 * student: then each is asked for.
 */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import { abreast } from '../abreast.ts';
import type { Item } from '../connector.ts';
import { Seen } from '../seen.ts';
import { guardiansOf } from './contacts.ts';
import { Haul, leftAlone } from './haul.ts';
import type { Reading } from './read.ts';
import * as wire from './wire.ts';

const entities: Entity[] = ['users', 'roles', 'guardianships'];
const select = '$select=id,primaryRole,relatedContacts';
const studentsAtOnce = 6;

/** @param students of whom, by the ids they are found by: everybody's, or those who changed */
export async function* readContacts(reading: Reading, students: ReadonlyMap<string, string>): AsyncGenerator<Item> {
  const { given, closings, options, changesOnly } = reading;
  if (!given.guardians) return;
  const haul = new Haul('guardianships', 'users/relatedContacts');
  const people = new Seen();
  let read = 0;
  try {
    for await (const { id, contacts } of contactsOf(reading, students, haul)) {
      const key = students.get(id);
      if (key === undefined) continue;
      for (const { user, role, guardianship } of guardiansOf(key, contacts, given.alsoGuardians, haul.notes)) {
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
  closings.read(entities, changesOnly ? 'delta' : haul.rejected > 0 ? 'unreadable_ids' : null);
}

type Told = { id: string; contacts: wire.Contact[] };

async function* contactsOf(reading: Reading, students: ReadonlyMap<string, string>, haul: Haul): AsyncGenerator<Told> {
  if (!reading.changesOnly) {
    const listed = yield* listedContacts(reading, haul);
    if (listed) return;
  }
  const ask = async (id: string): Promise<Told> => {
    const row = await reading.graph.one(`beta/education/users/${encodeURIComponent(id)}?${select}`, wire.withContacts);
    return { id, contacts: row?.relatedContacts ?? [] };
  };
  yield* abreast(students.keys(), studentsAtOnce, ask);
}

/** @returns false where the listing leaves contacts out, though they were selected */
async function* listedContacts({ graph }: Reading, haul: Haul): AsyncGenerator<Told, boolean> {
  let tells = false;
  try {
    for await (const page of graph.pages(`beta/education/users?${select}`, wire.withContacts)) {
      tells ||= page.rows.some((row) => row.relatedContacts !== undefined);
      if (!tells && page.rows.some((row) => row.primaryRole === 'student')) return false;
      for (const { row } of haul.take(page)) if (row.relatedContacts) yield { id: row.id, contacts: row.relatedContacts };
    }
    return true;
  } catch (error) {
    if (!tells && error instanceof AppError && error.code === 'source_contract_broken') return false;
    throw error;
  }
}

const notPermitted =
  'the contacts of students may not be read, so they were left as they were; grant EduRoster.Read.All, or set guardians=false';
