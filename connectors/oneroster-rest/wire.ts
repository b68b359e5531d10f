/**
 * OneRoster as it arrives: which listings there are, under which key their rows come, and how a row is recognised. The fields of a row are
 * read one by one (fields.ts): real servers stray in so many ways that a strict shape would reject whole districts.
 */
import type { Version } from './presets.ts';

export type WireRow = Record<string, unknown> & { sourcedId: string | number };

export const idOf = (of: unknown): string | null => {
  const id = (of as { sourcedId?: unknown } | null)?.sourcedId; // anything but an object has none
  const text = typeof id === 'string' || typeof id === 'number' ? String(id).trim() : '';
  return text === '' ? null : text;
};

/** A row that can be told apart from others. */
export function row(of: unknown): of is WireRow {
  const id = idOf(of);
  return id !== null && id.length <= 255;
}

export type Collection =
  | 'orgs'
  | 'academicSessions'
  | 'courses'
  | 'classes'
  | 'users'
  | 'enrollments'
  | 'lineItems'
  | 'results'
  | 'assessmentLineItems'
  | 'assessmentResults';

export type Place = {
  collection: Collection;
  service: 'rostering' | 'gradebook';
  /** Without it there is nothing to sync. */
  required: boolean;
  /** Keys its rows come under; by the book the first. */
  keys: string[];
  /** Asked for instead, all of them, where it is not there: parts of the same. */
  parts: string[];
};

const place = (collection: Collection, more: Partial<Place> = {}): Place => ({
  collection,
  service: 'rostering',
  required: false,
  keys: [collection],
  parts: [],
  ...more,
});
const gradebook = { service: 'gradebook' } as const;

/** In an order in which a row only refers to rows before its own. */
export const places = (version: Version): Place[] => [
  place('orgs', { required: true, keys: ['orgs', 'schools'], parts: ['schools'] }),
  place('academicSessions', { keys: ['academicSessions', 'terms', 'gradingPeriods'], parts: ['terms', 'gradingPeriods'] }),
  place('courses'),
  place('classes', { required: true }),
  place('users', { required: true, keys: ['users', 'students', 'teachers'], parts: ['students', 'teachers'] }),
  place('enrollments', { required: true }),
  place('lineItems', gradebook),
  ...(version === '1.2' ? [place('assessmentLineItems', gradebook)] : []),
  place('results', gradebook),
  ...(version === '1.2' ? [place('assessmentResults', gradebook)] : []),
];
