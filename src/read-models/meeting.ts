/** The room before presenting, and what the projector gets. The presenting answer is built from numbers and values alone. */

import type { DisplayPolicy } from '../../config/policy.ts';
import type { MeetingPermit } from '../access/policy.ts';
import { buildChart, isHistoryHidden } from '../aptt/chart.ts';
import { grewOf } from '../aptt/growth.ts';
import { canPresent, preflight } from '../aptt/preflight.ts';
import type { Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { type Measure, measuresOf, previousOf } from './measures.ts';
import { type ChildScore, scoresOf } from './scores.ts';
import type { ChartShape, MeetingShape, PresentShape } from './shapes.ts';
import { readableTitle } from './title.ts';

type Room = {
  classTitle: string;
  presentedAt: Date | null;
  /** When its numbers die: some days after the meeting, and where none was held, after they were drawn. */
  numbersExpireAt: Date;
  held: boolean;
  measure: Measure;
  children: ChildScore[];
  /** As it would be shown: only children who have a number. */
  chart: ChartShape;
};

export async function meetingView(tx: Tx, permit: MeetingPermit, policy: DisplayPolicy): Promise<MeetingShape> {
  const room = await roomOf(tx, permit, policy);
  const checks = checksOf(room, policy);
  const numbersDrawn = room.children.filter((child) => child.number !== null).length;
  return {
    id: String(permit.meetingId),
    classId: String(permit.classId),
    classTitle: room.classTitle,
    measure: room.measure.ref,
    presentedAt: room.presentedAt?.toISOString() ?? null,
    numbersExpireAt: numbersDrawn > 0 ? room.numbersExpireAt.toISOString() : null,
    numbersDrawn,
    preflight: checks,
    canPresent: canPresent(checks),
  };
}

/**
 * The projector's answer. Every value in it is a number or null.
 * @throws AppError `not_presented` before the teacher began · `cannot_present` when the preflight refuses (also later: children leave, numbers die)
 */
export async function presentView(tx: Tx, permit: MeetingPermit, policy: DisplayPolicy): Promise<PresentShape> {
  const room = await roomOf(tx, permit, policy);
  if (!room.presentedAt) throw new AppError('not_presented', 'this meeting has not begun', { status: 409 });
  return shownOf(room, policy);
}

/** The same, for the teacher alone and before the meeting: the projector is tried, and nothing begins. @throws AppError `cannot_present` */
export async function rehearsalView(tx: Tx, permit: MeetingPermit, policy: DisplayPolicy): Promise<PresentShape> {
  return shownOf(await roomOf(tx, permit, policy), policy);
}

function shownOf(room: Room, policy: DisplayPolicy): PresentShape {
  refuseUnlessReady(room, policy);
  const { n, scale, benchmark, atOrAbove, marks, bands, coded, codedLast } = room.chart;
  return {
    n,
    min: scale.min,
    max: scale.max,
    benchmark: benchmark?.value ?? null,
    atOrAbove: atOrAbove?.count ?? null,
    marks: marks.flatMap(({ number, value, last }) => (number === null ? [] : [{ number, value, last }])),
    bands,
    coded,
    codedLast,
    grew: marks.some((mark) => mark.last !== null)
      ? grewOf(
          room.children.filter((child) => child.number !== null),
          policy,
        )
      : null,
  };
}

/** @throws AppError `cannot_present` naming the checks that fail */
export async function preflightOrRefuse(tx: Tx, permit: MeetingPermit, policy: DisplayPolicy): Promise<void> {
  refuseUnlessReady(await roomOf(tx, permit, policy), policy);
}

function refuseUnlessReady(room: Room, policy: DisplayPolicy): void {
  const failed = checksOf(room, policy).filter((check) => check.outcome === 'fails');
  if (failed.length === 0) return;
  throw new AppError('cannot_present', `the privacy check refuses: ${failed.map((check) => check.code).join(', ')}`, {
    status: 409,
    hint: 'Open the meeting to see what is missing.',
  });
}

async function roomOf(tx: Tx, { meetingId, classId, lineItemId }: MeetingPermit, policy: DisplayPolicy): Promise<Room> {
  const [[facts], measures] = await Promise.all([factsOf(tx, meetingId), measuresOf(tx, [classId])]);
  const measure = measures.find((other) => other.id === lineItemId);
  if (!facts || !measure) throw new AppError('not_found', 'the scores of this meeting are no longer here', { status: 404 });
  const previousId = previousOf(measures, measure)?.id ?? null;
  const children = await scoresOf(tx, { classId, lineItemId, previousId, meetingId });
  const { scale, benchmark } = measure;
  const { title, course, periods, bandsConsent, presentedAt, drawnAt, held } = facts;
  return {
    classTitle: readableTitle({ title, course, periods, teacher: null, id: classId }),
    presentedAt,
    numbersExpireAt: new Date((presentedAt ?? drawnAt).getTime() + policy.numbersLiveDays * 86_400_000),
    held,
    measure,
    children,
    chart: buildChart({ children: children.filter((child) => child.number !== null), scale, benchmark, bandsConsent, policy }),
  };
}

function checksOf({ chart, children, numbersExpireAt, measure, held }: Room, policy: DisplayPolicy) {
  const withNumber = children.filter((child) => child.number !== null);
  const shown = withNumber.filter((child) => child.value !== null && !child.optedOut);
  const lack = shown.filter((child) => child.last === null).length;
  return preflight({
    chart,
    policy,
    children: children.length,
    numbersDrawn: withNumber.length,
    // Dead is dead, also when the purge has not yet come by.
    numbersAlive: numbersExpireAt.getTime() > Date.now() && withNumber.length > 0,
    withoutNumber: children.length - withNumber.length,
    historyHidden: lack < shown.length && isHistoryHidden(shown.length, lack, policy),
    scoreAgeDays: measure.ref.to === null ? null : Math.floor((Date.now() - Date.parse(measure.ref.to)) / 86_400_000),
    held,
  });
}

type Facts = {
  title: string;
  course: string | null;
  periods: string[];
  presentedAt: Date | null;
  drawnAt: Date;
  bandsConsent: boolean;
  held: boolean;
};

const factsOf = (tx: Tx, meetingId: number) => tx<Facts[]>`
  SELECT c.title, co.title AS course, c.periods, t.presented_at AS "presentedAt", t.drawn_at AS "drawnAt",
    EXISTS (SELECT 1 FROM band_consent b WHERE b.class_id = c.id) AS "bandsConsent", EXISTS (SELECT 1 FROM class_hold h WHERE h.class_id = c.id) AS held
  FROM meeting t JOIN class c ON c.id = t.class_id LEFT JOIN course co ON co.id = c.course_id WHERE t.id = ${meetingId}`;
