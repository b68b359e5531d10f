/** Kinds of sources, where it matters what they are for. Pure data. */

/** A course whose class and people come from its platform (Names and Roles). */
export const courseRosters = 'lti-memberships';

/** A district with none but these has no roster of its own: courses bring theirs. */
export const kindsWithoutRoster: readonly string[] = [courseRosters, 'contacts-csv', 'assessment-csv'];
