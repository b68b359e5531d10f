/** A Microsoft School Data Sync set: whose grade, whose class, whose guardian, and what a missing file or a spoilt row must not end. */
import { connectorFor } from '../../connectors/registry.ts';
import { codes, type Files, folder, pull, removeSets, zip } from './sets.ts';

afterAll(removeSets);

const set: Record<string, string[]> = {
  orgs: ['sourcedId,name,type,parentSourcedId', 'd1,District One,district,', 's1,Elm School,school,d1'],
  academicSessions: ['sourcedId,title,type,schoolYear,startDate,endDate', 'y1,2026 School Year,schoolYear,2026,2026-08-17,2027-05-28'],
  courses: ['sourcedId,orgSourcedId,title,code,schoolYearSourcedId,subject,grade', 'co1,s1,Grade 3,G3,y1,02,03'],
  classes: ['sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId', 'c1,s1,Grade 3 A,y1,co1'],
  users: [
    'sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms',
    'tea1,tea1@elm.example,Tea,Cher,Secret1,tea1@elm.example,tea1@elm.example,,',
    'stu1,ana@elm.example,Ana,Dyer,Secret2,ana@elm.example,,,',
    'stu2,ben@elm.example,Ben,Dyer,Secret3,,,,',
    'mom1,,Carmen,Dyer,,,carmen@home.example,,+15550101234',
  ],
  roles: [
    'userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate',
    'tea1,s1,professor,y1,,TRUE,2026-08-17,2027-05-28',
    'tea1,d1,itAdmin,y1,,false,,',
    'tea1,s1,itAdmin,y1,,false,,',
    'stu1,s1,student,y1,3,true,2026-08-17,2027-05-28',
    'stu2,s1,student,y1,Third grade,true,2026-08-17,2027-05-28',
  ],
  enrollments: ['classSourcedId,userSourcedId,role', 'c1,tea1,Faculty', 'c1,stu1,student', 'c1,stu2,student'],
  relationships: ['userSourcedId,relationshipUserSourcedId,relationshipRole', 'stu1,mom1,parent', 'mom1,stu2,child'],
};

/** The set with some files replaced; null leaves one out. */
const files = (own: Record<string, string[] | null> = {}): Files =>
  Object.fromEntries(
    Object.entries({ ...set, ...own }).flatMap(([name, lines]) => (lines ? [[`${name}.csv`, `${lines.join('\n')}\n`]] : [])),
  );
const lines = (name: string): string[] => set[name] ?? [];
const read = (own: Record<string, string[] | null> = {}) => pull('sds-csv', { path: folder(files(own)) });

test('a whole set reads whole, in a folder and in a zip', async () => {
  const { rows, problems, closings } = await read();
  expect(problems).toEqual([]);
  expect(Object.fromEntries(Object.entries(rows).map(([entity, of]) => [entity, of.length]))).toMatchObject({
    orgs: 2,
    academicSessions: 1,
    courses: 1,
    classes: 1,
    users: 4,
    roles: 5,
    enrollments: 3,
    guardianships: 2,
  });
  expect(Object.values(closings).every((closing) => closing.complete)).toBe(true);
  expect((await pull('sds-csv', { path: await zip(files()) })).rows).toEqual(rows);
});

test('a child’s grade comes from the role, in whatever words', async () => {
  const { rows } = await read();
  expect(rows.users.map(({ sourcedId, grades }) => [sourcedId, grades])).toEqual([
    ['tea1', []],
    ['stu1', ['03']],
    ['stu2', ['03']],
    ['mom1', []],
  ]);
});

test('whoever stands before a class is its teacher, and one school’s IT is not the district’s', async () => {
  const { rows } = await read();
  expect(rows.enrollments[0]).toMatchObject({ sourcedId: 'c1/tea1/teacher', role: 'teacher' });
  expect(rows.roles.slice(0, 3).map(({ role, roleType, orgSourcedId }) => [role, roleType, orgSourcedId])).toEqual([
    ['teacher', 'primary', 's1'],
    ['systemAdministrator', 'secondary', 'd1'],
    ['itAdmin', 'secondary', 's1'],
  ]);
});

test('a guardian is linked whichever way round the pair stands, with how to reach them', async () => {
  const { rows } = await read();
  const reached = { guardianSourcedId: 'mom1', relation: 'parent', email: 'carmen@home.example', phone: '+15550101234', undirected: false };
  expect(rows.guardianships).toMatchObject([
    { sourcedId: 'stu1|mom1', studentSourcedId: 'stu1', ...reached },
    { sourcedId: 'stu2|mom1', studentSourcedId: 'stu2', ...reached },
  ]);
});

