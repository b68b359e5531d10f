/**
 * Six-week goals as a class's teachers and a child's guardians see them. Of a goal nothing is worked out here: whether it is met stands in it
 * (api/goals.ts, `reckonGoals`). Leaders and the projector are given none of this.
 */
import { goalWeeks, gradeBookScopes } from '../../config/policy.ts';
import type { ClassPermit } from '../access/policy.ts';
import { daysBetween, daysLater, endOfMay, type Suggestion, suggestGoal } from '../aptt/goal.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { benchmarkFor, latestOf, type Measure, measuresOf } from './measures.ts';
import type { ChildGoal, ClassGoalsShape, GoalColumn, GoalShape, MeasureRef, Standing } from './shapes.ts';
import { readableTitle } from './title.ts';

/** A class's children in one skill: what the page shows, and what the acts go by. */
export type Skill = {
  measures: Measure[];
  measure: Measure;
  /** False: it stands in for a skill that is not, or no longer, measured here. */
  isAsked: boolean;
  dueOn: string;
  today: string;
  children: SkillChild[];
};

export type SkillChild = {
  studentId: number;
  givenName: string;
  familyName: string;
  now: Standing | null;
  /** The day of the newest score, or of its administration where the score has none. */
  nowOn: string | null;
  goal: (GoalShape & { why: string | null; classId: number }) | null;
  suggestion: Suggestion | null;
};

/** @throws AppError `not_found` when the class is gone */
export async function classGoals(tx: Tx, permit: ClassPermit, measureId: number | null): Promise<ClassGoalsShape> {
  const { classId } = permit;
  const [about] = await tx<{ title: string; course: string | null; periods: string[]; school: string }[]>`
    SELECT c.title, co.title AS course, c.periods, coalesce(o.name, '') AS school
    FROM class c LEFT JOIN course co ON co.id = c.course_id LEFT JOIN org o ON o.id = c.school_id WHERE c.id = ${classId}`;
  if (!about) throw new AppError('not_found', 'there is no such class here', { status: 404 });
  const skill = await skillOf(tx, permit, measureId);
  return {
    id: String(classId),
    title: readableTitle({ ...about, teacher: null, id: classId }),
    school: about.school,
    measures: skill?.measures.map(({ ref }) => ref) ?? [],
    measure: skill?.measure.ref ?? null,
    scale: skill?.measure.scale ?? { min: null, max: null },
    dueOn: skill?.dueOn ?? '',
    columns: await columnsOf(tx, classId),
    children: (skill?.children ?? []).map(({ studentId, givenName, familyName, now, goal, suggestion }) => {
      const { classId: _, ...shown } = goal ?? { classId: 0 };
      return { id: String(studentId), givenName, familyName, now, goal: goal && (shown as Omit<typeof goal, 'classId'>), suggestion };
    }),
  };
}

/** Courses of learning platforms that are still let in; an add-on's course has no grade book for us. What was wished while the course was another class's is off. */
async function columnsOf(tx: Tx, classId: number): Promise<GoalColumn[]> {
  const rows = await tx<(Omit<GoalColumn, 'id' | 'platform' | 'doneAt'> & { id: number; issuer: string; doneAt: Date | null })[]>`
    SELECT x.id, x.title AS course, p.issuer, CASE WHEN k.class_id = x.class_id THEN k.wish ELSE 'off' END AS wish, coalesce(k.unknown, 0) AS unknown, k.done_at AS "doneAt", k.code,
      ${isGranted(tx)} AS granted, k.line_item IS NOT NULL AS made, coalesce(k.class_id = x.class_id AND k.wish <> 'off' AND (k.tried_at IS NULL OR k.tried_at < k.wished_at), false) AS pending,
      (SELECT count(*)::int FROM goal_posted g WHERE g.context_id = x.id) AS posted
    FROM lti_context x
      JOIN lti_platform p ON p.id = x.platform_id AND p.active
      JOIN lti_deployment d ON d.platform_id = x.platform_id AND d.deployment_id = x.deployment_id AND d.status = 'active'
      LEFT JOIN goal_column k ON k.context_id = x.id
    WHERE x.class_id = ${classId} AND (x.memberships_url IS NOT NULL OR x.line_items_url IS NOT NULL) ORDER BY x.id`;
  return rows.map(({ id, issuer, doneAt, ...row }) => ({
    ...row,
    id: String(id),
    platform: new URL(issuer).host,
    doneAt: doneAt?.toISOString() ?? null,
  }));
}

