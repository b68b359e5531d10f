/**
 * What a command says and where: its result on stdout (one JSON object with --json, words otherwise), everything on the way on stderr.
 * Nothing here decides anything.
 */

import type { SyncProgress } from '../sync/run.ts';
import { terminal } from './terminal.ts';

/** @param words is only called without --json */
export function result(json: boolean | undefined, object: object, words: () => string): void {
  terminal().stdout.write(`${json ? JSON.stringify(object) : words()}\n`);
}

export const note = (text: string): void => void terminal().stderr.write(`${text}\n`);

const figures = new Intl.NumberFormat('en-US');
export const figure = (value: number): string => figures.format(value);

/** `1 row`, `2 rows`, `no rows`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  count === 0 ? `no ${many}` : `${figure(count)} ${count === 1 ? one : many}`;

/** Columns as wide as they need to be; numbers to the right. */
export function table(head: string[], rows: (string | number)[][]): string {
  const cells = [head, ...rows.map((row) => row.map((value) => (typeof value === 'number' ? figure(value) : value)))];
  const widths = head.map((_, n) => Math.max(...cells.map((row) => (row[n] ?? '').length)));
  const isNumber = head.map((_, n) => rows.length > 0 && rows.every((row) => typeof row[n] === 'number'));
  const pad = (text: string, n: number) => (isNumber[n] ? text.padStart(widths[n] ?? 0) : text.padEnd(widths[n] ?? 0));
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

export const day = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');

const doing = { fingerprint: 'looking for changes', reading: 'reading', checking: 'checking', applying: 'applying' } as const;

/** One moving line on a terminal; elsewhere a line at most every five seconds. Call `done` before printing anything else. */
export function progressLine(label: string): { show(at: SyncProgress): void; done(): void } {
  const { stderr } = terminal();
  const isTerminal = stderr.isTTY === true;
  let last = Date.now();
  let isShown = false;
  return {
    show(at) {
      if (Date.now() - last < (isTerminal ? 80 : 5000)) return;
      last = Date.now();
      const text = `${label}: ${words(at)}`;
      isShown = true;
      stderr.write(isTerminal ? `\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}` : `${text}\n`);
    },
    done() {
      if (isTerminal && isShown) stderr.write('\r\x1b[2K');
    },
  };
}

function words(at: SyncProgress): string {
  const share = at.bytesTotal ? ` ${Math.floor((100 * (at.bytesRead ?? 0)) / at.bytesTotal)} %` : '';
  const what = at.phase === 'reading' ? ` ${at.file ?? at.entity ?? ''}` : '';
  return `${doing[at.phase]}${what}${share}${at.rows ? `, ${counted(at.rows, 'row')}` : ''}`;
}
