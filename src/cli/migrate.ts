import type { Command } from 'commander';
import { leaf, withDb } from './context.ts';
import { result } from './output.ts';

export function migrate(): Command {
  return leaf('migrate', 'bring the database schema up to date', ['migrate']).action(async (options: { json?: boolean }) => {
    // Opening the database applies what is pending: every command leaves it up to date.
    const rows = await withDb((db) => db.sql<{ name: string }[]>`SELECT name FROM schema_migration ORDER BY name`);
    const migrations = rows.map((row) => row.name);
    result(
      options.json,
      { migrations },
      () => `The database is up to date: ${migrations.length} migrations, the last one ${migrations.at(-1)}.`,
    );
  });
}
