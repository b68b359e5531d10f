/**
 * What the standards say a platform's messages hold, written from their normative text and from nothing of ours: LTI Core 1.3, Names and Roles 2.0,
 * Assignment and Grade Services 2.0, Deep Linking 2.0, Dynamic Registration 1.0, Security Framework 1.0. Plain http is taken on this machine.
 */
import { z } from 'zod';

const address = z.url({ protocol: /^https?$/ }).regex(/^(https:|http:\/\/(localhost|127\.0\.0\.1)[:/])/, 'must be https');
const id = z.string().min(1).max(255);
const seconds = z.number().int().positive();
const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i);
const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
const including = (...wanted: string[]) =>
  z.array(z.string()).refine((values) => wanted.every((value) => values.includes(value)), `must include ${wanted.join(', ')}`);

/** Core 1.3 §A.2: system, institution and context roles, and sub-roles of a context. */
const inVocabulary =
  /^http:\/\/purl\.imsglobal\.org\/vocab\/(lis\/v2\/(system\/person#|institution\/person#|membership#|membership\/\w+#)|lti\/system\/person#)\w+$/;
const shortRole = /^(Administrator|ContentDeveloper|Instructor|Learner|Mentor|Manager|Member|Officer)$/;
const mentor = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor';
/** §5.3.7: URIs, and where there are any, one of the vocabularies at least. */
const roles = z.array(uri).refine((all) => all.length === 0 || all.some((role) => inVocabulary.test(role)), 'no role of the vocabularies');

const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope/';
const gradeScopes = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map((name) => ags + name);

/** §5.1.2 and OpenID Connect Core §2. What is not named there is named by an address, so that nothing collides (§5.4.7). */
const known = new Set([
  'iss',
  'aud',
  'azp',
  'sub',
  'exp',
  'iat',
  'nbf',
  'jti',
  'nonce',
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'picture',
  'email',
  'locale',
]);
const message = z
  .looseObject({
    iss: address,
    sub: id.optional(),
    aud: z.union([id, z.array(id).min(1)]),
    azp: id.optional(),
    exp: seconds,
    iat: seconds,
    nonce: z.string().min(1),
    name: z.string().optional(),
    given_name: z.string().optional(),
    family_name: z.string().optional(),
    email: z.email().optional(),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .optional(),
    [`${claim}version`]: z.literal('1.3.0'),
    [`${claim}deployment_id`]: id,
    [`${claim}roles`]: roles,
    [`${claim}role_scope_mentor`]: z.array(id).optional(),
    [`${claim}context`]: z
      .object({ id, label: z.string().optional(), title: z.string().optional(), type: z.array(uri).min(1).optional() })
      .optional(),
    [`${claim}tool_platform`]: z
      .object({ guid: id, name: z.string().optional(), product_family_code: z.string().optional(), version: z.string().optional() })
      .optional(),
    [`${claim}launch_presentation`]: z
      .object({
        document_target: z.enum(['frame', 'iframe', 'window']).optional(),
        return_url: address.optional(),
        locale: z.string().optional(),
      })
      .optional(),
    [`${claim}lis`]: z.record(z.string(), z.string()).optional(),
    [`${claim}custom`]: z.record(z.string(), z.string()).optional(),
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': z
      .object({ context_memberships_url: address, service_versions: including('2.0') })
      .optional(),
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': z
      .object({ scope: z.array(z.enum(gradeScopes)).min(1), lineitems: address.optional(), lineitem: address.optional() })
      .optional(),
  })
  .refine((all) => Object.keys(all).every((name) => known.has(name) || URL.canParse(name)), 'a claim that is neither known nor an address')
  // §5.3.7.1: whose mentor somebody is may be said of a mentor alone
  .refine((all) => {
    const said = all[`${claim}roles`] as string[] | undefined;
    return all[`${claim}role_scope_mentor`] === undefined || (said ?? []).includes(mentor);
  }, 'children of somebody who is no mentor');

/** Core 1.3 §5.3 */
export const resourceLinkLaunch = message.and(
  z.looseObject({
    [`${claim}message_type`]: z.literal('LtiResourceLinkRequest'),
    [`${claim}target_link_uri`]: address,
    [`${claim}resource_link`]: z.object({ id, title: z.string().optional(), description: z.string().optional() }),
  }),
);

/** Deep Linking 2.0 §4.4.1 */
export const deepLinkingRequest = message.and(
  z.looseObject({
    [`${claim}message_type`]: z.literal('LtiDeepLinkingRequest'),
    sub: id,
    'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': z.object({
      deep_link_return_url: address,
      accept_types: z.array(z.string().min(1)).min(1),
      accept_presentation_document_targets: z.array(z.enum(['embed', 'iframe', 'window'])).min(1),
      accept_media_types: z.string().optional(),
      accept_multiple: z.boolean().optional(),
      accept_lineitem: z.boolean().optional(),
      auto_create: z.boolean().optional(),
      title: z.string().optional(),
      text: z.string().optional(),
      data: z.string().optional(),
    }),
  }),
);

/** Names and Roles 2.0 §2.2: a context's roles may be written short. */
export const membershipContainer = z.object({
  id: address,
  context: z.object({ id, label: z.string().optional(), title: z.string().optional() }),
  members: z.array(
    z.object({
      user_id: id,
      roles: z.array(z.string().refine((role) => shortRole.test(role) || inVocabulary.test(role), 'no role of the vocabularies')).min(1),
      status: z.enum(['Active', 'Inactive', 'Deleted']).optional(),
      name: z.string().optional(),
      given_name: z.string().optional(),
      family_name: z.string().optional(),
      email: z.email().optional(),
      picture: address.optional(),
      lis_person_sourcedid: z.string().optional(),
    }),
  ),
});

/** Assignment and Grade Services 2.0 §3.2 */
export const lineItem = z.object({
  id: address,
  label: z.string().min(1),
  scoreMaximum: z.number().positive(),
  tag: z.string().optional(),
  resourceId: z.string().optional(),
  resourceLinkId: z.string().optional(),
  startDateTime: moment.optional(),
  endDateTime: moment.optional(),
});
export const lineItemContainer = z.array(lineItem);

/** §3.3 */
export const resultContainer = z.array(
  z.object({
    id: address,
    scoreOf: address,
    userId: id,
    resultScore: z.number().optional(),
    resultMaximum: z.number().positive().optional(),
    comment: z.string().optional(),
  }),
);

/** §3.4: what a tool sends. */
export const score = z
  .object({
    userId: id,
    timestamp: moment,
    activityProgress: z.enum(['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed']),
    gradingProgress: z.enum(['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady']),
    scoreGiven: z.number().nonnegative().optional(),
    scoreMaximum: z.number().positive().optional(),
    comment: z.string().optional(),
  })
  .refine(({ scoreGiven, scoreMaximum }) => scoreGiven === undefined || scoreMaximum !== undefined, 'a score without its maximum');

/** RFC 6749 §5.1 */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive(),
  scope: z.string().min(1),
});

