/**
 * Bytes to text, a few hundred kilobytes of whole lines at a time. Takes UTF-8 with or without a byte order mark; a line that is not
 * UTF-8 is read as Windows-1252 and said to be `repaired`; a line beyond any sense is `cut`. Lone carriage returns count as line ends
 * where a file has no others.
 * @throws AppError `source_contract_broken` for UTF-16.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../src/errors.ts';
import type { Gap } from './stretches.ts';

export type Page = {
  /** Whole lines; only the file's last may lack its line end. */
  text: string;
  repaired: boolean;
  cut: boolean;
};

const pageBytes = 256 * 1024;
/** A line this long is no row; only its beginning is kept. */
const lineBytes = 1024 * 1024;
const headBytes = 4096;
const LF = 10;
const CR = 13;

const windows1252 = new TextDecoder('windows-1252');

/** Chunks need only stay as they are until the next is asked for. A gap stands between whole lines. */
export async function* readPages(bytes: AsyncIterable<Buffer | Gap>): AsyncGenerator<Page | Gap> {
  const lines = new Lines();
  for await (const chunk of bytes) {
    if (!Buffer.isBuffer(chunk)) {
      yield* lines.rest();
      yield chunk;
      continue;
    }
    for (let at = 0; at < chunk.length; at += pageBytes) yield* lines.take(chunk.subarray(at, at + pageBytes));
  }
  yield* lines.rest();
}

/** One buffer for the whole file: what was handed over makes room for what comes. */
class Lines {
  private readonly buffer = Buffer.allocUnsafe(lineBytes + 2 * pageBytes);
  private length = 0;
  private newline: number | null = null;
  /** Inside a line whose beginning was handed over already. */
  private skipping = false;

  /** @param chunk at most a page */
  *take(chunk: Buffer): Generator<Page> {
    this.length += chunk.copy(this.buffer, this.length);
    if (this.length >= pageBytes) yield* this.hand(false);
  }

  *rest(): Generator<Page> {
    if (this.length > 0) yield* this.hand(true);
  }

  private *hand(last: boolean): Generator<Page> {
    let block: Buffer = this.buffer.subarray(0, this.length);
    if (this.newline === null) {
      block = withoutMark(block);
      this.newline = block.includes(LF) || !block.includes(CR) ? LF : CR;
    }
    if (this.skipping) block = this.skip(block, this.newline);
    const end = last ? block.length : block.lastIndexOf(this.newline) + 1;
    if (end > 0) yield* decode(block.subarray(0, end), this.newline);
    let left = block.subarray(end);
    if (left.length > lineBytes) {
      for (const page of decode(left.subarray(0, headBytes), this.newline)) yield { ...page, text: `${page.text}\n`, cut: true };
      this.skipping = true;
      left = left.subarray(left.length);
    }
    this.length = left.copy(this.buffer); // copies within the one buffer are safe
  }

  private skip(block: Buffer, newline: number): Buffer {
    const end = block.indexOf(newline);
    if (end === -1) return block.subarray(block.length);
    this.skipping = false;
    return block.subarray(end + 1);
  }
}

function withoutMark(block: Buffer): Buffer {
  if (block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf) return block.subarray(3);
  if ((block[0] === 0xff && block[1] === 0xfe) || (block[0] === 0xfe && block[1] === 0xff)) {
    throw new AppError('source_contract_broken', 'the file is in UTF-16', {
      consequence: 'halt',
      hint: 'Save or export it as "CSV UTF-8".',
    });
  }
  return block;
}

function* decode(block: Buffer, newline: number): Generator<Page> {
  if (isAscii(block)) yield { text: unified(block.toString('latin1'), newline), repaired: false, cut: false };
  else if (isUtf8(block)) yield { text: unified(block.toString('utf8'), newline), repaired: false, cut: false };
  else yield* decodeLines(block, newline);
}

/** Some lines are not UTF-8: only those are read as what spreadsheets write. Neighbours of one kind make one page. */
function* decodeLines(block: Buffer, newline: number): Generator<Page> {
  let from = 0;
  let good: boolean | null = null;
  for (let at = 0; at < block.length; ) {
    const found = block.indexOf(newline, at);
    const end = found === -1 ? block.length : found + 1;
    const reads = isUtf8(block.subarray(at, end));
    if (good !== null && reads !== good) {
      yield run(block.subarray(from, at), good, newline);
      from = at;
    }
    good = reads;
    at = end;
  }
  if (good !== null) yield run(block.subarray(from), good, newline);
}

const run = (lines: Buffer, good: boolean, newline: number): Page => ({
  text: unified(good ? lines.toString('utf8') : windows1252.decode(lines), newline),
  repaired: !good,
  cut: false,
});

const unified = (text: string, newline: number) => (newline === CR ? text.replaceAll('\r', '\n') : text);
