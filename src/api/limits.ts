/** So many requests a minute for a session and for an address; more are answered 429. Counted in this process's memory. */
import { hash } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tokenIn } from '../access/session.ts';
import { AppError } from '../errors.ts';

export type Limits = { perSession: number; perAddress: number };

/** A school of a thousand people may stand behind one address. */
export const defaultLimits: Limits = { perSession: 300, perAddress: 12_000 };

export function limit({ perSession, perAddress }: Limits) {
  const sessions = new RateLimiterMemory({ points: perSession, duration: 60 });
  const addresses = new RateLimiterMemory({ points: perAddress, duration: 60 });
  return async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    const address = req.ip ?? 'unknown';
    const carried = tokenIn(req.headers);
    try {
      await addresses.consume(address);
      // Hashed: a token is not kept anywhere longer than its request.
      if (carried) await sessions.consume(hash('sha256', carried, 'base64'));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      res.set('Retry-After', String(Math.ceil(error.msBeforeNext / 1000)));
      throw new AppError('too_many_requests', 'too many requests', { status: 429, hint: 'Wait a minute, then go on.' });
    }
    next();
  };
}
