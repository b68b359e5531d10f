/** The row reader itself: whatever a writer wrote by the book comes back, however the bytes arrive. */
import fc from 'fast-check';
import { Csv } from '../../connectors/csv.ts';
import { readPages } from '../../connectors/pages.ts';

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(
  text: string,
  size = 1 << 16,
): Promise<{ header: string[]; rows: string[][]; lines: number[]; faults: (string | null)[] }> {
  const csv = await Csv.open(chunks(Buffer.from(text), size));
  const read = { header: csv.header, rows: [] as string[][], lines: [] as number[], faults: [] as (string | null)[] };
  while (await csv.fill()) {
    while (csv.next()) {
      read.rows.push(Array.from({ length: csv.width }, (_, index) => csv.value(index)));
      read.lines.push(csv.line);
      read.faults.push(csv.fault);
    }
  }
  return read;
}

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
const field = fc
  .string({ unit: fc.constantFrom('a', 'é', '🏫', ' ', ',', '"', '\n', '-', '0'), maxLength: 12 })
  .map((text) => text.trim())
  // A line of a field that looks like the beginning of a row is taken for one: that is the price of surviving a stray quote.
  .filter((text) => !/\n.*,/s.test(text));

test('what was written by the book is read as it was', async () => {
  const table = fc.array(fc.tuple(fc.constant('id'), field, field, field, fc.constant('end')), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (rows, end, size, ended) => {
        const text = ['k,a,b,c,z', ...rows.map((row) => row.map(quoted).join(','))].join(end) + (ended ? end : '');
        const read = await readAll(text, size);
        expect(read.header).toEqual(['k', 'a', 'b', 'c', 'z']);
        expect(read.faults.every((fault) => fault === null)).toBe(true);
        expect(read.rows).toEqual(rows);
      },
    ),
    { numRuns: 400 },
  );
});

test('whatever the text, reading ends, and no line is passed over', async () => {
  const noise = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '\0', 'é', ';'), maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(noise, fc.integer({ min: 1, max: 50 }), async (text, size) => {
      const read = await readAll(`k,a,b\n${text}`, size);
      for (const [n, line] of read.lines.entries()) expect(line).toBeGreaterThan(read.lines[n - 1] ?? 1);
      expect(read.lines.length).toBeLessThanOrEqual(text.split('\n').length);
    }),
    { numRuns: 400 },
  );
});

test('a quoted field may run over several pages of text', async () => {
  const long = 'x'.repeat(200_000);
  const text = `k,a\n1,"${long}\n${long}"\n2,b\n`;
  const csv = await Csv.open(chunks(Buffer.from(`${text}`), 60_000));
  csv.needed = 2;
  const seen: [number, number][] = [];
  while (await csv.fill()) while (csv.next()) seen.push([csv.line, csv.value(1).length]);
  expect(seen.at(-1)).toEqual([4, 1]);
});

test('bytes become text in pages of whole lines', async () => {
  const lines = Array.from({ length: 50_000 }, (_, n) => `row ${n} é`);
  const pages: string[] = [];
  for await (const page of readPages(chunks(Buffer.from(lines.join('\n')), 1000))) if ('text' in page) pages.push(page.text);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.slice(0, -1).every((page) => page.endsWith('\n'))).toBe(true);
  expect(pages.join('')).toBe(lines.join('\n'));
});
