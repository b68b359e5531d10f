/** Files dropped at night: taken once, whole, and kept. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { archive, dropOf, nextDelivery as next } from '../../connectors/drop.ts';
import { type Files, folder, removeSets, zip } from './sets.ts';

afterAll(removeSets);

const minute = 60_000;
const nextDelivery = (drop: string, now: number) => next(drop, now, minute);
const later = (minutes: number) => Date.now() + minutes * minute;
const names = (files: { path: string }[] | undefined) => files?.map(({ path }) => basename(path));
const zipBytes = async (files: Files) => readFileSync(await zip(files));

test('a file that somebody wrote to a moment ago waits, and is taken when it has settled', async () => {
  const drop = folder({ 'users.csv': 'a\n1\n' });
  expect(await nextDelivery(drop, Date.now())).toMatchObject({ delivery: null, waiting: [expect.stringMatching(/^users\.csv: written/)] });
  const { delivery, waiting } = await nextDelivery(drop, later(2));
  expect(delivery?.path).toBe(drop);
  expect(names(delivery?.files)).toEqual(['users.csv']);
  expect(waiting).toEqual([]);
});

test('uploads under way are not seen, and neither is what is no table', async () => {
  const drop = folder({ 'users.csv.part': 'a', 'roster.zip.filepart': 'a', 'x.tmp': 'a', '.hidden.csv': 'a', 'readme.md': 'a' });
  expect(await nextDelivery(drop, later(2))).toEqual({ delivery: null, waiting: [] });
});

test('a zip whose end has not come waits; a day later the run may say what is wrong with it', async () => {
  const whole = await zipBytes({ 'users.csv': 'a\n1\n' });
  const drop = folder({ 'roster.zip': whole.subarray(0, whole.length - 30) });
  expect(await nextDelivery(drop, later(2))).toEqual({ delivery: null, waiting: ['roster.zip: the zip is not complete yet'] });
  expect((await nextDelivery(drop, later(25 * 60))).delivery).toMatchObject({ path: join(drop, 'roster.zip') });
});

test('zips of several nights are taken one by one, and each is kept under the day it was read', async () => {
  const drop = folder({ 'a.zip': await zipBytes({ 'users.csv': 'a\n1\n' }), 'b.zip': await zipBytes({ 'users.csv': 'a\n2\n' }) });
  const taken: (string[] | undefined)[] = [];
  for (let night = 0; night < 3; night++) {
    const { delivery } = await nextDelivery(drop, later(2));
    if (!delivery) break;
    taken.push(names(delivery.files));
    expect(await archive(drop, delivery, '2026-11-25')).toEqual([]);
  }
  expect(taken.flat().sort()).toEqual(['a.zip', 'b.zip']);
  expect(readdirSync(join(drop, 'archive')).sort()).toEqual(['2026-11-25', '2026-11-25-2']);
});

test('tables of one set are taken together; the benchmarks beside them stay', async () => {
  const drop = folder({ 'd8.csv': 'a', 'map.csv': 'b', 'benchmarks.csv': 'c' });
  const { delivery } = await nextDelivery(drop, later(2));
  expect(names(delivery?.files)).toEqual(['d8.csv', 'map.csv']);
  if (delivery) await archive(drop, delivery, '2026-11-25');
  expect(readdirSync(drop).sort()).toEqual(['archive', 'benchmarks.csv']);
  expect((await nextDelivery(drop, later(2))).delivery).toBeNull();
});

test('a file replaced while it was being read is tomorrow’s, and stays', async () => {
  const drop = folder({ 'users.csv': 'a\n1\n' });
  const { delivery } = await nextDelivery(drop, later(2));
  writeFileSync(join(drop, 'users.csv'), 'a\n1\n2\n');
  if (!delivery) throw new Error('nothing to take');
  expect(await archive(drop, delivery, '2026-11-25')).toEqual(['users.csv']);
  expect(statSync(join(drop, 'users.csv')).size).toBe(6);
  expect(existsSync(join(drop, 'archive', '2026-11-25', 'users.csv'))).toBe(false);
});

test('a folder that is not there says so', async () => {
  await expect(nextDelivery('/nowhere/drop', Date.now())).rejects.toMatchObject({ code: 'source_unreachable', hint: expect.any(String) });
});

test('a source says that its path is a drop folder, and how long a file must lie still', () => {
  expect(dropOf({ path: '/in', drop: true })).toEqual({ folder: '/in', settleMs: minute });
  expect(dropOf({ path: '/in', drop: 5 })).toEqual({ folder: '/in', settleMs: 5000 });
  for (const settings of [{ path: '/in' }, { path: '/in', drop: false }, { drop: true }]) expect(dropOf(settings)).toBeNull();
});
