/**
 * What a small run brings. It waits in memory until all is read; what stands in the roster just so already is then never written anywhere,
 * and the rest goes into temporary tables. What turns out to be much, or has to be kept for somebody's approval, is staged as all else is.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem, Removal, Stretch } from '../../connectors/connector.ts';
import type { Tx } from '../db/db.ts';
import { type Entity, entities } from '../roster/model.ts';
import type { Remembered } from './listing.ts';
import { contentOf, goneText, type Line, lineOf, lineText, rowColumns, stagedColumns, stretchColumns, stretchText } from './rows.ts';
import type { Shelf, Staged } from './stage.ts';
import { makeCommonTables, makeTable, type Scope, staged, stageRejected, stageRemovals } from './staging.ts';
import { tables } from './tables.ts';

/** Remembers what it is given, and hands it on as soon as that is too much. */
export class Handful implements Shelf {
  private said: ((to: Shelf) => Promise<unknown>)[] = [];
  private count = 0;
  private large: Shelf | null = null;
  private readonly most: number;
  private readonly open: () => Promise<Shelf>;

  /** @param most rows; @param open where they go when there are more */
  constructor(most: number, open: () => Promise<Shelf>) {
    this.most = most;
    this.open = open;
  }

  get isLarge(): boolean {
    return this.large !== null;
  }

  rows = (entity: Entity, file: number, rows: readonly Record<string, unknown>[]) =>
    this.take(rows.length, (to) => to.rows(entity, file, rows));
  stretches = (entity: Entity, file: number, stretches: readonly Stretch[]) =>
    this.take(stretches.length, (to) => to.stretches(entity, file, stretches));
  removals = (entity: Entity, file: number, rows: Removal['rows']) => this.take(rows.length, (to) => to.removals(entity, file, rows));
  rejected = (problems: readonly Problem[]) => this.take(problems.length, (to) => to.rejected(problems));

  closed = (entity: Entity, isListing: boolean) => this.take(0, (to) => to.closed(entity, isListing));

  async end(): Promise<void> {
    await this.large?.end();
  }

  abort(): void {
    this.large?.abort();
  }

  /** Stages all of it, for a run that cannot stay small. */
  async putDown(): Promise<void> {
    if (this.large) return;
    await this.grow();
    await this.end();
  }

  private async grow(): Promise<void> {
    const large = await this.open();
    await this.tell(large);
    this.said = [];
    this.large = large;
  }

  async tell(to: Shelf): Promise<void> {
    for (const say of this.said) await say(to);
  }

  private async take(rows: number, say: (to: Shelf) => Promise<unknown>): Promise<void> {
    if (this.large) return void (await say(this.large));
    this.said.push(say);
    this.count += rows;
    if (this.count > this.most) await this.grow();
  }
}

/** A living record as the roster has it. */
type Standing = {
  hash: string;
  /** A digit for each optional reference of its entity; 1: the record is without it. */
  lacks: string;
  /** What is told of it, and in which file: the first row, where there are several; null while nothing is. */
  told: Record<string, unknown> | null;
  file: number;
  isSame: boolean;
};

/** By sourcedId. */
export type Standings = Map<Entity, Map<string, Standing>>;

const separator = '\u001e';

/** Every living record of a small source. Null: there are more than `most`, or one has an id that cannot be told this way. */
export async function standingsOf(tx: Tx, scope: Scope, living: ReadonlyMap<Entity, number>, most: number): Promise<Standings | null> {
  if ([...living.values()].reduce((sum, count) => sum + count, 0) > most) return null;
  const standings: Standings = new Map();
  for (const entity of entities) {
    const digits = optionalsOf(entity).map(({ name }) => `CASE WHEN t.${name} IS NULL THEN '1' ELSE '0' END || `);
    const [packed] = living.get(entity)
      ? await tx.unsafe<{ all: string | null }[]>(`
          SELECT string_agg(replace(t.hash::text, '-', '') || ${digits.join('')}t.sourced_id, chr(30)) AS all FROM ${tables[entity].table} t
          WHERE t.district_id = ${scope.districtId} AND t.source_id = ${scope.sourceId} AND t.ended_at IS NULL`)
      : [];
    const found = new Map<string, Standing>();
    for (const one of packed?.all?.split(separator) ?? []) {
      const [hash, lacks] = [one.slice(0, 32), one.slice(32, 32 + digits.length)];
      found.set(one.slice(32 + digits.length), { hash, lacks, told: null, file: 0, isSame: false });
    }
    if (found.size !== living.get(entity)) return null;
    standings.set(entity, found);
  }
  return standings;
}

const optionalsOf = (entity: Entity) => tables[entity].references.filter(({ required }) => !required);

/** What of a handful has to be staged. */
export class Sorted implements Shelf {
  private readonly lines = new Map<Entity, Line[]>();
  private readonly listings = new Set<Entity>();
  private readonly also: ((tx: Tx, scope: Scope) => Promise<void>)[] = [];
  private readonly removing = new Set<Entity>();
  private readonly same = new Map<Entity, number>();
  private readonly standings: Standings;
  private readonly input: Staged;
  private stretched = '';

