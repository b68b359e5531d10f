/** Writes CSV files row by row with flat memory: a producer waits while the disk is busy. Throws what the file system says. */
import { open } from 'node:fs/promises';

/** RFC 4180: quoted only where it must be. */
export const cell = (value: string | number | boolean | null): string => {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
};

export const line = (cells: readonly (string | number | boolean | null)[]): string => cells.map(cell).join(',');

/** @param rows without line ends @returns how many rows were written, the header not counted */
export async function writeRows(path: string, header: string, rows: Iterable<string>): Promise<number> {
  const file = await open(path, 'w');
  try {
    let waiting = `${header}\n`;
    let count = 0;
    for (const row of rows) {
      waiting += row;
      waiting += '\n';
      count += 1;
      if (waiting.length >= 256 * 1024) {
        await file.appendFile(waiting);
        waiting = '';
      }
    }
    await file.appendFile(waiting);
    return count;
  } finally {
    await file.close();
  }
}
