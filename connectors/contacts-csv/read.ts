/**
 * A school's contact list: who is whose guardian, how to reach them, and who must not be told. Each row is one child and one contact.
 * An emergency contact is never a guardian. Children, and contacts who are known already, are found by explicit ids, never by name.
 * @throws AppError `source_unreachable` | `source_contract_broken` for a file that cannot be opened or is no contact list. Never for a row.
 */
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import type { RecordOf } from '../../src/roster/model.ts';
import type { CheckReport, Closing, Connector, Item, PullOptions } from '../connector.ts';
import { digest, onlyFile, openFiles, withFiles } from '../files.ts';
import type { Column } from '../header.ts';
import { matchRule } from '../match.ts';
import { Outbox } from '../outbox.ts';
import { standing } from '../relations.ts';
import { Table } from '../table.ts';
import { type ColumnName, columnNames, columns, forbids, readLanguage } from './wire.ts';

const settings = z.object({
  /** The file, or a folder or zip that holds it alone. */
  path: z.string().min(1),
  /** How the student column finds a child of the roster. */
  student: z.array(matchRule).min(1).default(['sourcedId', 'identifier', 'userIds']),
  /** How the contact column finds a guardian who is on a roster already. */
  guardian: z.array(matchRule).min(1).default(['userIds:contactUniqueId']),
  /** Which header a column has, where it is none of the usual ones. */
  columns: z.partialRecord(z.enum(columnNames), z.string().min(1)).optional(),
  /** Relations that make a guardian here, besides family and legal ones. */
  alsoGuardians: z.array(z.string().min(1)).default([]),
});
type Settings = z.infer<typeof settings>;

const readingVersion = 1;
const previewRows = 5;

export const contactsCsv: Connector<Settings> = {
  kind: 'contacts-csv',
  settings,
  matching: ({ student, guardian }) => ({ students: student, guardians: guardian }),
  check: (given) => withFiles(given.path, (set) => check(onlyFile(set, given.path), given)),
  fingerprint: ({ path, ...reading }, signal) =>
    withFiles(path, (set) => digest([onlyFile(set, path)], ['contacts-csv', readingVersion, reading], signal)),
  pull,
};

const open = (file: Parameters<typeof Table.open>[0], given: Settings) =>
  Table.open(file, 'guardianships', { columns, id: null, strict: false, ...(given.columns ? { chosen: given.columns } : {}) });

async function* pull(given: Settings, options: PullOptions): AsyncGenerator<Item> {
  const set = await openFiles(given.path);
  try {
    const file = onlyFile(set, given.path);
    const table = await open(file, given);
    const outbox = new Outbox(file.name);
    const take = reader(table, outbox, given);
    try {
      requireKeys(table);
      while (await table.csv.fill()) {
        options.signal?.throwIfAborted();
        while (table.next()) take();
        options.onProgress?.({
          entity: 'guardianships',
          file: file.name,
          rows: table.rows,
          bytesRead: table.csv.bytesRead,
          bytesTotal: file.bytes,
        });
        yield* outbox.take();
        yield* table.notes.take();
      }
    } finally {
      await table.csv.close();
    }
    if (table.rows === 0) table.notes.habit('no_rows', 'the file has no rows');
    yield* outbox.finish();
    yield* table.notes.finish();
    yield* closings(table);
  } finally {
    set.close();
  }
}

/** Without them every row would fail for the same reason: say it once. A file that is empty has its own word. */
function requireKeys(table: Table): void {
  const missing = (['student', 'contact'] as const).find((name) => table.csv.header.length > 0 && !table.has(name));
  if (missing === undefined) return;
  throw new AppError('source_contract_broken', `${table.file}: no column for ${missing}`, { consequence: 'halt', hint: rename(missing) });
}

const rename = (name: ColumnName) => `Rename it to ${columns[name][0]}, or name it under columns.${name}.`;

/** A row given up takes its contact with it: then nobody's absence from the derived users and roles means anything. */
function closings(table: Table): Closing[] {
  const close = (entity: Closing['entity'], sure: boolean): Closing => {
    if (!sure) return { type: 'closing', entity, complete: false, because: 'unreadable_ids' };
    return table.truncated
      ? { type: 'closing', entity, complete: false, because: 'interrupted' }
      : { type: 'closing', entity, complete: true };
  };
  const everyRow = table.rejected === 0;
  return [close('users', everyRow), close('roles', everyRow), close('guardianships', !table.lostIds)];
}

/** Maps the current row of the table into the outbox, or notes why not. */
function reader(table: Table, outbox: Outbox, given: Settings): () => void {
  const at = Object.fromEntries(columnNames.map((name) => [name, table.column(name)])) as Record<ColumnName, Column>; // one for each name
  const idType = table.csv.header[at.contact.index] ?? 'contactUniqueId';
  const names = new Map<string, string>();
  return () => {
    const student = table.reference(at.student);
    const contact = table.reference(at.contact);
    if (student !== '' && contact !== '') table.id = `${student}|${contact}`;
    const relation = table.raw(at.relation);
    if (excluded(table, at, relation, given)) return;
    const link = guardianship(table, at, { student, contact, relation });
    if (!table.accepts()) return;
    takePerson(table, at, { outbox, names, idType, contact, email: link.email });
    outbox.add('guardianships', link);
  };
}

