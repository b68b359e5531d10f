/**
 * Display limits and retention: the least a district may promise its families. A district's settings may only be stricter
 * (aptt-domain: private numbers, rules 1–5).
 */
export type DisplayPolicy = {
  /** Children shown at or above which every child has a mark. */
  marksFrom: number;
  /** At or above this, and below marksFrom: bands with counts, after the leader's consent. Below: no group chart. */
  bandsFrom: number;
  /** No class average below this many children. */
  averageFrom: number;
  /** Leaders' cells below this are suppressed, with complementary suppression. */
  cellFrom: number;
  /** History is hidden when at least one but fewer than this many children lack it. */
  historyLackFrom: number;
  /** Private numbers are drawn from this inclusive range; always at least twice as many as children. */
  pool: { from: number; to: number };
  /** Days after which the number map is destroyed: after presenting, or after drawing where nothing was presented. */
  numbersLiveDays: number;
};

export const displayPolicy: DisplayPolicy = {
  marksFrom: 10,
  bandsFrom: 6,
  averageFrom: 10,
  cellFrom: 10,
  historyLackFrom: 3,
  pool: { from: 10, to: 99 },
  numbersLiveDays: 14,
};

/** Days for which a signing key that was replaced is still published: platforms keep what they fetched for a while. */
export const keyOverlapDays = 14;

/** Days a leaver is still listed as "left lately". Scores and goals stay whatever happens. */
export const graceDays = 14;

/**
 * Days for which a platform's word that somebody is a child's mentor holds, in courses they did not come back to: a platform tells whose
 * mentor a person is at their launch, and never that they no longer are.
 */
export const mentoredDays = 30;

/** Days for which district IT can look up what came to the front door. A district's `launchDiaryDays` may only be fewer. */
export const launchDiaryDays = 90;

/** Weeks a child and their family work on one goal. */
export const goalWeeks = 6;

/** What a platform must grant before "APTT goal met" can stand in its grade book. Not asked for at registration: reading is enough for all else. */
export const gradeBookScopes = [
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  'https://purl.imsglobal.org/spec/lti-ags/scope/score',
] as const;
