/**
 * Ten thousand launches over fifty connections, as on the evening before a meeting: how long people wait, how many get in a second, and
 * whether the service keeps anything of them. Each batch's logins and tokens are made beforehand, so that only launches are timed.
 */
import type { Child } from './child.ts';
import { figure } from './figure.ts';
import { type Ask, type Got, http, percentile, spread } from './load.ts';

const connections = 50;
const batch = 500;
const warmUps = 4; // batches
const batches = 20;

/** @param prepare so many launches, each ready to be posted over this client */
export async function sustained(service: Child, prepare: (count: number) => Promise<Ask[]>, check: (got: Got) => void) {
  const waits: number[] = [];
  let busy = 0;
  const run = async () => {
    const posts = await prepare(batch);
    const client = http(connections); // new ones: the service has closed those that were idle meanwhile
    const from = performance.now();
    const { results, ms } = await spread(posts, connections, client.send);
    busy += performance.now() - from;
    client.close();
    results.forEach(check);
    waits.push(...ms);
  };
  const heap = async () => (await service.ask('heap')) as number; // service-child.ts answers it
  for (let n = 0; n < warmUps; n++) await run();
  const before = await heap();
  waits.length = busy = 0;
  for (let n = 0; n < batches; n++) await run();
  const after = await heap();
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return figure(
    'launch-memory',
    after / before,
    1.1,
    `${mb(before)} before and ${mb(after)} after ${waits.length} launches; over ${connections} connections p50 ${percentile(waits, 0.5).toFixed(0)} ms, ` +
      `p99 ${percentile(waits, 0.99).toFixed(0)} ms, ${(waits.length / (busy / 1000)).toFixed(0)} launches a second`,
  );
}