/** Of the outer x. */
export const isGranted = (tx: Tx) =>
  tx`(x.line_items_url IS NOT NULL AND x.memberships_url IS NOT NULL AND x.service_scopes @> ${[...gradeBookScopes]}::text[])`;

/** The skill of this measure; unasked, the one most children work on, or that of the newest measure. Null: the class has no assessment that comes again, so no goal could be seen to be reached. */
export async function skillOf(tx: Tx, { classId }: ClassPermit, measureId: number | null): Promise<Skill | null> {
  const all = (await measuresOf(tx, [classId])).filter((measure) => measure.assessmentId !== null && measure.scored > 0);
  const measures = all.filter((measure, n) => all.findIndex(({ assessmentId }) => assessmentId === measure.assessmentId) === n);
  const asked = measureId === null ? await workedOn(tx, classId) : all.find(({ id }) => id === measureId)?.assessmentId;
  const measure = measures.find(({ assessmentId }) => assessmentId === asked) ?? latestOf(measures);
  if (!measure) return null;
  const { today, yearEnds } = await calendar(tx);
  const weeksLeft = daysBetween(today, yearEnds ?? endOfMay(today)) / 7;
  const dueOn = daysLater(today, goalWeeks * 7);
  const children = (await standings(tx, classId, measure.assessmentId as number)).map((row) => skillChild(row, measure, today, weeksLeft)); // kept above: it has one
  return { measures, measure, isAsked: measure.assessmentId === asked, dueOn, today, children };
}

async function workedOn(tx: Tx, classId: number): Promise<number | null> {
  const [row] = await tx<{ id: number }[]>`
    SELECT g.assessment_id AS id FROM goal g WHERE g.ended_at IS NULL AND g.student_id IN (
      SELECT user_id FROM active_enrollment WHERE class_id = ${classId} AND role = 'student')
    GROUP BY 1 ORDER BY count(*) DESC, max(g.id) DESC LIMIT 1`;
  return row?.id ?? null;
}

function skillChild(row: Row, { scale }: Measure, today: string, weeksLeft: number): SkillChild {
  const { studentId, givenName, familyName, value, on, dated, classId } = row;
  const now = value === null ? null : { value, on };
  const goal = row.id === null ? null : { ...goalOf(row as GoalRow), why: row.why, classId: classId as number }; // one row of goal, whole or not at all
  const isOpen = goal !== null && goal.metOn === null && goal.dueOn >= today;
  const benchmark = { now: row.benchmark?.value ?? null, endOfYear: row.endOfYear };
  const suggestion =
    value === null || isOpen ? null : suggestGoal({ baseline: value, benchmark, weeksLeft, windowWeeks: goalWeeks, scale });
  return { studentId, givenName, familyName, now, nowOn: dated, goal, suggestion };
}

async function calendar(tx: Tx): Promise<{ today: string; yearEnds: string | null }> {
  const [row] = await tx<{ today: string; yearEnds: string | null }[]>`
    SELECT t.today, (SELECT max(s.end_date) FROM academic_session s
      WHERE s.ended_at IS NULL AND s.start_date <= t.today AND s.end_date > t.today AND s.end_date < t.today + 366) AS "yearEnds"
    FROM (SELECT (now() AT TIME ZONE time_zone)::date AS today FROM district WHERE id = current_district()) t`;
  if (!row) throw new AppError('not_found', 'there is no such district', { status: 404 });
  return row;
}

type GoalRow = { id: number; baseline: number; baselineOn: string; target: number; dueOn: string; metOn: string | null };
type Row = { [K in keyof GoalRow]: GoalRow[K] | null } & {
  studentId: number;
  givenName: string;
  familyName: string;
  value: number | null;
  on: string | null;
  dated: string | null;
  benchmark: { value: number } | null;
  endOfYear: number | null;
  classId: number | null;
  why: string | null;
};

const goalOf = ({ id, baseline, baselineOn, target, dueOn, metOn }: GoalRow): GoalShape => ({
  id: String(id),
  baseline,
  baselineOn,
  target,
  dueOn,
  metOn,
});

const goalColumns = (tx: Tx) => tx`g.id, g.baseline, g.baseline_on AS "baselineOn", g.target, g.due_on AS "dueOn", g.met_on AS "metOn"`;

/** When a score of the outer r and li was come by. */
export const scoredOn = (tx: Tx) => tx`coalesce(r.score_date, li.due_date, li.assign_date)`;

