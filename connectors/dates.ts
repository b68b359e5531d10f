/** Dates as sources write them, to `YYYY-MM-DD`. Pure; remembers what it has seen, as a roster repeats a few hundred dates a million times. */

/** How a date was written: `iso` is right, `unreadable` has no date, the rest were understood. */
type Spelling = 'iso' | 'datetime' | 'month_first' | 'day_first' | 'compact' | 'unreadable';
type ReadDate = { date: string | null; spelling: Spelling };

/** What to say of a column written so. */
export const saidOf: Record<Spelling, string> = {
  iso: 'is a date',
  datetime: 'is not written YYYY-MM-DD; read as the day of a date and time',
  month_first: 'is not written YYYY-MM-DD; read as month, day, year',
  day_first: 'is not written YYYY-MM-DD; read as day, month, year',
  compact: 'is not written YYYY-MM-DD; read as year, month, day',
  unreadable: 'is not a date',
};

const remembered = new Map<string, ReadDate>();
const mostRemembered = 5000;

export function readDate(text: string): ReadDate {
  const known = remembered.get(text);
  if (known) return known;
  const read = parse(text);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(text.length < 40 ? Buffer.from(text).toString() : text.slice(0, 40), read); // a copy: a slice would keep its whole page alive
  return read;
}

function parse(text: string): ReadDate {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$/.exec(text);
  if (iso) {
    const date = calendar(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    return { date, spelling: date === null ? 'unreadable' : date === text ? 'iso' : 'datetime' };
  }
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (compact) return understood(calendar(Number(compact[1]), Number(compact[2]), Number(compact[3])), 'compact');
  const slashed = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ].*)?$/.exec(text);
  if (!slashed) return { date: null, spelling: 'unreadable' };
  const [first, second] = [Number(slashed[1]), Number(slashed[2])];
  const year = Number(slashed[3]) + (slashed[3]?.length === 2 ? 2000 : 0);
  // These are American schools: month first, unless there is no such month.
  const monthFirst = calendar(year, first, second);
  return monthFirst === null ? understood(calendar(year, second, first), 'day_first') : { date: monthFirst, spelling: 'month_first' };
}

const understood = (date: string | null, spelling: Spelling): ReadDate => ({ date, spelling: date === null ? 'unreadable' : spelling });

/** Null for a day no calendar has. */
function calendar(year: number, month: number, day: number): string | null {
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return null;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** School years turn in July. */
export function schoolYearOf(date: string): number {
  return Number(date.slice(0, 4)) + (Number(date.slice(5, 7)) >= 7 ? 1 : 0);
}
