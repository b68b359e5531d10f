/** Files as accidents leave them: a thousand of them, and never a crash, never a row unaccounted for, never a person ended by a typo. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Entity } from '../../src/roster/model.ts';
import { header, manifest, roster, rosterWith, rowsOf } from './roster.ts';
import { file, folder, type Pulled, pull, removeSets } from './sets.ts';

afterAll(removeSets);

type Mutation = { kind: 'insert' | 'delete' | 'replace' | 'double' | 'cut' | 'join'; at: number; text: string };
const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'replace', 'double', 'cut', 'join'),
  at: fc.nat(100_000),
  text: fc.constantFrom('"', ',', '\n', '\r', '\0', '\t', ';', 'x', '1/2/2026', ' ', '""', '",', '�', 'é', '-'),
});

/** Applied to the text below its header. */
function mutate(text: string, mutations: Mutation[]): string {
  let body = text;
  for (const { kind, at: wanted, text: added } of mutations) {
    const at = wanted % (body.length + 1);
    if (kind === 'insert') body = body.slice(0, at) + added + body.slice(at);
    else if (kind === 'delete') body = body.slice(0, at) + body.slice(at + 1);
    else if (kind === 'replace') body = body.slice(0, at) + added + body.slice(at + 1);
    else if (kind === 'double') body = body.slice(0, at) + body.slice(Math.max(0, at - 20));
    else if (kind === 'cut') body = body.slice(0, Math.max(at, body.length - 60));
    else {
      const end = body.indexOf('\n', at);
      if (end !== -1) body = body.slice(0, end) + body.slice(end + 1);
    }
  }
  return body;
}

const accounted = (pulled: Pulled, entity: Entity): string[] => [
  ...pulled.rows[entity].map((row) => row.sourcedId),
  ...(pulled.removed[entity] ?? []),
  ...pulled.problems.flatMap((problem) => (problem.entity === entity && problem.sourcedId !== null ? [problem.sourcedId] : [])),
];
/** Lines with something on them: nothing, spaces or one empty quoted field is a blank line, which is no row. */
const filledLines = (text: string) => text.split('\n').filter((line) => !/^\s*(""\s*)?$/.test(line)).length;
const rowsRead = (pulled: Pulled, entity: Entity) =>
  pulled.rows[entity].length +
  (pulled.removed[entity] ?? []).length +
  pulled.problems.filter((p) => p.entity === entity && p.line !== null).length;

/** Rows with quoted fields, so that a stray quote has others to pair with. */
const many: Record<'users' | 'enrollments' | 'results', string[]> = {
  users: Array.from(
    { length: 12 },
    (_, n) => `u${n}0,,,true,"s1,s2",student,user${n},"{a:${n}},{b:${n}}",Given${n},Family${n},,${n},u${n}@example.org,,,"m${n},f${n}",03,`,
  ),
  enrollments: Array.from({ length: 20 }, (_, n) => `e${n}0,,,c1,s1,u${n}0,student,false,2026-08-17,2027-05-28`),
  results: Array.from({ length: 20 }, (_, n) => `r${n}0,,,l1,u${n}0,"fully graded",${n},2026-09-0${(n % 9) + 1},"well, done"`),
};

test.each<keyof typeof many>(['users', 'enrollments', 'results'])(
  '%s.csv in any state',
  async (name) => {
    const original = many[name];
    const path = folder(rosterWith(name, rowsOf(name)));
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const body = mutate(`${original.join('\n')}\n`, mutations);
        const lines = body.split('\n');
        writeFileSync(join(path, `${name}.csv`), `${header(name)}\n${body}`);
        const pulled = await pull('oneroster-csv', { path });

        // Every line is a row, is blank, or stands inside a quoted field of the row before it.
        const filled = filledLines(body);
        const overLines = pulled.warnings.some((warning) => warning.code === 'line_break_in_field');
        if (overLines) expect(rowsRead(pulled, name)).toBeLessThanOrEqual(filled);
        else expect(rowsRead(pulled, name)).toBe(filled);

        // A line nobody touched is never lost, unless the file says of itself that it proves nothing.
        if (!pulled.closings[name]?.complete) return;
        const known = new Set(accounted(pulled, name));
        for (const line of original) if (lines.includes(line)) expect(known).toContain(line.slice(0, line.indexOf(',')));
      }),
      { numRuns: 350 },
    );
  },
  600_000,
);

