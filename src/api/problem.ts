/** Every error answer: RFC 9457 problem details with a stable code. What is not an AppError is a defect: logged whole, answered without a word of it. */
import type { NextFunction, Request, Response } from 'express';
import { ZodError } from 'zod';
import { AppError } from '../errors.ts';
import type { ProblemShape } from '../read-models/shapes.ts';

/** @param report gets defects, for the log */
export function problemAnswer(report: (error: unknown) => void) {
  return (error: unknown, _req: Request, res: Response, next: NextFunction): void => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = asAppError(error);
    if (!known) report(error);
    sendProblem(
      res,
      known ?? new AppError('internal_error', 'something went wrong on our side', { status: 500, hint: 'Try again in a minute.' }),
    );
  };
}

export function sendProblem(res: Response, { code, status, message, hint, field }: AppError): void {
  const problem: ProblemShape = { type: `urn:aptt:problem:${code}`, title: titles[status] ?? 'Error', status, code, detail: message };
  res.locals.reason = code; // for the request's log line
  res.status(status).type('application/problem+json').set('Cache-Control', 'no-store');
  res.send(JSON.stringify({ ...problem, ...(hint !== undefined && { hint }), ...(field !== undefined && { field }) }));
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Signed out',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
};

function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) {
    // The path, never the value: it may be a person's data.
    const where = error.issues.map((issue) => issue.path.join('.')).filter(Boolean);
    return new AppError('request_invalid', `the request is not as expected: ${where.join(', ') || 'body'}`, { status: 400 });
  }
  // body-parser's own errors: unreadable or too large JSON.
  const status = (error as { status?: unknown } | null)?.status;
  const type = (error as { type?: unknown } | null)?.type;
  if (typeof status !== 'number' || typeof type !== 'string' || status < 400 || status > 499) return null;
  return new AppError(status === 413 ? 'request_too_large' : 'request_invalid', 'the request cannot be read', { status });
}
