/**
 * What must not lie open in the database lies there sealed, with AES-256-GCM under a key derived from the operator's secret: a copy of the
 * database, or a backup of it, tells nothing and signs nothing. What is sealed opens only under its own purpose and name.
 * @throws AppError `secret_changed` when it does not open
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';

type For = { purpose: string; name: string };

const keyFor = (secret: string, { purpose }: For) => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

/** nonce (12) · tag (16) · ciphertext, bound to the name */
export function seal(plain: string, secret: string, to: For): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(secret, to), nonce).setAAD(Buffer.from(to.name));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @param told what could not be opened, and what to do, for people */
export function unseal(sealed: string, secret: string, to: For, told: { message: string; hint: string }): string {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFor(secret, to), bytes.subarray(0, 12)).setAAD(Buffer.from(to.name));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new AppError('secret_changed', told.message, { status: 500, consequence: 'halt', hint: told.hint, cause });
  }
}