  /** @param standings are written into */
  constructor(standings: Standings | null, input: Staged, listings: Remembered) {
    this.input = input;
    // A listing that is remembered is passed over by stretches.
    const byStretches = (entity: Entity) => listings.runs.has(entity) || input.closings[entity]?.reading !== undefined;
    // What a user no longer says is seen from the users that were read and all that they say, changed or not.
    const restated = Object.values(input.closings).flatMap((closing) => (closing.restated ? [closing.entity, 'users'] : []));
    this.standings = new Map([...(standings ?? [])].filter(([entity]) => !byStretches(entity) && !restated.includes(entity)));
  }

  async rows(entity: Entity, file: number, rows: readonly Record<string, unknown>[]): Promise<void> {
    const columns = stagedColumns(entity);
    const optionals = optionalsOf(entity);
    const standing = this.standings.get(entity);
    const lines = this.lines.get(entity) ?? [];
    this.lines.set(entity, lines);
    let same = this.same.get(entity) ?? 0;
    for (const row of rows) {
      const known = standing?.get(row.sourcedId as string);
      if (known && !known.told) {
        known.told = row;
        known.file = file;
        const isWhole = !optionals.some(({ from }, at) => known.lacks[at] === '1' && (row[from] ?? null) !== null);
        known.isSame = isWhole && known.hash === contentOf(row, columns).hash;
        if (known.isSame) same++;
        else lines.push(lineOf(row, columns, file));
        continue;
      }
      // Of repeated rows the first is used, and all are told: they are staged together.
      if (known?.isSame && known.told) {
        known.isSame = false;
        same--;
        lines.push(lineOf(known.told, columns, known.file));
      }
      lines.push(lineOf(row, columns, file));
    }
    this.same.set(entity, same);
  }

  async stretches(entity: Entity, file: number, stretches: readonly Stretch[]): Promise<void> {
    for (const stretch of stretches) this.stretched += stretchText(stretch, entity, file);
  }

  async removals(entity: Entity, file: number, rows: Removal['rows']): Promise<void> {
    this.removing.add(entity);
    this.also.push((tx, scope) => stageRemovals(tx, scope, entity, file, rows));
  }

  async rejected(problems: readonly Problem[]): Promise<void> {
    this.also.push((tx, scope) => stageRejected(tx, scope, problems));
  }

  async closed(entity: Entity, isListing: boolean): Promise<void> {
    if (isListing) this.listings.add(entity);
  }

  async end(): Promise<void> {}
  abort(): void {}

  /** Makes and fills the tables that get rows. @returns what is staged now */
  async stage(tx: Tx, scope: Scope): Promise<Staged> {
    const { input } = this;
    const names = staged(scope);
    const [make, fill]: [string[], [string, string[]][]] = [[], []];
    const [still, same]: [Entity[], Staged['same']] = [[], { ...input.same }];
    for (const entity of entities) {
      if (input.read[entity] === undefined) continue;
      const standing = this.standings.get(entity);
      const lines = this.lines.get(entity) ?? [];
      const complete = input.closings[entity]?.complete === true;
      const gone = complete && standing ? [...standing].filter(([, { told }]) => !told).map(([sourcedId]) => sourcedId) : [];
      if (standing && lines.length + gone.length === 0 && !this.removing.has(entity)) {
        still.push(entity);
        continue;
      }
      make.push(makeTable(scope, names.rows(entity), rowColumns(entity)));
      fill.push([names.rows(entity), lines.map(lineText)]);
      if (!standing || !complete) continue;
      same[entity] = this.same.get(entity) ?? 0;
      make.push(makeTable(scope, names.gone(entity), 'stretch bigint, sourced_id text'));
      fill.push([names.gone(entity), gone.map(goneText)]);
    }
    if (this.listings.size > 0) make.push(makeTable(scope, names.stretches, stretchColumns));
    if (make.length === 0) return { ...input, still };
    await tx.unsafe([makeCommonTables(scope), ...make].join('; '));
    if (this.listings.size > 0) fill.push([names.stretches, [this.stretched]]);
    for (const [table, texts] of fill) await copy(tx, table, texts.join(''));
    for (const write of this.also) await write(tx, scope);
    return { ...input, same, still };
  }
}

async function copy(tx: Tx, table: string, text: string): Promise<void> {
  if (text === '') return;
  const stream = await tx.unsafe(`COPY ${table} FROM STDIN`).writable();
  const closed = new Promise((resolve) => stream.once('close', resolve));
  await new Promise((resolve) => stream.write(Buffer.from(text), resolve));
  stream.end();
  await nextTurn(); // the driver sends its CopyDone in this turn; a query before it would be refused
  // The driver never tells of a COPY that fails on its last rows; the transaction's next statement does.
  await tx.unsafe('SELECT 1');
  await closed; // only now the driver has said its last word of it, which would end the next COPY
}
