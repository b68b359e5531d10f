/**
 * One error class for everything a caller can act on. The code is the contract (stable, documented);
 * the message is for people and never holds personal data.
 */

/** What happens next: `refuse` the caller gets 4xx · `retry` the night tries again · `halt` a person must act. */
export type Consequence = 'refuse' | 'retry' | 'halt';

export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly consequence: Consequence;
  /** What the person can do about it, in one sentence. */
  readonly hint: string | undefined;
  /** Of what was sent, the one thing this is about. */
  readonly field: string | undefined;

  /** @param status HTTP status an API answer carries; the CLI maps every AppError to exit code 1 or 2. */
  constructor(
    code: string,
    message: string,
    options: { status?: number; consequence?: Consequence; hint?: string; field?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = options.status ?? 400;
    this.consequence = options.consequence ?? 'refuse';
    this.hint = options.hint;
    this.field = options.field;
  }
}

/** What a log may hold of a defect: where it happened. PostgreSQL and JSON write the very row or text into their messages, so those stay out. */
export function traceOf(error: unknown): { name: string; code: string | null; message: string | null; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, code: null, message: null, at: [] };
  const { code } = error as { code?: unknown }; // Node's and PostgreSQL's errors carry one
  const quotes = error.name === 'PostgresError' || error instanceof SyntaxError;
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    code: typeof code === 'string' ? code : null,
    message: quotes ? null : error.message,
    at: at.map((line) => line.trim()),
  };
}
