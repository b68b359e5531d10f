/** A leader's schools: each class's readiness, and each grade's standing in groups large enough to hide everybody. No child is named or numbered. */

import type { DisplayPolicy } from '../../config/policy.ts';
import type { SchoolPermit } from '../access/policy.ts';
import { isBandSized } from '../aptt/preflight.ts';
import { suppress } from '../aptt/suppression.ts';
import type { Tx } from '../db/db.ts';
import { asOf } from './class.ts';
import { grouped } from './group.ts';
import { benchmarkFor, latestOf, type Measure, measuresOf } from './measures.ts';
import type { MeasureRef, SchoolsShape } from './shapes.ts';
import { readableTitle } from './title.ts';

type School = SchoolsShape['schools'][number];

export async function schoolsView(tx: Tx, { schoolIds }: SchoolPermit, policy: DisplayPolicy): Promise<SchoolsShape> {
  const [schools, classes, grades] = await Promise.all([
    tx<{ id: number; name: string }[]>`SELECT id, name FROM org WHERE id = ANY(${schoolIds}) ORDER BY name, id`,
    classesOf(tx, schoolIds),
    gradesOf(tx, schoolIds),
  ]);
  const measures = await measuresOf(
    tx,
    classes.map((row) => row.id),
  );
  const byClass = grouped(measures, (measure) => measure.classId);
  const latest = new Map(classes.map(({ id }) => [id, latestOf(byClass.get(id) ?? [])]));
  const optedOut = await optedOutOf(tx, [...latest.values()]);
  return {
    schools: schools.map(({ id, name }) => ({
      id: String(id),
      name,
      classes: classes
        .filter((row) => row.schoolId === id)
        .map((row) => classLine(row, latest.get(row.id) ?? null, optedOut.get(row.id) ?? 0, policy)),
      grades: gradeLines(
        grades.filter((row) => row.schoolId === id),
        policy,
      ),
    })),
  };
}

type ClassRow = {
  id: number;
  schoolId: number;
  title: string;
  course: string | null;
  periods: string[];
  grades: string[];
  teachers: string[];
  students: number;
  rosterAsOf: Date;
  held: boolean;
  bandsConsent: boolean;
};

const classesOf = (tx: Tx, schoolIds: number[]) => tx<ClassRow[]>`
  SELECT c.id, c.school_id AS "schoolId", c.title, co.title AS course, c.periods, c.grades, ${asOf(tx)} AS "rosterAsOf", h.class_id IS NOT NULL AS held,
    EXISTS (SELECT 1 FROM band_consent b WHERE b.class_id = c.id) AS "bandsConsent",
    coalesce(m.students, 0) AS students, coalesce(m.teachers, '{}') AS teachers
  FROM class c JOIN source s ON s.id = c.source_id LEFT JOIN course co ON co.id = c.course_id LEFT JOIN class_hold h ON h.class_id = c.id
    LEFT JOIN LATERAL (
      SELECT (count(DISTINCT e.user_id) FILTER (WHERE e.role = 'student'))::int AS students,
        array_agg(DISTINCT concat_ws(' ', coalesce(u.preferred_given_name, u.given_name), coalesce(u.preferred_family_name, u.family_name)))
          FILTER (WHERE e.role = 'teacher') AS teachers
      FROM active_enrollment e LEFT JOIN "user" u ON u.id = e.user_id AND e.role = 'teacher' WHERE e.class_id = c.id) m ON true
  WHERE c.school_id = ANY(${schoolIds}) AND c.ended_at IS NULL ORDER BY ${youngestFirst(tx, tx`c.grades[1]`)}, c.grades, c.title, c.id`;

/** OneRoster's codes before first grade are letters, in this order; from 01 on they sort themselves. */
const youngestFirst = (tx: Tx, grade: ReturnType<Tx>) =>
  tx`array_position(ARRAY['IT', 'PR', 'PK', 'TK', 'KG'], ${grade}) NULLS LAST, ${grade}`;

/** Of the children scored in each class's latest measure, those whose family opted out of the chart. */
async function optedOutOf(tx: Tx, latest: (Measure | null)[]): Promise<Map<number, number>> {
  const shown = latest.filter((measure) => measure !== null);
  const rows = await tx<{ classId: number; count: number }[]>`
    SELECT t.class_id AS "classId", count(DISTINCT e.user_id)::int AS count
    FROM unnest(${shown.map((measure) => measure.classId)}::bigint[], ${shown.map((measure) => measure.id)}::bigint[]) AS t(class_id, line_item_id)
      JOIN active_enrollment e ON e.class_id = t.class_id AND e.role = 'student' JOIN chart_opt_out o ON o.student_id = e.user_id
      JOIN scored_result r ON r.student_id = e.user_id AND r.line_item_id = t.line_item_id
    GROUP BY 1`;
  return new Map(rows.map(({ classId, count }) => [classId, count]));
}

