/** How rows stand in the staging tables and in the text of a COPY into them. Pure. */
import { hash } from 'node:crypto';
import type { Stretch } from '../../connectors/connector.ts';
import type { Entity } from '../roster/model.ts';
import { type Column, tables } from './tables.ts';

/** The staged columns of an entity, references first, under their own names. */
export function stagedColumns(entity: Entity): Column[] {
  const spec = tables[entity];
  const references = spec.references.map((r): Column => ({ name: `${r.name}_ref`, from: r.from, type: 'text' }));
  const direction: Column[] = entity === 'guardianships' ? [{ name: 'undirected', from: 'undirected', type: 'boolean' }] : [];
  return [...references, ...direction, ...spec.columns];
}

export const rowColumns = (entity: Entity) =>
  [
    'line int, f smallint, sourced_id text NOT NULL, hash uuid NOT NULL',
    ...stagedColumns(entity).map(({ name, type }) => `${name} ${type}`),
  ].join(', ');
export const stretchColumns = 'entity text, f smallint, first int, last int, digest bytea, sourced_ids text[]';

/** A row as its COPY will have it; of what it says there is a hash, whatever its place. */
export type Line = { sourcedId: string; place: string; hash: string; content: string };

export function contentOf(row: Record<string, unknown>, columns: readonly Column[]): Pick<Line, 'hash' | 'content'> {
  const content = serialise(row, columns);
  return { hash: hash('md5', said(content, columns)), content };
}

export const lineOf = (row: Record<string, unknown>, columns: readonly Column[], file: number): Line => ({
  sourcedId: row.sourcedId as string,
  place: `${row.line ?? '\\N'}\t${file}`,
  ...contentOf(row, columns),
});

/** The same in one, for the many rows of a district. */
export function rowText(row: Record<string, unknown>, columns: readonly Column[], file: number): string {
  const content = serialise(row, columns);
  return `${row.line ?? '\\N'}\t${file}\t${copyText(row.sourcedId as string)}\t${hash('md5', said(content, columns))}${content}\n`;
}

export const lineText = ({ sourcedId, place, hash, content }: Line): string => `${place}\t${copyText(sourcedId)}\t${hash}${content}\n`;

/** An id of a record that is gone, of no stretch. */
export const goneText = (sourcedId: string): string => `\\N\t${copyText(sourcedId)}\n`;

export function stretchText({ digest, first, last, sourcedIds }: Stretch, entity: Entity, file: number): string {
  const bytes = digest === null ? '\\N' : `\\\\x${Buffer.from(digest, 'latin1').toString('hex')}`;
  return `${entity}\t${file}\t${first}\t${last}\t${bytes}\t${copyText(arrayLiteral(sourcedIds))}\n`;
}

/** What a row is known by: without the empty columns it was kept without, or every row kept before them would look changed. */
function said(content: string, columns: readonly Column[]): string {
  let end = content.length;
  for (let at = columns.length - 1; columns[at]?.later && content.endsWith('\t\\N', end); at--) end -= 3;
  return content.slice(0, end);
}

/** PostgreSQL's COPY text format: a tab before each column. Equal content gives equal text, whatever the row's place. */
function serialise(row: Record<string, unknown>, columns: readonly Column[]): string {
  let text = '';
  for (const column of columns) {
    const value = row[column.from];
    if (value === null || value === undefined) text += '\t\\N';
    else if (typeof value === 'string') text += `\t${copyText(value)}`;
    else if (typeof value === 'boolean') text += value ? '\tt' : '\tf';
    else if (typeof value === 'number') text += `\t${value}`;
    else text += `\t${copyText(arrayLiteral(value as readonly string[]))}`; // tables.ts: the only other type is text[]
  }
  return text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these cannot stand in COPY text
const special = /[\\\t\n\r\u0000]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these cannot stand in COPY text
const specials = /[\\\t\n\r\u0000]/g;
const written: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\u0000': '' };

function copyText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => written[character] ?? '') : text;
}

function arrayLiteral(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** jsonb holds no NUL. */
export const cleanJson = (value: unknown): string => JSON.stringify(value).replaceAll('\\u0000', '');
