/** Platforms, invitations and keys at the command line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { startPlatform } from '../../src/demo/platform.ts';
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

test('a registration is tested step by step, in the words of the page; one that needs mending ends with exit code 1', async () => {
  const platform = await startPlatform({
    tool: { loginUrl: 'https://aptt.example.org/lti/login', targetLinkUri: 'https://aptt.example.org/app/' },
    people: [],
    courses: [],
  });
  try {
    await aptt('district add ash');
    const { issuer, clientId, authUrl, tokenUrl, jwksUrl } = platform;
    const values = `--issuer ${issuer} --client-id ${clientId} --auth-url ${authUrl} --token-url ${tokenUrl} --jwks-url ${jwksUrl}`;
    const { platform: added } = (await json(`platform add --district ash ${values} --deployment 1`)) as {
      platform: { id: number; trustCustom: boolean };
    };
    expect(added.trustCustom).toBe(false);
    const good = await aptt(`platform test ${added.id} --district ash`);
    expect(good.code).toBe(0);
    expect(good.out).toContain('✓ The platform’s keys: The platform hands them out.');
    expect(good.out).toContain('… Sign-in: Open the tool from a course, then test again.');

    await aptt(`platform deactivate ${added.id} --district ash`);
    const off = await aptt(`platform test ${added.id} --district ash`);
    expect(off.code).toBe(1);
    expect(off.out).toContain('✗ The registration: It is switched off.');
    expect(off.out).toContain('(platform_inactive)');
    const { connection } = (await json(`platform test ${added.id} --district ash`)) as { connection: { steps: { step: string }[] } };
    expect(connection.steps.map(({ step }) => step)).toEqual([
      'registration',
      'keys',
      'deployment',
      'login',
      'launch',
      'token',
      'roster',
      'grades',
    ]);
    expect((await aptt(`platform test 999 --district ash`)).code).toBe(1);

    expect((await aptt(`platform trust ${added.id} --district ash`)).out).toContain('may say who people are');
    const { platforms } = (await json('platform list --district ash')) as { platforms: { trustCustom: boolean }[] };
    expect(platforms).toMatchObject([{ trustCustom: true }]);
  } finally {
    await platform.close();
  }
});
