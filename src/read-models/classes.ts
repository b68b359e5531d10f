/** A teacher's classes, and the course still to be connected. Two statements for any number of classes. Throws nothing. */
import type { ClassListPermit } from '../access/policy.ts';
import type { Tx } from '../db/db.ts';
import { latestOf, type Measure, measuresOf } from './measures.ts';
import type { ClassListShape } from './shapes.ts';
import { readableTitle } from './title.ts';

/** @param contextId the course of this launch; null outside a course */
export async function classList(tx: Tx, permit: ClassListPermit, contextId: number | null): Promise<ClassListShape> {
  const [rows, measures, contextTitle] = await Promise.all([
    rowsOf(tx, permit.classIds),
    measuresOf(tx, permit.classIds),
    unconnected(tx, contextId),
  ]);
  const classes = rows.map(({ id, title, course, periods, teacher, ...rest }) => {
    const latest = latestOf(ofClass(measures, id));
    return {
      ...rest,
      id: String(id),
      title: readableTitle({ title, course, periods, teacher, id }),
      latest: latest?.ref ?? null,
      scored: latest?.scored ?? 0,
    };
  });
  return {
    classes,
    connect:
      contextTitle === null ? null : { contextTitle, candidates: classes.map(({ id, title, students }) => ({ id, title, students })) },
  };
}

export const ofClass = (measures: Measure[], classId: number): Measure[] => measures.filter((measure) => measure.classId === classId);

type ClassRow = {
  id: number;
  title: string;
  course: string | null;
  periods: string[];
  teacher: string | null;
  school: string;
  grades: string[];
  students: number;
};

const rowsOf = (tx: Tx, classIds: number[]) => tx<ClassRow[]>`
  SELECT c.id, c.title, co.title AS course, c.periods, c.grades, coalesce(o.name, '') AS school,
    (SELECT count(DISTINCT e.user_id)::int FROM active_enrollment e WHERE e.class_id = c.id AND e.role = 'student') AS students,
    (SELECT coalesce(u.preferred_family_name, u.family_name) FROM active_enrollment e JOIN "user" u ON u.id = e.user_id
      WHERE e.class_id = c.id AND e.role = 'teacher' ORDER BY e.is_primary DESC, u.id LIMIT 1) AS teacher
  FROM class c LEFT JOIN course co ON co.id = c.course_id LEFT JOIN org o ON o.id = c.school_id
  WHERE c.id = ANY(${classIds}) ORDER BY school, c.grades, c.title, c.id`;

/** The course's title when no class is connected to it; null when one is, or when there is no course. */
async function unconnected(tx: Tx, contextId: number | null): Promise<string | null> {
  const [row] = await tx<{ title: string }[]>`
    SELECT coalesce(x.title, '') AS title FROM lti_context x
    WHERE x.id = ${contextId} AND NOT EXISTS (SELECT 1 FROM class c WHERE c.id = x.class_id AND c.ended_at IS NULL)`;
  return row?.title ?? null;
}
