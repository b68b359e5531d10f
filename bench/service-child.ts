/**
 * The service as it is started for real, in a process of its own; beside it, on another port, the same server with one trivial door behind
 * the same middleware. Answers `url`, `leastUrl`, `heap`; `verify`: so many checks of one token, by `jose` or by `crypto` alone; `listen` and
 * `replay`: the statements launches make, heard and made again.
 */
import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ErrorRequestHandler } from 'express';
import { importJWK, type JWK, jwtVerify } from 'jose';
import pino from 'pino';
import { built, packageOf } from './built.ts';
import { answer } from './child.ts';
import { spread } from './load.ts';

const [databaseUrl, secret] = process.argv.slice(2);
if (!databaseUrl || !secret) throw new Error('usage: service-child DATABASE_URL SECRET');
const { framing } = await built<typeof import('../src/api/framing.ts')>('src/api/framing.js');
const { createServer } = await built<typeof import('../src/api/server.ts')>('src/api/server.js');
const { connect } = await built<typeof import('../src/db/db.ts')>('src/db/db.js');
const { startService } = await built<typeof import('../src/main.ts')>('src/main.js');
const { allowPrivateHosts } = await built<typeof import('../src/outbound.ts')>('src/outbound.js');
const express = packageOf<typeof import('express')>('express');
allowPrivateHosts(['localhost']); // the simulated platform is on this machine
const unlimited = { perSession: 1e9, perAddress: 1e9 };
const db = connect(databaseUrl);
const service = await startService({ db, url: '', port: 0, secret, log: 'error', limits: unlimited });

const form = express.urlencoded({ extended: false, limit: '160kb', parameterLimit: 100 }); // as at the launch's door
const lti = express.Router().post('/lti/least', form, (_req, res) => void res.json({ ok: true }));
const log = pino({ level: 'error', base: null }, pino.destination(2));
const ltiFailed: ErrorRequestHandler = (error, _req, _res, next) => next(error);
const notMeasured = () => Promise.reject(new Error('not measured'));
const least = createHttpServer(
  createServer({
    db,
    url: service.url,
    secret,
    lti,
    ltiFailed,
    framing: framing(secret, async () => []),
    office: { guides: [], invite: notMeasured, add: notMeasured, test: notMeasured },
    onGoalsWished: () => {},
    webFolder: '',
    log,
    limits: unlimited,
  }),
);
await new Promise<void>((resolve) => least.listen(0, () => resolve()));

type Verify = { token: string; jwk: JWK; issuer: string; audience: string; times: number; by: 'jose' | 'crypto' };

/** The two statements of each launch, as they went to the database. */
let heard: string[] = [];
const isOfLaunch = (text: string) => /DELETE FROM lti_login|INSERT INTO session /.test(text);

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
  verify: async ({ token, jwk, issuer, audience, times, by }: Verify) => {
    if (by === 'jose') {
      const key = await importJWK(jwk, 'RS256');
      for (let n = 0; n < times; n++) await jwtVerify(token, key, { algorithms: ['RS256'], issuer, audience });
      return;
    }
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    for (let n = 0; n < times; n++) {
      const signed = token.slice(0, token.lastIndexOf('.'));
      const isGood = verifySignature('sha256', Buffer.from(signed), key, Buffer.from(token.slice(signed.length + 1), 'base64url'));
      if (!isGood) throw new Error('a good signature was refused');
    }
  },
  listen: () => {
    heard = [];
    // The driver reads the hook anew at each statement.
    db.sql.options.debug = (_connection, text) => void (isOfLaunch(text) && heard.push(text));
  },
  heard: () => {
    db.sql.options.debug = false;
    return heard.length;
  },
  /** Each finds what it found, as long as the parent has put it back. */
  replay: async (callers: number) => {
    const answers = await spread<string, unknown>(heard, callers, (text) => db.sql.unsafe(text));
    return answers.results.every((each) => (each as unknown[][]).at(-1)?.length === 1); // set_config's answer, and the statement's
  },
});
