/** A teacher's class: the roster's state, the chosen measure's chart, and the way to the meeting. Three statements, whatever the class's size. */

import { type DisplayPolicy, graceDays } from '../../config/policy.ts';
import type { ClassPermit } from '../access/policy.ts';
import { buildChart } from '../aptt/chart.ts';
import { growthOf } from '../aptt/growth.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { readableCodes } from '../roster/objectives.ts';
import { latestOf, type Measure, measuresOf, previousOf } from './measures.ts';
import { scoresOf } from './scores.ts';
import type { ClassShape, Person } from './shapes.ts';
import { readableTitle } from './title.ts';

/** @throws AppError `not_found` when the class has no such measure */
export async function classView(tx: Tx, permit: ClassPermit, measureId: number | null, policy: DisplayPolicy): Promise<ClassShape> {
  const [facts, measures] = await Promise.all([factsOf(tx, permit), measuresOf(tx, [permit.classId])]);
  const chosen =
    measureId === null ? firstShown(measures, facts.carriedAssessmentId) : measures.find((measure) => measure.id === measureId);
  if (chosen === undefined) throw new AppError('not_found', 'this class has no such measure', { status: 404 });
  const {
    id,
    title,
    course,
    periods,
    bandsConsent,
    asOf,
    sourceName,
    heldSince,
    arrivedLately,
    leftLately,
    carriedAssessmentId: _,
    ...rest
  } = facts;
  return {
    ...rest,
    id: String(id),
    title: readableTitle({ title, course, periods, teacher: rest.teachers[0]?.familyName ?? null, id }),
    roster: { asOf: asOf.toISOString(), sourceName, held: heldSince && { since: heldSince.toISOString() }, arrivedLately, leftLately },
    measures: measures.map((measure) => measure.ref),
    measure: chosen && (await measureView(tx, permit, chosen, previousOf(measures, chosen), bandsConsent, policy)),
    meeting: chosen?.meeting ? { id: String(chosen.meeting.id), presentedAt: chosen.meeting.presentedAt?.toISOString() ?? null } : null,
  };
}

/** The newest; in a course copied from last year's, before its own first meeting, the newest of the assessment that one worked with. */
function firstShown(measures: Measure[], carriedAssessmentId: number | null): Measure | null {
  const carried = measures.some((measure) => measure.meeting) ? [] : measures.filter((each) => each.assessmentId === carriedAssessmentId);
  return latestOf(carriedAssessmentId !== null && carried.length > 0 ? carried : measures);
}

async function measureView(
  tx: Tx,
  { classId }: ClassPermit,
  measure: Measure,
  previous: Measure | null,
  bandsConsent: boolean,
  policy: DisplayPolicy,
): Promise<ClassShape['measure']> {
  const children = await scoresOf(tx, {
    classId,
    lineItemId: measure.id,
    previousId: previous?.id ?? null,
    meetingId: measure.meeting?.id ?? null,
  });
  const { scale, benchmark } = measure;
  return {
    ref: measure.ref,
    objectives: readableCodes(measure.objectives),
    scoresAsOf: measure.asOf?.toISOString() ?? null,
    missing: children.filter((child) => child.value === null).map(({ givenName, familyName }) => ({ givenName, familyName })),
    chart: buildChart({ children, scale, benchmark, bandsConsent, policy }),
    growth:
      previous && growthOf(children, previous.ref, { before: previous.benchmark?.value ?? null, now: benchmark?.value ?? null }, policy),
  };
}

type Facts = {
  id: number;
  title: string;
  course: string | null;
  periods: string[];
  grades: string[];
  school: string;
  teachers: Person[];
  students: number;
  asOf: Date;
  sourceName: string;
  heldSince: Date | null;
  bandsConsent: boolean;
  goals: ClassShape['goals'];
  /** Of the last meeting of the class whose course this one's was copied from. */
  carriedAssessmentId: number | null;
  arrivedLately: (Person & { on: string })[];
  leftLately: (Person & { on: string })[];
};

