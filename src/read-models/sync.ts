/** District IT's screens: sources, runs, one run with its problems grouped. No personal data: problems carry sourcedIds and places only. */
import { type DistrictPermit, notFound } from '../access/policy.ts';
import type { Tx } from '../db/db.ts';
import type { Counts, HeldBecause, RunRow, RunShape, RunStatus, RunsShape, SourcesShape } from './shapes.ts';

const pageSize = 50;

/** Codes of rows that are left out because they should be. They count among the rejected, so that every row is accounted for, and nothing is to be mended. */
const leftOut = ['emergency_contact_excluded'];

export async function sourcesView(tx: Tx, { districtId }: DistrictPermit): Promise<SourcesShape> {
  const [sources, [pending]] = await Promise.all([
    tx<{ id: number; name: string; kind: string; lastRunId: number | null; lastApplied: Date | null }[]>`
      SELECT s.id, s.name, s.kind,
        (SELECT max(r.id) FROM sync_run r WHERE r.district_id = s.district_id AND r.source_id = s.id) AS "lastRunId",
        (SELECT max(r.finished_at) FROM sync_run r WHERE r.district_id = s.district_id AND r.source_id = s.id AND r.status IN ('applied', 'unchanged')) AS "lastApplied"
      FROM source s WHERE s.district_id = ${districtId} ORDER BY s.name`,
    tx<{ count: number }[]>`SELECT
      (SELECT count(*) FROM pending_match WHERE district_id = ${districtId} AND settled_at IS NULL)::int +
      (SELECT count(*) FROM lti_deployment WHERE district_id = ${districtId} AND status = 'pending')::int AS count`,
  ]);
  const runs = await runRows(
    tx,
    districtId,
    sources.flatMap((source) => source.lastRunId ?? []),
  );
  return {
    sources: sources.map(({ id, name, kind, lastRunId, lastApplied }) => ({
      id: String(id),
      name,
      kind,
      lastRun: runs.find((run) => run.id === String(lastRunId)) ?? null,
      lastApplied: lastApplied?.toISOString() ?? null,
    })),
    pending: pending?.count ?? 0,
  };
}

/** Newest first. @param before the last id of the page before */
export async function runsView(tx: Tx, { districtId }: DistrictPermit, sourceId: number | null, before: number | null): Promise<RunsShape> {
  const ids = await tx<{ id: number }[]>`
    SELECT id FROM sync_run WHERE district_id = ${districtId} AND (${sourceId}::bigint IS NULL OR source_id = ${sourceId}::bigint)
      AND (${before}::bigint IS NULL OR id < ${before}) ORDER BY id DESC LIMIT ${pageSize + 1}`;
  const page = ids.slice(0, pageSize).map((row) => row.id);
  return { runs: await runRows(tx, districtId, page), more: ids.length > pageSize };
}

/** @throws AppError `not_found` */
export async function runView(tx: Tx, { districtId }: DistrictPermit, runId: number): Promise<RunShape> {
  const [[row], [detail], problemGroups] = await Promise.all([
    runRows(tx, districtId, [runId]),
    detailOf(tx, districtId, runId),
    problemGroupsOf(tx, districtId, runId),
  ]);
  if (!row || !detail) throw notFound('run');
  // An applied run may still hold classes back: what is staged waits for a decision.
  const isWaiting = detail.staged && (row.status === 'held' || row.status === 'applied');
  return {
    ...row,
    entities: detail.report.entities ?? {},
    guardians: detail.report.guardians ?? null,
    problemGroups,
    can: { approve: isWaiting, reject: isWaiting, undo: row.status === 'applied' && detail.isLastApplied },
    error:
      detail.errorCode === null ? null : { code: detail.errorCode, message: detail.errorMessage ?? '', hint: detail.report.hint ?? null },
  };
}

type Report = { entities?: Record<string, Counts>; guardians?: RunShape['guardians']; hint?: string };
type Stored = {
  id: number;
  source: string;
  status: RunStatus;
  startedAt: Date;
  finishedAt: Date | null;
  report: Report;
  problems: number;
  heldBecause: HeldBecause[];
};

async function runRows(tx: Tx, districtId: number, ids: number[]): Promise<RunRow[]> {
  if (ids.length === 0) return [];
  const rows = await tx<Stored[]>`
    SELECT r.id, s.name AS source, r.status, r.started_at AS "startedAt", r.finished_at AS "finishedAt", r.report, r.held_because AS "heldBecause",
      (SELECT count(*)::int FROM sync_problem p WHERE p.district_id = r.district_id AND p.run_id = ${problemsIn(tx)} AND p.severity = 'problem' AND p.code <> ALL(${leftOut})) AS problems
    FROM sync_run r JOIN source s ON s.district_id = r.district_id AND s.id = r.source_id
    WHERE r.district_id = ${districtId} AND r.id = ANY(${ids}) ORDER BY r.id DESC`;
  return rows.map(({ id, startedAt, finishedAt, report, ...rest }) => ({
    ...rest,
    id: String(id),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    totals: totalsOf(Object.values(report.entities ?? {})),
  }));
}

/** Of the outer r: an unchanged run has the problems of the run whose input it equals (src/sync/run.ts). */
const problemsIn = (tx: Tx) => tx`coalesce((r.report ->> 'problemsIn')::bigint, r.id)`;

function totalsOf(counts: Counts[]): Counts {
  const sum = (key: keyof Counts) => counts.reduce((total, entity) => total + entity[key], 0);
  return {
    read: sum('read'),
    added: sum('added'),
    changed: sum('changed'),
    ended: sum('ended'),
    unchanged: sum('unchanged'),
    rejected: sum('rejected'),
  };
}

type Detail = { report: Report; staged: boolean; isLastApplied: boolean; errorCode: string | null; errorMessage: string | null };

/** Only the run applied last can be undone: later ones stand on it (src/sync/undo.ts). */
const detailOf = (tx: Tx, districtId: number, runId: number) => tx<Detail[]>`
  SELECT r.report, r.staged, r.error_code AS "errorCode", r.error_message AS "errorMessage",
    NOT EXISTS (SELECT 1 FROM sync_run later WHERE later.district_id = r.district_id AND later.source_id = r.source_id AND later.id > r.id
      AND later.status IN ('applied', 'undone')) AS "isLastApplied"
  FROM sync_run r WHERE r.district_id = ${districtId} AND r.id = ${runId}`;

const problemGroupsOf = (tx: Tx, districtId: number, runId: number) => tx<RunShape['problemGroups']>`
  SELECT entity, CASE WHEN code = ANY(${leftOut}) THEN 'left_out' ELSE severity END AS severity, code, min(message) AS message, file, field, count(*)::int AS count,
    to_jsonb((array_agg(jsonb_build_object('line', line, 'sourcedId', sourced_id) ORDER BY n))[1:5]) AS places
  FROM sync_run r JOIN sync_problem p ON p.district_id = r.district_id AND p.run_id = ${problemsIn(tx)}
  WHERE r.district_id = ${districtId} AND r.id = ${runId}
  GROUP BY entity, p.severity, code, file, field
  ORDER BY code = ANY(${leftOut}), p.severity, count(*) DESC, entity, code LIMIT 200`;
