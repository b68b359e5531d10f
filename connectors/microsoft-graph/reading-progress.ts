/**
 * Reading Progress: what a child read aloud, as words per minute and accuracy. Graph hands out one day at a time and never says what is gone, so
 * the days are asked for from today back to the beginning of the school year (or to the last night), and a reading's latest word counts: an
 * attempt, or what its teacher made of it.
 */
import { AppError } from '../../src/errors.ts';
import type { RecordOf } from '../../src/roster/model.ts';
import { abreast } from '../abreast.ts';
import type { Item } from '../connector.ts';
import { schoolYearOf } from '../dates.ts';
import { Seen } from '../seen.ts';
import type { Graph } from './graph.ts';
import { Haul, leftAlone } from './haul.ts';
import { dateOf, said } from './map.ts';
import type { Reading } from './read.ts';
import * as wire from './wire.ts';

const measures = [
  {
    name: 'words-per-minute',
    title: 'Reading Progress: words per minute',
    skill: 'words of a story read in one minute',
    unit: 'words',
    max: null,
    of: (one: wire.ReadingSubmission) => one.wordsPerMinute,
  },
  {
    name: 'accuracy',
    title: 'Reading Progress: accuracy',
    skill: 'how many of a hundred words are read correctly',
    unit: null,
    max: 100,
    of: (one: wire.ReadingSubmission) => one.accuracyScore,
  },
] as const;
type Measure = (typeof measures)[number];

const daysAtOnce = 3;
/** A teacher may look at a reading some days later. */
const overlap = 7 * 86_400_000;

export async function* readReadingProgress(
  { graph, given, closings, options, since }: Reading,
  titles: ReadonlyMap<string, string>,
  students: ReadonlyMap<string, string> | null,
): AsyncGenerator<Item> {
  const haul = new Haul('results', 'reports/readingAssignmentSubmissions');
  const [seen, items] = [new Seen(), new Seen()];
  const from = since ? new Date(since.getTime() - overlap) : new Date(given.readingSince ?? schoolYearBegins(new Date()));
  let read: number | null = null;
  try {
    for await (const day of abreast(days(from, new Date()), daysAtOnce, (between) => readDay(graph, between, haul))) {
      for (const one of day) {
        const [reading, student] = [said(one.submissionId), said(one.studentId)];
        if (reading === null || student === null || !seen.add(reading)) continue;
        const known = students === null ? student : students.get(student);
        const klass = given.roster ? said(one.classId) : null;
        if (known !== undefined) addReading(haul, items, one, { reading, student: known, klass, title: titles.get(one.assignmentId) });
      }
      if (read === null) for (const measure of measures) haul.add('assessments', toAssessment(measure));
      read = (read ?? 0) + day.length;
      options.onProgress?.({ entity: 'results', file: 'reports/readingAssignmentSubmissions', rows: read });
      yield* haul.items();
    }
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'source_denied' && error.code !== 'source_lacks')) throw error;
    yield* haul.rest();
    yield leftAlone('results', 'reports/readingAssignmentSubmissions', 'not_permitted', notPermitted);
    return closings.doubt(['assessments', 'lineItems', 'results']);
  }
  yield* haul.rest();
  closings.read(['assessments'], since ? 'delta' : null);
  closings.read(['lineItems', 'results'], since ? 'delta' : 'partial'); // some days only, and never what is gone
}

const notPermitted =
  'Reading Progress may not be read, so its scores were left as they were; grant EduReports-Reading.Read.All, or set readingProgress=false';

/** School years turn in July. */
const schoolYearBegins = (now: Date) => `${schoolYearOf(now.toISOString().slice(0, 10)) - 1}-07-01`;

type Between = { after: string; before: string };

/** Of less than a day, as Graph wants it, the latest first; each begins where the next ends, as both its ends are left out. */
function* days(from: Date, to: Date): Generator<Between> {
  const almostADay = 86_400_000 - 60_000;
  for (let end = to.getTime() + 60_000; end > from.getTime(); end -= almostADay - 1) {
    yield { after: new Date(end - almostADay).toISOString(), before: new Date(end).toISOString() };
  }
}

/** The latest first. */
async function readDay(graph: Graph, { after, before }: Between, haul: Haul): Promise<wire.ReadingSubmission[]> {
  const filter = `$filter=submissionDateTime gt ${after} and submissionDateTime lt ${before}`;
  const found: wire.ReadingSubmission[] = [];
  const path = `v1.0/education/reports/readingAssignmentSubmissions?${filter}`;
  for await (const page of graph.pages(path, wire.readingSubmission, { idOf: () => null })) {
    for (const { row } of haul.take(page)) found.push(row);
  }
  const edited = ({ action }: wire.ReadingSubmission) => (action === 'EditMiscue' ? 1 : 0);
  return found.sort((a, b) => b.submissionDateTime.localeCompare(a.submissionDateTime) || edited(b) - edited(a));
}

const toAssessment = ({ name, title, skill, unit, max }: Measure): RecordOf['assessments'] => ({
  sourcedId: `reading-progress/${name}`,
  title,
  subject: 'Reading',
  skill,
  unit,
  scaleMin: 0,
  scaleMax: max,
});

type Of = { reading: string; student: string; klass: string | null; title: string | undefined };

function addReading(haul: Haul, items: Seen, one: wire.ReadingSubmission, { reading, student, klass, title }: Of): void {
  const scoreDate = dateOf(one.submissionDateTime);
  for (const measure of measures) {
    const item = `reading/${one.assignmentId}/${measure.name}`;
    if (items.add(item)) haul.add('lineItems', toLineItem(item, measure, klass, title, scoreDate));
    haul.add('results', {
      sourcedId: `reading/${reading}/${measure.name}`,
      lineItemSourcedId: item,
      studentSourcedId: student,
      scoreStatus: 'fully graded',
      score: measure.of(one),
      textScore: null,
      scoreDate,
    });
  }
}

const toLineItem = (
  sourcedId: string,
  { name, title, max }: Measure,
  klass: string | null,
  assignment: string | undefined,
  date: string | null,
): RecordOf['lineItems'] => ({
  sourcedId,
  title: assignment ?? title,
  classSourcedId: klass,
  assessmentSourcedId: `reading-progress/${name}`,
  window: null,
  schoolYear: date === null ? null : schoolYearOf(date),
  assignDate: null,
  dueDate: null,
  resultValueMin: 0,
  resultValueMax: max,
});
