/**
 * Judges a run before anything is written. Pure. Thresholds: a district keeps yesterday's data rather than trust a feed that
 * suddenly forgets a tenth of a kind of record.
 */
import type { Closing } from '../../connectors/connector.ts';
import type { Entity } from '../roster/model.ts';
import type { Difference } from './diff.ts';
import type { HeldBecause } from './report.ts';

export type Limits = {
  /** 0 to 1, of an entity's living records. Fewer than `endedFrom` are judged by `maxEndedOfFew`: one child of eight may well have left. */
  maxEndedShare: number;
  endedFrom: number;
  maxEndedOfFew: number;
  /** 0 to 1; judged from `changedFrom` changes on: the one district of a district may be renamed. */
  maxChangedShare: number;
  changedFrom: number;
  /** 0 to 1, of one class's students. */
  maxClassLoss: number;
  /** Classes smaller than this are not judged on their own. */
  classFrom: number;
  /** 0 to 1, of all classes held at once: then it is the feed, not the class. */
  maxHeldClasses: number;
};

export const limits: Limits = {
  maxEndedShare: 0.1,
  endedFrom: 5,
  maxEndedOfFew: 0.5,
  maxChangedShare: 0.75,
  changedFrom: 5,
  maxClassLoss: 0.5,
  classFrom: 5,
  maxHeldClasses: 0.1,
};

export type Evidence = {
  entity: Entity;
  difference: Difference;
  /** Rows of the source, usable or not. */
  read: number;
  closing: Closing | undefined;
};

/** Why a listing may be incomplete without being broken: it says itself that it is only a part, or a row's id was unreadable (nothing is ended then). */
const harmless = new Set(['delta', 'partial', 'unreadable_ids']);

/** @returns reasons to hold the whole run; none: apply it */
export function judge(evidence: readonly Evidence[], within: Limits = limits): HeldBecause[] {
  const reasons: HeldBecause[] = [];
  const because = (code: HeldBecause['code'], entity: Entity, count: number, of: number) =>
    reasons.push({ code, entity, classSourcedId: null, count, of });
  for (const { entity, difference, read, closing } of evidence) {
    const { active, ended, changed } = difference;
    const complete = closing?.complete === true;
    if (!complete && !harmless.has(closing?.because ?? 'interrupted')) because('incomplete', entity, read, active);
    else if (complete && read === 0 && active > 0 && !closing?.classes) because('zero_rows', entity, 0, active);
    else if (ended > active * (ended < within.endedFrom ? within.maxEndedOfFew : within.maxEndedShare))
      because('too_many_ended', entity, ended, active);
    if (active > 0 && changed >= within.changedFrom && changed > active * within.maxChangedShare)
      because('too_many_changed', entity, changed, active);
  }
  return reasons;
}

/** What a system may well have in which there is nobody. */
const frame = new Set<Entity>(['orgs', 'academicSessions', 'courses', 'assessments', 'benchmarks']);

export function isAboutNobody(listings: readonly Pick<Evidence, 'entity' | 'read'>[]): boolean {
  const asksForPeople = listings.some(({ entity }) => entity === 'users' || entity === 'classes');
  return listings.every(({ entity, read }) => read === 0 || (asksForPeople && frame.has(entity)));
}

/** A system that answers, and has no person and no class, is no roster, whatever stood there before. An empty delta says: nothing new. */
export const tellsOfNobody = (evidence: readonly Evidence[]): boolean =>
  isAboutNobody(evidence) && evidence.every(({ closing }) => closing?.because !== 'delta');

export type ClassLoss = { classId: number; classSourcedId: string; before: number; lost: number };

/** @returns the classes that stay on yesterday's data while the rest goes on */
export function classesToHold(losses: readonly ClassLoss[], within: Limits = limits): ClassLoss[] {
  return losses.filter(({ before, lost }) => before >= within.classFrom && lost > before * within.maxClassLoss);
}

/** Many classes shrinking in one night is not a matter of classes. */
export function tooManyHeld(held: number, classes: number, within: Limits = limits): boolean {
  return held > 1 && held > classes * within.maxHeldClasses;
}
