/** The first rows of a source, for a check before the first sync: enough to see whether it is understood, and nothing of anybody. */
import type { CheckReport } from './connector.ts';
import type { Table } from './table.ts';

export const previewRows = 3;

export type Head = { finding: CheckReport['findings'][number]; rows: unknown[] };

/** Of a file. @param says what it is, e.g. `users.csv: full listing`. Closes the table's file. */
export async function readHead(table: Table, map: () => object | null, says: string): Promise<Head> {
  const rows: unknown[] = [];
  try {
    while (rows.length < previewRows && (await table.csv.fill())) {
      while (rows.length < previewRows && table.next()) {
        const record = map();
        if (record !== null && table.accepts()) rows.push(withoutPerson(record));
      }
    }
  } finally {
    await table.csv.close();
  }
  const said = table.notes.finish().flatMap((found) => found.problems.map((problem) => problem.message));
  const text = `${says}${rows.length === 0 ? ', no row that can be read' : ''}`;
  return { finding: { ok: rows.length > 0 || table.rows === 0, text: [text, ...new Set(said)].join('; ') }, rows };
}

const personal = new Set([
  'username',
  'userIds',
  'givenName',
  'familyName',
  'middleName',
  'preferredGivenName',
  'preferredFamilyName',
  'email',
  'phone',
]);

/** A preview ends up in terminals and tickets: ids and what kind of record it is, nobody's name. */
export const withoutPerson = (record: object) => Object.fromEntries(Object.entries(record).filter(([field]) => !personal.has(field)));
