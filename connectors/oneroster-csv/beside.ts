/**
 * What 1.2 says of line items in files of their own: which words stand for their scores, and what they teach. Small files, read before
 * the rows they belong to, and only where each is a full listing: a delta would say nothing of the line items it leaves out. What cannot be
 * read of them is a warning: no line item is given up for it.
 */
import type { RecordOf } from '../../src/roster/model.ts';
import type { Findings } from '../connector.ts';
import { digest, type SourceFile } from '../files.ts';
import { type Levels, levelsOf, scoreOf } from '../levels.ts';
import { Table } from '../table.ts';
import type { BesideFile } from './wire.ts';

const columns = {
  status: [],
  sourcedId: [],
  scoreScaleValue: [],
  lineItemSourcedId: [],
  scoreScaleSourcedId: [],
  source: [],
  learningObjectiveId: [],
};
const shape = { columns, id: null, strict: false };

export class Beside {
  readonly findings: Findings[] = [];
  /** Of the files, where there are any: what was read beside them is read anew when they change. */
  digest = '';
  private readonly levels = new Map<string, Levels>();
  private readonly objectives = new Map<string, Set<string>>();

  static async read(files: Partial<Record<BesideFile, SourceFile>>, signal?: AbortSignal): Promise<Beside> {
    const beside = new Beside();
    const { scoreScales, lineItemScoreScales: links, lineItemLearningObjectiveIds: objectives } = files;
    const scales = new Map<string, Levels>();
    if (scoreScales && links) {
      await beside.each(scoreScales, (text, table) => {
        const values = table.list(table.column('scoreScaleValue')).map((step) => /^\{?(.*?):(.*?)\}?$/.exec(step));
        const levels = levelsOf(values.map((step) => ({ left: step?.[1] ?? '', right: step?.[2] ?? '' })));
        if (levels) scales.set(text('sourcedId'), levels);
      });
      await beside.each(links, (text) => {
        const levels = scales.get(text('scoreScaleSourcedId'));
        if (levels) beside.levels.set(text('lineItemSourcedId'), levels);
      });
    }
    if (objectives) {
      await beside.each(objectives, (text) => {
        const [item, id] = [text('lineItemSourcedId'), text('learningObjectiveId')];
        if (id === '') return;
        const known = beside.objectives.get(item) ?? new Set();
        beside.objectives.set(item, known.add(`${text('source') || 'unknown'}:${id}`));
      });
    }
    const read = Object.values(files);
    if (read.length > 0) beside.digest = await digest(read, [], signal);
    return beside;
  }

  /** The record with what is said of it here. */
  lineItem(record: RecordOf['lineItems']): void {
    const objectives = this.objectives.get(record.sourcedId);
    record.levels = this.levels.get(record.sourcedId) ?? null;
    record.objectives = objectives ? [...objectives].sort() : null;
  }

  /** Where there is no number, a word of its column's scale stands for one. */
  result(record: RecordOf['results']): void {
    if (record.score === null && record.textScore !== null)
      record.score = scoreOf(this.levels.get(record.lineItemSourcedId), record.textScore);
  }

  private async each(file: SourceFile, take: (text: (column: string) => string, table: Table) => void): Promise<void> {
    const table = await Table.open(file, 'lineItems', shape);
    const found = new Map(Object.keys(columns).map((name) => [name, table.column(name)]));
    const text = (name: string) => {
      const column = found.get(name);
      return column ? Buffer.from(table.raw(column)).toString() : ''; // a copy: a slice would keep its whole page of text alive
    };
    try {
      while (await table.csv.fill()) {
        while (table.next()) if (!/^(tobedeleted|inactive)$/i.test(text('status'))) take(text, table);
      }
    } finally {
      await table.csv.close();
    }
    for (const { problems } of [...table.notes.take(), ...table.notes.finish()])
      this.findings.push({ type: 'findings', problems: problems.map((problem) => ({ ...problem, severity: 'warning' })) });
  }
}
