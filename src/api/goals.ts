/** Six-week goals: what a class's teachers set, change and take back, each with its line in the goal's own history and in the audit; and whether a goal is met, which nobody sets. */
import type { Router } from 'express';
import { z } from 'zod';
import { actorOf, record } from '../access/audit.ts';
import { type ClassPermit, notFound, permitClass } from '../access/policy.ts';
import { asViewer, type Viewer } from '../access/viewer.ts';
import { impossible, type Wish } from '../aptt/goal.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { classGoals, isGranted, type Skill, type SkillChild, scoredOn, skillOf } from '../read-models/goals.ts';
import { type ApiOptions, id, idOf, type Routes, requireOwnPage } from './route.ts';

const reason = z.string().trim().max(300).nullable().default(null);
const wish = z.object({ target: z.number(), dueOn: z.iso.date(), reason });
const wishes = z.object({
  measureId: id,
  goals: z
    .array(wish.extend({ childId: id }))
    .min(1)
    .max(200),
});
const taken = z.object({ goalIds: z.array(id).min(1).max(200) });

const wished = z.object({ wish: z.enum(['on', 'off', 'removed']) });

export function goalRoutes(router: Router, { read, act }: Routes, { db, url, onGoalsWished }: ApiOptions): void {
  const measure = z.object({ measure: id.optional() });
  router.get(
    '/classes/:id/goals',
    read(async ({ tx, viewer, req }) => {
      const permit = permitClass(viewer, idOf(req));
      const { classId, reason } = permit;
      await reckonGoals(tx, { classId });
      await record(tx, viewer, { action: 'goals.view', reason, classId });
      return classGoals(tx, permit, measure.parse(req.query).measure ?? null);
    }),
  );
  router.post(
    '/classes/:id/goals',
    act(({ tx, viewer, req }) => setGoals(tx, viewer, permitClass(viewer, idOf(req)), wishes.parse(req.body))),
  );
  router.post(
    '/classes/:id/goals/take-back',
    act(({ tx, viewer, req }) => takeBackGoals(tx, viewer, permitClass(viewer, idOf(req)), taken.parse(req.body).goalIds)),
  );
  router.post(
    '/classes/:id/goals/:goal',
    act(({ tx, viewer, req }) => changeGoal(tx, viewer, permitClass(viewer, idOf(req)), idOf(req, 'goal'), wish.parse(req.body))),
  );
  router.post('/classes/:id/goal-columns/:course', async (req, res) => {
    requireOwnPage(req, url);
    const contextId = idOf(req, 'course');
    const districtId = await asViewer(db, req.headers, async (tx, viewer) => {
      await wishColumn(tx, viewer, permitClass(viewer, idOf(req)), contextId, wished.parse(req.body).wish);
      return viewer.districtId;
    });
    // Only now: whoever sees to it has to find what was wished.
    onGoalsWished(districtId, contextId);
    res.status(204).end();
  });
}

type Wished = Wish & { reason: string | null };

/**
 * One open goal a child and skill: the next one may be set when this one is met or its day has passed, and ends it. What stands already as it
 * is wished is left alone.
 * @throws AppError `not_found` · `goal_exists` · `goal_impossible` naming the field · `goal_reason_missing`
 */
