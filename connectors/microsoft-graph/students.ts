/** Beside a roster from elsewhere: the tenant's students by the id that roster knows them by. They become no users. */
import type { Item } from '../connector.ts';
import { Haul } from './haul.ts';
import { said } from './map.ts';
import type { Reading } from './read.ts';
import type { Settings } from './settings.ts';
import * as wire from './wire.ts';

export async function* readStudents({ graph, given, options }: Reading): AsyncGenerator<Item, Map<string, string>> {
  const haul = new Haul('users', 'users');
  const students = new Map<string, string>();
  const onPage = (rows: number, pages: number) => options.onProgress?.({ entity: 'users', file: 'users', rows, pages });
  const path = `v1.0/education/users?$select=id,primaryRole,userPrincipalName,student`;
  for await (const page of graph.pages(path, wire.user, { onPage })) {
    for (const { row, line } of haul.take(page)) {
      if (row.primaryRole !== 'student') continue;
      const key = keyOf(row, given);
      if (key !== null) students.set(row.id, key);
      else haul.notes.habit('key_blank', `a student has no ${given.student}, so nothing of theirs was read`, { sourcedId: row.id, line });
    }
  }
  yield* haul.rest();
  return students;
}

export const keyOf = (of: wire.User, { student }: Settings): string | null =>
  student === 'userPrincipalName' ? said(of.userPrincipalName) : said(of.student?.[student]);
