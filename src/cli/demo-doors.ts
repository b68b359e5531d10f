/** What to open in the demo, and as whom. */
import { cast } from '../demo/cast.ts';
import { charterPeople } from '../demo/charter.ts';
import type { Platform } from '../demo/platform.ts';
import type { Role } from '../read-models/shapes.ts';
import { systemsHost, type Try } from './demo-systems.ts';

type Door = { who: string; key: string; course: string; roles: Role[]; see: string };

const list: Door[] = [
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

/** Of a school whose only roster is its platform's courses. */
const charterList: Door[] = [
  {
    who: 'Teacher without a roster feed',
    key: 'charter-teacher',
    course: 'room-2',
    roles: ['teacher'],
    see: 'a class made from its course',
  },
  { who: 'Parent there', key: 'charter-guardian', course: 'room-2', roles: ['guardian'], see: 'the one child their platform names' },
];

/** The district's platform, and the charter school's. */
export type Platforms = { district: Platform; charter: Platform };

export const doors = ({ district, charter }: Platforms) => [
  ...list.map((door) => ({ ...door, open: district.launchUrl(door.key, door.course) })),
  ...charterList.map((door) => ({ ...door, open: charter.launchUrl(door.key, door.course) })),
];

export const addresses = (platforms: Platforms, url: string) => ({
  url,
  platform: platforms.district.url,
  open: Object.fromEntries(doors(platforms).map(({ key, open }) => [key, open])),
});

const nameOf = (wanted: string): string => {
  const person = [...Object.values(cast), ...charterPeople].find(({ key }) => key === wanted);
  return `${person?.givenName} ${person?.familyName}`;
};

export function doorsTold(platforms: Platforms, tries: readonly Try[], url: string, ready: string): string {
  const lines = doors(platforms).map(({ who, key, see, open }) => `  ${who}: ${nameOf(key)}, ${see}\n    ${open}\n`);
  return [
    '',
    `APTT Connect. ${ready}`,
    '',
    'Open a course page of the simulated school platforms; the tool is inside it:',
    '',
    ...lines,
    'Try the connectors on simulated school systems, in another terminal in this folder:',
    '',
    `  export APTT_ALLOW_PRIVATE_HOSTS=${systemsHost}; aptt() { npm run -s aptt -- "$@"; }`,
    '',
    ...tries.map(({ title, url: at, type }) => `  ${title}, ${at}\n    ${type}\n`),
    `  The service: ${url}   The school platforms: ${platforms.district.url}, ${platforms.charter.url}`,
    '  Everybody here is invented. Ctrl-C stops everything.',
  ].join('\n');
}
