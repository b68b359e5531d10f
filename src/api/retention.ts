/**
 * What dies by itself: private numbers some days after their meeting, held or not (aptt-domain: private numbers, rule 5), sessions and
 * tickets of the past, old pages of the launch diary, goals of school years long past.
 */
import { displayPolicy, launchDiaryDays } from '../../config/policy.ts';
import { purgeSessions } from '../access/session.ts';
import { stricter } from '../aptt/display-policy.ts';
import type { Db } from '../db/db.ts';

export async function purge(db: Db): Promise<void> {
  await purgeSessions(db);
  const districts = await db.atFrontDoor(
    (tx) => tx<{ id: number; wishes: unknown; diaryDays: unknown }[]>`
      SELECT id, settings -> 'displayPolicy' AS wishes, settings -> 'launchDiaryDays' AS "diaryDays" FROM district ORDER BY id`,
  );
  for (const { id, wishes, diaryDays } of districts) {
    await purgeNumbers(db, id, stricter(displayPolicy, wishes).numbersLiveDays);
    await purgeNotices(db, id);
    await purgeGoals(db, id);
    await purgeDiary(db, id, isFewer(diaryDays) ? diaryDays : launchDiaryDays);
  }
}

/** Days a notice is remembered: a platform's own word is good for an hour. */
const noticesLiveDays = 7;

const purgeNotices = (db: Db, districtId: number) =>
  db.inDistrict(
    districtId,
    (tx) =>
      tx`DELETE FROM lti_notice WHERE district_id = ${districtId} AND received_at < now() - make_interval(days => ${noticesLiveDays})`,
  );

/** With their history, and what was told in a grade book of the child's goals in its class: a sub does not outlive them. A school year is over when July is; they are kept for one more. */
const purgeGoals = (db: Db, districtId: number) =>
  db.inDistrict(districtId, async (tx) => {
    await tx`DELETE FROM goal WHERE district_id = ${districtId}
      AND current_date >= make_date(extract(year FROM due_on + interval '5 months')::int + 1, 8, 1)`;
    await tx`DELETE FROM goal_posted p WHERE p.district_id = ${districtId}
      AND NOT EXISTS (
        SELECT 1 FROM goal_column k JOIN goal g ON g.district_id = k.district_id AND g.class_id = k.class_id
        WHERE k.district_id = p.district_id AND k.context_id = p.context_id AND g.student_id = p.student_id)`;
  });

const isFewer = (days: unknown): days is number => typeof days === 'number' && days >= 1 && days < launchDiaryDays;

const purgeDiary = (db: Db, districtId: number, days: number) =>
  db.inDistrict(
    districtId,
    (tx) => tx`DELETE FROM launch_diary WHERE district_id = ${districtId} AND minute < now() - make_interval(days => ${Math.floor(days)})`,
  );

const purgeNumbers = (db: Db, districtId: number, days: number) =>
  db.inDistrict(
    districtId,
    (tx) => tx`DELETE FROM private_number n USING meeting t
      WHERE n.district_id = ${districtId} AND t.district_id = n.district_id AND t.id = n.meeting_id
        AND coalesce(t.presented_at, t.drawn_at) < now() - make_interval(days => ${days})`,
  );
