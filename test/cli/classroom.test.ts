/** From the command line: the add-on's registration, and a Google source tried and synced with its key file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { sampleDomain } from '../../src/demo/google/domain.ts';
import { type GoogleOptions, type GoogleServer, startGoogle } from '../../src/demo/google/server.ts';
import { freshDatabase } from '../setup/database.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-classroom-'));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  DATABASE_URL: db.url,
  APTT_DATA_DIR: join(folder, 'data'),
  APTT_URL: 'https://aptt.example.org',
  GOOGLE_SECRET: 'GOCSPX-never-to-be-seen',
};
let google: GoogleServer;
let printed = '';

async function aptt(line: string): Promise<{ code: number; text: string }> {
  let text = '';
  const sink = { write: (more: string) => (text += more) };
  const code = await runCli(line.split(' '), { env, stdout: sink, stderr: sink });
  printed += text;
  return { code, text };
}

beforeAll(async () => {
  google = await startGoogle({ domain: sampleDomain({ students: 30, schools: 1 }) });
  writeFileSync(join(folder, 'key.json'), google.settings.serviceAccountKey);
  await aptt('district add willow --name Willow');
});
afterAll(async () => {
  await google.close();
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an add-on is registered with its secret sealed, and the addresses to paste are printed', async () => {
  const add = 'classroom add --district willow --client-id 1.apps.example --domain willow.example';
  expect(await aptt(`${add} --secret clientSecret=plain`)).toMatchObject({ code: 2 });
  const { code, text } = await aptt(`${add} --secret clientSecret=env:GOOGLE_SECRET`);
  expect(code).toBe(0);
  expect(text).toContain('https://aptt.example.org/lti/classroom-callback');
  expect(text).toMatch(/https:\/\/aptt\.example\.org\/lti\/classroom-\d+-discovery/);
  expect(await aptt('deployment list --district willow')).toMatchObject({ text: expect.stringContaining('willow.example') });
});

test('a check says what there is to do: scopes, an administrator’s rights, one course that is closed', async () => {
  const domain = sampleDomain({ students: 30, schools: 1 });
  const check = async (options: Partial<GoogleOptions>) => {
    const other = await startGoogle({ domain, ...options });
    writeFileSync(join(folder, 'other.json'), other.settings.serviceAccountKey);
    const { tokenUrl, admin } = other.settings;
    const set = `--set tokenUrl=${tokenUrl} --set admin=${admin} --set people=own --secret serviceAccountKey=file:${join(folder, 'other.json')}`;
    const told = await aptt(`source check --kind google-classroom --url ${other.url} ${set}`);
    await other.close();
    return told;
  };
  expect(await check({ delegated: [] })).toMatchObject({
    code: 1,
    text: expect.stringContaining('https://www.googleapis.com/auth/classroom.rosters.readonly'),
  });
  expect(await check({ domain: { ...domain, courses: [] } })).toMatchObject({ code: 1, text: expect.stringContaining('Admin roles') });
  expect(await check({ accents: ['a course not ours'] })).toMatchObject({
    code: 0,
    text: expect.stringMatching(/people: 1 of the \d courses looked at cannot be read.*\n.*the administrator in "admin" may open it/),
  });
});

test('a source is checked, added and synced with the key file Google made', async () => {
  const key = `--secret serviceAccountKey=file:${join(folder, 'key.json')}`;
  const given = `--kind google-classroom --url ${google.url} --set tokenUrl=${google.settings.tokenUrl} --set people=own ${key}`;
  expect(await aptt(`source check ${given}`)).toMatchObject({ code: 1, text: expect.stringContaining('admin') });
  const checked = await aptt(`source check ${given} --set admin=${google.settings.admin}`);
  expect(checked).toMatchObject({ code: 0, text: expect.stringContaining('domain-wide delegation') });
  expect(checked.text).not.toMatch(/@willow\.example/);
  expect(await aptt(`source check ${given} --set admin=nobody@willow.example`)).toMatchObject({
    code: 1,
    text: expect.stringContaining('"admin" must be the address of an administrator of this domain'),
  });
  expect(await aptt(`source add classroom --district willow ${given} --set admin=${google.settings.admin}`)).toMatchObject({ code: 0 });
  expect(await aptt('sync --district willow')).toMatchObject({ code: 0 });
});

test('no secret is ever printed', () => {
  expect(printed).not.toContain('never-to-be-seen');
  expect(printed).not.toContain('PRIVATE KEY');
});
