/**
 * A district of 100,000 students (1.2 M enrollments, 1 M results): the first load, a night with 0.5 % changed, a night with the same
 * bytes; each against COPY alone of the same rows, in the same run, through the same client.
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Sql } from '../src/db/db.ts';
import { writeDistrict } from '../src/demo/district/write.ts';
import { tables } from '../src/sync/tables.ts';
import { bigDistrict, type SyncRun, size, syncOnce } from './district.ts';
import { figure, seconds } from './figure.ts';
import type { Bench } from './main.ts';
import type { World } from './world.ts';

export const sync: Bench = {
  names: ['sync-first-load', 'sync-changed-night', 'sync-same-night', 'sync-memory'],
  run: measure,
};

async function measure(say: (line: string) => void) {
  const { world, files: first, load } = await bigDistrict(say);
  const second = (await writeDistrict(join(world.folder, 'night-2'), { ...size, night: 2 })).paths.roster;

  await world.db.sql`CHECKPOINT`;
  say(`sync: first load ${seconds(load.ms)}; the bare COPY of the same rows …`);
  const bare = await bareCopy(world);
  await world.db.sql`CHECKPOINT`;

  say(`sync: bare COPY ${seconds(bare)}; the same files again …`);
  const same = await syncOnce(world, first);
  say(`sync: same night ${seconds(same.ms)}; a night with 0.5 % changed …`);
  const raw = await rawCopy(world, second);
  await world.db.sql`CHECKPOINT`;
  const changed = await syncOnce(world, second);
  say(`sync: changed night ${seconds(changed.ms)}, raw COPY ${seconds(raw)}`);

  expectStatus(load, 'applied');
  expectStatus(same, 'unchanged');
  expectStatus(changed, 'applied');
  const memory = Math.max(load.maxRssMb, same.maxRssMb, changed.maxRssMb);
  return [
    figure('sync-first-load', load.ms / bare, 3, `${seconds(load.ms)} against a bare COPY of ${seconds(bare)}`),
    figure('sync-changed-night', changed.ms / raw, 3, `${seconds(changed.ms)} against a raw COPY of ${seconds(raw)}`),
    figure('sync-same-night', same.ms / raw, 0.3, `${seconds(same.ms)} against a raw COPY of ${seconds(raw)}`),
    figure('sync-memory', memory / 300, 1, `${memory.toFixed(0)} MB at most, of 300`),
  ];
}

/** A slow or wrong run must not pass for a fast one. */
function expectStatus(run: SyncRun, status: string): void {
  if (run.report.status !== status) throw new Error(`expected ${status}: ${JSON.stringify(run.report)}`);
}

/** The loaded rows, out to files and by COPY into fresh tables with the same keys and indexes. */
async function bareCopy(world: World): Promise<number> {
  const { sql } = world.db;
  let total = 0;
  for (const { table } of Object.values(tables)) {
    const file = join(world.folder, `${table.replaceAll('"', '')}.copy`);
    await sql.unsafe(`COPY ${table} TO '${file}'`); // the bench's own server, on this machine
    await sql.unsafe(`CREATE TABLE bare (LIKE ${table} INCLUDING ALL)`);
    total += await copyIn(sql, file, 'COPY bare FROM STDIN');
    await sql`DROP TABLE bare`;
  }
  return total;
}

/** The files as they are, into tables of text without an index. */
async function rawCopy(world: World, path: string): Promise<number> {
  const { sql } = world.db;
  let total = 0;
  for (const name of readdirSync(path).filter((file) => statSync(join(path, file)).size > 0)) {
    const header = await firstLine(join(path, name));
    await sql.unsafe(
      `CREATE UNLOGGED TABLE raw (${header
        .split(',')
        .map((column) => `"${column}" text`)
        .join(', ')})`,
    );
    total += await copyIn(sql, join(path, name), 'COPY raw FROM STDIN WITH (FORMAT csv, HEADER)');
    await sql`DROP TABLE raw`;
  }
  return total;
}

/** Milliseconds until the rows are committed. */
async function copyIn(sql: Sql, file: string, statement: string): Promise<number> {
  const from = performance.now();
  await sql.begin(async (tx) => {
    const target = await tx.unsafe(statement).writable();
    await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), target);
  });
  return performance.now() - from;
}

async function firstLine(file: string): Promise<string> {
  for await (const chunk of createReadStream(file, { encoding: 'utf8', end: 4096 })) return String(chunk).split(/\r?\n/)[0] ?? '';
  return '';
}
