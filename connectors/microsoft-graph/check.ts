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
const classesLookedAt = 3;
const emptyHint = 'Is it the right tenant, and has School Data Sync filled it?';

export async function checkTenant(given: Settings): Promise<CheckReport> {
  const look = new Look(new Graph(given, undefined, 3)); // somebody waits
  const users = await look.at('users', wire.user);
  if (!users) return { ok: false, findings: look.findings }; // nothing else will fare better
  const letIn = `Microsoft Graph, tenant ${given.tenant}: we are let in`;
  if (users.length === 0) return { ok: false, findings: [{ ok: false, text: `${letIn}, and it has no people`, hint: emptyHint }] };
  look.findings.unshift({ ok: true, text: letIn });
  const students = users.filter(({ primaryRole }) => primaryRole === 'student');
  if (given.roster) await checkRoster(look, users);
  else look.findings.push(keys(students, given));
  const classes = given.roster ? await look.at('classes', wire.klass) : null;
  if (classes) look.show('classes', classes, classOf);
  if (classes) await look.inClass(classes, 'members', wire.person);
  if (given.guardians) await checkGuardians(look, students, given);
  if (given.assignments && classes) await look.inClass(classes, 'assignments', wire.assignment, true);
  if (given.readingProgress) await look.at('reports/readingAssignmentSubmissions', wire.readingSubmission, true);
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
  async at<T>(name: string, shape: z.ZodType<T>, optional = false): Promise<T[] | null> {
    const { finding, rows } = await this.ask(name, shape, optional);
    this.findings.push(finding);
    return rows;
  }

  /** The same below a class: one that cannot be read stays as it is in a sync, too. */
  async inClass(classes: readonly wire.Klass[], below: string, shape: z.ZodType, optional = false): Promise<void> {
    let refused: Finding | null = null;
    for (const { id } of classes.slice(0, classesLookedAt)) {
      const { finding, rows } = await this.ask(`classes/${encodeURIComponent(id)}/${below}`, shape, optional);
      if (rows === null) refused ??= finding;
      else {
        if (refused) this.findings.push({ ...refused, ok: true, text: `${refused.text}; this class would stay as it is` });
        this.findings.push(finding);
        return;
      }
    }
    if (refused) this.findings.push(refused);
  }

  private async ask<T>(name: string, shape: z.ZodType<T>, optional: boolean): Promise<{ finding: Finding; rows: T[] | null }> {
    const asked = name.startsWith('reports/') ? '' : `?$top=${sampleRows}`;
    const label = name.replace(/\/[^/]+\//, '/…/');
    try {
      for await (const { rows, notes, json } of this.graph.pages(`v1.0/education/${name}${asked}`, shape, { idOf: () => null })) {
        const more = '@odata.nextLink' in (json as object) ? ' or more' : ''; // a page has its rows, so it is an object
        const unread = notes.length > 0 ? `, ${notes.length} cannot be read` : '';
        const count = `${rows.length}${more} ${rows.length === 1 ? 'row' : 'rows'}`;
        if (rows.length > 0 || optional) return { finding: { ok: true, text: `${label}: ${count}${unread}` }, rows };
        return { finding: { ok: false, text: `${label}: empty${unread}`, hint: emptyHint }, rows };
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const ok = optional && error.code !== 'source_unreachable';
      return { finding: { ok, text: `${label}: ${error.message}`, ...hintOf(error) }, rows: null };
    }
    throw new Error('a listing without a page');
  }

  show<T>(entity: Entity, rows: readonly T[], map: (row: T) => object): void {
    const shown = rows.slice(0, previewRows).map((row) => withoutPerson(map(row)));
    if (shown.length > 0) this.preview.push({ entity, rows: shown });
  }
}

const hintOf = ({ hint }: AppError) => (hint ? { hint } : {});

async function checkRoster(look: Look, users: readonly wire.User[]): Promise<void> {
  look.show('users', users, toUser);
  const schools = await look.at('schools', wire.school);
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
    look.findings.push({ ok: true, text: `guardians: ${error.message}`, ...hintOf(error) });
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
