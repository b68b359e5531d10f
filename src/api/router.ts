/** /api: every route named in read-models/shapes.ts, and nothing else. Parse → permit → read model or act → JSON, never stored by anybody. */
import express, { type Router } from 'express';
import { z } from 'zod';
import { record } from '../access/audit.ts';
import { permitChild, permitChildren, permitClass, permitClasses, permitMeeting, permitSchool } from '../access/policy.ts';
import { goneCookie, redeemTicket, revokeSession } from '../access/session.ts';
import { asViewer } from '../access/viewer.ts';
import { AppError } from '../errors.ts';
import { childList, childView } from '../read-models/child.ts';
import { classView } from '../read-models/class.ts';
import { classList } from '../read-models/classes.ts';
import { me } from '../read-models/me.ts';
import { meetingView, presentView, rehearsalView } from '../read-models/meeting.ts';
import { schoolsView } from '../read-models/schools.ts';
import { cancelMeeting, connectClass, prepareMeeting, presentMeeting, redrawNumbers, setBandConsent, setOptOut } from './acts.ts';
import { districtRoutes } from './district.ts';
import { goalRoutes, reckonGoals } from './goals.ts';
import { mappingRoutes } from './mapping.ts';
import { platformRoutes } from './platforms.ts';
import { type ApiOptions, id, idOf, type Routes, requireOwnPage, routesOf } from './route.ts';

export function apiRouter(options: ApiOptions): Router {
  const router = express.Router();
  const routes = routesOf(options);
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.use(express.json({ limit: '16kb' }));
  sessionRoutes(router, options);
  router.get(
    '/me',
    routes.read(({ tx, viewer }) => me(tx, viewer)),
  );
  classRoutes(router, routes);
  goalRoutes(router, routes, options);
  meetingRoutes(router, routes);
  childRoutes(router, routes);
  leaderRoutes(router, routes);
  districtRoutes(router, routes, options);
  mappingRoutes(router, options);
  platformRoutes(router, routes, options);
  router.use((_req, _res, next) => next(new AppError('not_found', 'there is nothing at this address', { status: 404 })));
  return router;
}

function sessionRoutes(router: Router, { db, url, secret }: ApiOptions): void {
  const ticket = z.object({ ticket: z.string().regex(/^[\w-]{20,100}$/) });
  // No session yet, so nothing a foreign page could misuse: the ticket is the proof.
  router.post('/session', async (req, res) => {
    const { token, expiresAt } = await redeemTicket(db, secret, ticket.parse(req.body).ticket);
    res.json({ token, expiresAt: expiresAt.toISOString() });
  });
  router.post('/logout', async (req, res) => {
    requireOwnPage(req, url);
    await asViewer(db, req.headers, (tx, viewer) => revokeSession(tx, viewer.session));
    res.append('Set-Cookie', goneCookie).status(204).end();
  });
}

function classRoutes(router: Router, { read, act }: Routes): void {
  const measure = z.object({ measure: id.optional() });
  const measureBody = z.object({ measureId: id });
  const classBody = z.object({ classId: id });
  router.get(
    '/classes',
    read(({ tx, viewer }) => classList(tx, permitClasses(viewer), viewer.session.contextId)),
  );
  router.get(
    '/classes/:id',
    read(({ tx, viewer, req, policy }) => classView(tx, permitClass(viewer, idOf(req)), measure.parse(req.query).measure ?? null, policy)),
  );
  router.post(
    '/classes/:id/meetings',
    act(({ tx, viewer, req, policy }) =>
      prepareMeeting(tx, viewer, permitClass(viewer, idOf(req)), measureBody.parse(req.body).measureId, policy),
    ),
  );
  router.post(
    '/connect',
    act(({ tx, viewer, req }) => connectClass(tx, viewer, classBody.parse(req.body).classId)),
  );
}

function meetingRoutes(router: Router, { read, act }: Routes): void {
  router.get(
    '/meetings/:id',
    read(async ({ tx, viewer, req, policy }) => meetingView(tx, await permitMeeting(tx, viewer, idOf(req)), policy)),
  );
  router.get(
    '/meetings/:id/marks',
    read(async ({ tx, viewer, req, policy }) => {
      const permit = await permitMeeting(tx, viewer, idOf(req));
      const shown = await presentView(tx, permit, policy);
      const { reason, classId, meetingId } = permit;
      await record(tx, viewer, { action: 'meeting.show', reason, classId, meetingId });
      return shown;
    }),
  );
  router.get(
    '/meetings/:id/rehearsal',
    read(async ({ tx, viewer, req, policy }) => {
      const permit = await permitMeeting(tx, viewer, idOf(req));
      const shown = await rehearsalView(tx, permit, policy);
      const { reason, classId, meetingId } = permit;
      await record(tx, viewer, { action: 'meeting.rehearse', reason, classId, meetingId });
      return shown;
    }),
  );
  router.post(
    '/meetings/:id/present',
    act(async ({ tx, viewer, req, policy }) => presentMeeting(tx, viewer, await permitMeeting(tx, viewer, idOf(req)), policy)),
  );
  router.post(
    '/meetings/:id/redraw',
    act(async ({ tx, viewer, req, policy }) => redrawNumbers(tx, viewer, await permitMeeting(tx, viewer, idOf(req)), policy)),
  );
  router.post(
    '/meetings/:id/cancel',
    act(async ({ tx, viewer, req }) => cancelMeeting(tx, viewer, await permitMeeting(tx, viewer, idOf(req)))),
  );
}

function childRoutes(router: Router, { read, act }: Routes): void {
  const wish = z.object({ out: z.boolean() });
  router.get(
    '/children',
    read(({ tx, viewer }) => childList(tx, permitChildren(viewer))),
  );
  router.get(
    '/children/:id',
    read(async ({ tx, viewer, req, policy }) => {
      const permit = permitChild(viewer, idOf(req));
      const { studentId, reason } = permit;
      await reckonGoals(tx, { studentId });
      const { child, revealed } = await childView(tx, permit, viewer, policy);
      const reveals = revealed.map((meetingId) => ({ action: 'number.reveal', reason, studentId, meetingId }) as const);
      await record(tx, viewer, { action: 'child.view', reason, studentId }, ...reveals);
      return child;
    }),
  );
  router.post(
    '/children/:id/opt-out',
    act(({ tx, viewer, req }) => setOptOut(tx, viewer, permitChild(viewer, idOf(req)), wish.parse(req.body).out)),
  );
}

function leaderRoutes(router: Router, { read, act }: Routes): void {
  const consent = z.object({ allowed: z.boolean() });
  router.get(
    '/schools',
    read(({ tx, viewer, policy }) => schoolsView(tx, permitSchool(viewer), policy)),
  );
  router.post(
    '/classes/:id/band-consent',
    act(({ tx, viewer, req }) => setBandConsent(tx, viewer, permitSchool(viewer).schoolIds, idOf(req), consent.parse(req.body).allowed)),
  );
}
