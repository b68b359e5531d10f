import type { Command } from 'commander';
import { CommanderError } from 'commander';
import type { CheckReport } from '../../connectors/connector.ts';
import { connectorFor } from '../../connectors/registry.ts';
import { serviceTokens } from '../../lti/services/token.ts';
import { withCourses } from '../course-rosters.ts';
import type { Db } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { secretOf } from '../secret.ts';
import { secretFields } from '../sync/secrets.ts';
import { addSource, findSource, listSources, openSource, type Source } from '../sync/sources.ts';
import {
  collectSecret,
  collectSetting,
  type District,
  districtOf,
  existingPath,
  exitCodes,
  group,
  leaf,
  operatorSecret,
  withDb,
} from './context.ts';
import { asDelivered } from './drop.ts';
import { result, table } from './output.ts';
import { endWith } from './terminal.ts';

/** @throws AppError `source_unknown` naming those there are */
export async function sourceNamed(db: Db, district: District, name: string): Promise<Source> {
  const found = await findSource(db, district.id, name);
  if (found) return found;
  const names = (await listSources(db, district.id)).map((source) => source.name);
  throw new AppError('source_unknown', `district ${district.slug} has no source "${name}"`, {
    status: 404,
    hint: `${names.length ? `Known: ${names.join(', ')}. ` : ''}Add one: aptt source add --district ${district.slug} --help`,
  });
}

/** What the connector makes of them, defaults filled in. @throws AppError `connector_unknown` | `settings_invalid` naming the setting */
export function checkedSettings(kind: string, { path, url, set, secret }: Settings): Record<string, unknown> {
  const shown = secretFields(kind).find((field) => field in set);
  if (shown)
    throw new CommanderError(
      exitCodes.usage,
      'aptt.secret',
      `error: ${shown} is a secret: give --secret ${shown}=env:VARIABLE or =file:PATH`,
    );
  const given = { ...set, ...secret, ...(url && { url }), ...(path === undefined ? {} : { path: existingPath(path) }) };
  const parsed = connectorFor(kind).settings.safeParse(given);
  if (parsed.success) return given;
  const issue = parsed.error.issues[0];
  const name = issue?.path.join('.') ?? '';
  throw new AppError('settings_invalid', `${kind}, setting ${name || '(all)'}: ${issue?.message}`, {
    hint:
      hints[name] ??
      (secretFields(kind).includes(name)
        ? `Give --secret ${name}=env:VARIABLE or ${name}=file:PATH.`
        : 'Give settings as --set name=value.'),
  });
}

const hints: Record<string, string> = { path: 'Give --path FILE_OR_FOLDER.', url: 'Give --url ADDRESS.' };

type Settings = { path?: string; url?: string; set: Record<string, unknown>; secret?: Record<string, string> };
const withSettings = (command: Command) =>
  command
    .option('--path <path>', 'the file or folder it reads')
    .option('--url <address>', 'the address of the system it reads')
    .option('--secret <name=from>', 'a secret, from env:VARIABLE or file:PATH; sealed when stored, never printed', collectSecret, {})
    .option('--set <name=value>', 'another setting of the connector (JSON or text); may be given again', collectSetting, {});

