/** Bounded load: so many callers at a time, and HTTP over as many kept connections. Follows no redirect, decides nothing. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** Each caller takes the next job as soon as its last is done. */
export async function spread<J, R>(
  jobs: readonly J[],
  callers: number,
  work: (job: J) => Promise<R>,
): Promise<{ results: R[]; ms: number[] }> {
  const results: R[] = [];
  const ms: number[] = [];
  let next = 0;
  const caller = async () => {
    for (let at = next++; at < jobs.length; at = next++) {
      const from = performance.now();
      results[at] = await work(jobs[at] as J); // at is below the length
      ms[at] = performance.now() - from;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { results, ms };
}

export type Ask = { url: string; method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: string };
export type Got = { status: number; headers: IncomingHttpHeaders; body: string };
export type Http = { send(ask: Ask): Promise<Got>; close(): void };

export function http(connections: number): Http {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = ({ url, method = 'GET', headers = {}, body }: Ask) =>
    new Promise<Got>((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
      const sent = request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
