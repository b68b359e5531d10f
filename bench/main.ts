/** `npm run bench`: measured ratios, each against a limit of the machine or a peer measured in the same run. --json, --only NAME. */
import { parseArgs } from 'node:util';
import { dashboard } from './dashboard.ts';
import { launch } from './launch.ts';
import { memberships } from './memberships.ts';
import { page } from './page.ts';
import { rest } from './rest.ts';
import { sync } from './sync.ts';
import { closeWorlds } from './world.ts';

/** One measured figure. It holds while ratio ≤ limit. */
export type Figure = { name: string; ratio: number; limit: number; holds: boolean; detail?: string };

/** A bench measures one or more figures; names are known beforehand for --only. */
export type Bench = { names: string[]; run(say: (line: string) => void, only: string | null): Promise<Figure[]> };

const benches: Bench[] = [sync, rest, dashboard, launch, page, memberships];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } } });
const names = benches.flatMap((bench) => bench.names);
if (values.help) {
  process.stdout.write(`npm run bench -- [--json] [--only NAME]\n\nNames: ${names.join(', ')}\n`);
  process.exit(0);
}
if (values.only && !names.some((name) => name.startsWith(values.only as string))) {
  process.stderr.write(`no figure is named "${values.only}"; there are: ${names.join(', ')}\n`);
  process.exit(2);
}

const only = values.only ?? null;
const say = (line: string) => process.stderr.write(`${line}\n`);
const figures: Figure[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void closeWorlds().finally(() => process.exit(130)));
try {
  for (const bench of benches) {
    if (only && !bench.names.some((name) => name.startsWith(only))) continue;
    figures.push(...(await bench.run(say, only)).filter((figure) => !only || figure.name.startsWith(only)));
  }
} finally {
  await closeWorlds();
}

if (values.json)
  process.stdout.write(`${JSON.stringify(figures.map(({ name, ratio, limit, holds }) => ({ name, ratio, limit, holds })))}\n`);
else {
  const width = Math.max(...figures.map((figure) => figure.name.length));
  for (const { name, ratio, limit, holds, detail } of figures) {
    const shown = `${name.padEnd(width)}  ${ratio.toFixed(2).padStart(7)}  limit ${String(limit).padStart(4)}  ${holds ? 'holds' : 'FAILS'}`;
    process.stdout.write(`${shown}${detail ? `  ${detail}` : ''}\n`);
  }
}
process.exit(figures.every((figure) => figure.holds) ? 0 : 1);
