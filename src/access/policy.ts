/**
 * May they, and why. Permission is a value: queries take a permit, never an id from a request. What somebody may not see and what is not
 * there answer alike, so that nobody can ask around. Throws AppError `not_found` and `not_allowed`.
 */
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { Viewer } from './viewer.ts';

/** Made in this file only. `reason` goes to the audit. */
type Permit<Kind extends string, About> = About & { readonly kind: Kind; readonly districtId: number; readonly reason: string };

export type ClassPermit = Permit<'class', { classId: number }>;
export type ClassListPermit = Permit<'class-list', { classIds: number[] }>;
export type ChildPermit = Permit<'child', { studentId: number }>;
export type ChildListPermit = Permit<'child-list', { studentIds: number[] }>;
export type MeetingPermit = Permit<'meeting', { meetingId: number; classId: number; lineItemId: number }>;
export type SchoolPermit = Permit<'school', { schoolIds: number[] }>;
export type DistrictPermit = Permit<'district', unknown>;

/** A teacher sees the classes they teach now (FERPA: legitimate educational interest). */
export function permitClass(viewer: Viewer, classId: number): ClassPermit {
  if (!viewer.teaches.includes(classId)) throw notFound('class');
  return { kind: 'class', districtId: viewer.districtId, reason: 'teaches', classId };
}

export function permitClasses(viewer: Viewer): ClassListPermit {
  if (!viewer.session.roles.includes('instructor') || viewer.userId === null) throw notAllowed();
  return { kind: 'class-list', districtId: viewer.districtId, reason: 'teaches', classIds: viewer.teaches };
}

/**
 * A child's own record is a guardian's view and nobody else's: a teacher who is also a parent comes through this door for their own child
 * and through `permitClass` for the class (aptt-domain: private numbers, rule 5).
 */
export function permitChild(viewer: Viewer, studentId: number): ChildPermit {
  if (!viewer.guardianOf.includes(studentId)) throw notFound('child');
  return { kind: 'child', districtId: viewer.districtId, reason: 'guardian', studentId };
}

export function permitChildren(viewer: Viewer): ChildListPermit {
  if (!viewer.session.roles.includes('mentor')) throw notAllowed();
  return { kind: 'child-list', districtId: viewer.districtId, reason: 'guardian', studentIds: viewer.guardianOf };
}

/** A meeting belongs to its class's teachers. Cancelled ones are gone. */
export async function permitMeeting(tx: Tx, viewer: Viewer, meetingId: number): Promise<MeetingPermit> {
  const [meeting] = await tx<{ classId: number; lineItemId: number }[]>`
    SELECT class_id AS "classId", line_item_id AS "lineItemId" FROM meeting
    WHERE district_id = ${viewer.districtId} AND id = ${meetingId} AND cancelled_at IS NULL AND class_id = ANY(${viewer.teaches})`;
  if (!meeting) throw notFound('meeting');
  return { kind: 'meeting', districtId: viewer.districtId, reason: 'teaches', meetingId, ...meeting };
}

export function permitSchool(viewer: Viewer): SchoolPermit {
  if (viewer.leads.length === 0) throw notAllowed();
  return { kind: 'school', districtId: viewer.districtId, reason: 'leads', schoolIds: viewer.leads };
}

export function permitDistrict(viewer: Viewer): DistrictPermit {
  if (!viewer.it) throw notAllowed();
  return { kind: 'district', districtId: viewer.districtId, reason: 'district_it' };
}

export const notFound = (what: string) => new AppError('not_found', `there is no such ${what} here`, { status: 404 });

const notAllowed = () =>
  new AppError('not_allowed', 'this page is not for this sign-in', {
    status: 403,
    hint: 'Open the tool from the course or page meant for it.',
  });
