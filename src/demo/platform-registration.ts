/**
 * Dynamic registration as the simulated platform offers it: a page where its administrator pastes a tool's link, the configuration a tool reads,
 * and the endpoint that makes a client. Strict where the standard is. Shares no code with `lti/`.
 */
import { randomBytes } from 'node:crypto';
import express, { type Express, type Request } from 'express';
import type { Accent } from './platform-accents.ts';

export type Registration = {
  /** What the tool asked for, once it did. */
  client: Record<string, unknown> | null;
};

type Options = {
  url: string;
  clientId: string;
  deploymentId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  scopes: string[];
  accent: Accent;
};

export function addRegistration(app: Express, options: Options, page: (body: string) => string): Registration {
  const { url, accent } = options;
  const registration: Registration = { client: null };
  const tokens = new Set<string>();
  const held = (req: Request) => tokens.has((req.get('authorization') ?? '').replace(/^Bearer /, ''));

  app.get('/admin/tools', (req, res) => {
    const link = typeof req.query.link === 'string' && URL.canParse(req.query.link) ? new URL(req.query.link) : null;
    const state = registration.client ? `<p id="done">Registered: ${escaped(String(registration.client.client_name))}</p>` : '';
    if (!link) return void res.send(page(`<h1>Tools</h1>${state}${pasteForm}`));
    link.searchParams.set('openid_configuration', `${url}/.well-known/openid-configuration`);
    if (accent.registration.token !== 'none') {
      const token = randomBytes(16).toString('hex');
      tokens.add(token);
      link.searchParams.set('registration_token', token);
    }
    const address = escaped(link.href);
    const opened =
      accent.registration.opens === 'frame'
        ? `<iframe title="Registration" src="${address}" height="600"></iframe>`
        : `<p><a href="${address}" target="registration" rel="opener">Open the tool’s page</a></p>`;
    res.send(page(`<h1>Add a tool</h1>${opened}<script type="module" src="/admin/tools.js"></script>`));
  });
  app.get('/admin/tools.js', (_req, res) => void res.type('js').send(script));

  app.get('/.well-known/openid-configuration', (req, res) => {
    if (accent.registration.token === 'both' && !held(req)) return void res.status(401).json({ error: 'invalid_token' });
    res.json({
      issuer: url,
      authorization_endpoint: options.authUrl,
      token_endpoint: options.tokenUrl,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
      jwks_uri: options.jwksUrl,
      registration_endpoint: `${url}/registrations`,
      scopes_supported: ['openid', ...options.scopes],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email', 'locale'],
      ...(accent.tokenAudience && { authorization_server: accent.tokenAudience }),
      'https://purl.imsglobal.org/spec/lti-platform-configuration': {
        product_family_code: accent.family,
        version: '1',
        messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
        variables: ['Person.sourcedId', 'CourseSection.sourcedId'],
      },
    });
  });

  app.post('/registrations', express.json(), (req, res) => {
    if (accent.registration.token !== 'none' && !held(req)) return void res.status(401).json({ error: 'invalid_token' });
    const wrong = faultIn(req.body ?? {}, options.scopes);
    if (wrong) return void res.status(400).json({ error: 'invalid_client_metadata', error_description: wrong });
    tokens.clear(); // good once
    registration.client = req.body;
    const configuration = {
      ...req.body[toolConfiguration],
      ...(accent.registration.namesDeployment && { deployment_id: options.deploymentId }),
    };
    res.status(201).json({ ...req.body, client_id: options.clientId, [toolConfiguration]: configuration });
  });
  return registration;
}

const toolConfiguration = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Dynamic Registration 1.0 §3.4 and RFC 7591: the first field that does not hold. */
function faultIn(client: Record<string, unknown>, scopes: string[]): string | null {
  const holds = (name: string, ...wanted: string[]) => wanted.every((value) => Array.isArray(client[name]) && client[name].includes(value));
  const configuration = (client[toolConfiguration] ?? {}) as Record<string, unknown>; // whatever was posted
  const domain = String(configuration.domain);
  const isAtHome = (value: unknown) => typeof value === 'string' && URL.canParse(value) && new URL(value).host === domain;
  const redirects = Array.isArray(client.redirect_uris) ? client.redirect_uris : [];
  const messages = Array.isArray(configuration.messages) ? configuration.messages : [];
  const checks: Record<string, boolean> = {
    application_type: client.application_type === 'web',
    response_types: holds('response_types', 'id_token'),
    grant_types: holds('grant_types', 'implicit', 'client_credentials'),
    client_name: typeof client.client_name === 'string',
    initiate_login_uri: isAtHome(client.initiate_login_uri),
    redirect_uris: redirects.length > 0 && redirects.every(isAtHome),
    jwks_uri: isAtHome(client.jwks_uri),
    token_endpoint_auth_method: client.token_endpoint_auth_method === 'private_key_jwt',
    scope: String(client.scope)
      .split(' ')
      .every((scope) => scopes.includes(scope)),
    target_link_uri: isAtHome(configuration.target_link_uri),
    claims: Array.isArray(configuration.claims),
    messages: messages.length > 0 && messages.every((message: { target_link_uri?: unknown }) => isAtHome(message.target_link_uri)),
  };
  return Object.entries(checks).find(([, isRight]) => !isRight)?.[0] ?? null;
}

const pasteForm = `<form method="get" action="/admin/tools"><p><label>Tool’s registration link<br><input name="link" type="url" size="60"></label></p><button>Add</button></form>`;

/** The tool says when it is done. */
const script = `addEventListener('message', (event) => {
  if (event.data?.subject === 'org.imsglobal.lti.close') location.assign('/admin/tools');
});
`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (value: string): string => value.replace(/[&<>"']/g, (character) => entities[character] ?? '');