/** RFC 7517, and RS256 of Security Framework 1.0 §6 */
export const keySet = z.object({
  keys: z.array(z.looseObject({ kty: z.literal('RSA'), kid: z.string().min(1), n: z.string().min(300), e: z.string().min(1) })).min(1),
});

/** Dynamic Registration 1.0 §3.3 */
export const openidConfiguration = z.looseObject({
  issuer: address,
  authorization_endpoint: address,
  registration_endpoint: address,
  jwks_uri: address,
  token_endpoint: address,
  token_endpoint_auth_methods_supported: including('private_key_jwt'),
  token_endpoint_auth_signing_alg_values_supported: including('RS256'),
  scopes_supported: including('openid'),
  response_types_supported: including('id_token'),
  subject_types_supported: z.array(z.enum(['public', 'pairwise'])).min(1),
  id_token_signing_alg_values_supported: including('RS256'),
  claims_supported: including('sub', 'iss'),
  authorization_server: z.string().optional(),
  'https://purl.imsglobal.org/spec/lti-platform-configuration': z.object({
    product_family_code: z.string().min(1),
    version: z.string().optional(),
    messages_supported: z
      .array(z.object({ type: z.string(), placements: z.array(z.string()).optional() }))
      .refine((all) => all.some(({ type }) => type === 'LtiResourceLinkRequest'), 'must support the resource link'),
    variables: z.array(z.string()).optional(),
  }),
});

/** §3.4, §3.6: what a tool asks for, and the same with its id. */
export const clientRequest = z.looseObject({
  application_type: z.literal('web'),
  response_types: including('id_token'),
  grant_types: including('implicit', 'client_credentials'),
  initiate_login_uri: address,
  redirect_uris: z.array(address).min(1),
  client_name: z.string().min(1),
  jwks_uri: address,
  token_endpoint_auth_method: z.literal('private_key_jwt'),
  scope: z.string(),
  'https://purl.imsglobal.org/spec/lti-tool-configuration': z.looseObject({
    domain: z.string().min(1),
    target_link_uri: address,
    description: z.string().optional(),
    custom_parameters: z.record(z.string(), z.string()).optional(),
    claims: z.array(z.string()),
    messages: z.array(
      z.looseObject({
        type: z.enum(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest']),
        target_link_uri: address.optional(),
        label: z.string().optional(),
        placements: z.array(z.string()).optional(),
      }),
    ),
    deployment_id: id.optional(),
  }),
});
export const clientAnswer = clientRequest.and(z.looseObject({ client_id: id }));
