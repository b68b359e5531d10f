/** Kinds of sources, where it matters what they are for. Pure data. */

/** A course whose class and people come from its platform (Names and Roles). */
export const courseRosters = 'lti-memberships';
