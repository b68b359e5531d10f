/**
 * A source's CSV files, whether they lie in a folder, in a zip or alone. Reads only: nothing is unpacked to disk.
 * @throws AppError `source_unreachable` (nothing there, no permission) | `source_contract_broken` (a damaged, encrypted or bomb-like
 * zip, files scattered over folders). Never a shortened file: a stream that ends early throws.
 */
import { createHash, type Hash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { AppError } from '../src/errors.ts';

export type SourceFile = {
  /** Without its folder, as found. */
  name: string;
  /** Unpacked size. */
  bytes: number;
  /** Each chunk is good until the next is asked for. */
  read(): AsyncIterable<Buffer>;
  /** The bytes as they are stored (packed in a zip): cheaper, and equal when the content is. */
  stored(): AsyncIterable<Buffer>;
};

export type FileSet = {
  files: SourceFile[];
  /** The one folder the files stand in, where they should stand at the top; null when they do. */
  nestedIn: string | null;
  close(): void;
};

const chunkBytes = 256 * 1024;
const tabular = /\.(csv|tsv|txt)$/i;
const hidden = /(^|\/)(\.|__MACOSX\/)/;
/** Generous for a district of any size, far from what a crafted zip claims. */
const limits = { inflatedBytes: 8 * 1024 ** 3, ratio: 200, ratioFromBytes: 64 * 1024 ** 2, entries: 10_000 };

const unreachable = (path: string, cause: unknown) => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  const why = code === 'ENOENT' ? 'there is no such file or folder' : code === 'EACCES' ? 'permission is missing' : 'it cannot be opened';
  return new AppError('source_unreachable', `${path}: ${why}`, {
    consequence: 'retry',
    hint: 'Check the path and that this service may read it.',
    cause,
  });
};

const broken = (message: string, hint: string, cause?: unknown) =>
  new AppError('source_contract_broken', message, { consequence: 'halt', hint, cause });

/** Opens a folder, a zip or a single file. The caller closes it. */
export async function openFiles(path: string): Promise<FileSet> {
  const found = await stat(path).catch((error: unknown) => Promise.reject(unreachable(path, error)));
  if (found.isDirectory()) return openFolder(path);
  // Reading a pipe or a device may never end.
  if (!found.isFile()) throw broken(`${path}: neither a file nor a folder`, 'Name a CSV file, a zip, or the folder they stand in.');
  if (await isZip(path)) return openZip(path);
  return { files: [plainFile(path, basename(path), found.size)], nestedIn: null, close: () => {} };
}

export async function withFiles<T>(path: string, work: (set: FileSet) => Promise<T>): Promise<T> {
  const set = await openFiles(path);
  try {
    return await work(set);
  } finally {
    set.close();
  }
}

/** For sources of one file. */
export function onlyFile(set: FileSet, path: string): SourceFile {
  const [file, other] = set.files;
  if (file && !other) return file;
  throw broken(`${path}: it holds ${set.files.length} CSV files where one is meant`, 'Name the file itself.');
}

async function isZip(path: string): Promise<boolean> {
  if (/\.zip$/i.test(path)) return true;
  const file = await open(path).catch((error: unknown) => Promise.reject(unreachable(path, error)));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE() === 0x04034b50; // the local file header every zip with a file in it begins with
  } finally {
    await file.close();
  }
}

function plainFile(path: string, name: string, bytes: number): SourceFile {
  const read = async function* () {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const file = await open(path).catch((error: unknown) => Promise.reject(unreachable(path, error)));
    try {
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes).catch((error: unknown) => Promise.reject(unreachable(path, error)));
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  };
  return { name, bytes, read, stored: read };
}

type Found = { path: string; file: SourceFile };

