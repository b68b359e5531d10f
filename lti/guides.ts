/** What to paste where, by platform, in that platform's own field names: for the set-up page, and compared with docs/platforms by a test. Pure. */
import { canvasParameters, customParameters, profileOf, schoologyParameters } from './profile.ts';

export type Guide = {
  family: 'canvas' | 'moodle' | 'brightspace' | 'blackboard' | 'schoology';
  /** It can register the tool by itself, from an invitation link. */
  registers: boolean;
  /** A label is the platform's own name of the field, in English. */
  values: { label: string; value: string }[];
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
