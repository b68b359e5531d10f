/**
 * Runs and decisions hold several connections each, a run some of them for as long as a school's system takes. They have a pool of their own,
 * so that pages never wait for them, and only as many are at work as it bears: none ever waits for a connection that another waiter holds.
 */
import type { Db } from '../db/db.ts';

/** A run: its lock, the transaction it works in, and one for what it looks up or notes meanwhile. A decision: its lock and its transaction. */
const connections = { run: 3, decision: 2 };
const atOnce = { run: 4, decision: 2 };
export type Kind = keyof typeof atOnce;

class Gate {
  private free: number;
  private queue: (() => void)[] = [];

  constructor(width: number) {
    this.free = width;
  }

  /** Whoever is told to stop waits no longer: it comes to its end by itself. @returns what gives the place back */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (this.free > 0) this.free--;
    else if (!(await this.place(signal))) return () => {};
    return () => {
      const next = this.queue.shift();
      if (next) next();
      else this.free++;
    };
  }

  /** @returns false: there is none, and no use in waiting for one */
  private place(signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const take = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = () => {
        this.queue = this.queue.filter((other) => other !== take);
        resolve(false);
      };
      if (signal?.aborted) return giveUp();
      this.queue.push(take);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }
}

type Turns = { own: Db; gates: Record<Kind, Gate> };
const known = new WeakMap<Db, Turns>();

function turnsOf(db: Db): Turns {
  const made = known.get(db) ?? {
    own: db.apart(connections.run * atOnce.run + connections.decision * atOnce.decision),
    gates: { run: new Gate(atOnce.run), decision: new Gate(atOnce.decision) },
  };
  known.set(db, made);
  return made;
}

/** @param work gets the database over those connections; what it holds of them it has given back when it ends */
export async function inTurn<T>(db: Db, kind: Kind, work: (own: Db) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const { own, gates } = turnsOf(db);
  const leave = await gates[kind].enter(signal);
  try {
    return await work(own);
  } finally {
    leave();
  }
}