async function openFolder(path: string): Promise<FileSet> {
  const found: Found[] = [];
  for (const entry of await readdir(path, { withFileTypes: true }).catch((error: unknown) => Promise.reject(unreachable(path, error)))) {
    if (hidden.test(entry.name)) continue;
    if (entry.isDirectory()) {
      for (const inner of await readdir(join(path, entry.name)).catch(() => [])) await look(`${entry.name}/${inner}`);
    } else await look(entry.name);
  }
  return { ...choose(found, path), close: () => {} };

  async function look(name: string) {
    if (!tabular.test(name) || hidden.test(name)) return;
    const at = await stat(join(path, name)).catch((error: unknown) => Promise.reject(unreachable(join(path, name), error)));
    if (!at.isFile()) return;
    found.push({ path: name, file: plainFile(join(path, name), basename(name), at.size) });
  }
}

/** Files at the top win; else the one folder that holds them all. */
function choose(found: Found[], path: string): Pick<FileSet, 'files' | 'nestedIn'> {
  const folderOf = (entry: Found) => entry.path.slice(0, entry.path.lastIndexOf('/') + 1);
  const folders = new Set(found.map(folderOf));
  const folder = folders.has('') ? '' : [...folders][0];
  if (folder === undefined) throw broken(`${path}: no CSV file in it`, 'Export the files again, as .csv, at the top of the folder or zip.');
  if (folder !== '' && folders.size > 1) {
    throw broken(`${path}: the CSV files lie in several folders`, 'Put the files of one export at the top of the folder or zip.');
  }
  const files = found.filter((entry) => folderOf(entry) === folder).map((entry) => entry.file);
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), nestedIn: folder === '' ? null : folder.slice(0, -1) };
}

async function openZip(path: string): Promise<FileSet> {
  const damaged = (cause: unknown) => broken(`${path}: the zip is damaged or incomplete`, 'Transfer or export it again.', cause);
  const zip = await yauzl
    .openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true })
    .catch((error: unknown) => Promise.reject(error instanceof Error && 'syscall' in error ? unreachable(path, error) : damaged(error)));
  try {
    if (zip.entryCount > limits.entries)
      throw broken(`${path}: the zip lists ${zip.entryCount} files`, 'An export has a few dozen at most.');
    const found: Found[] = [];
    for await (const entry of zip.eachEntry()) {
      if (!tabular.test(entry.fileName) || hidden.test(entry.fileName)) continue;
      if (entry.isEncrypted()) throw broken(`${path}: the zip is encrypted`, 'Export it without a password.');
      found.push({ path: entry.fileName, file: zippedFile(zip, entry, damaged) });
    }
    refuseBomb(path, zip, found);
    return { ...choose(found, path), close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error instanceof AppError ? error : damaged(error);
  }
}

/** Sizes are what the zip claims; yauzl then holds every stream to its claim (validateEntrySizes). */
function refuseBomb(path: string, zip: yauzl.ZipFile, found: Found[]): void {
  const inflated = found.reduce((sum, entry) => sum + entry.file.bytes, 0);
  if (inflated > limits.inflatedBytes || (inflated > limits.ratioFromBytes && inflated > zip.fileSize * limits.ratio)) {
    throw broken(`${path}: the zip would unpack to ${inflated} bytes`, 'Check where it came from; a roster of any district is smaller.');
  }
}

function zippedFile(zip: yauzl.ZipFile, entry: yauzl.Entry, damaged: (cause: unknown) => AppError): SourceFile {
  const stream = async function* (decodeFileData: boolean) {
    let crc = 0;
    try {
      const bytes: Readable = await zip.openReadStreamPromise(entry, decodeFileData ? {} : { decodeFileData });
      for await (const chunk of bytes as AsyncIterable<Buffer>) {
        if (decodeFileData) crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      throw error instanceof AppError ? error : damaged(error);
    }
    if (decodeFileData && crc !== entry.crc32) throw damaged('checksum');
  };
  return { name: basename(entry.fileName), bytes: entry.uncompressedSize, read: () => stream(true), stored: () => stream(false) };
}

/** A digest over the files and over what decides how they are read. */
export async function digest(files: SourceFile[], reading: unknown, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(reading));
  for (const file of files) await digestFile(hash, file, signal);
  return hash.digest('hex');
}

async function digestFile(hash: Hash, file: SourceFile, signal?: AbortSignal): Promise<void> {
  hash.update(`\0${file.name}\0${file.bytes}\0`);
  for await (const chunk of file.stored()) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
}
