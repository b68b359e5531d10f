/** People, courses and children that did not match: kept for district IT, once each, however often they come. */
import type { Tx } from '../db/db.ts';

export type Pending = {
  kind: 'person' | 'context' | 'mentored';
  accountId: number | null;
  contextId: number | null;
  /** For `mentored`: `sub:…` or `sourcedId:…` as the platform named the child. */
  detail: string;
};

/** One that was put aside by a person stays aside; it only shows that it came again. */
export async function setAside(
  tx: Tx,
  districtId: number,
  { kind, accountId, contextId, detail }: Pending,
  because: string,
): Promise<void> {
  await tx`INSERT INTO pending_match AS p (district_id, kind, account_id, context_id, detail, because)
    VALUES (${districtId}, ${kind}, ${accountId}, ${contextId}, ${detail}, ${because})
    ON CONFLICT (district_id, kind, account_id, context_id, detail) DO UPDATE SET last_seen = now(), because = excluded.because,
      settled_at = CASE WHEN p.settled_by = 'match' THEN NULL ELSE p.settled_at END`;
}

/** It matched after all: everything pending of this kind for this account and course, whatever its detail. */
export async function settle(tx: Tx, districtId: number, { kind, accountId, contextId }: Pending): Promise<void> {
  await tx`UPDATE pending_match SET settled_at = now(), settled_by = 'match'
    WHERE district_id = ${districtId} AND kind = ${kind} AND settled_at IS NULL
      AND account_id IS NOT DISTINCT FROM ${accountId} AND context_id IS NOT DISTINCT FROM ${contextId}`;
}
