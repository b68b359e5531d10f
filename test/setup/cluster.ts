/** One throw-away PostgreSQL for the whole test run, with a migrated template that every test file copies. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { connect } from '../../src/db/db.ts';
import { startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

export async function startCluster(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aptt-test-'));
  chmodSync(folder, 0o755); // root's server runs under another account, which must reach it
  const server = await startEmbedded(folder, { fast: true });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin`CREATE DATABASE aptt_template`;
  await admin.end();
  const template = new URL(server.url);
  template.pathname = '/aptt_template';
  const db = connect(template.href, { max: 1 });
  await migrate(db.sql);
  await db.close();
  process.env.APTT_TEST_SERVER = server.url; // jest hands the environment to its workers
  Object.assign(globalThis, {
    stopCluster: async () => {
      await server.leave();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
