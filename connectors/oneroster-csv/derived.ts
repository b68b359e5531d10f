/**
 * What users.csv says beside the users: their roles where there is no roles file (1.0, 1.1), and the pairs of its agents.
 * An agent pair has no direction in OneRoster: it is handed over undirected.
 */
import type { Entity } from '../../src/roster/model.ts';
import { agentPair } from '../agents.ts';
import type { Column } from '../header.ts';
import type { Outbox } from '../outbox.ts';
import type { Table } from '../table.ts';
import { personRoles } from '../vocabulary.ts';
import type { Plan } from './plan.ts';

export class Derived {
  /** Which entities users.csv closes besides its own. */
  readonly entities: Entity[];
  private readonly table: Table;
  private readonly outbox: Outbox;
  private readonly role: Column;
  private readonly orgs: Column;
  private readonly agents: Column;
  private readonly givesRoles: boolean;
  private readonly pairs = new Set<string>();

  constructor(table: Table, outbox: Outbox, plan: Plan) {
    this.table = table;
    this.outbox = outbox;
    this.role = table.column('role');
    this.orgs = table.column('orgSourcedIds');
    this.agents = table.column('agentSourcedIds');
    const rolesFile = plan.reads.some((read) => read.entity === 'roles') || plan.missing.includes('roles');
    this.givesRoles = !rolesFile && table.has('role');
    this.entities = [
      ...(this.givesRoles ? (['roles'] as const) : []),
      ...(table.has('agentSourcedIds') ? (['guardianships'] as const) : []),
    ];
  }

  /**
   * The current row's; `removed` where the row asks for its user to be removed.
   * @returns whether there was anything to take
   */
  take(removed: boolean): boolean {
    if (this.givesRoles) this.takeRoles(removed);
    const agents = this.table.list(this.agents);
    for (const agent of new Set(agents)) if (agent !== this.table.id) this.takePair(agent, removed);
    return this.givesRoles || agents.length > 0;
  }

  private takeRoles(removed: boolean): void {
    const { table, outbox } = this;
    const role = table.word(this.role, personRoles);
    if (role === null) {
      if (!removed) table.notes.warn('role_blank', 'role is blank, so the user has none; fill it in at the source', table.place(this.role));
      return;
    }
    const orgs: (string | null)[] = table.list(this.orgs);
    for (const org of new Set(orgs.length > 0 ? orgs : [null])) {
      const sourcedId = `${table.id}/${org ?? ''}/${role}`;
      if (removed) outbox.remove('roles', { sourcedId, line: table.line });
      else {
        outbox.add('roles', {
          sourcedId,
          userSourcedId: table.id,
          orgSourcedId: org,
          role,
          roleType: null,
          beginDate: null,
          endDate: null,
          line: table.line,
        });
      }
    }
  }

  private takePair(agent: string, removed: boolean): void {
    const { table, outbox } = this;
    const pair = agentPair(table.id, agent);
    const { sourcedId } = pair;
    if (removed) outbox.remove('guardianships', { sourcedId, line: table.line });
    if (removed || this.pairs.has(sourcedId)) return;
    this.pairs.add(Buffer.from(sourcedId).toString()); // a copy: a slice would keep its whole page of text alive
    outbox.add('guardianships', { ...pair, line: table.line });
  }
}
