/** The Google Classroom connector under every accent and fault the simulated Google knows. */
import type { classroom_v1 } from '@googleapis/classroom';
import type { z } from 'zod';
import type * as wire from '../../connectors/google-classroom/wire.ts';
import { connectorFor } from '../../connectors/registry.ts';
import { type Domain, sampleDomain } from '../../src/demo/google/domain.ts';
import { type GoogleOptions, type GoogleServer, startGoogle } from '../../src/demo/google/server.ts';
import { type Accent, accents, type Fault, faults } from '../../src/demo/google/ways.ts';
import { conformsToTheContract, type Misbehaviour, survives } from './connector.ts';

/** Every field that is read is one of Google's, by Google's own types: otherwise this does not compile. */
type Read<S extends keyof typeof wire> = (typeof wire)[S] extends z.ZodType<infer T> ? keyof T : never;
type Google<T> = readonly (keyof T)[];
const _fields = [
  [] as Read<'course'>[] satisfies Google<classroom_v1.Schema$Course>,
  [] as Read<'member'>[] satisfies Google<classroom_v1.Schema$Student & classroom_v1.Schema$Teacher>,
  [] as Read<'courseWork'>[] satisfies Google<classroom_v1.Schema$CourseWork>,
  [] as Read<'submission'>[] satisfies Google<classroom_v1.Schema$StudentSubmission>,
  [] as Read<'courseAlias'>[] satisfies Google<classroom_v1.Schema$CourseAlias>,
  [] as Read<'guardian'>[] satisfies Google<classroom_v1.Schema$Guardian>,
];

const domain = sampleDomain({ students: 40, schools: 1 });
const servers: GoogleServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function settingsOf(options: Partial<GoogleOptions> = {}, more: Record<string, unknown> = {}) {
  const server = await startGoogle({ domain, ...options });
  servers.push(server);
  return { ...server.settings, pageSize: 5, people: 'own', ...more };
}

/** Two children and one teacher in one course. */
const [course] = domain.courses.slice(0, 1).map(({ id }) => id ?? '');
const first = course as string; // the sample has courses
const pair = (domain.students[first] ?? []).slice(0, 2);
const few: Domain = {
  courses: domain.courses.slice(0, 1),
  teachers: { [first]: (domain.teachers[first] ?? []).slice(0, 1) },
  students: { [first]: pair },
  courseWork: { [first]: (domain.courseWork[first] ?? []).slice(0, 1) },
  studentSubmissions: {
    [first]: (domain.studentSubmissions[first] ?? []).filter(
      ({ userId, courseWorkId }) => courseWorkId === '1' && pair.some((child) => child.userId === userId),
    ),
  },
  guardians: [],
  aliases: {},
};
const withGrade = (assignedGrade: unknown): Domain => ({
  ...few,
  studentSubmissions: {
    [first]: (few.studentSubmissions[first] ?? []).map((row, at) => (at === 1 ? { ...row, assignedGrade: assignedGrade as number } : row)),
  },
});
const connector = connectorFor('google-classroom');

conformsToTheContract({
  kind: 'google-classroom',
  connector,
  live: true,
  // A class; three people with a role and a place each; one line item; two results.
  good: async () => ({ settings: await settingsOf({ domain: few }), rows: 1 + 3 * 3 + 1 + 2 }),
  spoilt: () => settingsOf({ domain: withGrade('eighteen') }),
  changed: () => settingsOf({ domain: withGrade(3) }),
  gone: () => ({ url: 'http://127.0.0.1:1', tokenUrl: 'http://127.0.0.1:1/token', clientId: 'a', clientSecret: 'b', refreshToken: 'c' }),
});

const comesTo: Partial<Record<Accent | Fault, Misbehaviour['comesTo']>> = {
  duplicates: 'an error',
  'same token': 'an error',
  'wrong wrapper': 'an error',
  'sign-in page': 'either',
  'a course gone midway': 'all but a class',
  'a course not ours': 'all but a class',
  'scores not ours': 'either',
  'no permission for scores': 'either',
};

const slows = new Set<Fault>(['too many', 'too many, with Retry-After', 'quota, as 403']);

describe('google-classroom: a domain that', () => {
  const cases: Misbehaviour[] = [
    ...(Object.keys(accents) as Accent[]).map(
      (accent): Misbehaviour => ({
        name: accents[accent],
        start: () => settingsOf({ accents: [accent] }),
        comesTo: comesTo[accent] ?? 'every record',
      }),
    ),
    ...(Object.keys(faults) as Fault[]).map(
      (fault): Misbehaviour => ({
        name: `now and then: ${faults[fault]}`,
        // A host that says "too many" is asked slowly for long.
        start: () => settingsOf({ faults: [fault], faultEvery: slows.has(fault) ? 23 : 11 }),
        comesTo: comesTo[fault] ?? 'every record',
      }),
    ),
  ];
  survives(connector, () => settingsOf(), [
    ...cases,
    {
      name: 'does everything that passes, by turns, with small and empty pages',
      start: () =>
        settingsOf({
          accents: ['small pages', 'empty pages', 'archived too'],
          faults: ['server error', 'reset', 'half an answer', 'expired token'],
          faultEvery: 6,
        }),
      comesTo: 'every record',
    },
  ]);
});
