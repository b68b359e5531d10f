/** What every connector must do, whatever system it reads. */

import type { Connector, Progress } from '../../connectors/connector.ts';
import { AppError } from '../../src/errors.ts';
import { type Entity, entities, shapes } from '../../src/roster/model.ts';
import { collect, type Pulled } from '../connectors/sets.ts';

export type Sample = {
  kind: string;
  connector: Connector<unknown>;
  /** Settings of a source that reads well, and how many records and rejected rows it must account for. */
  good: () => Promise<{ settings: unknown; rows: number }>;
  /** The same source, with one row spoilt: it is one record less and one problem more. */
  spoilt: () => Promise<unknown>;
  /** The same source, with one byte changed. */
  changed: () => Promise<unknown>;
  /** Settings of a source that is not there. */
  gone: () => unknown;
  /** A source that cannot tell cheaply whether anything changed has no fingerprint, and no count of bytes. */
  live?: boolean;
};

/**
 * What a source that misbehaves has to come to: every record all the same, or an error, or every record but those of a class it is said not to
 * tell of. Never fewer records that look complete.
 */
export type Misbehaviour = {
  name: string;
  start: () => Promise<unknown>;
  comesTo: 'every record' | 'all but a class' | 'an error' | 'either';
};

export function conformsToTheContract(sample: Sample): void {
  const { connector } = sample;
  const parse = (settings: unknown) => connector.settings.parse(settings);

  describe(`${sample.kind} keeps the contract`, () => {
    test('its settings are validated before any call', () => {
      expect(connector.settings.safeParse({}).success).toBe(false);
    });

    test('a check explains what it found, and shows some records', async () => {
      const { settings } = await sample.good();
      const report = await connector.check(parse(settings));
      expect(report).toMatchObject({ ok: true });
      expect(report.findings.length).toBeGreaterThan(0);
      expect(report.preview?.some(({ rows }) => rows.length > 0)).toBe(true);
    });

    test('every record is of the canonical shape', async () => {
      const { settings } = await sample.good();
      const { rows } = await collect(connector.pull(parse(settings), {}));
      for (const entity of entities) for (const row of rows[entity]) expect(() => shapes[entity].parse(row)).not.toThrow();
    });

    test('every row is a record or a problem, and every entity is closed once', async () => {
      const { settings, rows } = await sample.good();
      const pulled = await collect(connector.pull(parse(settings), {}));
      expect(Object.values(pulled.rows).reduce((sum, of) => sum + of.length, 0)).toBe(rows);
      const closed = pulled.items.flatMap((item) => (item.type === 'closing' ? [item.entity] : []));
      expect(new Set(closed).size).toBe(closed.length);
      for (const item of pulled.items) if (item.type !== 'findings') expect(closed).toContain(item.entity);
    });

    test('nothing of an entity comes after its closing', async () => {
      const { settings } = await sample.good();
      const { items } = await collect(connector.pull(parse(settings), {}));
      const closed = new Set<string>();
      for (const item of items) {
        if (item.type === 'findings') continue;
        expect(closed).not.toContain(item.entity);
        if (item.type === 'closing') closed.add(item.entity);
      }
    });

    test('a row that cannot be used is a problem with file, line and what to do, and the rest is read', async () => {
      const whole = await collect(connector.pull(parse((await sample.good()).settings), {}));
      const spoilt = await collect(connector.pull(parse(await sample.spoilt()), {}));
      expect(spoilt.problems).toHaveLength(whole.problems.length + 1);
      const [problem] = spoilt.problems.slice(-1);
      expect(problem).toMatchObject({
        severity: 'problem',
        file: expect.any(String),
        line: expect.any(Number),
        message: expect.any(String),
      });
      expect(problem?.code).toMatch(/^[a-z_]+$/);
    });

    test('stopped, it stops', async () => {
      const { settings } = await sample.good();
      const stop = new AbortController();
      stop.abort();
      await expect(collect(connector.pull(parse(settings), { signal: stop.signal }))).rejects.toMatchObject({ name: 'AbortError' });
      if (!sample.live) await expect(connector.fingerprint(parse(settings), stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    });

    test('left halfway, it lets go of its files', async () => {
      const { settings } = await sample.good();
      for await (const _item of connector.pull(parse(settings), {})) break;
      expect((await collect(connector.pull(parse(settings), {}))).items.length).toBeGreaterThan(0);
    });

    test('the same input has the same fingerprint, another has another', async () => {
      const first = await connector.fingerprint(parse((await sample.good()).settings));
      if (sample.live) return void expect(first).toBeNull();
      expect(first).not.toBeNull();
      expect(await connector.fingerprint(parse((await sample.good()).settings))).toBe(first);
      expect(await connector.fingerprint(parse(await sample.changed()))).not.toBe(first);
    });

    test('it tells how far it is', async () => {
      const { settings } = await sample.good();
      const told: Progress[] = [];
      await collect(connector.pull(parse(settings), { onProgress: (progress) => told.push(progress) }));
      const last = told.at(-1);
      expect(last?.bytesRead).toBe(last?.bytesTotal);
      expect(told.some(({ rows }) => rows > 0)).toBe(true);
    });

    test('a source that is not there is unreachable, and says so', async () => {
      const settings = parse(sample.gone());
      const unreachable = { code: 'source_unreachable', hint: expect.any(String) };
      await expect(collect(connector.pull(settings, {}))).rejects.toMatchObject(unreachable);
      if (sample.live) return void expect(await connector.check(settings)).toMatchObject({ ok: false });
      await expect(connector.check(settings)).rejects.toBeInstanceOf(AppError);
      await expect(connector.fingerprint(settings)).rejects.toMatchObject(unreachable);
    });
  });
}

/**
 * A fault never ends a record: whatever a source does, a pull brings every record, or fails in words, or closes its entities as incomplete.
 * @param wholly what a pull of the source in good health brings
 */
export function survives(connector: Connector<unknown>, wholly: () => Promise<unknown>, misbehaviours: Misbehaviour[]): void {
  const idsOf = ({ rows }: Pulled, entity: Entity) => rows[entity].map((row) => row.sourcedId).sort();
  let truth: Pulled;
  /** Which entities are never said to be whole, however well the source is. */
  let parts: Set<string>;
  beforeAll(async () => {
    truth = await collect(connector.pull(connector.settings.parse(await wholly()), {}));
    parts = new Set(entities.filter((entity) => truth.closings[entity]?.complete === false));
  });

  test.each(misbehaviours.map((of) => [of.name, of] as const))('%s', async (_, { start, comesTo }) => {
    const settings = connector.settings.parse(await start());
    const outcome = await collect(connector.pull(settings, {})).catch((error: unknown) => error);
    if (outcome instanceof Error) {
      expect(comesTo).not.toBe('every record');
      expect(comesTo).not.toBe('all but a class');
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^source_(unreachable|throttled|denied|contract_broken)$/) });
      expect(outcome).toMatchObject({ message: expect.stringMatching(/.{20}/), hint: expect.stringMatching(/.{10}/) });
      return;
    }
    expect(comesTo).not.toBe('an error');
    const pulled = outcome as Pulled; // `collect` gives nothing else
    if (comesTo === 'all but a class')
      expect(pulled.problems).toContainEqual(expect.objectContaining({ code: expect.stringMatching(/not_read$/) }));
    for (const entity of entities) {
      const [found, all] = [idsOf(pulled, entity), idsOf(truth, entity)];
      const closing = pulled.closings[entity];
      const unread = closing?.classes && 'unread' in closing.classes ? closing.classes.unread : [];
      const isWhole = closing?.complete || (comesTo === 'every record' && parts.has(entity));
      if (isWhole) expect([entity, all.filter((id) => !found.includes(id) && !standsIn(truth, entity, id, unread))]).toEqual([entity, []]);
      else if (comesTo === 'every record') expect([entity, all]).toEqual([entity, []]);
      if (isWhole) expect([entity, found.filter((id) => !all.includes(id))]).toEqual([entity, []]);
      if (comesTo === 'all but a class' && !parts.has(entity))
        expect([entity, closing?.complete, unread.length <= 1]).toEqual([entity, truth.closings[entity]?.complete, true]);
    }
  });
}

/** Whether a record is of one of these classes, or a person in one. */
function standsIn({ rows }: Pulled, entity: Entity, sourcedId: string, classes: readonly string[]): boolean {
  const isIn = (klass: string | null | undefined) => klass != null && classes.includes(klass);
  const isPerson = (user: string | undefined) => rows.enrollments.some((of) => of.userSourcedId === user && isIn(of.classSourcedId));
  const itemOf = (id: string | undefined) => rows.lineItems.find((of) => of.sourcedId === id);
  const same = <T extends { sourcedId: string }>(of: T[]) => of.find((row) => row.sourcedId === sourcedId);
  if (entity === 'classes') return isIn(sourcedId);
  if (entity === 'users') return isPerson(sourcedId);
  if (entity === 'roles') return isPerson(same(rows.roles)?.userSourcedId);
  if (entity === 'enrollments') return isIn(same(rows.enrollments)?.classSourcedId);
  if (entity === 'lineItems') return isIn(itemOf(sourcedId)?.classSourcedId);
  return entity === 'results' && isIn(itemOf(same(rows.results)?.lineItemSourcedId)?.classSourcedId);
}
