/**
 * What sources say of people that no rule could settle: rows that match nobody or two, relations nobody knows, parents without a child,
 * children without a parent, and pairs that one source links and another forbids. Ids, never names. Throws nothing.
 */
import type { DistrictPermit } from '../access/policy.ts';
import type { Tx } from '../db/db.ts';
import { mergeLinks, type Said } from '../roster/families.ts';
import { guardianRoles } from '../roster/model.ts';
import type { ReviewRow } from './shapes.ts';

const codes = ['no_match', 'ambiguous_match', 'agent_not_guardian', 'relation_unknown', 'relation_blank'];
const placesShown = 5;
const mostPairs = 50;

export async function reviewOf(tx: Tx, permit: DistrictPermit): Promise<ReviewRow[]> {
  return [...(await notMatched(tx, permit)), ...(await withoutFamily(tx, permit)), ...(await contradicted(tx, permit))];
}

/** Of each source's last input that was looked at: what was mended since is gone by itself. */
const notMatched = (tx: Tx, { districtId }: DistrictPermit) => tx<ReviewRow[]>`
  WITH last AS (
    SELECT DISTINCT ON (r.source_id) r.source_id, r.id, coalesce((r.report ->> 'problemsIn')::bigint, r.id) AS problems
    FROM sync_run r WHERE r.district_id = ${districtId} AND r.status IN ('applied', 'unchanged', 'held') ORDER BY r.source_id, r.id DESC)
  SELECT s.name AS source, p.code, p.entity, count(*)::int AS count, last.id::text AS "runId",
    (array_agg(coalesce(p.sourced_id, concat_ws(':', p.file, p.line)) ORDER BY p.n))[1:${placesShown}::int] AS places
  FROM last JOIN source s ON s.district_id = ${districtId} AND s.id = last.source_id
    JOIN sync_problem p ON p.district_id = ${districtId} AND p.run_id = last.problems AND p.code = ANY(${codes})
  GROUP BY s.name, p.code, p.entity, last.id ORDER BY count(*) DESC, s.name, p.code, p.entity`;

/** As each run counts them (src/sync/finish.ts), by the source their record is from. */
const withoutFamily = (tx: Tx, { districtId }: DistrictPermit) => tx<ReviewRow[]>`
  WITH link AS MATERIALIZED (SELECT student_id, guardian_id, linked FROM family_link WHERE district_id = ${districtId}),
  person AS (
    SELECT u.id, u.sourced_id, u.source_id, bool_or(r.role = 'student') AS student, bool_or(r.role = ANY(${[...guardianRoles]})) AS guardian
    FROM role r JOIN "user" u ON u.district_id = r.district_id AND u.id = r.user_id
    WHERE r.district_id = ${districtId} AND r.ended_at IS NULL AND u.ended_at IS NULL GROUP BY 1, 2, 3),
  alone AS (
    SELECT *, 'parent_without_child' AS code FROM person WHERE guardian AND NOT EXISTS (SELECT 1 FROM link WHERE guardian_id = person.id)
    UNION ALL
    SELECT *, 'child_without_parent' FROM person WHERE student AND NOT EXISTS (SELECT 1 FROM link WHERE student_id = person.id AND linked))
  SELECT s.name AS source, a.code, 'users' AS entity, count(*)::int AS count, NULL AS "runId",
    (array_agg(a.sourced_id ORDER BY a.sourced_id))[1:${placesShown}::int] AS places
  FROM alone a JOIN source s ON s.district_id = ${districtId} AND s.id = a.source_id GROUP BY 1, 2 ORDER BY 2 DESC, 1`;

async function contradicted(tx: Tx, { districtId }: DistrictPermit): Promise<ReviewRow[]> {
  const rows = await tx<(Said & { student: string; guardian: string })[]>`
    WITH pair AS (
      SELECT student_id, guardian_id FROM guardianship WHERE district_id = ${districtId} GROUP BY 1, 2
      HAVING bool_or(no_contact) AND bool_or(NOT no_contact AND ended_at IS NULL) ORDER BY 1, 2 LIMIT ${mostPairs})
    SELECT c.sourced_id AS student, p.sourced_id AS guardian, s.name AS source, s.kind, g.no_contact AS "noContact", g.ended_at IS NOT NULL AS ended,
      g.relation, g.lives_with AS "livesWith", g.language, g.interpreter, g.phone, g.email, g.confirmed_on::text AS "confirmedOn"
    FROM pair JOIN guardianship g USING (student_id, guardian_id)
      JOIN source s ON s.district_id = g.district_id AND s.id = g.source_id
      JOIN "user" c ON c.district_id = g.district_id AND c.id = g.student_id
      JOIN "user" p ON p.district_id = g.district_id AND p.id = g.guardian_id
    WHERE g.district_id = ${districtId} ORDER BY g.student_id, g.guardian_id, s.name`;
  const pairs = new Map<string, Said[]>();
  for (const { student, guardian, ...said } of rows) {
    const pair = `${student} · ${guardian}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), said]);
  }
  return [...pairs].map(([pair, said]) => {
    const { forbiddenBy, linkedBy, facts } = mergeLinks(said);
    const relation = facts.relation ? ` (${facts.relation.value}, ${facts.relation.source})` : '';
    const source = forbiddenBy.join(', ');
    return {
      source,
      code: 'no_contact_kept',
      entity: 'guardianships',
      count: 1,
      runId: null,
      places: [`${pair}${relation}`, ...linkedBy.map((one) => `↔ ${one}`)],
    };
  });
}
