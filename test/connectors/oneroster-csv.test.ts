/** OneRoster CSV as it is met in the wild: each oddity is understood and said, or given up row by row. */
import { connectorFor } from '../../connectors/registry.ts';
import { type FileName, header, manifest, roster, rosterWith, rowsOf, text } from './roster.ts';
import { codes, type Files, folder, type Pulled, pull as pullFrom, removeSets, zip } from './sets.ts';

afterAll(removeSets);

const pull = (files: Files): Promise<Pulled> => pullFrom('oneroster-csv', { path: folder(files) });
const one = <T>(list: T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T; // the line above has counted it
};
const teacher = rowsOf('users')[0] ?? '';

describe('a set as the binding has it', () => {
  test('reads whole, without a word of complaint', async () => {
    const pulled = await pull(roster());
    expect(pulled.problems).toEqual([]);
    expect(pulled.warnings).toEqual([]);
    expect(Object.values(pulled.closings).every((closing) => closing.complete)).toBe(true);
    expect(pulled.rows.enrollments[1]).toEqual({
      sourcedId: 'e2',
      classSourcedId: 'c1',
      userSourcedId: 'stu1',
      role: 'student',
      primary: false,
      beginDate: '2026-08-17',
      endDate: '2027-05-28',
      line: 3,
    });
    expect(pulled.rows.users[2]).toMatchObject({ sourcedId: 'stu2', userIds: ['studentUniqueId:1002', 'LDAP:stu2'], grades: ['03'] });
    expect(pulled.rows.classes[0]).toMatchObject({ subjects: ['Reading', 'Math'], periods: ['1'], classType: 'homeroom' });
  });

  test('a score of zero is a score', async () => {
    const { rows } = await pull(roster());
    expect(rows.results.map((result) => result.score)).toEqual([31, 0]);
  });

  test('1.0 and 1.1 have no roles file: roles come from the users', async () => {
    const { rows, closings } = await pull(roster());
    expect(rows.roles[0]).toMatchObject({ sourcedId: 'tea1/s1/teacher', userSourcedId: 'tea1', orgSourcedId: 's1', role: 'teacher' });
    expect(closings.roles).toEqual({ type: 'closing', entity: 'roles', complete: true });
  });

  test('1.2 has one, and a user without a role stays a user', async () => {
    const head = 'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId';
    const files = roster({
      'manifest.csv': manifest({ roles: 'bulk' }, '1.2'),
      'roles.csv': `${head}\nro1,,,tea1,primary,teacher,,,s1,\n`,
    });
    const { rows } = await pull(files);
    expect(rows.roles.map((role) => role.sourcedId)).toEqual(['ro1']);
    expect(rows.users).toHaveLength(4);
  });

  test('agents have no direction: who names whom is kept, so that one may stop and the other still does', async () => {
    const { rows, closings } = await pull(roster());
    expect(rows.guardianships.map((pair) => pair.sourcedId)).toEqual(['stu1|mom1', 'stu2|mom1', 'mom1|stu1', 'mom1|stu2']);
    expect(rows.guardianships[0]).toMatchObject({ undirected: true, relation: null, noContact: false });
    expect(closings.guardianships?.complete).toBe(true);
  });

  test('without a column of agents nothing is said about guardians at all', async () => {
    const head = header('users').replace(',agentSourcedIds', '');
    const { closings } = await pull(rosterWith('users', ['tea1,,,true,s1,teacher,,,Tea,Cher,,,,,,,'], head));
    expect(closings.guardianships).toBeUndefined();
  });
});

