/**
 * OneRoster REST, 1.1 and 1.2, rostering and gradebook. Judged by the worst server: what can be understood is, with a warning; what a server
 * does not offer is said and leaves what was read before alone; a listing is whole or an error.
 * @throws AppError `source_unreachable` | `source_throttled` | `source_denied` | `source_contract_broken`
 */
import { AppError } from '../../src/errors.ts';
import type { Entity, RecordOf } from '../../src/roster/model.ts';
import type { Closing, Connector, Findings, Item, PullOptions } from '../connector.ts';
import type { Client } from '../http.ts';
import { type Habit, type Listing, listing, type Page } from '../listing.ts';
import { Outbox } from '../outbox.ts';
import { type AssessmentItem, arranged, assessmentId } from './assessments.ts';
import { checkService } from './check.ts';
import { Fields } from './fields.ts';
import { assessed, mappers, objectives } from './map.ts';
import { People } from './people.ts';
import { Scales } from './scales.ts';
import { addressOf, clientsOf } from './service.ts';
import { type Service, type Settings, serviceOf, settings } from './settings.ts';
import { type Collection, idOf, type Place, places, row, type WireRow } from './wire.ts';

export const oneRosterRest: Connector<Settings> = {
  kind: 'oneroster-rest',
  settings,
  matching: () => ({}),
  check: (given) => checkService(serviceOf(given)),
  fingerprint: async (_given, signal) => {
    signal?.throwIfAborted();
    return null; // nothing but the rows themselves tells whether they changed
  },
  pull: (given, options) => pull(serviceOf(given), options),
};

/** A change may be stamped a little before it can be read, and two clocks never agree. */
const overlap = 15 * 60_000;

/** Which entities a listing's rows become. The first is the one its problems are told under. */
const entitiesOf: Record<Collection, readonly [Entity, ...Entity[]]> = {
  orgs: ['orgs'],
  academicSessions: ['academicSessions'],
  courses: ['courses'],
  classes: ['classes'],
  users: ['users', 'roles', 'guardianships'],
  enrollments: ['enrollments'],
  lineItems: ['lineItems'],
  assessmentLineItems: ['lineItems', 'assessments'],
  results: ['results'],
  assessmentResults: ['results'],
};

const ofUsers = new Set<Entity>(entitiesOf.users.slice(1));

async function* pull(service: Service, options: PullOptions): AsyncGenerator<Item> {
  const clients = clientsOf(service, options.signal);
  const closings = new Closings();
  let scales = new Scales();
  const asked = places(service.version).filter((place) => addressOf(service, place) !== null);
  for (const [index, place] of asked.entries()) {
    options.signal?.throwIfAborted();
    const at = addressOf(service, place);
    if (at === null) continue;
    if (place.collection === 'lineItems' && service.version === '1.2')
      scales = await Scales.read(clients(at), new URL('scoreScales', at), service);
    yield* read({ client: clients(at), at, place, service, options, closings, scales });
    const later = new Set(asked.slice(index + 1).flatMap(({ collection }) => entitiesOf[collection]));
    yield* closings.of(entitiesOf[place.collection].filter((entity) => !later.has(entity)));
  }
}

type Question = {
  client: Client;
  at: URL;
  place: Place;
  service: Service;
  options: PullOptions;
  closings: Closings;
  scales: Scales;
};

async function* read(question: Question): AsyncGenerator<Item> {
  const { client, at, place, service, closings } = question;
  const reading = new Reading(question, since(question));
  try {
    yield* reading.of(client, at, service);
  } catch (error) {
    if (!isAbsent(error) || reading.rows > 0) throw error;
    if (place.parts.length > 0 && error.code === 'source_lacks') {
      yield* readParts(question);
      return;
    }
    if (place.required) throw absentButNeeded(error);
    closings.lacks(entitiesOf[place.collection]);
    yield notOffered(place, error);
  }
}

/** Together they may not be everybody: nothing is ended for what they leave out. */
async function* readParts({ client, at, place, service, options, closings, scales }: Question): AsyncGenerator<Item> {
  let found = 0;
  for (const part of place.parts) {
    const reading = new Reading({ place, options, closings, scales }, null);
    reading.partial = part;
    try {
      yield* reading.of(client, new URL(part, at), service);
      found++;
    } catch (error) {
      if (!isAbsent(error) || reading.rows > 0) throw error;
    }
  }
  if (found > 0) return;
  const error = new AppError('source_lacks', `${at.host}${at.pathname} is not there`, { hint: 'Check the address and the version.' });
  if (place.required) throw absentButNeeded(error);
  closings.lacks(entitiesOf[place.collection]);
  yield notOffered(place, error);
}

/**
 * The server's own clock, a little earlier. Always read whole: assessment line items, as trees and their titles hang together, and line items
 * where there are score scales, as a changed result may have but a word of its column's scale.
 */
