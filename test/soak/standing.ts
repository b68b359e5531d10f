/** What stands in the roster, and what should: line by line, in words that can be compared. Neither side asks the connector or the engine. */
import type { Db } from '../../src/db/db.ts';
import type { Collections, Json } from '../../src/demo/oneroster/records.ts';
import { agentsIn, idIn, type Name, names, rolesOf } from './living-district.ts';

/** What a district must know by what it was served, by sourcedId. */
export class Belief {
  private readonly rows: ReadonlyMap<Name, ReadonlyMap<string, Json>>;
  /** Users, classes and line items ever heard of: a row may refer to one that has ended, and never to one that was never there. */
  private readonly known: ReadonlySet<string>;

  constructor(rows: Belief['rows'] = new Map(), known: ReadonlySet<string> = new Set()) {
    this.rows = rows;
    this.known = known;
  }

  /** @param whole what is not served is gone; otherwise only what is served as `tobedeleted` is */
  learn(served: Collections, whole: boolean, about: readonly Name[] = names): Belief {
    const rows = new Map(this.rows);
    const known = new Set(this.known);
    for (const name of about) {
      const before = this.rows.get(name) ?? new Map<string, Json>();
      const now = new Map<string, Json>(whole ? [] : before);
      for (const row of served[name] ?? []) {
        const id = String(row.sourcedId);
        const old = before.get(id);
        if (row.status === 'tobedeleted') now.delete(id);
        else if (isUsable(row, known)) {
          now.set(id, row);
          known.add(id);
        } else if (old) now.set(id, old); // present but unusable
      }
      rows.set(name, now);
    }
    return new Belief(rows, known);
  }

  /** What was learned is undone. Whoever came with it has ended, and yet was there: a score that is still told of them stands. */
  undone(learned: Belief): Belief {
    return new Belief(this.rows, learned.known);
  }

  lines(): string[] {
    const of = (name: Name) => [...(this.rows.get(name)?.values() ?? [])];
    const users = of('users');
    const lines = [
      ...of('orgs').map((o) => ['org', o.sourcedId, o.name, o.type, idIn(o.parent)]),
      ...of('academicSessions').map((s) => ['session', s.sourcedId, s.title, s.startDate, s.endDate]),
      ...of('courses').map((c) => ['course', c.sourcedId, c.title, idIn(c.org)]),
      ...of('classes').map((c) => ['class', c.sourcedId, c.title, c.grades, idIn(c.course), idIn(c.school), (c.terms as Json[]).map(idIn)]),
      ...users.map((u) => ['user', u.sourcedId, u.givenName, u.familyName, u.identifier ?? null, u.grades ?? []]),
      ...users.flatMap((u) => (u.roles as { role: string; org: Json }[]).map(({ role, org }) => ['role', u.sourcedId, role, idIn(org)])),
      ...familiesAmong(users),
      ...of('enrollments').map((e) => [
        'enrollment',
        e.sourcedId,
        idIn(e.class),
        idIn(e.user),
        e.role,
        e.beginDate ?? null,
        e.endDate ?? null,
      ]),
      ...of('assessmentLineItems').map((a) => ['item', `assessment/${a.sourcedId}`, a.title, idIn(a.class), a.resultValueMax ?? null]),
      ...of('lineItems').map((l) => ['item', l.sourcedId, l.title, idIn(l.class), l.resultValueMax ?? null]),
      ...of('results').map((r) => ['result', r.sourcedId, idIn(r.lineItem), idIn(r.student), r.score ?? null]),
      ...of('assessmentResults').map((r) => [
        'result',
        `assessment/${r.sourcedId}`,
        `assessment/${idIn(r.assessmentLineItem)}`,
        idIn(r.student),
        r.score ?? null,
      ]),
    ];
    return inOrder(lines);
  }
}

const isUsable = (row: Json, known: ReadonlySet<string>): boolean => {
  if (row.user === null || row.student === null) return false;
  const needed = [
    row.user,
    row.class !== undefined && row.user !== undefined ? row.class : undefined,
    row.student,
    row.lineItem,
    row.assessmentLineItem,
  ];
  return needed.every((of) => of === undefined || known.has(idIn(of) ?? ''));
};

