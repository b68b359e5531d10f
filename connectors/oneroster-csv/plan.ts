/**
 * Which files of a OneRoster set to read, and how far each may be trusted to be the whole truth: the manifest's word (1.1, 1.2) against
 * what is there. Without a manifest (1.0) every file is a full listing. A file nobody vouches for is read as a delta: its rows count,
 * absence from it proves nothing.
 * @throws AppError `source_contract_broken` when there is no OneRoster file at all, or two of one name.
 */
import { AppError } from '../../src/errors.ts';
import type { Problem } from '../connector.ts';
import type { FileSet, SourceFile } from '../files.ts';
import { Notes } from '../notes.ts';
import { Table } from '../table.ts';
import { type BesideFile, besideFiles, type ReadFile, readFiles, unreadFiles } from './wire.ts';

export type Mode = 'bulk' | 'delta';

export type Plan = {
  version: string;
  reads: { entity: ReadFile; file: SourceFile; mode: Mode }[];
  /** What is said of line items elsewhere; full listings alone. */
  beside: Partial<Record<BesideFile, SourceFile>>;
  /** The manifest says they are there. */
  missing: ReadFile[];
  /** Files of the format that hold nothing we ask for. */
  unread: string[];
  problems: Problem[];
};

/** Half read, its people would have no roles and its classes nobody in them. */
const onlyOfSds = ['relationships', 'userflags'];
const manifestShape = { columns: { propertyName: ['property'], value: [] }, id: null, strict: false };

export async function planReading(set: FileSet): Promise<Plan> {
  const files = new Map<string, SourceFile>();
  for (const file of set.files) {
    const key = stem(file.name);
    if (files.has(key)) throw contractBroken(`two files are called ${key}`, 'Keep the one that is meant.');
    files.set(key, file);
  }
  const manifest = await readManifest(files.get('manifest'));
  if (!manifest && onlyOfSds.some((name) => files.has(name))) {
    throw contractBroken('these are the files of Microsoft School Data Sync', 'Add the source with kind sds-csv.');
  }
  const plan: Plan = { version: '', reads: [], beside: {}, missing: [], unread: [], problems: [] };
  for (const entity of readFiles) place(entity, files.get(entity.toLowerCase()), manifest, plan);
  for (const name of besideFiles) {
    const file = files.get(name.toLowerCase());
    const said = manifest?.get(`file.${name.toLowerCase()}`)?.toLowerCase();
    if (file && (!manifest || said === 'bulk')) plan.beside[name] = file;
    else if (file) plan.unread.push(file.name);
  }
  if (plan.reads.length === 0 && plan.missing.length === 0 && !manifest) {
    throw contractBroken('no OneRoster file is there', `Expected files such as ${readFiles.slice(0, 5).join('.csv, ')}.csv.`);
  }
  plan.version = manifest?.get('oneroster.version') || (files.has('roles') ? '1.2 (no manifest)' : '1.0 (no manifest)');
  const known = new Set(['manifest', ...[...readFiles, ...besideFiles].map((name) => name.toLowerCase())]);
  const unread = new Set(unreadFiles.map((name) => name.toLowerCase()));
  for (const [key, { name }] of files) {
    if (known.has(key)) continue;
    if (unread.has(key)) plan.unread.push(name);
    // Perhaps a name mistyped: then a whole listing is silently not there.
    else if (/\.csv$/i.test(name)) {
      warn(plan, plan.reads[0]?.entity ?? 'orgs', name, 'file_unknown', 'no file of the format has this name, so it was not read');
    }
  }
  if (set.nestedIn !== null)
    warn(
      plan,
      plan.reads[0]?.entity ?? 'orgs',
      set.nestedIn,
      'files_nested',
      'the files stand in a folder, not at the top; read all the same',
    );
  return plan;
}

const contractBroken = (message: string, hint: string) => new AppError('source_contract_broken', message, { consequence: 'halt', hint });
const stem = (name: string) => name.replace(/\.[^.]*$/, '').toLowerCase();

/** Property names in lower case; undefined without a manifest. */
async function readManifest(file: SourceFile | undefined): Promise<Map<string, string> | undefined> {
  if (!file) return undefined;
  const table = await Table.open(file, 'orgs', manifestShape);
  const [name, value] = [table.column('propertyName'), table.column('value')];
  const properties = new Map<string, string>();
  while (await table.csv.fill()) while (table.next()) properties.set(table.raw(name).toLowerCase(), table.raw(value));
  return properties;
}

function place(entity: ReadFile, file: SourceFile | undefined, manifest: Map<string, string> | undefined, plan: Plan): void {
  const said = manifest?.get(`file.${entity.toLowerCase()}`)?.toLowerCase();
  if (!file) {
    if (said !== 'bulk' && said !== 'delta') return;
    plan.missing.push(entity);
    const message = `the manifest says ${said}, but the file is not there; nothing of it is ended`;
    plan.problems.push({ ...blank, entity, severity: 'problem', code: 'file_missing', file: `${entity}.csv`, message });
    return;
  }
  if (file.name !== `${entity}.csv`)
    warn(plan, entity, file.name, 'file_spelling', `the file should be called ${entity}.csv; read all the same`);
  if (said === 'absent') {
    warn(plan, entity, file.name, 'file_said_absent', 'the manifest says absent, so the file was not read');
    return;
  }
  if (manifest && said !== 'bulk' && said !== 'delta') {
    warn(plan, entity, file.name, 'manifest_silent', 'the manifest says neither bulk nor delta of it; read as delta, so nothing is ended');
  }
  plan.reads.push({ entity, file, mode: manifest && said !== 'bulk' ? 'delta' : 'bulk' });
}

const blank = { sourcedId: null, line: null, field: null };

function warn(plan: Plan, entity: ReadFile, file: string, code: string, message: string): void {
  const notes = new Notes(entity, file);
  notes.warn(code, message);
  for (const found of notes.take()) plan.problems.push(...found.problems);
}
