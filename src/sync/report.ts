/** What a run did, as `aptt sync --json` prints it and sync_run keeps it. Pure shapes. */
import type { Problem } from '../../connectors/connector.ts';
import type { Entity } from '../roster/model.ts';

/** read = added + changed + unchanged + rejected (+ endedByRow in delta files). `ended` counts records found gone. */
export type Counts = { read: number; added: number; changed: number; ended: number; unchanged: number; rejected: number };

export type RunStatus = 'running' | 'applied' | 'unchanged' | 'held' | 'failed' | 'rejected' | 'undone' | 'dry-run';

export type HeldBecause = {
  code: 'too_many_ended' | 'too_many_changed' | 'zero_rows' | 'incomplete' | 'class_shrunk' | 'same_as_undone';
  entity: Entity | null;
  classSourcedId: string | null;
  count: number;
  of: number;
};

export type RunReport = {
  runId: number;
  source: string;
  status: RunStatus;
  entities: Partial<Record<Entity, Counts>>;
  guardians: { linked: number; parentsWithoutChild: number; childrenWithoutParent: number };
  /** At most 1,000 here; all of them are in sync_problem. `problemCount` is the true number. */
  problems: Problem[];
  problemCount: number;
  heldBecause: HeldBecause[];
  error?: { code: string; message: string; hint?: string };
};

export const noCounts = (): Counts => ({ read: 0, added: 0, changed: 0, ended: 0, unchanged: 0, rejected: 0 });
