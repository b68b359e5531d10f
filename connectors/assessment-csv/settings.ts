/** What an operator says of an assessment file. Every field of the generic mapping is a column's header or `{"constant": "…"}`. */
import { z } from 'zod';
import { matchRule } from '../match.ts';
import { vendors } from './vendors.ts';

const field = z.union([z.string().min(1), z.object({ constant: z.string() }).strict()]);
export type Field = z.infer<typeof field>;

const measure = z
  .object({
    /** The number. A blank one is no score. */
    score: field,
    /** The publisher's word for the score, kept as textScore. */
    level: field,
    /** Of how many in a hundred comparable children the score is higher. */
    percentile: z.string().min(1),
    /** An id of the assessment; made from the title when absent. */
    assessment: field,
    title: field,
    subject: field,
    /** In a family's words. */
    skill: field,
    /** Plural, lower case. */
    unit: field,
    min: field,
    max: field,
  })
  .partial();
export type MeasureFields = z.infer<typeof measure>;

const columns = measure
  .extend({
    student: z.string().min(1),
    date: field,
    window: field,
    schoolYear: field,
    /** Several scores a row: each measure's fields go before those beside `measures`. */
    measures: z.array(measure).min(1),
  })
  .partial();
export type ColumnFields = z.infer<typeof columns>;

/** Ways to read a file. */
export const readings = ['auto', ...vendors, 'generic'] as const;

export const settings = z
  .object({
    /** The file, or a folder or zip of them; `benchmarks.csv` beside the scores is read as benchmarks. */
    path: z.string().min(1),
    mapping: z.enum(readings).default('auto'),
    /** The whole mapping for `generic`; for a vendor's file only `student`, where another id column is to be used. */
    columns: columns.optional(),
    /** How the student column finds a child of the roster. */
    student: z.array(matchRule).min(1).default(['identifier', 'userIds', 'sourcedId']),
    /** A benchmarks file elsewhere: assessment,grade,window,value,source,asOf. */
    benchmarks: z.string().min(1).optional(),
    /** `complete`: the files are every score there is, so that a score missing from them is ended. */
    listing: z.enum(['partial', 'complete']).default('partial'),
  })
  .superRefine((given, context) => {
    if (given.mapping !== 'generic') return;
    const say = (message: string) => context.addIssue({ code: 'custom', path: ['columns'], message });
    const measures = given.columns?.measures ?? [{}];
    if (!given.columns?.student) say('generic needs columns.student: the header of the column with the student id');
    for (const one of measures.map((own) => ({ ...given.columns, ...own }))) {
      if (!one.score && !one.level) say('generic needs columns.score (or level), in each of measures where there are several');
      if (!one.title && !one.assessment) say('generic needs columns.title or assessment, in each of measures where there are several');
    }
  });
export type Settings = z.infer<typeof settings>;
