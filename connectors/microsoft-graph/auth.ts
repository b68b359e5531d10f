/**
 * Who we are to a tenant: an app that signs in by its secret or, better, by a certificate (an assertion the tenant checks against the
 * certificate's public half). @throws AppError `source_denied` | `source_contract_broken` when no token is handed out, and whatever the client throws
 */
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { type Authority, type Got, place } from '../http.ts';
import { bearer, type Token, tokenClient } from '../token.ts';
import type { Settings } from './settings.ts';

/** @param tries of the token's address */
export function authorityOf(given: Settings, tries: number): Authority {
  return bearer((signal) => fetchToken(given, tries, signal));
}

const answer = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().catch(3600) });

async function fetchToken(given: Settings, tries: number, signal?: AbortSignal): Promise<Token> {
  const { clientId, clientSecret, certificate, tenant } = given;
  const at = new URL(`${given.authority.replace(/\/+$/, '')}/${tenant}/oauth2/v2.0/token`);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: `${new URL(given.url).origin}/.default`, // what an administrator has consented to
    ...(certificate === undefined
      ? { client_secret: clientSecret ?? '' } // settings see to it
      : {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await assertion(certificate, clientId, at),
        }),
  });
  const got = await tokenClient(at, { tries, signal })
    .ask(at, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    .catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'source_denied'
        ? noToken(error.code, `${place(at)} gives us no token`, checkSecret)
        : error;
    });
  if (got.status >= 300) throw refused(got);
  const token = answer.safeParse(got.json);
  if (!token.success)
    throw noToken('source_contract_broken', `${place(at)} answers without an access token`, 'Check authority and tenant.');
  return { value: token.data.access_token, expiresAt: Date.now() + token.data.expires_in * 1000 };
}

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
async function assertion(pem: string, clientId: string, audience: URL): Promise<string> {
  const thumbprint = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
  return new SignJWT({})
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience.href)
    .setJti(randomUUID())
    .setIssuedAt()
    .setNotBefore('0 seconds')
    .setExpirationTime('5 minutes')
    .sign(createPrivateKey(pem));
}

function refused({ status, url }: Got): AppError {
  if (status === 404) return noToken('source_contract_broken', `${place(url)} hands out no tokens (404)`, 'Check authority and tenant.');
  return noToken('source_denied', `${place(url)} gives us no token (${status})`, checkSecret);
}

const checkSecret =
  'Check tenant, clientId and the secret or certificate: they run out, and stand in Entra under “Certificates & secrets”.';

const noToken = (code: string, message: string, hint: string) => new AppError(code, message, { status: 502, consequence: 'halt', hint });