describe('which files there are', () => {
  test('a file that is not there is not an empty file: nothing is said about its records', async () => {
    const { closings } = await pull(roster({ 'manifest.csv': manifest({ results: 'absent' }), 'results.csv': null }));
    expect(closings.results).toBeUndefined();
  });

  test('a file the manifest promises and that is not there ends nothing', async () => {
    const { problems, closings } = await pull(roster({ 'results.csv': null }));
    expect(one(problems)).toMatchObject({ code: 'file_missing', entity: 'results', file: 'results.csv', line: null });
    expect(closings.results).toMatchObject({ complete: false, because: 'file_missing' });
  });

  test('a file with a header and no rows is an empty listing, and warned of', async () => {
    const { warnings, closings } = await pull(rosterWith('results', []));
    expect(one(warnings)).toMatchObject({ code: 'no_rows', file: 'results.csv' });
    expect(closings.results).toMatchObject({ complete: true });
  });

  test('an empty file, without even a header, is one too', async () => {
    const { warnings } = await pull(roster({ 'results.csv': '' }));
    expect(codes(warnings)).toContain('no_rows');
  });

  test('a 1.0 set has no manifest: every file is a full listing', async () => {
    const { closings } = await pull(roster({ 'manifest.csv': null }));
    expect(closings.users).toMatchObject({ complete: true });
  });

  test('a file the manifest is silent about is read, and ends nothing', async () => {
    const silent = manifest().replace('file.users,bulk\n', '');
    const { warnings, closings, rows } = await pull(roster({ 'manifest.csv': silent }));
    expect(codes(warnings)).toContain('manifest_silent');
    expect(rows.users).toHaveLength(4);
    expect(closings.users).toMatchObject({ complete: false });
  });

  test('a file the manifest calls absent is not read', async () => {
    const { warnings, rows, closings } = await pull(roster({ 'manifest.csv': manifest({ results: 'absent' }) }));
    expect(codes(warnings)).toEqual(['file_said_absent']);
    expect(rows.results).toEqual([]);
    expect(closings.results).toBeUndefined();
  });

  test('manifest.version 1 will do', async () => {
    const { warnings } = await pull(roster({ 'manifest.csv': manifest().replace('manifest.version,1.0', 'manifest.version,1') }));
    expect(warnings).toEqual([]);
  });

  test('file names in another case are found, with a warning', async () => {
    const files = roster({ 'enrollments.csv': null, 'Enrollments.CSV': text('enrollments') });
    const { warnings, rows } = await pull(files);
    expect(codes(warnings)).toEqual(['file_spelling']);
    expect(rows.enrollments).toHaveLength(3);
  });

  test('files nobody asked for do not disturb', async () => {
    const { warnings, problems } = await pull(roster({ 'userprofiles.csv': 'a\n', 'courseResourses.csv': 'a\n', 'notes.txt': 'hello' }));
    expect([...warnings, ...problems]).toEqual([]);
  });

  test('files in a folder inside the zip are found, with a warning', async () => {
    const nested = Object.fromEntries(Object.entries(roster()).map(([name, content]) => [`export/${name}`, content]));
    const { warnings, rows } = await pullFrom('oneroster-csv', { path: await zip(nested) });
    expect(codes(warnings)).toEqual(['files_nested']);
    expect(rows.users).toHaveLength(4);
  });

  test('a folder without any OneRoster file is refused', async () => {
    await expect(pull({ 'readings.csv': 'a,b\n1,2\n' })).rejects.toMatchObject({
      code: 'source_contract_broken',
      hint: expect.any(String),
    });
  });
});

