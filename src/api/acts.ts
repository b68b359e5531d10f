/** What people do, one function an act, each in the request's transaction with its line in the audit. Every act can be repeated without harm. */

import type { DisplayPolicy } from '../../config/policy.ts';
import { record } from '../access/audit.ts';
import { type ClassPermit, type MeetingPermit, notFound, permitClass } from '../access/policy.ts';
import type { Viewer } from '../access/viewer.ts';
import { drawNumbers } from '../aptt/private-numbers.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { isOwnWish } from '../read-models/child.ts';
import { measuresOf } from '../read-models/measures.ts';
import { preflightOrRefuse } from '../read-models/meeting.ts';

/**
 * The next meeting of a class on a measure: the one under preparation, or a new one; children without a number get theirs.
 * @throws AppError `not_found` when the class has no such measure
 */
export async function prepareMeeting(
  tx: Tx,
  viewer: Viewer,
  permit: ClassPermit,
  measureId: number,
  policy: DisplayPolicy,
): Promise<{ id: string }> {
  const { districtId, classId, reason } = permit;
  const measures = await measuresOf(tx, [classId]);
  if (!measures.some((measure) => measure.id === measureId)) throw notFound('measure');
  await tx`INSERT INTO meeting (district_id, class_id, line_item_id, created_by) VALUES (${districtId}, ${classId}, ${measureId}, ${viewer.accountId})
    ON CONFLICT (district_id, class_id, line_item_id) WHERE presented_at IS NULL AND cancelled_at IS NULL DO NOTHING`;
  const [meeting] = await tx<{ id: number }[]>`
    SELECT id FROM meeting WHERE district_id = ${districtId} AND class_id = ${classId} AND line_item_id = ${measureId}
      AND presented_at IS NULL AND cancelled_at IS NULL FOR UPDATE`;
  if (!meeting)
    throw new AppError('meeting_changed', 'somebody else has just begun this meeting', { status: 409, hint: 'Load the page again.' });
  await numberChildren(tx, { districtId, classId, meetingId: meeting.id }, policy);
  await record(tx, viewer, { action: 'meeting.prepare', reason, classId, meetingId: meeting.id });
  return { id: String(meeting.id) };
}

/** The meeting's row is locked by the caller, so no number is drawn twice. */
async function numberChildren(
  tx: Tx,
  { districtId, classId, meetingId }: { districtId: number; classId: number; meetingId: number },
  policy: DisplayPolicy,
): Promise<void> {
  const children = await tx<{ studentId: number; number: number | null }[]>`
    SELECT DISTINCT e.user_id AS "studentId", n.number FROM active_enrollment e
      LEFT JOIN private_number n ON n.meeting_id = ${meetingId} AND n.student_id = e.user_id
    WHERE e.district_id = ${districtId} AND e.class_id = ${classId} AND e.role = 'student'`;
  const lacking = children.filter((child) => child.number === null);
  if (lacking.length === 0) return;
  const used = await tx<{ number: number }[]>`
    SELECT number FROM private_number WHERE district_id = ${districtId} AND meeting_id = ${meetingId}`;
  const { numbers, redrawAll } = drawNumbers(policy.pool, lacking.length, new Set(used.map((row) => row.number)));
  const receiving = redrawAll ? children : lacking;
  if (redrawAll) await tx`DELETE FROM private_number WHERE district_id = ${districtId} AND meeting_id = ${meetingId}`;
  if (receiving.length === children.length)
    await tx`UPDATE meeting SET drawn_at = now() WHERE district_id = ${districtId} AND id = ${meetingId}`;
  await tx`INSERT INTO private_number (district_id, meeting_id, student_id, number)
    SELECT ${districtId}, ${meetingId}, student, number
    FROM unnest(${receiving.map((child) => child.studentId)}::bigint[], ${numbers.slice(0, receiving.length)}::int[]) AS t(student, number)`;
}

/** Begins the data talk. @throws AppError `cannot_present` when the privacy preflight refuses */
export async function presentMeeting(tx: Tx, viewer: Viewer, permit: MeetingPermit, policy: DisplayPolicy): Promise<void> {
  const { districtId, meetingId, classId, reason } = permit;
  await tx`SELECT 1 FROM meeting WHERE district_id = ${districtId} AND id = ${meetingId} FOR UPDATE`;
  await preflightOrRefuse(tx, permit, policy);
  await tx`UPDATE meeting SET presented_at = coalesce(presented_at, now()) WHERE district_id = ${districtId} AND id = ${meetingId}`;
  await record(tx, viewer, { action: 'meeting.present', reason, classId, meetingId });
}

