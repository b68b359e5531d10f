/** How a simulated Google Classroom strays from the book, always or now and then. Each is something the real one, or one much like it, did. */
import { faults as any } from '../faults.ts';

export const accents = {
  'small pages': 'hands out three rows a page at most, whatever is asked',
  'empty pages': 'puts an empty page before each',
  duplicates: 'repeats the last row of a page on the next',
  'same token': 'names the same next page for ever',
  'wrong wrapper': 'puts the rows under "items"',
  'archived too': 'lists archived courses among the active ones',
  'no names': 'shows no names and no addresses',
  'a course gone midway': 'lists a course and then answers 404 for it',
  'a course not ours': 'lists a course and then answers 403 for it',
  'no permission for scores': 'answers 403 to course work',
  'scores not ours': 'answers 403 to the course work of one course',
  'no permission for guardians': 'answers 403 to guardians',
} as const;
export type Accent = keyof typeof accents;

export const faults = { ...any, 'quota, as 403': '403 with the reason userRateLimitExceeded' } as const;
export type Fault = keyof typeof faults;