describe('delta files', () => {
  const deltaEnrollments = (...rows: string[]) =>
    pull(roster({ 'manifest.csv': manifest({ enrollments: 'delta' }), 'enrollments.csv': text('enrollments', rows) }));

  test('bring rows and removals, and absence from them means nothing', async () => {
    const { rows, removed, closings } = await deltaEnrollments(
      'e1,active,2026-09-01T10:00:00Z,c1,s1,tea1,teacher,true,,',
      'e2,tobedeleted,2026-09-01T10:00:00Z,,,,,,,',
    );
    expect(rows.enrollments.map((row) => row.sourcedId)).toEqual(['e1']);
    expect(removed.enrollments).toEqual(['e2']);
    expect(closings.enrollments).toEqual({ type: 'closing', entity: 'enrollments', complete: false, because: 'delta' });
  });

  test('a blank status is read as active, with a warning', async () => {
    const { rows, warnings } = await deltaEnrollments('e1,,,c1,s1,tea1,teacher,true,,');
    expect(rows.enrollments).toHaveLength(1);
    expect(codes(warnings)).toEqual(['status_blank']);
  });

  test('a status nobody knows is a problem: neither added nor removed', async () => {
    const { rows, problems } = await deltaEnrollments('e1,retired,,c1,s1,tea1,teacher,true,,');
    expect(rows.enrollments).toEqual([]);
    expect(one(problems)).toMatchObject({ code: 'status_unreadable', sourcedId: 'e1', field: 'status', line: 2 });
  });

  test('a removed user takes the roles and pairs of its row along', async () => {
    const rows = ['mom1,tobedeleted,,true,s1,parent,,,Carmen,Dyer,,,,,,"stu1,stu2",,'];
    const { removed } = await pull(roster({ 'manifest.csv': manifest({ users: 'delta' }), 'users.csv': text('users', rows) }));
    expect(removed).toEqual({ users: ['mom1'], roles: ['mom1/s1/parent'], guardianships: ['mom1|stu1', 'mom1|stu2'] });
  });
});

describe('status in a bulk file', () => {
  test('is said once for the file, however many rows have it', async () => {
    const rows = rowsOf('enrollments').map((row) => row.replace(/,,,/, ',active,2026-01-01T00:00:00Z,'));
    const { warnings, rows: read } = await pull(rosterWith('enrollments', rows));
    expect(read.enrollments).toHaveLength(3);
    expect(one(warnings)).toMatchObject({ code: 'status_in_bulk', message: expect.stringContaining('(3 rows)') });
  });

  test('tobedeleted there is a removal', async () => {
    const { removed, warnings } = await pull(
      rosterWith('enrollments', [...rowsOf('enrollments').slice(0, 2), 'e3,ToBeDeleted,,c1,s1,stu2,student,,,']),
    );
    expect(removed.enrollments).toEqual(['e3']);
    expect(codes(warnings)).toEqual(['status_in_bulk']);
  });
});

describe('headers', () => {
  test.each<[FileName, string, string, string]>([
    ['users', 'userIds', 'userId', 'userIds'],
    ['users', 'agentSourcedIds', 'agents', 'agentSourcedIds'],
    ['users', 'grades', 'grade', 'grades'],
    ['courses', 'schoolYearSourcedId', 'schoolYearId', 'schoolYearSourcedId'],
    ['enrollments', 'dateLastModified', 'dataLastModified', 'dateLastModified'],
    ['enrollments', 'sourcedId', 'SourcedID', 'sourcedId'],
  ])('%s: %s spelt %s is understood, with one warning', async (name, column, written, field) => {
    const head = header(name).replace(column, written);
    const plain = await pull(roster());
    const { warnings, rows } = await pull(rosterWith(name, rowsOf(name), head));
    expect(rows[name]).toEqual(plain.rows[name]);
    expect(one(warnings)).toMatchObject({ code: 'header_spelling', field, line: 1 });
  });

  test('prefferedGivenName is a preferred given name', async () => {
    const { rows } = await pull(rosterWith('users', [`${teacher},Teddy`], `${header('users')},prefferedGivenName`));
    expect(rows.users[0]?.preferredGivenName).toBe('Teddy');
  });

  test('columns out of order are found by name', async () => {
    const { rows, warnings } = await pull(rosterWith('orgs', ['District One,d1,district'], 'name,sourcedId,type'));
    expect(rows.orgs[0]).toMatchObject({ sourcedId: 'd1', name: 'District One', type: 'district' });
    expect(codes(warnings)).toEqual(['columns_out_of_order']);
  });

  test('columns of extensions are passed over in silence, unknown ones with a word', async () => {
    const quiet = await pull(rosterWith('orgs', ['d1,,,D,district,,,x,y'], `${header('orgs')},metadata.city,ext_code`));
    expect(quiet.warnings).toEqual([]);
    const loud = await pull(rosterWith('orgs', ['d1,,,D,district,,,x'], `${header('orgs')},favouriteColour`));
    expect(one(loud.warnings)).toMatchObject({ code: 'column_unknown', field: 'column 8' });
  });

  test('empty and repeated headers do no harm', async () => {
    const { rows, warnings } = await pull(rosterWith('orgs', ['d1,,,D,district,,,again,,'], `${header('orgs')},name,,`));
    expect(rows.orgs[0]?.name).toBe('D');
    expect(codes(warnings).sort()).toEqual(['header_duplicate', 'header_empty']);
  });

  test('a file without the id column is given up row by row, and ends nothing', async () => {
    const { problems, closings, warnings } = await pull(
      rosterWith('enrollments', rowsOf('enrollments'), header('enrollments').replace('sourcedId', 'id')),
    );
    expect(codes(problems)).toEqual(['column_missing', 'column_missing', 'column_missing']);
    expect(codes(warnings)).toContain('column_missing');
    expect(closings.enrollments).toMatchObject({ complete: false, because: 'unreadable_ids' });
  });

  test('a file without a header never has its first person quoted', async () => {
    const { problems, warnings } = await pull(roster({ 'users.csv': `${rowsOf('users').join('\n')}\n` }));
    expect(JSON.stringify([problems, warnings])).not.toMatch(/Dyer|Carmen|example\.org/);
  });
});

