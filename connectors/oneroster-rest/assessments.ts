/**
 * OneRoster 1.2 assessment line items, a tree, to our assessments and their administrations. A child whose title only says when ("Fall", "BOY",
 * "2026-2027") is an administration of its parent; any other child is a test of its own, named after its parent. Pure.
 * Ids get a prefix: a server may number line items and assessment line items alike.
 */
import type { RecordOf } from '../../src/roster/model.ts';
import { skillOf } from '../../src/roster/objectives.ts';

export type AssessmentItem = {
  id: string;
  line: number;
  title: string;
  parent: string | null;
  classSourcedId: string | null;
  min: number | null;
  max: number | null;
  levels: string[] | null;
  objectives: string[] | null;
};

export const assessmentId = (id: string) => `assessment/${id}`;

type Made = { assessments: (RecordOf['assessments'] & { line: number })[]; lineItems: (RecordOf['lineItems'] & { line: number })[] };

export function arranged(items: readonly AssessmentItem[]): Made {
  const byId = new Map(items.map((item) => [item.id, item]));
  const parentOf = ({ id, parent }: AssessmentItem) => (parent === null || parent === id ? undefined : byId.get(parent));
  const whenOf = (item: AssessmentItem) => {
    const parent = parentOf(item);
    const when = parent ? administration(item.title, parent.title) : null;
    return { parent, when, test: when && parent ? parent : item };
  };
  const made: Made = { assessments: [], lineItems: [] };
  // A scale may be said of the test, or of each administration; so may objectives.
  const levels = new Map(items.flatMap((item) => (item.levels ? [[whenOf(item).test.id, item.levels] as const] : [])));
  const objectives = new Map<string, string[]>();
  for (const item of items) {
    if (item.objectives === null) continue;
    const { id } = whenOf(item).test;
    objectives.set(id, [...new Set([...(objectives.get(id) ?? []), ...item.objectives])].sort());
  }
  for (const item of items) {
    const { parent, when, test } = whenOf(item);
    if (test === item) {
      made.assessments.push({
        sourcedId: assessmentId(item.id),
        title: parent && !item.title.includes(parent.title) ? [parent.title, item.title].filter(Boolean).join(': ') : item.title,
        subject: null,
        skill: null,
        ...skillOf(objectives.get(item.id)),
        unit: null,
        scaleMin: item.min,
        scaleMax: item.max,
        levels: levels.get(item.id) ?? null,
        objectives: objectives.get(item.id) ?? null,
        line: item.line,
      });
    }
    made.lineItems.push({
      sourcedId: assessmentId(item.id),
      title: item.title,
      classSourcedId: item.classSourcedId,
      assessmentSourcedId: assessmentId(test.id),
      window: when?.window ?? null,
      schoolYear: when?.schoolYear ?? null,
      assignDate: null,
      dueDate: null,
      resultValueMin: item.min,
      resultValueMax: item.max,
      line: item.line,
    });
  }
  return made;
}

const windows: [RegExp, string][] = [
  [/^(boy|fall|autumn|beginning( of( the)? year)?)$/i, 'BOY'],
  [/^(moy|winter|middle( of( the)? year)?)$/i, 'MOY'],
  [/^(eoy|spring|end( of( the)? year)?)$/i, 'EOY'],
];

/** When, if a title says nothing else beside its parent's. */
function administration(title: string, parent: string): { window: string | null; schoolYear: number | null } | null {
  let rest = parent === '' ? title : title.replace(parent, ' ');
  const year = /(?<!\d)(20\d{2})(?:\s*[-–/]\s*(20\d{2}|\d{2}))?(?!\d)/.exec(rest);
  if (year) rest = rest.replace(year[0], ' ');
  const last = year?.[2] === undefined ? null : Number(year[2].length === 2 ? `20${year[2]}` : year[2]);
  const word = rest
    .replace(/[^\p{L} ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const window = windows.find(([written]) => written.test(word))?.[1] ?? null;
  if (window === null && (word !== '' || !year)) return null;
  return { window, schoolYear: last };
}
