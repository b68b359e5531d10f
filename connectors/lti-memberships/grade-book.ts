/**
 * The columns of a course's grade book that the platform lets us see, and the scores in them. Ours alone is left out: what we wrote is no
 * measure.
 * @throws what the client and the listing throw
 */
import { z } from 'zod';
import type { RecordOf } from '../../src/roster/model.ts';
import type { Problem } from '../connector.ts';
import { listing } from '../listing.ts';
import { clientFor, pageAddresses, type Question } from './ask.ts';
import type { Course, Courses } from './courses.ts';
import { resultsAddress, toLineItem, toResult } from './map.ts';
import type { ClassMember } from './members.ts';
import { type LineItem, lineItem, media, result, scopes } from './wire.ts';

export type GradeBook = { lineItems: RecordOf['lineItems'][]; results: RecordOf['results'][]; problems: Problem[] };

const rowsAsked = 200;
const mostPages = 1000;
const anything = z.unknown();

/** The scope to list columns with: the narrowest that is offered. Null: scores cannot be read here. */
export function columnScope({ lineItemsUrl, scopes: offered }: Course): string | null {
  if (lineItemsUrl === null || !offered.includes(scopes.results)) return null;
  return [scopes.lineItems, scopes.lineItemsWhole].find((scope) => offered.includes(scope)) ?? null;
}

/** @param here only their scores are read */
export async function readGradeBook(
  courses: Courses,
  course: Course,
  here: Map<string, ClassMember>,
  signal?: AbortSignal,
): Promise<GradeBook> {
  const book: GradeBook = { lineItems: [], results: [], problems: [] };
  const scope = columnScope(course);
  if (scope === null || course.lineItemsUrl === null) return book;
  const rows = (url: string | URL, of: { scope: string; accept: string }) => rowsOf(courses, { url, ...of }, signal);
  const origin = new URL(course.lineItemsUrl).origin;
  const items: LineItem[] = [];
  for await (const raw of rows(course.lineItemsUrl, { scope, accept: media.lineItems })) {
    const parsed = lineItem.safeParse(raw);
    if (parsed.success && new URL(parsed.data.id).origin === origin) items.push(parsed.data);
    else book.problems.push(unreadable('lineItems', course, parsed.success ? 'id' : (parsed.error.issues[0]?.path.join('.') ?? null)));
  }
  for (const item of items.filter(({ tag }) => tag !== courses.ownTag)) {
    book.lineItems.push(toLineItem(course, item));
    for await (const raw of rows(resultsAddress(item.id), { scope: scopes.results, accept: media.results })) {
      const parsed = result.safeParse(raw);
      if (!parsed.success) book.problems.push(unreadable('results', course, parsed.error.issues[0]?.path.join('.') ?? null));
      else if (here.get(parsed.data.userId)?.role === 'student') book.results.push(toResult(course, item, parsed.data));
    }
  }
  return book;
}

async function* rowsOf(courses: Courses, question: Question, signal?: AbortSignal): AsyncGenerator<unknown> {
  const client = clientFor(courses, question, signal);
  const from = {
    urls: pageAddresses(question.url, rowsAsked),
    keys: [],
    shape: anything,
    idOf: addressOf,
    paging: { by: 'link' },
  } as const;
  let pages = 0;
  for await (const page of listing(client, { ...from, keys: [] })) {
    if (++pages > mostPages) return;
    yield* page.rows;
  }
}

/** The address of the column that bears our tag; the first, should a copied course have brought a second. Null: there is none. */
export async function ownColumn(courses: Courses, lineItemsUrl: string, signal?: AbortSignal): Promise<string | null> {
  const tagged = new URL(lineItemsUrl);
  tagged.searchParams.set('tag', courses.ownTag); // a platform that does not know tags tells of every column
  for await (const raw of rowsOf(courses, { url: tagged, scope: scopes.lineItemsWhole, accept: media.lineItems }, signal)) {
    const parsed = lineItem.safeParse(raw);
    if (parsed.success && parsed.data.tag === courses.ownTag && new URL(parsed.data.id).origin === tagged.origin) return parsed.data.id;
  }
  return null;
}

const addressOf = (row: unknown): string | null => {
  const id = (row as { id?: unknown } | null)?.id; // any JSON value has, or lacks, the field
  return typeof id === 'string' ? id : null;
};

const unreadable = (entity: 'lineItems' | 'results', course: Course, field: string | null): Problem => ({
  entity,
  severity: 'warning',
  code: entity === 'lineItems' ? 'line_item_unreadable' : 'result_unreadable',
  message: 'A column or a score of the grade book could not be read and was passed over.',
  sourcedId: null,
  file: course.title ?? course.key,
  line: null,
  field,
});
