/**
 * "APTT goal met" in a course's grade book, where a teacher of the class wants it there: one column a course, a 1 for each child who has met a goal
 * of this class, nothing for anybody else. What was sent is remembered, so that only what differs is sent; the column is found again by its address,
 * else by its tag, and made only where there is none. Of two who come at once one waits for another time. Never throws for what a platform does:
 * that stands with the wish, and in the launch diary.
 */
import { gradeBookScopes } from '../config/policy.ts';
import type { Courses } from '../connectors/lti-memberships/courses.ts';
import { ownColumn } from '../connectors/lti-memberships/grade-book.ts';
import { type Members, readMembers } from '../connectors/lti-memberships/members.ts';
import { type GradesReason, gradesReasons, type LaunchEvent } from '../lti/event.ts';
import { createLineItem, deleteLineItem, goalTag, hasLineItem, postScore } from '../lti/services/grades.ts';
import type { ServiceTokens } from '../lti/services/token.ts';
import { reckonGoals } from './api/goals.ts';
import { roleOf } from './course-rosters.ts';
import type { Db, Tx } from './db/db.ts';
import { AppError } from './errors.ts';
import { childrenByMember, type Known } from './read-models/members.ts';

export type Publishing = { db: Db; tokens: ServiceTokens; note: (event: LaunchEvent) => void; signal?: AbortSignal };
/** Of one course. `code` null: all is there that should be. */
export type Published = { contextId: number; code: GradesReason | null; sent: number };

const label = 'APTT goal met';
const maximum = 1;
/** Whoever is killed at it is waited for no longer. */
const busyMinutes = 30;
const tries = 3;

/** @param only these courses; absent: all of the district */
export async function publishGoals(tools: Publishing, districtId: number, only?: number[]): Promise<Published[]> {
  const due = await tools.db.inDistrict(
    districtId,
    (tx) => tx<{ id: number }[]>`
      SELECT context_id AS id FROM goal_column WHERE wish <> 'off' AND (${only ?? null}::bigint[] IS NULL OR context_id = ANY(${only ?? null})) ORDER BY 1`,
  );
  const done: Published[] = [];
  for (const { id } of due) {
    for (let again = true; again; ) {
      const claimed = await tools.db.inDistrict(districtId, (tx) => claim(tx, id));
      if (!claimed) break;
      const { wishedAgain, ...published } = await settle(tools, districtId, claimed);
      done.push(published);
      again = wishedAgain;
    }
  }
  return done;
}

type Claimed = {
  contextId: number;
  wish: 'on' | 'removed';
  /** As text: to the microsecond, as a Date is not. */
  wishedAt: string;
  claimedAt: string;
  busyUntil: string;
  lineItem: string | null;
  classId: number;
  platformId: number;
  issuer: string;
  deploymentId: string;
  title: string | null;
  membershipsUrl: string | null;
  lineItemsUrl: string | null;
  scopes: string[];
};

/** Null: somebody is at it, the wish is gone, or the course is no longer the class's whose teacher wished it. */
async function claim(tx: Tx, contextId: number): Promise<Claimed | null> {
  const [row] = await tx<Claimed[]>`
    UPDATE goal_column k SET busy_until = now() + make_interval(mins => ${busyMinutes})
    FROM lti_context x
      JOIN lti_platform p ON p.district_id = x.district_id AND p.id = x.platform_id
      JOIN lti_deployment d ON d.district_id = x.district_id AND d.platform_id = x.platform_id AND d.deployment_id = x.deployment_id AND d.status = 'active'
    WHERE k.context_id = ${contextId} AND x.district_id = k.district_id AND x.id = k.context_id AND x.class_id = k.class_id AND k.wish <> 'off'
      AND (k.busy_until IS NULL OR k.busy_until < now())
    RETURNING k.context_id AS "contextId", k.wish, k.wished_at::text AS "wishedAt", now()::text AS "claimedAt", k.busy_until::text AS "busyUntil", k.line_item AS "lineItem", x.class_id AS "classId",
      x.platform_id AS "platformId", p.issuer, x.deployment_id AS "deploymentId", x.title, x.memberships_url AS "membershipsUrl",
      x.line_items_url AS "lineItemsUrl", x.service_scopes AS scopes`;
  return row ?? null;
}

