/** Has goals published in the background: after a teacher's launch, and as soon as a teacher wishes it. Nothing here ever delays an answer or fails it. */
import type { Launch } from '../lti/launch-shape.ts';
import { type Publishing, publishGoals } from './goal-publishing.ts';

export type GoalPublisher = {
  /** After a launch was answered. */
  opened(launch: Launch, contextId: number | null): void;
  wished(districtId: number, contextId: number): void;
  /** Breaks off what is under way, and begins nothing more: the next launch or night goes on. */
  close(): Promise<void>;
};

/** ms for which a course where nothing was wished is not looked at again for a launch. */
const glance = 60_000;
const mostGlances = 10_000;

export function goalPublisher({ failed, ...publishing }: Omit<Publishing, 'signal'> & { failed: (error: unknown) => void }): GoalPublisher {
  const looked = new Map<number, number>();
  const running = new Map<number, Promise<unknown>>();
  const again = new Set<number>();
  const closing = new AbortController();

  const look = (contextId: number): void => {
    if (looked.size >= mostGlances) looked.clear();
    looked.set(contextId, Date.now());
  };

  const start = (districtId: number, contextId: number): void => {
    if (closing.signal.aborted) return;
    if (running.has(contextId)) {
      again.add(contextId);
      return;
    }
    const work = publishGoals({ ...publishing, signal: closing.signal }, districtId, [contextId])
      .then((done) => {
        if (done.length === 0) look(contextId);
      })
      .catch((error: unknown) => {
        if (!closing.signal.aborted) failed(error);
      })
      .finally(() => {
        running.delete(contextId);
        if (again.delete(contextId)) start(districtId, contextId);
      });
    running.set(contextId, work);
  };

  return {
    opened({ districtId, roles, testUser }, contextId) {
      if (contextId === null || !roles.instructor || testUser || (looked.get(contextId) ?? 0) > Date.now() - glance) return;
      start(districtId, contextId);
    },
    wished: start,
    async close() {
      closing.abort(new Error('the service stopped'));
      await Promise.all(running.values());
    },
  };
}
