import { tsImport } from 'tsx/esm/api';

export default async function start() {
  process.env.APTT_ALLOW_PRIVATE_HOSTS = 'localhost'; // the simulated systems are on this machine; the workers inherit it
  const { startCluster } = await tsImport('./cluster.ts', import.meta.url);
  await startCluster();
}
