/**
 * A 1.2 service's score scales: which word stands for which score. A small listing beside the entities: nothing is stored of it but the words a
 * column's scores are shown by. A service without them, or one that may not be asked, has none.
 * @throws whatever a listing throws, but `source_lacks` and `source_denied`
 */
import { AppError } from '../../src/errors.ts';
import type { Client } from '../http.ts';
import { type Levels, levelsOf, scoreOf } from '../levels.ts';
import { listing } from '../listing.ts';
import type { Service } from './settings.ts';
import { idOf, row, type WireRow } from './wire.ts';

export class Scales {
  private readonly byId = new Map<string, Levels>();
  /** By the sourcedId of our record: a server may number line items and assessment line items alike. */
  private readonly byItem = new Map<string, Levels>();

  static async read(client: Client, at: URL, { pageSize }: Service): Promise<Scales> {
    const scales = new Scales();
    const asked = { urls: [at] as [URL], keys: ['scoreScales'], shape: row, idOf, paging: { by: 'offset' as const, limit: pageSize } };
    try {
      for await (const { rows } of listing(client, asked)) for (const found of rows) scales.take(found);
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== 'source_lacks' && error.code !== 'source_denied')) throw error;
    }
    return scales;
  }

  get none(): boolean {
    return this.byId.size === 0;
  }

  /** What a column's scores are called; remembered for its results. */
  ofItem(item: string, scale: string | null): Levels | null {
    const levels = (scale !== null && this.byId.get(scale)) || null;
    if (levels) this.byItem.set(item, levels);
    return levels;
  }

  /** The lowest score that a word stands for. */
  scoreOf(word: string, { scale, item }: { scale: string | null; item: string }): number | null {
    const levels = (scale !== null && this.byId.get(scale)) || this.byItem.get(item);
    return scoreOf(levels, word);
  }

  private take(found: WireRow): void {
    if (/^(tobedeleted|inactive)$/i.test(String(found.status ?? ''))) return;
    const values = Array.isArray(found.scoreScaleValue) ? found.scoreScaleValue : [];
    const levels = levelsOf(
      values.map(({ itemValueLHS, itemValueRHS }: { itemValueLHS?: unknown; itemValueRHS?: unknown }) => ({
        left: String(itemValueLHS ?? ''),
        right: String(itemValueRHS ?? ''),
      })),
    );
    if (levels) this.byId.set(idOf(found) ?? '', levels);
  }
}
