/** One reading of a OneRoster service in a process of its own, so that its memory is its own: prints {ms, rows, maxRssMb}. */
import { connectorFor } from '../connectors/registry.ts';
import { connect } from '../src/db/db.ts';
import { allowPrivateHosts } from '../src/outbound.ts';
import { syncSource } from '../src/sync/run.ts';
import { addSource, findSource } from '../src/sync/sources.ts';

const [how, url = '', database = '', district = ''] = process.argv.slice(2);
allowPrivateHosts(['localhost']);
const settings = { url, auth: 'bearer', token: 'of the memory before it', pageSize: 1000 };
const rostering = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments'];
const gradebook = ['lineItems', 'assessmentLineItems', 'results', 'assessmentResults'];

/** The same pages, four at once: fetched and parsed, and nothing else. */
async function bare(): Promise<number> {
  let rows = 0;
  const page = async (at: string, name: string, offset: number) => {
    const got = await fetch(`${at}/${name}?sort=sourcedId&orderBy=asc&limit=1000&offset=${offset}`);
    const found = ((await got.json()) as Record<string, unknown[]>)[name] ?? [];
    rows += found.length;
    return Number(got.headers.get('x-total-count'));
  };
  for (const [service, names] of [
    ['rostering', rostering],
    ['gradebook', gradebook],
  ] as const) {
    for (const name of names) {
      const at = `${url}/ims/oneroster/${service}/v1p2`;
      const total = await page(at, name, 0);
      let next = 1000;
      const reader = async () => {
        while (next < total) {
          const offset = next;
          next += 1000;
          await page(at, name, offset);
        }
      };
      await Promise.all([reader(), reader(), reader(), reader()]);
    }
  }
  return rows;
}

async function pulled(): Promise<number> {
  const connector = connectorFor('oneroster-rest');
  let rows = 0;
  for await (const item of connector.pull(connector.settings.parse(settings), {})) if (item.type === 'batch') rows += item.rows.length;
  return rows;
}

async function synced(): Promise<number> {
  const db = connect(database);
  const id = Number(district);
  const place = { name: 'sis', kind: 'oneroster-rest', settings };
  const known = await findSource(db, id, 'sis');
  const source = known ? { ...known, settings } : await addSource(db, id, place, () => 'a secret of at least thirty-two characters');
  const report = await syncSource(db, id, source, { actor: 'bench' });
  await db.close();
  if (report.status !== 'applied') throw new Error(JSON.stringify({ ...report, problems: report.problems.slice(0, 3) }));
  return Object.values(report.entities).reduce((sum, counts) => sum + counts.read, 0);
}

const from = performance.now();
const rows = await { bare, pulled, synced }[how as 'bare' | 'pulled' | 'synced']();
const ms = performance.now() - from;
process.stdout.write(`${JSON.stringify({ ms, rows, maxRssMb: process.resourceUsage().maxRSS / 1024 })}\n`);