describe('values', () => {
  const session = (start: string, end = '2027-05-28') =>
    pull(rosterWith('academicSessions', [`t1,,,Year,schoolYear,${start},${end},,2027`]));

  test.each([
    ['1/05/2026', '2026-01-05'],
    ['13/05/2026', '2026-05-13'],
    ['2026-01-05T00:00:00.000Z', '2026-01-05'],
    ['20260105', '2026-01-05'],
    ['2026/1/5', '2026-01-05'],
  ])('the date %s is understood, with a warning', async (written, meant) => {
    const { rows, warnings } = await session(written);
    expect(rows.academicSessions[0]?.startDate).toBe(meant);
    expect(one(warnings)).toMatchObject({ code: 'date_spelling', field: 'startDate', line: 2 });
  });

  test.each(['2026-02-30', 'soon', '2026-13-01', '0000-00-00'])('the date %s is left empty, with a warning', async (written) => {
    const { rows, warnings } = await session(written);
    expect(rows.academicSessions[0]?.startDate).toBeNull();
    expect(one(warnings)).toMatchObject({ code: 'date_unreadable', sourcedId: 't1' });
  });

  test.each(['TRUE', 'True', '1', 'yes'])('the truth value %s is true, with a warning', async (written) => {
    const { rows, warnings } = await pull(rosterWith('users', [teacher.replace('true', written)]));
    expect(rows.users[0]?.enabledUser).toBe(true);
    expect(codes(warnings)).toEqual(['boolean_spelling']);
  });

  test('whether an account is enabled is never guessed', async () => {
    const { rows, problems } = await pull(rosterWith('users', [teacher.replace('true', 'perhaps')]));
    expect(rows.users).toEqual([]);
    expect(one(problems)).toMatchObject({ code: 'boolean_unreadable', field: 'enabledUser', sourcedId: 'tea1' });
  });

  test('Scheduled is scheduled, and a word of no vocabulary is kept', async () => {
    const klass = (type: string) => pull(rosterWith('classes', [`c1,,,Grade 3 A,03,co1,3A,${type},,s1,t1,,,`]));
    expect((await klass('Scheduled')).rows.classes[0]?.classType).toBe('scheduled');
    expect(codes((await klass('Scheduled')).warnings)).toEqual(['word_spelling']);
    expect((await klass('club')).rows.classes[0]?.classType).toBe('club');
    expect(codes((await klass('club')).warnings)).toEqual(['word_unknown']);
  });

  test.each([
    ['Third grade', '03'],
    ['3', '03'],
    ['Kindergarten', 'KG'],
    ['Preschool/Prekindergarten', 'PK'],
    ['Grade 11', '11'],
    ['Ungraded', 'UG'],
    ['Sunshine', 'Sunshine'],
  ])('the grade %s is %s', async (written, meant) => {
    const { rows } = await pull(rosterWith('users', [`stu1,,,true,s1,student,,,Ana,Dyer,,,,,,,${written},`]));
    expect(rows.users[0]?.grades).toEqual([meant]);
  });

  test('a score that is a word is kept as a word', async () => {
    const { rows, warnings } = await pull(rosterWith('results', ['r1,,,l1,stu1,fully graded,B+,2026-09-03,']));
    expect(rows.results[0]).toMatchObject({ score: null, textScore: 'B+' });
    expect(codes(warnings)).toEqual(['score_is_text']);
  });

  test('line breaks and doubled quotes inside quotes are kept', async () => {
    const { rows, warnings } = await pull(
      rosterWith('lineItems', ['l1,,,"Words\nand ""more""",,2026-09-01,2026-09-05,c1,,t1,0,100', 'l2,,,Next,,,,c1,,t1,,']),
    );
    expect(rows.lineItems.map(({ title, line }) => ({ title, line }))).toEqual([
      { title: 'Words\nand "more"', line: 2 },
      { title: 'Next', line: 4 },
    ]);
    expect(codes(warnings)).toEqual(['line_break_in_field']);
  });

  test('a NUL in a name is taken out, one in an id makes the row unusable', async () => {
    const named = await pull(rosterWith('orgs', ['d1,,,Dis\0trict,district,,']));
    expect(named.rows.orgs[0]?.name).toBe('District');
    expect(codes(named.warnings)).toEqual(['nul_removed']);
    const marked = await pull(rosterWith('orgs', ['d\x001,,,District,district,,']));
    expect(one(marked.problems)).toMatchObject({ code: 'id_unreadable', sourcedId: null });
    expect(marked.closings.orgs).toMatchObject({ complete: false });
  });

  test('a field beyond any sense gives up its row alone', async () => {
    const { rows, problems } = await pull(rosterWith('orgs', [`d1,,,${'x'.repeat(20_000)},district,,`, 's1,,,Elm,school,,']));
    expect(one(problems)).toMatchObject({ code: 'field_too_long', sourcedId: 'd1', field: 'name', line: 2 });
    expect(rows.orgs.map((org) => org.sourcedId)).toEqual(['s1']);
  });

  test('so does a line of megabytes, and the lines keep their numbers', async () => {
    const { rows, problems, closings } = await pull(rosterWith('orgs', [`d1,,,${'x'.repeat(3_000_000)},district,,`, 's1,,,Elm,school,,']));
    expect(one(problems)).toMatchObject({ code: 'row_too_large', line: 2 });
    expect(rows.orgs).toMatchObject([{ sourcedId: 's1', line: 3 }]);
    expect(closings.orgs).toMatchObject({ complete: false });
  });
});

