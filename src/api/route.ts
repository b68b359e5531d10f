/** What every route of a viewer shares: the viewer, one transaction for the whole request, and, for acts, proof that our own page asks. */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { type DisplayPolicy, displayPolicy } from '../../config/policy.ts';
import { isOwnPage } from '../access/session.ts';
import { asViewer, type Viewer } from '../access/viewer.ts';
import { stricter } from '../aptt/display-policy.ts';
import type { Db, Tx } from '../db/db.ts';
import { AppError } from '../errors.ts';
import type { PlatformOffice } from './platforms.ts';

export type ApiOptions = {
  db: Db;
  /** The public address, without a trailing slash. */
  url: string;
  secret: string;
  office: PlatformOffice;
  /** A teacher wishes something else of a course's grade book: it is seen to in the background. */
  onGoalsWished(districtId: number, contextId: number): void;
};

export type Ask = { tx: Tx; viewer: Viewer; req: Request; policy: DisplayPolicy };

export type Routes = {
  /** Answers what `handle` returns, or 204 for undefined. */
  read(handle: (ask: Ask) => Promise<unknown>): RequestHandler;
  act(handle: (ask: Ask) => Promise<unknown>): RequestHandler;
};

export function routesOf({ db, url }: ApiOptions): Routes {
  const answer = (handle: (ask: Ask) => Promise<unknown>) => async (req: Request, res: Response) => {
    const body = await asViewer(db, req.headers, (tx, viewer) =>
      handle({ tx, viewer, req, policy: stricter(displayPolicy, viewer.session.displayPolicy) }),
    );
    if (body === undefined) res.status(204).end();
    else res.json(body);
  };
  return {
    read: answer,
    act: (handle) => {
      const answered = answer(handle);
      return async (req, res) => {
        requireOwnPage(req, url);
        await answered(req, res);
      };
    },
  };
}

/** @throws AppError `foreign_page` */
export function requireOwnPage(req: Request, url: string): void {
  if (isOwnPage(req.headers, new URL(url).origin)) return;
  throw new AppError('foreign_page', 'this request does not come from our own page', { status: 403 });
}

/** Ids in addresses. What is not one is answered as what is not there. */
export function idOf(req: Request, name = 'id'): number {
  const text = req.params[name];
  if (typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new AppError('not_found', 'there is nothing at this address', { status: 404 });
}

/** Of a platform or a source: their ids are PostgreSQL's int, and what is larger is not there. */
export function shortIdOf(req: Request): number {
  const id = idOf(req);
  if (id < 2 ** 31) return id;
  throw new AppError('not_found', 'there is nothing at this address', { status: 404 });
}

/** An id inside a query or a body, as the shapes send it: a string. */
export const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);
