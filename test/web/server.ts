/**
 * The pages over real HTTP, with answers from the fixtures and the service's own content policy. The launch ticket names the cast:
 * `/app/#ticket=teacher`. An answer may be a shape, a problem, or one that never comes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Request, type Response } from 'express';
import { asked, mappingShape, ownOf } from '../../src/api/mapping.ts';
import type { MeShape, ProblemShape } from '../../src/read-models/shapes.ts';
import { type Mapping, tryMapping } from '../../src/sync/mapping.ts';
import { takeFile, takesFiles } from '../../src/sync/upload.ts';
import * as home from './fixtures.ts';
import { childGoals, goalPages } from './fixtures-goals.ts';
import * as office from './fixtures-office.ts';

export const dist = fileURLToPath(new URL('../../dist/web/', import.meta.url));

export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'";

type Cast = MeShape | { problem: number } | 'never';

const presents: Record<string, unknown> = { bands: home.presentBands, of18: home.presentOf(18), of25: home.presentOf(25) };

const cast: Record<string, Cast> = {
  teacher: home.me(['teacher']),
  launched: home.me(['teacher'], { classId: '7' }),
  preparing: home.me(['teacher', 'guardian'], { classId: '7', meetingId: '5' }),
  connecting: home.me(['teacher']),
  newTeacher: home.me(['teacher']),
  both: home.me(['teacher', 'guardian']),
  guardian: home.me(['guardian']),
  hispanic: home.me(['guardian'], { locale: 'es-MX' }),
  oneChild: home.me(['guardian']),
  noChildren: home.me(['guardian']),
  student: home.me(['student']),
  leader: home.me(['leader']),
  newLeader: home.me(['leader']),
  it: home.me(['it']),
  newIt: home.me(['it']),
  mending: home.me(['it']),
  done: home.me(['it']),
  unmatched: home.me([], { waiting: 'person_not_matched' }),
  reading: home.me([], { waiting: 'course_being_read' }),
  mentor: home.me([], { waiting: 'mentor_without_children' }),
  slow: 'never',
  broken: { problem: 500 },
};

export type Fixture = {
  url: string;
  /** `METHOD path body`, in order: what the page asked to be done. */
  deeds: string[];
  close(): Promise<void>;
};

