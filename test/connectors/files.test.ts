/** Folders and zips that are not as they should be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { openFiles } from '../../connectors/files.ts';
import { connectorFor } from '../../connectors/registry.ts';
import { roster, text } from './roster.ts';
import { file, folder, pull, removeSets, zip } from './sets.ts';

afterAll(removeSets);

const broken = (message: RegExp) => ({ code: 'source_contract_broken', message: expect.stringMatching(message), hint: expect.any(String) });
const pullFrom = (path: string) => pull('oneroster-csv', { path });

test('a zip that was cut short is refused in words', async () => {
  const path = await zip(roster());
  writeFileSync(path, readFileSync(path).subarray(0, -200));
  await expect(pullFrom(path)).rejects.toMatchObject(broken(/damaged or incomplete/));
});

test('a zip with one wrong byte inside is refused, not read a little differently', async () => {
  const path = await zip(roster({ 'orgs.csv': text('orgs', ['d1,,,"District",district,,']) }));
  const bytes = readFileSync(path);
  const at = bytes.indexOf(Buffer.from('orgs.csv')) + 30; // inside the first packed file that bears the name
  for (const n of [0, 1, 2]) bytes[at + n] = (bytes[at + n] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
  await expect(pullFrom(path)).rejects.toMatchObject(broken(/damaged or incomplete/));
});

test('something else by the name of zip is refused', async () => {
  await expect(pullFrom(file('roster.zip', 'not a zip'))).rejects.toMatchObject(broken(/damaged/));
  await expect(pullFrom(file('roster.zip', ''))).rejects.toMatchObject(broken(/damaged/));
});

test('an encrypted zip is refused, and told apart from a damaged one', async () => {
  const path = await zip(roster());
  const bytes = readFileSync(path);
  // The lowest bit of the general purpose flags, in every entry of the central directory (APPNOTE 4.4.4).
  for (let at = bytes.indexOf('PK\x01\x02'); at !== -1; at = bytes.indexOf('PK\x01\x02', at + 4))
    bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) | 1, at + 8);
  writeFileSync(path, bytes);
  await expect(pullFrom(path)).rejects.toMatchObject(broken(/encrypted/));
});

test('a zip that would unpack to a thousand times its size is refused before anything is unpacked', async () => {
  const path = await zip({ 'users.csv': Buffer.alloc(100 * 1024 * 1024, 0x20) });
  await expect(openFiles(path)).rejects.toMatchObject(broken(/would unpack to/));
});

test('files scattered over several folders are refused', async () => {
  await expect(pullFrom(folder({ 'a/users.csv': 'x', 'b/orgs.csv': 'x' }))).rejects.toMatchObject(broken(/several folders/));
});

test('an empty folder is refused', async () => {
  await expect(pullFrom(folder({}))).rejects.toMatchObject(broken(/no CSV file/));
});

test('a device or a pipe is refused instead of read for ever', async () => {
  await expect(pullFrom('/dev/zero')).rejects.toMatchObject(broken(/neither a file nor a folder/));
});

test('a file whose name is mistyped is named, as it was not read', async () => {
  const { 'orgs.csv': orgs, ...others } = roster();
  const { warnings } = await pullFrom(folder({ ...others, 'organisations.csv': orgs ?? '' }));
  expect(warnings).toContainEqual(expect.objectContaining({ code: 'file_unknown', file: 'organisations.csv' }));
});

test('what a Macintosh leaves in a zip is not looked at', async () => {
  const { rows, warnings } = await pullFrom(await zip({ ...roster(), '__MACOSX/._users.csv': 'x', '.DS_Store': 'x' }));
  expect(rows.users).toHaveLength(4);
  expect(warnings).toEqual([]);
});

test('a folder and its zip give the same records', async () => {
  const inFolder = await pullFrom(folder(roster()));
  const inZip = await pullFrom(await zip(roster()));
  expect(inZip.rows).toEqual(inFolder.rows);
});

test('a kind nobody knows is answered with those there are', () => {
  expect(() => connectorFor('sftp')).toThrow(
    expect.objectContaining({ code: 'connector_unknown', hint: expect.stringMatching(/oneroster-csv.*contacts-csv.*assessment-csv/) }),
  );
});
