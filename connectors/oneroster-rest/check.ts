/** What an administrator should know of a OneRoster service before the first sync: what it offers, what is empty, who is linked. Reads a few rows. */
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import type { CheckReport } from '../connector.ts';
import type { Client, Got } from '../http.ts';
import { previewRows, withoutPerson } from '../preview.ts';
import { Fields } from './fields.ts';
import { mappers } from './map.ts';
import { addressOf, clientsOf } from './service.ts';
import type { Service } from './settings.ts';
import { type Place, places, row, type WireRow } from './wire.ts';

type Finding = CheckReport['findings'][number];
const sampleRows = 200;

export async function checkService(service: Service): Promise<CheckReport> {
  const clients = clientsOf(service, undefined, 3); // somebody waits
  const findings: Finding[] = [];
  const preview: NonNullable<CheckReport['preview']> = [];
  const samples = new Map<string, WireRow[]>();
  for (const place of places(service.version)) {
    const at = addressOf(service, place);
    if (at === null) continue;
    const client = clients(at);
    try {
      const { finding, rows } = await sample(client, at, place, service);
      findings.push(finding);
      samples.set(place.collection, rows);
      if (rows.length > 0 && place.collection in mappers) preview.push(previewOf(place.collection as keyof typeof mappers, rows)); // just looked
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (findings.length === 0) {
        // The very first question: nothing else will fare better.
        return { ok: false, findings: [{ ok: false, text: error.message, ...(error.hint && { hint: error.hint }) }] };
      }
      findings.push({ ok: !place.required, text: `${place.collection}: ${error.message}`, ...(error.hint && { hint: error.hint }) });
    }
  }
  findings.unshift({ ok: true, text: `OneRoster ${service.version} at ${service.rostering.host}: we are let in (${service.auth})` });
  findings.push(await guardians(clients(service.rostering), service, samples.get('users') ?? []));
  findings.push(await incremental(clients(service.rostering), service));
  return { ok: findings.every((finding) => finding.ok), findings, preview };
}

async function sample(client: Client, at: URL, place: Place, service: Service): Promise<{ finding: Finding; rows: WireRow[] }> {
  const { collection, required, keys, parts } = place;
  const got = await client.ask(asked(at, { limit: String(Math.min(sampleRows, service.pageSize)), offset: '0' }));
  if (got.status >= 300) {
    const instead = parts.length > 0 ? ` ${parts.join(' and ')} are read instead where they are there.` : '';
    const text = `${collection}: the system does not offer it (${got.status})`;
    const hint = required ? `Check url and version.${instead}` : `What it would hold is left out.${instead}`;
    return { finding: { ok: !required || parts.length > 0, text, hint }, rows: [] };
  }
  const rows = rowsOf(got, keys);
  if (rows === null) {
    return { finding: { ok: false, text: `${collection}: the answer has no "${collection}"`, hint: 'Check url and version.' }, rows: [] };
  }
  const total = Number(got.headers['x-total-count'] ?? Number.NaN);
  const many = Number.isNaN(total) ? `${rows.length} or more, no total told` : `${total.toLocaleString('en-US')} rows`;
  if (rows.length === 0 && !(total > 0)) {
    const hint = required ? 'Ask whether our access includes the schools.' : 'The system offers it and has nothing in it.';
    return { finding: { ok: !required, text: `${collection}: empty`, hint }, rows };
  }
  return { finding: { ok: true, text: `${collection}: ${many}${habitsOf(collection, rows)}` }, rows };
}

/** What a reader of the first sync's report would wonder about. */
function habitsOf(collection: string, rows: readonly WireRow[]): string {
  const share = (lacks: (of: WireRow) => boolean) => rows.filter(lacks).length;
  const untitled = collection === 'classes' ? share((of) => !of.title) : 0;
  return untitled > 0 ? `; ${untitled} of ${rows.length} looked at have no title: screens show course, period and teacher instead` : '';
}

const familyRoles = /^(parent|guardian|relative)$/i;
const rolesIn = (of: WireRow): string[] => {
  const listed = Array.isArray(of.roles) ? of.roles.map((role: { role?: unknown } | null) => String(role?.role ?? '')) : [];
  return [...listed, String(of.role ?? '')];
};
const hasAgents = (of: WireRow) => Array.isArray(of.agents) && of.agents.length > 0;

/** Families are what this is for: are they there, and does anything say whose child is whose? */
async function guardians(client: Client, service: Service, users: readonly WireRow[]): Promise<Finding> {
  // Not every server takes such a filter; then the first page has to do.
  const parents = await found(client, new URL('users', service.rostering), { limit: '50', offset: '0', filter: "role='parent'" });
  const students = await found(client, new URL('students', service.rostering), { limit: '50', offset: '0' });
  const looked = [...users, ...(parents ?? []), ...(students ?? [])];
  const family = looked.filter((of) => rolesIn(of).some((role) => familyRoles.test(role)));
  const isFamily = new Set(family);
  const linked = looked.some((of) => hasAgents(of) && (isFamily.has(of) || rolesIn(of).includes('student')));
  if (linked) return { ok: true, text: 'guardians: students and guardians are linked (agents)' };
  const elsewhere = 'Add a contacts file as a second source: aptt source add --kind contacts-csv.';
  if (family.length === 0) return { ok: true, text: 'guardians: none among the users looked at', hint: elsewhere };
  return { ok: true, text: 'guardians: they are there, but nothing links them to children (agents are empty)', hint: elsewhere };
}

async function incremental(client: Client, service: Service): Promise<Finding> {
  const ahead = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const rows = await found(client, new URL('orgs', service.rostering), { limit: '5', offset: '0', filter: `dateLastModified>'${ahead}'` });
  if (rows === null) return { ok: true, text: 'changes only: not offered (the filter is refused): every night reads everything' };
  if (rows.length > 0) return { ok: true, text: 'changes only: not offered (the filter is ignored): every night reads everything' };
  return { ok: true, text: 'changes only: the system can be asked for what changed' };
}

async function found(client: Client, at: URL, parameters: Record<string, string>): Promise<WireRow[] | null> {
  try {
    const got = await client.ask(asked(at, parameters));
    return got.status < 300 ? rowsOf(got, ['users', 'students', 'orgs']) : null;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'source_unreachable') return null;
    throw error;
  }
}

function rowsOf({ json }: Got, keys: readonly string[]): WireRow[] | null {
  const fields = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const wanted = keys.map((key) => key.toLowerCase());
  const rows = Array.isArray(json) ? json : fields.find(([key]) => wanted.includes(key.toLowerCase()))?.[1];
  if (rows === null) return [];
  return Array.isArray(rows) ? rows.filter(row) : null;
}

function asked(at: URL, parameters: Record<string, string>): URL {
  const url = new URL(at);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

function previewOf(entity: keyof typeof mappers & Entity, rows: readonly WireRow[]): { entity: Entity; rows: unknown[] } {
  const fields = new Fields(entity, entity);
  const shown = rows.slice(0, previewRows).map((one, at) => {
    fields.begin(one, at + 1);
    return withoutPerson(mappers[entity](fields));
  });
  return { entity, rows: shown };
}
