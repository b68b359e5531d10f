/** One sync in a process of its own, so that its memory is its own: prints {ms, maxRssMb, report}. */
import { connect } from '../src/db/db.ts';
import { syncSource } from '../src/sync/run.ts';
import { ensureSource } from '../src/sync/sources.ts';

const [url, district, path] = process.argv.slice(2);
if (!url || !path) throw new Error('usage: sync-child URL DISTRICT_ID PATH');
const db = connect(url);
const districtId = Number(district);
const source = await ensureSource(db, districtId, 'oneroster-csv', { path });
const from = performance.now();
const report = await syncSource(db, districtId, source, { actor: 'bench' });
const ms = performance.now() - from;
await db.close();
const { problems: _, ...rest } = report;
process.stdout.write(`${JSON.stringify({ ms, maxRssMb: process.resourceUsage().maxRSS / 1024, report: rest })}\n`);
