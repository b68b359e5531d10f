/**
 * The doors of the tool: GET and POST /lti/login, POST /lti/launch, POST /lti/deep-link, POST /lti/notices, GET /lti/jwks, and the files their
 * pages need. A launch that passes is handed to `onLaunch`, which answers it; a refused one gets a plain page and a log event, writes nothing and opens no session.
 * Holds no session itself and knows nothing of our users.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express, { type ErrorRequestHandler, type NextFunction, type Request, type Response, type Router } from 'express';
import type { Db } from '../src/db/db.ts';
import { AppError } from '../src/errors.ts';
import { cookieIn, isFromOurselves, languageOf, sendPage } from './answer.ts';
import { classroomDoors } from './classroom/doors.ts';
import { showPicker, takeChoice } from './deep-link-doors.ts';
import { acceptedAt, type LaunchEvent, missingFrom } from './event.ts';
import { failures } from './failures.ts';
import { type PlatformKeys, platformKeys } from './jwks.ts';
import { publicKeys } from './keys.ts';
import { findWaiting, isWaitedFor, type Launch, type Tool, verifyLaunch } from './launch.ts';
import { forgetOldLogins, hash, loginSeconds, startLogin } from './login.ts';
import type { OnNotice } from './notice.ts';
import { takeNotices } from './notice-doors.ts';
import { fetchPage, keepPage, type PageName, refusalPage } from './pages.ts';
import { canvasJson } from './profile.ts';
import { type Reason, Refusal, type Where } from './refusal.ts';
import { registerDoors } from './register-doors.ts';
import { teamsDoors } from './teams/doors.ts';
import { openToken } from './token.ts';

export type LtiOptions = {
  db: Db;
  /** The public address people's browsers use, without a trailing slash. */
  url: string;
  secret: string;
  onLaunch: (launch: Launch, req: Request, res: Response) => Promise<void>;
  /** Opens a session for somebody who signed in with Google; without it there is no Classroom add-on. @returns where its page is */
  admit?: (launch: Launch) => Promise<string>;
  /** Whether somebody whom a door for teachers lets in is known as a student: they get a kind page, and no session. */
  isStudent?: (launch: Launch) => Promise<boolean>;
  /** Hears a platform's notices; without it they are verified and forgotten. */
  onNotice?: OnNotice;
  log?: (event: LaunchEvent) => void;
  keys?: PlatformKeys;
  /** Seconds since iat after which a token is refused. */
  maxTokenAge?: number;
  /** Of one address under one platform's name, before it is turned away. */
  failuresPerMinute?: number;
};

/** Room for a token just too large, so that it is told so by our own page. */
const maxBody = '160kb';
/** A page's own file, without its comments and indentation: what people download is small. */
const file = (name: string) =>
  readFileSync(new URL(`./pages/${name}`, import.meta.url), 'utf8').replace(/^\s*\/\*\*[\s\S]*?\*\/\n|(^ *| )\/\/ .*$|^ +/gm, '');