function classLine(row: ClassRow, latest: Measure | null, optedOut: number, policy: DisplayPolicy): School['classes'][number] {
  const { id, title, course, periods, grades, teachers, students, held, bandsConsent } = row;
  const scores = shareOf(latest?.scored ?? 0, students);
  const bands = !isBandSized((latest?.scored ?? 0) - optedOut, policy) ? 'not_needed' : bandsConsent ? 'allowed' : 'needs_consent';
  return {
    id: String(id),
    title: readableTitle({ title, course, periods, teacher: teachers[0] ?? null, id }),
    grades,
    teachers,
    students,
    rosterAsOf: row.rosterAsOf.toISOString(),
    held,
    latest: latest?.ref ?? null,
    scores,
    meeting: !latest?.meeting ? 'none' : latest.meeting.presentedAt ? 'presented' : 'prepared',
    bands,
    // What a teacher needs before a meeting can be presented.
    ready: students >= policy.bandsFrom && !held && (scores === 'all' || scores === 'most') && bands !== 'needs_consent',
  };
}

function shareOf(scored: number, students: number): School['classes'][number]['scores'] {
  if (scored === 0 || students === 0) return 'none';
  if (scored >= students) return 'all';
  return scored >= 0.8 * students ? 'most' : 'some';
}

type GradeRow = Omit<MeasureRef, 'id'> & { id: number; schoolId: number; grade: string; children: number; atOrAbove: number | null };

/** Every child once, whatever their classes, by the grade they are in. */
const gradesOf = (tx: Tx, schoolIds: number[]) => tx<GradeRow[]>`
  WITH pupil AS MATERIALIZED (
    SELECT DISTINCT c.school_id, e.user_id, u.grades[1] AS grade
    FROM class c JOIN active_enrollment e ON e.class_id = c.id AND e.role = 'student' JOIN "user" u ON u.id = e.user_id
    WHERE c.school_id = ANY(${schoolIds}) AND c.ended_at IS NULL AND u.grades[1] IS NOT NULL),
  score AS MATERIALIZED (
    SELECT DISTINCT ON (r.line_item_id, p.school_id, p.user_id) p.school_id, p.grade, r.line_item_id, r.score, r.score_date
    FROM pupil p JOIN scored_result r ON r.student_id = p.user_id
    ORDER BY r.line_item_id, p.school_id, p.user_id, r.score_date DESC NULLS LAST, r.sourced_id DESC),
  g AS MATERIALIZED (
    SELECT school_id, grade, line_item_id, array_agg(score) AS scores, min(score_date) AS first_on, max(score_date) AS last_on
    FROM score GROUP BY 1, 2, 3)
  SELECT g.school_id AS "schoolId", g.grade, m.id, a.title, a.subject, a.skill, a.unit, m."window", g.first_on AS "from", g.last_on AS "to",
    cardinality(g.scores) AS children,
    CASE WHEN b.benchmark IS NOT NULL THEN (
      SELECT count(*)::int FROM unnest(g.scores) score WHERE score >= (b.benchmark ->> 'value')::float8) END AS "atOrAbove"
  FROM g JOIN line_item m ON m.id = g.line_item_id AND m.class_id IS NULL AND m.ended_at IS NULL
    JOIN assessment a ON a.id = m.assessment_id AND a.ended_at IS NULL LEFT JOIN LATERAL (${benchmarkFor(tx)}) b ON true
  ORDER BY ${youngestFirst(tx, tx`g.grade`)}, "to" DESC NULLS LAST, m.id DESC`;

/** A measure over the grades of a school is one column: its total may be known from elsewhere. */
function gradeLines(rows: GradeRow[], policy: DisplayPolicy): School['grades'] {
  const hidden = new Map<GradeRow, ReturnType<typeof suppress>[number]>();
  for (const column of grouped(rows, (row) => row.id).values()) {
    for (const [i, cell] of suppress(column, policy.cellFrom).entries()) hidden.set(column[i] as GradeRow, cell); // one cell a row, in order
  }
  return rows.map((row) => {
    const { schoolId: _, grade, children: __, atOrAbove: ___, id, from, to, ...ref } = row;
    const cell = hidden.get(row) ?? { children: null, atOrAbove: null };
    const days = cell.children === null ? { from: null, to: null } : { from, to }; // when a few were tested is theirs too
    return { grade, measure: { ...ref, ...days, id: String(id) }, ...cell };
  });
}
