/** Sources whose path is a drop folder: one run for each delivery that lies there whole, which is then kept in the folder's archive. */
import { archive, dropOf, nextDelivery } from '../../connectors/drop.ts';
import { AppError } from '../errors.ts';
import type { RunReport } from '../sync/report.ts';
import type { Source } from '../sync/sources.ts';
import { note } from './output.ts';

/**
 * Every other source runs once. A delivery that is held, failed or only tried stays where it is, and those after it wait for their turn.
 * @param once runs a source
 */
export async function* runsOf(source: Source, dryRun: boolean, once: (source: Source) => Promise<RunReport>): AsyncGenerator<RunReport> {
  const drop = dropOf(source.settings);
  if (!drop) {
    yield await once(source);
    return;
  }
  for (;;) {
    const next = await nextDelivery(drop.folder, Date.now(), drop.settleMs).catch(unreachable);
    if (next === null) {
      // The run fails as it does for any path, and the others go on.
      yield await once(source);
      return;
    }
    for (const line of next.waiting) note(`${source.name}: ${line}`);
    if (!next.delivery) return;
    const report = await once({ ...source, settings: { ...source.settings, path: next.delivery.path } });
    yield report;
    const done = (report.status === 'applied' || report.status === 'unchanged') && report.heldBecause.length === 0;
    if (!done || dryRun) return;
    const stayed = await archive(drop.folder, next.delivery, new Date().toISOString().slice(0, 10));
    for (const name of stayed) note(`${source.name}: ${name} was replaced while it was read; it is taken next time`);
    if (stayed.length > 0) return;
  }
}

function unreachable(error: unknown): null {
  if (error instanceof AppError && error.code === 'source_unreachable') return null;
  throw error;
}

/** The settings a check looks at: of a drop folder, the delivery that would be read next. */
export async function asDelivered(settings: Record<string, unknown>): Promise<Record<string, unknown>> {
  const drop = dropOf(settings);
  const next = drop && (await nextDelivery(drop.folder, Date.now(), drop.settleMs));
  return next?.delivery ? { ...settings, path: next.delivery.path } : settings;
}
