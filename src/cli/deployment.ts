import type { Command } from 'commander';
import { acceptDeployment, type Deployment, listDeployments, refuseDeployment } from '../../lti/platforms.ts';
import { districtOf, group, idOf, leaf, withDb } from './context.ts';
import { result, table } from './output.ts';

type DecideOptions = { district?: string; platform: number; json?: boolean };

export function deployment(): Command {
  const list = leaf('list', 'list deployments, those waiting for a decision first', ['deployment list --district willow'])
    .option('--district <slug>', 'the district')
    .action(async (options: { district?: string; json?: boolean }) => {
      const deployments = await withDb(async (db) => listDeployments(db, (await districtOf(db, options.district)).id));
      const row = (at: Deployment) => [at.status, String(at.platformId), at.issuer, at.deploymentId];
      result(options.json, { deployments }, () =>
        deployments.length
          ? table(['state', 'platform', 'issuer', 'deployment'], deployments.map(row))
          : 'No deployment yet. One shows up here when somebody launches from it.',
      );
    });

  const decided = (name: string, description: string, status: 'active' | 'refused', decide: typeof acceptDeployment) =>
    leaf(name, description, [`deployment ${name} 1:abcdef --district willow --platform 1`])
      .argument('<deployment>', 'its id, as `aptt deployment list` shows it')
      .option('--district <slug>', 'the district')
      .requiredOption('--platform <id>', 'its platform, by number', idOf)
      .action(async (id: string, options: DecideOptions) => {
        await withDb(async (db) => decide(db, (await districtOf(db, options.district)).id, options.platform, id));
        result(
          options.json,
          { deployment: { platformId: options.platform, deploymentId: id, status } },
          () => `Deployment ${id} is ${status}.`,
        );
      });

  return group('deployment', 'where in a platform the tool was placed')
    .addCommand(list)
    .addCommand(decided('accept', 'let launches of this deployment in', 'active', acceptDeployment))
    .addCommand(decided('refuse', 'keep launches of this deployment out', 'refused', refuseDeployment));
}
