/**
 * A request's own SQL and nothing else. `capture`: answers the requests once through the service and keeps every statement it made, in
 * its transactions. `replay`: makes the same statements again, through the same driver and a pool of the same size.
 */
import { connect } from '../src/db/db.ts';
import { startService } from '../src/main.ts';
import { answer } from './child.ts';
import { type Ask, http, spread } from './load.ts';

const [databaseUrl, secret = ''] = process.argv.slice(2);
if (!databaseUrl || !secret) throw new Error('usage: statements-child DATABASE_URL SECRET');
const db = connect(databaseUrl);

type Statement = { text: string; parameters: never[] };
type Transaction = Statement[];
let captured: Transaction[][] = [];

/** @param paths with the headers of their viewers; the address is this process's own */
async function capture(paths: Ask[]): Promise<number> {
  const service = await startService({ db, url: '', port: 0, secret, log: 'error', limits: { perSession: 1e9, perAddress: 1e9 } });
  const client = http(20);
  const asks = paths.map((ask) => ({ ...ask, url: service.url + ask.url }));
  await spread(asks, 20, client.send); // opens every connection of the pool, which asks questions of its own
  captured = [];
  for (const ask of asks) captured.push(await statementsOf(() => client.send(ask)));
  client.close();
  await service.close();
  return captured.reduce((sum, request) => sum + request.flat().length, 0) / captured.length;
}

async function statementsOf(work: () => Promise<unknown>): Promise<Transaction[]> {
  const transactions: Transaction[] = [];
  // The driver reads the hook anew at each statement.
  db.sql.options.debug = (_connection, text, parameters) => {
    if (/^begin\b/.test(text)) transactions.push([]);
    else if (!/^commit\b/.test(text)) transactions.at(-1)?.push({ text, parameters: parameters as never[] });
  };
  await work();
  db.sql.options.debug = false;
  return transactions;
}

async function replay(request: Transaction[]): Promise<void> {
  for (const transaction of request) {
    await db.sql.begin((tx) => transaction.map(({ text, parameters }) => tx.unsafe(text, parameters))); // each after the last, none waited for
  }
}

answer({
  capture,
  /** Milliseconds of each of so many requests' SQL. */
  replay: async ({ requests, callers }: { requests: number; callers: number }) => {
    const jobs = Array.from({ length: requests }, (_, n) => captured[n % captured.length] ?? []);
    return (await spread(jobs, callers, replay)).ms;
  },
});