/** Whichever of the two names the other, and however often. */
function familiesAmong(users: readonly Json[]): unknown[][] {
  const roles = new Map(users.map((user) => [String(user.sourcedId), rolesOf(user)]));
  const has = (id: string, wanted: readonly string[]) => (roles.get(id) ?? []).some((role) => wanted.includes(role));
  const pairs = users.flatMap((user) =>
    agentsIn(user).flatMap((agent) => [[String(user.sourcedId), agent] as const, [agent, String(user.sourcedId)] as const]),
  );
  return pairs
    .filter(([child, adult]) => has(child, ['student']) && has(adult, ['parent', 'guardian', 'relative']))
    .map(([child, adult]) => ['family', child, adult]);
}

const statements = [
  `SELECT 'org', sourced_id, name, type, parent_sourced_id FROM org WHERE ended_at IS NULL`,
  `SELECT 'session', sourced_id, title, start_date, end_date FROM academic_session WHERE ended_at IS NULL`,
  `SELECT 'course', c.sourced_id, c.title, o.sourced_id FROM course c LEFT JOIN org o ON o.id = c.org_id WHERE c.ended_at IS NULL`,
  `SELECT 'class', c.sourced_id, c.title, c.grades, co.sourced_id, o.sourced_id, c.term_sourced_ids FROM class c
    LEFT JOIN course co ON co.id = c.course_id LEFT JOIN org o ON o.id = c.school_id WHERE c.ended_at IS NULL`,
  `SELECT 'user', sourced_id, given_name, family_name, identifier, grades FROM "user" WHERE ended_at IS NULL`,
  `SELECT 'role', u.sourced_id, r.role, o.sourced_id FROM role r JOIN "user" u ON u.id = r.user_id LEFT JOIN org o ON o.id = r.org_id
    WHERE r.ended_at IS NULL AND u.ended_at IS NULL`,
  `SELECT 'family', c.sourced_id, g.sourced_id FROM guardianship f JOIN "user" c ON c.id = f.student_id JOIN "user" g ON g.id = f.guardian_id
    WHERE f.ended_at IS NULL AND c.ended_at IS NULL AND g.ended_at IS NULL`,
  `SELECT 'enrollment', e.sourced_id, c.sourced_id, u.sourced_id, e.role, e.begin_date, e.end_date FROM enrollment e
    JOIN class c ON c.id = e.class_id JOIN "user" u ON u.id = e.user_id WHERE e.ended_at IS NULL`,
  `SELECT 'item', l.sourced_id, l.title, c.sourced_id, l.result_value_max FROM line_item l LEFT JOIN class c ON c.id = l.class_id WHERE l.ended_at IS NULL`,
  `SELECT 'result', r.sourced_id, l.sourced_id, u.sourced_id, r.score FROM result r
    JOIN line_item l ON l.id = r.line_item_id JOIN "user" u ON u.id = r.student_id WHERE r.ended_at IS NULL`,
];

/** What lives. */
export const standing = (db: Db, district: number): Promise<string[]> =>
  db.inDistrict(district, async (tx) => {
    await tx`SET LOCAL enable_nestloop = off`; // fresh tables have no statistics to plan by
    const lines: unknown[][] = [];
    for (const statement of statements) lines.push(...(await tx.unsafe(statement).values()));
    return inOrder(lines);
  });

const inOrder = (lines: readonly unknown[][]): string[] => [...new Set(lines.map((line) => JSON.stringify(line)))].sort();

/** What differs: short enough to be read where a thousand lines are alike. */
export function difference(stands: readonly string[], should: readonly string[]): { surplus: string[]; lacking: string[] } {
  const [a, b] = [new Set(stands), new Set(should)];
  return { surplus: stands.filter((line) => !b.has(line)), lacking: should.filter((line) => !a.has(line)) };
}

/** Everything that was ever there, by its own number: nothing may be missing later, or be another's. */
export const everSeen = (db: Db, district: number): Promise<string[]> =>
  db.inDistrict(district, async (tx) =>
    (
      await tx
        .unsafe(`SELECT 'user', id::text, sourced_id FROM "user" UNION ALL SELECT 'class', id::text, sourced_id FROM class
        UNION ALL SELECT 'item', id::text, sourced_id FROM line_item UNION ALL SELECT 'result', student_id::text, sourced_id FROM result
        UNION ALL SELECT 'number', student_id::text, meeting_id || '/' || number FROM private_number
        UNION ALL SELECT 'meeting', id::text, class_id::text FROM meeting UNION ALL SELECT 'opt-out', student_id::text, '' FROM chart_opt_out
        UNION ALL SELECT 'goal', student_id::text, id::text FROM goal WHERE ended_at IS NULL`)
        .values()
    ).map((line) => JSON.stringify(line)),
  );
