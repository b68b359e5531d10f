/** The demo's school systems: what it tells people to type works as it stands, on the first day and on the next. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSystems, type System, startSystems, systemsTold } from '../../src/cli/demo-systems.ts';
import { runCli } from '../../src/cli/run.ts';
import { writeDistrict } from '../../src/demo/district/write.ts';
import { freshDatabase } from '../setup/database.ts';

const size = { students: 60, schools: 1 };
const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-systems-'));
const env = { ...process.env, DATABASE_URL: db.url, APTT_DATA_DIR: folder };
let systems: System[] = [];
const start = async () => {
  systems = await startSystems(join(folder, 'secrets'), async () => 0, size);
};
const stop = () => Promise.all(systems.map((system) => system.close()));

afterAll(async () => {
  await stop();
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a shell takes a line apart, as far as these go. */
const words = (line: string) => [...line.matchAll(/'([^']*)'|[^' ]+/g)].map(([word, inQuotes]) => inQuotes ?? word);

async function type(line: string): Promise<string> {
  let text = '';
  const sink = { write: (more: string) => (text += more) };
  for (const step of line.split(' && ')) {
    const [name, ...args] = words(step);
    expect(name).toBe('aptt');
    expect([step, await runCli(args, { env, stdout: sink, stderr: sink }), text]).toEqual([step, 0, text]);
  }
  return text;
}

test('each of the three is added, checked and tried by the line that is printed, and finds its people', async () => {
  const { paths } = await writeDistrict(join(folder, 'sample'), size);
  await type(`aptt district add sample && aptt source add records --district sample --kind oneroster-csv --path ${paths.roster}`);
  await type('aptt sync --district sample');
  await start();
  await checkSystems(systems, () => {});
  const told = await systemsTold(db, systems);
  expect(told.map(({ title }) => title)).toEqual(['OneRoster REST', 'Google Classroom', 'Microsoft 365']);
  const said: string[] = [];
  for (const line of told) said.push(await type(line.type));
  for (const text of said) expect(text).toMatch(/This source can be synced\.[\s\S]*it would be applied/);
  for (const text of said) expect(text).not.toContain('no_match');
});

test('the next day what was added is there still, and is let in', async () => {
  await stop();
  await start();
  for (const { type: line } of await systemsTold(db, systems)) expect(line).not.toContain(' add ');
  await checkSystems(systems, () => {});
});
