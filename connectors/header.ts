/** Which column stands where. A header is read liberally: case, spaces and underscores do not matter, and other spellings are known by format. */
import type { Csv } from './csv.ts';
import type { Notes } from './notes.ts';

/** Index -1: the file has no such column, which then reads as blank. */
export type Column = { name: string; index: number };

export type Shape = {
  /** Every column that may stand there, in the order of the format, each with other spellings seen. */
  columns: Record<string, readonly string[]>;
  /** The column that holds the row's id; null when rows have none. */
  id: string | null;
  /** A defined format: misspelt, unknown and misplaced columns are worth a warning. */
  strict: boolean;
  /** Where the operator says which header a column has, no other will do. */
  chosen?: Readonly<Record<string, string | undefined>>;
};

/** Also tells the reader how many fields a whole row has (`needed`). Never quotes a header: a file without one has a person there. */
export function readHeader(csv: Csv, { columns, strict, chosen = {} }: Shape, notes: Notes): Map<string, Column> {
  const order = Object.keys(columns);
  const spellings = (name: string) => (chosen[name] === undefined ? [name, ...(columns[name] ?? [])] : [chosen[name]]);
  const names = new Map(order.flatMap((name) => spellings(name).map((spelling): [string, string] => [bare(spelling), name])));
  const found = new Map<string, Column>();
  csv.needed = 0;
  for (const [index, written] of csv.header.entries()) {
    const name = names.get(bare(written));
    if (written !== '') csv.needed = index + 1;
    if (written === '') notes.habit('header_empty', 'a column has no name and is not read', { line: 1 });
    else if (name === undefined) {
      if (strict && !/^(ext|metadata)[._]/i.test(written)) {
        notes.habit('column_unknown', `column ${index + 1} is not of the format and is not read`, {
          line: 1,
          field: `column ${index + 1}`,
        });
      }
    } else if (found.has(name)) notes.habit('header_duplicate', `${name} stands there twice; the first is read`, { line: 1, field: name });
    else {
      found.set(name, { name, index });
      if (strict && written !== name)
        notes.habit('header_spelling', `the column ${name} is spelt otherwise; understood`, { line: 1, field: name });
    }
  }
  if (strict) judgeLayout(csv, [...found.keys()], order, notes);
  return found;
}

function judgeLayout(csv: Csv, found: string[], order: string[], notes: Notes): void {
  const places = found.map((name) => order.indexOf(name));
  if (places.some((place, index) => place < (places[index - 1] ?? -1))) {
    notes.habit('columns_out_of_order', 'the columns are not in the order of the format; understood', { line: 1 });
  }
  if (csv.delimiter !== ',') notes.habit('delimiter', 'fields are not separated by commas; understood', { line: 1 });
}

/** What two spellings of a header have in common. */
export const bare = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');
