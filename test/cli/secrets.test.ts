/** A source's secrets: given from the environment or a file, sealed in the database, opened for that system alone, never printed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import { type OneRosterServer, startOneRoster } from '../../src/demo/oneroster/server.ts';
import { freshDatabase } from '../setup/database.ts';

const db = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'aptt-secrets-'));
const clientSecret = 'never-to-be-seen-8231';
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  DATABASE_URL: db.url,
  APTT_DATA_DIR: join(folder, 'data'),
  SIS_SECRET: clientSecret,
};
let server: OneRosterServer;
let printed = '';

async function aptt(line: string, env = environment): Promise<{ code: number; text: string }> {
  let text = '';
  const sink = { write: (more: string) => (text += more) };
  const code = await runCli(line.split(' ').filter(Boolean), { env, stdout: sink, stderr: sink });
  printed += text;
  return { code, text };
}

beforeAll(async () => {
  server = await startOneRoster({ collections: sampleCollections({ students: 60 }), clientSecret });
  await aptt('district add willow --name Willow');
});
afterAll(async () => {
  await server.close();
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const given = () => `--kind oneroster-rest --url ${server.url} --set tokenUrl=${server.tokenUrl} --set clientId=${server.clientId}`;

test('a secret comes from the environment or a file, never from the command line', async () => {
  expect(await aptt(`source add sis --district willow ${given()} --set clientSecret=x`)).toMatchObject({
    code: 2,
    text: expect.stringContaining('--secret'),
  });
  expect(await aptt(`source add sis --district willow ${given()}`)).toMatchObject({
    code: 1,
    text: expect.stringContaining('--secret clientSecret='),
  });
  expect(await aptt(`source add sis --district willow ${given()} --secret clientSecret=env:NOWHERE`)).toMatchObject({ code: 2 });
  expect(await aptt(`source add sis --district willow ${given()} --secret clientSecret=plain`)).toMatchObject({ code: 2 });
  expect(await aptt(`source add sis --district willow ${given()} --secret clientSecret=env:SIS_SECRET`)).toMatchObject({ code: 0 });
  writeFileSync(join(folder, 'secret.txt'), `${clientSecret}\n`);
  expect(
    await aptt(`source add again --district willow ${given()} --secret clientSecret=file:${join(folder, 'secret.txt')}`),
  ).toMatchObject({ code: 0 });
});

test('it lies sealed in the database, and two of the same look different', async () => {
  const rows = await db.asOperator((tx) => tx<{ settings: Record<string, string> }[]>`SELECT settings FROM source`);
  expect(rows).toHaveLength(2);
  for (const { settings } of rows) expect(settings.clientSecret).toMatch(/^sealed:[\w-]{40,}$/);
  expect(rows[0]?.settings.clientSecret).not.toBe(rows[1]?.settings.clientSecret);
  expect(JSON.stringify(rows)).not.toContain(clientSecret);
});

test('a check and a sync are let in with it', async () => {
  expect(await aptt('source check sis --district willow')).toMatchObject({
    code: 0,
    text: expect.stringContaining('This source can be synced.'),
  });
  expect(await aptt('source check again --district willow --json')).toMatchObject({ code: 0 });
  expect(await aptt('sync --district willow --source sis')).toMatchObject({ code: 0 });
});

test('with another APTT_SECRET it does not open, and people are told what to do', async () => {
  const other = { ...environment, APTT_SECRET: 'another secret of at least thirty-two characters' };
  expect(await aptt('sync --district willow --source sis', other)).toMatchObject({ code: 1, text: expect.stringContaining('APTT_SECRET') });
});

test('nothing ever printed it', async () => {
  expect(await aptt('source list --district willow')).toMatchObject({ text: expect.stringContaining(server.url) });
  await aptt('source list --district willow --json');
  expect(printed).not.toContain(clientSecret);
  expect(printed).not.toContain('sealed:');
});
