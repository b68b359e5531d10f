/** Six-week goals in the demo's class: some from the fall, met or not by the winter's scores, some of today; the rest is for its teacher to set. Throws nothing of its own. */
import { goalWeeks } from '../../config/policy.ts';
import { reckonGoals } from '../api/goals.ts';
import { daysLater } from '../aptt/goal.ts';
import type { Db, Tx } from '../db/db.ts';
import { cast } from '../demo/cast.ts';
import { skillOf } from '../read-models/goals.ts';

/** Once: whoever tried it out finds what they left. */
export async function setSampleGoals(db: Db, districtId: number): Promise<void> {
  await db.inDistrict(districtId, async (tx) => {
    const [home] = await tx<{ id: number; goals: boolean }[]>`
      SELECT c.id, EXISTS (SELECT 1 FROM goal) AS goals FROM class c WHERE c.sourced_id = ${cast.teacher.classes[0] ?? ''} AND c.ended_at IS NULL`;
    if (!home || home.goals) return;
    await setIn(tx, districtId, home.id);
    await reckonGoals(tx);
  });
}

async function setIn(tx: Tx, districtId: number, classId: number): Promise<void> {
  const skill = await skillOf(tx, { kind: 'class', districtId, reason: 'demo', classId }, null);
  if (!skill) return;
  const { assessmentId } = skill.measure;
  const third = (n: number) => skill.children.filter((_, at) => at % 3 === n);
  // From the first score of the year.
  await tx`
    INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_at, set_by)
    SELECT ${districtId}, ${classId}, r.student_id, ${assessmentId}, r.score, r.score_date, ceil(r.score * 1.15) + 4, r.score_date + ${goalWeeks * 7}::int,
      r.score_date, 'demo'
    FROM (SELECT DISTINCT ON (r.student_id) r.* FROM scored_result r JOIN line_item li ON li.id = r.line_item_id AND li.assessment_id = ${assessmentId}
      WHERE r.student_id = ANY(${third(0).map(({ studentId }) => studentId)}) AND r.score_date IS NOT NULL
      ORDER BY r.student_id, r.score_date) r`;
  const open = third(1).flatMap(({ studentId, now, nowOn, suggestion }) =>
    now && suggestion?.target ? [{ studentId, value: now.value, on: nowOn ?? skill.today, target: suggestion.target }] : [],
  );
  await tx`
    INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by)
    SELECT ${districtId}, ${classId}, student, ${assessmentId}, value, "on", target, ${daysLater(skill.today, goalWeeks * 7)}, 'demo'
    FROM unnest(${open.map(({ studentId }) => studentId)}::bigint[], ${open.map(({ value }) => value)}::float8[], ${open.map(({ on }) => on)}::date[],
      ${open.map(({ target }) => target)}::float8[]) AS t(student, value, "on", target)`;
}
