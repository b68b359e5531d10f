/** Who we are to a OneRoster service. @throws AppError `source_denied` | `source_contract_broken` when no token is handed out, and whatever the client throws */
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { type Authority, type Got, place } from '../http.ts';
import { bearer, type Token, tokenClient } from '../token.ts';
import { oauth1 } from './oauth1.ts';
import type { Service } from './settings.ts';

/** @param tries of the token's address */
export function authorityOf(service: Service, tries: number): Authority {
  if (service.auth === 'oauth1') return oauth1(service);
  if (service.auth === 'bearer') return { headers: async () => ({ authorization: `Bearer ${service.token}` }) };
  return bearer((signal) => fetchToken(service, tries, signal));
}

const answer = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().catch(3600) });

async function fetchToken(
  { tokenUrl, clientAuth, clientId, clientSecret, scopes }: Service,
  tries: number,
  signal?: AbortSignal,
): Promise<Token> {
  if (tokenUrl === null) throw new Error('no token address'); // settings see to it
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  if (clientAuth === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  // Not form-encoded first, as RFC 6749 §2.3.1 would have it: the servers met take id and secret as they are.
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const got = await tokenClient(tokenUrl, { tries, signal }).ask(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(clientAuth === 'basic' && { authorization: basic }) },
    body: form.toString(),
  });
  if (got.status >= 300) throw refused(got, clientAuth);
  const token = answer.safeParse(got.json);
  if (!token.success) {
    throw new AppError('source_contract_broken', `${place(tokenUrl)} answers without an access token`, {
      status: 502,
      consequence: 'halt',
      hint: 'Check tokenUrl.',
    });
  }
  return { value: token.data.access_token, expiresAt: Date.now() + token.data.expires_in * 1000 };
}

function refused({ status, url }: Got, clientAuth: string): AppError {
  const lost = status === 404 || status === 405;
  return new AppError(
    lost ? 'source_contract_broken' : 'source_denied',
    lost ? `${place(url)} hands out no tokens (${status})` : `${place(url)} gives us no token (${status})`,
    {
      status: 502,
      consequence: 'halt',
      hint: lost
        ? 'Check tokenUrl.'
        : `Check client id and secret; ask whether these scopes are granted, or set others with scopes; try clientAuth=${clientAuth === 'basic' ? 'body' : 'basic'}.`,
    },
  );
}