describe('encodings', () => {
  const orgs = (name: Buffer) =>
    roster({ 'orgs.csv': Buffer.concat([Buffer.from(`${header('orgs')}\nd1,,,`), name, Buffer.from(',district,,\n')]) });

  test('a byte order mark is not part of the first header', async () => {
    const { rows, warnings } = await pull(roster({ 'orgs.csv': `\uFEFF${text('orgs')}` }));
    expect(rows.orgs).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  test('Windows-1252 is understood, with a warning', async () => {
    const { rows, warnings } = await pull(orgs(Buffer.from('Peña', 'latin1')));
    expect(rows.orgs[0]?.name).toBe('Peña');
    expect(one(warnings)).toMatchObject({ code: 'encoding_repaired', line: 2 });
  });

  test('but an id is not repaired: it could be another one', async () => {
    const bytes = Buffer.concat([Buffer.from(`${header('orgs')}\nd`), Buffer.from([0xf1]), Buffer.from('1,,,District,district,,\n')]);
    const { problems, closings } = await pull(roster({ 'orgs.csv': bytes }));
    expect(one(problems)).toMatchObject({ code: 'id_unreadable', sourcedId: null, line: 2 });
    expect(closings.orgs).toMatchObject({ complete: false, because: 'unreadable_ids' });
  });

  test('UTF-8 beyond ASCII is not touched', async () => {
    const { rows, warnings } = await pull(orgs(Buffer.from('學校 Peña 🏫')));
    expect(rows.orgs[0]?.name).toBe('學校 Peña 🏫');
    expect(warnings).toEqual([]);
  });

  test('UTF-16 is refused in words', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text('orgs'), 'utf16le')]);
    await expect(pull(roster({ 'orgs.csv': bytes }))).rejects.toMatchObject({
      code: 'source_contract_broken',
      message: expect.stringContaining('orgs.csv'),
      hint: expect.stringContaining('UTF-8'),
    });
  });

  test.each([
    ['\r\n', []],
    ['\r', []],
  ])('line ends %j are line ends', async (end, warned) => {
    const { rows, warnings } = await pull(roster({ 'orgs.csv': text('orgs').replaceAll('\n', end) }));
    expect(rows.orgs.map((org) => org.line)).toEqual([2, 3]);
    expect(codes(warnings)).toEqual(warned);
  });

  test('semicolons for commas are understood, with a warning', async () => {
    const { rows, warnings } = await pull(roster({ 'orgs.csv': text('orgs').replaceAll(',', ';') }));
    expect(rows.orgs).toHaveLength(2);
    expect(codes(warnings)).toEqual(['delimiter']);
  });
});