function since({ place: { collection }, options, scales }: Question): string | null {
  const moment = Date.parse(options.since ?? '');
  const whole = collection === 'assessmentLineItems' || (collection === 'lineItems' && !scales.none);
  return Number.isNaN(moment) || whole ? null : new Date(moment - overlap).toISOString();
}

/** One listing, from its pages to records. */
class Reading {
  rows = 0;
  partial: string | null = null;
  private readonly place: Place;
  private readonly options: PullOptions;
  private readonly closings: Closings;
  private readonly scales: Scales;
  private readonly since: string | null;
  private readonly recordOf: (id: string) => string;
  private readonly fields: Fields;
  private readonly outbox: Outbox;
  private readonly people: People;
  private readonly items: AssessmentItem[] = [];

  constructor({ place, options, closings, scales }: Pick<Question, 'place' | 'options' | 'closings' | 'scales'>, since: string | null) {
    this.place = place;
    this.options = options;
    this.closings = closings;
    this.scales = scales;
    this.since = since;
    const [entity] = entitiesOf[place.collection];
    this.recordOf = place.collection.startsWith('assessment') ? assessmentId : (id) => id;
    this.fields = new Fields(entity, place.collection, this.recordOf);
    this.outbox = new Outbox(place.collection);
    this.people = new People(this.fields, this.outbox);
  }

  async *of(client: Client, at: URL, service: Service): AsyncGenerator<Item> {
    const { collection, keys } = this.place;
    const questions = questionsOf(at, this.since);
    const asked: Listing<WireRow> = {
      urls: questions.map(({ url }) => url) as [URL, ...URL[]], // there are two or four
      keys: this.partial === null ? keys : [this.partial, ...keys],
      shape: row,
      idOf,
      paging: { by: 'offset', limit: service.pageSize },
      onProgress: ({ rows, pages, total }) =>
        this.options.onProgress?.({
          entity: entitiesOf[collection][0],
          file: collection,
          rows,
          pages,
          ...(total !== null && { rowsTotal: total }),
        }),
    };
    let filtered = false;
    for await (const page of listing(client, asked)) {
      filtered = questions[page.question]?.filtered ?? false;
      this.closings.clock(page.headers.date);
      this.take(page);
      [page.rows, page.json] = [[], null]; // or all of it is kept until the next one is there
      yield* this.outbox.take();
      yield* this.fields.notes.take();
    }
    this.arrange();
    if (this.since !== null && !filtered) this.habit('filter_refused', 'dateLastModified cannot be asked for, so everything was read');
    yield* this.outbox.finish();
    yield* this.fields.notes.finish();
    this.closings.read(entitiesOf[collection], this.because(filtered), this.fields);
  }

  private because(filtered: boolean): string | null {
    return filtered ? 'delta' : this.partial !== null ? 'partial' : this.fields.lostIds ? 'unreadable_ids' : null;
  }

  private take(page: Page<WireRow>): void {
    for (const habit of page.habits) this.habit(habit, said[habit]);
    let line = this.rows;
    let noted = 0;
    for (const found of page.rows) {
      line++;
      for (let note = page.notes[noted]; note && note.index === line; note = page.notes[++noted], line++)
        this.fields.unreadable(note.id, note.index);
      this.takeRow(found, line);
    }
    for (; noted < page.notes.length; noted++) {
      const note = page.notes[noted];
      if (note) this.fields.unreadable(note.id, note.index);
    }
    this.rows += page.rows.length + page.notes.length;
  }

  private takeRow(found: WireRow, line: number): void {
    const { fields, outbox } = this;
    const { collection } = this.place;
    fields.begin(found, line);
    const removed = fields.removed();
    const [entity] = entitiesOf[collection];
    if (removed) {
      if (!fields.accepts()) return;
      outbox.remove(entity, { sourcedId: this.recordOf(fields.id), line });
      if (collection === 'assessmentLineItems') outbox.remove('assessments', { sourcedId: assessmentId(fields.id), line });
    } else if (!this.add(collection, line)) return;
    if (collection === 'users') this.people.take(removed);
  }

  /** @returns whether the row could be used */
  private add(collection: Collection, line: number): boolean {
    const { fields: f, outbox } = this;
    if (collection === 'assessmentLineItems') {
      const item = {
        id: f.id,
        line,
        title: f.text('title'),
        parent: f.optionalReference('parentAssessmentLineItem'),
        classSourcedId: f.optionalReference('class'),
        min: f.number('resultValueMin'),
        max: f.number('resultValueMax'),
        levels: this.levels(),
        objectives: objectives(f),
      };
      if (!f.accepts()) return false;
      this.items.push(item);
    } else if (collection === 'assessmentResults') {
      return this.addResult(assessed(f, assessmentId(f.id), assessmentId(f.reference('assessmentLineItem'))), line);
    } else if (collection === 'results') {
      return this.addResult(mappers.results(f), line);
    } else {
      const record: object & { line?: number; levels?: string[] | null | undefined } = mappers[collection](f);
      if (collection === 'lineItems') record.levels = this.levels();
      if (!f.accepts()) return false;
      record.line = line; // of its own making: a copy of each of a million rows would be felt
      outbox.add(collection, record as never); // of the mapper of this very entity
    }
    return true;
  }

