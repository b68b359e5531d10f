/** What seals sessions and the tool's signing keys. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../config/env.ts';

/** APTT_SECRET, or one made once and kept where only the service reads it. */
export function secretOf({ secret, dataDir }: Pick<Env, 'secret' | 'dataDir'>): string {
  if (secret !== null) return secret;
  const path = join(dataDir, 'secret');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // fs errors carry a code
  }
  return readFileSync(path, 'utf8').trim();
}
