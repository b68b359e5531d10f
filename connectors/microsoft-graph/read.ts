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
  matching: ({ roster, match }) => (roster ? {} : { students: match }),
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
const noMark: Pick<Mark, 'users' | 'classes'> = { users: null, classes: null };

function readMark(since: string | undefined): Mark | null {
  try {
    return mark.safeParse(JSON.parse(since ?? 'null')).data ?? null;
  } catch {
    return null; // of another kind of source, once
  }
}

async function* pull(given: Settings, options: PullOptions): AsyncGenerator<Item> {
  options.signal?.throwIfAborted();
  const stop = new AbortController();
  const graph = new Graph(given, options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal);
  const closings = new Closings();
  const since = readMark(options.since);
  const at = new Date().toISOString();
  try {
    const changed = given.roster && since ? await changesSince(graph, since) : null;
    // Before anything is read: what changes meanwhile is told next time.
    let next = changed?.next ?? (given.roster ? await nowOf(graph) : noMark);
    const reading = { graph, given, options, closings, since: since ? new Date(since.at) : null, changesOnly: changed !== null };
    if (!given.roster) {
      const students = yield* readStudents(reading);
      if (!since) yield* readContacts(reading, students);
      yield* readScores(reading, null, students);
    } else {
      const { students, classes, isWhole } = changed ? yield* readChanges(reading, changed) : yield* readRoster(reading);
      if (!isWhole) next = (changed && since) ?? noMark;
      yield* readContacts(reading, students);
      yield* readScores(reading, classes, null);
    }
    yield* closings.all(JSON.stringify({ at, users: next.users, classes: next.classes } satisfies Mark));
  } finally {
    stop.abort(); // whoever has had enough leaves no question under way
  }
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

async function nowOf(graph: Graph): Promise<Pick<Mark, 'users' | 'classes'>> {
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
