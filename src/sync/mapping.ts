/**
 * How an assessment source's files are read, tried and kept from a page. Only the mapping is changed here: which files a source reads stays
 * the operator's word, so that nobody reads another file of the machine from a browser.
 * @throws AppError `not_found` | `settings_invalid` | whatever the connector's check throws
 */

import type { CheckReport } from '../../connectors/connector.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { syncSource } from './run.ts';
import type { Source } from './sources.ts';

const mapped = 'assessment-csv';

export type Mapping = { mapping: string; columns?: unknown };

/** The source, where it is one whose files are mapped. */
export async function mappedSource(tx: Tx, districtId: number, sourceId: number): Promise<Source> {
  const [source] = await tx<Source[]>`
    SELECT id, name, kind, settings FROM source WHERE district_id = ${districtId} AND id = ${sourceId} AND kind = ${mapped}`;
  if (!source) throw new AppError('not_found', 'there is no such source here', { status: 404 });
  return source;
}

/** @param own tried instead of what the source has; null: as it is */
export async function tryMapping(source: Source, own: Mapping | null): Promise<{ source: Source; report: CheckReport }> {
  const tried = own === null ? source : { ...source, settings: changed(source.settings, own) };
  const connector = connectorFor(tried.kind);
  const parsed = connector.settings.safeParse(tried.settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('settings_invalid', `setting ${issue?.path.join('.') ?? ''}: ${issue?.message}`, { status: 409 });
  }
  return { source: tried, report: await connector.check(parsed.data) };
}

function changed(settings: Source['settings'], { mapping, columns }: Mapping): Source['settings'] {
  const { columns: _before, ...rest } = settings;
  return { ...rest, mapping, ...(columns === undefined ? {} : { columns }) };
}

/** Keeps it as the source is now: its other settings may have changed while the mapping was tried. */
export async function keepMapping(tx: Tx, districtId: number, sourceId: number, own: Mapping): Promise<void> {
  const { settings } = await mappedSource(tx, districtId, sourceId);
  await tx`UPDATE source SET settings = ${tx.json(changed(settings, own) as never)} WHERE district_id = ${districtId} AND id = ${sourceId}`; // settings are JSON: they came through zod
}

/** A whole run but the writing: who would be matched, and what would change. @returns the run to look at */
export async function dryRun(db: Db, districtId: number, source: Source, actor: string): Promise<number> {
  const report = await syncSource(db, districtId, source, { dryRun: true, actor });
  return report.runId;
}
