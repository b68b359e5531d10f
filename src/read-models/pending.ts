/** Everything that waits for district IT: people, courses, children and deployments of launches, and what sources could not settle. Throws nothing. */
import type { DistrictPermit } from '../access/policy.ts';
import type { Tx } from '../db/db.ts';
import { reviewOf } from './review.ts';
import type { PendingShape } from './shapes.ts';

type Row = Omit<PendingShape['pending'][number], 'lastSeen'> & { lastSeen: Date };

/** The newest 500: a list that long is a setting to change, not a list to work through. */
export async function pendingView(tx: Tx, permit: DistrictPermit): Promise<PendingShape> {
  const { districtId } = permit;
  const rows = await tx<Row[]>`
    SELECT p.id::text, p.kind, p.because, p.last_seen AS "lastSeen", coalesce(l.issuer, '') AS platform,
      CASE p.kind WHEN 'context' THEN coalesce(c.title, c.context_id)
        WHEN 'mentored' THEN p.detail
        ELSE coalesce(nullif(concat_ws(' ', a.given_name, a.family_name), ''), a.email, a.person_sourcedid, a.sub) END AS label
    FROM pending_match p
      LEFT JOIN lti_account a ON a.district_id = p.district_id AND a.id = p.account_id
      LEFT JOIN lti_context c ON c.district_id = p.district_id AND c.id = p.context_id
      LEFT JOIN lti_platform l ON l.district_id = p.district_id AND l.id = coalesce(a.platform_id, c.platform_id)
    WHERE p.district_id = ${districtId} AND p.settled_at IS NULL
    UNION ALL
    SELECT ${deploymentKey(tx)}, 'deployment', 'not_accepted', d.first_seen, l.issuer, d.deployment_id
    FROM lti_deployment d JOIN lti_platform l ON l.district_id = d.district_id AND l.id = d.platform_id
    WHERE d.district_id = ${districtId} AND d.status = 'pending'
    ORDER BY "lastSeen" DESC LIMIT 500`;
  return { pending: rows.map((row) => ({ ...row, lastSeen: row.lastSeen.toISOString() })), review: await reviewOf(tx, permit) };
}

/** A deployment has no number of its own; its names are the platform's and may hold anything. */
export const deploymentKey = (tx: Tx) => tx`'d' || md5(d.platform_id || ' ' || d.deployment_id)`;
