/** District IT's routes: sources, runs and what to do about them, and what did not match. */
import type { Router } from 'express';
import { z } from 'zod';
import { actorOf, record } from '../access/audit.ts';
import { permitDistrict } from '../access/policy.ts';
import { asViewer } from '../access/viewer.ts';
import { launchesView } from '../read-models/launches.ts';
import { pendingView } from '../read-models/pending.ts';
import { runsView, runView, sourcesView } from '../read-models/sync.ts';
import { approveRun, rejectRun, undoRun } from '../sync/decide.ts';
import { type ApiOptions, id, idOf, type Routes, requireOwnPage } from './route.ts';
import { settlePending } from './settle.ts';

const decisions = { approve: approveRun, reject: rejectRun, undo: undoRun } as const;

export function districtRoutes(router: Router, { read, act }: Routes, { db, url }: ApiOptions): void {
  const page = z.object({ source: id.optional(), before: id.optional() });
  router.get(
    '/sync/sources',
    read(({ tx, viewer }) => sourcesView(tx, permitDistrict(viewer))),
  );
  router.get(
    '/sync/runs',
    read(({ tx, viewer, req }) => {
      const { source, before } = page.parse(req.query);
      return runsView(tx, permitDistrict(viewer), source ?? null, before ?? null);
    }),
  );
  router.get(
    '/sync/runs/:id',
    read(({ tx, viewer, req }) => runView(tx, permitDistrict(viewer), idOf(req))),
  );

  for (const [verb, decide] of Object.entries(decisions)) {
    const action = `sync.${verb}` as `sync.${keyof typeof decisions}`; // Object.entries forgets the keys' type
    router.post(`/sync/runs/:id/${verb}`, async (req, res) => {
      requireOwnPage(req, url);
      const runId = idOf(req);
      // The decision is a transaction of its own, and may take long: permission and audit line come before it.
      const { districtId, actor } = await asViewer(db, req.headers, async (tx, viewer) => {
        const permit = permitDistrict(viewer);
        await runView(tx, permit, runId);
        await record(tx, viewer, { action, reason: `${permit.reason} run:${runId}` });
        return { districtId: permit.districtId, actor: actorOf(viewer) };
      });
      await decide(db, districtId, runId, actor);
      res.json(await asViewer(db, req.headers, (tx, viewer) => runView(tx, permitDistrict(viewer), runId)));
    });
  }

  const diary = z.object({
    refused: z.literal('1').optional(),
    reference: z
      .string()
      .regex(/^[0-9a-f]{4,10}$/)
      .optional(),
    before: id.optional(),
  });
  router.get(
    '/launches',
    read(({ tx, viewer, req }) => {
      const { refused, reference, before } = diary.parse(req.query);
      return launchesView(tx, permitDistrict(viewer), {
        refused: refused !== undefined,
        reference: reference ?? null,
        before: before ?? null,
      });
    }),
  );

  const answer = z.union([
    z.object({ sourcedId: z.string().regex(/^[^\0]{1,255}$/) }),
    z.object({ accept: z.literal(true) }),
    z.object({ dismiss: z.literal(true) }),
  ]);
  router.get(
    '/pending',
    read(({ tx, viewer }) => pendingView(tx, permitDistrict(viewer))),
  );
  router.post(
    '/pending/:id',
    act(({ tx, viewer, req }) => settlePending(tx, viewer, permitDistrict(viewer), String(req.params.id), answer.parse(req.body))),
  );
}