export function ltiRouter({ db, url, secret, onLaunch, admit, ...options }: LtiOptions): Router {
  const {
    log = () => {},
    onNotice = async () => {},
    isStudent = async () => false,
    keys = platformKeys(),
    maxTokenAge = 600,
    failuresPerMinute = 120,
  } = options;
  const failed = failures(failuresPerMinute);
  const tool: Tool = { db, url, keys, maxTokenAge };
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: maxBody, parameterLimit: 100 });
  let forgottenAt = 0;

  const login = async (req: Request, res: Response) => {
    const request: Record<string, unknown> = { ...req.query, ...req.body };
    // A frame's cookies may be blocked, so there a page keeps the binding in storage too; a window of its own needs none.
    const byPage = request.lti_storage_target !== undefined || /^i?frame$/.test(req.get('sec-fetch-dest') ?? '');
    await mayTry(req, res, [request.iss, request.client_id]);
    const started = await startLogin(tool, request, byPage);
    const { name, attributes } = bindingCookie(started.state, url);
    res.append('Set-Cookie', `${name}=${started.binding}; Max-Age=${loginSeconds}; ${attributes}`);
    if (Date.now() - forgottenAt > 60_000) {
      forgottenAt = Date.now();
      await forgetOldLogins(db);
    }
    const { binding, redirect, page } = started;
    if (!page) return void res.status(302).set('Location', redirect).end();
    const { framedBy, ...kept } = page;
    sendPage(res, 200, keepPage(languageOf(req), { key: name, value: binding, next: redirect, ...kept }), framedBy);
  };

  const launch = async (req: Request, res: Response) => {
    const said = readPost(req.body);
    const { name, attributes } = bindingCookie(said.state, url);
    if (said.binding !== null && !isFromOurselves(req, url)) throw new Refusal('binding_foreign', 'the second post came from another site');
    const binding = said.binding ?? cookieIn(req, name);
    if (binding === null) return askForBinding(req, res, said);

    const token = openToken(said.idToken); // costs no query, so that rubbish is cheap and burns no login
    await mayTry(req, res, [token.payload.iss], () => isWaitedFor(db, said.state, binding));
    const verified = await verifyLaunch(tool, { token, state: said.state, binding });
    res.append('Set-Cookie', `${name}=; Max-Age=0; ${attributes}`);
    log(acceptedAt('launch', whereOf(verified), missingFrom(verified)));
    if (verified.deepLinking) await showPicker({ db, url, secret }, verified, verified.deepLinking, req, res);
    else await onLaunch(verified, req, res);
  };

  /** No cookie came: where the login went through our page, the binding may be in storage. */
  const askForBinding = async (req: Request, res: Response, { state, idToken, target }: Post) => {
    const waiting = await findWaiting(db, state);
    if (!waiting) throw new Refusal('launch_replayed', 'this launch was already used, or its login is not known');
    if (!waiting.byPage) {
      const ownWindow = req.get('sec-fetch-dest') === 'document';
      const refusal = ownWindow
        ? new Refusal('cookies_blocked', 'the browser keeps no cookie for this service, even in a window of its own')
        : new Refusal('binding_missing', 'the launch comes without the cookie its login set');
      throw Object.assign(refusal, { request: waiting.request, where: waiting.where });
    }
    const { name: key } = bindingCookie(state, url);
    const page = { key, target: target ?? waiting.storageTarget, origin: waiting.platformOrigin, request: waiting.request, state, idToken };
    sendPage(res, 200, fetchPage(languageOf(req), page), waiting.framedBy);
  };

  /** Whoever comes is remembered for the case of a refusal, by the names they claim. @param exempt asked only where they failed too often */
  const mayTry = async (req: Request, res: Response, names: unknown[], exempt = async () => false) => {
    const who = JSON.stringify([req.ip, ...names.map((name) => String(name).slice(0, 512))]);
    const refusal = await failed.turnedAway(who);
    if (refusal && !(await exempt())) throw refusal;
    res.locals.who = who;
  };

  const refused = async (error: unknown, req: Request, res: Response, next: NextFunction) => {
    const at = doorOf(req.path);
    const refusal = asRefusal(error, at);
    if (!refusal) return next(error);
    if (typeof res.locals.who === 'string') await failed.count(res.locals.who, refusal);
    const reference = randomBytes(5).toString('hex');
    const { code, message, where } = refusal;
    log({ at, outcome: 'refused', reason: code as Reason, message, reference, where, missing: [] }); // a Refusal's code is a Reason by construction
    if (at === 'notice') return void res.status(refusal.status).json({ code, reference }); // a machine reads it
    sendPage(res, refusal.status, refusalPage(languageOf(req), refusal.page, reference, refusal.request), '*');
  };

  router.use('/lti', (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.post('/lti/launch', form, launch);
  router.get('/lti/login', login);
  router.post('/lti/login', form, login);
  router.post('/lti/deep-link', form, takeChoice({ db, url, secret }));
  router.post('/lti/notices', express.json({ limit: '1mb' }), takeNotices({ db, keys, log, onNotice }));
  registerDoors(router, form, { db, url, log });
  if (admit) classroomDoors(router, { db, url, secret, keys, log, onNotice, admit });
  if (admit) teamsDoors(router, { db, url, secret, keys, log, admit, isStudent });
  router.get('/lti/config/canvas.json', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').json(canvasJson(url));
  });
  router.get('/lti/jwks', async (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').json(await publicKeys(db, secret));
  });
  for (const [name, type] of Object.entries({
    'hand-over.js': 'text/javascript',
    'submit.js': 'text/javascript',
    'height.js': 'text/javascript',
    'close.js': 'text/javascript',
    'classroom.js': 'text/javascript',
    'classroom-window.js': 'text/javascript',
    'page.css': 'text/css',
  })) {
    const content = file(name);
    router.get(`/lti/${name}`, (_req, res) => {
      res.set('Cache-Control', 'public, max-age=3600').type(type).send(content);
    });
  }
  router.use('/lti', refused);
  return router;
}

