/**
 * A file that district IT hands over on the page. It goes into the folder the operator named for the source and nowhere else, whole or not at
 * all, and never replaces another; what is read of it is up to the next run.
 * @throws AppError `upload_nowhere` | `upload_name` | `upload_too_large` | `upload_exists`
 */
import { randomUUID } from 'node:crypto';
import { link, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import type { Source } from './sources.ts';

const maxBytes = 100 * 1024 * 1024;
/** No folder, no hidden file, and an ending that is read. */
const mayBe = /^[\p{L}\p{N}][\p{L}\p{N} ._()-]{0,120}\.(csv|tsv|txt|zip)$/u;

/** Whether files can be added: a source of a single file has no place for another. */
export async function takesFiles({ settings }: Source): Promise<boolean> {
  const { path } = settings;
  return typeof path === 'string' && ((await stat(path).catch(() => null))?.isDirectory() ?? false);
}

export async function takeFile(source: Source, name: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  if (!(await takesFiles(source))) {
    throw new AppError('upload_nowhere', 'this source reads a single file and takes no other', {
      status: 409,
      hint: 'Ask whoever runs this service for a source that reads a folder.',
    });
  }
  if (!mayBe.test(name)) {
    throw new AppError('upload_name', 'a file with such a name is not taken', {
      hint: 'Use letters, digits, spaces, dots and dashes, and end it in .csv, .tsv, .txt or .zip.',
    });
  }
  const folder = String(source.settings.path); // takesFiles has looked at it
  const part = join(folder, `.${randomUUID()}.part`); // hidden: no run reads it
  try {
    await writeFile(part, bounded(bytes), { flag: 'wx' });
    await link(part, join(folder, name)); // unlike a rename, never over another file
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error; // Node's errors carry one
    throw new AppError('upload_exists', 'there is a file of this name already', {
      status: 409,
      hint: 'Give it another name, or wait until the file that is there has been read.',
    });
  } finally {
    await rm(part, { force: true });
  }
}

async function* bounded(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new AppError('upload_too_large', `the file is larger than ${maxBytes / 1024 / 1024} MB`, {
        status: 413,
        hint: 'Divide it, or have it dropped into the folder by the system that makes it.',
      });
    }
    yield chunk;
  }
}
