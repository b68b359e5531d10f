/** Whether the roster knows somebody as a student and nothing else. They have no account here: nothing is remembered of the asking. */
import type { Launch } from '../../lti/launch-shape.ts';
import type { Db } from '../db/db.ts';
import { matchUser } from './match.ts';

export function isStudent(db: Db, { districtId, personSourcedIds }: Pick<Launch, 'districtId' | 'personSourcedIds'>): Promise<boolean> {
  return db.inDistrict(districtId, async (tx) => {
    const match = await matchUser(tx, districtId, { sourcedIds: personSourcedIds, email: null, account: null });
    const people = match.by ? [match.id] : match.candidates;
    const [found] = await tx<{ are: boolean | null }[]>`
      SELECT every(as_what.all = '{student}') AS are FROM unnest(${people}::bigint[]) person, LATERAL (
        SELECT array_agg(DISTINCT part.role) AS all FROM (
          SELECT r.role FROM role r WHERE r.district_id = ${districtId} AND r.user_id = person AND r.ended_at IS NULL
          UNION ALL SELECT e.role FROM active_enrollment e WHERE e.district_id = ${districtId} AND e.user_id = person) part) as_what`;
    return found?.are ?? false;
  });
}
