/** What an administrator should know of a OneRoster set before the first sync: which files are there, how each is meant, and how it reads. */
import type { CheckReport } from '../connector.ts';
import type { FileSet } from '../files.ts';
import { readHead } from '../preview.ts';
import { Table } from '../table.ts';
import { mappers } from './map.ts';
import { type Plan, planReading } from './plan.ts';
import { shapes } from './wire.ts';

type Finding = CheckReport['findings'][number];

export async function checkSet(set: FileSet): Promise<CheckReport> {
  const plan = await planReading(set);
  const findings: Finding[] = [{ ok: true, text: `OneRoster ${plan.version}` }];
  const preview: NonNullable<CheckReport['preview']> = [];
  for (const problem of plan.problems) findings.push({ ok: problem.severity === 'warning', text: `${problem.file}: ${problem.message}` });
  for (const read of plan.reads) {
    const { entity, file, mode } = read;
    const table = await Table.open(file, entity, shapes[entity]);
    const head = await readHead(table, mappers[entity](table), `${file.name}: ${mode === 'bulk' ? 'full listing' : 'changes only'}`);
    findings.push(head.finding);
    if (head.rows.length > 0) preview.push({ entity, rows: head.rows });
  }
  findings.push(...(await checkRoles(plan)));
  const beside = Object.values(plan.beside).map(({ name }) => name);
  if (beside.length > 0) findings.push({ ok: true, text: `Read with the line items: ${beside.join(', ')}` });
  if (plan.unread.length > 0) findings.push({ ok: true, text: `Not read, as nothing here needs it: ${plan.unread.join(', ')}` });
  return { ok: findings.every((finding) => finding.ok), findings, preview };
}

/** 1.2 keeps roles apart: a user without one may do nothing. */
async function checkRoles(plan: Plan): Promise<Finding[]> {
  const users = plan.reads.find((read) => read.entity === 'users');
  const roles = plan.reads.find((read) => read.entity === 'roles');
  if (!users || !roles) return [];
  const withRole = new Set<string>();
  await eachRow(roles, (table) => {
    const column = table.column('userSourcedId');
    return () => withRole.add(Buffer.from(table.raw(column)).toString()); // a copy: a slice would keep its whole page of text alive
  });
  let without = 0;
  await eachRow(users, (table) => () => {
    if (!withRole.has(table.id)) without++;
  });
  if (without === 0) return [];
  return [{ ok: true, text: `${without} users have no row in ${roles.file.name}: they are kept, without any role` }];
}

async function eachRow({ entity, file }: Plan['reads'][number], start: (table: Table) => () => void): Promise<void> {
  const table = await Table.open(file, entity, shapes[entity]);
  const look = start(table);
  while (await table.csv.fill()) while (table.next()) look();
}
