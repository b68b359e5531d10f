/** A database of its own for the benches: real settings (fsync on), thrown away afterwards. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Db } from '../src/db/db.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';

export type World = { db: Db; url: string; folder: string; districtId: number; close(): Promise<void> };

const open = new Set<World>();

/** However a run ends, no server and no folder stays behind. */
export async function closeWorlds(): Promise<void> {
  for (const world of open) await world.close();
}

export async function newWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'aptt-bench-'));
  chmodSync(folder, 0o777); // root's server runs under another account, and writes files here for COPY
  const server = await startEmbedded(folder);
  const db = connect(server.url, { max: 10 });
  await migrate(db.sql);
  const [district] = await db.asOperator(
    (tx) => tx<{ id: number }[]>`INSERT INTO district (slug, name) VALUES ('bench', 'Bench') RETURNING id`,
  );
  if (!district) throw new Error('no district');
  const world: World = {
    db,
    url: server.url,
    folder,
    districtId: district.id,
    close: async () => {
      if (!open.delete(world)) return;
      await db.close();
      await server.leave();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  open.add(world);
  return world;
}
