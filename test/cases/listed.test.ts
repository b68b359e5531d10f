/** The numbered cases and attacks: none without its test, none described and forgotten. */
import { readdirSync, readFileSync } from 'node:fs';

const read = (folder: string) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n');
/** Titles stand in quotes or templates, some with several numbers; `lti %s` takes its numbers from the rows above it. */
function numbered(text: string, word: string): number[] {
  const titles = [...text.matchAll(new RegExp(`['"\`]${word} ([\\d, ]+):`, 'g'))].flatMap(([, numbers = '']) => [
    ...numbers.matchAll(/(\d+)/g),
  ]);
  const tables = [...text.matchAll(new RegExp(`\\.each([^;]*?)'${word} %s:`, 'g'))].flatMap(([, rows = '']) => [
    ...rows.matchAll(/\[\s*'?(\d+)/g),
  ]);
  return [...new Set([...titles, ...tables].map(([, n]) => Number(n)))];
}
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

test('each of the 135 LTI cases has its test', () => {
  const tested = numbered(read('test/cases'), 'lti');
  expect(upTo(135).filter((n) => !tested.includes(n))).toEqual([]);
  expect(tested.filter((n) => n < 1 || n > 135)).toEqual([]);
});

test('none of them is skipped', () => {
  expect(read('test/cases').match(/\b(test|it|describe)\.(skip|todo|only)\(/g) ?? []).toEqual([]);
});

test('every attack that is described has its test, and the other way round', () => {
  const tested = numbered(read('test/cases/attacks'), 'attack').sort((a, b) => a - b);
  const described = [...readFileSync('docs/security/attacks.md', 'utf8').matchAll(/^\| (\d+) +\|/gm)].map(([, n]) => Number(n));
  expect(tested).toEqual(described);
  expect(described.length).toBeGreaterThanOrEqual(40);
});
