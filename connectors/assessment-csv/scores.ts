/**
 * The scores in the current row of a file. A blank cell is no score, never zero; a word where a number should stand is a problem of that
 * cell; a row without a student is a problem of the row.
 */
import type { RecordOf } from '../../src/roster/model.ts';
import { schoolYearOf } from '../dates.ts';
import type { Table } from '../table.ts';
import { readNumber } from '../values.ts';
import type { Assessment, Measure, Reading } from './reading.ts';
import { readSchoolYear, readWindow } from './words.ts';

export type Score = RecordOf['results'] & { line: number };
type LineItem = RecordOf['lineItems'];
type Sitting = { student: string; date: string | null; window: string | null; schoolYear: number | null };

const notAssessed = /^(not assessed|not tested|no score|null|n\/?a\*?|-+|–|—)$/i;

/** What the score files speak of, over all files. */
export class Catalogue {
  readonly assessments = new Map<string, Assessment>();
  readonly lineItems = new Map<string, LineItem>();

  /** One administration: an assessment in a window of a school year, in whatever class the children are. */
  lineItem(assessment: Assessment, { window, schoolYear }: Sitting): LineItem {
    const sourcedId = `${assessment.sourcedId}/${schoolYear ?? 'any'}/${window ?? 'any'}`;
    const known = this.lineItems.get(sourcedId);
    if (known) return known;
    if (!this.assessments.has(assessment.sourcedId)) this.assessments.set(assessment.sourcedId, assessment);
    const when = [window, schoolYear === null ? null : `${schoolYear - 1}-${schoolYear}`].filter((part) => part !== null).join(' ');
    const made: LineItem = {
      sourcedId,
      title: when === '' ? assessment.title : `${assessment.title}, ${when}`,
      classSourcedId: null,
      assessmentSourcedId: assessment.sourcedId,
      window,
      schoolYear,
      assignDate: null,
      dueDate: null,
      resultValueMin: assessment.scaleMin,
      resultValueMax: assessment.scaleMax,
    };
    this.lineItems.set(sourcedId, made);
    return made;
  }
}

export function rowScores(table: Table, reading: Reading, catalogue: Catalogue): Score[] {
  const student = table.reference(reading.student);
  if (!table.accepts()) return [];
  const skipped = reading.skips();
  if (skipped !== null) {
    table.notes.habit('score_skipped', `${skipped}: the row was not read`, { line: table.line });
    return [];
  }
  const scores: Score[] = [];
  const row = sittingOf(table, reading, student);
  for (const measure of reading.measures) {
    const own = measure.window || measure.dates;
    const score = cellScore(table, measure, () => (own ? sittingOf(table, { ...reading, ...measure }, student) : row), catalogue);
    if (score) scores.push(score);
  }
  return table.accepts() ? scores : [];
}

type When = Pick<Reading, 'dates' | 'window' | 'schoolYear'>;

function sittingOf(table: Table, when: When, student: string): Sitting {
  const dated = when.dates.find((column) => table.raw(column) !== '');
  const date = dated ? table.date(dated) : null;
  return {
    student,
    date,
    window: readWindow(when.window()),
    schoolYear: readSchoolYear(when.schoolYear()) ?? (date === null ? null : schoolYearOf(date)),
  };
}

function cellScore(table: Table, measure: Measure, sittingOf: () => Sitting, catalogue: Catalogue): Score | null {
  const [written, level] = [measure.score(), measure.level()];
  const place = { line: table.line, field: measure.field };
  if (notAssessed.test(written)) {
    table.notes.habit('not_assessed', `${measure.field} says that the child was not assessed`, place);
    return null;
  }
  if (written === '' && (level === '' || !measure.levelAlone)) return null;
  const assessment = measure.assessment();
  if (assessment === null) {
    table.lostIds = true;
    table.notes.reject('assessment_blank', 'the row does not say which assessment this score is of', place);
    return null;
  }
  const sitting = sittingOf();
  const lineItem = catalogue.lineItem(assessment, sitting);
  const sourcedId = `${lineItem.sourcedId}/${sitting.student}`;
  const score = written === '' ? null : readNumber(written);
  if (written !== '' && score === null) {
    table.notes.reject('score_unreadable', `${measure.field} is not a number; leave it blank where there is no score`, {
      ...place,
      sourcedId,
    });
    return null;
  }
  return {
    sourcedId,
    lineItemSourcedId: lineItem.sourcedId,
    studentSourcedId: sitting.student,
    scoreStatus: 'fully graded',
    score,
    textScore: level === '' ? null : level,
    scoreDate: sitting.date,
    percentile: percentileOf(table, measure),
    line: table.line,
  };
}

/** `57`, `<1`, `>99`. What is none is left out: the score stands all the same. */
function percentileOf(table: Table, { percentile, field }: Measure): number | null {
  const written = percentile?.() ?? '';
  if (written === '' || notAssessed.test(written)) return null;
  const read = readNumber(written.replace(/^[<>]\s*/, ''));
  if (read !== null && read >= 0 && read <= 100) return read;
  table.notes.habit('percentile_unreadable', `the percentile of ${field} is not from 0 to 100 and was left out`, {
    line: table.line,
    field,
  });
  return null;
}
