/** How each file would be read, with the first scores: ids and numbers, no names. */
import type { CheckReport } from '../connector.ts';
import type { SourceFile } from '../files.ts';
import { columnNames, openScoreFile, openScores } from './files.ts';
import { Catalogue, rowScores, type Score } from './scores.ts';
import { readings, type Settings } from './settings.ts';

type Finding = CheckReport['findings'][number];
const previewRows = 8;

export async function check(given: Settings): Promise<CheckReport> {
  const files = await openScores(given);
  try {
    const findings: Finding[] = [];
    const preview: Score[] = [];
    const seen: Seen[] = [];
    const catalogue = new Catalogue();
    for (const file of files.scores) findings.push(await checkFile(file, given, catalogue, { preview, seen }));
    if (files.scores.length === 0) findings.push({ ok: false, text: 'no score file is there' });
    findings.push(
      files.benchmarks
        ? { ok: true, text: `${files.benchmarks.name}: benchmarks` }
        : { ok: true, text: 'no benchmarks file', hint: 'Without benchmarks a chart shows scores and growth only.' },
    );
    // One file we cannot use does not spoil a folder of others.
    const ok = findings.slice(0, files.scores.length).some((finding) => finding.ok);
    const assessments = [...catalogue.assessments.values()];
    return {
      ok,
      findings,
      preview: [
        { entity: 'assessments', rows: assessments },
        { entity: 'results', rows: preview },
      ],
      mapping: { readings, files: seen },
    };
  } finally {
    files.close();
  }
}

type Seen = NonNullable<CheckReport['mapping']>['files'][number];
type Into = { preview: Score[]; seen: Seen[] };

async function checkFile(file: SourceFile, given: Settings, catalogue: Catalogue, { preview, seen }: Into): Promise<Finding> {
  const opened = await openScoreFile(file, given);
  if ('unread' in opened) {
    seen.push({ name: file.name, columns: opened.columns, readAs: null });
    return { ok: false, text: `${file.name}: not read: ${opened.unread}` };
  }
  const { table, reading } = opened;
  seen.push({ name: file.name, columns: columnNames(table), readAs: reading.vendor });
  let scores = 0;
  while (await table.csv.fill()) {
    while (table.next()) {
      const found = rowScores(table, reading, catalogue);
      scores += found.length;
      preview.push(...found.slice(0, Math.max(0, previewRows - preview.length)));
    }
    table.notes.take();
  }
  const text = `${file.name}: ${reading.vendor}, ${table.rows} rows, ${scores} scores, students by column ${reading.student.name}`;
  return { ok: scores > 0, text };
}
