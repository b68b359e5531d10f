/**
 * OneRoster CSV, 1.0, 1.1 and 1.2, from a folder or a zip. Streams: memory does not grow with the files, but for the family links.
 * Real exports stray from the format in many ways; what can be understood is, with a warning, and what cannot is a problem of its row.
 * @throws AppError `source_unreachable` | `source_contract_broken` for files that cannot be opened. Never for a row.
 */
import { z } from 'zod';
import type { RecordOf } from '../../src/roster/model.ts';
import type { Closing, Connector, Item, PullOptions } from '../connector.ts';
import { digest, openFiles, withFiles } from '../files.ts';
import { Outbox } from '../outbox.ts';
import { Stretches } from '../stretches.ts';
import { Table } from '../table.ts';
import { Beside } from './beside.ts';
import { checkSet } from './check.ts';
import { Derived } from './derived.ts';
import { mappers } from './map.ts';
import { type Plan, planReading } from './plan.ts';
import { shapes } from './wire.ts';

const settings = z.object({
  /** The folder or zip that holds the export. */
  path: z.string().min(1),
});
type Settings = z.infer<typeof settings>;

/** Raised when the same bytes would be read otherwise than before. */
const readingVersion = 1;

export const oneRosterCsv: Connector<Settings> = {
  kind: 'oneroster-csv',
  settings,
  matching: () => ({}),
  check: ({ path }) => withFiles(path, checkSet),
  fingerprint: ({ path }, signal) =>
    withFiles(path, async (set) => {
      const { reads, beside } = await planReading(set);
      const manifest = set.files.filter((file) => /^manifest\./i.test(file.name));
      return digest([...manifest, ...reads.map((read) => read.file), ...Object.values(beside)], ['oneroster-csv', readingVersion], signal);
    }),
  pull: ({ path }, options) => pull(path, options),
};

async function* pull(path: string, options: PullOptions): AsyncGenerator<Item> {
  const set = await openFiles(path);
  try {
    const plan = await planReading(set);
    if (plan.problems.length > 0) yield { type: 'findings', problems: plan.problems };
    const beside = await Beside.read(plan.beside, options.signal);
    yield* beside.findings;
    const bytesTotal = plan.reads.reduce((sum, read) => sum + read.file.bytes, 0);
    let bytesBefore = 0;
    for (const read of plan.reads) {
      yield* readFile(read, plan, options, { bytesBefore, bytesTotal }, beside);
      bytesBefore += read.file.bytes;
    }
    for (const entity of plan.missing) yield { type: 'closing', entity, complete: false, because: 'file_missing' };
  } finally {
    set.close();
  }
}

type Bytes = { bytesBefore: number; bytesTotal: number };

async function* readFile(
  read: Plan['reads'][number],
  plan: Plan,
  options: PullOptions,
  bytes: Bytes,
  beside: Beside,
): AsyncGenerator<Item> {
  const { entity, file, mode } = read;
  const completed = beside.digest !== '' && (entity === 'lineItems' || entity === 'results');
  const version = completed ? `${readingVersion} ${beside.digest}` : String(readingVersion);
  // What a delta leaves out is not known by it.
  const stretches = options.known && mode === 'bulk' ? new Stretches(file, entity, options.known, version) : null;
  const table = await Table.open(file, entity, shapes[entity], stretches);
  const outbox = new Outbox(file.name);
  const map = mappers[entity](table);
  const status = table.column('status');
  const derived = entity === 'users' ? new Derived(table, outbox, plan) : null;
  try {
    while (await table.csv.fill()) {
      options.signal?.throwIfAborted();
      while (table.next()) {
        const removed = isRemoved(table, status, mode);
        const record = removed ? null : map();
        if (!table.accepts()) continue;
        if (record && completed) complete(entity, record, beside);
        if (record) outbox.add(entity, record);
        else outbox.remove(entity, { sourcedId: table.id, line: table.line });
        if (derived?.take(record === null)) stretches?.readAgain();
      }
      options.onProgress?.({
        entity,
        file: file.name,
        rows: table.rows,
        bytesRead: bytes.bytesBefore + table.csv.bytesRead,
        bytesTotal: bytes.bytesTotal,
      });
      yield* outbox.take();
      yield* table.notes.take();
      if (stretches) yield* stretches.take();
    }
  } finally {
    await table.csv.close();
  }
  stretches?.finish(table.notes.remarks);
  if (table.rows === 0) table.notes.habit('no_rows', 'the file has no rows; where nothing is meant, leave the file out', {});
  yield* outbox.finish();
  yield* table.notes.finish();
  if (stretches) yield* stretches.take();
  const closed = closing(entity, table, mode, false);
  yield stretches?.whole && closed.complete ? { ...closed, reading: stretches.reading } : closed;
  for (const of of derived?.entities ?? []) yield closing(of, table, mode, true);
}

function complete(entity: 'lineItems' | 'results', record: object, beside: Beside): void {
  if (entity === 'lineItems')
    beside.lineItem(record as RecordOf['lineItems']); // of the mapper of this very entity
  else beside.result(record as RecordOf['results']);
}

/** `tobedeleted`, in any spelling; 1.0 also has `inactive`. */
function isRemoved(table: Table, column: { name: string; index: number }, mode: 'bulk' | 'delta'): boolean {
  const status = table.raw(column);
  if (status === '') {
    if (mode === 'delta') table.habit('status_blank', column, 'is blank in a delta file; read as active');
    return false;
  }
  const word = status.toLowerCase();
  if (mode === 'bulk') table.habit('status_in_bulk', column, 'should be blank in a bulk file; it was heeded all the same');
  else if (word !== status) table.habit('word_spelling', column, 'is spelt otherwise than the format has it; understood');
  if (word === 'active') return false;
  if (word === 'tobedeleted' || word === 'inactive') return true;
  table.refuse('status_unreadable', 'status is neither active nor tobedeleted', column.name);
  return false;
}

/** @param derives of the rows of another entity: a row given up there takes its derived records with it. */
function closing(entity: Closing['entity'], table: Table, mode: 'bulk' | 'delta', derives: boolean): Closing {
  const because =
    mode === 'delta'
      ? 'delta'
      : table.lostIds || (derives && table.rejected > 0)
        ? 'unreadable_ids'
        : table.truncated
          ? 'interrupted'
          : null;
  if (because === null) return { type: 'closing', entity, complete: true };
  return { type: 'closing', entity, complete: false, because, ...(derives && { restated: true }) };
}
