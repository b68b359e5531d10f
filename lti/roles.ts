/** Role names in every spelling platforms use, to what somebody is here: LTI Core 1.3 appendix A.2, and LTI 1.1 before it. Pure. */

export type Roles = { instructor: boolean; mentor: boolean; learner: boolean; administrator: boolean };
type Role = { of: 'context' | 'institution' | 'system'; name: string };

const vocabularies: [prefix: string, of: Role['of']][] = [
  ['http://purl.imsglobal.org/vocab/lis/v2/membership#', 'context'],
  ['http://purl.imsglobal.org/vocab/lis/v2/membership/', 'context'], // sub-roles: `Instructor#TeachingAssistant`; they name no role of ours
  ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#', 'institution'],
  ['http://purl.imsglobal.org/vocab/lis/v2/system/person#', 'system'],
  ['urn:lti:role:ims/lis/', 'context'], // LTI 1.1
  ['urn:lti:instrole:ims/lis/', 'institution'],
  ['urn:lti:sysrole:ims/lis/', 'system'],
];
const shortNames = new Set(['Administrator', 'ContentDeveloper', 'Instructor', 'Learner', 'Manager', 'Member', 'Mentor', 'Officer']);
const testUserRole = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';

/** Canvas' "student view" and its like. */
export const isTestUser = (value: unknown): boolean => Array.isArray(value) && value.includes(testUserRole);

/**
 * What the course says comes first; the institution is heard only where the course says nothing at all. Being an administrator is
 * never a matter of a course. When in doubt, nothing; a made-up person is nobody.
 * @param namesChildren the platform says whose mentor this is: then the institution's word is enough for being one
 */
export function readRoles(value: unknown[], { namesChildren }: { namesChildren: boolean }): Roles {
  const roles = value.map(readRole);
  const isReal = !isTestUser(value);
  const says = (of: Role['of'], ...names: string[]) => isReal && roles.some((role) => role?.of === of && names.includes(role.name));
  const courseSpeaks = roles.some((role) => role?.of === 'context');
  const institutionSays = (...names: string[]) => !courseSpeaks && says('institution', ...names);
  return {
    instructor: says('context', 'Instructor') || institutionSays('Instructor', 'Faculty'),
    mentor: says('context', 'Mentor') || (institutionSays('Mentor') && namesChildren),
    learner: says('context', 'Learner') || institutionSays('Learner', 'Student'),
    administrator: says('institution', 'Administrator') || says('system', 'Administrator', 'SysAdmin'),
  };
}

function readRole(value: unknown): Role | null {
  if (typeof value !== 'string') return null;
  if (shortNames.has(value)) return { of: 'context', name: value };
  const found = vocabularies.find(([prefix]) => value.startsWith(prefix));
  return found ? { of: found[1], name: value.slice(found[0].length) } : null;
}