async function setGoals(
  tx: Tx,
  viewer: Viewer,
  permit: ClassPermit,
  { measureId, goals }: { measureId: number; goals: (Wished & { childId: number })[] },
): Promise<{ goalIds: string[] }> {
  const { districtId, classId } = permit;
  const skill = await skillOf(tx, permit, measureId);
  if (!skill?.isAsked) throw notFound('measure');
  const wanted = new Map(goals.map((goal) => [goal.childId, goal])); // said twice, the last one counts
  // In one order, whoever asks: of two at once one waits for the other, and never each for each.
  const inOrder = [...wanted.values()].sort((a, b) => a.childId - b.childId);
  const set = inOrder.flatMap((goal) => {
    const child = skill.children.find(({ studentId }) => studentId === goal.childId);
    if (!child?.now) throw notFound('child');
    return isSet(child, goal, skill) ? [] : [newGoal(child, child.now.value, goal, skill)];
  });
  if (set.length === 0) return { goalIds: [] };
  const students = set.map(({ studentId }) => studentId);
  const actor = actorOf(viewer);
  const assessmentId = skill.measure.assessmentId as number; // a skill's measure has one
  await tx`
    WITH ended AS (
      UPDATE goal SET ended_at = now(), ended_because = 'next_goal'
      WHERE district_id = ${districtId} AND assessment_id = ${assessmentId} AND student_id = ANY(${students}) AND ended_at IS NULL
        AND (met_on IS NOT NULL OR due_on < ${skill.today})
      RETURNING id, target, due_on)
    ${story(tx, districtId, 'next_goal', actor)} FROM ended`;
  const made = await tx<{ id: number; studentId: number }[]>`
    INSERT INTO goal (district_id, class_id, student_id, assessment_id, baseline, baseline_on, target, due_on, set_by)
    SELECT ${districtId}, ${classId}, student, ${assessmentId}, baseline, baseline_on, target, due_on, ${actor}
    FROM unnest(${students}::bigint[], ${set.map((goal) => goal.baseline)}::float8[], ${set.map((goal) => goal.baselineOn)}::date[],
      ${set.map((goal) => goal.target)}::float8[], ${set.map((goal) => goal.dueOn)}::date[]) AS t(student, baseline, baseline_on, target, due_on)
    ON CONFLICT (district_id, student_id, assessment_id) WHERE ended_at IS NULL DO NOTHING RETURNING id, student_id AS "studentId"`;
  const why = made.map(({ studentId }) => wanted.get(studentId)?.reason ?? null);
  await tx`
    INSERT INTO goal_change (district_id, goal_id, change, actor, target, due_on, reason)
    SELECT ${districtId}, g.id, 'set', ${actor}, g.target, g.due_on, t.why
    FROM unnest(${made.map((goal) => goal.id)}::bigint[], ${why}::text[]) AS t(id, why) JOIN goal g ON g.district_id = ${districtId} AND g.id = t.id`;
  await recordEach(tx, viewer, permit, 'goal.set', made);
  return { goalIds: made.map((goal) => String(goal.id)) };
}

function isSet({ goal }: SkillChild, { target, dueOn }: Wish, { today }: Skill): boolean {
  if (!goal || goal.metOn !== null || goal.dueOn < today) return false;
  if (goal.target === target && goal.dueOn === dueOn) return true;
  throw new AppError('goal_exists', 'the child has a goal in this skill already', {
    status: 409,
    hint: 'Change it, or take it back first.',
  });
}

function newGoal({ studentId, nowOn, suggestion }: SkillChild, baseline: number, goal: Wished, { measure, today, dueOn }: Skill) {
  refuseImpossible(goal, { baseline, scale: measure.scale, today });
  const isOwn = suggestion?.target == null || (suggestion.target === goal.target && dueOn === goal.dueOn);
  if (!isOwn && !goal.reason) throw reasonMissing();
  return { studentId, baseline, baselineOn: nowOn ?? today, target: goal.target, dueOn: goal.dueOn };
}

/** @param kept stays as it was, so it may be what could not be set anew */
function refuseImpossible(goal: Wish, from: Parameters<typeof impossible>[1], kept: keyof Wish | null = null): void {
  const field = impossible(goal, from);
  if (field === null || field === kept) return;
  const message = field === 'target' ? 'the target is not beyond the score, or off the scale' : 'the day is past, or more than a year off';
  throw new AppError('goal_impossible', message, { status: 400, field });
}

const reasonMissing = () =>
  new AppError('goal_reason_missing', 'a goal other than the one suggested, or changed, needs a reason', { status: 400, field: 'reason' });