/** Somebody who comes to a door by its address alone, as after a reload, is told to begin again. */
const pages: Record<number, PageName> = { 404: 'again', 429: 'busy' };

/**
 * For what goes wrong around the doors or unexpectedly: where people come they get a page, elsewhere the error goes on.
 * @param report gets defects, with the reference the person was shown
 */
export function failurePage(report: (error: unknown, reference: string) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent || !/^\/lti\/(login|launch|deep-link|register[\w-]*|(classroom|teams)-[\w-]+)$/.test(req.path)) return next(error);
    const reference = randomBytes(5).toString('hex');
    const known = error instanceof AppError ? error : null;
    if (!known) report(error, reference);
    res.locals.reason = known?.code ?? 'internal_error'; // for the request's log line
    res.set('Cache-Control', 'no-store');
    sendPage(res, known?.status ?? 500, refusalPage(languageOf(req), pages[known?.status ?? 500] ?? 'broken', reference, null), '*');
  };
}

/** @param path as seen from /lti */
function doorOf(path: string): LaunchEvent['at'] {
  if (path.startsWith('/register')) return 'registration';
  if (path === '/notices') return 'notice';
  return path === '/login' ? 'login' : 'launch';
}

type Post = { idToken: string; state: string; binding: string | null; target: string | null };

/** What the platform, or our own page, posted. */
function readPost(body: unknown): Post {
  const fields = (body ?? {}) as Record<string, unknown>; // the form parser's answer, absent for another content type
  const field = (name: string) => (typeof fields[name] === 'string' && fields[name] !== '' ? fields[name] : null);
  if (fields.error !== undefined) throw platformError(field('error'));
  const [idToken, state] = [field('id_token'), field('state')];
  if (idToken === null) throw new Refusal('token_missing', 'the platform sent no id_token, or several');
  if (state === null) throw new Refusal('state_missing', 'the platform sent no state, or several');
  return { idToken, state, binding: field('binding'), target: field('lti_storage_target') };
}

/** The code alone: a description is the platform's text and may name anybody. */
function platformError(code: string | null): Refusal {
  const known = code !== null && /^[\w.-]{1,64}$/.test(code) ? code : 'an unreadable error';
  const message = `the platform answered ${known}`;
  if (code === 'login_required' || code === 'interaction_required') return new Refusal('platform_signed_out', message);
  if (code === 'launch_no_longer_valid') return new Refusal('platform_link_expired', message);
  return new Refusal('platform_error', message);
}

function asRefusal(error: unknown, at: LaunchEvent['at']): Refusal | null {
  if (error instanceof Refusal) return error;
  // The form parser's own errors carry a 4xx status: too large, too many fields, aborted.
  const status = (error as { status?: unknown } | null)?.status;
  const type = (error as { type?: unknown } | null)?.type;
  if (typeof status !== 'number' || status < 400 || status > 499 || typeof type !== 'string') return null;
  if (status === 413) return new Refusal('token_too_large', 'the post is too large');
  return new Refusal(at === 'notice' ? 'notice_malformed' : 'login_malformed', 'the post cannot be read');
}

const whereOf = ({ districtId, platformId, issuer, deploymentId }: Launch): Where => ({ districtId, platformId, issuer, deploymentId });

/** One cookie a login, so that several frames of one page do not overwrite each other's. */
function bindingCookie(state: string, url: string): { name: string; attributes: string } {
  const prefix = url.startsWith('https:') ? '__Host-' : '';
  const name = `${prefix}aptt-login-${hash(state).toString('hex').slice(0, 16)}`;
  return { name, attributes: 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned' };
}
