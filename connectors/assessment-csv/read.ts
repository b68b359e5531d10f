/**
 * Scores from assessment vendors' files, or from any table by the operator's mapping. The files are read twice: first for what they
 * speak of and which children were scored twice in one window, then for the scores. Of two scores the later date counts.
 * Unless the operator says that the files are every score there is, absence from them means nothing: one file is one window.
 * @throws AppError `source_unreachable` | `source_contract_broken` for files that cannot be opened, or none of them scores. Never for a row.
 */
import { AppError } from '../../src/errors.ts';
import type { Closing, Connector, Item, Problem, PullOptions } from '../connector.ts';
import { digest } from '../files.ts';
import { Outbox } from '../outbox.ts';
import { readBenchmarks } from './benchmarks.ts';
import { check } from './check.ts';
import { type Files, openScoreFile, openScores, unreadProblem } from './files.ts';
import { Catalogue, rowScores, type Score } from './scores.ts';
import { type Settings, settings } from './settings.ts';

/** Raised when the same bytes are read otherwise than before. */
const readingVersion = 2;

export const assessmentCsv: Connector<Settings> = {
  kind: 'assessment-csv',
  settings,
  matching: ({ student }) => ({ students: student }),
  check,
  fingerprint: async (given, signal) => {
    const { path: _path, benchmarks: _benchmarks, ...reading } = given;
    const files = await openScores(given);
    try {
      const all = [...files.scores, ...(files.benchmarks ? [files.benchmarks] : [])];
      return await digest(all, ['assessment-csv', readingVersion, reading], signal);
    } finally {
      files.close();
    }
  },
  pull,
};

async function* pull(given: Settings, options: PullOptions): AsyncGenerator<Item> {
  const files = await openScores(given);
  try {
    const survey = await surveyFiles(files, given, options);
    if (survey.problems.length > 0) yield { type: 'findings', problems: survey.problems };
    if (survey.problems.length === files.scores.length) throw noScores(survey.problems);
    const outbox = new Outbox(null);
    for (const assessment of survey.catalogue.assessments.values()) outbox.add('assessments', assessment);
    for (const lineItem of survey.catalogue.lineItems.values()) outbox.add('lineItems', lineItem);
    yield* outbox.finish();
    if (files.benchmarks) yield* readBenchmarks(files.benchmarks, survey.catalogue.assessments.values(), options.signal);
    yield* readScores(files, given, survey, options);
    for (const entity of ['assessments', 'lineItems', 'results'] as const) yield closing(entity, given, survey);
  } finally {
    files.close();
  }
}

/** A delivery without a single file of scores is a wrong path or a changed export, not a quiet day. */
function noScores([only, other]: Problem[]): AppError {
  const message = only && !other ? `${only.file}: ${only.message}` : 'no file of scores is there';
  return new AppError('source_contract_broken', message, {
    consequence: 'halt',
    hint: 'Try it with `aptt source check`; another table is described with mapping generic and columns.',
  });
}

type Survey = {
  catalogue: Catalogue;
  problems: Problem[];
  /** Hashes of results that stand there twice, and a few that only share a hash with another. */
  twice: Set<number>;
  lostIds: boolean;
  truncated: boolean;
};

async function surveyFiles(files: Files, given: Settings, { signal }: PullOptions): Promise<Survey> {
  const survey: Survey = { catalogue: new Catalogue(), problems: [], twice: new Set(), lostIds: false, truncated: false };
  const seen = new Set<number>();
  for (const file of files.scores) {
    const opened = await openScoreFile(file, given);
    if ('unread' in opened) {
      survey.problems.push(unreadProblem(file, opened));
      continue;
    }
    const { table, reading } = opened;
    try {
      while (await table.csv.fill()) {
        signal?.throwIfAborted();
        while (table.next()) {
          for (const { sourcedId } of rowScores(table, reading, survey.catalogue)) {
            const hash = hashOf(sourcedId);
            if (seen.has(hash)) survey.twice.add(hash);
            seen.add(hash);
          }
        }
        table.notes.take(); // they are handed over in the second reading
      }
    } finally {
      await table.csv.close();
    }
    survey.lostIds ||= table.lostIds;
    survey.truncated ||= table.truncated;
  }
  return survey;
}

async function* readScores(files: Files, given: Settings, { twice, catalogue }: Survey, options: PullOptions): AsyncGenerator<Item> {
  const held = new Map<string, { score: Score; file: string }>();
  const bytesTotal = files.scores.reduce((sum, file) => sum + file.bytes, 0);
  let bytesBefore = 0;
  for (const file of files.scores) {
    const opened = await openScoreFile(file, given);
    if ('unread' in opened) continue;
    const { table, reading } = opened;
    const outbox = new Outbox(file.name);
    try {
      while (await table.csv.fill()) {
        options.signal?.throwIfAborted();
        while (table.next()) {
          for (const score of rowScores(table, reading, catalogue)) {
            if (!twice.has(hashOf(score.sourcedId))) outbox.add('results', score);
            else if (hold(held, score, file.name)) {
              const message = 'the child has two scores in this window; the one with the later date counts';
              table.notes.warn('score_superseded', message, { sourcedId: score.sourcedId, line: table.line, field: 'score' });
            }
          }
        }
        options.onProgress?.({
          entity: 'results',
          file: file.name,
          rows: table.rows,
          bytesRead: bytesBefore + table.csv.bytesRead,
          bytesTotal,
        });
        yield* outbox.take();
        yield* table.notes.take();
      }
    } finally {
      await table.csv.close();
    }
    bytesBefore += file.bytes;
    if (table.rows === 0) table.notes.habit('no_rows', 'the file has no rows');
    yield* outbox.finish();
    yield* table.notes.finish();
  }
  yield* release(held);
}

/** Keeps the later of two scores; of one date, the one further down. @returns whether there were two */
function hold(held: Map<string, { score: Score; file: string }>, score: Score, file: string): boolean {
  const known = held.get(score.sourcedId);
  if (!known || (score.scoreDate ?? '') >= (known.score.scoreDate ?? '')) held.set(score.sourcedId, { score, file });
  return known !== undefined;
}

function* release(held: Map<string, { score: Score; file: string }>): Generator<Item> {
  const outboxes = new Map<string, Outbox>();
  for (const { score, file } of held.values()) {
    const outbox = outboxes.get(file) ?? new Outbox(file);
    outboxes.set(file, outbox);
    outbox.add('results', score);
  }
  for (const outbox of outboxes.values()) yield* outbox.finish();
}

function closing(entity: Closing['entity'], given: Settings, survey: Survey): Closing {
  const because =
    given.listing === 'partial'
      ? 'delta'
      : survey.problems.length > 0
        ? 'file_unread'
        : survey.truncated
          ? 'interrupted'
          : survey.lostIds
            ? 'unreadable_ids'
            : null;
  return because === null ? { type: 'closing', entity, complete: true } : { type: 'closing', entity, complete: false, because };
}

/** FNV-1a, 30 bits: small numbers, so that a set of a million of them stays small. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash & 0x3fffffff;
}
