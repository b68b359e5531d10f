/**
 * The launch diary: what came to a district's front door, written for its IT a moment later and in one statement, so that a launch does not
 * wait for it. Equal things of one minute are one row. What belongs to no registered platform belongs to no district: it is the operator's
 * log, the first few of a kind each minute and then a count. Never throws; what cannot be written is told to the log.
 */
import type { Db } from '../src/db/db.ts';
import type { LaunchEvent } from './event.ts';

export type Diary = {
  note(event: LaunchEvent): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type DiaryLog = {
  /** One event, for the log: at most `logged` refusals of a kind a minute. */
  event(event: LaunchEvent): void;
  /** So many more of that kind came within the minute. */
  more(kind: { at: LaunchEvent['at']; reason: string; count: number }): void;
  /** The database did not take these rows. */
  lost(error: unknown, rows: number): void;
};

type Row = {
  minute: string;
  platform: number | null;
  deployment: string;
  door: LaunchEvent['at'];
  reason: string;
  message: string;
  missing: string[];
  count: number;
  refs: string[];
};

const writeAfter = 500; // ms
/** Of one row: enough to find any one visit by what its person was shown. */
const keptReferences = 20;
const logged = 20;
/** Rows waiting for the database; more are only counted in the log. */
const mostWaiting = 2000;

export function launchDiary(db: Db, log: DiaryLog): Diary {
  let waiting = new Map<string, { districtId: number; row: Row }>();
  let seen = new Map<string, { at: LaunchEvent['at']; reason: string; count: number }>();
  let minuteNow = '';
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();

  const tellMore = () => {
    for (const { at, reason, count } of seen.values()) if (count > logged) log.more({ at, reason, count: count - logged });
    seen = new Map();
  };
  const toLog = (event: LaunchEvent, minute: string) => {
    if (minute !== minuteNow) tellMore();
    minuteNow = minute;
    if (event.reason === null) return log.event(event);
    const kind = `${event.at} ${event.reason}`;
    const known = seen.get(kind) ?? { at: event.at, reason: event.reason, count: 0 };
    known.count++;
    seen.set(kind, known);
    if (known.count <= logged) log.event(event);
  };

  const write = async () => {
    const rows = [...waiting.values()];
    waiting = new Map();
    const districts = new Map<number, Row[]>();
    for (const { districtId, row } of rows) districts.set(districtId, [...(districts.get(districtId) ?? []), row]);
    for (const [district, said] of districts) {
      await db.onceInDistrict(district, statement, { district, rows: said }).catch((error: unknown) => log.lost(error, said.length));
    }
  };
  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    writing = writing.then(write);
    return writing;
  };

  return {
    note(event) {
      const minute = `${new Date().toISOString().slice(0, 16)}Z`;
      toLog(event, minute);
      if (!event.where) return;
      const { districtId, platformId, deploymentId } = event.where;
      const { at: door, reason, message, missing } = event;
      const row: Row = {
        minute,
        platform: platformId,
        deployment: deploymentId ?? '',
        door,
        reason: reason ?? '',
        message: (reason && message) || '',
        missing: [...missing].sort(),
        count: 0,
        refs: [],
      };
      const key = JSON.stringify([districtId, row]);
      if (!waiting.has(key) && waiting.size >= mostWaiting) return;
      const entry = waiting.get(key) ?? { districtId, row };
      waiting.set(key, entry);
      entry.row.count++;
      if (event.reference && entry.row.refs.length < keptReferences) entry.row.refs.push(event.reference);
      timer ??= setTimeout(() => void flush(), writeAfter);
      timer.unref();
    },
    flush,
    close: async () => {
      await flush();
      tellMore();
    },
  };
}

const statement = `
  WITH said AS (SELECT $said AS it)
  INSERT INTO launch_diary AS kept (district_id, minute, platform_id, deployment_id, door, reason, message, missing, count, refs)
  SELECT (it ->> 'district')::int, minute, platform, deployment, door, reason, message, missing, count, refs
  FROM said, jsonb_to_recordset(it -> 'rows') AS r
    (minute timestamptz, platform int, deployment text, door text, reason text, message text, missing text[], count int, refs text[])
  ON CONFLICT (district_id, minute, platform_id, deployment_id, door, reason, message, missing)
  DO UPDATE SET count = kept.count + EXCLUDED.count, refs = (kept.refs || EXCLUDED.refs)[1:${keptReferences}]`;
