/** What changed in a tenant and when, for its delta queries: new and changed objects with some of their fields, members who left a class, never deletions. */
import type { Tenant } from './tenant.ts';

type Change = { at: number; collection: 'users' | 'classes'; row: object };

export class Memory {
  now = 1;
  private reachesBack = 0;
  private changes: Change[];

  constructor(tenant: Tenant) {
    const all = (collection: 'users' | 'classes') => tenant[collection].map((row): Change => ({ at: 1, collection, row }));
    this.changes = [...all('users'), ...all('classes')];
  }

  note(before: Tenant, after: Tenant): void {
    this.now++;
    for (const collection of ['users', 'classes'] as const) {
      const known = new Map(before[collection].map((row) => [row.id, row]));
      for (const row of after[collection]) {
        const old = known.get(row.id);
        const moved = collection === 'classes' ? moves(before, after, row.id) : {};
        if (old && same(old, row) && same(placeOf(before, row.id), placeOf(after, row.id)) && Object.keys(moved).length === 0) continue;
        // Of a changed object only some fields are told, and sometimes twice.
        const change: Change = { at: this.now, collection, row: old ? { id: row.id, ...moved } : { ...row } };
        this.changes.push(change, change);
      }
    }
  }

  forget(): void {
    this.reachesBack = this.now + 1;
    this.now++;
  }

  /** Null when that is too long ago. @param from 0: everything there is */
  since(collection: 'users' | 'classes', from: number, tenant: Tenant): object[] | null {
    if (from === 0) return tenant[collection];
    if (Number.isNaN(from) || from < this.reachesBack) return null;
    return this.changes.filter((one) => one.collection === collection && one.at > from).map(({ row }) => row);
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const placeOf = ({ schoolUsers, contacts }: Tenant, id: string) => [
  Object.keys(schoolUsers).filter((school) => schoolUsers[school]?.includes(id)),
  contacts[id],
];

function moves(before: Tenant, after: Tenant, klass: string): object {
  const [old, now] = [before.members[klass] ?? [], after.members[klass] ?? []];
  const changed = [
    ...now.filter((id) => !old.includes(id)).map((id) => ({ id })),
    ...old.filter((id) => !now.includes(id)).map((id) => ({ id, '@removed': { reason: 'deleted' } })),
  ];
  return changed.length > 0 ? { 'members@delta': changed } : {};
}