export function source(): Command {
  const add = withSettings(
    leaf('add', 'add a system to pull from', [
      'source add --district willow --name sis --kind oneroster-csv --path ./export',
      'source add --district willow --name contacts --kind contacts-csv --path ./contacts.csv',
      'source add --district willow --name dibels --kind assessment-csv --path ./scores --set mapping=dibels-8',
      'source add --district willow --name classroom --kind google-classroom --secret serviceAccountKey=file:./key.json --set admin=it@district.example',
      'source add --district willow --name m365 --kind microsoft-graph --set tenant=willow.onmicrosoft.com --set clientId=… \\\n      --secret certificate=file:./aptt-graph.pem',
      'source add --district willow --name sis --kind oneroster-rest --url https://sis.example.org --set preset=powerschool \\\n      --set clientId=aptt --secret clientSecret=env:SIS_SECRET',
    ]),
  )
    .argument('[name]', 'what the district calls it')
    .option('--district <slug>', 'the district')
    .option('--name <name>', 'the same, as an option')
    .requiredOption(
      '--kind <kind>',
      'the connector: oneroster-rest, oneroster-csv, sds-csv, google-classroom, microsoft-graph, contacts-csv, assessment-csv',
    )
    .action(
      async (argument: string | undefined, options: Settings & { district?: string; name?: string; kind: string; json?: boolean }) => {
        const name = argument ?? options.name;
        if (!name) throw new CommanderError(exitCodes.usage, 'aptt.name', 'error: give the source a name: --name NAME');
        const settings = checkedSettings(options.kind, options);
        const { made, slug } = await withDb(async (db) => {
          const found = await districtOf(db, options.district);
          return { made: await addSource(db, found.id, { name, kind: options.kind, settings }, operatorSecret), slug: found.slug };
        });
        result(options.json, { source: brief(made) }, () => `Source ${name} is there.\nNext: aptt source check ${name} --district ${slug}`);
      },
    );

  const list = leaf('list', 'list the sources of a district', ['source list --district willow'])
    .option('--district <slug>', 'the district')
    .action(async (options: { district?: string; json?: boolean }) => {
      const sources = (await withDb(async (db) => listSources(db, (await districtOf(db, options.district)).id))).map(brief);
      result(options.json, { sources }, () =>
        sources.length
          ? table(
              ['source', 'kind', 'reads'],
              sources.map((at) => [at.name, at.kind, at.path ?? at.url ?? (at.platform === null ? '' : `platform ${at.platform}`)]),
            )
          : 'No source yet. See: aptt source add --help',
      );
    });

  return group('source', 'the systems a district pulls from').addCommand(add).addCommand(list).addCommand(check());
}

function check(): Command {
  return withSettings(
    leaf('check', 'try a source without storing anything: what works, what is missing, a preview', [
      'source check sis --district willow',
      'source check --kind oneroster-csv --path ./export.zip',
    ]),
  )
    .argument('[name]', 'a source of the district')
    .option('--district <slug>', 'the district')
    .option('--kind <kind>', 'a connector to try without a stored source')
    .action(async (name: string | undefined, options: Settings & { district?: string; kind?: string; json?: boolean }) => {
      const found = options.kind ? await tried(options.kind, checkedSettings(options.kind, options)) : await checkStored(name, options);
      result(options.json, found, () => told(found));
      if (!found.ok) endWith(exitCodes.failed);
    });
}

async function checkStored(name: string | undefined, options: { district?: string }): Promise<CheckReport> {
  if (!name) throw new CommanderError(exitCodes.usage, 'aptt.name', 'error: name a source, or give --kind and --path');
  return withDb(async (db, env) => {
    const district = await districtOf(db, options.district);
    const source = openSource(await sourceNamed(db, district, name), district.id, operatorSecret);
    const { kind, settings } = await withCourses(db, serviceTokens({ db, secret: secretOf(env) }), district.id, source);
    return tried(kind, settings);
  });
}

async function tried(kind: string, settings: Record<string, unknown>): Promise<CheckReport> {
  const connector = connectorFor(kind);
  return connector.check(connector.settings.parse(await asDelivered(settings)));
}

/** Never the whole settings: some hold secrets. */
const brief = ({ name, kind, settings }: Source) => ({
  name,
  kind,
  path: typeof settings.path === 'string' ? settings.path : null,
  platform: typeof settings.platform === 'number' ? settings.platform : null,
  url: typeof settings.url === 'string' ? settings.url : null,
});

function told({ ok, findings, preview }: CheckReport): string {
  const lines = findings.map((at) => `${at.ok ? '✓' : '✗'} ${at.text}${at.hint ? `\n  ${at.hint}` : ''}`);
  const shown = preview?.flatMap(({ entity, rows }) => [`\n${entity}:`, ...rows.map((row) => `  ${JSON.stringify(row)}`)]) ?? [];
  return [...lines, ...shown, '', ok ? 'This source can be synced.' : 'This source cannot be synced yet.'].join('\n');
}