/** Whoever wished again meanwhile found us at it, and went: that is ours to see to. */
async function settle(tools: Publishing, districtId: number, claimed: Claimed): Promise<Published & { wishedAgain: boolean }> {
  const { contextId, wish, wishedAt, claimedAt, busyUntil, platformId, issuer, deploymentId } = claimed;
  const course = new Course(tools, districtId, claimed);
  const failure = await (wish === 'on' ? course.publish() : course.remove()).then(
    () => course.refusal,
    (error: unknown) => error,
  );
  const isDone = failure === null;
  const code = codeOf(failure);
  const [settled] = await tools.db.inDistrict(
    districtId,
    (tx) => tx<{ wishedAgain: boolean }[]>`
      UPDATE goal_column SET busy_until = NULL, tried_at = ${claimedAt}::text::timestamptz, code = ${isDone ? null : (code ?? 'internal_error')}, unknown = ${course.unknown},
        done_at = CASE WHEN ${isDone && !course.isCutShort} THEN now() ELSE done_at END,
        -- taken out: there is no more to do, unless somebody has wished again meanwhile
        wish = CASE WHEN ${isDone && wish === 'removed'} AND wished_at = ${wishedAt}::text::timestamptz THEN 'off' ELSE wish END
      -- unless we took so long that somebody else is at it
      WHERE context_id = ${contextId} AND busy_until = ${busyUntil}::text::timestamptz
      RETURNING wished_at <> ${wishedAt}::text::timestamptz AS "wishedAgain"`,
  );
  if (!isDone && code === null) throw failure; // a defect, or somebody stops us
  if (failure instanceof AppError && code !== null) {
    const where = { districtId, platformId, issuer, deploymentId };
    tools.note({ at: 'grades', outcome: 'refused', reason: code, message: failure.message, reference: null, where, missing: [] });
  }
  return { contextId, code, sent: course.sent, wishedAgain: settled?.wishedAgain ?? false };
}

const codeOf = (error: unknown): GradesReason | null =>
  gradesReasons.find((code) => error instanceof AppError && error.code === code) ?? null;

class Course {
  /** Children who met a goal and are nobody in the course. */
  unknown = 0;
  sent = 0;
  /** The platform took some and refused another. */
  refusal: AppError | null = null;
  /** The wish went meanwhile, or the leave to write there. */
  isCutShort = false;
  private reading: Promise<Members> | undefined;
  private readonly tools: Publishing;
  private readonly districtId: number;
  private readonly claimed: Claimed;

  constructor(tools: Publishing, districtId: number, claimed: Claimed) {
    this.tools = tools;
    this.districtId = districtId;
    this.claimed = claimed;
  }

  async publish(): Promise<void> {
    const { scopes, lineItemsUrl, membershipsUrl } = this.claimed;
    if (lineItemsUrl === null || membershipsUrl === null || !gradeBookScopes.every((scope) => scopes.includes(scope))) throw notGranted();
    const { wanted, posted } = await this.standing();
    const extra = posted.filter((one) => !wanted.some(({ id }) => id === one.id));
    const lacks = (there: Known[]) => wanted.filter(({ id, here }) => here && !there.some((one) => one.id === id));
    if (this.claimed.lineItem !== null && extra.length === 0 && lacks(posted).length === 0) return;

    const column = await this.column(lineItemsUrl);
    if (column === null) return;
    const { lineItem, isNew } = column;
    for (const one of isNew ? [] : extra) await this.send(lineItem, one, null);
    const lacking = lacks(isNew ? [] : posted);
    if (lacking.length === 0) return;
    const subs = await this.subs(membershipsUrl);
    for (const { id } of lacking) {
      const sub = subs.get(id);
      if (sub === undefined) this.unknown++;
      else await this.send(lineItem, { id, sub }, maximum);
    }
  }

  async remove(): Promise<void> {
    const { lineItem, lineItemsUrl } = this.claimed;
    const found = lineItem ?? (lineItemsUrl && (await ownColumn(this.courses(), lineItemsUrl, this.tools.signal)));
    if (found) await deleteLineItem(this.token(), found, this.tools.signal);
    await this.keep(null);
  }

  /** Who should have a 1: met a goal of this class, be it today's or an earlier one; whoever has left keeps what they have. And who has one. */
  private standing = () =>
    this.tools.db.inDistrict(this.districtId, async (tx) => {
      const { classId, contextId } = this.claimed;
      await reckonGoals(tx, { classId });
      const wanted = await tx<{ id: number; here: boolean }[]>`
        SELECT DISTINCT student_id AS id, student_id IN (SELECT user_id FROM active_enrollment WHERE class_id = ${classId} AND role = 'student') AS here
        FROM goal
        WHERE class_id = ${classId} AND met_on IS NOT NULL AND ended_because IS DISTINCT FROM 'taken_back' ORDER BY 1`;
      const posted = await tx<Known[]>`SELECT student_id AS id, sub FROM goal_posted WHERE context_id = ${contextId} ORDER BY 1`;
      return { wanted: [...wanted], posted: [...posted] };
    });

