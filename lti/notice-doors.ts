/**
 * POST /lti/notices: `{"notices": [{"jwt": …}, …]}`, as platforms send them. Each is heard by itself, so that a bad one costs the others
 * nothing; platforms do not send again, so what can be heard is. Answers 204, or what was wrong with the first bad one.
 * @throws Refusal
 */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Db } from '../src/db/db.ts';
import { acceptedAt, type LaunchEvent } from './event.ts';
import type { PlatformKeys } from './jwks.ts';
import { hearNotice, type OnNotice } from './notice.ts';
import { type Reason, Refusal } from './refusal.ts';

const batch = z.object({
  notices: z
    .array(z.object({ jwt: z.string() }))
    .min(1)
    .max(100),
});

/** A post with more bad ones than this is not a platform's. */
const mostBad = 5;

type Options = { db: Db; keys: PlatformKeys; log: (event: LaunchEvent) => void; onNotice: OnNotice };

export const takeNotices =
  ({ db, keys, log, onNotice }: Options): RequestHandler =>
  async (req: Request, res: Response) => {
    const parsed = batch.safeParse(req.body);
    if (!parsed.success) throw new Refusal('notice_malformed', 'the body is not a list of notices');
    let [bad, count]: [Refusal | null, number] = [null, 0];
    for (const { jwt } of parsed.data.notices) {
      try {
        log(acceptedAt('notice', await hearNotice({ db, keys }, jwt, onNotice)));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (bad) log(refusedNotice(error));
        bad ??= error;
        if (++count === mostBad) break;
      }
    }
    if (bad) throw bad;
    res.status(204).end();
  };

const refusedNotice = ({ code, message, where }: Refusal): LaunchEvent => ({
  at: 'notice',
  outcome: 'refused',
  reason: code as Reason, // a Refusal's code is a Reason by construction
  message,
  reference: null,
  where,
  missing: [],
});
