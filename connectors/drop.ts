/**
 * A folder into which a school's system drops its files at night. What lies there is taken once and whole: a file that is still being written,
 * or a zip whose end has not come yet, waits; what was read is moved into `archive/` beside it. Never deletes anything.
 * @throws AppError `source_unreachable` when the folder cannot be read, or the files cannot be moved
 */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../src/errors.ts';
import { openFiles } from './files.ts';

type Dropped = { path: string; bytes: number; changedAt: number };
/** What one run reads: a zip, or the tables that lie loose in the folder. */
export type Delivery = { path: string; files: Dropped[] };

/** Nobody has written to a file for so long: it is whole. */
const settledSeconds = 60;
/** A zip without an end for so long is no upload any more: the run says what is wrong with it. */
const givenUpMs = 24 * 60 * 60_000;
const tabular = /\.(csv|tsv|txt)$/i;
const zipped = /\.zip$/i;
/** They stand beside every delivery, and belong to none. */
const stays = /^benchmarks?\.[a-z]+$/i;

/**
 * @param drop a source's setting: true, or for how many seconds nobody may have written to a file
 * @returns whether the source's path is such a folder, and its settle time
 */
export function dropOf({ path, drop }: Record<string, unknown>): { folder: string; settleMs: number } | null {
  if (typeof path !== 'string' || (drop !== true && typeof drop !== 'number')) return null;
  return { folder: path, settleMs: (drop === true ? settledSeconds : drop) * 1000 };
}

/** @returns the next delivery, the oldest zip first, and what waits and why */
export async function nextDelivery(
  folder: string,
  now: number,
  settleMs: number,
): Promise<{ delivery: Delivery | null; waiting: string[] }> {
  const waiting: string[] = [];
  const dropped = await list(folder);
  const whole: Dropped[] = [];
  for (const file of dropped) {
    const why = await unready(file, now, settleMs);
    if (why === null) whole.push(file);
    else waiting.push(`${basename(file.path)}: ${why}`);
  }
  const [zip] = whole.filter((file) => zipped.test(file.path)).sort((a, b) => a.changedAt - b.changedAt);
  if (zip) return { delivery: { path: zip.path, files: [zip] }, waiting };
  const loose = dropped.filter((file) => tabular.test(file.path));
  // Tables of one set belong together: while one is being written, the others wait for it.
  if (loose.length === 0 || loose.some((file) => !whole.includes(file))) return { delivery: null, waiting };
  return { delivery: { path: folder, files: loose }, waiting };
}

/** Into `archive/DAY`. A file that was replaced since it was listed is another delivery, and stays. @returns names of those that stay */
export async function archive(folder: string, { files }: Delivery, day: string): Promise<string[]> {
  const stayed: string[] = [];
  try {
    const to = await freshFolder(join(folder, 'archive'), day);
    for (const file of files) {
      const now = await stat(file.path);
      if (now.size !== file.bytes || changed(now) !== file.changedAt) stayed.push(basename(file.path));
      else await rename(file.path, join(to, basename(file.path)));
    }
  } catch (error) {
    throw unreachable(folder, 'the files that were read cannot be moved into its archive', error);
  }
  return stayed;
}

async function list(folder: string): Promise<Dropped[]> {
  const names = await readdir(folder).catch((error: unknown) => Promise.reject(unreachable(folder, 'the folder cannot be read', error)));
  const found: Dropped[] = [];
  for (const name of names.sort()) {
    // Names such as `roster.zip.part` and `users.csv.filepart` end otherwise.
    if (name.startsWith('.') || stays.test(name) || !(tabular.test(name) || zipped.test(name))) continue;
    const path = join(folder, name);
    const at = await stat(path).catch(() => null); // gone since: its upload was renamed
    if (at?.isFile()) found.push({ path, bytes: at.size, changedAt: changed(at) });
  }
  return found;
}

async function unready({ path, changedAt }: Dropped, now: number, settleMs: number): Promise<string | null> {
  if (now - changedAt < settleMs) return 'written a moment ago; it waits until nobody writes to it any more';
  if (!zipped.test(path) || now - changedAt > givenUpMs) return null;
  try {
    (await openFiles(path)).close();
    return null;
  } catch {
    return 'the zip is not complete yet';
  }
}

/** Uploads may keep the time of the file they copy: the time at which anything of the file changed here is the one to trust. */
const changed = ({ mtimeMs, ctimeMs }: { mtimeMs: number; ctimeMs: number }): number => Math.max(mtimeMs, ctimeMs);

async function freshFolder(archive: string, day: string): Promise<string> {
  await mkdir(archive, { recursive: true });
  for (let n = 1; ; n++) {
    const path = join(archive, n === 1 ? day : `${day}-${n}`);
    const made = await mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? false : Promise.reject(error)),
    );
    if (made) return path;
  }
}

const unreachable = (folder: string, why: string, cause: unknown) =>
  new AppError('source_unreachable', `${folder}: ${why}`, {
    consequence: 'retry',
    hint: 'Check the path, and that this service may read and write there.',
    cause,
  });
