/**
 * Rows of a CSV file, one at a time, without an object for each: `await fill()`, then `next()` until it is false, and again.
 * Quotes are read leniently, and where they cannot be believed (one that never closes and so would swallow its neighbours) only the
 * line they stand on is given up: `fault` is set and reading goes on at the next line. Never throws on a row.
 * @throws GapsMislead where a row would run on into a gap
 */
import { GapsMislead } from './connector.ts';
import { type Page, readPages } from './pages.ts';
import type { Gap } from './stretches.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const SPACE = 32;
const delimiters = [',', '\t', ';', '|'];
/** A quoted field may run over lines, but a row no further than this. */
const rowCharacters = 1024 * 1024;
const mostFields = 2048;

export type Fault = 'quote_broken' | 'row_too_large';

export class Csv {
  /** As written, trimmed; empty for an empty file. */
  header: string[] = [];
  /** Set by who knows which columns matter: rows with at least so many fields are whole. */
  needed = 0;
  delimiter = ',';
  /** Where the current row begins, 1-based. */
  line = 0;
  /** Fields of the current row that can be read. */
  width = 0;
  /** Fields the current row would have, were quotes not minded; only set with a fault. */
  rawWidth = 0;
  fault: Fault | null = null;
  /** The row has a quote inside a quoted field that should have been doubled. */
  looseQuote = false;
  lineBreak = false;
  /** Some of the row's text is, or may be, a repair of bytes that were not UTF-8. */
  repaired = false;
  /** There are NUL characters about. */
  dirty = false;
  /** The file's last row has no line end. */
  unended = false;
  bytesRead = 0;
  /** Rows that were passed over. */
  passedOver = 0;

  private readonly pages: AsyncIterator<Page | Gap>;
  private text = '';
  private at = 0;
  private lines = 0; // lines of the current row
  private cut = false;
  private done = false;
  /** The row at hand runs on beyond the text at hand. */
  private hungry = false;
  private comma = 44;
  private firstBreak = -1;
  private brokenField = -1;
  /** A quoted field of the row holds what looks like another row. */
  private swallowing = false;
  private readonly starts = new Int32Array(mostFields);
  private readonly ends = new Int32Array(mostFields);
  /** 1: has doubled quotes to undouble. */
  private readonly doubled = new Uint8Array(mostFields);

  private constructor(bytes: AsyncIterable<Buffer | Gap>) {
    const counted = async function* (csv: Csv) {
      for await (const chunk of bytes) {
        if (Buffer.isBuffer(chunk)) csv.bytesRead += chunk.length;
        yield chunk;
      }
    };
    this.pages = readPages(counted(this))[Symbol.asyncIterator]();
  }

  /** Reads as far as the header. */
  static async open(bytes: AsyncIterable<Buffer | Gap>): Promise<Csv> {
    const csv = new Csv(bytes);
    while (await csv.fill()) {
      csv.setDelimiter();
      if (!csv.next()) continue;
      csv.header = Array.from({ length: csv.width }, (_, index) => csv.value(index));
      csv.needed = csv.header.length;
      break;
    }
    return csv;
  }

  /** Fetches more text; false at the end of the file. Where rows are left in the text at hand there is nothing to do. */
  async fill(): Promise<boolean> {
    if (this.done) return this.at < this.text.length;
    if (this.at < this.text.length && !this.hungry) return true;
    const page = await this.pages.next();
    if (page.done) {
      this.done = true;
      return this.at < this.text.length;
    }
    if ('lines' in page.value) {
      if (this.at < this.text.length) throw new GapsMislead();
      this.lines += page.value.lines;
      this.passedOver += page.value.rows;
      return true;
    }
    const left = this.text.slice(this.at);
    this.text = left + page.value.text;
    this.repaired = page.value.repaired || (left !== '' && this.repaired);
    this.cut = page.value.cut;
    this.dirty = this.text.includes('\0');
    this.at = 0;
    this.hungry = false;
    return true;
  }

  /** Stops reading and lets go of the file. */
  async close(): Promise<void> {
    await this.pages.return?.();
  }

  next(): boolean {
    for (;;) {
      this.line += this.lines;
      this.lines = 0;
      if (this.at >= this.text.length) return false;
      const from = this.at;
      const end = this.scan(from);
      if (end === -1 && !this.done && !this.cut && this.text.length - from < rowCharacters) {
        this.hungry = true;
        return false;
      }
      if (this.line === 0) this.line = 1;
      this.settle(from, end);
      if (this.width === 1 && this.fault === null && this.value(0) === '') continue; // a blank line
      return true;
    }
  }

  /** The field's text, trimmed; empty for a column the row (or the file: -1) does not have. */
  value(index: number): string {
    if (index < 0 || index >= this.width || index >= mostFields) return '';
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    if (start === end) return '';
    let value = this.text.slice(start, end);
    if (this.doubled[index] === 1) value = value.replaceAll('""', '"');
    const first = value.charCodeAt(0);
    const last = value.charCodeAt(value.length - 1);
    return first <= SPACE || last <= SPACE || first >= 0xa0 || last >= 0xa0 ? value.trim() : value;
  }

