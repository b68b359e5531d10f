/**
 * Finds where a stretch of lines ends: after a line that says so by its own first bytes, so that the same lines are cut alike wherever they
 * stand. Never inside an open quote. Holds one buffer; decides nothing about what a stretch is for.
 */

const LF = 10;
const CR = 13;
const QUOTE = 34;
const SPACE = 32;
/** One line in 2^3 ends its stretch (by the top three bits of a hash) … */
const endingBits = 29;
/** … and where none does, the stretch ends all the same. */
const mostLines = 32;
/** More than this is no stretch: a quote that nobody closes, or lines that are no rows. */
const mostBytes = 64 * 1024;
/** So much of a line is hashed: enough to hold an id. */
const hashedBytes = 48;

export const chunkBytes = 256 * 1024;

export class Cutter {
  /** The stretch at hand, after `next()`. 1-based, the header being line 1. */
  firstLine = 1;
  lines = 0;

  private readonly buffer = Buffer.allocUnsafe(mostBytes + chunkBytes);
  private readonly view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
  private length = 0;
  /** Where what is kept begins, then the stretch at hand, then what comes after it. */
  private from = 0;
  private start = 0;
  private end = 0;
  private quotes = false;

  /** @param chunk at most `chunkBytes`; everything kept was handed over before */
  add(chunk: Buffer): void {
    this.length = this.buffer.copy(this.buffer, 0, this.start, this.length);
    this.length += chunk.copy(this.buffer, this.length);
    this.from = 0;
    this.start = 0;
    this.quotes = this.buffer.subarray(0, this.length).includes(QUOTE);
  }

  /** The first line with its end, once it is there. */
  header(): Buffer | null {
    const found = this.buffer.subarray(this.start, this.length).indexOf(LF);
    if (found === -1) return null;
    const line = this.buffer.subarray(this.start, this.start + found + 1);
    this.start += found + 1;
    this.from = this.start;
    this.firstLine++;
    return line;
  }

  /** Finds the next stretch. @param last what is held is the end of the file */
  next(last: boolean): boolean {
    const { buffer, view, length, start } = this;
    let odd = false;
    let lines = 0;
    for (let at = start; at < length; ) {
      const found = buffer.indexOf(LF, at);
      const end = found === -1 || found >= length ? length : found + 1;
      if (this.quotes && oddQuotes(buffer, at, end)) odd = !odd;
      if (end === length && found !== length - 1 && !last) return false; // the line goes on in the next chunk
      lines++;
      if (!odd && (lines >= mostLines || ends(view, at, end) || (last && end === length))) return this.found(end, lines);
      at = end;
    }
    return false;
  }

  /** What is held and not cut. */
  get left(): number {
    return this.length - this.start;
  }

  get tooLong(): boolean {
    return this.left > mostBytes;
  }

  stretch(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }

  /** The stretch is not handed over. Everything kept before it was. */
  skip(): void {
    this.keep();
    this.from = this.start;
  }

  /** The stretch is handed over with the next `hand()`. */
  keep(): void {
    this.start = this.end;
    this.firstLine += this.lines;
  }

  /** All that is kept and was not handed over; good until `add()`. */
  hand(): Buffer {
    const kept = this.buffer.subarray(this.from, this.start);
    this.from = this.start;
    return kept;
  }

  /** Kept or not, all that is held. */
  rest(): Buffer {
    this.start = this.length;
    return this.hand();
  }

  private found(end: number, lines: number): boolean {
    this.end = end;
    this.lines = lines;
    return true;
  }
}

/** A header that is one line, beyond doubt. */
export function isPlain(header: Buffer): boolean {
  return header.some((byte) => byte !== LF && byte !== CR && byte !== SPACE) && !oddQuotes(header, 0, header.length);
}

function oddQuotes(bytes: Buffer, from: number, to: number): boolean {
  let odd = false;
  for (let at = from; at < to; at++) if (bytes[at] === QUOTE) odd = !odd;
  return odd;
}

/** Four bytes at a time; a line's last bytes count where the line is short. */
function ends(view: DataView, from: number, to: number): boolean {
  const length = to - from;
  if (length < 4) return false;
  let hash = length < hashedBytes ? view.getUint32(to - 4, true) : 0;
  for (let at = from, stop = from + Math.min(length, hashedBytes) - 4; at <= stop; at += 4) {
    hash = Math.imul(hash ^ view.getUint32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0x85ebca6b) >>> endingBits === 0;
}