/** New numbers for everybody, before the meeting begins. @throws AppError `already_presented` */
export async function redrawNumbers(tx: Tx, viewer: Viewer, permit: MeetingPermit, policy: DisplayPolicy): Promise<void> {
  const { districtId, meetingId, classId, reason } = permit;
  const [meeting] = await tx<{ presented: boolean }[]>`
    SELECT presented_at IS NOT NULL AS presented FROM meeting WHERE district_id = ${districtId} AND id = ${meetingId} FOR UPDATE`;
  if (meeting?.presented) {
    throw new AppError('already_presented', 'this meeting has begun with the numbers families hold', {
      status: 409,
      hint: 'Cancel it to destroy its numbers, and prepare a new one.',
    });
  }
  await tx`DELETE FROM private_number WHERE district_id = ${districtId} AND meeting_id = ${meetingId}`;
  await numberChildren(tx, permit, policy);
  await record(tx, viewer, { action: 'meeting.redraw', reason, classId, meetingId });
}

/** Its numbers are destroyed at once. */
export async function cancelMeeting(tx: Tx, viewer: Viewer, { districtId, meetingId, classId, reason }: MeetingPermit): Promise<void> {
  await tx`UPDATE meeting SET cancelled_at = now() WHERE district_id = ${districtId} AND id = ${meetingId}`;
  await tx`DELETE FROM private_number WHERE district_id = ${districtId} AND meeting_id = ${meetingId}`;
  await record(tx, viewer, { action: 'meeting.cancel', reason, classId, meetingId });
}

/**
 * A guardian's wish to have no mark on the group's chart, or to have one again. Nobody undoes another guardian's, but for people whom the
 * platform no longer names as this child's.
 */
export async function setOptOut(
  tx: Tx,
  viewer: Viewer,
  { districtId, studentId, reason }: { districtId: number; studentId: number; reason: string },
  out: boolean,
): Promise<void> {
  if (out) {
    await tx`INSERT INTO chart_opt_out (district_id, student_id, by_account) VALUES (${districtId}, ${studentId}, ${viewer.accountId})
      ON CONFLICT DO NOTHING`;
  } else {
    await tx`DELETE FROM chart_opt_out o WHERE o.district_id = ${districtId} AND o.student_id = ${studentId}
      AND (${isOwnWish(tx, viewer)} OR NOT EXISTS (
        SELECT 1 FROM lti_mentor m WHERE m.district_id = o.district_id AND m.account_id = o.by_account AND m.student_id = o.student_id))`;
  }
  await record(tx, viewer, { action: out ? 'child.opt_out' : 'child.opt_in', reason, studentId });
}

/** A leader's consent to bands for a small class of theirs. @throws AppError `not_found` */
export async function setBandConsent(tx: Tx, viewer: Viewer, schoolIds: number[], classId: number, allowed: boolean): Promise<void> {
  const { districtId } = viewer;
  const [own] = await tx`
    SELECT 1 FROM class WHERE district_id = ${districtId} AND id = ${classId} AND school_id = ANY(${schoolIds}) AND ended_at IS NULL`;
  if (!own) throw notFound('class');
  if (allowed) {
    await tx`INSERT INTO band_consent (district_id, class_id, by_account) VALUES (${districtId}, ${classId}, ${viewer.accountId})
      ON CONFLICT DO NOTHING`;
  } else await tx`DELETE FROM band_consent WHERE district_id = ${districtId} AND class_id = ${classId}`;
  await record(tx, viewer, { action: allowed ? 'class.bands_allowed' : 'class.bands_withdrawn', reason: 'leads', classId });
}

/**
 * A teacher says which of their classes the launching course is.
 * @throws AppError `already_connected` when it is another one already
 */
export async function connectClass(tx: Tx, viewer: Viewer, classId: number): Promise<void> {
  const { districtId, reason } = permitClass(viewer, classId);
  const { contextId } = viewer.session;
  if (contextId === null) throw new AppError('no_course', 'this launch came from outside any course', { status: 409 });
  const connected = await tx`
    UPDATE lti_context x SET class_id = ${classId}, matched_by = 'teacher'
    WHERE x.district_id = ${districtId} AND x.id = ${contextId}
      AND NOT EXISTS (SELECT 1 FROM class c WHERE c.district_id = x.district_id AND c.id = x.class_id AND c.id <> ${classId} AND c.ended_at IS NULL)`;
  if (connected.count === 0) throw new AppError('already_connected', 'this course is connected to another class', { status: 409 });
  await tx`UPDATE pending_match SET settled_at = now(), settled_by = 'teacher'
    WHERE district_id = ${districtId} AND kind = 'context' AND context_id = ${contextId} AND settled_at IS NULL`;
  await record(tx, viewer, { action: 'class.connect', reason, classId });
}
