import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { callbackAddress } from '../../lti/teams/doors.ts';
import { manifestOf } from '../../lti/teams/manifest.ts';
import { addTab, findTab, type Person, persons } from '../../lti/teams/tabs.ts';
import { collectSecret, districtOf, exitCodes, group, leaf, operatorSecret, withDb } from './context.ts';
import { result } from './output.ts';

type AddOptions = { district?: string; tenant: string; clientId: string; secret: Record<string, string>; person: string; json?: boolean };

export function teams(): Command {
  const add = leaf('add', 'register the tab a district has made an app for in Entra', [
    'teams add --district willow --tenant 00000000-0000-0000-0000-000000000000 --client-id 00000000-… --secret clientSecret=env:TEAMS_SECRET',
  ])
    .option('--district <slug>', 'the district it belongs to')
    .requiredOption('--tenant <id>', 'the tenant whose people are let in')
    .requiredOption('--client-id <id>', 'of the app registration')
    .requiredOption('--secret <clientSecret=from>', 'its secret, from env:VARIABLE or file:PATH; sealed when stored', collectSecret, {})
    .option('--person <oid|upn>', 'by which id the roster knows its people: Entra’s own, or the sign-in name', 'oid')
    .action(async ({ district, tenant, clientId, secret, person, json }: AddOptions) => {
      const { clientSecret } = secret;
      if (!clientSecret)
        throw new CommanderError(exitCodes.usage, 'aptt.secret', 'error: give --secret clientSecret=env:VARIABLE or =file:PATH');
      if (!persons.includes(person as Person)) throw new CommanderError(exitCodes.usage, 'aptt.person', 'error: --person is oid or upn');
      const { platform, url } = await withDb(async (db, env) => {
        const { id } = await districtOf(db, district);
        const given = { tenantId: tenant, clientId, clientSecret, person: person as Person }; // just looked
        return { platform: await addTab(db, operatorSecret(), id, given), url: env.url };
      });
      result(json, { platform, redirect: callbackAddress(url) }, () =>
        [
          `Tab ${platform.id} is registered. In Entra:`,
          `  Redirect URI (Web)  ${callbackAddress(url)}`,
          `Then: aptt teams manifest ${platform.id}`,
        ].join('\n'),
      );
    });

  const manifest = leaf('manifest', 'print the app manifest of a tab', ['teams manifest 3 > manifest.json'])
    .argument('<tab>', 'its number')
    .action(async (tab: string, { json }: { json?: boolean }) => {
      const made = await withDb(async (db, env) => {
        const { clientId, platformId } = await findTab(db, Number(tab) || 0);
        return manifestOf({ url: env.url, platformId, clientId, version: '1.0.0' });
      });
      result(json, made, () => JSON.stringify(made, null, 2));
    });
  return group('teams', 'the tab in Microsoft Teams').addCommand(add).addCommand(manifest);
}
