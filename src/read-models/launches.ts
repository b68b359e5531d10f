/** The launch diary as district IT reads it: when, from which platform, what did not hold, and what to mend. Throws nothing. */
import type { DistrictPermit } from '../access/policy.ts';
import type { Tx } from '../db/db.ts';
import type { LaunchesShape, LaunchRow, MendTopic, PlatformFamily } from './shapes.ts';

const pageSize = 50;

export type LaunchesAsked = { refused: boolean; reference: string | null; before: number | null };

type Stored = {
  id: number;
  minute: Date;
  door: LaunchRow['door'];
  platform_id: number | null;
  issuer: string | null;
  auth_url: string | null;
  deployment_id: string;
  reason: string;
  message: string;
  missing: string[];
  count: number;
  refs: string[];
};

export async function launchesView(
  tx: Tx,
  { districtId }: Pick<DistrictPermit, 'districtId'>,
  asked: LaunchesAsked,
): Promise<LaunchesShape> {
  const rows = await tx<Stored[]>`
    SELECT d.id, d.minute, d.door, d.platform_id, p.issuer, p.auth_url, d.deployment_id, d.reason, d.message, d.missing, d.count, d.refs
    FROM launch_diary d LEFT JOIN lti_platform p ON p.district_id = d.district_id AND p.id = d.platform_id
    WHERE d.district_id = ${districtId} AND (NOT ${asked.refused} OR d.reason <> '')
      AND (${asked.reference}::text IS NULL OR EXISTS (SELECT FROM unnest(d.refs) ref WHERE starts_with(ref, ${asked.reference})))
      AND (${asked.before}::bigint IS NULL OR d.id < ${asked.before})
    ORDER BY d.id DESC LIMIT ${pageSize + 1}`;
  return { launches: rows.slice(0, pageSize).map(rowOf), more: rows.length > pageSize };
}

function rowOf(stored: Stored): LaunchRow {
  const { id, minute, door, missing, count, refs: references, issuer } = stored;
  return {
    id: String(id),
    at: minute.toISOString(),
    door,
    platform: stored.platform_id === null || issuer === null ? null : { id: String(stored.platform_id), issuer },
    family: issuer === null ? 'other' : familyOf(issuer, stored.auth_url ?? issuer),
    deployment: stored.deployment_id || null,
    reason: stored.reason || null,
    message: stored.message || null,
    missing,
    mend: stored.reason === '' ? null : mendOf(stored.reason),
    count,
    references,
  };
}

/** By its addresses: a platform does not say what it is until it has been launched from. */
export function familyOf(issuer: string, authUrl: string): PlatformFamily {
  const addresses = `${issuer} ${authUrl}`.toLowerCase();
  const signs: [PlatformFamily, RegExp][] = [
    ['canvas', /instructure\.com|canvaslms\.com|\/api\/lti\/authorize_redirect/],
    ['moodle', /\/mod\/lti\/auth\.php|moodlecloud\.com/],
    ['brightspace', /brightspace\.com|desire2learn\.com|\/d2l\/lti\//],
    ['blackboard', /blackboard\.com/],
    ['schoology', /schoology\.com/],
  ];
  return signs.find(([, sign]) => sign.test(addresses))?.[0] ?? 'other';
}

const topics: Record<MendTopic, string[]> = {
  address: ['target_foreign', 'target_mismatch'],
  again: [
    'sign_in_refused',
    'sign_in_unreachable',
    'classroom_refused',
    'classroom_unreachable',
    'deep_link_closed',
    'deep_link_role',
    'launch_replayed',
    'platform_busy',
    'source_contract_broken',
    'source_lacks',
    'source_throttled',
    'source_unreachable',
    'login_expired',
    'token_expired',
    'token_too_old',
    'platform_signed_out',
    'platform_link_expired',
  ],
  browser: ['binding_missing', 'binding_mismatch', 'cookies_blocked'],
  claims: [],
  client: ['audience_mismatch', 'audience_untrusted', 'azp_mismatch', 'client_ambiguous', 'issuer_mismatch', 'platform_unknown'],
  clock: ['token_not_yet_valid'],
  deployment: ['deployment_mismatch', 'deployment_pending', 'deployment_refused'],
  inactive: ['platform_inactive'],
  keys: ['algorithm_refused', 'key_unknown', 'keys_unreachable', 'kid_missing', 'signature_invalid'],
  register: [
    'invitation_unknown',
    'registration_contract',
    'registration_exists',
    'registration_issuer',
    'registration_malformed',
    'registration_refused',
    'registration_replayed',
    'registration_unreachable',
  ],
  services: ['grade_refused', 'grades_not_granted', 'platform_missing', 'platform_token_refused', 'source_denied'],
  watch: ['binding_foreign', 'nonce_mismatch', 'too_many_failures'],
};

/** What is left is about what the platform's message says. */
export const mendOf = (reason: string): MendTopic =>
  (Object.entries(topics) as [MendTopic, string[]][]).find(([, reasons]) => reasons.includes(reason))?.[0] ?? 'claims'; // Object.entries forgets the keys' type
