import type { Command } from 'commander';
import { CommanderError } from 'commander';
import type { Db } from '../db/db.ts';
import { AppError } from '../errors.ts';
import { type District, exitCodes, group, leaf, listDistricts, withDb } from './context.ts';
import { result, table } from './output.ts';

/** @throws AppError `district_exists` | `district_invalid` */
export async function addDistrict(db: Db, slug: string, name: string, timeZone: string): Promise<District> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) {
    throw new AppError('district_invalid', `"${slug}" cannot be a district's short name`, {
      hint: 'Lower-case letters, digits and hyphens, a letter or digit first.',
    });
  }
  if (!Intl.supportedValuesOf('timeZone').includes(timeZone) && timeZone !== 'UTC') {
    throw new AppError('district_invalid', `there is no time zone "${timeZone}"`, { hint: 'For example America/Chicago.' });
  }
  const [row] = await db.asOperator(
    (tx) => tx<District[]>`INSERT INTO district (slug, name, time_zone) VALUES (${slug}, ${name}, ${timeZone})
      ON CONFLICT (slug) DO NOTHING RETURNING id, slug, name`,
  );
  if (!row)
    throw new AppError('district_exists', `there is already a district "${slug}"`, { status: 409, hint: 'See: aptt district list' });
  return row;
}

type AddOptions = { slug?: string; name?: string; timeZone: string; json?: boolean };

export function district(): Command {
  const add = leaf('add', 'create a district', ['district add willow --name "Willow County Schools" --time-zone America/Chicago'])
    .argument('[slug]', 'its short name in commands: lower-case letters, digits, hyphens')
    .option('--slug <slug>', 'the same, as an option')
    .option('--name <name>', 'its full name (default: the short one)')
    .option('--time-zone <zone>', 'where its schools are', 'America/Chicago')
    .action(async (argument: string | undefined, options: AddOptions) => {
      const slug = argument ?? options.slug;
      if (!slug) throw new CommanderError(exitCodes.usage, 'aptt.slug', 'error: give the district a short name: aptt district add SLUG');
      const made = await withDb((db) => addDistrict(db, slug, options.name ?? slug, options.timeZone));
      result(
        options.json,
        { district: made },
        () => `District ${made.slug} is there.\nNext: aptt source add --district ${made.slug} --help`,
      );
    });

  const list = leaf('list', 'list the districts', ['district list']).action(async (options: { json?: boolean }) => {
    const districts = await withDb(listDistricts);
    const rows = districts.map(({ slug, name }) => [slug, name]);
    result(options.json, { districts }, () =>
      rows.length ? table(['district', 'name'], rows) : 'No district yet. Add one: aptt district add SLUG --name "Name of the district"',
    );
  });

  return group('district', 'the districts on this installation').addCommand(add).addCommand(list);
}
