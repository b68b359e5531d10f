/**
 * The simulated sign-in with Google: an authorization page, codes that are good once and only with their PKCE verifier, and id_tokens signed with
 * keys of its own.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Tokens } from './tokens.ts';

export type Account = {
  sub: string;
  email: string;
  /** The Workspace domain; absent: an account of nobody's. */
  hd?: string;
  givenName: string;
  familyName: string;
};

type Code = { account: Account; clientId: string; redirectUri: string; nonce: string | null; challenge: string; scopes: string[] };

const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

export class Accounts {
  readonly clientId = 'sample-addon.apps.example';
  readonly clientSecret = 'GOCSPX-sample-addon';
  /** Changes what an id_token says: for tests of what is refused. */
  tamper: ((claims: Record<string, unknown>) => Record<string, unknown>) | null = null;
  private readonly codes = new Map<string, Code>();
  private readonly url: string;
  private readonly people: readonly Account[];
  private readonly tokens: Tokens;
  private readonly key: CryptoKey;
  private readonly jwk: JWK;

  private constructor(url: string, people: readonly Account[], tokens: Tokens, key: CryptoKey, jwk: JWK) {
    this.url = url;
    this.people = people;
    this.tokens = tokens;
    this.key = key;
    this.jwk = jwk;
  }

  static async open(url: string, people: readonly Account[], tokens: Tokens): Promise<Accounts> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return new Accounts(url, people, tokens, privateKey, { ...(await exportJWK(publicKey)), kid: 'google-1', use: 'sig', alg: 'RS256' });
  }

  /** @returns whether the address is one of ours */
  get(url: URL, res: ServerResponse): boolean {
    if (url.pathname === '/certs') res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [this.jwk] }));
    else if (url.pathname === '/auth') this.authorize(url, res);
    else return false;
    return true;
  }

  /** Whom Google knows already is sent back at once; anybody else chooses an account. */
  private authorize(url: URL, res: ServerResponse): void {
    const asked = url.searchParams;
    const bad =
      asked.get('response_type') !== 'code' || asked.get('client_id') !== this.clientId || asked.get('code_challenge_method') !== 'S256';
    if (bad) return void res.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Error 400: invalid_request</h1>');
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    const chosen = this.people.find(({ sub }) => sub === (asked.get('as') ?? asked.get('login_hint')));
    if (asked.get('as') === 'nobody') back.searchParams.set('error', 'access_denied');
    else if (chosen) back.searchParams.set('code', this.codeFor(chosen, asked));
    else return void res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(this.chooser(url));
    res.writeHead(302, { location: back.href }).end();
  }

  private codeFor(account: Account, asked: URLSearchParams): string {
    const code = `4/${randomBytes(16).toString('base64url')}`;
    this.codes.set(code, {
      account,
      clientId: asked.get('client_id') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
      nonce: asked.get('nonce'),
      challenge: asked.get('code_challenge') ?? '',
      scopes: (asked.get('scope') ?? '').split(' '),
    });
    return code;
  }

  private chooser(url: URL): string {
    const to = (as: string) => {
      const next = new URL(url);
      next.searchParams.set('as', as);
      return escaped(next.pathname + next.search);
    };
    const links = this.people.map(({ sub, email }) => `<li><a href="${to(sub)}">${escaped(email)}</a></li>`);
    return `<!doctype html><html lang="en"><title>Choose an account</title><h1>Choose an account</h1><ul>${links.join('')}</ul>
<p><a href="${to('nobody')}">Cancel</a></p></html>`;
  }

  /** RFC 6749 §4.1.3 with RFC 7636 §4.6. */
  async exchange(form: URLSearchParams): Promise<[number, object]> {
    const code = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const isClient = form.get('client_id') === this.clientId && form.get('client_secret') === this.clientSecret;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!isClient) return [401, { error: 'invalid_client' }];
    if (!code || code.redirectUri !== form.get('redirect_uri') || code.challenge !== challenge) return [400, { error: 'invalid_grant' }];
    const { sub, email, hd, givenName, familyName } = code.account;
    const claims = {
      email,
      email_verified: true,
      given_name: givenName,
      family_name: familyName,
      ...(hd && { hd }),
      ...(code.nonce && { nonce: code.nonce }),
      azp: this.clientId,
    };
    const said = { sub, iss: this.url, aud: this.clientId, ...claims };
    const token = await new SignJWT(this.tamper?.(said) ?? said)
      .setProtectedHeader({ alg: 'RS256', kid: 'google-1' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(this.key);
    return [200, { ...this.tokens.hand({ email, scopes: new Set(code.scopes) }), id_token: token }];
  }
}
