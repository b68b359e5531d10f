import type { Tx } from '../db/db.ts';

/** Servers may end transactions that sit idle: this one only looks idle. */
export async function awake<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const sign = setInterval(() => tx`SELECT 1`.catch(() => {}), 20_000);
  try {
    return await work();
  } finally {
    clearInterval(sign);
  }
}