test.each(['aide', 'Doctor', 'emergency contact'])('a contact who is %s is no guardian', async (relation) => {
  const { rows, problems, closings } = await read({ relationships: [lines('relationships')[0] ?? '', `stu1,mom1,${relation}`] });
  expect(rows.guardianships).toEqual([]);
  // Without an id: a guardian of yesterday is not protected by it.
  expect(problems).toMatchObject([{ code: 'emergency_contact_excluded', sourcedId: null, file: 'relationships.csv', line: 2 }]);
  expect(closings.guardianships).toMatchObject({ complete: true });
});

test('a relation nobody can tell is for a person to settle, and ends nothing', async () => {
  const { rows, problems } = await read({ relationships: [lines('relationships')[0] ?? '', 'stu1,mom1,other'] });
  expect(rows.guardianships).toEqual([]);
  expect(problems).toMatchObject([{ code: 'relation_unknown', sourcedId: 'stu1|mom1', field: 'relationshipRole', line: 2 }]);
});

test('the school year is the one it ends in, however the set names it', async () => {
  const { rows } = await read();
  expect(rows.academicSessions[0]).toMatchObject({ title: '2026 School Year', schoolYear: 2027 });
});

test('no password is read, and none shown', async () => {
  const path = folder(files());
  const connector = connectorFor('sds-csv');
  const all = JSON.stringify([await pull('sds-csv', { path }), await connector.check(connector.settings.parse({ path }))]);
  expect(all).not.toMatch(/Secret/);
});

test('a preview names nobody', async () => {
  const connector = connectorFor('sds-csv');
  const report = await connector.check(connector.settings.parse({ path: folder(files()) }));
  expect(report.ok).toBe(true);
  expect(JSON.stringify(report)).not.toMatch(/Dyer|Carmen|example|555/);
});

test('a file that is not delivered ends nothing', async () => {
  const { closings, problems } = await read({ relationships: null, courses: null });
  expect(problems).toEqual([]);
  expect(closings.guardianships).toBeUndefined();
  expect(closings.courses).toBeUndefined();
  expect(closings.users).toMatchObject({ complete: true });
});

test.each([
  ['enrollments', 'c1,,student'],
  ['roles', ',s1,student,y1,3,true,,'],
  ['relationships', 'stu1,,parent'],
])('a row of %s without its person is a problem, and then absence proves nothing', async (name, row) => {
  const entity = name === 'relationships' ? 'guardianships' : (name as 'roles' | 'enrollments'); // the other names are those of entities
  const { problems, closings } = await read({ [name]: [...lines(name), row] });
  expect(problems).toMatchObject([{ code: 'required_blank', sourcedId: null, file: `${name}.csv`, line: lines(name).length + 1 }]);
  expect(closings[entity]).toMatchObject({ complete: false, because: 'unreadable_ids' });
});

test('columns in another order, other spellings and a stray file are understood, with a warning', async () => {
  const { rows, problems, warnings } = await pull('sds-csv', {
    path: folder({
      ...files({ enrollments: null }),
      'Enrollments.CSV': 'role,USER_sourcedId,classSourcedId\nSTUDENT,stu1,c1\n',
      'notes.csv': 'a\n1\n',
    }),
  });
  expect(problems).toEqual([]);
  expect(rows.enrollments).toMatchObject([{ sourcedId: 'c1/stu1/student' }]);
  expect(codes(warnings)).toEqual(
    expect.arrayContaining(['file_spelling', 'file_unknown', 'columns_out_of_order', 'header_spelling', 'word_spelling']),
  );
});

test.each<[string, Record<string, string[] | null>, RegExp, RegExp]>([
  ['a set without roles', { roles: null }, /no roles\.csv/, /whole set/],
  ['a OneRoster set', { manifest: ['propertyName,value'] }, /OneRoster/, /oneroster-csv/],
  ['an SDS V1 set', { Student: ['SIS ID,School SIS ID,Username'] }, /SDS V1/, /V2\.1/],
  [
    'a file without its key column',
    { enrollments: ['class,userSourcedId,role', 'c1,stu1,student'] },
    /enrollments\.csv: .*classSourcedId/,
    /V2\.1/,
  ],
])('%s is refused, and says what to do', async (_, own, message, hint) => {
  const refused = { code: 'source_contract_broken', message: expect.stringMatching(message), hint: expect.stringMatching(hint) };
  await expect(read(own)).rejects.toMatchObject(refused);
});

test('read as OneRoster it is refused, and says which kind it is', async () => {
  await expect(pull('oneroster-csv', { path: folder(files()) })).rejects.toMatchObject({
    code: 'source_contract_broken',
    hint: expect.stringContaining('sds-csv'),
  });
});
