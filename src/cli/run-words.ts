/** A run's report in words, for people at a terminal. Pure. */
import type { Problem } from '../../connectors/connector.ts';
import { entities as order } from '../roster/model.ts';
import type { Counts, HeldBecause, RunReport, RunStatus } from '../sync/report.ts';
import { counted, figure, table } from './output.ts';

const outcomes: Record<RunStatus, string> = {
  running: 'still running',
  applied: 'applied',
  unchanged: 'nothing changed',
  held: 'held: nothing was applied, a person must decide',
  failed: 'failed: nothing was applied',
  rejected: 'rejected: yesterday’s data stays',
  undone: 'undone: the roster is as it was before this run',
  'dry-run': 'dry run: nothing was written',
};

/** @param now `waiting`: what it holds back can still be approved or rejected */
export function told(report: RunReport, district: string, now: { isDryRun?: boolean; waiting?: boolean } = {}): string {
  const classes = report.heldBecause.filter(({ code }) => code === 'class_shrunk').length;
  const outcome =
    now.isDryRun && report.status !== 'failed'
      ? `dry run: nothing was written${report.status === 'dry-run' ? '' : ` (it would be ${report.status})`}`
      : outcomes[report.status];
  const but = classes > 0 && report.status !== 'held' ? `; ${counted(classes, 'class', 'classes')} held back` : '';
  return [
    `${report.source}, run ${report.runId}: ${outcome}${but}`,
    ...(report.error ? [`  ${report.error.message}`, ...(report.error.hint ? [`  ${report.error.hint}`] : [])] : []),
    ...countsTold(report.entities),
    ...uselessTold(report.entities),
    ...guardiansTold(report),
    ...problemsTold(report, district),
    ...heldTold(report, district, now.waiting ?? false),
  ].join('\n');
}

function countsTold(entities: RunReport['entities']): string[] {
  const columns = ['read', 'added', 'changed', 'ended', 'unchanged', 'rejected'] as const satisfies (keyof Counts)[];
  const rows = order.flatMap((entity) => {
    const counts = entities[entity];
    return counts ? [[entity, ...columns.map((column) => counts[column])]] : [];
  });
  return rows.length ? [indented(table(['', ...columns], rows))] : [];
}

/** Read, and not one row of it usable: the sign of a wrong file, or of a roster that is not there yet. */
function uselessTold(entities: RunReport['entities']): string[] {
  const useless = order.filter((entity) => {
    const counts = entities[entity];
    return counts !== undefined && counts.read > 0 && counts.rejected === counts.read;
  });
  return useless.length ? [`  Not one row could be used: ${useless.join(', ')}.`] : [];
}

const indented = (text: string) => text.replace(/^/gm, '  ');

function guardiansTold({ guardians }: RunReport): string[] {
  const { linked, parentsWithoutChild, childrenWithoutParent } = guardians;
  if (linked + parentsWithoutChild + childrenWithoutParent === 0) return [];
  const without = `${counted(parentsWithoutChild, 'parent')} without a child, ${counted(childrenWithoutParent, 'child', 'children')} without a parent`;
  return [`  Families: ${counted(linked, 'guardian link')}, ${without}.`];
}

const shown = 10;
const alike = 3;

/** A few of each kind, so that a hundred rows with one fault do not hide the one row with another. */
function problemsTold({ problems, problemCount, runId }: RunReport, district: string): string[] {
  if (problemCount === 0) return [];
  const kinds = new Map<string, Problem[]>();
  for (const problem of problems) {
    const kind = [problem.file, problem.field, problem.code].join('\n');
    kinds.set(kind, [...(kinds.get(kind) ?? []), problem]);
  }
  const lines = [...kinds.values()].flatMap((of) => {
    const told = [...new Set(of.map(problemTold))]; // one row may have several measures, all without a child
    const more = told.length - alike;
    return [...told.slice(0, alike), ...(more > 0 ? [`        … and ${figure(more)} like it`] : [])];
  });
  const isWhole = lines.length <= shown && problemCount === problems.length && problemCount <= lines.length;
  const where = `aptt sync show ${runId} --district ${district} --json`;
  return [
    `  ${counted(problemCount, 'problem or warning', 'problems and warnings')}:`,
    ...lines.slice(0, shown),
    ...(isWhole
      ? []
      : [`    ${problemCount > problems.length ? `The first ${figure(problems.length)} of them` : 'All of them'}: ${where}`]),
  ];
}

function problemTold({ file, line, field, entity, message }: Problem): string {
  const place = [file ?? entity, line].filter((part) => part !== null).join(':');
  return `    ${place}${field && !message.includes(field) ? ` ${field}` : ''}: ${message}`;
}

function heldTold({ heldBecause, runId, status }: RunReport, district: string, waiting: boolean): string[] {
  if (heldBecause.length === 0 || status === 'rejected' || status === 'undone') return [];
  const reasons = heldBecause.slice(0, shown).map((because) => `    ${reasonTold(because)}`);
  if (!waiting) return ['  Held back:', ...reasons];
  return [
    '  Held back:',
    ...reasons,
    `  Apply it anyway: aptt sync approve ${runId} --district ${district}`,
    `  Put it aside:    aptt sync reject ${runId} --district ${district}`,
  ];
}

const nobodyTold =
  'the system answered, but has no classes and no people: is the right school chosen there, and may we read it? If it is empty yet, approve';

function reasonTold({ code, entity, classSourcedId, count, of }: HeldBecause): string {
  const share = `${figure(count)} of ${figure(of)}`;
  const records = entity ?? 'records';
  const words: Record<HeldBecause['code'], string> = {
    too_many_ended: `${records}: ${share} would end`,
    too_many_changed: `${records}: ${share} would change`,
    zero_rows: of > 0 ? `${records}: the source has none, ${figure(of)} were known` : nobodyTold,
    incomplete: `${records}: the source was not read to its end`,
    class_shrunk: `class ${classSourcedId}: would lose ${share} children; it stays on yesterday’s data, the rest goes on`,
    same_as_undone: 'a run was undone: what came since waits for approval',
  };
  return words[code];
}
