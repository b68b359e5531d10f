/** What happened at the front door, for administrators: never a name, an address of a person, a token or a hint. */
import type { Launch } from './launch-shape.ts';
import type { Reason, Where } from './refusal.ts';

export type LaunchEvent = {
  at: 'login' | 'launch' | 'registration' | 'notice' | 'grades';
  outcome: 'accepted' | 'refused';
  /** The stable code of a refusal. */
  reason: Reason | GradesReason | null;
  message: string | null;
  /** What the person was shown, to find this event by. */
  reference: string | null;
  where: Where | null;
  /** What an accepted launch did not say, and we could use. */
  missing: Missing[];
};

/** Why "APTT goal met" could not be put into a grade book, or taken out of it. */
export const gradesReasons = [
  'grades_not_granted',
  'grade_refused',
  'platform_token_refused',
  'platform_inactive',
  'platform_missing',
  'platform_busy',
  'source_denied',
  'source_throttled',
  'source_unreachable',
  'source_contract_broken',
  'source_lacks',
] as const;
export type GradesReason = (typeof gradesReasons)[number];

export type Missing = 'role' | 'context' | 'class_sourcedid' | 'person_sourcedid' | 'custom_ids' | 'names' | 'email' | 'mentored';

export const acceptedAt = (at: LaunchEvent['at'], where: Where, missing: Missing[] = []): LaunchEvent => ({
  at,
  outcome: 'accepted',
  reason: null,
  message: null,
  reference: null,
  where,
  missing,
});

/** Which of the things we look for a launch does not hold. A platform's made-up person lacks nothing. */
export function missingFrom(launch: Launch): Missing[] {
  const { roles, person } = launch;
  if (launch.testUser) return [];
  const lacks: Record<Missing, boolean> = {
    role: !Object.values(roles).includes(true),
    context: launch.context === null,
    class_sourcedid: launch.context !== null && roles.instructor && launch.classSourcedIds.length === 0,
    person_sourcedid: launch.personSourcedIds.length === 0,
    custom_ids: launch.customIdsUnheard,
    names: person.givenName === null && person.familyName === null,
    email: person.email === null,
    mentored: roles.mentor && launch.mentoredSubs.length === 0,
  };
  return (Object.keys(lacks) as Missing[]).filter((fact) => lacks[fact]); // the keys of a Record are its keys
}
