/**
 * The measures of classes: each administration of an assessment that a class's active students have scores in, and the class's own line
 * items; with who was scored, the benchmark that applies and the latest meeting. One statement for any number of classes. Throws nothing.
 */
import type { Tx } from '../db/db.ts';
import { skillOf } from '../roster/objectives.ts';
import type { ChartShape, MeasureRef } from './shapes.ts';

export type Measure = {
  classId: number;
  id: number;
  assessmentId: number | null;
  ref: MeasureRef;
  objectives: string[] | null;
  scale: { min: number | null; max: number | null };
  /** When the scores were last confirmed by their source; null for scores no run brought. */
  asOf: Date | null;
  /** Active students with a score that counts. */
  scored: number;
  benchmark: ChartShape['benchmark'];
  meeting: { id: number; presentedAt: Date | null } | null;
};

type Row = {
  classId: number;
  id: number;
  title: string;
  subject: string | null;
  skill: string | null;
  unit: string | null;
  levels: string[] | null;
  objectives: string[] | null;
  window: string | null;
  from: string | null;
  to: string | null;
  assessmentId: number | null;
  min: number | null;
  max: number | null;
  asOf: Date | null;
  scored: number;
  benchmark: ChartShape['benchmark'];
  meetingId: number | null;
  presentedAt: Date | null;
};

/** Newest first within each class. */
export async function measuresOf(tx: Tx, classIds: number[]): Promise<Measure[]> {
  if (classIds.length === 0) return [];
  const rows = await tx<Row[]>`
    WITH member AS MATERIALIZED (
      SELECT DISTINCT e.class_id, e.user_id FROM active_enrollment e WHERE e.class_id = ANY(${classIds}) AND e.role = 'student'),
    -- A child of several classes is read once.
    score AS MATERIALIZED (
      SELECT DISTINCT r.student_id, r.line_item_id, r.score_date
      FROM (SELECT DISTINCT user_id FROM member) m JOIN scored_result r ON r.student_id = m.user_id),
    tally AS (
      SELECT m.class_id, s.line_item_id, count(DISTINCT s.student_id)::int AS scored, min(s.score_date) AS first_on, max(s.score_date) AS last_on
      FROM member m JOIN score s ON s.student_id = m.user_id GROUP BY 1, 2),
    measure AS (
      SELECT t.class_id AS of_class, li.*, t.scored, t.first_on, t.last_on FROM tally t JOIN line_item li ON li.id = t.line_item_id
      WHERE li.ended_at IS NULL AND (li.class_id = t.class_id OR (li.class_id IS NULL AND li.assessment_id IS NOT NULL))
      UNION ALL
      SELECT li.class_id, li.*, 0, NULL, NULL FROM line_item li
      WHERE li.class_id = ANY(${classIds}) AND li.ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM tally t WHERE t.class_id = li.class_id AND t.line_item_id = li.id)),
    -- The class's own grade where it names one; else the grade most of its children are in.
    grade AS (
      SELECT c.id AS class_id, CASE WHEN cardinality(c.grades) = 1 THEN c.grades[1] ELSE (
        SELECT mode() WITHIN GROUP (ORDER BY u.grades[1]) FROM member m JOIN "user" u ON u.id = m.user_id WHERE m.class_id = c.id) END AS grade
      FROM class c WHERE c.id = ANY(${classIds})),
    confirmed AS MATERIALIZED (${confirmedBySource(tx)})
    SELECT m.of_class AS "classId", m.id, coalesce(a.title, m.title) AS title, a.subject, a.skill, a.unit, coalesce(a.levels, m.levels) AS levels,
      coalesce(a.objectives, m.objectives) AS objectives, m."window",
      f.at AS "asOf", m.first_on AS "from", m.last_on AS "to", a.id AS "assessmentId", m.scored,
      coalesce(a.scale_min, m.result_value_min) AS min, coalesce(a.scale_max, m.result_value_max) AS max,
      b.benchmark, t.id AS "meetingId", t.presented_at AS "presentedAt"
    FROM measure m JOIN grade g ON g.class_id = m.of_class
      LEFT JOIN confirmed f ON f.source_id = m.source_id
      LEFT JOIN assessment a ON a.id = m.assessment_id AND a.ended_at IS NULL
      LEFT JOIN LATERAL (${benchmarkFor(tx)}) b ON true
      LEFT JOIN LATERAL (
        SELECT id, presented_at FROM meeting t WHERE t.class_id = m.of_class AND t.line_item_id = m.id AND t.cancelled_at IS NULL
        ORDER BY t.id DESC LIMIT 1) t ON true
    ORDER BY m.of_class, coalesce(m.last_on, m.due_date, m.assign_date) DESC NULLS LAST, m.school_year DESC NULLS LAST,
      array_position(ARRAY['BOY', 'MOY', 'EOY'], m."window") DESC NULLS LAST, m.id DESC`;
  return rows.map(measureOf);
}

/** Of the outer m (line item), a (assessment) and g (grade): its grade before every grade, its window before every window. */
export const benchmarkFor = (tx: Tx) => tx`
  SELECT jsonb_build_object('value', b.value, 'source', b.source, 'asOf', b.as_of) AS benchmark FROM benchmark b
  WHERE b.assessment_id = a.id AND b.ended_at IS NULL AND (b.grade = g.grade OR b.grade IS NULL) AND (b."window" = m."window" OR b."window" IS NULL)
  ORDER BY b.grade NULLS LAST, b."window" NULLS LAST, b.as_of DESC NULLS LAST LIMIT 1`;

/** Each source's last run that confirmed what we hold. */
export const confirmedBySource = (tx: Tx) => tx`
  SELECT s.id AS source_id, (SELECT r.finished_at FROM sync_run r WHERE r.source_id = s.id AND r.status IN ('applied', 'unchanged')
    ORDER BY r.id DESC LIMIT 1) AS at FROM source s`;

function measureOf({
  classId,
  id,
  assessmentId,
  objectives,
  asOf,
  min,
  max,
  scored,
  benchmark,
  meetingId,
  presentedAt,
  ...ref
}: Row): Measure {
  return {
    classId,
    id,
    assessmentId,
    ref: { ...ref, ...(assessmentId === null && skillOf(objectives)), id: String(id) },
    objectives,
    scale: { min, max },
    asOf,
    scored,
    benchmark,
    meeting: meetingId === null ? null : { id: meetingId, presentedAt },
  };
}

/** What a class is shown first: the newest scored assessment, else whatever was scored last. */
export function latestOf(measures: Measure[]): Measure | null {
  return (
    measures.find((measure) => measure.scored > 0 && measure.assessmentId !== null) ??
    measures.find((measure) => measure.scored > 0) ??
    null
  );
}

/** The administration of the same assessment before this one. */
export function previousOf(measures: Measure[], measure: Measure): Measure | null {
  if (measure.assessmentId === null) return null;
  const older = measures.slice(measures.indexOf(measure) + 1);
  return older.find((other) => other.assessmentId === measure.assessmentId && other.scored > 0) ?? null;
}
