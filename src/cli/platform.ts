import type { Command } from 'commander';
import { type Connection, testConnection } from '../../lti/connection.ts';
import { invite } from '../../lti/invitations.ts';
import { addPlatform, listPlatforms, type Platform, setCustomTrusted, setPlatformActive } from '../../lti/platforms.ts';
import { familyOf, mendOf } from '../read-models/launches.ts';
import { secretOf } from '../secret.ts';
import { launches as words } from '../web/locales/en-launches.ts';
import { actor, collect, districtOf, exitCodes, group, idOf, leaf, withDb } from './context.ts';
import { day, result, table } from './output.ts';
import { endWith } from './terminal.ts';

type AddOptions = {
  district?: string;
  issuer: string;
  clientId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  tokenAudience?: string;
  deployment: string[];
  frameOrigin: string[];
  trustCustom?: boolean;
  json?: boolean;
};

const example = `platform add --district willow --issuer https://canvas.instructure.com --client-id 10000000000001 \\
      --auth-url https://sso.canvaslms.com/api/lti/authorize_redirect --token-url https://sso.canvaslms.com/login/oauth2/token \\
      --jwks-url https://sso.canvaslms.com/api/lti/security/jwks --deployment 1:abcdef`;

export function platform(): Command {
  const add = leaf('add', 'register a school platform for LTI 1.3', [example])
    .option('--district <slug>', 'the district it belongs to')
    .requiredOption('--issuer <url>', 'who signs its launches, exactly as the platform writes it')
    .requiredOption('--client-id <id>', 'the id the platform gave this tool')
    .requiredOption('--auth-url <url>', 'where a login is sent')
    .requiredOption('--token-url <url>', 'where service tokens are asked for')
    .requiredOption('--jwks-url <url>', 'where its public keys are')
    .option('--token-audience <name>', 'what it wants to be called when a service token is asked for (default: the token address)')
    .option('--deployment <id>', 'a deployment to accept; may be given again', collect, [])
    .option('--trust-custom', 'only administrators write its custom parameters: they may say who people are')
    .option('--frame-origin <url>', 'another address that shows the tool in a frame; may be given again', collect, [])
    .action(async (options: AddOptions) => {
      const { deployment: deploymentIds, frameOrigin: frameOrigins, district: slug, json, ...urls } = options;
      const made = await withDb(async (db) => addPlatform(db, (await districtOf(db, slug)).id, { ...urls, deploymentIds, frameOrigins }));
      result(json, { platform: made }, () => `Platform ${made.id} is registered. Launches from ${made.issuer} are welcome.`);
    });

  const list = leaf('list', 'list the registered platforms', ['platform list --district willow'])
    .option('--district <slug>', 'the district')
    .action(async (options: { district?: string; json?: boolean }) => {
      const platforms = await withDb(async (db) => listPlatforms(db, (await districtOf(db, options.district)).id));
      const row = (at: Platform) => [String(at.id), at.active ? 'active' : 'off', at.issuer, at.clientId];
      result(options.json, { platforms }, () =>
        platforms.length
          ? table(['id', 'state', 'issuer', 'client id'], platforms.map(row))
          : 'No platform yet. See: aptt platform add --help',
      );
    });

  const invited = leaf('invite', 'make a link with which a platform registers itself, once', ['platform invite --district willow'])
    .option('--district <slug>', 'the district it will belong to')
    .addHelpText(
      'after',
      '\nPaste the link where the platform registers a tool by its address (LTI dynamic registration). docs/platforms says where that is.',
    )
    .action(async (options: { district?: string; json?: boolean }) => {
      const invitation = await withDb(async (db, env) => invite(db, env.url, (await districtOf(db, options.district)).id, actor()));
      result(
        options.json,
        { invitation },
        () =>
          `${invitation.url}\nPaste it into the platform before ${day(new Date(invitation.expiresAt))} UTC. It is good for one platform.`,
      );
    });

  const tested = leaf('test', 'walk one registration through keys, sign-in, launch, service token, class list and grade book', [
    'platform test 1 --district willow',
  ])
    .argument('<id>', 'its number in `aptt platform list`', idOf)
    .option('--district <slug>', 'the district')
    .action(async (id: number, options: { district?: string; json?: boolean }) => {
      const connection = await withDb(async (db, env) =>
        testConnection({ db, secret: secretOf(env) }, (await districtOf(db, options.district)).id, id),
      );
      result(options.json, { connection }, () => told(connection));
      if (connection.steps.some(({ state }) => state === 'bad')) endWith(exitCodes.failed);
    });

  const switched = (name: string, description: string, active: boolean) =>
    leaf(name, description, [`platform ${name} 1 --district willow`])
      .argument('<id>', 'its number in `aptt platform list`', idOf)
      .option('--district <slug>', 'the district')
      .action(async (id: number, options: { district?: string; json?: boolean }) => {
        await withDb(async (db) => setPlatformActive(db, (await districtOf(db, options.district)).id, id, active));
        result(
          options.json,
          { platform: { id, active } },
          () => `Platform ${id} is ${active ? 'active' : 'off: its launches are refused'}.`,
        );
      });

  const trusted = (name: string, description: string, trust: boolean) =>
    leaf(name, description, [`platform ${name} 1 --district willow`])
      .argument('<id>', 'its number in `aptt platform list`', idOf)
      .option('--district <slug>', 'the district')
      .addHelpText(
        'after',
        '\nWhere teachers can write custom parameters of a link, they could name anybody: docs/platforms says how it is on each platform.',
      )
      .action(async (id: number, options: { district?: string; json?: boolean }) => {
        await withDb(async (db) => setCustomTrusted(db, (await districtOf(db, options.district)).id, id, trust));
        const words = trust ? 'may say who people are' : 'name nobody any more; its open visits are ended';
        result(options.json, { platform: { id, trustCustom: trust } }, () => `Platform ${id}: its custom parameters ${words}.`);
      });

  return group('platform', 'the school platforms people launch from')
    .addCommand(add)
    .addCommand(list)
    .addCommand(invited)
    .addCommand(tested)
    .addCommand(switched('activate', 'let its people in again', true))
    .addCommand(switched('deactivate', 'refuse its logins and launches, and end its open visits', false))
    .addCommand(trusted('trust', 'let its custom parameters say who people are', true))
    .addCommand(trusted('distrust', 'let its custom parameters name nobody', false));
}

const marks = { good: '✓', bad: '✗', waiting: '…' } as const;

/** The words of the page. */
function told({ issuer, authUrl, steps, missing }: Connection): string {
  const family = familyOf(issuer, authUrl);
  const lines = steps.flatMap(({ step, state, code, at }) => {
    const seen = at === null ? '' : ` (${day(new Date(at))})`;
    const line = `${marks[state]} ${words.steps[step]}: ${words.steps[`${step}.${state}`]}${seen}`;
    if (state !== 'bad' || code === null) return [line];
    const reason = words.reasons[code];
    return [line, `  ${reason ? `${reason} ${words.mend[mendOf(code)]} ` : ''}${words.where[family]} (${code})`];
  });
  const lacks = missing.map((fact) => `  ${words.missing[fact] ?? fact}`);
  return [issuer, ...lines, ...(lacks.length > 0 ? ['The last launch did not say everything:', ...lacks] : [])].join('\n');
}
