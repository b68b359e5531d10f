/** A tenant's token address: an app with a secret, or with an assertion signed by the certificate that was registered for it. */
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { jwtVerify } from 'jose';

export type App = { clientId: string; clientSecret?: string | undefined /** Its public half, in PEM. */; certificate?: string | undefined };

export class Tokens {
  readonly path: string;
  private readonly url: string;
  private readonly app: App;
  private readonly resource: string;
  private handed = new Set<string>();
  private readonly used = new Set<string>();

  /** @param url of the simulated server, which is authority and resource in one */
  constructor(url: string, tenant: string, app: App) {
    this.path = `/${tenant}/oauth2/v2.0/token`;
    this.url = url + this.path;
    this.app = app;
    this.resource = `${url}/.default`;
  }

  takes(authorization: string | undefined): boolean {
    return this.handed.has(authorization?.replace(/^Bearer /, '') ?? '');
  }

  expire(): void {
    this.handed = new Set();
  }

  async answer(form: URLSearchParams): Promise<[number, object]> {
    if (form.get('grant_type') !== 'client_credentials') return [400, { error: 'unsupported_grant_type' }];
    if (form.get('scope') !== this.resource) return [400, { error: 'invalid_scope' }];
    if (form.get('client_id') !== this.app.clientId) return [400, { error: 'unauthorized_client' }];
    const secret = form.get('client_secret');
    const known = secret === null ? await this.isOurs(form) : secret === this.app.clientSecret;
    if (!known) return [401, { error: 'invalid_client' }];
    const token = randomBytes(24).toString('base64url');
    this.handed.add(token);
    return [200, { token_type: 'Bearer', expires_in: 3599, access_token: token }];
  }

  private async isOurs(form: URLSearchParams): Promise<boolean> {
    const { certificate, clientId } = this.app;
    if (!certificate || form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return false;
    const registered = new X509Certificate(certificate);
    const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', registered.publicKey, {
      algorithms: ['PS256'],
      audience: this.url,
      issuer: clientId,
      subject: clientId,
      requiredClaims: ['exp', 'nbf', 'iat', 'jti'],
      maxTokenAge: '10 minutes',
    }).catch(() => ({ payload: null, protectedHeader: null }));
    if (!payload?.jti || this.used.has(payload.jti)) return false;
    this.used.add(payload.jti);
    return protectedHeader['x5t#S256'] === createHash('sha256').update(registered.raw).digest('base64url');
  }
}
