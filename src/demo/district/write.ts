/**
 * Writes the sample district's files: a OneRoster set, the school's contacts, the vendor's scores. The same options give the same
 * bytes. Memory stays flat at 100,000 students. Throws what the file system says; leaves other files in the folder alone.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contactRows, contactsHeader } from './contact-rows.ts';
import { writeRows } from './csv.ts';
import { type Options, planDistrict } from './plan.ts';
import { manifest, type RosterFile, rosterFiles } from './roster-files.ts';
import { benchmarkRows, benchmarksHeader, scoreRows, scoresHeader } from './score-rows.ts';
import { windows } from './scores.ts';

export type DistrictSummary = {
  schools: number;
  students: number;
  homerooms: number;
  /** Rows written, by file (`users.csv`, `contacts.csv`, …), the faulty ones included. */
  rows: Record<string, number>;
  /** What to give a source as its path. `scores` is null when the results are in the OneRoster set. */
  paths: { roster: string; contacts: string; scores: string | null };
};

const gradebook = new Set(['categories', 'lineItems', 'results']);

export async function writeDistrict(folder: string, options: Options = {}): Promise<DistrictSummary> {
  const plan = planDistrict(options);
  const paths = { roster: join(folder, 'oneroster'), contacts: join(folder, 'contacts'), scores: join(folder, 'scores') };
  const inRoster = plan.results === 'oneroster';
  for (const path of inRoster ? [paths.roster, paths.contacts] : Object.values(paths)) await mkdir(path, { recursive: true });

  const rows: Record<string, number> = {};
  const write = async (path: string, name: string, header: string, lines: Iterable<string>) => {
    rows[name] = await writeRows(join(path, name), header, lines);
  };

  const chosen = Object.entries(rosterFiles as Record<string, RosterFile>).filter(([name]) => inRoster || !gradebook.has(name));
  for (const [name, file] of chosen) await write(paths.roster, `${name}.csv`, file.header, file.rows(plan));
  await write(paths.roster, 'manifest.csv', 'propertyName,value', manifest(new Set(chosen.map(([name]) => name))));
  await write(paths.contacts, 'contacts.csv', contactsHeader, contactRows(plan));
  if (!inRoster) {
    for (const window of windows) await write(paths.scores, `dibels-8-${window.toLowerCase()}.csv`, scoresHeader, scoreRows(plan, window));
    await write(paths.scores, 'benchmarks.csv', benchmarksHeader, benchmarkRows());
  }
  const { length: schools } = plan.schoolList;
  return {
    schools,
    students: plan.students,
    homerooms: plan.homerooms.length,
    rows,
    paths: { ...paths, contacts: join(paths.contacts, 'contacts.csv'), scores: inRoster ? null : paths.scores },
  };
}
