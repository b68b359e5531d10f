/**
 * District IT's leave to attach a platform: a link, shown once and kept hashed, good for one registration within some days. Nobody attaches a
 * platform to a district without one.
 * @throws Refusal `invitation_unknown` | `registration_replayed`
 */
import { randomBytes } from 'node:crypto';
import type { Db } from '../src/db/db.ts';
import { hash } from './login.ts';
import { Refusal } from './refusal.ts';

const daysGood = 3;
const maxTries = 10;
/** A registration that takes longer than this died on the way. */
const minutesClaimed = 2;

export type Invitation = { url: string; expiresAt: string };

/** @param by for the record: whoever asked for it */
export async function invite(db: Db, url: string, districtId: number, by: string): Promise<Invitation> {
  const token = randomBytes(32).toString('base64url');
  const [row] = await db.inDistrict(districtId, async (tx) => {
    await tx`DELETE FROM lti_invitation WHERE expires_at < now() - interval '30 days'`;
    return tx<{ expiresAt: Date }[]>`
      INSERT INTO lti_invitation (district_id, token_hash, created_by, expires_at)
      VALUES (${districtId}, ${hash(token)}, ${by}, now() + make_interval(days => ${daysGood})) RETURNING expires_at AS "expiresAt"`;
  });
  if (!row) throw new Error('an insert returned no row');
  return { url: `${url}/lti/register-${token}`, expiresAt: row.expiresAt.toISOString() };
}

/** For whom it is good, without using it. */
export async function invitedBy(db: Db, token: string): Promise<{ district: string }> {
  const [row] = await db.atFrontDoor(
    (tx) => tx<{ district: string; state: State }[]>`
      SELECT d.name AS district, ${stateOf(tx)} AS state FROM lti_invitation i JOIN district d ON d.id = i.district_id
      WHERE i.token_hash = ${hash(token)}`,
  );
  return { district: good(row).district };
}

type State = 'good' | 'used' | 'over';
type Tx = Parameters<Parameters<Db['atFrontDoor']>[0]>[0];

const stateOf = (tx: Tx) => tx`
  CASE WHEN i.platform_id IS NOT NULL OR i.claimed_at > now() - make_interval(mins => ${minutesClaimed}) THEN 'used'
    WHEN i.expires_at > now() AND i.tries < ${maxTries} THEN 'good' ELSE 'over' END`;

function good<Row extends { state: State }>(row: Row | undefined): Row {
  if (!row || row.state === 'over') throw new Refusal('invitation_unknown', 'this invitation is not known, or is no longer good');
  if (row.state === 'used') throw new Refusal('registration_replayed', 'this invitation was already used');
  return row;
}

/** Of any number of registrations at once, one. It holds until `settle`. */
export async function claim(db: Db, token: string): Promise<number> {
  const [row] = await db.atFrontDoor(
    (tx) => tx<{ districtId: number; state: State }[]>`
      WITH before AS (SELECT i.district_id, i.token_hash, ${stateOf(tx)} AS state FROM lti_invitation i WHERE i.token_hash = ${hash(token)} FOR UPDATE),
      claimed AS (
        UPDATE lti_invitation i SET tries = i.tries + 1, claimed_at = now() FROM before b
        WHERE i.district_id = b.district_id AND i.token_hash = b.token_hash AND b.state = 'good')
      SELECT district_id AS "districtId", state FROM before`,
  );
  return good(row).districtId;
}

/** @param platformId null: it did not work, and may be tried again, unless somebody else's did meanwhile */
export const settle = (db: Db, token: string, platformId: number | null): Promise<unknown> =>
  db.atFrontDoor(
    (tx) => tx`UPDATE lti_invitation SET claimed_at = NULL, platform_id = coalesce(platform_id, ${platformId}::int)
      WHERE token_hash = ${hash(token)}`,
  );
