/**
 * A guardian's view of their own child: own scores over time, and the class picture of a meeting that has begun, by number. Nothing of
 * another child is in it but values under numbers. Throws nothing: the permit was the question.
 */

import type { DisplayPolicy } from '../../config/policy.ts';
import type { ChildListPermit, ChildPermit } from '../access/policy.ts';
import type { Viewer } from '../access/viewer.ts';
import { buildChart, scaleOf } from '../aptt/chart.ts';
import type { Tx } from '../db/db.ts';
import { skillOf } from '../roster/objectives.ts';
import { childGoals } from './goals.ts';
import { grouped } from './group.ts';
import { benchmarkFor, confirmedBySource } from './measures.ts';
import { scoresOf } from './scores.ts';
import type { ChildMeasure, ChildrenShape, ChildShape, MeasureRef } from './shapes.ts';

export async function childList(tx: Tx, permit: ChildListPermit): Promise<ChildrenShape> {
  const children = await facts(tx, permit.studentIds, nobody);
  return { children: children.map(({ id, givenName, school, grade }) => ({ id: String(id), givenName, school, grade })) };
}

/** @returns the screen, and the meetings whose number it reveals (for the audit) */
export async function childView(
  tx: Tx,
  { studentId }: ChildPermit,
  viewer: Person,
  policy: DisplayPolicy,
): Promise<{ child: ChildShape; revealed: number[] }> {
  const [[child], rows, goals] = await Promise.all([
    facts(tx, [studentId], viewer),
    administrations(tx, studentId, policy),
    childGoals(tx, studentId),
  ]);
  if (!child) throw new Error('a permitted child is an active user');
  const groups = [...grouped(rows, (row) => row.assessmentId ?? `own:${row.id}`).values()];
  const measures: ChildMeasure[] = [];
  const revealed: number[] = [];
  for (const group of groups) {
    const measure = await measureView(tx, group, studentId, policy);
    if (!measure) continue;
    measures.push(measure);
    if (measure.today?.number != null && group[0]?.meetingId) revealed.push(group[0].meetingId);
  }
  const { id, ...rest } = child;
  return { child: { ...rest, id: String(id), measures, goals }, revealed };
}

type Person = Pick<Viewer, 'accountId' | 'userId'>;
const nobody: Person = { accountId: null, userId: null };

/** Whether the opt-out `o` is this person's, who may have an account on each of several platforms. */
export const isOwnWish = (tx: Tx, { accountId, userId }: Person) => tx`(o.by_account = ${accountId} OR EXISTS (
  SELECT 1 FROM lti_account a WHERE a.district_id = o.district_id AND a.id = o.by_account AND a.user_id = ${userId}))`;

const facts = (tx: Tx, studentIds: number[], viewer: Person) => tx<
  { id: number; givenName: string; school: string; grade: string | null; optedOut: boolean; optedOutByYou: boolean }[]
>`
  SELECT u.id, coalesce(u.preferred_given_name, u.given_name) AS "givenName", u.grades[1] AS grade,
    coalesce((SELECT o.name FROM active_enrollment e JOIN class c ON c.id = e.class_id AND c.ended_at IS NULL JOIN org o ON o.id = c.school_id
      WHERE e.user_id = u.id ORDER BY e.is_primary DESC, c.id LIMIT 1), '') AS school,
    EXISTS (SELECT 1 FROM chart_opt_out o WHERE o.student_id = u.id) AS "optedOut",
    EXISTS (SELECT 1 FROM chart_opt_out o WHERE o.student_id = u.id AND ${isOwnWish(tx, viewer)}) AS "optedOutByYou"
  FROM "user" u WHERE u.id = ANY(${studentIds}) ORDER BY "givenName", u.id`;

/** One administration as it concerns this child: their score in it, or that they have none yet. */
type Administration = {
  id: number;
  assessmentId: number | null;
  title: string;
  subject: string | null;
  skill: string | null;
  unit: string | null;
  levels: string[] | null;
  /** Of a class's own column; an assessment has its skill. */
  objectives: string[] | null;
  window: string | null;
  min: number | null;
  max: number | null;
  value: number | null;
  percentile: number | null;
  on: string | null;
  asOf: Date | null;
  benchmark: { value: number; source: string | null; asOf: string | null } | null;
  /** A meeting of one of the child's classes on this measure that has begun and whose numbers live. */
  meetingId: number | null;
  meetingClassId: number | null;
  bandsConsent: boolean;
};

/**
 * Newest first. A measure counts when the child is scored in it, or a class of theirs is: then "not scored yet" is news. What only a few of
 * the classmates took is theirs alone to know of.
 */
