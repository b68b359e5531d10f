/**
 * The service as it is started for real, in a process of its own; beside it, on another port, the same server with one trivial door behind
 * the same middleware. Answers `url`, `leastUrl`, `heap`, and `verify`: so many
 * checks of one token.
 */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import express, { type ErrorRequestHandler } from 'express';
import { importJWK, type JWK, jwtVerify } from 'jose';
import pino from 'pino';
import { framing } from '../src/api/framing.ts';
import { createServer } from '../src/api/server.ts';
import { connect } from '../src/db/db.ts';
import { startService } from '../src/main.ts';
import { allowPrivateHosts } from '../src/outbound.ts';
import { answer } from './child.ts';

const [databaseUrl, secret] = process.argv.slice(2);
if (!databaseUrl || !secret) throw new Error('usage: service-child DATABASE_URL SECRET');
allowPrivateHosts(['localhost']); // the simulated platform is on this machine
const unlimited = { perSession: 1e9, perAddress: 1e9 };
const db = connect(databaseUrl);
const service = await startService({ db, url: '', port: 0, secret, log: 'error', limits: unlimited });

const form = express.urlencoded({ extended: false, limit: '160kb', parameterLimit: 100 }); // as at the launch's door
const lti = express.Router().post('/lti/least', form, (_req, res) => void res.json({ ok: true }));
const log = pino({ level: 'error', base: null }, pino.destination(2));
const ltiFailed: ErrorRequestHandler = (error, _req, _res, next) => next(error);
const least = createHttpServer(
  createServer({
    db,
    url: service.url,
    secret,
    lti,
    ltiFailed,
    framing: framing(secret, async () => []),
    office: { guides: [], invite: () => Promise.reject(new Error('not measured')), test: () => Promise.reject(new Error('not measured')) },
    webFolder: '',
    log,
    limits: unlimited,
  }),
);
await new Promise<void>((resolve) => least.listen(0, () => resolve()));

type Verify = { token: string; jwk: JWK; issuer: string; audience: string; times: number };

/** What is left once everything unused is thrown away. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // V8's own, by the flag

answer({
  heap: () => {
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  },
  url: () => service.url,
  leastUrl: () => `http://localhost:${(least.address() as AddressInfo).port}/lti/least`, // a TCP server that listens has one
  verify: async ({ token, jwk, issuer, audience, times }: Verify) => {
    const key = await importJWK(jwk, 'RS256');
    for (let n = 0; n < times; n++) await jwtVerify(token, key, { algorithms: ['RS256'], issuer, audience });
  },
});
