/**
 * What we tell a platform about ourselves: addresses, scopes, claims, custom parameters, placements. The one place they are written:
 * registration, Canvas' JSON, the set-up page and docs/platforms all say this. Pure.
 */

/** Services asked for: to read, never to write. A platform's administrator may grant fewer, and by hand two more (config/policy.ts, gradeBookScopes). */
export const scopes = [
  'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
] as const;

/** Beyond the protocol's own: who somebody is, to be matched with the roster. No picture, no phone, no birthday. */
export const claims = ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'] as const;

/** For platforms that put an identifier of the roster nowhere else. A variable a platform does not know arrives unexpanded and counts as absent. */
export const customParameters = { person_sourcedid: '$Person.sourcedId', class_sourcedid: '$CourseSection.sourcedId' } as const;

/** Canvas names an observer's children, and a course's sections, only where it is asked. */
export const canvasParameters = {
  ...customParameters,
  sis_user_id: '$Canvas.user.sisSourceId',
  sis_section_ids: '$Canvas.course.sectionSisSourceIds',
  observees: '$com.instructure.User.observees',
  observee_sourcedids: '$com.instructure.Observee.sisIds',
} as const;

/** Schoology keeps a school's own id of a person under a name of its own. */
export const schoologyParameters = { ...customParameters, person_sourcedid: '$com.schoology.User.uniqueId' } as const;

export const parametersFor = (family: string | null): Record<string, string> => (family === 'canvas' ? canvasParameters : customParameters);

export const toolName = 'APTT Connect';
export const toolDescription =
  'Academic Parent-Teacher Team meetings: a class dashboard for teachers, and each family’s own child for families. No student logs in.';
export const privacyLevel = 'public';

export type Profile = {
  domain: string;
  loginUrl: string;
  /** The redirect address. */
  launchUrl: string;
  jwksUrl: string;
  targetUrl: string;
  registrationUrl: string;
  canvasJsonUrl: string;
};

/** @param url our public address, without a trailing slash */
export function profileOf(url: string): Profile {
  return {
    domain: new URL(url).host,
    loginUrl: `${url}/lti/login`,
    launchUrl: `${url}/lti/launch`,
    jwksUrl: `${url}/lti/jwks`,
    targetUrl: `${url}/app/`,
    registrationUrl: `${url}/lti/register`,
    canvasJsonUrl: `${url}/lti/config/canvas.json`,
  };
}

const canvas = 'https://canvas.instructure.com/lti';

/** Dynamic Registration 1.0 §3.4: the client we ask the platform to make. @param family its product_family_code */
export function clientOf(url: string, family: string | null): Record<string, unknown> {
  const { domain, loginUrl, launchUrl, jwksUrl, targetUrl } = profileOf(url);
  const isCanvas = family === 'canvas';
  const message = (type: string, placements: string[]) => ({
    type,
    target_link_uri: targetUrl,
    label: toolName,
    ...(isCanvas && { placements, [`${canvas}/visibility`]: 'members' }),
    ...(placements.includes('course_navigation') && isCanvas && { [`${canvas}/course_navigation/default_enabled`]: false }),
  });
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['client_credentials', 'implicit'],
    client_name: toolName,
    initiate_login_uri: loginUrl,
    redirect_uris: [launchUrl],
    jwks_uri: jwksUrl,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: scopes.join(' '),
    'https://purl.imsglobal.org/spec/lti-tool-configuration': {
      domain,
      description: toolDescription,
      target_link_uri: targetUrl,
      custom_parameters: parametersFor(family),
      claims,
      messages: [message('LtiResourceLinkRequest', ['course_navigation']), message('LtiDeepLinkingRequest', ['link_selection'])],
      ...(isCanvas && { [`${canvas}/privacy_level`]: privacyLevel, [`${canvas}/tool_id`]: 'aptt-connect' }),
    },
  };
}

/** Canvas' developer key, configured by this address ("Enter URL") or pasted ("Paste JSON"). */
export function canvasJson(url: string): Record<string, unknown> {
  const { domain, loginUrl, launchUrl, jwksUrl, targetUrl } = profileOf(url);
  const placement = (name: string, message_type: string, more: object = {}) => ({
    placement: name,
    message_type,
    target_link_uri: targetUrl,
    text: toolName,
    enabled: true,
    visibility: 'members',
    ...more,
  });
  return {
    title: toolName,
    description: toolDescription,
    oidc_initiation_url: loginUrl,
    target_link_uri: targetUrl,
    redirect_uris: [launchUrl],
    public_jwk_url: jwksUrl,
    scopes,
    custom_fields: canvasParameters,
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain,
        tool_id: 'aptt-connect',
        privacy_level: privacyLevel,
        settings: {
          text: toolName,
          placements: [
            placement('course_navigation', 'LtiResourceLinkRequest', { default: 'disabled' }),
            placement('link_selection', 'LtiDeepLinkingRequest'),
          ],
        },
      },
    ],
  };
}
