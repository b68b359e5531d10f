/**
 * The first load of a source: nothing of it stands in the roster yet, so nothing can be ended and no class can shrink. What is staged whole is
 * written into the roster while the rest is still read, in one transaction that lasts only if the run is judged fit when all is there.
 */
import type { Db, Tx } from '../db/db.ts';
import type { Entity } from '../roster/model.ts';
import { apply } from './apply.ts';
import { awake } from './awake.ts';
import { joinByHash, type LookedOver, type Repeated } from './check.ts';
import { difference, ensureStage, takeOutDuplicates } from './diff.ts';
import type { Ahead } from './finish.ts';
import type { Staged } from './stage.ts';
import type { Scope } from './staging.ts';
import { tables } from './tables.ts';

type Last<T> = (tx: Tx, ahead: ReadonlyMap<Entity, Ahead>) => Promise<T>;

/** Ends a transaction of which nothing may be left. */
class GivenUp extends Error {}

export class FirstLoad<T> implements LookedOver {
  private readonly db: Db;
  private readonly scope: Scope;
  private readonly input: Staged;
  private readonly closed = new Set<Entity>();
  private readonly repeated = new Map<Entity, Repeated>();
  private readonly ahead = new Map<Entity, Ahead>();
  private transaction: Promise<T> | null = null;
  private last: Last<T> | null = null;
  private wake: () => void = () => {};

  constructor(db: Db, scope: Scope, input: Staged) {
    this.db = db;
    this.scope = scope;
    this.input = input;
  }

  begin(entity: Entity): void {
    this.closed.add(entity);
    this.transaction ??= this.db.inDistrict(this.scope.districtId, (tx) => awake(tx, () => this.run(tx)));
    this.transaction.catch(() => {}); // told by finish()
    this.wake();
  }

  of(entity: Entity): Promise<Repeated> | undefined {
    const found = this.repeated.get(entity);
    return found && Promise.resolve(found);
  }

  /** Something has been written already: the run ends with `finish`. */
  get isUnderWay(): boolean {
    return this.transaction !== null;
  }

  /** All is read. @param last the end of the transaction; what it throws leaves nothing of it */
  async finish(last: Last<T>): Promise<T> {
    this.last = last;
    this.wake();
    if (!this.transaction) throw new Error('nothing has begun');
    return this.transaction;
  }

  async settled(): Promise<void> {
    if (!this.transaction) return;
    this.last ??= async () => {
      throw new GivenUp();
    };
    this.wake();
    await this.transaction.catch(() => {});
  }

  private async run(tx: Tx): Promise<T> {
    joinByHash(tx);
    for (;;) {
      const next = [...this.closed].find((entity) => this.isReady(entity));
      if (next) await this.write(tx, next);
      else if (this.last) return this.last(tx, this.ahead);
      else
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
    }
  }

  /** Whatever it refers to is there; a family's link also needs to know who of the two is the child. */
  private isReady(entity: Entity): boolean {
    if (this.ahead.has(entity)) return false;
    const needed = tables[entity].references.map(({ to }) => to);
    if (entity === 'guardianships') needed.push('roles');
    return needed.every((other) => this.ahead.has(other));
  }

  private async write(tx: Tx, entity: Entity): Promise<void> {
    await ensureStage(tx, this.scope, entity);
    this.repeated.set(entity, await takeOutDuplicates(tx, this.scope, entity));
    const found = await difference(tx, this.scope, entity, this.input, 0);
    this.ahead.set(entity, { difference: found, applied: await apply(tx, this.scope, entity, false) });
  }
}
