/**
 * Why a login or a launch is refused. The reason is a stable code for administrators and logs; what the person reads is chosen by
 * `page` (pages.ts). Messages hold no personal data and no token.
 */
import { AppError } from '../src/errors.ts';

/** `page` names the words shown: what happened and what to do. */
const refusals = {
  login_malformed: { status: 400, page: 'untrusted' },
  platform_unknown: { status: 400, page: 'unconnected' },
  client_ambiguous: { status: 400, page: 'unconnected' },
  platform_inactive: { status: 403, page: 'unconnected' },
  target_foreign: { status: 400, page: 'untrusted' },
  platform_error: { status: 400, page: 'platform' },
  platform_signed_out: { status: 401, page: 'signed_out' },
  platform_link_expired: { status: 400, page: 'again' },
  token_missing: { status: 400, page: 'untrusted' },
  token_too_large: { status: 413, page: 'untrusted' },
  token_malformed: { status: 400, page: 'untrusted' },
  algorithm_refused: { status: 400, page: 'untrusted' },
  kid_missing: { status: 400, page: 'untrusted' },
  key_unknown: { status: 400, page: 'untrusted' },
  keys_unreachable: { status: 424, page: 'unreachable' },
  signature_invalid: { status: 400, page: 'untrusted' },
  issuer_mismatch: { status: 400, page: 'untrusted' },
  audience_mismatch: { status: 400, page: 'untrusted' },
  audience_untrusted: { status: 400, page: 'untrusted' },
  azp_mismatch: { status: 400, page: 'untrusted' },
  token_expired: { status: 400, page: 'again' },
  token_too_old: { status: 400, page: 'again' },
  token_not_yet_valid: { status: 400, page: 'untrusted' },
  claim_missing: { status: 400, page: 'untrusted' },
  claim_invalid: { status: 400, page: 'untrusted' },
  version_unsupported: { status: 400, page: 'untrusted' },
  message_unsupported: { status: 400, page: 'untrusted' },
  nonce_mismatch: { status: 400, page: 'untrusted' },
  target_mismatch: { status: 400, page: 'untrusted' },
  deployment_mismatch: { status: 400, page: 'untrusted' },
  deployment_pending: { status: 403, page: 'pending' },
  deployment_refused: { status: 403, page: 'unconnected' },
  state_missing: { status: 400, page: 'untrusted' },
  login_expired: { status: 400, page: 'again' },
  launch_replayed: { status: 400, page: 'again' },
  binding_missing: { status: 403, page: 'browser' },
  cookies_blocked: { status: 403, page: 'cookies' },
  binding_mismatch: { status: 403, page: 'browser' },
  too_many_failures: { status: 429, page: 'paused' },
  notice_malformed: { status: 400, page: 'untrusted' },
  binding_foreign: { status: 403, page: 'untrusted' },
  deep_link_role: { status: 403, page: 'teachers' },
  deep_link_closed: { status: 400, page: 'again' },
  deep_link_malformed: { status: 400, page: 'untrusted' },
  sign_in_refused: { status: 403, page: 'untrusted' },
  sign_in_unreachable: { status: 424, page: 'unreachable' },
  classroom_refused: { status: 403, page: 'untrusted' },
  classroom_unreachable: { status: 424, page: 'unreachable' },
  invitation_unknown: { status: 403, page: 'invitation' },
  registration_replayed: { status: 409, page: 'invited' },
  registration_malformed: { status: 400, page: 'register_address' },
  registration_unreachable: { status: 424, page: 'unanswered' },
  registration_refused: { status: 424, page: 'declined' },
  registration_contract: { status: 424, page: 'unreadable' },
  registration_issuer: { status: 400, page: 'impostor' },
  registration_exists: { status: 409, page: 'attached' },
} as const satisfies Record<string, { status: number; page: string }>;

export type Reason = keyof typeof refusals;
/** All there are. */
export const reasons = Object.keys(refusals) as Reason[]; // the keys of a const object are its keys
export type PageName = (typeof refusals)[Reason]['page'];

/** The registration a refused request turned out to belong to. */
export type Where = {
  districtId: number;
  /** Null: the registration came to nothing. */
  platformId: number | null;
  issuer: string;
  /** Only what the platform signed. */
  deploymentId: string | null;
};

export class Refusal extends AppError {
  readonly page: PageName;
  /** Set as soon as it is known. */
  where: Where | null = null;
  /** The platform's login request, to begin again in a new window. */
  request: string | null = null;

  constructor(reason: Reason, message: string, options: { cause?: unknown } = {}) {
    super(reason, message, { status: refusals[reason].status, consequence: 'refuse', ...options });
    this.page = refusals[reason].page;
  }
}
