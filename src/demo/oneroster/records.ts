/** OneRoster 1.2 objects as the official OpenAPI documents describe them, and the 1.1 form of each. Pure. */

export type Json = Record<string, unknown>;
/** By collection name, in the order of their sourcedIds. */
export type Collections = Record<string, Json[]>;

export type RefType =
  | 'org'
  | 'academicSession'
  | 'course'
  | 'class'
  | 'user'
  | 'lineItem'
  | 'category'
  | 'assessmentLineItem'
  | 'scoreScale';

const plural: Record<RefType, string> = {
  org: 'orgs',
  academicSession: 'academicSessions',
  course: 'courses',
  class: 'classes',
  user: 'users',
  lineItem: 'lineItems',
  category: 'categories',
  assessmentLineItem: 'assessmentLineItems',
  scoreScale: 'scoreScales',
};

/** The href is completed by the server, which alone knows its address. */
export const ref = (type: RefType, sourcedId: string): Json => ({ href: `/${plural[type]}/${sourcedId}`, sourcedId, type });

/** 1.1: a user has one role and orgs, names of preference are not known, and a column has no scale and no objectives. */
export function asV11(collection: string, object: Json): Json {
  if (collection === 'users') {
    const { roles, preferredFirstName, preferredMiddleName, preferredLastName, userMasterIdentifier, primaryOrg, pronouns, ...rest } =
      object;
    const held = roles as { role: string; org: Json }[]; // made so in collections.ts, or official
    const first = held[0]?.role ?? 'student';
    const role = /administrator|principal|counselor/i.test(first) ? 'administrator' : first;
    return { ...rest, role, orgs: held.map(({ org }) => org) };
  }
  if (collection === 'lineItems') {
    const { school, academicSession, scoreScale, learningObjectiveSet, ...rest } = object;
    return { ...rest, ...(academicSession ? { gradingPeriod: academicSession } : {}) };
  }
  return object;
}
