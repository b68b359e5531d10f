/** How a tenant is asked: whole listings, one object, and how far its changes have come. */
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { type Client, politeClient } from '../http.ts';
import { listing, type Page } from '../listing.ts';
import { authorityOf } from './auth.ts';
import type { Settings } from './settings.ts';

export type Asked = { onPage?: (rows: number, pages: number) => void; idOf?: (row: unknown) => string | null };

export class Graph {
  readonly client: Client;
  private readonly root: string;

  constructor(given: Settings, signal?: AbortSignal, tries = 10) {
    this.root = given.url.replace(/\/+$/, '');
    const authority = authorityOf(given, Math.min(tries, 7));
    this.client = politeClient({ origin: new URL(this.root).origin, authority, signal, limits: { tries } });
  }

  /** @param path behind the address, with its version: `v1.0/education/…` */
  at(path: string): URL {
    return new URL(`${this.root}/${path}`);
  }

  /** In large pages, where the listing has those. */
  async *pages<T>(path: string, shape: z.ZodType<T>, { onPage, idOf = idIn }: Asked = {}): AsyncGenerator<Page<T>> {
    const large = this.at(`${path}${path.includes('?') ? '&' : '?'}$top=999`);
    const pages = listing(this.client, {
      urls: /\$(delta|skip)token=|\$filter=/i.test(path) ? [this.at(path)] : [large, this.at(path)],
      keys: ['value'],
      shape,
      idOf,
      paging: { by: 'field', field: '@odata.nextLink' },
      ...(onPage && { onProgress: ({ rows, pages: read }) => onPage(rows, read) }),
    });
    try {
      yield* pages;
    } catch (error) {
      throw withHint(error, path);
    }
  }

  async rows<T>(path: string, shape: z.ZodType<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const { rows, notes } of this.pages(path, shape)) {
      if (notes[0]) throw strange(this.at(path), notes[0].fields);
      found.push(...rows);
    }
    return found;
  }

  /** Null when it is not there. */
  async one<T>(path: string, shape: z.ZodType<T>): Promise<T | null> {
    const at = this.at(path);
    const got = await this.client.ask(at).catch((error: unknown) => Promise.reject(withHint(error, path)));
    if (got.status >= 300) return null;
    const read = shape.safeParse(got.json);
    if (read.success) return read.data;
    throw strange(at, [...new Set(read.error.issues.map((issue) => issue.path.join('.')))]);
  }
}

const permissions: [RegExp, string][] = [
  [/\/(members|teachers)\b/, 'EduRoster.Read.All and Member.Read.Hidden'],
  [/\/assignments\b/, 'EduAssignments.Read.All'],
  [/\/reports\//, 'EduReports-Reading.Read.All'],
];

/** What any system would say, with what there is to do at Microsoft. */
function withHint(error: unknown, path: string): unknown {
  const hint = error instanceof AppError && error.code === 'source_denied' ? hintFor(error, path) : null;
  if (!(error instanceof AppError) || hint === null) return error;
  const { code, message, status, consequence } = error;
  return new AppError(code, message, { status, consequence, hint, cause: error });
}

function hintFor({ message }: AppError, path: string): string | null {
  if (message.endsWith('does not know us'))
    return 'Microsoft does not take the token it has just handed out: url and authority must be of the same cloud, and the app enabled in Entra.';
  if (!message.endsWith('knows us and refuses')) return null; // about the token, with its own hint
  const permission = permissions.find(([at]) => at.test(path))?.[1] ?? 'EduRoster.Read.All';
  return `Grant the app ${permission} (Entra admin center → App registrations → API permissions: application permission, with admin consent).`;
}

const idIn = (row: unknown): string | null => {
  const id = (row as { id?: unknown } | null)?.id; // anything but an object has none
  return typeof id === 'string' && id !== '' ? id : null;
};

const strange = (url: URL, fields: string[]) =>
  new AppError('source_contract_broken', `${url.host}${url.pathname} answers with ${fields.slice(0, 5).join(', ')} that cannot be read`, {
    status: 502,
    consequence: 'halt',
    hint: 'Check the address.',
  });

const member = z.object({ id: z.string(), '@removed': z.unknown().optional() });
const changed = z.object({
  id: z.string(),
  '@removed': z.unknown().optional(),
  'members@delta': z.array(member).optional(),
  'teachers@delta': z.array(member).optional(),
});

export type Changes = {
  /** Handed back as the next `from`. */
  end: string;
  ids: Set<string>;
  removed: Set<string>;
  /** Of a class: members it lost. */
  left: Map<string, Set<string>>;
};

/**
 * What changed in a collection; deletions are hardly ever told. Null when it cannot be asked, or its memory does not reach back so far.
 * @param from where the last reading ended; null: from now on
 */
export async function changesOf(graph: Graph, collection: 'users' | 'classes', from: string | null): Promise<Changes | null> {
  const changes: Changes = { end: '', ids: new Set(), removed: new Set(), left: new Map() };
  const path = `v1.0/education/${collection}/delta?${from ?? '$deltatoken=latest'}`;
  try {
    for await (const { rows, notes, json } of graph.pages(path, changed, { idOf: () => null })) {
      if (notes.length > 0) return null;
      for (const row of rows) takeChange(changes, row);
      const link = (json as Record<string, unknown>)['@odata.deltaLink']; // a page has its rows, so it is an object
      if (typeof link === 'string' && URL.canParse(link)) changes.end = new URL(link).search.slice(1);
    }
  } catch (error) {
    if (error instanceof AppError && (error.code === 'source_contract_broken' || error.code === 'source_lacks')) return null;
    throw error;
  }
  return changes.end === '' ? null : changes;
}

/** One object may come several times. */
function takeChange(changes: Changes, row: z.infer<typeof changed>): void {
  if (row['@removed'] !== undefined) {
    changes.removed.add(row.id);
    changes.ids.delete(row.id);
    return;
  }
  changes.ids.add(row.id);
  changes.removed.delete(row.id);
  const left = [...(row['members@delta'] ?? []), ...(row['teachers@delta'] ?? [])].filter((one) => one['@removed'] !== undefined);
  if (left.length > 0) changes.left.set(row.id, new Set([...(changes.left.get(row.id) ?? []), ...left.map((one) => one.id)]));
}
