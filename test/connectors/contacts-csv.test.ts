/** Who is a guardian, who is not, and what must never be lost on the way. */
import { connectorFor } from '../../connectors/registry.ts';
import { codes, file, pull, removeSets } from './sets.ts';

afterAll(removeSets);

const head =
  'studentUniqueId,contactUniqueId,givenName,familyName,relation,primaryContact,livesWith,emergencyContact,noContact,language,interpreter,phone,email,confirmedOn';
const contacts = (rows: string[], header = head, settings: object = {}) =>
  pull('contacts-csv', { path: file('contacts.csv', [header, ...rows, ''].join('\n')), ...settings });

test('a row is one child and one guardian', async () => {
  const { rows, warnings } = await contacts([
    '1001,7,Carmen,Dyer,Mother,true,true,true,false,Spanish,true,(555) 010-1234,c@example.org,2026-08-24',
  ]);
  expect(rows.guardianships).toEqual([
    {
      sourcedId: '1001|7',
      studentSourcedId: '1001',
      guardianSourcedId: '7',
      undirected: false,
      relation: 'mother',
      primary: true,
      livesWith: true,
      noContact: false,
      language: 'es',
      interpreter: true,
      phone: '(555) 010-1234',
      email: 'c@example.org',
      confirmedOn: '2026-08-24',
      line: 2,
    },
  ]);
  expect(rows.users[0]).toMatchObject({ sourcedId: '7', userIds: ['contactUniqueId:7'], givenName: 'Carmen', email: 'c@example.org' });
  expect(rows.roles[0]).toMatchObject({ sourcedId: '7/guardian', userSourcedId: '7', orgSourcedId: null, role: 'guardian' });
  expect(warnings).toEqual([]);
});

test('a mother of two children is one person with two links', async () => {
  const { rows, closings } = await contacts(['1001,7,Carmen,Dyer,Mother,true,,,,,,,,', '1002,7,Carmen,Dyer,Mother,true,,,,,,,,']);
  expect(rows.users).toHaveLength(1);
  expect(rows.roles).toHaveLength(1);
  expect(rows.guardianships.map((link) => link.sourcedId)).toEqual(['1001|7', '1002|7']);
  expect(Object.values(closings).every((closing) => closing.complete)).toBe(true);
});

test('two names for one contact: the first is kept, with a warning that quotes neither', async () => {
  const { rows, warnings } = await contacts(['1001,7,Carmen,Dyer,Mother,true,,,,,,,,', '1002,7,Karmen,Dyer,Mother,true,,,,,,,,']);
  expect(rows.users[0]?.givenName).toBe('Carmen');
  expect(codes(warnings)).toEqual(['name_differs']);
  expect(JSON.stringify(warnings)).not.toMatch(/armen/);
});

test.each(['Neighbor', 'Babysitter', 'Emergency contact', 'Family friend', 'Case worker', 'Godmother', 'Aunt (emergency)'])(
  'a contact who is a %s is no guardian, whatever else the row says',
  async (relation) => {
    const { rows, problems, closings } = await contacts([
      `1001,7,Pat,Doe,${relation},true,true,true,,,,,,`,
      '1001,8,Ann,Doe,Mother,,,,,,,,,',
    ]);
    expect(rows.guardianships.map((link) => link.guardianSourcedId)).toEqual(['8']);
    expect(rows.users.map((user) => user.sourcedId)).toEqual(['8']);
    expect(codes(problems)).toEqual(['emergency_contact_excluded']);
    // Without its id: a link the row had while it still said "mother" must end.
    expect(problems[0]).toMatchObject({ sourcedId: null, line: 2, field: 'relation' });
    expect(closings.guardianships).toMatchObject({ complete: true });
  },
);

test.each(['Mother', 'step-father', 'Legal Guardian', 'Grandmother', 'Foster parent', 'Abuela', 'Padre', 'Uncle', 'Mother / emergency'])(
  'a contact who is a %s is a guardian',
  async (relation) => {
    const { rows } = await contacts([`1001,7,Pat,Doe,${relation},,,,,,,,,`]);
    expect(rows.guardianships).toMatchObject([{ relation: relation.toLowerCase() }]);
  },
);

test('a relation nobody knows waits for a person, and takes nothing away meanwhile', async () => {
  const { rows, problems, closings } = await contacts(['1001,7,Pat,Doe,Custodial agency,,,,,,,,,']);
  expect(rows.guardianships).toEqual([]);
  expect(problems[0]).toMatchObject({ code: 'relation_unknown', sourcedId: '1001|7' });
  expect(closings.users).toMatchObject({ complete: false });
  const settled = await contacts(['1001,7,Pat,Doe,Custodial agency,,,,,,,,,'], head, { alsoGuardians: ['custodial agency'] });
  expect(settled.rows.guardianships).toHaveLength(1);
});

