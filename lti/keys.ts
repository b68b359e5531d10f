/**
 * The tool's own signing keys: made at first need, published at /lti/jwks while they live. The private half lies in the database sealed
 * with AES-256-GCM under a key derived from APTT_SECRET, so that a copy of the database signs nothing.
 * @throws AppError `secret_changed` when a sealed key does not open
 */
import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Db, Tx } from '../src/db/db.ts';
import { AppError } from '../src/errors.ts';
import { seal, unseal } from '../src/seal.ts';

const purpose = 'aptt lti signing key';
const unopened = {
  message: 'the tool’s signing key does not open with this APTT_SECRET',
  hint: 'Start with the secret the key was made with, or rotate the key.',
};

type KeyRow = { kid: string; public_jwk: JWK; sealed_private_jwk: string };

/** The key set platforms fetch. */
export async function publicKeys(db: Db, secret: string): Promise<{ keys: JWK[] }> {
  return db.atFrontDoor(async (tx) => {
    await currentKey(tx, secret);
    const rows = await tx<Pick<KeyRow, 'public_jwk'>[]>`
      SELECT public_jwk FROM lti_key WHERE retires_at IS NULL OR retires_at > now() ORDER BY created_at DESC`;
    return { keys: rows.map((row) => row.public_jwk) };
  });
}

/** The key to sign with now. */
export async function signingKey(db: Db, secret: string): Promise<{ kid: string; key: CryptoKey }> {
  const row = await db.atFrontDoor((tx) => currentKey(tx, secret));
  const key = await importJWK(JSON.parse(unseal(row.sealed_private_jwk, secret, { purpose, name: row.kid }, unopened)) as JWK, 'RS256'); // sealed by us, so it is one
  if (key instanceof Uint8Array)
    throw new AppError('secret_changed', 'the signing key is not an RSA key', { status: 500, consequence: 'halt' });
  return { kid: row.kid, key };
}

/** Signs with a new key from now on; the old one stays published for the overlap. */
export async function rotateKey(db: Db, secret: string, overlapDays: number): Promise<{ kid: string }> {
  return db.atFrontDoor(async (tx) => {
    await lock(tx);
    return replaceKey(tx, secret, overlapDays);
  });
}

/**
 * The same when the key is older than `days`; null when it is not. Any number of processes may ask at once: one of them rotates. Forgets keys
 * that retired long ago.
 */
export async function rotateOldKey(db: Db, secret: string, days: number, overlapDays: number): Promise<{ kid: string } | null> {
  return db.atFrontDoor(async (tx) => {
    await lock(tx);
    await tx`DELETE FROM lti_key WHERE retires_at < now() - interval '30 days'`;
    const [old] = await tx`SELECT 1 FROM lti_key WHERE retires_at IS NULL AND created_at < now() - make_interval(days => ${days})`;
    return old ? replaceKey(tx, secret, overlapDays) : null;
  });
}

async function replaceKey(tx: Tx, secret: string, overlapDays: number): Promise<{ kid: string }> {
  await tx`UPDATE lti_key SET retires_at = least(retires_at, now() + make_interval(days => ${overlapDays}))`; // never later than it was to
  return { kid: (await makeKey(tx, secret)).kid };
}

/** `signing` one at most · `published` platforms still find it · `retired` they no longer do. */
export type KeyState = { kid: string; state: 'signing' | 'published' | 'retired'; createdAt: string; retiresAt: string | null };

export async function listKeys(db: Db): Promise<KeyState[]> {
  const rows = await db.atFrontDoor(
    (tx) => tx<{ kid: string; createdAt: Date; retiresAt: Date | null; isRetired: boolean }[]>`
      SELECT kid, created_at AS "createdAt", retires_at AS "retiresAt", coalesce(retires_at <= now(), false) AS "isRetired"
      FROM lti_key ORDER BY created_at DESC`,
  );
  return rows.map(({ kid, createdAt, retiresAt, isRetired }) => ({
    kid,
    state: retiresAt === null ? 'signing' : isRetired ? 'retired' : 'published',
    createdAt: createdAt.toISOString(),
    retiresAt: retiresAt?.toISOString() ?? null,
  }));
}

async function currentKey(tx: Tx, secret: string): Promise<KeyRow> {
  const find = () => tx<KeyRow[]>`SELECT kid, public_jwk, sealed_private_jwk FROM lti_key WHERE retires_at IS NULL`;
  const [found] = await find();
  if (found) return found;
  await lock(tx); // two processes at first need: the second finds the first's key
  const [made] = await find();
  return made ?? makeKey(tx, secret);
}

const lock = (tx: Tx) => tx`SELECT pg_advisory_xact_lock(7261002)`;

async function makeKey(tx: Tx, secret: string): Promise<KeyRow> {
  const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const kid = randomBytes(12).toString('base64url');
  const row: KeyRow = {
    kid,
    public_jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' },
    sealed_private_jwk: seal(JSON.stringify(await exportJWK(pair.privateKey)), secret, { purpose, name: kid }),
  };
  await tx`INSERT INTO lti_key (kid, public_jwk, sealed_private_jwk) VALUES (${kid}, ${tx.json(row.public_jwk as never)}, ${row.sealed_private_jwk})`; // a JWK is plain JSON; the driver's type wants an index signature
  return row;
}
