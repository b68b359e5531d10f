/** Which part of the address belongs to which role, and where a person lands. */
import type { MeShape, Role } from '../read-models/shapes.ts';
import type { Route } from './route.ts';

const rooms: Record<string, Role> = {
  classes: 'teacher',
  meetings: 'teacher',
  present: 'teacher',
  children: 'guardian',
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

/** A launch from a connected course goes straight to its class. */
export function homeOf(me: MeShape): string {
  const [role] = me.roles;
  if (!role) return '#/waiting';
  return role === 'teacher' && me.classId ? `#/classes/${encodeURIComponent(me.classId)}` : doorOf(role);
}
