/** The only reader of the environment. Throws AppError `setting_invalid` naming the variable and what it should look like. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../src/errors.ts';

const schema = z.object({
  /** postgres://user:password@host/database; absent: embedded PostgreSQL under APTT_DATA_DIR. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  APTT_DATA_DIR: z.string().min(1).default('./data'),
  /** The public address people's browsers use, without a trailing slash. */
  APTT_URL: z.url({ protocol: /^https?$/ }).optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  /** At least 32 characters. Absent: generated once and kept in the data directory. */
  APTT_SECRET: z.string().min(32).optional(),
  /** Days after which the tool's signing key is replaced. */
  APTT_KEY_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
  /** Hosts that outward calls may reach although they are private: see src/outbound.ts. */
  APTT_ALLOW_PRIVATE_HOSTS: z.string().default(''),
  /** Hours after which a launch has its course's members read again (LTI Names and Roles). */
  APTT_MEMBERS_HOURS: z.coerce.number().min(0).max(720).default(6),
  APTT_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});

export type Env = {
  databaseUrl: string | null;
  /** Absolute path. */
  dataDir: string;
  url: string;
  port: number;
  secret: string | null;
  keyDays: number;
  /** Lower case; `localhost` is this machine by any of its names, `*` every host. */
  privateHosts: string[];
  membersHours: number;
  log: 'silent' | 'error' | 'warn' | 'info' | 'debug';
};

export function readEnv(from: NodeJS.ProcessEnv = process.env): Env {
  // An empty variable means "not set": that is what `VAR= command` and compose files produce.
  const given = Object.fromEntries(Object.entries(from).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('setting_invalid', `${String(issue?.path[0])}: ${issue?.message}`, {
      consequence: 'halt',
      hint: 'See config/.env.example for every setting and its form.',
    });
  }
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: resolve(env.APTT_DATA_DIR),
    url: (env.APTT_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ''),
    port: env.PORT,
    secret: env.APTT_SECRET ?? null,
    keyDays: env.APTT_KEY_DAYS,
    privateHosts: env.APTT_ALLOW_PRIVATE_HOSTS.toLowerCase()
      .split(/[\s,]+/)
      .filter((host) => host !== ''),
    membersHours: env.APTT_MEMBERS_HOURS,
    log: env.APTT_LOG,
  };
}
