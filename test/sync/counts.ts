import type { Tx } from '../../src/db/db.ts';

/** What is counted once and kept is counted anew. */
export async function forgetCounts(tx: Tx): Promise<void> {
  await tx`UPDATE source SET living = NULL`;
  await tx`UPDATE district SET families = NULL`;
}
