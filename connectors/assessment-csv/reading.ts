/** How one file's rows are read: which fields of a row say what. Made from its header by a vendor's mapping or the operator's. */
import type { RecordOf } from '../../src/roster/model.ts';
import type { Column } from '../header.ts';
import type { Table } from '../table.ts';
import { readNumber } from '../values.ts';
import type { ColumnFields, Field, MeasureFields } from './settings.ts';
import { slug } from './words.ts';

export type Assessment = RecordOf['assessments'];
/** The field of the current row; '' when blank. */
export type Take = () => string;

export type Measure = {
  /** Its header, for problems. */
  field: string;
  score: Take;
  level: Take;
  /** Of how many in a hundred comparable children of the country it is higher. */
  percentile?: Take;
  /** There is no number, only a level. */
  levelAlone?: boolean;
  /** Where a wide file has a column for each window, instead of the row's own. */
  window?: Take;
  dates?: Column[];
  /** Null when the row does not say which assessment it is. */
  assessment: () => Assessment | null;
};

export type Reading = {
  vendor: string;
  student: Column;
  /** Several: the first that is not blank. */
  dates: Column[];
  window: Take;
  schoolYear: Take;
  measures: Measure[];
  /** Why the current row's scores do not count; null when they do. */
  skips: () => string | null;
};

export const nothing: Take = () => '';

/** @returns a reading of the operator's own mapping, and the headers it names that the file does not have */
export function genericReading(table: Table, columns: ColumnFields): { reading: Reading; missing: string[] } {
  const missing: string[] = [];
  const column = (header: string): Column => {
    const found = table.named(header);
    if (found.index === -1) missing.push(header);
    return found;
  };
  const take = (field: Field | undefined): Take => {
    if (field === undefined) return nothing;
    if (typeof field !== 'string') return () => field.constant;
    const found = column(field);
    return () => table.raw(found);
  };
  const measures = (columns.measures ?? [{}]).map((own) => measureOf({ ...columns, ...own }, take));
  const reading: Reading = {
    vendor: 'generic',
    student: column(columns.student ?? ''),
    dates: typeof columns.date === 'string' ? [column(columns.date)] : [],
    window: take(columns.window),
    schoolYear: take(columns.schoolYear),
    measures,
    skips: () => null,
  };
  return { reading, missing };
}

function measureOf(fields: MeasureFields, take: (field: Field | undefined) => Take): Measure {
  const [id, title, subject, skill] = [take(fields.assessment), take(fields.title), take(fields.subject), take(fields.skill)];
  const [unit, min, max] = [take(fields.unit), take(fields.min), take(fields.max)];
  const field = fields.score ?? fields.level;
  return {
    field: typeof field === 'string' ? field : 'score',
    score: take(fields.score),
    level: take(fields.level),
    percentile: take(fields.percentile),
    levelAlone: fields.score === undefined,
    assessment: () => {
      const [ownId, ownTitle] = [id(), title()];
      const sourcedId = ownId || slug(ownTitle);
      if (sourcedId === '') return null;
      return {
        sourcedId,
        title: ownTitle || ownId,
        subject: subject() || null,
        skill: skill() || null,
        unit: unit() || null,
        scaleMin: readNumber(min()) ?? 0,
        scaleMax: readNumber(max()),
      };
    },
  };
}
