/** OneRoster's words, however they are spelt, to their right spelling. Pure data. */

export const vocabulary = (...words: string[]): ReadonlyMap<string, string> =>
  new Map(words.flatMap((word) => [word, word.toLowerCase()].map((spelling): [string, string] => [spelling, word])));

export const orgTypes = vocabulary('department', 'school', 'district', 'local', 'state', 'national');
export const sessionTypes = vocabulary('gradingPeriod', 'semester', 'schoolYear', 'term');
export const classTypes = vocabulary('homeroom', 'scheduled');
export const enrollmentRoles = vocabulary('administrator', 'aide', 'proctor', 'student', 'teacher');
export const roleTypes = vocabulary('primary', 'secondary');
export const scoreStatuses = vocabulary('exempt', 'fully graded', 'not submitted', 'partially graded', 'submitted');
export const personRoles: ReadonlyMap<string, string> = new Map([
  ...vocabulary(
    'aide',
    'counselor',
    'districtAdministrator',
    'guardian',
    'parent',
    'principal',
    'proctor',
    'relative',
    'siteAdministrator',
    'student',
    'systemAdministrator',
    'teacher',
  ),
  // 1.1 knows one administrator; 1.2's least of them is the safe reading.
  ['administrator', 'siteAdministrator'],
]);