/** @throws AppError `not_found` · `goal_impossible` · `goal_reason_missing` */
async function changeGoal(tx: Tx, viewer: Viewer, permit: ClassPermit, goalId: number, { target, dueOn, reason }: Wished): Promise<void> {
  const { districtId, classId } = permit;
  const [goal] = await tx<{ baseline: number; max: number | null; today: string; target: number; dueOn: string; studentId: number }[]>`
    SELECT g.baseline, a.scale_max AS max, (now() AT TIME ZONE d.time_zone)::date AS today, g.target, g.due_on AS "dueOn", g.student_id AS "studentId"
    FROM goal g JOIN district d ON d.id = g.district_id LEFT JOIN assessment a ON a.district_id = g.district_id AND a.id = g.assessment_id
    WHERE g.district_id = ${districtId} AND g.id = ${goalId} AND g.ended_at IS NULL AND ${isOfClass(tx, classId)} FOR UPDATE OF g`;
  if (!goal) throw notFound('goal');
  if (goal.target === target && goal.dueOn === dueOn) return;
  const { baseline, max, today } = goal;
  refuseImpossible({ target, dueOn }, { baseline, scale: { min: null, max }, today }, dueOn === goal.dueOn ? 'dueOn' : null);
  if (!reason) throw reasonMissing();
  await tx`
    WITH changed AS (
      UPDATE goal SET target = ${target}, due_on = ${dueOn}, met_on = NULL, met_line_item_id = NULL
      WHERE district_id = ${districtId} AND id = ${goalId} RETURNING id, target, due_on)
    ${story(tx, districtId, 'changed', actorOf(viewer), reason)} FROM changed`;
  await reckonGoals(tx, { classId });
  await recordEach(tx, viewer, permit, 'goal.change', [goal]);
}

/** It counts as never set: a goal that ended for its sake stands again. What was taken back already stays so. */
async function takeBackGoals(tx: Tx, viewer: Viewer, permit: ClassPermit, goalIds: number[]): Promise<void> {
  const { districtId, classId } = permit;
  const actor = actorOf(viewer);
  const ended = await tx<{ id: number; studentId: number }[]>`
    UPDATE goal g SET ended_at = now(), ended_because = 'taken_back'
    WHERE g.district_id = ${districtId} AND g.id = ANY(${goalIds}) AND g.ended_at IS NULL AND ${isOfClass(tx, classId)}
    RETURNING g.id, g.student_id AS "studentId"`;
  const ids = ended.map((goal) => goal.id);
  await tx`WITH ended AS (SELECT id, target, due_on FROM goal WHERE district_id = ${districtId} AND id = ANY(${ids}))
    ${story(tx, districtId, 'taken_back', actor)} FROM ended`;
  await tx`
    WITH reopened AS (
      UPDATE goal p SET ended_at = NULL, ended_because = NULL FROM goal g
      WHERE g.district_id = ${districtId} AND g.id = ANY(${ids}) AND p.district_id = g.district_id AND p.student_id = g.student_id
        AND p.assessment_id = g.assessment_id AND p.ended_because = 'next_goal' AND p.ended_at = g.set_at
      RETURNING p.id, p.target, p.due_on)
    ${story(tx, districtId, 'reopened', actor)} FROM reopened`;
  await recordEach(tx, viewer, permit, 'goal.take_back', ended);
}

const columnActs = { on: 'goals.publish', off: 'goals.stop_publishing', removed: 'goals.remove_column' } as const;

/**
 * Whether "APTT goal met" stands in a course's grade book is its class's teachers' wish.
 * @throws AppError `not_found` · `grades_not_granted`: whoever runs the platform has to allow it first; stopping needs nobody's leave
 */
async function wishColumn(tx: Tx, viewer: Viewer, permit: ClassPermit, contextId: number, wish: keyof typeof columnActs): Promise<void> {
  const { districtId, classId, reason } = permit;
  const [course] = await tx<{ granted: boolean }[]>`
    SELECT ${isGranted(tx)} AS granted FROM lti_context x WHERE x.district_id = ${districtId} AND x.id = ${contextId} AND x.class_id = ${classId}`;
  if (!course) throw notFound('course');
  if (wish === 'on' && !course.granted) {
    throw new AppError('grades_not_granted', 'the platform does not let this tool write in its grade book', {
      status: 409,
      hint: 'District IT allows the services “line items” and “scores” for it; then open it once more from the course.',
    });
  }
  await tx`INSERT INTO goal_column (district_id, context_id, class_id, wish, wished_by)
    VALUES (${districtId}, ${contextId}, ${classId}, ${wish}, ${actorOf(viewer)})
    ON CONFLICT (district_id, context_id) DO UPDATE SET class_id = EXCLUDED.class_id, wish = EXCLUDED.wish, wished_at = now(), wished_by = EXCLUDED.wished_by`;
  await record(tx, viewer, { action: columnActs[wish], reason: `${reason} course:${contextId}`, classId });
}