const administrations = (tx: Tx, studentId: number, policy: DisplayPolicy) => tx<Administration[]>`
  WITH mine AS MATERIALIZED (
    SELECT DISTINCT e.class_id FROM active_enrollment e JOIN class c ON c.id = e.class_id AND c.ended_at IS NULL
    WHERE e.user_id = ${studentId} AND e.role = 'student'),
  classmate AS MATERIALIZED (
    SELECT DISTINCT e.user_id FROM mine JOIN active_enrollment e ON e.class_id = mine.class_id WHERE e.role = 'student'),
  own AS MATERIALIZED (
    SELECT DISTINCT ON (r.line_item_id) r.line_item_id, r.score, r.score_date, r.percentile FROM scored_result r
    WHERE r.student_id = ${studentId} ORDER BY r.line_item_id, r.score_date DESC NULLS LAST, r.sourced_id DESC),
  given AS (
    SELECT r.line_item_id, max(r.score_date) AS last_on FROM classmate JOIN scored_result r ON r.student_id = classmate.user_id
    GROUP BY 1 HAVING count(DISTINCT r.student_id) >= ${policy.bandsFrom}),
  measure AS (
    SELECT li.*, given.last_on FROM (SELECT line_item_id FROM given UNION SELECT line_item_id FROM own) seen
      JOIN line_item li ON li.id = seen.line_item_id LEFT JOIN given ON given.line_item_id = li.id
    WHERE li.ended_at IS NULL AND (li.class_id IN (SELECT class_id FROM mine) OR (li.class_id IS NULL AND li.assessment_id IS NOT NULL)))
  SELECT m.id, a.id AS "assessmentId", coalesce(a.title, m.title) AS title, a.subject, a.skill, a.unit, coalesce(a.levels, m.levels) AS levels,
    m.objectives, m."window",
    coalesce(a.scale_min, m.result_value_min) AS min, coalesce(a.scale_max, m.result_value_max) AS max,
    own.score AS value, own.percentile, own.score_date AS "on", f.at AS "asOf", b.benchmark, t.id AS "meetingId", t.class_id AS "meetingClassId",
    EXISTS (SELECT 1 FROM band_consent k WHERE k.class_id = t.class_id) AS "bandsConsent"
  FROM measure m CROSS JOIN (SELECT u.grades[1] AS grade FROM "user" u WHERE u.id = ${studentId}) g
    LEFT JOIN (${confirmedBySource(tx)}) f ON f.source_id = m.source_id
    LEFT JOIN own ON own.line_item_id = m.id
    LEFT JOIN assessment a ON a.id = m.assessment_id AND a.ended_at IS NULL
    LEFT JOIN LATERAL (${benchmarkFor(tx)}) b ON true
    LEFT JOIN LATERAL (
      SELECT t.id, t.class_id FROM meeting t WHERE t.class_id IN (SELECT class_id FROM mine) AND t.line_item_id = m.id AND t.cancelled_at IS NULL
        AND t.presented_at > now() - make_interval(days => ${policy.numbersLiveDays})
      ORDER BY t.presented_at DESC LIMIT 1) t ON true
  ORDER BY coalesce(own.score_date, m.last_on, m.due_date, m.assign_date) DESC NULLS LAST, m.school_year DESC NULLS LAST,
    array_position(ARRAY['BOY', 'MOY', 'EOY'], m."window") DESC NULLS LAST, m.id DESC`;

/** @param group the administrations of one assessment, newest first; null when the child has no part in any */
async function measureView(tx: Tx, group: Administration[], studentId: number, policy: DisplayPolicy): Promise<ChildMeasure | null> {
  const [newest, previous] = group;
  if (!newest || (newest.assessmentId === null && newest.value === null)) return null;
  const { id, title, subject, skill, objectives, unit, levels, window, on, benchmark, percentile } = newest;
  const ref: MeasureRef = {
    id: String(id),
    title,
    subject,
    skill,
    unit,
    levels,
    window,
    from: on,
    to: on,
    ...(newest.assessmentId === null && skillOf(objectives)),
  };
  // An older administration that was missed is no news; the newest one is.
  const own = group.filter((row) => row === newest || row.value !== null).reverse();
  const values = own.flatMap((row) => row.value ?? []);
  return {
    ref,
    scale: scaleOf({ min: newest.min, max: newest.max }, [...values, ...(benchmark ? [benchmark.value] : [])]),
    benchmark: benchmark?.value ?? null,
    own: own.map((row) => ({ window: row.window, on: row.on, value: row.value })),
    percentile,
    asOf: newest.asOf?.toISOString() ?? null,
    today: await todayOf(tx, newest, previous?.id ?? null, studentId, policy),
  };
}

async function todayOf(
  tx: Tx,
  measure: Administration,
  previousId: number | null,
  studentId: number,
  policy: DisplayPolicy,
): Promise<ChildMeasure['today']> {
  const { meetingId, meetingClassId, bandsConsent, benchmark, min, max } = measure;
  if (meetingId === null || meetingClassId === null) return null;
  const children = await scoresOf(tx, { classId: meetingClassId, lineItemId: measure.id, previousId, meetingId });
  const numbered = children.filter((child) => child.number !== null);
  const chart = buildChart({ children: numbered, scale: { min, max }, benchmark, bandsConsent, policy });
  if (chart.display === 'none') return null;
  // How many are missing or opted out, and the average, are the teacher's to know.
  return { number: ownNumber(children, studentId), chart: { ...chart, missing: 0, optedOut: 0, average: null } };
}

/** Null where there is no mark to find: not scored yet, or opted out. */
function ownNumber(children: { studentId: number; number: number | null; value: number | null; optedOut: boolean }[], studentId: number) {
  const own = children.find((child) => child.studentId === studentId);
  return own && own.value !== null && !own.optedOut ? own.number : null;
}
