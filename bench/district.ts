/** The district of 100,000 students (1.2 M enrollments, 1 M results) that several benches measure: written and loaded once a run. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeDistrict } from '../src/demo/district/write.ts';
import { newWorld, type World } from './world.ts';

const run = promisify(execFile);

export const size = { students: 100_000, results: 'oneroster', classesPerStudent: 12 } as const;

export type SyncRun = { ms: number; maxRssMb: number; report: { status: string; heldBecause: unknown[] } };
export type BigDistrict = {
  world: World;
  /** The first night's OneRoster files. */
  files: string;
  /** The first load, as it was measured. */
  load: SyncRun;
};

let made: Promise<BigDistrict> | null = null;

export function bigDistrict(say: (line: string) => void): Promise<BigDistrict> {
  made ??= make(say);
  return made;
}

async function make(say: (line: string) => void): Promise<BigDistrict> {
  const world = await newWorld();
  say('district: writing the files of 100,000 students …');
  const files = (await writeDistrict(join(world.folder, 'night-1'), { ...size, night: 1 })).paths.roster;
  say('district: first load …');
  return { world, files, load: await syncOnce(world, files) };
}

/** In a process of its own, so that its memory is its own. */
export async function syncOnce(world: World, path: string): Promise<SyncRun> {
  const child = fileURLToPath(new URL('./sync-child.ts', import.meta.url));
  const args = ['--import', 'tsx', child, world.url, String(world.districtId), path];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as SyncRun; // sync-child.ts prints one
}