/** Of the outer g: its child is in this class today. */
const isOfClass = (tx: Tx, classId: number) =>
  tx`g.student_id IN (SELECT e.user_id FROM active_enrollment e WHERE e.class_id = ${classId} AND e.role = 'student')`;

/** A line of history for each row of what follows `FROM`, which has id, target and due_on. */
const story = (tx: Tx, districtId: number, change: string, actor: string, reason: string | null = null) => tx`
  INSERT INTO goal_change (district_id, goal_id, change, actor, target, due_on, reason)
  SELECT ${districtId}::int, id, ${change}, ${actor}, target, due_on, ${reason}::text`;

const recordEach = (
  tx: Tx,
  viewer: Viewer,
  { classId, reason }: ClassPermit,
  action: 'goal.set' | 'goal.change' | 'goal.take_back',
  of: { studentId: number }[],
) => record(tx, viewer, ...of.map(({ studentId }) => ({ action, reason, classId, studentId })));

/**
 * A goal is met by the first score in its skill that is of a later day than the baseline's and reaches the target, whether its own day has
 * passed by then or not: late is reached, too. A score without a day has that of its administration; without either it shows nothing.
 * A column of another class than the goal's does not count: the goal's teachers see none of it, and set their goals without it.
 * Met stays met when the score merely drops off the feed; a score that is corrected, and no other that reaches the target, takes it back.
 * @param of only these goals
 */
export async function reckonGoals(tx: Tx, of: { classId?: number; studentId?: number } = {}): Promise<void> {
  const among =
    of.classId !== undefined ? isOfClass(tx, of.classId) : of.studentId !== undefined ? tx`g.student_id = ${of.studentId}` : tx`true`;
  const reaching = tx`
    FROM scored_result r JOIN line_item li ON li.district_id = r.district_id AND li.id = r.line_item_id
    WHERE r.district_id = g.district_id AND r.student_id = g.student_id AND li.assessment_id = g.assessment_id AND r.score >= g.target
      AND ${scoredOn(tx)} > g.baseline_on AND (li.class_id IS NULL OR li.class_id = g.class_id)`;
  await tx`
    WITH met AS (
      UPDATE goal SET met_on = first."on", met_line_item_id = first.item
      FROM goal g CROSS JOIN LATERAL (SELECT ${scoredOn(tx)} AS "on", li.id AS item ${reaching} ORDER BY 1, 2 LIMIT 1) first
      WHERE goal.district_id = g.district_id AND goal.id = g.id AND g.ended_at IS NULL AND g.met_on IS NULL AND ${among}
        -- as it is now: whoever changed it meanwhile has it reckoned anew
        AND goal.ended_at IS NULL AND goal.met_on IS NULL AND goal.target = g.target
      RETURNING goal.district_id, goal.id, goal.target, goal.due_on)
    INSERT INTO goal_change (district_id, goal_id, change, actor, target, due_on) SELECT district_id, id, 'met', 'scores', target, due_on FROM met`;
  await tx`
    WITH lost AS (
      UPDATE goal g SET met_on = NULL, met_line_item_id = NULL
      WHERE g.ended_at IS NULL AND g.met_on IS NOT NULL AND ${among} AND NOT EXISTS (SELECT 1 ${reaching})
        AND EXISTS (SELECT 1 FROM scored_result s WHERE s.district_id = g.district_id AND s.student_id = g.student_id AND s.line_item_id = g.met_line_item_id)
      RETURNING g.district_id, g.id, g.target, g.due_on)
    INSERT INTO goal_change (district_id, goal_id, change, actor, target, due_on) SELECT district_id, id, 'met_no_more', 'scores', target, due_on FROM lost`;
}
