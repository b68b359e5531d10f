/** How a vendor's reading finds its columns: by header, in any capitals; one that is not there reads as blank. */
import type { Column } from '../../header.ts';
import type { Table } from '../../table.ts';
import { type Assessment, nothing, type Take } from '../reading.ts';

export const has = (table: Table, header: string): boolean => table.named(header).index !== -1;

export const take = (table: Table, header: string): Take => {
  const column = table.named(header);
  return column.index === -1 ? nothing : () => table.raw(column);
};

export const firstOf = (table: Table, headers: readonly string[]): Column =>
  headers.map((header) => table.named(header)).find((column) => column.index !== -1) ?? { name: headers[0] ?? '', index: -1 };

export const all = (table: Table, headers: readonly string[]): Column[] =>
  headers.map((header) => table.named(header)).filter((column) => column.index !== -1);

export const plain = (sourcedId: string, title: string, subject: string): Assessment => ({
  sourcedId,
  title,
  subject,
  skill: null,
  unit: null,
  scaleMin: 0,
  scaleMax: null,
});
