/** Sets of files in a throw-away folder or zip, and everything a connector says of them. */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import type { Closing, Connector, Item, Problem } from '../../connectors/connector.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { Entity, RecordOf } from '../../src/roster/model.ts';

export type Files = Record<string, string | Buffer>;

const root = mkdtempSync(join(tmpdir(), 'aptt-connectors-'));
let made = 0;

export const removeSets = () => rmSync(root, { recursive: true, force: true });

/** @returns the folder */
export function folder(files: Files): string {
  const path = join(root, String(++made));
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** @returns the file */
export const file = (name: string, content: string | Buffer): string => join(folder({ [name]: content }), name);

export async function zip(files: Files): Promise<string> {
  const path = join(root, `${++made}.zip`);
  const packed = new yazl.ZipFile();
  for (const [name, content] of Object.entries(files)) packed.addBuffer(Buffer.from(content), name);
  packed.end();
  await pipeline(packed.outputStream, createWriteStream(path));
  return path;
}

export type Pulled = {
  items: Item[];
  rows: { [E in Entity]: (RecordOf[E] & { line?: number })[] };
  removed: Partial<Record<Entity, string[]>>;
  /** Rejected rows and files. */
  problems: Problem[];
  warnings: Problem[];
  closings: Partial<Record<Entity, Closing>>;
};

const noRows = (): Pulled['rows'] => ({
  orgs: [],
  academicSessions: [],
  courses: [],
  classes: [],
  users: [],
  roles: [],
  enrollments: [],
  guardianships: [],
  assessments: [],
  benchmarks: [],
  lineItems: [],
  results: [],
});

export async function pull(kind: string, settings: unknown): Promise<Pulled> {
  const connector = connectorFor(kind);
  return collect(connector.pull(connector.settings.parse(settings), {}));
}

export async function collect(items: ReturnType<Connector<unknown>['pull']>): Promise<Pulled> {
  const pulled: Pulled = { items: [], rows: noRows(), removed: {}, problems: [], warnings: [], closings: {} };
  for await (const item of items) {
    pulled.items.push(item);
    if (item.type === 'batch')
      (pulled.rows[item.entity] as unknown[]).push(...item.rows); // rows of the entity the batch names
    else if (item.type === 'removal')
      pulled.removed[item.entity] = [...(pulled.removed[item.entity] ?? []), ...item.rows.map((row) => row.sourcedId)];
    else if (item.type === 'closing') pulled.closings[item.entity] = item;
    else if (item.type === 'findings')
      for (const problem of item.problems) (problem.severity === 'problem' ? pulled.problems : pulled.warnings).push(problem);
  }
  return pulled;
}

export const codes = (problems: Problem[]): string[] => problems.map((problem) => problem.code);