describe('rows', () => {
  test('a short row is read as far as it goes, said once for the file', async () => {
    const { rows, warnings } = await pull(rosterWith('enrollments', ['e1,,,c1,s1,tea1,teacher', 'e2,,,c1,s1,stu1,student']));
    expect(rows.enrollments).toHaveLength(2);
    expect(one(warnings)).toMatchObject({ code: 'row_short', message: expect.stringContaining('(2 rows)') });
  });

  test('a long row whose surplus is empty is kept', async () => {
    const { rows, warnings } = await pull(rosterWith('orgs', ['d1,,,District,district,,,,']));
    expect(rows.orgs).toHaveLength(1);
    expect(codes(warnings)).toEqual(['row_long']);
  });

  test('a comma that should have been quoted gives up its row alone', async () => {
    const { rows, problems, closings } = await pull(rosterWith('orgs', ['d1,,,District, One,district,,', 's1,,,Elm,school,,']));
    expect(one(problems)).toMatchObject({ code: 'row_too_long', sourcedId: 'd1', line: 2 });
    expect(rows.orgs).toHaveLength(1);
    expect(closings.orgs).toMatchObject({ complete: true });
  });

  test('two rows on one line: the second has lost its id, so nothing is ended', async () => {
    const { problems, closings } = await pull(rosterWith('orgs', ['d1,,,District,district,,s1,,,Elm,school,,']));
    expect(one(problems)).toMatchObject({ code: 'row_too_long', sourcedId: 'd1' });
    expect(closings.orgs).toMatchObject({ complete: false, because: 'unreadable_ids' });
  });

  test('a blank id is a problem, and absence from the file proves nothing any more', async () => {
    const { problems, closings } = await pull(rosterWith('orgs', [',,,Lost,school,,', 's1,,,Elm,school,,']));
    expect(one(problems)).toMatchObject({ code: 'id_blank', sourcedId: null, line: 2, field: 'sourcedId' });
    expect(closings.orgs).toMatchObject({ complete: false, because: 'unreadable_ids' });
  });

  test('blank lines are no rows', async () => {
    const { rows, problems } = await pull(rosterWith('orgs', ['', 'd1,,,District,district,,', '   ', '']));
    expect(rows.orgs).toMatchObject([{ sourcedId: 'd1', line: 3 }]);
    expect(problems).toEqual([]);
  });

  test('a reference that must be there and is not gives up the row, which stays known', async () => {
    const { problems, closings } = await pull(rosterWith('enrollments', ['e1,,,,s1,tea1,teacher,,,']));
    expect(one(problems)).toMatchObject({ code: 'required_blank', sourcedId: 'e1', field: 'classSourcedId', line: 2 });
    expect(closings.enrollments).toMatchObject({ complete: true });
  });

  test('a user given up takes no role and no family link away', async () => {
    const { problems, closings } = await pull(
      rosterWith('users', [...rowsOf('users').slice(0, 3), 'mom1,,,perhaps,s1,parent,,,Carmen,Dyer,,,,,,stu1,,']),
    );
    expect(one(problems)).toMatchObject({ entity: 'users', sourcedId: 'mom1' });
    expect(closings.users).toMatchObject({ complete: true });
    expect(closings.roles).toMatchObject({ complete: false, because: 'unreadable_ids' });
    expect(closings.guardianships).toMatchObject({ complete: false, because: 'unreadable_ids' });
  });

  test('a file cut off in the middle of its last row ends nothing', async () => {
    const { warnings, closings } = await pull(roster({ 'enrollments.csv': text('enrollments').slice(0, -30) }));
    expect(codes(warnings)).toContain('file_truncated');
    expect(closings.enrollments).toMatchObject({ complete: false, because: 'interrupted' });
  });

  test('a quote that never closes costs its own line only', async () => {
    const { rows, problems, closings } = await pull(
      rosterWith('orgs', ['d1,,,"District,district,,', 's1,,,Elm,school,,', 's2,,,Oak,school,,']),
    );
    expect(one(problems)).toMatchObject({ code: 'quote_broken', sourcedId: 'd1', line: 2 });
    expect(rows.orgs).toMatchObject([
      { sourcedId: 's1', line: 3 },
      { sourcedId: 's2', line: 4 },
    ]);
    expect(closings.orgs).toMatchObject({ complete: true });
  });

  test('two stray quotes do not swallow the row between them', async () => {
    const { rows, problems } = await pull(rosterWith('orgs', ['d1,,,"District,district,,', 's1,,,Elm,school,,', 's2,,,Oak",school,,']));
    expect(problems.map((problem) => problem.sourcedId)).toEqual(['d1']);
    expect(rows.orgs.map((org) => org.sourcedId)).toEqual(['s1', 's2']);
  });

  test('quotes inside a quoted field that were not doubled are understood on one line', async () => {
    const { rows, warnings } = await pull(rosterWith('orgs', ['d1,,,"The "Elm" School",school,,']));
    expect(rows.orgs[0]?.name).toBe('The "Elm" School');
    expect(codes(warnings)).toEqual(['quote_undoubled']);
  });
});

