/** A listing cut into stretches: nothing is lost between them, and the same lines are cut alike. */
import fc from 'fast-check';
import { Cutter } from '../../connectors/cutter.ts';
import type { SourceFile } from '../../connectors/files.ts';
import { type Gap, Stretches } from '../../connectors/stretches.ts';

const line = (n: number) => `row-${n},Kim,Test,${n * 7919},2026-09-01`;
const listing = (rows: string[]) => ['sourcedId,givenName,familyName,number,date', ...rows].map((row) => `${row}\n`).join('');
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

function fileOf(text: string, chunk = 1000): SourceFile {
  const bytes = Buffer.from(text);
  const read = async function* () {
    const buffer = Buffer.alloc(chunk); // as a real file is read: one buffer for all chunks
    for (let at = 0; at < bytes.length; at += chunk) yield buffer.subarray(0, bytes.copy(buffer, 0, at, at + chunk));
  };
  return { name: 'users.csv', bytes: bytes.length, read, stored: read };
}

type Cut = { text: string; gaps: Gap[]; stretches: { digest: string; lines: string[] }[] };

/** What is read of a file, where these stretches are known. */
async function cut(text: string, known: Map<string, number> | null = null, chunk = 1000): Promise<Cut> {
  const stretches = new Stretches(fileOf(text, chunk), 'users', async () => known, '1');
  const read: Cut = { text: '', gaps: [], stretches: [] };
  for await (const piece of stretches.bytes()) {
    if (Buffer.isBuffer(piece)) read.text += piece.toString();
    else read.gaps.push(piece);
  }
  const all = text.split('\n');
  // Each line is a row here.
  for (let at = 2; at <= all.length; at++) {
    if (all[at - 1] === '') continue;
    stretches.row(at, 0);
    stretches.id(`${at}`);
  }
  stretches.finish(0);
  for (const item of stretches.take()) {
    if (item.type !== 'stretches') continue;
    for (const { digest, first, last } of item.stretches)
      read.stretches.push({ digest: digest as string, lines: all.slice(first - 1, last) });
  }
  return read;
}

const knownOf = ({ stretches }: Cut) => new Map(stretches.map(({ digest, lines }): [string, number] => [digest, lines.length]));

test('a file nobody knows is handed on byte for byte, in stretches of whole lines', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ maxLength: 60 })), fc.integer({ min: 1, max: 300 }), fc.boolean(), async (rows, chunk, ended) => {
      const whole = listing(rows.map((row) => row.replace(/[\n\r]/g, ' ')));
      const text = ended ? whole : whole.slice(0, -1);
      expect((await cut(text, null, chunk)).text).toBe(text);
    }),
  );
});

test('the same file again is passed over, all but its header', async () => {
  const text = listing(numbers(5000).map(line));
  const first = await cut(text);
  expect(first.stretches.flatMap(({ lines }) => lines)).toEqual(text.split('\n').slice(1, -1));
  const again = await cut(text, knownOf(first), 777);
  expect(again.text).toBe(listing([]));
  expect(again.gaps.reduce((sum, gap) => sum + gap.rows, 0)).toBe(5000);
});

test('a line more, a line less and a line changed cost their neighbours, not the rest', async () => {
  const rows = numbers(5000).map(line);
  const first = await cut(listing(rows));
  rows.splice(100, 0, 'new,Kim,Test,1,2026-09-01');
  rows.splice(2000, 1);
  rows[4000] = 'row-4000,Kim,Changed,0,2026-09-01';
  const second = await cut(listing(rows), knownOf(first));
  const read = second.text.split('\n').length - 2;
  expect(read).toBeGreaterThan(2);
  expect(read).toBeLessThan(150);
  expect(read + second.gaps.reduce((sum, gap) => sum + gap.rows, 0)).toBe(rows.length);
});

test('a quoted field over several lines stays in one stretch', async () => {
  const rows = numbers(400).map((n) => `row-${n},"Kim\nover\nlines","say ""hi""",${n},2026-09-01`);
  const { stretches } = await cut(listing(rows));
  for (const { lines } of stretches) expect(lines.join('\n').split('"').length % 2).toBe(1);
});

test('a quote nobody closes ends the cutting, and the file is read as ever', async () => {
  const text = listing([...numbers(50).map(line), 'row-x,"open', ...numbers(5000).map(line)]);
  const stretches = new Stretches(fileOf(text), 'users', async () => null, '1');
  let read = '';
  for await (const piece of stretches.bytes()) if (Buffer.isBuffer(piece)) read += piece.toString();
  expect(read).toBe(text);
  expect(stretches.whole).toBe(false);
});

test('where every row has a remark, telling them is given up', async () => {
  const stretches = new Stretches(fileOf(listing(numbers(20_000).map(line))), 'users', async () => null, '1');
  let at = 1;
  for await (const piece of stretches.bytes()) {
    const lines = Buffer.isBuffer(piece) ? piece.toString().split('\n').length - 1 : 0;
    for (const end = at + lines; at < end; at++) if (at > 1) stretches.row(at, at);
  }
  expect(stretches.whole).toBe(false);
});

test('a cutter without a line end asks for more', () => {
  const cutter = new Cutter();
  cutter.add(Buffer.from('a line without'));
  expect(cutter.header()).toBeNull();
  expect(cutter.next(false)).toBe(false);
  expect(cutter.next(true)).toBe(true);
  expect(cutter.stretch().toString()).toBe('a line without');
});
