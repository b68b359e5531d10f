/** Applies the checked-in migrations in order, all in one transaction, under a lock so that processes may start together. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from './db.ts';
import { migrationsFolder } from './embedded.ts';

/** @returns the names applied now; throws what PostgreSQL says, the failed migration leaving nothing behind */
export async function migrate(sql: Sql): Promise<string[]> {
  const files = readdirSync(migrationsFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(7261001)`;
    await tx`CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`;
    const done = new Set((await tx<{ name: string }[]>`SELECT name FROM schema_migration`).map((row) => row.name));
    const pending = files.filter((name) => !done.has(name));
    for (const name of pending) {
      await tx.unsafe(readFileSync(join(migrationsFolder, name), 'utf8'));
      await tx`INSERT INTO schema_migration (name) VALUES (${name})`;
    }
    return pending;
  }) as Promise<string[]>;
}
