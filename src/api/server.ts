/** The one HTTP service: front door, API and pages behind the same headers, limits and log. Logs name routes, never addresses with ids in them. */
import express, { type ErrorRequestHandler, type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Db } from '../db/db.ts';
import { AppError, traceOf } from '../errors.ts';
import { type Framing, policyFor } from './framing.ts';
import { defaultLimits, type Limits, limit } from './limits.ts';
import { problemAnswer } from './problem.ts';
import type { ApiOptions } from './route.ts';
import { apiRouter } from './router.ts';
import { webRouter } from './web.ts';

export type ServerOptions = ApiOptions & {
  lti: Router;
  /** Answers people whose launch fails for no reason of its own. */
  ltiFailed: ErrorRequestHandler;
  framing: Framing;
  /** The built pages. */
  webFolder: string;
  log: Logger;
  limits?: Limits;
};

export function createServer(options: ServerOptions): Express {
  const { db, url, lti, ltiFailed, framing, webFolder, log, limits = defaultLimits } = options;
  const app = express();
  app.set('trust proxy', 'loopback, linklocal, uniquelocal'); // the address of the client, told by a proxy of our own network
  app.set('etag', false);
  app.use(requestLog(log));
  app.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ ok: true });
  });
  app.get('/readyz', (_req, res) => ready(db, res));
  // No X-Frame-Options: it knows no list. Cross-origin isolation has no meaning in a platform's frame.
  app.use(
    helmet({ contentSecurityPolicy: false, xFrameOptions: false, crossOriginOpenerPolicy: false, hsts: url.startsWith('https:') }),
    contentPolicy,
  );
  app.use(['/lti', '/api'], limit(limits));
  app.use(lti);
  app.use('/api', apiRouter(options));
  app.use(webRouter(webFolder, framing));
  app.use((_req: Request, _res: Response, next: NextFunction) =>
    next(new AppError('not_found', 'there is nothing at this address', { status: 404 })),
  );
  app.use(ltiFailed);
  app.use(problemAnswer((error) => log.error(traceOf(error), 'unexpected')));
  return app;
}

/** The strictest; the pages' own answers let their platform frame them. */
function contentPolicy(_req: Request, res: Response, next: NextFunction): void {
  res.set('Content-Security-Policy', policyFor([]));
  next();
}

async function ready(db: Db, res: Response): Promise<void> {
  const ok = await db
    .atFrontDoor((tx) => tx`SELECT 1`)
    .then(
      () => true,
      () => false,
    );
  res
    .status(ok ? 200 : 503)
    .set('Cache-Control', 'no-store')
    .json({ ok });
}

function requestLog(log: Logger) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const started = performance.now();
    res.on('finish', () => {
      const { statusCode: status } = res;
      const line = {
        method: req.method,
        route: routeOf(req),
        status,
        ms: Math.round(performance.now() - started),
        reason: res.locals.reason,
      };
      if (status >= 500) log.error(line);
      else log.info(line);
    });
    next();
  };
}

/** The pattern the address matched, such as /api/children/:id: an error on the way out loses the router's own prefix. */
function routeOf(req: Request): string {
  const prefix = req.originalUrl.startsWith('/api/') ? '/api' : '';
  const path: unknown = req.route?.path;
  return path === undefined ? `${prefix}/*` : `${prefix}${String(path)}`;
}
