/**
 * Who is in one course, read to the end or not at all: a course whose second page fails has told nothing.
 * @throws what the client and the listing throw; `source_contract_broken` for a listing without end
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import type { Problem } from '../connector.ts';
import { place } from '../http.ts';
import { listing } from '../listing.ts';
import { clientFor, pageAddresses } from './ask.ts';
import type { Course, Courses } from './courses.ts';
import { enrollmentId } from './map.ts';
import { type Member, media, member, memberId, scopes } from './wire.ts';

export type ClassMember = { row: Member; role: 'teacher' | 'student' };
export type Members = {
  /** By what the platform calls them; the active ones who teach or learn here. */
  here: Map<string, ClassMember>;
  /** Named in a row that cannot be used: they are left as they stand. */
  unreadable: Set<string>;
  /** A row did not say whom it is about: nobody may be taken for gone. */
  lostIds: boolean;
  problems: Problem[];
  rows: number;
};

const rowsAsked = 1000;
/** More pages than a course has, whatever their size … */
const mostPages = 1000;
/** … and pages that bring nobody new, one after the other. */
const mostIdlePages = 5;

export async function readMembers(
  courses: Courses,
  course: Course,
  options: { signal?: AbortSignal | undefined; onRows?: (rows: number) => void } = {},
): Promise<Members> {
  const found: Members = { here: new Map(), unreadable: new Set(), lostIds: false, problems: [], rows: 0 };
  const active = new Map<string, Member>();
  const seen = new Set<string>();
  let [pages, idle] = [0, 0];
  const client = clientFor(courses, { url: course.membershipsUrl, scope: scopes.members, accept: media.members }, options.signal);
  const urls = pageAddresses(course.membershipsUrl, rowsAsked);
  for await (const rows of ahead(listing(client, { urls, keys: ['members'], shape: anything, idOf: () => null, paging: { by: 'link' } }))) {
    const before = seen.size;
    for (const row of rows) {
      found.rows++;
      take(row);
    }
    idle = rows.length > 0 && seen.size === before ? idle + 1 : 0;
    if (++pages > mostPages || idle > mostIdlePages) throw endless(course);
    options.onRows?.(found.rows);
  }
  const roleOf = remembering(courses.roleOf);
  for (const [sub, row] of active) {
    const role = roleOf(row.roles);
    if (role) found.here.set(sub, { row, role });
  }
  return found;

  function take(raw: unknown): void {
    const parsed = member.safeParse(raw);
    if (parsed.success) {
      seen.add(parsed.data.user_id);
      // Once for each of somebody's roles, on some platforms.
      const { user_id: sub, status, roles } = parsed.data;
      const known = active.get(sub);
      if (status === 'active') active.set(sub, known ? { ...known, roles: [...known.roles, ...roles] } : parsed.data);
      return;
    }
    const named = memberId.safeParse(raw);
    const id = named.success ? named.data : null;
    seen.add(id ?? `row ${found.rows}`);
    if (id === null) found.lostIds = true;
    else found.unreadable.add(id);
    const field = parsed.error.issues[0]?.path.join('.') || null;
    found.problems.push({
      entity: 'enrollments',
      severity: 'problem',
      code: id === null ? 'id_unreadable' : 'member_unreadable',
      message: `A member of the course could not be read (${field ?? 'the whole row'}); what is known of them stays. Tell whoever runs the platform.`,
      sourcedId: id === null ? null : enrollmentId(course, id),
      file: course.title ?? course.key,
      line: found.rows,
      field,
    });
  }
}

/** While a page is taken in the next is on its way. */
async function* ahead(pages: AsyncGenerator<{ rows: unknown[] }>): AsyncGenerator<unknown[]> {
  try {
    for (let next = pages.next(); ; ) {
      const { done, value } = await next;
      if (done) return;
      next = pages.next();
      next.catch(() => {}); // told when it is taken
      await nextTurn(); // it is asked for now
      yield value.rows;
    }
  } finally {
    await pages.return(undefined).catch(() => {});
  }
}

/** A course knows a handful of combinations. */
function remembering<T>(of: (roles: unknown[]) => T): (roles: unknown[]) => T {
  const known = new Map<string, T>();
  return (roles) => {
    const key = JSON.stringify(roles);
    const role = known.has(key) ? (known.get(key) as T) : of(roles); // what is known may be null
    known.set(key, role);
    return role;
  };
}

/** Rows are read here, one by one: a listing that knows ids would refuse a person who comes twice. */
const anything = z.unknown();

const endless = ({ membershipsUrl }: Course) =>
  new AppError('source_contract_broken', `${place(new URL(membershipsUrl))} does not come to an end`, {
    status: 502,
    consequence: 'halt',
    hint: 'Its pages go on without anybody new, or past any class. Nothing was changed for it: tell whoever runs the platform.',
  });
