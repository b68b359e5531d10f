/** Wires the service: launch → identity → session → page, the API behind it, and the purge beside it. No logic of its own. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import pino from 'pino';
import type { Env } from '../config/env.ts';
import { keyOverlapDays } from '../config/policy.ts';
import { testConnection } from '../lti/connection.ts';
import { launchDiary } from '../lti/diary.ts';
import { guidesOf } from '../lti/guides.ts';
import { invite } from '../lti/invitations.ts';
import { rotateOldKey } from '../lti/keys.ts';
import type { Launch } from '../lti/launch-shape.ts';
import { linkOf } from '../lti/links.ts';
import type { OnNotice } from '../lti/notice.ts';
import { noticeHandlers } from '../lti/notice-handlers.ts';
import { insertPlatform, originsThatFrame } from '../lti/platforms.ts';
import { failurePage, ltiRouter } from '../lti/router.ts';
import { serviceTokens } from '../lti/services/token.ts';
import { rememberCopy } from './access/copied-course.ts';
import { signIn } from './access/identity.ts';
import { isStudent } from './access/student.ts';
import { framing } from './api/framing.ts';
import type { Limits } from './api/limits.ts';
import { purge } from './api/retention.ts';
import { createServer } from './api/server.ts';
import { courseRefresh } from './course-refresh.ts';
import type { Db } from './db/db.ts';
import { AppError, traceOf } from './errors.ts';
import { goalPublisher } from './goal-publisher.ts';

export type ServiceOptions = {
  db: Db;
  /** The public address people's browsers use, without a trailing slash. */
  url: string;
  /** 0: any free one, and `url` is then this machine's. */
  port: number;
  secret: string;
  log: Env['log'];
  /** Days after which the signing key is replaced. */
  keyDays?: number;
  limits?: Limits;
  /** Hours after which a launch has its course's members read again. */
  membersHours?: number;
};

export type Service = { url: string; close(): Promise<void> };

const purgeEvery = 5 * 60_000;

/** @throws AppError `port_unavailable` */
export async function startService({ db, port, secret, limits, membersHours = 6, ...options }: ServiceOptions): Promise<Service> {
  const log = pino({ level: options.log, base: null }, pino.destination(2)); // stdout belongs to the command line's answers
  const server = createHttpServer();
  const listening = await listen(server, port);
  const url = port === 0 ? `http://localhost:${listening}` : options.url;

  const frames = framing(secret, (platformId) => originsThatFrame(db, platformId));
  const diary = launchDiary(db, {
    event: (event) => log[event.outcome === 'refused' ? 'warn' : 'info'](event),
    more: (kind) => log.warn(kind, 'refused'),
    lost: (error, rows) => log.error({ ...traceOf(error), rows }, 'launch diary'),
  });
  const tokens = serviceTokens({ db, secret });
  const courses = courseRefresh({
    db,
    tokens,
    hours: membersHours,
    failed: (error) => log.error(traceOf(error), 'course members'),
  });
  const goals = goalPublisher({ db, tokens, note: diary.note, failed: (error) => log.error(traceOf(error), 'goals') });
  const handlers = noticeHandlers(url, tokens.of, (problem) => log.warn(problem, 'notices'));
  const admitted = async (launch: Launch) => {
    const { opened, identity } = await signIn(db, secret, launch);
    // In the fragment: it reaches the page, and no server, log or referrer.
    const open = linkOf(launch.targetLinkUri);
    const location = `${frames.addressFor(launch.platformId)}#ticket=${opened.ticket}${open ? `&open=${open}` : ''}`;
    return { opened, identity, location };
  };
  const onLaunch = async (launch: Launch, _req: Request, res: Response) => {
    const { opened, identity, location } = await admitted(launch);
    res.append('Set-Cookie', opened.cookie).set('Location', location).status(303).end();
    courses.opened(launch, identity.contextId);
    goals.opened(launch, identity.contextId);
    void handlers.ask(launch);
  };
  const onNotice: OnNotice = async (tx, { about, ...from }) => {
    if (about.kind === 'context-copied') await rememberCopy(tx, { ...from, ...about });
  };
  const lti = ltiRouter({
    db,
    url,
    secret,
    onLaunch,
    admit: async (launch) => (await admitted(launch)).location,
    isStudent: (launch) => isStudent(db, launch),
    onNotice,
    log: diary.note,
  });
  const app = createServer({
    db,
    url,
    secret,
    lti,
    ltiFailed: failurePage((error, reference) => log.error({ ...traceOf(error), reference }, 'unexpected')),
    framing: frames,
    office: {
      guides: guidesOf(url),
      invite: (districtId, by) => invite(db, url, districtId, by),
      add: insertPlatform,
      test: async (districtId, platformId) => {
        await diary.flush();
        return testConnection({ db, secret }, districtId, platformId);
      },
    },
    onGoalsWished: goals.wished,
    webFolder: join(import.meta.dirname, webFrom(import.meta.filename)),
    log,
    ...(limits && { limits }),
  });
  server.on('request', app);

  const tidy = async () => {
    await purge(db);
    const rotated = await rotateOldKey(db, secret, options.keyDays ?? 90, keyOverlapDays);
    if (rotated) log.info(rotated, 'signs with a new key');
  };
  const purging = setInterval(() => tidy().catch((error: unknown) => log.error(traceOf(error), 'purge')), purgeEvery);
  purging.unref();
  return {
    url,
    close: async () => {
      clearInterval(purging);
      await closed(server);
      await courses.close();
      await goals.close();
      await diary.close();
    },
  };
}

/** From a checkout the pages are built into dist/web; from a build (dist/src/main.js) they stand beside it. */
const webFrom = (file: string): string => (file.endsWith('.ts') ? '../dist/web' : '../web');

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new AppError('port_unavailable', `port ${port} cannot be used (${cause.code})`, {
          consequence: 'halt',
          cause,
          hint: 'Choose another with PORT.',
        }),
      ),
    );
    server.listen(port, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/** Requests under way are answered; idle connections are closed at once, stubborn ones after ten seconds. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), 10_000);
    timer.unref();
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
