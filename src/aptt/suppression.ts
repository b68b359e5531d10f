/**
 * Leaders' tables (aptt-domain: private numbers, rule 3): no cell about few children, and none that would give such a cell away. A row
 * holds two cells, those at or above the benchmark and the rest, and their sum. Pure; throws nothing.
 */
export type Cell = { children: number; atOrAbove: number | null };
export type Suppressed = { children: number | null; atOrAbove: number | null };

/**
 * @param column cells whose total may be known elsewhere (one measure over the grades of a school): a single hidden cell could be worked
 * out from it, so the smallest of the others is hidden with it
 * @param cellFrom cells of fewer children are hidden
 */
export function suppress(column: Cell[], cellFrom: number): Suppressed[] {
  const alone = column.map(({ children, atOrAbove }) => ({
    children: children < cellFrom ? null : children,
    atOrAbove: atOrAbove === null || atOrAbove < cellFrom || children - atOrAbove < cellFrom ? null : atOrAbove,
  }));
  return withCompanion(withCompanion(alone, 'children', column), 'atOrAbove', column);
}

function withCompanion(rows: Suppressed[], key: keyof Suppressed, column: Cell[]): Suppressed[] {
  const known = (i: number) => column[i]?.[key] !== null;
  const hidden = rows.filter((row, i) => row[key] === null && known(i)).length;
  const shown = rows.flatMap((row) => row[key] ?? []);
  if (hidden !== 1 || shown.length === 0) return rows;
  const companion = rows.findIndex((row) => row[key] === Math.min(...shown));
  return rows.map((row, i) => (i === companion ? { ...row, [key]: null, atOrAbove: null } : row));
}
