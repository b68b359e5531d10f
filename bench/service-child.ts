/** The service as it is started for real, in a process of its own. Answers `url`, and `verify`: the CPU of checking one token. */
import { importJWK, type JWK, jwtVerify } from 'jose';
import { connect } from '../src/db/db.ts';
import { startService } from '../src/main.ts';
import { answer } from './child.ts';

const [databaseUrl, secret] = process.argv.slice(2);
if (!databaseUrl || !secret) throw new Error('usage: service-child DATABASE_URL SECRET');
const unlimited = { perSession: 1e9, perAddress: 1e9 };
const service = await startService({ db: connect(databaseUrl), url: '', port: 0, secret, log: 'error', limits: unlimited });

type Verify = { token: string; jwk: JWK; issuer: string; audience: string; times: number };

answer({
  url: () => service.url,
  verify: async ({ token, jwk, issuer, audience, times }: Verify) => {
    const key = await importJWK(jwk, 'RS256');
    for (let n = 0; n < times; n++) await jwtVerify(token, key, { algorithms: ['RS256'], issuer, audience });
  },
});
