/** Names and Roles 2.0 and Assignment and Grade Services 2.0 as they arrive. What is empty or an unexpanded `$Variable` is null. */
import { z } from 'zod';

export const media = {
  members: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
};
export const scopes = {
  members: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  lineItems: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  /** Reads as well as writes: asked for only where it is all there is. */
  lineItemsWhole: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  results: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
};

/** Room is left for what is written before them in a sourcedId. */
const idLength = 200;
const id = z.unknown().transform((value, context): string => {
  const said = typeof value === 'number' ? String(value) : value;
  if (typeof said === 'string' && said !== '' && said.length <= idLength) return said;
  context.addIssue({ code: 'custom', message: `not an id of 1 to ${idLength} characters` });
  return z.NEVER;
});

const unexpanded = /^\$[A-Za-z][\w.]*$/;
const text = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value !== 'string') return null;
    const bare = value.replaceAll('\0', '').trim();
    return bare === '' || unexpanded.test(bare) ? null : bare;
  });

export const memberId = z.object({ user_id: id }).transform((row) => row.user_id);

/** Compiled: of a large course thousands are read, and what a parser leaves behind for each costs more than the parsing. */
export const member = z.compile(
  z.object({
    user_id: id,
    /** LTI 1.1 wrote one text, with commas. */
    roles: z.union([z.array(z.unknown()), z.string().transform((roles) => roles.split(',').map((role) => role.trim()) as unknown[])]),
    /** In any case; absent means Active (§2.2). */
    status: z
      .string()
      .nullish()
      .transform((word) => word?.trim().toLowerCase() || 'active')
      .pipe(z.enum(['active', 'inactive', 'deleted'])),
    name: text,
    given_name: text,
    middle_name: text,
    family_name: text,
    email: text,
    lis_person_sourcedid: text,
  }),
);
export type Member = z.infer<typeof member>;

const number = z.number().finite();
/** ISO 8601, in the platform's own time zone. */
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T/)
  .refine((value) => !Number.isNaN(Date.parse(value)))
  .nullish()
  .catch(null);

export const lineItem = z.object({
  id: z.url().max(2048),
  label: text,
  scoreMaximum: number.positive().nullish().catch(null),
  tag: text,
  startDateTime: moment,
  endDateTime: moment,
});
export type LineItem = z.infer<typeof lineItem>;

export const result = z.compile(
  z.object({
    userId: id,
    /** Absent: no score. 0 is one. */
    resultScore: number.nullish(),
    resultMaximum: number.positive().nullish(),
  }),
);
export type Result = z.infer<typeof result>;
