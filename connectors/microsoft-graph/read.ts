/**
 * Microsoft 365 Education, as School Data Sync or the schools themselves keep it: schools, people, classes and who is in them, whom a student
 * belongs to, and scores. A night that knows where the last one ended asks for changes; deletions are not told, so once in a while everything
 * is read. A listing is whole or an error; what may not be read is said and leaves what is known alone.
 * @throws AppError `source_unreachable` | `source_throttled` | `source_denied` | `source_contract_broken`
 */
import { z } from 'zod';
import type { Connector, Item, PullOptions } from '../connector.ts';
import { type Changed, readChanges } from './changes.ts';
import { checkTenant } from './check.ts';
import { readContacts } from './families.ts';
import { changesOf, Graph } from './graph.ts';
import { Closings } from './haul.ts';
import { readRoster } from './roster.ts';
import { readScores } from './scores.ts';
import { type Settings, settings } from './settings.ts';
import { readStudents } from './students.ts';

export const microsoftGraph: Connector<Settings> = {
  kind: 'microsoft-graph',
  settings,
  matching: ({ roster, match, guardian }) => (roster ? {} : { students: match, ...(guardian.length > 0 && { guardians: guardian }) }),
  check: checkTenant,
  fingerprint: async (_given, signal) => {
    signal?.throwIfAborted();
    return null; // nothing but the rows themselves tells whether they changed
  },
  pull,
};

/** Where a reading ended. `users` and `classes` are Graph's own words for it, where it has any. */
const mark = z.object({ at: z.iso.datetime(), users: z.string().nullable(), classes: z.string().nullable() });
type Mark = z.infer<typeof mark>;
type Ends = Pick<Mark, 'users' | 'classes'>;
const noEnds: Ends = { users: null, classes: null };

function readMark(since: string | undefined): Mark | null {
  try {
    return mark.safeParse(JSON.parse(since ?? 'null')).data ?? null;
  } catch {
    return null; // of another kind of source, once
  }
}

async function* pull(given: Settings, options: PullOptions): AsyncGenerator<Item> {
  options.signal?.throwIfAborted();
  const graph = new Graph(given, options.signal);
  const closings = new Closings();
  const since = readMark(options.since);
  const at = new Date().toISOString();
  const reading: Reading = { graph, given, options, closings, since: since ? new Date(since.at) : null, changesOnly: false };
  const next = yield* given.roster ? readAll(reading, since) : readBesides(reading, since);
  yield* closings.all(JSON.stringify({ at, ...next } satisfies Mark));
}

export type Reading = {
  graph: Graph;
  given: Settings;
  options: PullOptions;
  closings: Closings;
  /** What is older than this was read before. */
  since: Date | null;
  /** Of the roster only what changed is read. */
  changesOnly: boolean;
};

async function* readAll(reading: Reading, since: Mark | null): AsyncGenerator<Item, Ends> {
  const { graph } = reading;
  const changed = since && (await changesSince(graph, since));
  // Before anything is read: what changes meanwhile is told next time.
  const next = changed?.next ?? (await nowOf(graph));
  reading.changesOnly = changed !== null;
  const { students, classes, isWhole } = changed ? yield* readChanges(reading, changed) : yield* readRoster(reading);
  yield* readContacts(reading, students, changed && new Set(students.keys()));
  yield* reading.closings.close('roles', 'guardianships'); // users stay open: something has to carry the watermark
  yield* readScores(reading, classes, null);
  if (isWhole) return next;
  return changed && since ? { users: since.users, classes: since.classes } : noEnds;
}

/** Beside a roster from elsewhere. Where contacts are told child by child, only those who changed are asked for. */
async function* readBesides(reading: Reading, since: Mark | null): AsyncGenerator<Item, Ends> {
  const { graph, given } = reading;
  const from = since?.users ?? null;
  const told = given.guardians ? await changesOf(graph, 'users', from) : null;
  const hasForgotten = from !== null && told === null;
  const end = (hasForgotten ? await changesOf(graph, 'users', null) : told)?.end ?? null;
  const students = yield* readStudents(reading);
  yield* readContacts(reading, students, since === null || hasForgotten ? null : (told?.ids ?? new Set()));
  yield* readScores(reading, null, students);
  return { users: end, classes: null };
}

async function nowOf(graph: Graph): Promise<Ends> {
  const users = await changesOf(graph, 'users', null);
  const classes = users && (await changesOf(graph, 'classes', null));
  return { users: users?.end ?? null, classes: classes?.end ?? null };
}

/** Changed objects are asked for one by one; beyond this many everything is sooner read. */
const mostChanges = 1000;

async function changesSince(graph: Graph, { users: usersFrom, classes: classesFrom }: Mark): Promise<Changed | null> {
  if (usersFrom === null || classesFrom === null) return null;
  const users = await changesOf(graph, 'users', usersFrom);
  const classes = users && (await changesOf(graph, 'classes', classesFrom));
  if (!classes || users.ids.size + classes.ids.size > mostChanges) return null;
  return { users, classes, next: { users: users.end, classes: classes.end } };
}
