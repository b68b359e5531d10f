import { tsImport } from 'tsx/esm/api';

export default async function start() {
  const { startCluster } = await tsImport('./cluster.ts', import.meta.url);
  await startCluster();
}
