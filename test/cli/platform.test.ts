/** Invitations and keys at the command line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { freshDatabase } from '../setup/database.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-platform-'));
const env = { ...process.env, DATABASE_URL: db.url, APTT_DATA_DIR: folder, APTT_URL: 'https://aptt.example.org' };
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

async function aptt(line: string): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCli(line.split(' '), {
    env,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(''), err: err.join('') };
}
const json = async (line: string) => JSON.parse((await aptt(`${line} --json`)).out);

test('an invitation is a link to paste, shown once and kept only as its hash', async () => {
  await aptt('district add willow');
  const { invitation } = (await json('platform invite --district willow')) as { invitation: { url: string; expiresAt: string } };
  expect(invitation.url).toMatch(/^https:\/\/aptt\.example\.org\/lti\/register-[\w-]{43}$/);
  expect(Date.parse(invitation.expiresAt)).toBeGreaterThan(Date.now());
  const kept = await db.sql`SELECT * FROM lti_invitation`;
  expect(JSON.stringify(kept)).not.toContain(invitation.url.split('register-')[1]);
  const { out } = await aptt('platform invite --district willow');
  expect(out).toContain('It is good for one platform.');
});

test('keys are listed and rotated; the old one stays published', async () => {
  expect((await aptt('key list')).out).toContain('No key yet');
  const first = (await json('key rotate')) as { key: { kid: string } };
  const second = await aptt('key rotate');
  expect(second.out).toContain('stays published for 14 days');
  const { keys } = (await json('key list')) as { keys: { kid: string; state: string }[] };
  expect(keys.map(({ state }) => state)).toEqual(['signing', 'published']);
  expect(keys[1]?.kid).toBe(first.key.kid);
  expect((await aptt('key list')).out).toContain('published until');
  expect((await aptt('key rotate --overlap-days soon')).code).toBe(2);
});
