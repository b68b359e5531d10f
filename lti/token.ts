/**
 * An id_token, opened and checked: RS256 by Node's own crypto and nothing else. The check does not wait for another thread: waking one costs
 * a launch more than the check itself. Messages name claims, never their values.
 * @throws Refusal, of every kind that is about the token alone
 */
import { type KeyObject, verify } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { Refusal } from './refusal.ts';

export type Token = { kid: string; payload: JWTPayload; text: string };
/** `maxAge`: seconds since iat after which a token is refused, whatever its exp says. */
export type Expected = { issuer: string; clientId: string; maxAge: number };

const maxBytes = 64 * 1024;
/** Seconds by which our clock and the platform's may differ. */
const skew = 60;

/** RFC 7515 §3.1. Node would skip what is no such character; padding, which is not by the book, is. */
const parts = /^([\w-]+={0,2})\.([\w-]+={0,2})\.[\w-]*={0,2}$/;

/** @throws an error of any kind */
function objectIn(part: string): Record<string, unknown> {
  const found: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Error('no object');
  return found as Record<string, unknown>; // any object has fields
}

/** What can be said of a token without any key. Its payload is not to be believed yet. */
export function openToken(text: string): Token {
  if (Buffer.byteLength(text) > maxBytes) throw new Refusal('token_too_large', 'the id_token is larger than 64 KiB');
  const [, header = '', payload = ''] = parts.exec(text) ?? [];
  if (payload === '') throw new Refusal('token_malformed', 'the id_token has not three parts in base64url');
  try {
    const { alg, kid, crit } = objectIn(header);
    if (alg !== 'RS256') throw new Refusal('algorithm_refused', 'the id_token is not signed with RS256');
    if (typeof kid !== 'string' || kid === '') throw new Refusal('kid_missing', 'the id_token names no key');
    // RFC 7515 §4.1.11: what must be understood and is not, is refused
    if (crit !== undefined) throw new Refusal('token_malformed', 'the id_token’s header asks for an extension');
    return { kid, payload: objectIn(payload), text };
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal('token_malformed', 'the id_token cannot be read', { cause });
  }
}

/** 1EdTech Security Framework 1.0 §5.1.3 */
export function checkToken({ text, payload }: Token, key: KeyObject, expected: Expected): void {
  const dot = text.lastIndexOf('.');
  const signed = Buffer.from(text.slice(0, dot));
  if (!verify('sha256', signed, key, Buffer.from(text.slice(dot + 1), 'base64url'))) {
    throw new Refusal('signature_invalid', 'the signature does not match');
  }
  for (const claim of ['iss', 'aud', 'iat', 'exp', 'nonce']) {
    if (payload[claim] === undefined) throw new Refusal('claim_missing', `the ${claim} claim is missing`);
  }
  if (payload.iss !== expected.issuer) throw new Refusal('issuer_mismatch', 'the iss claim does not hold');
  const audiences: unknown[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  if (!audiences.includes(expected.clientId)) throw new Refusal('audience_mismatch', 'the aud claim does not hold');
  checkTimes(payload, expected.maxAge, Math.floor(Date.now() / 1000));
}

function checkTimes(payload: JWTPayload, maxAge: number, now: number): void {
  const time = (claim: 'iat' | 'exp' | 'nbf'): number => {
    const value: unknown = payload[claim]; // signed, but whatever the platform wrote
    if (typeof value !== 'number') throw new Refusal('claim_invalid', `the ${claim} claim is malformed`);
    return value;
  };
  const [issued, expires] = [time('iat'), time('exp')];
  const begins = payload.nbf === undefined ? issued : time('nbf');
  if (Math.max(issued, begins) > now + skew) throw new Refusal('token_not_yet_valid', 'the id_token is of a time to come');
  if (expires <= now - skew) throw new Refusal('token_expired', 'the id_token has expired');
  if (now - issued > maxAge + skew) throw new Refusal('token_too_old', 'the id_token was issued too long ago');
}