/**
 * Whether the row says that this contact is no guardian. Such a row is noted without its id: were it a guardian's until yesterday,
 * the link must end, not be protected as an unreadable row is.
 */
function excluded(table: Table, at: Record<ColumnName, Column>, relation: string, given: Settings): boolean {
  const place = { line: table.line, field: 'relation' };
  const is = relation === '' ? 'unknown' : standing(relation, given.alsoGuardians);
  if (is === 'never') {
    table.notes.reject('emergency_contact_excluded', 'an emergency contact is not a guardian and is not linked to the child', place);
    return true;
  }
  if (is === 'guardian') return false;
  if (relation !== '')
    table.refuse('relation_unknown', 'the relation is not a known one; correct it or add it to alsoGuardians', 'relation');
  else if (table.maybe(at.primaryContact) !== true && table.maybe(at.livesWith) !== true) {
    table.refuse('relation_blank', 'the relation is blank, so nobody can tell whether this is a guardian; fill it in', 'relation');
  } else table.notes.habit('relation_blank', 'the relation is blank; linked, as the contact is primary or lives with the child', place);
  return false;
}

type Keys = { student: string; contact: string; relation: string };

function guardianship(
  table: Table,
  at: Record<ColumnName, Column>,
  { student, contact, relation }: Keys,
): RecordOf['guardianships'] & { line: number } {
  const writtenLanguage = table.raw(at.language);
  const language = writtenLanguage === '' ? null : readLanguage(writtenLanguage);
  if (writtenLanguage !== '' && language === null) {
    table.notes.warn('language_unknown', 'the language is not known and was left empty; write a code such as es', table.place(at.language));
  }
  return {
    sourcedId: table.id,
    studentSourcedId: student,
    guardianSourcedId: contact,
    undirected: false,
    relation: relation === '' ? null : relation.toLowerCase(),
    primary: table.boolean(at.primaryContact, false, false),
    livesWith: table.maybe(at.livesWith),
    // Whatever else than a plain no stands there, somebody meant a restriction.
    noContact: table.boolean(at.noContact, false, true) || forbids(table.raw(at.custody)),
    language,
    interpreter: table.maybe(at.interpreter),
    phone: table.optional(at.phone),
    email: table.optional(at.email),
    confirmedOn: table.date(at.confirmedOn),
    line: table.line,
  };
}

type Person = { outbox: Outbox; names: Map<string, string>; idType: string; contact: string; email: string | null };

/** A contact of two children stands in two rows and is one person: the first row's. */
function takePerson(table: Table, at: Record<ColumnName, Column>, { outbox, names, idType, contact, email }: Person): void {
  const [givenName, familyName] = [table.text(at.givenName), table.text(at.familyName)];
  const name = Buffer.from(`${givenName}\0${familyName}`).toString(); // a copy: a slice would keep its whole page of text alive
  const known = names.get(contact);
  if (known !== undefined) {
    if (known !== name)
      table.notes.warn('name_differs', 'the contact has another name in an earlier row, which was kept', table.place(at.contact));
    return;
  }
  names.set(Buffer.from(contact).toString(), name);
  outbox.add('users', {
    sourcedId: contact,
    enabledUser: true,
    username: null,
    userIds: [`${idType}:${contact}`],
    givenName,
    familyName,
    middleName: null,
    preferredGivenName: null,
    preferredFamilyName: null,
    identifier: null,
    email,
    grades: [],
    line: table.line,
  });
  outbox.add('roles', {
    sourcedId: `${contact}/guardian`,
    userSourcedId: contact,
    orgSourcedId: null,
    role: 'guardian',
    roleType: null,
    beginDate: null,
    endDate: null,
    line: table.line,
  });
}

async function check(file: Parameters<typeof Table.open>[0], given: Settings): Promise<CheckReport> {
  const table = await open(file, given);
  const findings: CheckReport['findings'] = [];
  for (const name of ['student', 'contact', 'relation'] as const) {
    const header = table.csv.header[table.column(name).index];
    if (header !== undefined) findings.push({ ok: true, text: `${name}: column ${header}` });
    else
      findings.push({
        ok: false,
        text: `no column for ${name}`,
        hint: rename(name),
      });
  }
  if (!findings.every((finding) => finding.ok)) return { ok: false, findings };
  const rows: unknown[] = [];
  const outbox = new Outbox(file.name);
  const take = reader(table, outbox, given);
  while (await table.csv.fill()) {
    while (table.next()) take();
    for (const item of outbox.take()) keepPreview(item, rows);
    table.notes.take();
  }
  for (const item of outbox.finish()) keepPreview(item, rows);
  findings.push({ ok: table.rows > 0, text: `${file.name}: ${table.rows} rows, ${table.rejected} cannot be used` });
  return { ok: table.rows > 0, findings, preview: [{ entity: 'guardianships', rows }] };
}

/** Ids and flags, no way to reach anybody. */
function keepPreview(item: Item, rows: unknown[]): void {
  if (item.type !== 'batch' || item.entity !== 'guardianships') return;
  for (const { studentSourcedId, guardianSourcedId, relation, primary, noContact, language } of item.rows.slice(
    0,
    previewRows - rows.length,
  )) {
    rows.push({ studentSourcedId, guardianSourcedId, relation, primary, noContact, language });
  }
}
