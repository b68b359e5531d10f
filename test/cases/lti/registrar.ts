/** A platform that can be registered with, under the test's thumb: what it serves, what it was asked, how it misbehaves. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listening } from './school.ts';

export type Seen = { method: string; path: string; authorization: string | undefined; body: Record<string, unknown> | null };

export async function openRegistrar() {
  const seen: Seen[] = [];
  const knobs = {
    /** Replaces what the configuration says; undefined removes. */
    configuration: {} as Record<string, unknown>,
    client: { client_id: 'made-for-you' } as unknown,
    needsToken: true as boolean,
    /** Answers this path in its own way. */
    instead: null as null | ((path: string, req: IncomingMessage, res: ServerResponse) => boolean),
    token: 'the-token',
  };
  const server = await listening(createServer((req, res) => void answer(req, res)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const path = req.url ?? '';
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : null;
    seen.push({ method: req.method ?? '', path, authorization: req.headers.authorization, body });
    if (knobs.instead?.(path, req, res)) return;
    const send = (status: number, what: unknown) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(what));
    if (knobs.needsToken && req.headers.authorization !== `Bearer ${knobs.token}`) return void send(401, { error: 'invalid_token' });
    if (path === '/configuration') return void send(200, { ...standard, ...knobs.configuration });
    if (path === '/registrations' && req.method === 'POST') {
      send(201, typeof knobs.client === 'object' ? { ...body, ...knobs.client } : knobs.client);
    } else send(404, {});
  }

  const standard: Record<string, unknown> = {
    issuer: url,
    authorization_endpoint: `${url}/auth`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    registration_endpoint: `${url}/registrations`,
    id_token_signing_alg_values_supported: ['RS256'],
    'https://purl.imsglobal.org/spec/lti-platform-configuration': { product_family_code: 'moodle', version: '5', messages_supported: [] },
  };
  return {
    url,
    seen,
    knobs,
    configurationUrl: `${url}/configuration`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Registrar = Awaited<ReturnType<typeof openRegistrar>>;
