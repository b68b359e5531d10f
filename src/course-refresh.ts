/**
 * A teacher's launch connects a course whose district has no other roster, and any launch has one read again that was read too long ago: after
 * the answer, in the background, one run a platform at a time. Nothing here ever delays a launch or fails it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Launch } from '../lti/launch-shape.ts';
import type { ServiceTokens } from '../lti/services/token.ts';
import { syncAny } from './course-rosters.ts';
import type { Db, Tx } from './db/db.ts';
import { AppError } from './errors.ts';
import { Glances } from './glances.ts';
import { courseRosters } from './roster/kinds.ts';
import type { Source } from './sync/sources.ts';

export type CourseRefresh = {
  /** After a launch was answered. */
  opened(launch: Launch, contextId: number | null): void;
  /** Waits for what is under way, and begins nothing more. */
  close(): Promise<void>;
};

type Options = {
  db: Db;
  tokens: ServiceTokens;
  /** After which a course is read again. */
  hours: number;
  /** Gets defects; what a platform does wrong stands in the run's report. */
  failed: (error: unknown) => void;
};

/** ms until a source that another process is syncing is tried again, and how often. */
const pause = 5_000;
const tries = 3;

type Due = { districtId: number; source: Source; contexts: Set<number> };

export function courseRefresh({ db, tokens, hours, failed }: Options): CourseRefresh {
  const looked = new Glances<string>();
  const due = new Map<number, Due>();
  const running = new Map<number, Promise<void>>();
  const looking = new Set<Promise<void>>();
  const closing = new AbortController();

  /** Whatever comes due while a platform is being read waits, and goes in the next run together. */
  const work = async (sourceId: number): Promise<void> => {
    for (let next = due.get(sourceId); next && !closing.signal.aborted; next = due.get(sourceId)) {
      due.delete(sourceId);
      const { districtId, source, contexts } = next;
      await patiently(
        () => syncAny(db, () => tokens, districtId, source, { actor: 'launch', signal: closing.signal }, [...contexts]),
        closing.signal,
      );
    }
  };

  const add = (districtId: number, source: Source, contextId: number): void => {
    const known = due.get(source.id) ?? { districtId, source, contexts: new Set() };
    due.set(source.id, known);
    known.contexts.add(contextId);
    if (running.has(source.id)) return;
    const run = work(source.id)
      .catch(failed)
      .finally(() => running.delete(source.id));
    running.set(source.id, run);
  };

  const isFirstLook = (launch: Launch, contextId: number): boolean => {
    const key = `${contextId} ${launch.roles.instructor}`;
    if (looked.isFresh(key)) return false;
    looked.note(key);
    return true;
  };

  const look = async (launch: Launch, contextId: number): Promise<void> => {
    const { districtId, platformId, issuer, roles } = launch;
    await db
      .inDistrict(districtId, async (tx) => {
        const state = await stateOf(tx, contextId, hours);
        if (!state || decide({ ...state, instructor: roles.instructor }) === 'nothing') return;
        const source = await sourceOf(tx, districtId, platformId, issuer);
        await tx`UPDATE lti_context SET source_id = ${source.id} WHERE id = ${contextId} AND source_id IS NULL`;
        return source;
      })
      .then((source) => source && add(districtId, source, contextId));
  };

  return {
    opened(launch, contextId) {
      const isOffered = launch.services.membershipsUrl !== null && !launch.testUser;
      if (contextId === null || !isOffered || closing.signal.aborted || !isFirstLook(launch, contextId)) return;
      const looks = look(launch, contextId)
        .catch(failed)
        .finally(() => looking.delete(looks));
      looking.add(looks);
    },
    async close() {
      await Promise.all(looking);
      closing.abort(new AppError('interrupted', 'the service stopped', { consequence: 'retry' }));
      await Promise.all(running.values());
    },
  };
}

/** Another process may be at it: a night's sync, or the service on another machine. */
async function patiently(run: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await run();
      return;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'sync_running') throw error;
      if (tried === tries) return; // whoever is at it reads this course, or the next launch does
      await sleep(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }
}

type State = {
  /** Its roster is read over Names and Roles already. */
  connected: boolean;
  /** It was read longer ago than the setting, or never. */
  old: boolean;
  /** It is a class of another source. */
  elsewhere: boolean;
  /** The district has a roster of its own: what that does not know goes to district IT, not to the platform. */
  fed: boolean;
};

async function stateOf(tx: Tx, contextId: number, hours: number): Promise<State | null> {
  const [state] = await tx<State[]>`
    SELECT x.source_id IS NOT NULL AS connected,
      coalesce(x.members_read_at < now() - make_interval(secs => ${hours * 3600}), true) AS old,
      EXISTS (SELECT 1 FROM class k JOIN source s ON s.id = k.source_id
        WHERE k.id = x.class_id AND k.ended_at IS NULL AND s.kind <> ${courseRosters}) AS elsewhere,
      EXISTS (SELECT 1 FROM source s WHERE s.brings_roster) AS fed
    FROM lti_context x WHERE x.id = ${contextId}`;
  return state ?? null;
}

export function decide({ connected, old, elsewhere, fed, instructor }: State & { instructor: boolean }): 'connect' | 'refresh' | 'nothing' {
  if (elsewhere || !old) return 'nothing';
  if (connected) return 'refresh';
  return instructor && !fed ? 'connect' : 'nothing';
}

/** One a platform. */
async function sourceOf(tx: Tx, districtId: number, platformId: number, issuer: string): Promise<Source> {
  const find = async () => {
    const [found] = await tx<Source[]>`
      SELECT id, name, kind, settings FROM source WHERE kind = ${courseRosters} AND settings ->> 'platform' = ${String(platformId)} ORDER BY id LIMIT 1`;
    return found;
  };
  const name = `Courses of ${new URL(issuer).host} (platform ${platformId})`;
  const known = await find();
  if (known) return known;
  await tx`INSERT INTO source (district_id, name, kind, settings, brings_roster)
    VALUES (${districtId}, ${name}, ${courseRosters}, ${tx.json({ platform: platformId })}, false)
    ON CONFLICT (district_id, name) DO NOTHING`;
  const made = await find();
  if (made) return made;
  throw new AppError('source_exists', `a source named "${name}" exists already and is none of this platform’s courses`, { status: 409 });
}