export async function serveFixtures(): Promise<Fixture> {
  const app = express();
  const deeds: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'aptt-mapping-'));
  const mapped = { id: 2, name: 'Reading scores', kind: 'assessment-csv', settings: { path: folder } };
  writeFileSync(join(folder, office.ownTable.name), office.ownTable.text);
  let optedOut = false;
  let groups = false;
  app.use((_request, response, next) => {
    response.setHeader('content-security-policy', policy);
    next();
  });
  app.use('/app', express.static(dist));
  app.use(express.json());

  app.post('/api/session', (request, response) => {
    const ticket: unknown = request.body.ticket;
    if (typeof ticket === 'string' && ticket in cast) response.json({ token: ticket, expiresAt: '2026-11-24T00:00:00Z' });
    else refuse(response, 401);
  });
  app.use('/api', (request, response, next) => {
    if (!(who(request) in cast)) return refuse(response, 401);
    if (request.method === 'POST') deeds.push(`${request.method} ${request.originalUrl} ${JSON.stringify(request.body)}`);
    next();
  });
  app.get('/api/me', (request, response) => {
    const found = cast[who(request)];
    if (!found || found === 'never') return; // never answered
    if ('problem' in found) refuse(response, found.problem);
    else response.json(found);
  });

  app.get('/api/classes', (request, response) => {
    const lists: Record<string, unknown> = { connecting: home.connecting, newTeacher: { classes: [], connect: null } };
    response.json(lists[who(request)] ?? home.classList);
  });
  app.get('/api/classes/:id', (request, response) => answer(response, home.classes[request.params.id]));
  app.post('/api/classes/:id/meetings', (_request, response) => void response.json(home.meeting));
  app.get('/api/classes/:id/goals', (request, response) => answer(response, goalPages[request.params.id]));
  app.post('/api/classes/:id/goals', (request, response) => {
    if (request.body.goals[0].target === 249) return void response.status(400).json({ code: 'goal_reason_missing', field: 'reason' });
    response.json({ goalIds: request.body.goals.map((_: unknown, n: number) => String(600 + n)) });
  });
  app.post('/api/classes/:id/goal-columns/:course', (_request, response) => void response.status(204).end());
  app.post('/api/classes/:id/goals/:goal', (_request, response) => void response.status(204).end());
  app.post('/api/connect', (_request, response) => void response.json({}));
  app.get('/api/meetings/:id', (request, response) => {
    const meetings = {
      refused: home.meetingRefused,
      begun: { ...home.meeting, presentedAt: '2026-11-19T23:30:00Z' },
      bands: { ...home.meeting, id: 'bands' },
    };
    answer(response, meetings[request.params.id as keyof typeof meetings] ?? home.meeting); // an unknown id is the meeting of everybody else
  });
  app.get(['/api/meetings/:id/marks', '/api/meetings/:id/rehearsal'], (request, response) =>
    answer(response, presents[String(request.params.id)] ?? home.present),
  );
  app.post('/api/meetings/:id/:deed', (_request, response) => void response.json({}));

  app.get('/api/children', (request, response) => {
    const [first] = home.children.children;
    const lists: Record<string, unknown> = { oneChild: { children: [first] }, noChildren: { children: [] } };
    response.json(lists[who(request)] ?? home.children);
  });
  app.get('/api/children/:id', (request, response) => {
    const found = home.childPages[request.params.id];
    const page = found && { ...found, goals: childGoals[request.params.id] ?? [] };
    answer(response, page && (request.params.id === '71' ? { ...page, optedOut, optedOutByYou: optedOut } : page));
  });
  app.post('/api/children/:id/opt-out', (request, response) => {
    optedOut = request.body.out === true;
    response.status(204).end();
  });

  app.get('/api/schools', (request, response) => {
    response.json(who(request) === 'newLeader' ? { schools: [] } : groups ? office.schoolsAllowing : office.schools);
  });
  app.post('/api/classes/:id/band-consent', (request, response) => {
    groups = request.body.allowed === true;
    response.status(204).end();
  });
  app.get('/api/sync/sources', (request, response) => void response.json(office.sourcesOf[who(request)] ?? office.sources));
  app.get(
    '/api/sync/runs',
    (request, response) => void response.json(request.query.source === '3' ? { runs: [], more: false } : { runs: office.runs, more: true }),
  );
  // Read by the connector itself: what the page asks for must be what it understands.
  const read = async (own: Mapping | null) => mappingShape(await tryMapping(mapped, own), await takesFiles(mapped));
  app.get('/api/sync/sources/:id/mapping', async (_request, response) => void response.json(await read(null)));
  app.post(['/api/sync/sources/:id/mapping/try', '/api/sync/sources/:id/mapping'], async (request, response) => {
    response.json(await read(ownOf(asked.parse(request.body))));
  });
  app.post('/api/sync/sources/:id/files/:name', async (request, response) => {
    await takeFile(mapped, request.params.name, request);
    response.json(await read(null));
  });
  app.post('/api/sync/sources/:id/mapping/dry-run', (_request, response) => void response.json({ runId: '42' }));
  app.get('/api/sync/runs/:id', (request, response) => answer(response, office.runPages[request.params.id]));
  app.post('/api/sync/runs/:id/:deed', (_request, response) => void response.json({}));
  app.get(
    '/api/launches',
    (request, response) =>
      void response.json(who(request) === 'newIt' || request.query.reference ? { launches: [], more: false } : office.launches),
  );
  app.get(
    '/api/platforms',
    (request, response) => void response.json(who(request) === 'newIt' ? { ...office.platforms, platforms: [] } : office.platforms),
  );
  app.post(
    '/api/platforms/invitations',
    (_request, response) => void response.json({ url: 'https://aptt.example.org/lti/register-abc', expiresAt: '2026-11-27T09:00:00Z' }),
  );
  app.post('/api/platforms/:id/test', (_request, response) => void response.json(office.connection));
  app.post('/api/platforms', (request, response) => {
    if (request.body.issuer.startsWith('https://')) return void response.json({ id: '3' });
    response.status(400).json({ code: 'platform_invalid', field: 'issuer' });
  });
  app.post('/api/platforms/invitations/:key', (_request, response) => void response.status(204).end());
  app.post('/api/platforms/:id', (_request, response) => void response.status(204).end());
  app.get(
    '/api/pending',
    (request, response) => void response.json(who(request) === 'newIt' ? { pending: [], review: [] } : office.pending),
  );
  app.post('/api/pending/:id', (_request, response) => void response.status(204).end());

  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // listening on a port, so the address is an AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    deeds,
    close: () =>
      new Promise((resolve) => {
        rmSync(folder, { recursive: true, force: true });
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const who = (request: Request): string => request.headers.authorization?.replace('Bearer ', '') ?? '';

function answer(response: Response, shape: unknown): void {
  if (shape === undefined) refuse(response, 404);
  else response.json(shape);
}

function refuse(response: Response, status: number): void {
  const problem: ProblemShape = { type: 'about:blank', title: 'Refused', status, code: `test_${status}`, detail: 'refused by the fixture' };
  response.status(status).type('application/problem+json').json(problem);
}
