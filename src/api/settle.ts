/** District IT says who or what a pending row is, or puts it aside. What they say is an id of their own systems, and it must be exactly one. */
import { record } from '../access/audit.ts';
import { type DistrictPermit, notFound } from '../access/policy.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { deploymentKey } from '../read-models/pending.ts';
import { ownPlatform } from './platforms.ts';

export type Answer = { sourcedId: string } | { accept: true } | { dismiss: true };

type Row = {
  id: number;
  kind: 'person' | 'context' | 'mentored';
  accountId: number | null;
  contextId: number | null;
  detail: string;
  platformId: number | null;
};

/** @param key a pending row's number, or a deployment's key as `pendingView` gives it */
export async function settlePending(tx: Tx, viewer: Viewer, permit: DistrictPermit, key: string, answer: Answer): Promise<void> {
  const isDismissed = 'dismiss' in answer;
  if (key.startsWith('d')) {
    if ('sourcedId' in answer) throw notSettleable('A deployment is accepted or put aside.');
    await decideDeployment(tx, viewer, permit, key, isDismissed ? 'refused' : 'active');
  } else {
    const row = await rowOf(tx, permit, key);
    if ('accept' in answer) throw notSettleable('Give the sourcedId of the record, or put this aside.');
    if ('sourcedId' in answer) await apply(tx, permit, row, answer.sourcedId);
    await tx`UPDATE pending_match SET settled_at = now(), settled_by = ${isDismissed ? 'dismissed' : 'it'}
      WHERE district_id = ${permit.districtId} AND id = ${row.id}`;
  }
  await record(tx, viewer, { action: isDismissed ? 'pending.dismiss' : 'pending.settle', reason: `${permit.reason} pending:${key}` });
}

/**
 * Whatever was decided before: what was put aside may be accepted after all, what was accepted taken back.
 * @throws AppError `own_platform`: nobody locks themselves out
 */
async function decideDeployment(tx: Tx, viewer: Viewer, permit: DistrictPermit, key: string, status: 'active' | 'refused'): Promise<void> {
  const { districtId } = permit;
  const { platformId = null, deploymentId = null } = viewer.session.from ?? {};
  const [decided] = await tx<{ own: boolean }[]>`
    UPDATE lti_deployment d SET status = ${status} WHERE d.district_id = ${districtId} AND ${deploymentKey(tx)} = ${key}
    RETURNING (d.platform_id, d.deployment_id) = (${platformId}::int, ${deploymentId}::text) AS own`;
  if (!decided) throw notFound('pending row');
  if (decided.own && status === 'refused') throw ownPlatform('`aptt deployment refuse`');
}

async function rowOf(tx: Tx, { districtId }: DistrictPermit, key: string): Promise<Row> {
  const [row] = /^[1-9]\d{0,14}$/.test(key)
    ? await tx<Row[]>`
        SELECT p.id, p.kind, p.account_id AS "accountId", p.context_id AS "contextId", p.detail, a.platform_id AS "platformId"
        FROM pending_match p LEFT JOIN lti_account a ON a.district_id = p.district_id AND a.id = p.account_id
        WHERE p.district_id = ${districtId} AND p.id = ${Number(key)} AND p.settled_at IS NULL FOR UPDATE OF p`
    : [];
  if (!row) throw notFound('pending row');
  return row;
}

async function apply(tx: Tx, { districtId }: DistrictPermit, row: Row, sourcedId: string): Promise<void> {
  if (row.kind === 'context') {
    const classes = await tx<{ id: number }[]>`
      SELECT id FROM class WHERE district_id = ${districtId} AND sourced_id = ${sourcedId} AND ended_at IS NULL`;
    await tx`UPDATE lti_context SET class_id = ${exactlyOne(classes)}, matched_by = 'it' WHERE district_id = ${districtId} AND id = ${row.contextId}`;
    return;
  }
  const isMentored = row.kind === 'mentored';
  if (isMentored && !row.detail.startsWith('sub:')) throw notSettleable('Mend the identifier in the school platform, or put this aside.');
  const users = await tx<{ id: number }[]>`
    SELECT id FROM "user" WHERE district_id = ${districtId} AND sourced_id = ${sourcedId} AND enabled AND ended_at IS NULL`;
  const userId = exactlyOne(users);
  if (!isMentored) {
    await tx`UPDATE lti_account SET user_id = ${userId}, matched_by = 'it' WHERE district_id = ${districtId} AND id = ${row.accountId}`;
    return;
  }
  // The child is remembered as the platform's sub: the parent's next launch finds them, under the same rules as any other.
  await tx`INSERT INTO lti_account (district_id, platform_id, sub, user_id, matched_by)
    VALUES (${districtId}, ${row.platformId}, ${row.detail.slice(4)}, ${userId}, 'it')
    ON CONFLICT (district_id, platform_id, sub) DO UPDATE SET user_id = excluded.user_id, matched_by = 'it'`;
}

function exactlyOne(found: readonly { id: number }[]): number {
  const [first] = found;
  if (first && found.length === 1) return first.id;
  throw new AppError('sourced_id_unclear', `${found.length === 0 ? 'nothing' : 'more than one record'} has this sourcedId`, {
    status: 409,
    hint: 'Use the sourcedId as the student information system gives it.',
  });
}

const notSettleable = (hint: string) => new AppError('not_settleable', 'this cannot be settled with a sourcedId', { status: 409, hint });
