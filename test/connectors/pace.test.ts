/** How fast a host is asked, against hosts of every temper, in a time of our own: ten minutes pass as fast as they can be counted. */
import { setImmediate as settled } from 'node:timers/promises';
import { type Clock, Pace } from '../../connectors/pace.ts';
import { Chance } from '../soak/chance.ts';

/** Time passes when everybody waits for it. */
class OwnTime implements Clock {
  private at = 0;
  private sleepers: { until: number; wake: () => void }[] = [];

  now = () => this.at;

  sleep = (ms: number) => new Promise<void>((wake) => void this.sleepers.push({ until: this.at + ms, wake }));

  async pass(until: number): Promise<void> {
    for (;;) {
      await settled();
      const next = this.sleepers.reduce((one, other) => (other.until < one.until ? other : one), { until, wake: () => {} });
      this.at = next.until;
      if (this.at >= until) return;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
    }
  }
}

/** Whether it answers, or how long it asks to wait (0: it does not say). `underway` counts this question too. */
type Host = (at: { now: number; underway: number }) => 'answers' | number;

const minutes = 60_000;

/** `askers` want to know as much as they can. @returns answers a second, and the share that was refused, once it has had a while to settle */
async function watched(host: Host, { askers = 4, latency = 100, settling = 3 * minutes, watching = 7 * minutes } = {}) {
  const time = new OwnTime();
  const pace = new Pace(50, time);
  const dice = new Chance(1);
  const [answered, refused, started]: [number[], number[], number[]] = [[], [], []];
  let underway = 0;
  let mostTries = 0;
  const asker = async () => {
    for (let tries = 1; ; tries++) {
      const start = await pace.enter();
      started.push(time.now());
      const said = host({ now: time.now(), underway: ++underway });
      await time.sleep(latency * (0.5 + dice.next()));
      underway--;
      if (said === 'answers') pace.answered();
      else pace.throttled(start, said);
      pace.leave();
      (said === 'answers' ? answered : refused).push(time.now());
      mostTries = Math.max(mostTries, tries);
      if (said === 'answers') tries = 0;
      else await time.sleep(said || dice.next() * 200 * 2 ** (tries - 1)); // as the polite client does
    }
  };
  for (let n = 0; n < askers; n++) void asker();
  await time.pass(settling + watching);
  const [good, bad] = [answered, refused].map((times) => times.filter((at) => at > settling).length) as [number, number];
  return { perSecond: good / (watching / 1000), refusedShare: bad / (good + bad), mostTries, pace, started };
}

/** So many a second, and what was saved up. */
function bucket(perSecond: number, holds: number): Host {
  let [left, last] = [holds, 0];
  return ({ now }) => {
    left = Math.min(holds, left + ((now - last) / 1000) * perSecond);
    last = now;
    return left >= 1 && left-- ? 'answers' : 0;
  };
}

function everyNth(nth: number): Host {
  let asked = 0;
  return () => (++asked % nth === 0 ? 0 : 'answers');
}

/** So many in each stretch of time, then nothing until the next. */
function allowance(of: number, ms: number): Host {
  let [stretch, left] = [-1, 0];
  return ({ now }) => {
    if (Math.floor(now / ms) !== stretch) [stretch, left] = [Math.floor(now / ms), of];
    return left-- > 0 ? 'answers' : ms - (now % ms);
  };
}

test('a host that never refuses is asked as much as it answers', async () => {
  const { perSecond, pace } = await watched(() => 'answers', { askers: 12 });
  expect(perSecond).toBeGreaterThan(75); // eight at once, a tenth of a second each
  expect(pace.gap).toBe(0);
});

test.each([
  ['30 a second', 30, 30, 0.06],
  ['10 a second', 10, 10, 0.12],
  ['100 a minute', 100 / 60, 100, 0.25],
  ['100 a minute, none saved up', 100 / 60, 1, 0.25],
  ['30 a minute', 0.5, 5, 0.4],
])('a host that bears %s is asked that often, and seldom more', async (_, perSecond, holds, share) => {
  const seen = await watched(bucket(perSecond, holds));
  expect(seen.perSecond).toBeGreaterThan(perSecond * 0.7);
  expect(seen.refusedShare).toBeLessThan(share);
  expect(seen.mostTries).toBeLessThan(10); // or a pull would have failed
});

test.each([1, 2])('a host that bears %i at once is hardly ever asked more at once, and kept busy', async (most) => {
  const seen = await watched(({ underway }) => (underway <= most ? 'answers' : 0), { askers: 8 });
  expect(seen.perSecond).toBeGreaterThan(most * 10 * 0.7); // a tenth of a second each
  expect(seen.refusedShare).toBeLessThan(0.1);
  expect(seen.mostTries).toBeLessThan(4); // whoever was refused has its turn like everybody
});

test.each([
  ['every 4th question', () => everyNth(4), 0.8],
  ['every 7th question', () => everyNth(7), 4],
  ['every 11th question', () => everyNth(11), 8],
  ['one in ten, as the dice fall', () => oneIn(10), 5],
  ['one in twenty, as the dice fall', () => oneIn(20), 10],
])('a host that refuses %s, however slowly it is asked, is not asked ever more slowly', async (_, host, perSecond) => {
  const seen = await watched(host());
  expect(seen.perSecond).toBeGreaterThan(perSecond);
  expect(seen.mostTries).toBeLessThan(10);
});

function oneIn(share: number): Host {
  const dice = new Chance(2);
  return () => (dice.one(1 / share) ? 0 : 'answers');
}

test('a host that says when to come back is asked by nobody before, and uses its allowance up', async () => {
  const stretch = 60_000;
  const seen = await watched(allowance(100, stretch), { askers: 8 });
  expect(seen.perSecond).toBeGreaterThan((100 / 60) * 0.85);
  expect(seen.refusedShare).toBeLessThan(0.08);
  // The hundred, what was under way when the first was refused, and then silence.
  for (let from = 0; from < 10 * minutes; from += stretch) {
    const asked = seen.started.filter((at) => at >= from && at < from + stretch).length;
    expect(asked).toBeLessThanOrEqual(108);
  }
});

test('several that are refused at once slow a host down once', async () => {
  const pace = new Pace(50, new OwnTime());
  const starts = [await pace.enter(), await pace.enter(), await pace.enter(), await pace.enter()];
  for (const start of starts) pace.throttled(start, 0);
  expect(pace).toMatchObject({ width: 2, gap: 50 });
});

test('a host that refuses everything is asked twelve times a minute, and soon as before once it answers', async () => {
  const until = 10 * minutes;
  const seen = await watched(({ now }) => (now < until ? 0 : 'answers'), { settling: until, watching: minutes });
  expect(seen.started.filter((at) => at > until - 5 * minutes && at < until).length).toBeLessThan(61);
  expect(seen.pace.gap).toBe(0);
});
