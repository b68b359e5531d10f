/** Has goals published in the background: after a teacher's launch, and as soon as a teacher wishes it. Nothing here ever delays an answer or fails it. */
import type { Launch } from '../lti/launch-shape.ts';
import { Glances } from './glances.ts';
import { type Publishing, publishGoals } from './goal-publishing.ts';

export type GoalPublisher = {
  /** After a launch was answered. */
  opened(launch: Launch, contextId: number | null): void;
  wished(districtId: number, contextId: number): void;
  /** Breaks off what is under way, and begins nothing more: the next launch or night goes on. */
  close(): Promise<void>;
};

export function goalPublisher({ failed, ...publishing }: Omit<Publishing, 'signal'> & { failed: (error: unknown) => void }): GoalPublisher {
  /** Courses where nothing was wished. */
  const looked = new Glances<number>();
  const running = new Map<number, Promise<unknown>>();
  const again = new Set<number>();
  const closing = new AbortController();

  const start = (districtId: number, contextId: number): void => {
    if (closing.signal.aborted) return;
    if (running.has(contextId)) {
      again.add(contextId);
      return;
    }
    const work = publishGoals({ ...publishing, signal: closing.signal }, districtId, [contextId])
      .then((done) => {
        if (done.length === 0) looked.note(contextId);
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
      if (contextId === null || !roles.instructor || testUser || looked.isFresh(contextId)) return;
      start(districtId, contextId);
    },
    wished: start,
    async close() {
      closing.abort(new Error('the service stopped'));
      await Promise.all(running.values());
    },
  };
}
