/** The systems a district pulls from. */
import { connectorFor } from '../../connectors/registry.ts';
import type { Db } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { courseRosters } from '../roster/kinds.ts';
import { opened, type Secret, sealed } from './secrets.ts';

export type Source = { id: number; name: string; kind: string; settings: Record<string, unknown> };

/**
 * @param secret seals the settings that are secrets
 * @returns the source as it was given
 * @throws AppError `source_exists` | `secret_needed`
 */
export async function addSource(db: Db, districtId: number, source: Omit<Source, 'id'>, secret: Secret | null = null): Promise<Source> {
  const settings = sealed(source.settings, { districtId, ...source }, secret);
  const rows = await db.inDistrict(
    districtId,
    (tx) => tx<Source[]>`INSERT INTO source (district_id, name, kind, settings, brings_roster)
      VALUES (${districtId}, ${source.name}, ${source.kind}, ${tx.json(settings as never)}, ${bringsRoster(source)})
      ON CONFLICT (district_id, name) DO NOTHING RETURNING id, name, kind, settings`, // settings are JSON: they came through zod
  );
  if (!rows[0]) throw new AppError('source_exists', `a source named "${source.name}" exists already`, { hint: 'Choose another --name.' });
  return { ...rows[0], settings: source.settings };
}

/** Its people are its own: not found in another source's roster, nor those of single courses. */
function bringsRoster({ kind, settings }: Omit<Source, 'id'>): boolean {
  const connector = connectorFor(kind);
  const given = connector.settings.safeParse(settings);
  return kind !== courseRosters && (!given.success || Object.keys(connector.matching(given.data)).length === 0);
}

/** As one who asks that system needs it: its secrets open. */
export const openSource = (source: Source, districtId: number, secret: Secret): Source => ({
  ...source,
  settings: opened(source.settings, { districtId, ...source }, secret),
});

/** Secrets stay sealed: see `openSource`. */
export function listSources(db: Db, districtId: number): Promise<Source[]> {
  return db.inDistrict(districtId, (tx) => tx<Source[]>`SELECT id, name, kind, settings FROM source ORDER BY id`);
}

export async function findSource(db: Db, districtId: number, name: string): Promise<Source | null> {
  return (await listSources(db, districtId)).find((source) => source.name === name) ?? null;
}

/**
 * The source that a one-off `--kind --path` delivers to: the district's only source of that kind, else one named by the kind. Tonight's
 * file may have tomorrow's date in its name: it is the same roster, and nights compare.
 */
export async function ensureSource(
  db: Db,
  districtId: number,
  kind: string,
  settings: Record<string, unknown>,
  secret: Secret | null = null,
): Promise<Source> {
  const ofKind = (await listSources(db, districtId)).filter((source) => source.kind === kind);
  const found = ofKind.find((source) => source.name === kind) ?? (ofKind.length === 1 ? ofKind[0] : undefined);
  return found ? { ...found, settings } : addSource(db, districtId, { name: kind, kind, settings }, secret);
}
