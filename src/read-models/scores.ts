/** The children of a class with their scores in one measure: the one place where a name and a score meet. Read models hand on only what a screen may have. */
import type { ChartChild } from '../aptt/chart.ts';
import type { Tx } from '../db/db.ts';

export type ChildScore = ChartChild & {
  studentId: number;
  givenName: string;
  familyName: string;
  scoredOn: string | null;
};

export type ScoresOf = {
  classId: number;
  lineItemId: number;
  /** The administration before, for growth. */
  previousId: number | null;
  /** Whose numbers stand beside the scores. */
  meetingId: number | null;
};

/** Every active student; of several scores in one measure the newest counts. */
export async function scoresOf(tx: Tx, { classId, lineItemId, previousId, meetingId }: ScoresOf): Promise<ChildScore[]> {
  const newest = (id: number | null) => tx`(
    SELECT DISTINCT ON (r.student_id) r.student_id, r.score, r.score_date FROM scored_result r JOIN member ON member.user_id = r.student_id
    WHERE r.line_item_id = ${id} ORDER BY r.student_id, r.score_date DESC NULLS LAST, r.sourced_id DESC)`;
  return tx<ChildScore[]>`
    WITH member AS MATERIALIZED (SELECT DISTINCT user_id FROM active_enrollment WHERE class_id = ${classId} AND role = 'student')
    SELECT u.id AS "studentId", coalesce(u.preferred_given_name, u.given_name) AS "givenName", coalesce(u.preferred_family_name, u.family_name) AS "familyName",
      now.score AS value, now.score_date AS "scoredOn", before.score AS last, n.number,
      EXISTS (SELECT 1 FROM chart_opt_out o WHERE o.student_id = u.id) AS "optedOut"
    FROM member JOIN "user" u ON u.id = member.user_id
      LEFT JOIN ${newest(lineItemId)} now ON now.student_id = u.id
      LEFT JOIN ${newest(previousId)} before ON before.student_id = u.id
      LEFT JOIN private_number n ON n.meeting_id = ${meetingId} AND n.student_id = u.id
    ORDER BY "familyName", "givenName", u.id`;
}