  /** True when any of the row is beyond ASCII. */
  beyondAscii(): boolean {
    for (let at = this.starts[0] ?? 0; at < this.at; at++) if (this.text.charCodeAt(at) > 0x7f) return true;
    return false;
  }

  /** Finds the row's fields. @returns where the next row begins; -1 when a quote is still open at the end of the text. */
  private scan(from: number): number {
    const { text, comma, starts, ends } = this;
    const length = text.length;
    let at = from;
    let field = 0;
    this.fault = null;
    this.looseQuote = false;
    this.firstBreak = -1;
    this.brokenField = -1;
    this.swallowing = false;
    for (;;) {
      let code = at < length ? text.charCodeAt(at) : LF;
      if (code === QUOTE) {
        at = this.quoted(at, field, from);
        if (at === -1) return -1;
        code = at < length ? text.charCodeAt(at) : LF;
      } else {
        const start = at;
        while (code !== comma && code !== LF) {
          at++;
          code = at < length ? text.charCodeAt(at) : LF;
        }
        if (field < mostFields) {
          starts[field] = start;
          ends[field] = code === LF && at > start && text.charCodeAt(at - 1) === CR ? at - 1 : at;
          this.doubled[field] = 0;
        }
      }
      field++;
      at++;
      if (code === LF) break;
    }
    this.width = field;
    return at;
  }

  /** @returns where the field ends (on a delimiter or line end); -1 when it does not. */
  private quoted(open: number, field: number, from: number): number {
    const { text, comma } = this;
    let doubled = false;
    if (this.firstBreak === -1) {
      const found = text.indexOf('\n', from);
      this.firstBreak = found === -1 ? text.length : found;
    }
    for (let quote = text.indexOf('"', open + 1); ; quote = text.indexOf('"', quote + 1)) {
      if (this.brokenField === -1 && (quote === -1 || quote > this.firstBreak)) this.brokenField = field;
      if (quote === -1) {
        this.width = field;
        return -1;
      }
      let after = quote + 1;
      let code = text.charCodeAt(after);
      if (code === QUOTE) {
        doubled = true;
        quote = after;
        continue;
      }
      while ((code === SPACE || code === CR) && code !== comma) code = text.charCodeAt(++after);
      if (code === comma || code === LF || after >= text.length) {
        if (quote > this.firstBreak) this.swallowing ||= this.holdsRow(open + 1, quote, field);
        if (field < mostFields) {
          this.starts[field] = open + 1;
          this.ends[field] = quote;
          this.doubled[field] = doubled ? 1 : 0;
        }
        return after;
      }
      this.looseQuote = true;
      if (this.brokenField === -1) this.brokenField = field;
    }
  }

  /** Decides whether the row as scanned is to be believed, and where the next begins. */
  private settle(from: number, end: number): void {
    const overLines = end === -1 || (this.firstBreak !== -1 && this.firstBreak < end - 1);
    const fits = this.header.length === 0 || (this.width >= this.needed && this.width <= this.header.length);
    const quoteBroken = end === -1 || ((this.looseQuote || overLines) && !fits) || (overLines && (this.looseQuote || this.swallowing));
    this.lineBreak = overLines && !quoteBroken;
    if (!quoteBroken) {
      this.at = end;
      this.lines = overLines ? this.count(LF, from, end) : 1;
    } else {
      this.fault = 'quote_broken';
      this.width = this.brokenField;
      this.at = Math.min(this.firstBreak + 1, this.text.length);
      this.rawWidth = this.count(this.comma, from, this.at) + 1;
      this.lines = 1;
    }
    if (this.cut && this.at >= this.text.length) this.fault = 'row_too_large';
    this.unended = this.at >= this.text.length && this.text.charCodeAt(this.text.length - 1) !== LF;
  }

  /**
   * Whether a line inside a quoted field has the delimiters of a whole row, or its last line those before this field's column: then a
   * stray quote opened it and another closed it, and it is no field.
   */
  private holdsRow(from: number, to: number, field: number): boolean {
    if (this.header.length === 0) return false;
    let start = this.text.indexOf('\n', from) + 1;
    while (start > 0 && start <= to) {
      const found = this.text.indexOf('\n', start);
      if (found === -1 || found >= to) return this.count(this.comma, start, to) >= field;
      if (this.count(this.comma, start, found) >= this.needed - 1) return true;
      start = found + 1;
    }
    return false;
  }

  private count(code: number, from: number, to: number): number {
    let seen = 0;
    for (let at = from; at < to; at++) if (this.text.charCodeAt(at) === code) seen++;
    return seen;
  }

  /** Whichever of the usual ones the first line has most of. */
  private setDelimiter(): void {
    const [line = ''] = this.text.trimStart().split('\n', 1);
    let most = 0;
    for (const candidate of delimiters) {
      const seen = line.split(candidate).length - 1;
      if (seen > most) {
        most = seen;
        this.delimiter = candidate;
        this.comma = candidate.charCodeAt(0);
      }
    }
  }
}