const newestFirst = (tx: Tx) => tx`${scoredOn(tx)} DESC NULLS LAST, li.school_year DESC NULLS LAST,
  array_position(ARRAY['BOY', 'MOY', 'EOY'], li."window") DESC NULLS LAST, r.sourced_id DESC`;

/** Each active student with the newest score in the assessment (not of another class's column, as in measures.ts), the benchmarks that hold for it, and the goal that stands. */
const standings = (tx: Tx, classId: number, assessmentId: number) => tx<Row[]>`
  WITH member AS MATERIALIZED (SELECT DISTINCT user_id FROM active_enrollment WHERE class_id = ${classId} AND role = 'student'),
  score AS MATERIALIZED (
    SELECT DISTINCT ON (r.student_id) r.student_id, r.score, r.score_date, ${scoredOn(tx)} AS dated, li."window"
    FROM member JOIN scored_result r ON r.student_id = member.user_id
      JOIN line_item li ON li.id = r.line_item_id AND li.assessment_id = ${assessmentId} AND li.ended_at IS NULL
        AND (li.class_id IS NULL OR li.class_id = ${classId})
    ORDER BY r.student_id, ${newestFirst(tx)})
  SELECT u.id AS "studentId", coalesce(u.preferred_given_name, u.given_name) AS "givenName", coalesce(u.preferred_family_name, u.family_name) AS "familyName",
    m.score AS value, m.score_date AS "on", m.dated, b.benchmark, e.value AS "endOfYear", g.class_id AS "classId", w.reason AS why, ${goalColumns(tx)}
  FROM member JOIN "user" u ON u.id = member.user_id JOIN class c ON c.id = ${classId}
    CROSS JOIN LATERAL (SELECT coalesce(u.grades[1], CASE WHEN cardinality(c.grades) = 1 THEN c.grades[1] END) AS grade) grade
    LEFT JOIN score m ON m.student_id = u.id
    LEFT JOIN LATERAL (SELECT k.benchmark FROM (SELECT ${assessmentId}::bigint AS id) a, (SELECT grade.grade) g,
      LATERAL (${benchmarkFor(tx)}) k) b ON true
    LEFT JOIN LATERAL (
      SELECT y.value FROM benchmark y WHERE y.assessment_id = ${assessmentId} AND y.ended_at IS NULL AND (y.grade = grade.grade OR y.grade IS NULL)
        AND (lower(y."window") IN ('eoy', 'spring') OR y."window" IS NULL)
      ORDER BY y.grade NULLS LAST, y."window" NULLS LAST, y.as_of DESC NULLS LAST LIMIT 1) e ON true
    LEFT JOIN goal g ON g.student_id = u.id AND g.assessment_id = ${assessmentId} AND g.ended_at IS NULL
    LEFT JOIN LATERAL (SELECT reason FROM goal_change WHERE goal_id = g.id AND reason IS NOT NULL ORDER BY id DESC LIMIT 1) w ON true
  ORDER BY "familyName", "givenName", u.id`;

type ChildRow = GoalRow &
  Omit<MeasureRef, 'id' | 'from' | 'to' | 'window'> & { assessmentId: number; value: number | null; on: string | null };

/** A child's own goals, newest first, each with the newest score of those that can meet it. The assessment may have dropped off the feed: the goal is still the child's. */
export async function childGoals(tx: Tx, studentId: number): Promise<ChildGoal[]> {
  const rows = await tx<ChildRow[]>`
    SELECT ${goalColumns(tx)}, a.id AS "assessmentId", a.title, a.subject, a.skill, a.unit, a.levels, m.score AS value, m.score_date AS "on"
    FROM goal g JOIN assessment a ON a.id = g.assessment_id
      LEFT JOIN LATERAL (
        SELECT r.score, r.score_date FROM scored_result r JOIN line_item li ON li.id = r.line_item_id AND li.assessment_id = a.id AND li.ended_at IS NULL
        WHERE r.student_id = g.student_id AND (li.class_id IS NULL OR li.class_id = g.class_id) ORDER BY ${newestFirst(tx)} LIMIT 1) m ON true
    WHERE g.student_id = ${studentId} AND g.ended_at IS NULL ORDER BY g.id DESC`;
  return rows.map((row) => {
    const { assessmentId, title, subject, skill, unit, levels, value, on } = row;
    const measure = { id: String(assessmentId), title, subject, skill, unit, levels: levels ?? null, window: null, from: on, to: on };
    return { ...goalOf(row), measure, now: value === null ? null : { value, on } };
  });
}