describe('reports', () => {
  test('a warning of many places names twenty of them and counts the rest', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => `e${n},,,c1,s1,stu1,student,false,soon,`);
    const { warnings } = await pull(rosterWith('enrollments', rows));
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)?.message).toContain('and 30 more');
  });

  test('problems are never summed up', async () => {
    const rows = Array.from({ length: 5000 }, (_, n) => `e${n},,,,s1,stu1,student,false,,`);
    const { problems } = await pull(rosterWith('enrollments', rows));
    expect(problems).toHaveLength(5000);
  });

  test('a large file comes in batches, each row once, with its line', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => `e${n},,,c1,s1,"stu${n}",student,false,2026-08-17,`);
    const { items, rows: read } = await pull(rosterWith('enrollments', rows));
    expect(Math.max(...items.map((item) => (item.type === 'batch' ? item.rows.length : 0)))).toBeLessThanOrEqual(2000);
    expect(read.enrollments.map((row) => row.sourcedId)).toEqual(rows.map((_, n) => `e${n}`));
    expect(read.enrollments.every((row, n) => row.line === n + 2)).toBe(true);
  });
});

describe('files that say more of line items', () => {
  const scales = (values: string, status = '') =>
    `sourcedId,status,dateLastModified,title,type,orgSourcedId,courseSourcedId,classSourcedId,scoreScaleValue\nsc,${status},,Levels,,,,c1,"${values}"\n`;
  const links = 'sourcedId,status,dateLastModified,title,lineItemSourcedId,scoreScaleSourcedId\nx,,,,l1,sc\ny,,,,l2,nobody\n';
  const learning = [
    'sourcedId,status,dateLastModified,lineItemSourcedId,source,learningObjectiveId',
    'a,,,l1,unknown,RF.1.3',
    'b,,,l1,case,0a1b2c3d-0000-4000-8000-000000000001',
    'c,tobedeleted,,l1,unknown,RF.1.4',
    'd,,,l1,unknown,',
    '',
  ].join('\n');
  const words = 'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,textScore';
  const set = (mode: 'bulk' | 'delta' = 'bulk', values = '{2-3:Nearly},{0-1:Not yet},{4-5:Got it}') =>
    roster({
      'manifest.csv': manifest({ scoreScales: mode, lineItemScoreScales: mode, lineItemLearningObjectiveIds: mode }, '1.2'),
      'scoreScales.csv': scales(values),
      'lineItemScoreScales.csv': links,
      'lineItemLearningObjectiveIds.csv': learning,
      'results.csv': text('results', ['r1,,,l1,stu1,fully graded,,2026-09-03,,nearly', 'r2,,,l1,stu2,fully graded,5,2026-09-03,,'], words),
    });

  test('are read with them: the words of a scale, a score for its word, and what is learnt', async () => {
    const { rows, problems, warnings } = await pull(set());
    expect([problems, codes(warnings)]).toEqual([[], []]);
    expect(one(rows.lineItems)).toMatchObject({
      levels: ['0 Not yet', '2 Nearly', '4 Got it'],
      objectives: ['case:0a1b2c3d-0000-4000-8000-000000000001', 'unknown:RF.1.3'],
    });
    expect(rows.results).toMatchObject([
      { score: 2, textScore: 'nearly' },
      { score: 5, textScore: null },
    ]);
  });

  test('count only as full listings, and a scale from words to words orders nothing', async () => {
    const [delta, worded] = [await pull(set('delta')), await pull(set('bulk', '{good:fair}'))];
    expect([delta.rows.lineItems[0]?.levels ?? null, delta.rows.lineItems[0]?.objectives ?? null]).toEqual([null, null]);
    expect(worded.rows.lineItems[0]?.levels).toBeNull();
    expect(worded.rows.results[0]).toMatchObject({ score: null, textScore: 'nearly' });
  });

  test('are named by the check', async () => {
    const connector = connectorFor('oneroster-csv');
    const { ok, findings } = await connector.check(connector.settings.parse({ path: folder(set()) }));
    expect([ok, findings.map((finding) => finding.text).join('\n')]).toEqual([
      true,
      expect.stringContaining('scoreScales.csv, lineItemScoreScales.csv'),
    ]);
  });

  test('make another set when they alone change', async () => {
    const connector = connectorFor('oneroster-csv');
    const print = (files: Files) => connector.fingerprint(connector.settings.parse({ path: folder(files) }));
    expect(await print(set())).toBe(await print(set()));
    expect(await print(set('bulk', '{0:No},{3:Yes}'))).not.toBe(await print(set()));
  });
});

test('the preview of a check shows nobody’s name or address', async () => {
  const connector = connectorFor('oneroster-csv');
  const report = await connector.check(connector.settings.parse({ path: folder(roster()) }));
  const users = report.preview?.find(({ entity }) => entity === 'users')?.rows ?? [];
  expect(users.length).toBeGreaterThan(0);
  for (const user of users) {
    expect(user).toHaveProperty('sourcedId');
    for (const field of ['givenName', 'familyName', 'username', 'email']) expect(user).not.toHaveProperty(field);
  }
});
