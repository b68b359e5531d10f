/** How any simulated server fails now and then, whatever it serves. Each is something a real server did. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export const faults = {
  'too many, with Retry-After': '429 with a web page, and how long to wait',
  'too many': '429 with a web page',
  'server error': '500',
  unavailable: '503 with a web page',
  reset: 'breaks the connection off before it answers',
  'half an answer': 'breaks the connection off in the middle of an answer',
  'cut JSON': 'ends its answer too early, as if it were whole',
  'slow drip': 'lets its answer drip',
  'expired token': 'no longer takes the token it handed out',
  'sign-in page': '200 with a web page',
} as const;
export type Fault = keyof typeof faults;

/** How a simulated server is told to be. */
export type Ways<Accent, Failing = Fault> = {
  accents?: readonly Accent[];
  faults?: readonly Failing[];
  /** Each fault comes at every so manyth question, by turns; 1: always. */
  faultEvery?: number;
};

/** How it is now. */
export class Behaviour<Accent, Failing = Fault> {
  private accents: ReadonlySet<Accent> = new Set();
  private faults: readonly Failing[] = [];
  private every = 3;
  private failures = 0;

  constructor(ways: Ways<Accent, Failing>) {
    this.change(ways);
  }

  /** What is not told stays. */
  change({ accents, faults = this.faults, faultEvery = this.every }: Ways<Accent, Failing>): void {
    if (accents) this.accents = new Set(accents);
    this.faults = faults;
    this.every = faultEvery;
  }

  has(accent: Accent): boolean {
    return this.accents.has(accent);
  }

  /** @param asked questions so far, this one too */
  faultAt(asked: number): Failing | undefined {
    if (this.faults.length === 0 || asked % this.every !== 0) return undefined;
    return this.faults[this.failures++ % this.faults.length];
  }
}

/** The right answer. */
export type Truth = { body: unknown; headers?: Record<string, string> };

/**
 * Answers as this fault has it. `expired token` is the server's own to do.
 * @param truth null: there is nothing that could be spoilt
 * @returns whether that was the answer
 */
export function misdeliver(
  fault: Exclude<Fault, 'expired token'>,
  req: IncomingMessage,
  res: ServerResponse,
  truth: Truth | null,
): boolean {
  const page = '<!doctype html><title>Sorry</title><h1>Please come back later</h1>';
  const html = { 'content-type': 'text/html' };
  if (fault === 'too many, with Retry-After') res.writeHead(429, { ...html, 'retry-after': '0' }).end(page);
  else if (fault === 'too many') res.writeHead(429, html).end(page);
  else if (fault === 'server error') res.writeHead(500, { 'content-type': 'application/json' }).end('{}');
  else if (fault === 'unavailable') res.writeHead(503, html).end(page);
  else if (fault === 'sign-in page') res.writeHead(200, html).end(page);
  else if (fault === 'reset') req.socket.destroy();
  else return spoil(fault, res, truth);
  return true;
}

/** The true answer, badly delivered. */
function spoil(fault: 'cut JSON' | 'half an answer' | 'slow drip', res: ServerResponse, truth: Truth | null): boolean {
  if (!truth) return false;
  const body = Buffer.from(JSON.stringify(truth.body));
  const middle = Math.floor(body.length / 2);
  if (fault === 'cut JSON') res.writeHead(200, { 'content-type': 'application/json' }).end(body.subarray(0, middle));
  else {
    res
      .writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, ...truth.headers })
      .write(body.subarray(0, middle));
    if (fault === 'half an answer') setImmediate(() => res.destroy());
    else drip(res, body.subarray(middle));
  }
  return true;
}

function drip(res: ServerResponse, rest: Buffer): void {
  const step = Math.max(1, Math.ceil(rest.length / 5));
  let at = 0;
  const drops = setInterval(() => {
    res.write(rest.subarray(at, at + step));
    at += step;
    if (at < rest.length) return;
    clearInterval(drops);
    res.end();
  }, 5);
  res.on('close', () => clearInterval(drops));
}