  /** Where there is no number, a word of its scale stands for one. */
  private addResult(record: RecordOf['results'] & { line?: number }, line: number): boolean {
    const { fields: f, scales } = this;
    if (!scales.none && record.score === null && record.textScore !== null)
      record.score = scales.scoreOf(record.textScore, { item: record.lineItemSourcedId, scale: f.optionalReference('scoreScale') });
    if (!f.accepts()) return false;
    record.line = line;
    this.outbox.add('results', record);
    return true;
  }

  private levels(): string[] | null {
    const { fields: f, scales } = this;
    return scales.none ? null : scales.ofItem(this.recordOf(f.id), f.optionalReference('scoreScale'));
  }

  private arrange(): void {
    const { assessments, lineItems } = arranged(this.items);
    for (const assessment of assessments) this.outbox.add('assessments', assessment);
    for (const lineItem of lineItems) this.outbox.add('lineItems', lineItem);
  }

  private habit(code: string, says: string): void {
    this.fields.notes.habit(code, `/${this.partial ?? this.place.collection}: ${says}`, {});
  }
}

const said: Record<Habit, string> = {
  paging_ignored: 'the server has no pages and hands out everything at once; understood',
  bare_list: 'the rows come without their key; understood',
  null_list: 'an empty listing comes as null; understood',
  other_key: 'the rows come under another key than by the book; understood',
};

/** In an order that keeps pages apart, where the server can; only what changed, where it can. */
function questionsOf(at: URL, since: string | null): { url: URL; filtered: boolean }[] {
  const question = (filtered: boolean, sorted: boolean) => {
    const url = new URL(at);
    if (filtered) url.searchParams.set('filter', `dateLastModified>'${since}'`);
    if (sorted) url.searchParams.set('sort', 'sourcedId');
    if (sorted) url.searchParams.set('orderBy', 'asc');
    return { url, filtered };
  };
  const whole = [question(false, true), question(false, false)];
  return since === null ? whole : [question(true, true), question(true, false), ...whole];
}

/** What was said of each entity, over all listings it comes from. */
class Closings {
  private readonly because = new Map<Entity, string | null>();
  private readonly absent = new Set<Entity>();
  private mark: string | null = null;

  /** When the first page was made, by the server's clock. */
  clock(date: string | undefined): void {
    if (this.mark !== null) return;
    const told = Date.parse(date ?? '');
    this.mark = new Date(Number.isNaN(told) ? Date.now() : told).toISOString();
  }

  read(entities: readonly Entity[], because: string | null, { rejected }: Fields): void {
    entities.forEach((entity, at) => {
      // A row given up takes what is derived from it along.
      const mine = because ?? (at > 0 && rejected > 0 ? 'unreadable_ids' : null);
      this.because.set(entity, this.because.get(entity) ?? mine);
    });
  }

  lacks(entities: readonly Entity[]): void {
    for (const entity of entities) this.absent.add(entity);
  }

  /** An entity of which one of two listings is not offered is known in part; one that was not offered at all is not spoken of. */
  *of(entities: readonly Entity[]): Generator<Closing> {
    const watermark = this.mark === null ? {} : { watermark: this.mark };
    for (const entity of entities) {
      const because = this.because.get(entity);
      if (because === undefined) continue;
      const why = because ?? (this.absent.has(entity) ? 'partial' : null);
      yield why === null
        ? { type: 'closing', entity, complete: true, ...watermark }
        : { type: 'closing', entity, complete: false, because: why, ...watermark, ...(ofUsers.has(entity) && { restated: true }) };
    }
  }
}

/** There, but not for us; or not there. */
const isAbsent = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'source_lacks' || error.code === 'source_denied');

function absentButNeeded(error: AppError): AppError {
  if (error.code === 'source_denied') return error;
  return new AppError('source_contract_broken', error.message, {
    status: 502,
    consequence: 'halt',
    hint: 'Check url and version: without it there is no roster.',
    cause: error,
  });
}

function notOffered({ collection }: Place, error: AppError): Findings {
  const denied = error.code === 'source_denied';
  return {
    type: 'findings',
    problems: [
      {
        entity: entitiesOf[collection][0],
        severity: 'warning',
        code: denied ? 'not_permitted' : 'not_offered',
        message: denied
          ? `/${collection}: we may not read it, so it was left as it was; ask whoever runs that system for the permission, or set gradebook=false`
          : `/${collection}: the system does not offer it; what is known of it was left as it was`,
        sourcedId: null,
        file: collection,
        line: null,
        field: null,
      },
    ],
  };
}
