/** A benchmarks file: assessment,grade,window,value,source,asOf. An assessment is named by its id or its title; a blank grade or window means every one. */
import type { Item } from '../connector.ts';
import type { SourceFile } from '../files.ts';
import { readGrade } from '../grades.ts';
import { Outbox } from '../outbox.ts';
import { Table } from '../table.ts';
import type { Assessment } from './reading.ts';
import { readWindow } from './words.ts';

const shape = {
  columns: {
    assessment: ['assessmentSourcedId', 'assessmentId', 'measure'],
    grade: [],
    window: [],
    value: ['benchmark', 'score'],
    source: [],
    asOf: [],
  },
  id: null,
  strict: false,
};

export async function* readBenchmarks(file: SourceFile, assessments: Iterable<Assessment>, signal?: AbortSignal): AsyncGenerator<Item> {
  const table = await Table.open(file, 'benchmarks', shape);
  const outbox = new Outbox(file.name);
  const ids = new Map(
    [...assessments].flatMap(({ sourcedId, title }) => [sourcedId, title].map((name) => [name.toLowerCase(), sourcedId])),
  );
  try {
    while (await table.csv.fill()) {
      signal?.throwIfAborted();
      while (table.next()) takeRow(table, outbox, ids);
      yield* outbox.take();
      yield* table.notes.take();
    }
  } finally {
    await table.csv.close();
  }
  yield* outbox.finish();
  yield* table.notes.finish();
  yield table.lostIds
    ? { type: 'closing', entity: 'benchmarks', complete: false, because: 'unreadable_ids' }
    : { type: 'closing', entity: 'benchmarks', complete: true };
}

function takeRow(table: Table, outbox: Outbox, ids: Map<string, string>): void {
  const written = table.reference(table.column('assessment'));
  const assessment = ids.get(written.toLowerCase()) ?? written;
  const grade = table.raw(table.column('grade'));
  const window = readWindow(table.raw(table.column('window')));
  const value = table.number(table.column('value'));
  if (assessment !== '') table.id = `${assessment}/${readGrade(grade) || 'any'}/${window ?? 'any'}`;
  if (value === null) table.refuse('required_blank', 'value is not a number; a benchmark needs one', 'value');
  if (!table.accepts() || value === null) return;
  outbox.add('benchmarks', {
    sourcedId: table.id,
    assessmentSourcedId: assessment,
    grade: grade === '' ? null : readGrade(grade),
    window,
    value,
    source: table.optional(table.column('source')),
    asOf: table.date(table.column('asOf')),
    line: table.line,
  });
}