  /** Null: it is not wanted any more, and none is there. */
  private async column(lineItemsUrl: string): Promise<{ lineItem: string; isNew: boolean } | null> {
    const { lineItem: kept } = this.claimed;
    const { signal } = this.tools;
    if (kept !== null && (await hasLineItem(this.token(), kept, signal))) return { lineItem: kept, isNew: false };
    const found = await ownColumn(this.courses(), lineItemsUrl, signal);
    if (found === null && !(await this.isWanted())) return null;
    const lineItem = found ?? (await createLineItem(this.token(), lineItemsUrl, { label, maximum }, signal));
    await this.keep(lineItem);
    return { lineItem, isNew: true };
  }

  /** Another column than before, or none: what was sent stood in the old one. */
  private keep = (lineItem: string | null) =>
    this.tools.db.inDistrict(this.districtId, async (tx) => {
      const { contextId } = this.claimed;
      await tx`UPDATE goal_column SET line_item = ${lineItem} WHERE context_id = ${contextId}`;
      await tx`DELETE FROM goal_posted WHERE context_id = ${contextId}`;
    });

  /** What each child of the class is called in this course. */
  private async subs(membershipsUrl: string): Promise<Map<number, string>> {
    const { classId, platformId } = this.claimed;
    const { here } = await this.members(membershipsUrl);
    const members = [...here].flatMap(([sub, { row, role }]) => (role === 'student' ? [{ sub, sourcedId: row.lis_person_sourcedid }] : []));
    return this.tools.db.inDistrict(this.districtId, (tx) => childrenByMember(tx, { classId, platformId }, members));
  }

  /** Read once, and only where it is asked for. */
  private members(membershipsUrl: string): Promise<Members> {
    const { contextId, title, scopes } = this.claimed;
    const course = { key: `course:${contextId}`, title, membershipsUrl, lineItemsUrl: null, scopes };
    this.reading ??= readMembers(this.courses(), course, { signal: this.tools.signal });
    return this.reading;
  }

  /** Still: by the class's teacher, in a course and a deployment as we found them. */
  private async isWanted(): Promise<boolean> {
    if (this.isCutShort) return false;
    const { contextId, classId } = this.claimed;
    const rows = await this.tools.db.inDistrict(
      this.districtId,
      (tx) => tx`SELECT FROM goal_column k JOIN lti_context x ON x.id = k.context_id
        JOIN lti_deployment d ON d.platform_id = x.platform_id AND d.deployment_id = x.deployment_id AND d.status = 'active'
        WHERE k.context_id = ${contextId} AND k.wish = 'on' AND k.class_id = ${classId} AND x.class_id = ${classId}`,
    );
    this.isCutShort = rows.length === 0;
    return !this.isCutShort;
  }

  private async hasLeft(sub: string): Promise<boolean> {
    const { membershipsUrl } = this.claimed;
    if (membershipsUrl === null) return false;
    const { here, unreadable, lostIds } = await this.members(membershipsUrl);
    return !here.has(sub) && !unreadable.has(sub) && !lostIds;
  }

  /** Unless it is not wanted any more. One child the platform does not take keeps no other from theirs; whoever has left the course has nothing there to clear. */
  private async send(lineItem: string, { id, sub }: Known, score: number | null): Promise<void> {
    const { contextId } = this.claimed;
    const { db, signal } = this.tools;
    if (!(await this.isWanted())) return;
    try {
      await postScore(this.token(), lineItem, { userId: sub, score, maximum, at: new Date() }, signal);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'grade_refused') throw error;
      if (score !== null || !(await this.hasLeft(sub))) {
        this.refusal = error;
        return;
      }
    }
    this.sent++;
    await db.inDistrict(this.districtId, (tx) =>
      score === null
        ? tx`DELETE FROM goal_posted WHERE context_id = ${contextId} AND student_id = ${id}`
        : tx`INSERT INTO goal_posted (district_id, context_id, student_id, sub) VALUES (${this.districtId}, ${contextId}, ${id}, ${sub})
            ON CONFLICT DO NOTHING`,
    );
  }

  private token = () => this.tools.tokens.of(this.districtId, this.claimed.platformId);
  private courses = (): Courses => ({ all: false, list: [], token: this.token(), roleOf, ownTag: goalTag, tries });
}

const notGranted = () =>
  new AppError('grades_not_granted', 'the platform does not grant this course’s grade book (scopes lineitem and score)', {
    consequence: 'halt',
    hint: 'Allow both services for the tool in the platform, then open it once more from the course.',
  });
