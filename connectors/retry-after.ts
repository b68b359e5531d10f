/** `Retry-After` in ms: seconds, or a date, which is measured against the server's own clock where it tells it. Null when it says nothing. */
export function readRetryAfter(headers: { 'retry-after'?: string | undefined; date?: string | undefined }, now: number): number | null {
  const said = headers['retry-after']?.trim();
  if (!said) return null;
  if (/^\d+(\.\d+)?$/.test(said)) return Number(said) * 1000;
  const until = /^[a-z]{3}/i.test(said) ? Date.parse(said) : Number.NaN; // every HTTP date begins with its day
  if (Number.isNaN(until)) return null;
  const clock = Date.parse(headers.date ?? '');
  return Math.max(0, until - (Number.isNaN(clock) ? now : clock));
}
