/**
 * The simulated sign-in with Microsoft: an authorization page, codes that are good once and only with their PKCE verifier, and id_tokens signed with
 * keys of its own, which name no algorithm, as Entra's do not.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export type Account = { oid: string; upn: string; name: string /** Default: the tenant's. */; tid?: string };
type Code = { account: Account; redirectUri: string; nonce: string | null; challenge: string };
type Answer = { status: number; body?: object; html?: string; location?: string };

const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

export class Accounts {
  readonly tenantId = '5c3e0000-0000-4000-8000-000000000010';
  readonly clientId = '7c1f0000-0000-4000-8000-0000000000ab';
  readonly clientSecret = 'sample-tab-secret';
  /** Changes what an id_token says: for tests of what is refused. */
  tamper: ((claims: Record<string, unknown>) => Record<string, unknown>) | null = null;
  private readonly codes = new Map<string, Code>();
  private readonly url: string;
  private readonly people: readonly Account[];
  private readonly key: CryptoKey;
  private readonly jwk: JWK;

  private constructor(url: string, people: readonly Account[], key: CryptoKey, jwk: JWK) {
    this.url = url;
    this.people = people;
    this.key = key;
    this.jwk = jwk;
  }

  static async open(url: string, people: readonly Account[]): Promise<Accounts> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return new Accounts(url, people, privateKey, { ...(await exportJWK(publicKey)), kid: 'entra-1', use: 'sig' });
  }

  /** @returns null: no address of ours */
  async answer(url: URL, form: () => Promise<URLSearchParams>): Promise<Answer | null> {
    const at = `/${this.tenantId}`;
    if (url.pathname === `${at}/discovery/v2.0/keys`) return { status: 200, body: { keys: [this.jwk] } };
    if (url.pathname === `${at}/oauth2/v2.0/authorize`) return this.authorize(url);
    if (url.pathname === `${at}/oauth2/v2.0/token`) return this.exchange(await form());
    return null;
  }

  private authorize(url: URL): Answer {
    const asked = url.searchParams;
    const isRight =
      asked.get('response_type') === 'code' && asked.get('client_id') === this.clientId && asked.get('code_challenge_method') === 'S256';
    if (!isRight) return { status: 400, html: '<h1>AADSTS900144</h1>' };
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    const account = this.people.find(({ oid, upn }) => oid === asked.get('as') || upn === asked.get('login_hint'));
    if (asked.get('as') === 'nobody') back.searchParams.set('error', 'access_denied');
    else if (account) {
      const code = randomBytes(16).toString('base64url');
      this.codes.set(code, {
        account,
        redirectUri: asked.get('redirect_uri') ?? '',
        nonce: asked.get('nonce'),
        challenge: asked.get('code_challenge') ?? '',
      });
      back.searchParams.set('code', code);
    } else return { status: 200, html: this.chooser(url) };
    return { status: 302, location: back.href };
  }

  private chooser(url: URL): string {
    const to = (as: string) => {
      const next = new URL(url);
      next.searchParams.set('as', as);
      return escaped(next.pathname + next.search);
    };
    const links = this.people.map(({ oid, upn }) => `<li><a href="${to(oid)}">${escaped(upn)}</a></li>`).join('');
    return `<!doctype html><html lang="en"><title>Pick an account</title><h1>Pick an account</h1><ul>${links}</ul></html>`;
  }

  /** RFC 6749 §4.1.3 with RFC 7636 §4.6. */
  private async exchange(form: URLSearchParams): Promise<Answer> {
    const code = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret)
      return { status: 401, body: { error: 'invalid_client' } };
    if (!code || code.redirectUri !== form.get('redirect_uri') || code.challenge !== challenge)
      return { status: 400, body: { error: 'invalid_grant' } };
    const { oid, upn, name, tid = this.tenantId } = code.account;
    const said = {
      iss: `${this.url}/${this.tenantId}/v2.0`,
      aud: this.clientId,
      sub: `pairwise-${oid}`,
      oid,
      tid,
      preferred_username: upn,
      name,
      ver: '2.0',
      ...(code.nonce && { nonce: code.nonce }),
    };
    const token = await new SignJWT(this.tamper?.(said) ?? said)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'entra-1' })
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime('1h')
      .sign(this.key);
    return {
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3599, access_token: randomBytes(24).toString('base64url'), id_token: token },
    };
  }
}
