/** The simulated token service: checks a service account's signed assertion or a teacher's refresh token, as Google's does. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';

/** What a bearer token stands for. */
export type Grant = { email: string; scopes: Set<string> };

export type TeacherConsent = { clientId: string; clientSecret: string; refreshToken: string; email: string; scopes: string[] };

const day = 3600;

export class Tokens {
  /** The key file, as the console hands it out. */
  readonly serviceAccountKey: string;
  /** The domain's administrator has allowed the service account these. */
  readonly delegated: Set<string>;
  readonly consents: TeacherConsent[] = [];
  readonly url: string;
  private readonly publicKey: KeyObject;
  private readonly given = new Map<string, Grant>();
  private readonly admin: string;
  private readonly account = 'aptt-sync@sample-project.iam.gserviceaccount.example';

  /** @param known a key file of an earlier start */
  constructor(url: string, admin: string, delegated: readonly string[], known?: string | undefined) {
    this.url = url;
    this.admin = admin;
    this.delegated = new Set(delegated);
    this.serviceAccountKey = known ?? JSON.stringify(this.newKey());
    this.publicKey = createPublicKey(JSON.parse(this.serviceAccountKey).private_key);
  }

  private newKey(): object {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return {
      type: 'service_account',
      client_email: this.account,
      private_key_id: 'sample-key',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: this.url,
    };
  }

  of(authorization: string | undefined): Grant | null {
    return this.given.get(authorization?.replace(/^Bearer /, '') ?? '') ?? null;
  }

  expire(): void {
    this.given.clear();
  }

  hand(grant: Grant): { access_token: string; token_type: string; expires_in: number; scope: string } {
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    this.given.set(token, grant);
    return { access_token: token, token_type: 'Bearer', expires_in: day, scope: [...grant.scopes].join(' ') };
  }

  /** @returns the status and what is answered */
  async answer(form: URLSearchParams): Promise<[number, object]> {
    const type = form.get('grant_type');
    if (type === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return this.forAssertion(form.get('assertion') ?? '');
    if (type === 'refresh_token') return this.forRefresh(form);
    return [400, { error: 'unsupported_grant_type' }];
  }

  private async forAssertion(assertion: string): Promise<[number, object]> {
    const checks = { algorithms: ['RS256'], audience: this.url, issuer: this.account, maxTokenAge: '1h' };
    const said = await jwtVerify(assertion, this.publicKey, checks).catch(() => null);
    const scopes = String(said?.payload.scope ?? '').split(' ');
    if (!said || said.payload.sub !== this.admin) return [400, { error: 'invalid_grant' }];
    if (!scopes.every((scope) => this.delegated.has(scope))) return [401, { error: 'unauthorized_client' }];
    return [200, this.hand({ email: this.admin, scopes: new Set(scopes) })];
  }

  private forRefresh(form: URLSearchParams): [number, object] {
    const found = this.consents.find(({ refreshToken }) => refreshToken === form.get('refresh_token'));
    if (!found) return [400, { error: 'invalid_grant' }];
    if (found.clientId !== form.get('client_id') || found.clientSecret !== form.get('client_secret'))
      return [401, { error: 'invalid_client' }];
    return [200, this.hand({ email: found.email, scopes: new Set(found.scopes) })];
  }
}
