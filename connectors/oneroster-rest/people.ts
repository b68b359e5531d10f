/**
 * What a user's row says beside the user: roles (1.2 has a list of them, 1.1 one role and its orgs) and agents. An agent pair has no direction
 * in OneRoster (students list parents, or parents list students), so it is handed over undirected: the engine orients it by roles.
 */
import type { Entity, RecordOf } from '../../src/roster/model.ts';
import { agentPair } from '../agents.ts';
import type { Outbox } from '../outbox.ts';
import { personRoles, roleTypes } from '../vocabulary.ts';
import type { Fields } from './fields.ts';

export class People {
  private readonly fields: Fields;
  private readonly outbox: Outbox;

  constructor(fields: Fields, outbox: Outbox) {
    this.fields = fields;
    this.outbox = outbox;
  }

  /** The current row's; `removed` where the row asks for its user to be removed. */
  take(removed: boolean): void {
    const { fields: f } = this;
    const roles = rolesOf(f);
    if (roles.length === 0 && !removed) f.strange('role_blank', 'roles', 'name no role, so the user has none; fill it in at the source');
    for (const role of roles) this.put('roles', role, removed);
    for (const agent of new Set(f.references('agents'))) {
      if (agent === f.id) continue;
      this.put('guardianships', agentPair(f.id, agent), removed);
    }
  }

  private put<E extends Entity>(entity: E, record: RecordOf[E] & { line?: number }, removed: boolean): void {
    const { line } = this.fields;
    if (removed) this.outbox.remove(entity, { sourcedId: record.sourcedId, line });
    else {
      record.line = line; // of our own making, as the user's is
      this.outbox.add(entity, record);
    }
  }
}

function rolesOf(f: Fields): RecordOf['roles'][] {
  const made = new Map<string, RecordOf['roles']>();
  const add = (org: string | null, role: string | null, more: Partial<RecordOf['roles']> = {}) => {
    if (role === null) return;
    const sourcedId = `${f.id}/${org ?? ''}/${role}`;
    const none = { roleType: null, beginDate: null, endDate: null };
    if (!made.has(sourcedId)) made.set(sourcedId, { sourcedId, userSourcedId: f.id, orgSourcedId: org, role, ...none, ...more });
  };
  for (const given of f.objects('roles')) {
    add(f.referred(given.org, 'roles.org'), f.known(text(given.role), 'roles.role', personRoles), {
      roleType: f.known(text(given.roleType), 'roles.roleType', roleTypes),
      beginDate: f.asDate(text(given.beginDate), 'roles.beginDate'),
      endDate: f.asDate(text(given.endDate), 'roles.endDate'),
    });
  }
  if (made.size > 0) return [...made.values()];
  const orgs: (string | null)[] = f.has('orgs') ? f.references('orgs') : [];
  for (const org of orgs.length > 0 ? orgs : [null]) add(org, f.word('role', personRoles));
  return [...made.values()];
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null);