test('a blank relation is believed of a primary contact only', async () => {
  const { rows, problems, warnings } = await contacts(['1001,7,Ann,Doe,,true,,,,,,,,', '1001,8,Pat,Doe,,false,false,true,,,,,,']);
  expect(rows.guardianships).toMatchObject([{ guardianSourcedId: '7', relation: null }]);
  expect(codes(problems)).toEqual(['relation_blank']);
  expect(codes(warnings)).toEqual(['relation_blank']);
});

test.each([
  ['true', true],
  ['Y', true],
  ['see court order', true],
  ['false', false],
  ['', false],
])('a no-contact flag of %j forbids contact: %s', async (written, forbidden) => {
  const { rows } = await contacts([`1001,7,Ann,Doe,Mother,true,,,${written},,,,,`]);
  expect(rows.guardianships[0]?.noContact).toBe(forbidden);
});

test('a custody column forbids contact only where it says so', async () => {
  const header = 'studentId,contactId,firstName,lastName,relationship,custody';
  const { rows } = await contacts(['1001,7,A,Doe,Mother,Y', '1001,8,B,Doe,Father,No contact', '1001,9,C,Doe,Grandmother,N'], header);
  expect(rows.guardianships.map((link) => link.noContact)).toEqual([false, true, false]);
});

test('headers in other words are found, and the type of the id is the header it had', async () => {
  const { rows, warnings } = await contacts(['1001,7,Ann,Doe,Mother'], 'Student ID,Guardian ID,First Name,Last Name,Relationship');
  expect(rows.guardianships).toHaveLength(1);
  expect(rows.users[0]?.userIds).toEqual(['Guardian ID:7']);
  expect(warnings).toEqual([]);
});

test('columns may be named in the settings', async () => {
  const header = 'Pupil,Adult,First,Last,Kind,cell,phone';
  const settings = {
    columns: { student: 'Pupil', contact: 'Adult', givenName: 'First', familyName: 'Last', relation: 'Kind', phone: 'cell' },
  };
  const { rows } = await contacts(['1001,7,Ann,Doe,Mother,555-1,555-2'], header, settings);
  expect(rows.guardianships[0]).toMatchObject({ studentSourcedId: '1001', phone: '555-1' });
});

test.each([
  ['es', 'es'],
  ['ENGLISH', 'en'],
  ['spa', 'es'],
  ['zh_Hant', 'zh-Hant'],
  ['Klingonish tongue', null],
])('the language %s is %s', async (written, code) => {
  const { rows } = await contacts([`1001,7,Ann,Doe,Mother,true,,,,${written},,,,`]);
  expect(rows.guardianships[0]?.language).toBe(code);
});

test('a row without a contact ends nobody', async () => {
  const { problems, closings } = await contacts(['1001,,Ann,Doe,Mother,,,,,,,,,']);
  expect(problems[0]).toMatchObject({ code: 'required_blank', field: 'contact', sourcedId: null });
  expect(Object.values(closings).every((closing) => !closing.complete)).toBe(true);
});

test('a check names the column that is not there', async () => {
  const connector = connectorFor('contacts-csv');
  const report = await connector.check(connector.settings.parse({ path: file('contacts.csv', 'studentId,firstName\n1,A\n') }));
  expect(report.ok).toBe(false);
  expect(report.findings).toContainEqual(expect.objectContaining({ ok: false, text: 'no column for relation', hint: expect.any(String) }));
});

test('a file that is no contact list is refused once, not row by row', async () => {
  await expect(pull('contacts-csv', { path: file('users.csv', 'sourcedId,givenName\n1,A\n2,B\n') })).rejects.toMatchObject({
    code: 'source_contract_broken',
    message: 'users.csv: no column for student',
    hint: expect.stringContaining('studentUniqueId'),
  });
});

test('the preview of a check shows nobody’s name, number or address', async () => {
  const connector = connectorFor('contacts-csv');
  const path = file(
    'contacts.csv',
    `${head}\n1001,7,Carmen,Dyer,Mother,true,true,true,false,es,true,(555) 010-1234,c@example.org,2026-08-24\n`,
  );
  expect(JSON.stringify(await connector.check(connector.settings.parse({ path })))).not.toMatch(/Carmen|Dyer|555|example/);
});

test('children and known guardians are found by ids, never by name or e-mail', () => {
  const connector = connectorFor('contacts-csv');
  expect(connector.matching(connector.settings.parse({ path: 'x' }))).toEqual({
    students: ['sourcedId', 'identifier', 'userIds'],
    guardians: ['userIds:contactUniqueId'],
  });
  expect(connector.settings.safeParse({ path: 'x', student: ['email'] }).success).toBe(false);
});
