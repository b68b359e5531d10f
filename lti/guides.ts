/**
 * What to paste where, by platform, in that platform's own field names, and what it shows in return: for the set-up page, and compared with
 * docs/platforms by a test. Pure.
 */
import { canvasParameters, customParameters, profileOf, schoologyParameters } from './profile.ts';

export type Guide = {
  family: 'canvas' | 'moodle' | 'brightspace' | 'blackboard' | 'schoology';
  /** It can register the tool by itself, from an invitation link. */
  registers: boolean;
  /** A label is the platform's own name of the field, in English. */
  values: { label: string; value: string }[];
  /** What the platform says of itself; `{school}` stands for its own address, `{client}` for the client id. */
  says: Says;
};
type Says = { issuer: string; authUrl: string; tokenUrl: string; jwksUrl: string; tokenAudience: string | null; frameOrigins: string[] };

const says: Record<Guide['family'], Says> = {
  canvas: {
    issuer: 'https://canvas.instructure.com',
    authUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
    tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
    jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
    tokenAudience: null,
    frameOrigins: ['{school}'],
  },
  moodle: {
    issuer: '{school}',
    authUrl: '{school}/mod/lti/auth.php',
    tokenUrl: '{school}/mod/lti/token.php',
    jwksUrl: '{school}/mod/lti/certs.php',
    tokenAudience: null,
    frameOrigins: [],
  },
  brightspace: {
    issuer: '{school}',
    authUrl: '{school}/d2l/lti/authenticate',
    tokenUrl: 'https://auth.brightspace.com/core/connect/token',
    jwksUrl: '{school}/d2l/.well-known/jwks',
    tokenAudience: 'https://api.brightspace.com/auth/token',
    frameOrigins: [],
  },
  blackboard: {
    issuer: 'https://blackboard.com',
    authUrl: 'https://developer.blackboard.com/api/v1/gateway/oidcauth',
    tokenUrl: 'https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken',
    jwksUrl: 'https://developer.blackboard.com/api/v1/management/applications/{client}/jwks.json',
    tokenAudience: null,
    frameOrigins: ['{school}'],
  },
  schoology: {
    issuer: 'https://schoology.schoology.com',
    authUrl: 'https://lti-service.svc.schoology.com/lti-service/authorize-redirect',
    tokenUrl: 'https://lti-service.svc.schoology.com/lti-service/access-token',
    jwksUrl: 'https://lti-service.svc.schoology.com/lti-service/.well-known/jwks',
    tokenAudience: null,
    frameOrigins: ['https://app.schoology.com', '{school}'],
  },
};

const lines = (parameters: Record<string, string>) =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/** @param url our public address, without a trailing slash */
export function guidesOf(url: string): Guide[] {
  const { domain, loginUrl, launchUrl, jwksUrl, targetUrl, canvasJsonUrl } = profileOf(url);
  const guide = (family: Guide['family'], registers: boolean, values: Record<string, string>): Guide => ({
    family,
    registers,
    says: says[family],
    values: Object.entries(values).map(([label, value]) => ({ label, value })),
  });
  return [
    guide('canvas', true, {
      'JSON URL': canvasJsonUrl,
      'Redirect URIs': launchUrl,
      'Target Link URI': targetUrl,
      'OpenID Connect Initiation Url': loginUrl,
      'Public JWK URL': jwksUrl,
      'Custom Fields': lines(canvasParameters),
    }),
    guide('moodle', true, {
      'Tool URL': targetUrl,
      'Public keyset': jwksUrl,
      'Initiate login URL': loginUrl,
      'Redirection URI(s)': launchUrl,
      'Custom parameters': lines(customParameters),
      'Content Selection URL': targetUrl,
    }),
    guide('brightspace', true, {
      Domain: `https://${domain}`,
      'Redirect URLs': launchUrl,
      'OpenID Connect Login URL': loginUrl,
      'Target Link URI': targetUrl,
      'Keyset URL': jwksUrl,
      'Substitution Parameters': lines(customParameters),
    }),
    guide('blackboard', true, {
      'Domain(s)': domain,
      'Login Initiation URL': loginUrl,
      'Tool Redirect URL(s)': launchUrl,
      'Tool JWKS URL': jwksUrl,
      'Target Link URI': targetUrl,
      'Custom parameters': lines(customParameters),
    }),
    guide('schoology', false, {
      'JWKS URL': jwksUrl,
      'Domain/URL': targetUrl,
      'OIDC Login Init URL': loginUrl,
      'Redirect URLs': launchUrl,
      'Custom parameters': lines(schoologyParameters),
    }),
  ];
}
