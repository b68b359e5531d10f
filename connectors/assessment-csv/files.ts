/** Which files of the set are scores, by whose mapping each is read, and which is the benchmarks. */
import type { Problem } from '../connector.ts';
import { type FileSet, onlyFile, openFiles, type SourceFile } from '../files.ts';
import { Table } from '../table.ts';
import { genericReading, type Reading } from './reading.ts';
import type { Settings } from './settings.ts';
import { detectVendor, notScores, vendorReading } from './vendors.ts';

const shape = { columns: {}, id: null, strict: false };
const isBenchmarks = (file: SourceFile) => /^benchmarks?\.[a-z]+$/i.test(file.name);

export type Files = { scores: SourceFile[]; benchmarks: SourceFile | null; close(): void };

/** The caller closes them. */
export async function openScores(given: Settings): Promise<Files> {
  const set = await openFiles(given.path);
  const beside = set.files.find(isBenchmarks) ?? null;
  const scores = set.files.filter((file) => file !== beside);
  if (given.benchmarks === undefined) return { scores, benchmarks: beside, close: set.close };
  let elsewhere: FileSet | undefined;
  const close = () => {
    set.close();
    elsewhere?.close();
  };
  try {
    elsewhere = await openFiles(given.benchmarks);
    return { scores, benchmarks: onlyFile(elsewhere, given.benchmarks), close };
  } catch (error) {
    close();
    throw error;
  }
}

export type ScoreTable = { table: Table; reading: Reading };
/** A file that is not read as scores, and why. */
export type Unread = { unread: string; code: string };

/** Opens a score file and finds how to read it. The caller closes the table's csv. */
export async function openScoreFile(file: SourceFile, given: Settings): Promise<ScoreTable | (Unread & { columns: string[] })> {
  const table = await Table.open(file, 'results', shape);
  const answer = chooseReading(table, given);
  if ('unread' in answer) {
    await table.csv.close();
    return { ...answer, columns: columnNames(table) };
  }
  return { table, reading: answer };
}

/** Its columns, to choose from. A file without a header has a child in its first line: what looks like a value is not told. */
export const columnNames = (table: Table): string[] => table.csv.header.filter((name) => /\p{L}{2}/u.test(name) && !/@|\d{3}/.test(name));

function chooseReading(table: Table, given: Settings): Reading | Unread {
  const other = notScores(table);
  if (other !== null) return { unread: `it is ${other}, not of scores`, code: 'not_a_score_file' };
  if (given.mapping === 'generic') return ownReading(table, given);
  const vendor = given.mapping === 'auto' ? detectVendor(table) : given.mapping;
  if (vendor === null)
    return { unread: 'its header is of no vendor we know; describe it with mapping generic and columns', code: 'vendor_unknown' };
  const reading = vendorReading(vendor, table, given.columns?.student);
  if (reading.student.index === -1) return { unread: `there is no column ${reading.student.name}`, code: 'column_missing' };
  if (reading.measures.length === 0) return { unread: `there is no score column of ${reading.vendor}`, code: 'column_missing' };
  return reading;
}

function ownReading(table: Table, given: Settings): Reading | Unread {
  const { reading, missing } = genericReading(table, given.columns ?? {});
  if (missing.length === 0) return reading;
  return { unread: `the mapping names columns that are not there: ${missing.join(', ')}`, code: 'column_missing' };
}

export const unreadProblem = (file: SourceFile, { unread, code }: Unread): Problem => ({
  entity: 'results',
  severity: 'problem',
  code,
  message: `the file was not read: ${unread}`,
  sourcedId: null,
  file: file.name,
  line: null,
  field: null,
});
