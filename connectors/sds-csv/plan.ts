/**
 * Which files of an SDS set are read, and what they know of people before the users are read.
 * @throws AppError `source_contract_broken` when the set is of another format or lacks a file SDS itself asks for
 */
import { AppError } from '../../src/errors.ts';
import type { Problem } from '../connector.ts';
import type { FileSet, SourceFile } from '../files.ts';
import { Notes } from '../notes.ts';
import { Table } from '../table.ts';
import { type Known, kept } from './map.ts';
import { files, type ReadEntity, readEntities, shapes, unreadFiles } from './wire.ts';

export type Plan = { reads: { entity: ReadEntity; file: SourceFile }[]; unread: string[]; problems: Problem[] };

const required: readonly ReadEntity[] = ['orgs', 'users', 'roles'];
const ofVersion1 = ['student', 'section', 'studentenrollment', 'guardianrelationship'];

export function planReading(set: FileSet): Plan {
  const there = new Map<string, SourceFile>();
  for (const file of set.files) {
    const key = stem(file.name);
    if (there.has(key)) throw contractBroken(`two files are called ${key}`, 'Keep the one that is meant.');
    there.set(key, file);
  }
  if (there.has('manifest')) throw contractBroken('these are the files of OneRoster', 'Add the source with kind oneroster-csv.');
  if (ofVersion1.some((name) => there.has(name)))
    throw contractBroken('these are files of SDS V1', 'Export the set in the SDS V2.1 format.');
  const missing = required.find((entity) => !there.has(files[entity].toLowerCase()));
  if (missing)
    throw contractBroken(
      `there is no ${files[missing]}.csv`,
      'SDS needs orgs.csv, users.csv and roles.csv at least; deliver the whole set.',
    );
  const plan: Plan = { reads: [], unread: [], problems: [] };
  for (const entity of readEntities) {
    const file = there.get(files[entity].toLowerCase());
    if (!file) continue;
    plan.reads.push({ entity, file });
    there.delete(files[entity].toLowerCase());
    if (file.name !== `${files[entity]}.csv`)
      warn(plan, entity, file.name, 'file_spelling', `the file should be called ${files[entity]}.csv; read all the same`);
  }
  for (const [key, { name }] of there) {
    if (unreadFiles.some((known) => known.toLowerCase() === key)) plan.unread.push(name);
    else warn(plan, 'orgs', name, 'file_unknown', 'no file of the format has this name, so it was not read');
  }
  if (set.nestedIn !== null)
    warn(plan, 'orgs', set.nestedIn, 'files_nested', 'the files stand in a folder, not at the top; read all the same');
  return plan;
}

/** Grades stand with the roles, and whom to reach as a parent stands with the users. */
export async function gather(plan: Plan, signal?: AbortSignal): Promise<Known> {
  const known: Known = { districts: new Set(), grades: new Map(), contacts: new Map() };
  await eachRow(plan, 'orgs', signal, (t) => {
    const type = t.column('type');
    return () => {
      if (t.raw(type).toLowerCase() === 'district') known.districts.add(kept(t.id));
    };
  });
  await eachRow(plan, 'roles', signal, (t) => {
    const [user, role, grade] = [t.column('userSourcedId'), t.column('role'), t.column('grade')];
    return () => {
      if (t.raw(role).toLowerCase() !== 'student' || t.raw(grade) === '') return;
      const of = known.grades.get(t.raw(user)) ?? [];
      for (const one of t.grades(grade)) if (!of.includes(one)) of.push(kept(one));
      known.grades.set(kept(t.raw(user)), of);
    };
  });
  await eachRow(plan, 'guardianships', signal, (t) => {
    const both = [t.column('userSourcedId'), t.column('relationshipUserSourcedId')];
    return () => {
      for (const one of both) known.contacts.set(kept(t.raw(one)), { phone: null, email: null });
    };
  });
  return known;
}

async function eachRow(
  plan: Plan,
  entity: ReadEntity,
  signal: AbortSignal | undefined,
  start: (table: Table) => () => void,
): Promise<void> {
  const read = plan.reads.find((one) => one.entity === entity);
  if (!read) return;
  const table = await Table.open(read.file, entity, shapes[entity]);
  const look = start(table);
  try {
    while (await table.csv.fill()) {
      signal?.throwIfAborted();
      while (table.next()) look();
    }
  } finally {
    await table.csv.close();
  }
}

const contractBroken = (message: string, hint: string) => new AppError('source_contract_broken', message, { consequence: 'halt', hint });
const stem = (name: string) => name.replace(/\.[^.]*$/, '').toLowerCase();

function warn(plan: Plan, entity: ReadEntity, file: string, code: string, message: string): void {
  const notes = new Notes(entity, file);
  notes.warn(code, message);
  for (const found of notes.take()) plan.problems.push(...found.problems);
}