async function factsOf(tx: Tx, { districtId, classId }: ClassPermit): Promise<Facts> {
  const [facts] = await tx<Facts[]>`
    WITH member AS MATERIALIZED (SELECT * FROM active_enrollment WHERE class_id = ${classId})
    SELECT c.id, c.title, co.title AS course, c.periods, c.grades, coalesce(o.name, '') AS school, s.name AS "sourceName", h.held_at AS "heldSince",
      ${asOf(tx)} AS "asOf",
      (SELECT count(DISTINCT user_id)::int FROM member WHERE role = 'student') AS students,
      EXISTS (SELECT 1 FROM band_consent b WHERE b.class_id = c.id) AS "bandsConsent",
      (SELECT jsonb_build_object('open', count(*) FILTER (WHERE open), 'met', count(*) FILTER (WHERE met), 'past', count(*) FILTER (WHERE NOT open AND NOT met)) FROM (
        SELECT bool_and(g.met_on IS NOT NULL) AS met, bool_or(g.met_on IS NULL AND g.due_on >= (now() AT TIME ZONE d.time_zone)::date) AS open
        FROM goal g JOIN district d ON d.id = g.district_id
        WHERE g.ended_at IS NULL AND g.student_id IN (SELECT user_id FROM member WHERE role = 'student') GROUP BY g.student_id) each) AS goals,
      (SELECT li.assessment_id FROM lti_context x
        JOIN lti_context origin ON origin.platform_id = x.platform_id AND origin.deployment_id = x.deployment_id AND origin.context_id = ANY(x.copied_from)
        JOIN meeting t ON t.class_id = origin.class_id AND t.cancelled_at IS NULL JOIN line_item li ON li.id = t.line_item_id
        WHERE x.class_id = c.id AND cardinality(x.copied_from) > 0 ORDER BY t.id DESC LIMIT 1) AS "carriedAssessmentId",
      ${people(
        tx,
        tx`SELECT u.id, ${names(tx)}, NULL::date AS "on", bool_or(m.is_primary) AS first FROM member m JOIN "user" u ON u.id = m.user_id
        WHERE m.role = 'teacher' GROUP BY u.id, 2, 3`,
      )} AS teachers,
      ${people(tx, arrivals(tx))} AS "arrivedLately",
      ${people(tx, leavers(tx))} AS "leftLately"
    FROM class c JOIN source s ON s.id = c.source_id
      LEFT JOIN course co ON co.id = c.course_id LEFT JOIN org o ON o.id = c.school_id LEFT JOIN class_hold h ON h.class_id = c.id
    WHERE c.district_id = ${districtId} AND c.id = ${classId}`;
  if (!facts) throw new AppError('not_found', 'there is no such class here', { status: 404 });
  return facts;
}

/** Of the outer c, s and h: the last run that confirmed the class; for a held class the last one before it was held. */
export const asOf = (tx: Tx) => tx`coalesce((
  SELECT r.finished_at FROM sync_run r WHERE r.source_id = c.source_id AND r.status IN ('applied', 'unchanged') AND (h.run_id IS NULL OR r.id < h.run_id)
  ORDER BY r.id DESC LIMIT 1), s.created_at)`;

const names = (tx: Tx) => tx`
  coalesce(u.preferred_given_name, u.given_name) AS given, coalesce(u.preferred_family_name, u.family_name) AS family`;

const people = (tx: Tx, rows: ReturnType<typeof names>) => tx`coalesce((
  SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('givenName', given, 'familyName', family, 'on', "on")) ORDER BY first DESC, family, given)
  FROM (${rows}) p), '[]')`;

/** Those who came after the class began: by their begin date or, where the source gives none, by the run that first brought them. */
const arrivals = (tx: Tx) => tx`
  SELECT u.id, ${names(tx)}, min(coalesce(m.begin_date, r.started_at::date)) AS "on", false AS first
  FROM member m JOIN "user" u ON u.id = m.user_id LEFT JOIN sync_run r ON r.id = m.first_run
  WHERE m.role = 'student' AND coalesce(m.begin_date, r.started_at::date) > current_date - ${graceDays}::int
    AND (m.first_run > c.first_run OR m.begin_date > (SELECT min(begin_date) FROM member))
  GROUP BY u.id, 2, 3`;

const leavers = (tx: Tx) => tx`
  SELECT u.id, ${names(tx)}, max(coalesce(e.ended_at::date, e.end_date)) AS "on", false AS first
  FROM enrollment e JOIN "user" u ON u.id = e.user_id
  WHERE e.class_id = c.id AND e.role = 'student' AND coalesce(e.ended_at::date, e.end_date) BETWEEN current_date - ${graceDays}::int AND current_date
    AND NOT EXISTS (SELECT 1 FROM member m WHERE m.user_id = e.user_id)
  GROUP BY u.id, 2, 3`;
