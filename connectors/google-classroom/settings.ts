/** What an operator says of a Google Workspace domain, or a teacher of their own account. Pure. */
import { z } from 'zod';
import { personRule } from '../match.ts';

const address = z.url({ protocol: /^https?$/, error: 'must be an https address' });
const secret = () => z.string().min(1).optional().meta({ secret: true });

/** Of the file Google hands out for a service account's key. */
const keyFile = z.object({ client_email: z.string().min(1), private_key: z.string().min(1), private_key_id: z.string().optional() });

const fields = z
  .object({
    url: address.default('https://classroom.googleapis.com'),
    tokenUrl: address.default('https://oauth2.googleapis.com/token'),
    /** The whole domain: the service account's key file, as Google made it, and the administrator it reads as. */
    serviceAccountKey: secret(),
    admin: z.email().optional(),
    /** One teacher's own courses: what that teacher agreed to. */
    clientId: z.string().min(1).optional(),
    clientSecret: secret(),
    refreshToken: secret(),
    /** `matched`: everybody is somebody of another source's roster. `own`: there is no other, these are the people. */
    people: z.enum(['matched', 'own']).default('matched'),
    /** How a Google account finds its person, with people=matched. `email` is used where it is named here, and nowhere else. */
    match: z.array(personRule).min(1).default(['userIds:google']),
    /** `classes`: each is a class of its own. `aliases`: each is the roster's class that its alias names, `d:SOURCEDID`; others are left out. */
    courses: z.enum(['classes', 'aliases']).default('classes'),
    /** Also teachers whom the domain has not verified as such. Anybody may open a course, a child too. */
    unverifiedTeachers: z.boolean().default(false),
    /** Graded course work. */
    grades: z.boolean().default(true),
    pageSize: z.number().int().min(1).max(1000).default(100),
  })
  .strict();

export const settings = fields.superRefine((given, context) => {
  const wants = (field: keyof z.infer<typeof fields>, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (given.courses === 'aliases' && given.people === 'own')
    wants('courses', 'aliases name classes of another source: they need people=matched');
  if (given.serviceAccountKey !== undefined) {
    if (keyOf(given.serviceAccountKey) === null) wants('serviceAccountKey', 'is not the JSON key file of a service account');
    if (given.admin === undefined) wants('admin', 'is needed with serviceAccountKey: the address of the administrator it reads as');
    return;
  }
  for (const field of ['clientId', 'clientSecret', 'refreshToken'] as const) {
    if (given[field] === undefined)
      wants(field, 'is needed for one teacher’s courses (or give serviceAccountKey and admin, for the whole domain)');
  }
});
export type Settings = z.infer<typeof settings>;

export function keyOf(written: string): z.infer<typeof keyFile> | null {
  try {
    return keyFile.parse(JSON.parse(written));
  } catch {
    return null;
  }
}

/** Guardians are asked for only where something could find them: the one thing Google knows of them is their address. */
export const asksForGuardians = ({ people, match, serviceAccountKey }: Settings): boolean =>
  people === 'matched' && match.includes('email') && serviceAccountKey !== undefined;

const scope = (name: string) => `https://www.googleapis.com/auth/classroom.${name}`;
export const scopeFor = {
  courses: scope('courses.readonly'),
  people: scope('rosters.readonly'),
  emails: scope('profile.emails'),
  grades: scope('coursework.students.readonly'),
  guardians: scope('guardianlinks.students.readonly'),
} as const;

/** No more than these settings need. */
export const scopesOf = (given: Settings): string[] => [
  scopeFor.courses,
  scopeFor.people,
  ...(needsEmails(given) ? [scopeFor.emails] : []),
  ...(given.grades ? [scopeFor.grades] : []),
  ...(asksForGuardians(given) ? [scopeFor.guardians] : []),
];

export const needsEmails = ({ people, match }: Settings): boolean => people === 'own' || match.includes('email');
