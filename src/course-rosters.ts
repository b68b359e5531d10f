/**
 * Rosters of courses whose district has no roster feed: hands the connector `lti-memberships` what a platform's launches told us and a way
 * to its tokens, and afterwards joins what came in with the launches: the course is that class, whoever launches is that person.
 */
import type { Course, Courses } from '../connectors/lti-memberships/courses.ts';
import { readRoles } from '../lti/roles.ts';
import { goalTag } from '../lti/services/grades.ts';
import type { ServiceTokens } from '../lti/services/token.ts';
import type { Db, Tx } from './db/db.ts';
import { courseRosters } from './roster/kinds.ts';
import type { RunReport } from './sync/report.ts';
import { type SyncOptions, syncSource } from './sync/run.ts';
import type { Source } from './sync/sources.ts';

/** Names a course in its source. */
const prefix = 'course:';
const triesAtNight = 8;
const triesAtLaunch = 3;

/** Any source: one that is no platform is synced as it is. @param only some courses, by `lti_context`; absent: all of the platform's */
export async function syncAny(
  db: Db,
  tokens: () => ServiceTokens,
  districtId: number,
  source: Source,
  options: SyncOptions,
  only?: number[],
): Promise<RunReport> {
  if (source.kind !== courseRosters) return syncSource(db, districtId, source, options);
  const report = await syncSource(db, districtId, await withCourses(db, tokens(), districtId, source, only), options);
  if (!options.dryRun && (report.status === 'applied' || report.status === 'unchanged')) {
    const failed = report.problems.flatMap(({ code, sourcedId }) => (code === 'course_not_read' && sourcedId ? [sourcedId] : []));
    await db.inDistrict(districtId, (tx) => join(tx, source, only ?? null, failed));
  }
  return report;
}

/** The source as its connector needs it; what is added is never stored. */
export async function withCourses(db: Db, tokens: ServiceTokens, districtId: number, source: Source, only?: number[]): Promise<Source> {
  if (source.kind !== courseRosters) return source;
  const token = tokens.of(districtId, Number(source.settings.platform));
  const courses: Courses = {
    all: only === undefined,
    list: await db.inDistrict(districtId, (tx) => coursesOf(tx, source.id, only ?? null)),
    token,
    roleOf,
    ownTag: goalTag,
    tries: only === undefined ? triesAtNight : triesAtLaunch,
  };
  return { ...source, settings: { ...source.settings, courses } };
}

export const roleOf: Courses['roleOf'] = (roles) => {
  const { instructor, learner } = readRoles(roles, { namesChildren: false });
  return instructor ? 'teacher' : learner ? 'student' : null;
};

/** Not those of a deployment the district took back, nor those that have become a class of another source. */
const coursesOf = async (tx: Tx, sourceId: number, only: number[] | null): Promise<Course[]> => [
  ...(await tx<Course[]>`
    SELECT ${prefix}::text || x.id AS key, x.title, x.memberships_url AS "membershipsUrl", x.line_items_url AS "lineItemsUrl", x.service_scopes AS scopes
    FROM lti_context x JOIN lti_deployment d
      ON d.district_id = x.district_id AND d.platform_id = x.platform_id AND d.deployment_id = x.deployment_id AND d.status = 'active'
    WHERE x.source_id = ${sourceId} AND x.memberships_url IS NOT NULL AND (${only}::bigint[] IS NULL OR x.id = ANY(${only}))
      AND NOT EXISTS (SELECT 1 FROM class k WHERE k.id = x.class_id AND k.source_id <> ${sourceId} AND k.ended_at IS NULL)
    ORDER BY x.id`),
];

/** A match somebody made, or one by the district's own ids, is left alone; what waited for a match has one now. */
async function join(tx: Tx, { id: sourceId, settings }: Source, only: number[] | null, failed: string[]): Promise<void> {
  await tx`SET LOCAL synchronous_commit = off`; // the next run does it again
  await tx`
    UPDATE lti_context SET members_read_at = now()
    WHERE source_id = ${sourceId} AND (${only}::bigint[] IS NULL OR id = ANY(${only})) AND NOT (${prefix}::text || id = ANY(${failed}))`;
  await tx`
    WITH joined AS (
      UPDATE lti_context x SET class_id = k.id, matched_by = 'memberships' FROM class k
      WHERE x.source_id = ${sourceId} AND k.source_id = ${sourceId} AND k.sourced_id = ${prefix}::text || x.id AND k.ended_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM class c WHERE c.id = x.class_id AND c.ended_at IS NULL)
      RETURNING x.id)
    UPDATE pending_match p SET settled_at = now(), settled_by = 'match' FROM joined
    WHERE p.kind = 'context' AND p.context_id = joined.id AND p.settled_at IS NULL`;
  await tx`
    WITH joined AS (
      UPDATE lti_account a SET user_id = u.id, matched_by = 'sub' FROM "user" u
      WHERE a.platform_id = ${Number(settings.platform)} AND u.source_id = ${sourceId} AND u.sourced_id = 'sub:' || a.sub
        AND u.enabled AND u.ended_at IS NULL AND a.user_id IS NULL
      RETURNING a.id)
    UPDATE pending_match p SET settled_at = now(), settled_by = 'match' FROM joined
    WHERE p.kind = 'person' AND p.account_id = joined.id AND p.settled_at IS NULL`;
}
