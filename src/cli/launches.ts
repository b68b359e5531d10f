import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import { type LaunchesAsked, launchesView } from '../read-models/launches.ts';
import type { LaunchRow } from '../read-models/shapes.ts';
import { launches as words } from '../web/locales/en-launches.ts';
import { districtOf, group, idOf, leaf, withDb } from './context.ts';
import { result, table } from './output.ts';

type ListOptions = { district?: string; refused?: boolean; before?: number; json?: boolean };

export function launches(): Command {
  const list = leaf('list', 'who came in from a platform, and who was refused', ['launches list --district willow --refused'])
    .option('--district <slug>', 'the district')
    .option('--refused', 'only those that were refused')
    .option('--before <id>', 'those before this line of the list', idOf)
    .action(async ({ district, refused = false, before, json }: ListOptions) => {
      const found = await read(district, { refused, reference: null, before: before ?? null });
      result(json, found, () => {
        if (found.launches.length === 0) return refused ? 'Nobody was refused.' : 'Nobody has come in yet.';
        const more = found.more ? `\nOlder ones: --before ${found.launches.at(-1)?.id}` : '';
        return `${table(['id', 'when', 'what', 'platform', 'outcome', 'times', 'reference'], found.launches.map(cells))}${more}`;
      });
    });

  const show = leaf('show', 'one visit by the reference its person was shown: what did not hold, and how to mend it', [
    'launches show 4f1c2b77aa --district willow',
  ])
    .argument('<reference>', 'as the refused page showed it')
    .option('--district <slug>', 'the district')
    .action(async (reference: string, { district, json }: { district?: string; json?: boolean }) => {
      const wanted = reference.trim().toLowerCase();
      const { launches: found } = /^[0-9a-f]{4,10}$/.test(wanted)
        ? await read(district, { refused: false, reference: wanted, before: null })
        : { launches: [] };
      const [row] = found;
      if (!row) {
        throw new AppError('reference_unknown', 'no visit of this district has this reference', {
          status: 404,
          hint: 'A visit from an address that is not registered is in the service’s own log.',
        });
      }
      result(json, { launch: row }, () => told(row));
    });

  return group('launches', 'the launch diary').addCommand(list).addCommand(show);
}

const read = (slug: string | undefined, asked: LaunchesAsked) =>
  withDb(async (db) => {
    const { id: districtId } = await districtOf(db, slug);
    return db.inDistrict(districtId, (tx) => launchesView(tx, { districtId }, asked));
  });

const minute = ({ at }: LaunchRow) => at.slice(0, 16).replace('T', ' ');

const cells = (row: LaunchRow) => [
  row.id,
  minute(row),
  row.door,
  row.platform?.issuer ?? '',
  row.reason ?? (row.missing.length > 0 ? `let in; without ${row.missing.join(', ')}` : 'let in'),
  row.count,
  row.references[0] ?? '',
];

function told(row: LaunchRow): string {
  const { reason, mend, family } = row;
  const lines = [
    `${minute(row)}  ${row.door}  ${row.platform?.issuer ?? 'no platform'}${row.deployment ? `  deployment ${row.deployment}` : ''}`,
    reason === null ? 'Let in.' : `${words.reasons[reason] ?? ''} (${reason}: ${row.message ?? ''})`.trim(),
    ...row.missing.map((fact) => words.missing[fact] ?? fact),
    ...(mend ? [words.mend[mend], words.where[family]] : []),
  ];
  return lines.join('\n');
}
