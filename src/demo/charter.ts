/**
 * A school without a roster feed, as its platform knows it: one course, whose members and whose grade book are all there is. Everybody in it is
 * invented.
 */
import type { PlatformCourse, PlatformPerson } from './platform.ts';
import type { ServiceLineItem } from './platform-services.ts';

const names = [
  'Abe Lund, Bea Ortiz, Cyd Amari, Dov Keller, Eva Nowak, Fay Osei, Gus Hale, Hana Sato, Ike Duran, Jia Wen, Kit Boyle, Lea Fontaine',
  'Max Idris, Noa Perl, Oz Calder, Pia Rossi, Quin Avery, Rex Tamm',
].join(', ');

const children = names.split(', ').map((name, n) => {
  const [givenName = '', familyName = ''] = name.split(' ');
  return { sub: `child-${n + 1}`, givenName, familyName, roles: ['learner'], status: 'Active' };
});

export const charterPeople: PlatformPerson[] = [
  { key: 'charter-teacher', sub: 'teacher-1', givenName: 'June', familyName: 'Okafor', roles: ['instructor'] },
  { key: 'charter-guardian', sub: 'guardian-1', givenName: 'Ines', familyName: 'Lund', roles: ['mentor'], mentors: [{ sub: 'child-1' }] },
];

export const charterCourse: PlatformCourse = {
  key: 'room-2',
  id: 'course-room-2',
  title: 'Grade 2, Ash Charter School',
  members: charterPeople.map(({ key }) => ({ person: key })),
  roster: children,
};

/** What its teacher wrote into the grade book. The last two have no score yet. */
export const charterColumn = (): ServiceLineItem => ({
  id: '1',
  label: 'Words read in one minute',
  maximum: 100,
  results: new Map(children.slice(0, -2).map(({ sub }, n) => [sub, { score: 24 + ((n * 17) % 49), at: '2026-10-06T15:00:00Z' }])),
});
