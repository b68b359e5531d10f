/**
 * Microsoft School Data Sync CSV 2.1, from a folder or a zip. Every set is whole: what is missing from a file that is there has ended, what
 * a missing file would hold has not. Streams; only students' grades and ways to reach parents are kept while it reads.
 * @throws AppError `source_unreachable` | `source_contract_broken` for files that cannot be opened or are of another format. Never for a row.
 */
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import type { CheckReport, Closing, Connector, Item, PullOptions } from '../connector.ts';
import { digest, openFiles, withFiles } from '../files.ts';
import { Outbox } from '../outbox.ts';
import { readHead } from '../preview.ts';
import { Table } from '../table.ts';
import { type Known, mappers } from './map.ts';
import { gather, type Plan, planReading } from './plan.ts';
import { keys, type ReadEntity, shapes } from './wire.ts';

const settings = z.object({
  /** The folder or zip that holds the set. */
  path: z.string().min(1),
});
type Settings = z.infer<typeof settings>;

/** Raised when the same bytes would be read otherwise than before. */
const readingVersion = 1;

export const sdsCsv: Connector<Settings> = {
  kind: 'sds-csv',
  settings,
  matching: () => ({}),
  check,
  fingerprint: ({ path }, signal) =>
    withFiles(path, (set) => {
      const files = planReading(set).reads.map((read) => read.file);
      return digest(files, ['sds-csv', readingVersion], signal);
    }),
  pull,
};

async function* pull({ path }: Settings, options: PullOptions): AsyncGenerator<Item> {
  const set = await openFiles(path);
  try {
    const plan = planReading(set);
    if (plan.problems.length > 0) yield { type: 'findings', problems: plan.problems };
    const known = await gather(plan, options.signal);
    const bytesTotal = plan.reads.reduce((sum, read) => sum + read.file.bytes, 0);
    let bytesBefore = 0;
    for (const { entity, file } of plan.reads) {
      const table = await openTable(file, entity);
      const outbox = new Outbox(file.name);
      const take = taker(entity, table, known, outbox);
      try {
        while (await table.csv.fill()) {
          options.signal?.throwIfAborted();
          while (table.next()) take();
          options.onProgress?.({ entity, file: file.name, rows: table.rows, bytesRead: bytesBefore + table.csv.bytesRead, bytesTotal });
          yield* outbox.take();
          yield* table.notes.take();
        }
      } finally {
        await table.csv.close();
      }
      bytesBefore += file.bytes;
      if (table.rows === 0) table.notes.habit('no_rows', 'the file has no rows; where nothing is meant, leave the file out', {});
      yield* outbox.finish();
      yield* table.notes.finish();
      yield closing(entity, table);
    }
  } finally {
    set.close();
  }
}

function taker<E extends ReadEntity>(entity: E, table: Table, known: Known, outbox: Outbox): () => void {
  const map = mappers[entity](table, known);
  return () => {
    const record = map();
    // A row noted as no record is not noted twice.
    if (record !== null && table.accepts()) outbox.add(entity, record);
  };
}

function closing(entity: Closing['entity'], table: Table): Closing {
  const because = table.lostIds ? 'unreadable_ids' : table.truncated ? 'interrupted' : null;
  return because === null ? { type: 'closing', entity, complete: true } : { type: 'closing', entity, complete: false, because };
}

/** Without its keys every row of a file would fail for the same reason: said once. A file that is empty has its own word. */
async function openTable(file: Plan['reads'][number]['file'], entity: ReadEntity): Promise<Table> {
  const table = await Table.open(file, entity, shapes[entity]);
  const missing = (keys[entity] ?? []).find((name) => table.csv.header.length > 0 && !table.has(name));
  if (missing === undefined) return table;
  await table.csv.close();
  const hint = 'Is it a set of SDS V2.1? Column names are those of the format.';
  throw new AppError('source_contract_broken', `${file.name}: there is no column ${missing}`, { consequence: 'halt', hint });
}

async function check({ path }: Settings): Promise<CheckReport> {
  return withFiles(path, async (set) => {
    const plan = planReading(set);
    const known = await gather(plan);
    const findings: CheckReport['findings'] = [{ ok: true, text: 'School Data Sync CSV 2.1' }];
    const preview: NonNullable<CheckReport['preview']> = [];
    for (const problem of plan.problems) findings.push({ ok: true, text: `${problem.file}: ${problem.message}` });
    for (const { entity, file } of plan.reads) {
      const table = await openTable(file, entity);
      const map = mappers[entity](table, known);
      const head = await readHead(table, map, `${file.name}: full listing`);
      findings.push(head.finding);
      if (head.rows.length > 0) preview.push({ entity, rows: head.rows });
    }
    if (!plan.reads.some(({ entity }) => entity === 'guardianships')) {
      findings.push({
        ok: true,
        text: 'no relationships.csv: no child has a guardian by this set',
        hint: 'Add it to the set, or add a contacts file as a source.',
      });
    }
    if (plan.unread.length > 0) findings.push({ ok: true, text: `Not read, as nothing here needs it: ${plan.unread.join(', ')}` });
    return { ok: findings.every((finding) => finding.ok), findings, preview };
  });
}
