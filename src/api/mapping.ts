/**
 * How an assessment source's files are read: looked at, tried, run dry and kept (district IT). The files are read outside any transaction: they
 * may be large, and on a slow disk. Whoever is shown rows of them stands in the audit.
 */
import type { Request, Router } from 'express';
import { z } from 'zod';
import { actorOf, record } from '../access/audit.ts';
import { type DistrictPermit, permitDistrict } from '../access/policy.ts';
import { asViewer, type Viewer } from '../access/viewer.ts';
import type { Tx } from '../db/db.ts';
import type { MappingShape } from '../read-models/shapes.ts';
import { dryRun, keepMapping, type Mapping, mappedSource, tryMapping } from '../sync/mapping.ts';
import { takeFile, takesFiles } from '../sync/upload.ts';
import { type ApiOptions, requireOwnPage, shortIdOf } from './route.ts';

const text = z.string().min(1).max(255);
const field = z.union([text, z.object({ constant: text }).strict()]);
/** What the page does not show (an id, a scale) it sends back as it got it. */
const measure = z.object({ title: field, score: text, level: text, percentile: text, assessment: field, min: field, max: field }).partial();
export const asked = z
  .object({
    mapping: text,
    columns: z
      .object({
        student: text,
        date: text,
        window: field,
        schoolYear: field,
        subject: field,
        skill: field,
        unit: field,
        measures: z.array(measure).min(1).max(40),
      })
      .partial(),
  })
  .strict();
type Asked = z.infer<typeof asked>;

/** A vendor's file takes from the operator which column is the student's, and nothing else. */
export const ownOf = ({ mapping, columns }: Asked) => {
  if (mapping === 'generic') return { mapping, columns };
  return { mapping, ...(columns.student === undefined ? {} : { columns: { student: columns.student } }) };
};

export function mappingRoutes(router: Router, { db, url }: ApiOptions): void {
  const asIt = <T>(req: Request, work: (tx: Tx, viewer: Viewer, permit: DistrictPermit) => Promise<T>): Promise<T> =>
    asViewer(db, req.headers, (tx, viewer) => work(tx, viewer, permitDistrict(viewer)));
  const note = (
    tx: Tx,
    viewer: Viewer,
    { reason }: DistrictPermit,
    action: 'source.preview' | 'source.mapping' | 'source.file',
    id: number,
  ) => record(tx, viewer, { action, reason: `${reason} source:${id}` });
  /** What the page is shown: children's ids with their scores. */
  const preview = async (req: Request, own: Mapping | null) => {
    const source = await asIt(req, async (tx, viewer, permit) => {
      const found = await mappedSource(tx, permit.districtId, shortIdOf(req));
      await note(tx, viewer, permit, 'source.preview', found.id);
      return found;
    });
    return mappingShape(await tryMapping(source, own), await takesFiles(source));
  };

  router.get('/sync/sources/:id/mapping', async (req, res) => {
    res.json(await preview(req, null));
  });
  router.post('/sync/sources/:id/files/:name', async (req, res) => {
    requireOwnPage(req, url);
    const source = await asIt(req, async (tx, viewer, permit) => {
      const found = await mappedSource(tx, permit.districtId, shortIdOf(req));
      await note(tx, viewer, permit, 'source.file', found.id);
      return found;
    });
    await takeFile(source, req.params.name, req);
    res.json(await preview(req, null));
  });
  router.post('/sync/sources/:id/mapping/try', async (req, res) => {
    requireOwnPage(req, url);
    res.json(await preview(req, ownOf(asked.parse(req.body))));
  });
  router.post('/sync/sources/:id/mapping', async (req, res) => {
    requireOwnPage(req, url);
    const own = ownOf(asked.parse(req.body));
    const shape = await preview(req, own); // what cannot be read is not kept
    await asIt(req, async (tx, viewer, permit) => {
      await keepMapping(tx, permit.districtId, shortIdOf(req), own);
      await note(tx, viewer, permit, 'source.mapping', shortIdOf(req));
    });
    res.json(shape);
  });
  router.post('/sync/sources/:id/mapping/dry-run', async (req, res) => {
    requireOwnPage(req, url);
    const own = ownOf(asked.parse(req.body));
    const [found, districtId, actor] = await asIt(
      req,
      async (tx, viewer, permit) =>
        [await mappedSource(tx, permit.districtId, shortIdOf(req)), permit.districtId, actorOf(viewer)] as const,
    );
    const { source } = await tryMapping(found, own);
    res.json({ runId: String(await dryRun(db, districtId, source, actor)) });
  });
}

/** Ids and numbers: the rows are as the connector previews them, without names. */
export function mappingShape({ source, report }: Awaited<ReturnType<typeof tryMapping>>, takes: boolean): MappingShape {
  const rowsOf = (entity: string) => report.preview?.find((one) => one.entity === entity)?.rows ?? [];
  const { measures, ...columns } = columnsOf(source.settings.columns);
  return {
    source: { id: String(source.id), name: source.name },
    mapping: typeof source.settings.mapping === 'string' ? source.settings.mapping : 'auto',
    vendors: (report.mapping?.readings ?? []).filter((one) => one !== 'auto' && one !== 'generic'),
    columns: { ...columns, measures: measures ?? [{}] },
    files: report.mapping?.files ?? [],
    takesFiles: takes,
    ok: report.ok,
    findings: report.findings.map(({ ok, text, hint }) => ({ ok, text, hint: hint ?? null })),
    scores: z.array(previewed).parse(rowsOf('results')),
  };
}

const previewed = z
  .object({
    studentSourcedId: z.string(),
    lineItemSourcedId: z.string(),
    score: z.number().nullable(),
    textScore: z.string().nullable(),
    scoreDate: z.string().nullable(),
    percentile: z.number().nullable(),
  })
  .transform(({ studentSourcedId, lineItemSourcedId, score, textScore, scoreDate, percentile }) => {
    // assessment / school year / window, as the connector names an administration
    const parts = lineItemSourcedId.split('/');
    const [year, window] = parts.slice(-2);
    return {
      student: studentSourcedId,
      title: parts.slice(0, -2).join('/'),
      window: [window, year].filter((part) => part !== 'any').join(' ') || null,
      score,
      level: textScore,
      percentile,
      date: scoreDate,
    };
  });

/** What the settings hold, as far as the page can show it; the rest was written by hand and stays until somebody saves here. */
function columnsOf(written: unknown): NonNullable<Asked['columns']> {
  const { title, score, level, percentile, assessment, min, max, measures, ...shared } = (written ?? {}) as Record<string, unknown>; // settings are JSON that went through zod
  const common = { title, score, level, percentile, assessment, min, max };
  const each = (Array.isArray(measures) ? measures : [{}]).map((own) => ({ ...common, ...own }));
  const known = asked.shape.columns.safeParse({ ...shared, measures: each });
  return known.success ? known.data : {};
}
