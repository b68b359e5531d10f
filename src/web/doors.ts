/** Which part of the address belongs to which role, and where a person lands. */
import type { MeShape, Role } from '../read-models/shapes.ts';
import type { Route } from './route.ts';

const rooms: Record<string, Role> = {
  classes: 'teacher',
  meetings: 'teacher',
  present: 'teacher',
  children: 'guardian',
  sheets: 'guardian',
  schools: 'leader',
  sync: 'it',
  student: 'student',
};

const doors: Record<Role, string> = {
  teacher: '#/classes',
  guardian: '#/children',
  leader: '#/schools',
  it: '#/sync',
  student: '#/student',
};

export const doorOf = (role: Role): string => doors[role];

/** Null: no page of ours. */
export const roleOf = (route: Route): Role | null => rooms[route.path[0] ?? ''] ?? null;

/** No page yet: `#/`, or `#/open/meeting` from a link a teacher placed in the course. */
export const isOnTheWay = (route: Route): boolean => route.path.length === 0 || route.path[0] === 'open';

/**
 * A launch from a connected course goes straight to its class, or to the page its link was placed for: whoever may not go there, or has none
 * yet, lands where they always do.
 * @param open class · meeting · family · goals, or whatever somebody wrote there
 */
export function homeOf(me: MeShape, open?: string): string {
  const [role] = me.roles;
  if (!role) return '#/waiting';
  if (open === 'family' && me.roles.includes('guardian')) return doorOf('guardian');
  if (open === 'goals' && role === 'teacher' && me.classId) return `#/classes/${encodeURIComponent(me.classId)}/sheets`;
  if (open === 'goals' && me.roles.includes('guardian')) return '#/sheets';
  if (role !== 'teacher' || !me.classId) return doorOf(role);
  return open === 'meeting' && me.meetingId
    ? `#/meetings/${encodeURIComponent(me.meetingId)}`
    : `#/classes/${encodeURIComponent(me.classId)}`;
}