test('a lost line end never costs the second row its place', async () => {
  for (let n = 0; n < many.enrollments.length - 1; n++) {
    const rows = [...many.enrollments];
    rows.splice(n, 2, `${rows[n]}${rows[n + 1]}`);
    const pulled = await pull('oneroster-csv', { path: folder(rosterWith('enrollments', rows)) });
    expect(pulled.closings.enrollments).toMatchObject({ complete: false, because: 'unreadable_ids' });
  }
});

const beside = {
  'scoreScales.csv': ['sourcedId,classSourcedId,scoreScaleValue', ['sc,c1,"{0:Not yet},{2:Got it}"', 'sd,c1,"{1-2:A},{3:B}"']],
  'lineItemScoreScales.csv': ['sourcedId,lineItemSourcedId,scoreScaleSourcedId', ['x,l1,sc', 'y,l2,sd']],
  'lineItemLearningObjectiveIds.csv': [
    'sourcedId,lineItemSourcedId,source,learningObjectiveId',
    ['a,l1,case,"RF.1.3"', 'b,l1,unknown,RF.2'],
  ],
} as const;

test('files beside the line items, in any state, give up no row and end nothing', async () => {
  const names = Object.keys(beside) as (keyof typeof beside)[]; // the keys are the names
  const modes = Object.fromEntries(names.map((name) => [name.replace('.csv', ''), 'bulk' as const]));
  const path = folder(roster({ 'manifest.csv': manifest(modes, '1.2') }));
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.constantFrom(...names), async (mutations, mutated) => {
      for (const name of names) {
        const [head, rows] = beside[name];
        const body = `${rows.join('\n')}\n`;
        writeFileSync(join(path, name), `${head}\n${name === mutated ? mutate(body, mutations) : body}`);
      }
      const pulled = await pull('oneroster-csv', { path });
      expect(pulled.problems).toEqual([]);
      for (const name of ['lineItems', 'results'] as const) {
        expect(pulled.closings[name]).toMatchObject({ complete: true });
        expect(pulled.rows[name]).toHaveLength(rowsOf(name).length);
      }
    }),
    { numRuns: 200 },
  );
}, 600_000);

const contactHead = 'studentUniqueId,contactUniqueId,givenName,familyName,relation,primaryContact,noContact,phone,email';
const contacts = Array.from({ length: 15 }, (_, n) => `10${n},7${n},Given,"Family, ${n}",Mother,true,false,555-${n},m${n}@example.org`);
const scoreHead = 'School Year,Benchmark Period,Letter Names (LNF) - Score,Reading Fluency (ORF) - Score,Client Date,Student Primary ID';
const scores = Array.from({ length: 15 }, (_, n) => `2026-2027,BOY,${n},${n * 3},2026-09-10,10${n}`);

test.each([
  ['contacts-csv', contactHead, contacts, 'guardianships' as const],
  ['assessment-csv', scoreHead, scores, 'results' as const],
])(
  'a file of %s in any state',
  async (kind, head, rows, entity) => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const body = mutate(`${rows.join('\n')}\n`, mutations);
        const pulled = await pull(kind, { path: file('mutated.csv', `${head}\n${body}`) });
        expect(pulled.closings[entity]).toBeDefined();
        if (kind === 'assessment-csv') return; // one row is many results: what each must be is tested by example
        const filled = filledLines(body);
        if (!pulled.warnings.some((warning) => warning.code === 'line_break_in_field')) expect(rowsRead(pulled, entity)).toBe(filled);
      }),
      { numRuns: 150 },
    );
  },
  600_000,
);
