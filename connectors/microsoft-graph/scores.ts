/**
 * Scores: points of Teams assignments, once they are returned to the student, and Reading Progress. What a teacher has only noted down is
 * nobody's to see.
 */
import { AppError } from '../../src/errors.ts';
import type { RecordOf } from '../../src/roster/model.ts';
import type { Item } from '../connector.ts';
import { oneByOne } from '../one-by-one.ts';
import type { Graph } from './graph.ts';
import { classNotRead, Haul, leftAlone } from './haul.ts';
import { dateOf, said } from './map.ts';
import type { Reading } from './read.ts';
import { readReadingProgress } from './reading-progress.ts';
import type { Classes } from './roster.ts';
import * as wire from './wire.ts';

/** @param classes null: another source's; @param students null: by Graph's own ids */
export async function* readScores(
  reading: Reading,
  classes: Classes | null,
  students: ReadonlyMap<string, string> | null,
): AsyncGenerator<Item> {
  const titles = new Map<string, string>();
  if (classes && reading.given.assignments) yield* readAssignments(reading, classes, titles);
  if (reading.given.readingProgress) yield* readReadingProgress(reading, titles, students);
}

const classesAtOnce = 4;
/** Points are returned some time after an assignment was due; later ones are found by the next whole reading. */
const days = 30;

async function* readAssignments(reading: Reading, classes: Classes, titles: Map<string, string>): AsyncGenerator<Item> {
  const { graph, closings, options, since } = reading;
  const from = since && reading.changesOnly ? new Date(since.getTime() - days * 86_400_000).toISOString() : null;
  const haul = new Haul('lineItems', 'classes/assignments');
  const results = new Haul('results', 'classes/assignments/submissions');
  const failed: { title: string; failure: AppError }[] = [];
  let read = 0;
  let partial = classes.lostIds;
  try {
    for await (const { of: klass, got, failure } of oneByOne([...classes.titles.keys()], classesAtOnce, (id) => workOf(graph, id, from))) {
      if (failure) failed.push({ title: classes.titles.get(klass) ?? klass, failure });
      if (!got) closings.miss(['lineItems', 'results'], klass);
      for (const { assignment, submissions } of got ?? []) {
        const title = said(assignment.displayName);
        if (title !== null) titles.set(assignment.id, title);
        if (submissions === null) continue;
        haul.add('lineItems', toLineItem(klass, assignment));
        for (const submission of submissions) {
          const result = toResult(assignment, submission);
          if (result) results.add('results', result);
        }
        options.onProgress?.({ entity: 'lineItems', file: 'classes/assignments', rows: ++read });
      }
      yield* haul.items();
      yield* results.items();
    }
    for (const { title, failure } of failed) yield workNotRead(title, failure);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'source_denied') throw error;
    partial = true;
    yield leftAlone('lineItems', 'classes/assignments', 'not_permitted', notPermitted);
  }
  yield* haul.rest();
  yield* results.rest();
  closings.read(['lineItems', 'results'], from !== null ? 'delta' : partial ? 'partial' : null);
}

const workNotRead = (title: string, { code, message, hint }: AppError): Item => {
  const toDo =
    code === 'source_denied'
      ? 'If it goes on, see in Teams whether the class is still in use.'
      : (hint ?? 'The next sync reads them again.');
  return classNotRead(
    'lineItems',
    title,
    `The assignments of this class could not be read; its scores stand as they were. ${message}. ${toDo}`,
  );
};

const notPermitted =
  'assignments may not be read, so scores were left as they were; grant EduAssignments.Read.All, or set assignments=false';

type Work = { assignment: wire.Assignment; submissions: wire.Submission[] | null };

/** Null for a class that has no such thing as assignments, or is gone. */
async function workOf(graph: Graph, klass: string, from: string | null): Promise<Work[] | null> {
  const at = `v1.0/education/classes/${encodeURIComponent(klass)}/assignments`;
  try {
    const made: Work[] = [];
    for (const assignment of await graph.rows(`${at}?$select=${wire.fieldsOf(wire.assignment)}`, wire.assignment)) {
      if (assignment.status === 'draft' || assignment.status === 'inactive') continue;
      const { dueDateTime, assignedDateTime, lastModifiedDateTime, grading } = assignment;
      const recent = from === null || [dueDateTime, assignedDateTime, lastModifiedDateTime].some((date) => (said(date) ?? '') > from);
      const asked = recent && typeof grading?.maxPoints === 'number';
      const submissionsAt = `${at}/${encodeURIComponent(assignment.id)}/submissions?$expand=outcomes`;
      made.push({ assignment, submissions: asked ? await graph.rows(submissionsAt, wire.submission) : null });
    }
    return made;
  } catch (error) {
    if (error instanceof AppError && error.code === 'source_lacks') return null;
    throw error;
  }
}

const toLineItem = (klass: string, of: wire.Assignment): RecordOf['lineItems'] => ({
  sourcedId: of.id,
  title: said(of.displayName) ?? '',
  classSourcedId: klass,
  assessmentSourcedId: null,
  window: null,
  schoolYear: null,
  assignDate: dateOf(of.assignedDateTime),
  dueDate: dateOf(of.dueDateTime),
  resultValueMin: 0,
  resultValueMax: of.grading?.maxPoints ?? null,
});

/** Null for what a group has handed in: nobody's own score. Points taken back are told as none. */
function toResult(assignment: wire.Assignment, { id, recipient, status, returnedDateTime, outcomes }: wire.Submission) {
  const student = said(recipient?.userId);
  if (student === null) return null;
  const score = outcomes?.find(({ publishedPoints }) => publishedPoints)?.publishedPoints?.points ?? null;
  const waits = status === 'submitted' || status === 'returned' || status === 'released';
  const record: RecordOf['results'] = {
    sourcedId: `${assignment.id}/${id}`,
    lineItemSourcedId: assignment.id,
    studentSourcedId: student,
    scoreStatus: status === 'excused' ? 'exempt' : score !== null ? 'fully graded' : waits ? 'submitted' : 'not submitted',
    score: status === 'excused' ? null : score,
    textScore: null,
    scoreDate: score === null ? null : dateOf(returnedDateTime),
  };
  return record;
}
