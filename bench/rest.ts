/**
 * A district pulled over loopback from a simulated OneRoster service, against bare fetch and JSON.parse of the same pages, four at once: the
 * reading alone, and end to end into PostgreSQL; a night with 0.5 % changed; the import of every connector.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startChild } from './child.ts';
import { figure, seconds } from './figure.ts';
import type { Bench } from './main.ts';
import { newWorld } from './world.ts';

const run = promisify(execFile);
const students = 100_000;

export const rest: Bench = {
  names: ['rest-pull', 'rest-sync', 'rest-changed-night', 'rest-memory', 'rest-import'],
  run: measure,
};

type Reading = { ms: number; rows: number; maxRssMb: number };

async function measure(say: (line: string) => void) {
  const world = await newWorld();
  say(`rest: a service with ${students.toLocaleString('en-US')} students …`);
  const server = await startChild('./rest-server-child.ts', String(students));
  try {
    const url = (await server.ask('url')) as string; // the child's own address
    const child = fileURLToPath(new URL('./rest-child.ts', import.meta.url));
    const read = async (how: string): Promise<Reading> => {
      const args = ['--import', 'tsx', child, how, url, world.url, String(world.districtId)];
      return JSON.parse((await run(process.execPath, args)).stdout) as Reading; // rest-child.ts prints one
    };
    await read('pulled'); // the service remembers its answers
    const bare = await read('bare');
    const pulled = await read('pulled');
    say(`rest: ${bare.rows.toLocaleString('en-US')} rows; bare ${seconds(bare.ms)}, pulled ${seconds(pulled.ms)}; into PostgreSQL …`);
    await world.db.sql`CHECKPOINT`;
    const first = await read('synced');
    await server.ask('night');
    const night = await read('synced');
    say(`rest: first sync ${seconds(first.ms)}, changed night ${seconds(night.ms)} (${night.rows.toLocaleString('en-US')} rows)`);
    const imported = await importTime();
    const memory = Math.max(pulled.maxRssMb, first.maxRssMb, night.maxRssMb);
    return [
      figure('rest-pull', pulled.ms / bare.ms, 1 / 0.7, `${seconds(pulled.ms)} against ${seconds(bare.ms)} of fetch and JSON.parse`),
      figure('rest-sync', first.ms / bare.ms, 2, `${seconds(first.ms)} into PostgreSQL, against ${seconds(bare.ms)}`),
      figure('rest-changed-night', night.ms / first.ms, 0.05, `${seconds(night.ms)} against ${seconds(first.ms)} of a whole reading`),
      figure('rest-memory', memory / 300, 1, `${memory.toFixed(0)} MB at most, of 300`),
      figure('rest-import', imported / 150, 1, `${imported.toFixed(0)} ms for every connector, of 150`),
    ];
  } finally {
    server.stop();
    await world.close();
  }
}

/** As built: a service does not translate its own source when it starts. */
async function importTime(): Promise<number> {
  const registry = new URL('../dist/connectors/registry.js', import.meta.url).href;
  const code = `const t = performance.now(); await import(${JSON.stringify(registry)}); console.log(performance.now() - t)`;
  const times: number[] = [];
  for (let n = 0; n < 5; n++) times.push(Number((await run(process.execPath, ['--input-type=module', '-e', code])).stdout));
  return times.sort((a, b) => a - b)[2] ?? Number.NaN;
}
