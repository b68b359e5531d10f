/** What is said about a run's rows and files, for people. */
import type { Problem } from '../../connectors/connector.ts';
import type { Db, Tx } from '../db/db.ts';
import { cleanJson } from './rows.ts';

const kept = 100_000;

/** The run's problems, numbered as they come. All are counted; the first 100,000 are kept. */
export class ProblemBook {
  written = 0;
  private readonly db: Db;
  private readonly districtId: number;
  private readonly runId: number;

  constructor(db: Db, districtId: number, runId: number) {
    this.db = db;
    this.districtId = districtId;
    this.runId = runId;
  }

  /** Forgets all of it: the source is read anew. */
  async clear(): Promise<void> {
    this.written = 0;
    await this.db.inDistrict(this.districtId, (tx) => tx`DELETE FROM sync_problem WHERE run_id = ${this.runId}`);
  }

  /** @param tx given, they are written with everything else of it, or not at all */
  async add(problems: readonly Problem[], tx?: Tx): Promise<void> {
    if (problems.length === 0) return;
    const first = this.written;
    this.written += problems.length;
    const written = problems.slice(0, Math.max(0, kept - first)).map((p, i) => ({ ...p, n: first + i }));
    if (written.length === 0) return;
    const write = (within: Tx) =>
      within.unsafe(
        `INSERT INTO sync_problem (district_id, run_id, n, entity, severity, code, message, sourced_id, file, line, field)
         SELECT $1, $2, n, entity, severity, code, message, "sourcedId", file, line, field FROM jsonb_to_recordset($3::text::jsonb)
         AS x(n int, entity text, severity text, code text, message text, "sourcedId" text, file text, line int, field text)`,
        [this.districtId, this.runId, cleanJson(written)],
      );
    await (tx ? write(tx) : this.db.inDistrict(this.districtId, write));
  }
}
