/** Who the page is for, and which doors it shows. Throws nothing. */
import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../db/db.ts';
import type { MeShape, Role } from './shapes.ts';

export async function me(tx: Tx, viewer: Viewer): Promise<MeShape> {
  const { session, name, teaches } = viewer;
  const roles = rolesOf(viewer);
  const [course] = await tx<{ classId: number; meetingId: number | null }[]>`
    SELECT x.class_id AS "classId", max(m.id) AS "meetingId"
    FROM lti_context x LEFT JOIN meeting m ON m.district_id = x.district_id AND m.class_id = x.class_id
      AND m.presented_at IS NULL AND m.cancelled_at IS NULL
    WHERE x.id = ${session.contextId} AND x.class_id = ANY(${teaches}) GROUP BY 1`;
  return {
    name,
    district: session.district,
    roles,
    locale: session.locale,
    classId: course ? String(course.classId) : null,
    meetingId: course?.meetingId ? String(course.meetingId) : null,
    waiting: roles.length > 0 ? null : await waitingOf(tx, viewer),
  };
}

function rolesOf({ session, userId, leads, it, guardianOf }: Viewer): Role[] {
  const said = session.roles;
  const roles: Role[] = [];
  if (said.includes('instructor') && userId !== null) roles.push('teacher');
  if (guardianOf.length > 0) roles.push('guardian');
  if (leads.length > 0) roles.push('leader');
  if (it) roles.push('it');
  // No student accounts: a kind page, and only for those who are nothing else.
  if (said.length === 1 && said[0] === 'learner') roles.push('student');
  return roles;
}

async function waitingOf(tx: Tx, { session, accountId }: Viewer): Promise<MeShape['waiting']> {
  if (session.roles.includes('instructor') && (await isBeingRead(tx, session.contextId, accountId))) return 'course_being_read';
  return session.roles.includes('mentor') ? 'mentor_without_children' : 'person_not_matched';
}

/** A teacher's launch a moment ago has this course read for the first time (src/course-refresh.ts). After a minute something else is wrong. */
async function isBeingRead(tx: Tx, contextId: number | null, accountId: number | null): Promise<boolean> {
  const [row] = await tx<{ is: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM lti_context x JOIN lti_account a ON a.id = ${accountId} AND a.last_launch_at > now() - interval '1 minute'
      WHERE x.id = ${contextId} AND x.memberships_url IS NOT NULL AND x.class_id IS NULL AND x.members_read_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM source s WHERE s.brings_roster)) AS is`;
  return row?.is ?? false;
}
