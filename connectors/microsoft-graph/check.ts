/** What an administrator should know of a tenant before the first sync: what the app may read, what is empty, which permission is missing. Reads a few rows. */
import type { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import type { Entity } from '../../src/roster/model.ts';
import type { CheckReport } from '../connector.ts';
import { Notes } from '../notes.ts';
import { previewRows, withoutPerson } from '../preview.ts';
import { guardiansOf } from './contacts.ts';
import { changesOf, Graph } from './graph.ts';
import { said, toClass, toOrg, toUser } from './map.ts';
import type { Settings } from './settings.ts';
import { keyOf } from './students.ts';
import * as wire from './wire.ts';

type Finding = CheckReport['findings'][number];
const sampleRows = 100;
const roster = 'EduRoster.Read.All';

export async function checkTenant(given: Settings): Promise<CheckReport> {
  const look = new Look(new Graph(given, undefined, 3)); // somebody waits
  const users = await look.at('users', wire.user, roster);
  if (!users) return { ok: false, findings: look.findings }; // nothing else will fare better
  look.findings.unshift({ ok: true, text: `Microsoft Graph, tenant ${given.tenant}: we are let in` });
  const students = users.filter(({ primaryRole }) => primaryRole === 'student');
  if (given.roster) await checkRoster(look, users);
  else look.findings.push(keys(students, given));
  const classes = given.roster ? await look.at('classes', wire.klass, roster) : null;
  if (classes) look.show('classes', classes, classOf);
  const [first] = classes ?? [];
  if (first) await look.at(`classes/${first.id}/members`, wire.person, `${roster} and Member.Read.Hidden`);
  if (given.guardians) await checkGuardians(look, students, given);
  if (given.assignments && first) await look.at(`classes/${first.id}/assignments`, wire.assignment, 'EduAssignments.Read.All', true);
  if (given.readingProgress)
    await look.at('reports/readingAssignmentSubmissions', wire.readingSubmission, 'EduReports-Reading.Read.All', true);
  if (given.roster) look.findings.push(await incremental(look.graph));
  return { ok: look.findings.every(({ ok }) => ok), findings: look.findings, preview: look.preview };
}

/** Its school stands in another listing. */
function classOf(of: wire.Klass): object {
  const { schoolSourcedId: _, ...record } = toClass(of, null).record;
  return record;
}

class Look {
  readonly graph: Graph;
  readonly findings: Finding[] = [];
  readonly preview: NonNullable<CheckReport['preview']> = [];

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** A few rows of a listing, or what stands in the way. @param optional it may be empty, and is left out where it may not be read */
  async at<T>(name: string, shape: z.ZodType<T>, permission: string, optional = false): Promise<T[] | null> {
    const asked = name.startsWith('reports/') ? '' : `?$top=${sampleRows}`;
    const label = name.replace(/\/[^/]+\//, '/…/');
    try {
      for await (const { rows, notes, json } of this.graph.pages(`v1.0/education/${name}${asked}`, shape, { idOf: () => null })) {
        const more = '@odata.nextLink' in (json as object) ? ' or more' : ''; // a page has its rows, so it is an object
        const unread = notes.length > 0 ? `, ${notes.length} cannot be read` : '';
        if (rows.length > 0 || optional) this.findings.push({ ok: true, text: `${label}: ${rows.length}${more} rows${unread}` });
        else this.findings.push({ ok: false, text: `${label}: empty`, hint: 'Is School Data Sync, or any class, set up in this tenant?' });
        return rows;
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.findings.push({
        ok: optional && error.code !== 'source_unreachable',
        text: `${label}: ${error.message}`,
        ...hintOf(error, permission),
      });
    }
    return null;
  }

  show<T>(entity: Entity, rows: readonly T[], map: (row: T) => object): void {
    const shown = rows.slice(0, previewRows).map((row) => withoutPerson(map(row)));
    if (shown.length > 0) this.preview.push({ entity, rows: shown });
  }
}

function hintOf(error: AppError, permission: string): { hint?: string } {
  const denied = error.code === 'source_denied' && error.message.includes('refuses');
  if (denied) return { hint: `Grant the app ${permission} (application permission, with admin consent).` };
  return error.hint ? { hint: error.hint } : {};
}

async function checkRoster(look: Look, users: readonly wire.User[]): Promise<void> {
  look.show('users', users, toUser);
  const schools = await look.at('schools', wire.school, roster);
  if (schools) look.show('orgs', schools, toOrg);
}

function keys(students: readonly wire.User[], given: Settings): Finding {
  const found = students.filter((of) => keyOf(of, given) !== null).length;
  const text = `${found} of ${students.length} students looked at have their ${given.student}`;
  if (found > 0 || students.length === 0) return { ok: true, text };
  return { ok: false, text, hint: 'Set student=externalId, studentNumber or userPrincipalName: the one your roster has too.' };
}

async function checkGuardians(look: Look, students: readonly wire.User[], given: Settings): Promise<void> {
  let linked = 0;
  const asked = students.slice(0, 5);
  try {
    for (const { id } of asked) {
      const row = await look.graph.one(`beta/education/users/${encodeURIComponent(id)}?$select=id,relatedContacts`, wire.withContacts);
      linked += guardiansOf(id, row?.relatedContacts ?? [], given.alsoGuardians, new Notes('guardianships', 'users')).length;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    look.findings.push({ ok: true, text: `guardians: ${error.message}`, ...hintOf(error, roster) });
    return;
  }
  const text = `guardians: ${linked} with the ${asked.length} students looked at`;
  const elsewhere = 'Let School Data Sync send them (relationships.csv), or add a contacts file: aptt source add --kind contacts-csv.';
  look.findings.push(linked > 0 ? { ok: true, text } : { ok: true, text, hint: elsewhere });
}

async function incremental(graph: Graph): Promise<Finding> {
  const users = await changesOf(graph, 'users', null).catch(() => null);
  const text = said(users?.end) === null ? 'not offered: every night reads everything' : 'the tenant can be asked for what changed';
  return { ok: true, text: `changes only: ${text}` };
}
