/** What to open in the demo, and as whom. */
import { type CastKey, cast } from '../demo/cast.ts';
import type { Platform } from '../demo/platform.ts';
import type { Role } from '../read-models/shapes.ts';

const list: { who: string; key: CastKey; course: string; roles: Role[]; see: string }[] = [
  { who: 'Teacher', key: 'teacher', course: 'homeroom-1', roles: ['teacher'], see: 'a class, its scores, the data talk' },
  { who: 'Parent', key: 'guardian-of-two', course: 'families', roles: ['guardian'], see: 'two children, each one’s own growth first' },
  { who: 'Parent, in Spanish', key: 'guardian-in-spanish', course: 'homeroom-1', roles: ['guardian'], see: 'the same page, en español' },
  {
    who: 'Teacher and parent',
    key: 'teacher-and-guardian',
    course: 'homeroom-1',
    roles: ['teacher', 'guardian'],
    see: 'two views, kept apart',
  },
  { who: 'School leader', key: 'principal', course: 'homeroom-1', roles: ['leader'], see: 'every class’s readiness, in totals' },
  { who: 'District IT', key: 'it', course: 'homeroom-1', roles: ['it'], see: 'the syncs, what they found, what is held' },
  { who: 'Student', key: 'student', course: 'homeroom-1', roles: ['student'], see: 'a kind page, no data' },
];

export const doors = (platform: Platform) => list.map((door) => ({ ...door, open: platform.launchUrl(door.key, door.course) }));

export const addresses = (platform: Platform, url: string) => ({
  url,
  platform: platform.url,
  open: Object.fromEntries(doors(platform).map(({ key, open }) => [key, open])),
});

export function doorsTold(platform: Platform, url: string, ready: string): string {
  const lines = doors(platform).map(({ who, key, see, open }) => {
    const { givenName, familyName } = cast[key];
    return `  ${who}: ${givenName} ${familyName}, ${see}\n    ${open}\n`;
  });
  return [
    '',
    `APTT Connect. ${ready}`,
    '',
    'Open a course page of the simulated school platform; the tool is inside it:',
    '',
    ...lines,
    `  The service: ${url}   The school platform: ${platform.url}`,
    '  Everybody here is invented. Ctrl-C stops everything.',
  ].join('\n');
}
