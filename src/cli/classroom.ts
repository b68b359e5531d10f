import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { addAddon } from '../../lti/classroom/addons.ts';
import { callbackAddress } from '../../lti/classroom/sign-in.ts';
import { collect, collectSecret, districtOf, exitCodes, group, leaf, operatorSecret, withDb } from './context.ts';
import { result } from './output.ts';

type AddOptions = { district?: string; clientId: string; secret: Record<string, string>; domain: string[]; json?: boolean };

export function classroom(): Command {
  const add = leaf('add', 'register the add-on a district has made in its Google Cloud project', [
    'classroom add --district willow --client-id 123-abc.apps.googleusercontent.com --secret clientSecret=env:GOOGLE_SECRET --domain willow.k12.us',
  ])
    .option('--district <slug>', 'the district it belongs to')
    .requiredOption('--client-id <id>', 'of the OAuth client')
    .requiredOption('--secret <clientSecret=from>', 'its secret, from env:VARIABLE or file:PATH; sealed when stored', collectSecret, {})
    .requiredOption('--domain <name>', 'a Workspace domain whose people are let in; may be given again', collect, [])
    .action(async ({ district, clientId, secret, domain: domains, json }: AddOptions) => {
      const { clientSecret } = secret;
      if (!clientSecret)
        throw new CommanderError(exitCodes.usage, 'aptt.secret', 'error: give --secret clientSecret=env:VARIABLE or =file:PATH');
      const { platform, url } = await withDb(async (db, env) => ({
        platform: await addAddon(db, operatorSecret(), (await districtOf(db, district)).id, { clientId, clientSecret, domains }),
        url: env.url,
      }));
      const view = (name: string) => `${url}/lti/classroom-${platform.id}-${name}`;
      const addresses = { redirect: callbackAddress(url), discovery: view('discovery'), upgrade: view('upgrade'), prefix: `${url}/lti/` };
      result(json, { platform, addresses }, () =>
        [
          `Add-on ${platform.id} is registered. Paste into the Google Cloud project:`,
          `  Authorized redirect URI      ${addresses.redirect}`,
          `  Attachment setup URI         ${addresses.discovery}`,
          `  Allowed attachment prefix    ${addresses.prefix}`,
          `  Link upgrade URI (optional)  ${addresses.upgrade}`,
        ].join('\n'),
      );
    });
  return group('classroom', 'the Google Classroom add-on').addCommand(add);
}
