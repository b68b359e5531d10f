/** Append-only: who looked at what, and why they might. Written in the transaction of the act itself, so one is never without the other. */
import type { Tx } from '../db/db.ts';
import type { Viewer } from './viewer.ts';

export type Act = {
  action:
    | 'child.view'
    | 'number.reveal'
    | 'meeting.prepare'
    | 'meeting.present'
    | 'meeting.show'
    | 'meeting.rehearse'
    | 'meeting.redraw'
    | 'meeting.cancel'
    | 'child.opt_out'
    | 'child.opt_in'
    | 'class.bands_allowed'
    | 'class.bands_withdrawn'
    | 'class.connect'
    | 'goals.view'
    | 'goal.set'
    | 'goal.change'
    | 'goal.take_back'
    | 'goals.publish'
    | 'goals.stop_publishing'
    | 'goals.remove_column'
    | 'pending.settle'
    | 'pending.dismiss'
    | 'platform.add'
    | 'platform.invite'
    | 'platform.uninvite'
    | 'platform.test'
    | 'platform.activate'
    | 'platform.deactivate'
    | 'platform.trust'
    | 'platform.distrust'
    | 'source.mapping'
    | 'source.file'
    | 'source.preview'
    | 'sync.approve'
    | 'sync.reject'
    | 'sync.undo';
  reason: string;
  studentId?: number;
  classId?: number;
  meetingId?: number;
};

export async function record(tx: Tx, viewer: Viewer, ...acts: Act[]): Promise<void> {
  const rows = acts.map(({ action, reason, studentId, classId, meetingId }) => ({
    district_id: viewer.districtId,
    account_id: viewer.accountId,
    actor: actorOf(viewer),
    action,
    reason,
    student_id: studentId ?? null,
    class_id: classId ?? null,
    meeting_id: meetingId ?? null,
  }));
  if (rows.length > 0) await tx`INSERT INTO audit ${tx(rows)}`;
}

/** Who did it, without a name: names change and are erased, the line stays. */
export const actorOf = (viewer: Viewer): string => (viewer.userId === null ? `account:${viewer.accountId}` : `user:${viewer.userId}`);
