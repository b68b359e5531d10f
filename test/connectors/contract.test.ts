import { connectorFor } from '../../connectors/registry.ts';
import { conformsToTheContract } from '../conformance/connector.ts';
import { roster, rosterWith, rowsOf } from './roster.ts';
import { file, folder, removeSets, zip } from './sets.ts';

afterAll(removeSets);

const enrollments = rowsOf('enrollments');

conformsToTheContract({
  kind: 'oneroster-csv in a folder',
  connector: connectorFor('oneroster-csv'),
  good: async () => ({ settings: { path: folder(roster()) }, rows: 2 + 1 + 1 + 1 + 4 + 4 + 3 + 4 + 1 + 2 }),
  spoilt: async () => ({ path: folder(rosterWith('enrollments', [...enrollments.slice(0, 2), 'e3,,,,s1,stu2,student,false,,'])) }),
  changed: async () => ({
    path: folder(rosterWith('enrollments', [...enrollments.slice(0, 2), 'e3,,,c1,s1,stu2,student,false,2026-08-18,2027-05-28'])),
  }),
  gone: () => ({ path: '/nowhere/roster' }),
});

conformsToTheContract({
  kind: 'oneroster-csv in a zip',
  connector: connectorFor('oneroster-csv'),
  good: async () => ({ settings: { path: await zip(roster()) }, rows: 2 + 1 + 1 + 1 + 4 + 4 + 3 + 4 + 1 + 2 }),
  spoilt: async () => ({ path: await zip(rosterWith('results', ['r1,,,l1,,fully graded,31,2026-09-03,'])) }),
  changed: async () => ({ path: await zip(rosterWith('results', ['r1,,,l1,stu1,fully graded,32,2026-09-03,'])) }),
  gone: () => ({ path: '/nowhere/roster.zip' }),
});

const sds = (...enrollments: string[]) =>
  folder({
    'orgs.csv': 'sourcedId,name,type,parentSourcedId\ns1,Elm School,school,\n',
    'users.csv': 'sourcedId,username,givenName,familyName\nstu1,,Ana,Dyer\nmom1,,Carmen,Dyer\n',
    'roles.csv': 'userSourcedId,orgSourcedId,role,grade\nstu1,s1,student,3\n',
    'classes.csv': 'sourcedId,orgSourcedId,title\nc1,s1,Grade 3 A\n',
    'enrollments.csv': ['classSourcedId,userSourcedId,role', ...enrollments, ''].join('\n'),
    'relationships.csv': 'userSourcedId,relationshipUserSourcedId,relationshipRole\nstu1,mom1,guardian\n',
  });

conformsToTheContract({
  kind: 'sds-csv',
  connector: connectorFor('sds-csv'),
  good: async () => ({ settings: { path: sds('c1,stu1,student') }, rows: 1 + 2 + 1 + 1 + 1 + 1 }),
  spoilt: async () => ({ path: sds('c1,,student') }),
  changed: async () => ({ path: sds('c1,stu2,student') }),
  gone: () => ({ path: '/nowhere/sds' }),
});

const contacts = (...rows: string[]) =>
  file('contacts.csv', ['studentUniqueId,contactUniqueId,givenName,familyName,relation,primaryContact', ...rows, ''].join('\n'));

conformsToTheContract({
  kind: 'contacts-csv',
  connector: connectorFor('contacts-csv'),
  good: async () => ({ settings: { path: contacts('1001,7,Carmen,Dyer,Mother,true', '1002,7,Carmen,Dyer,Mother,true') }, rows: 2 + 1 + 1 }),
  spoilt: async () => ({ path: contacts('1001,7,Carmen,Dyer,Mother,true', ',7,Carmen,Dyer,Mother,true') }),
  changed: async () => ({ path: contacts('1001,7,Carmen,Dyer,Mother,true', '1002,7,Carmen,Dyer,Mother,false') }),
  gone: () => ({ path: '/nowhere/contacts.csv' }),
});

const scores = (...rows: string[]) =>
  file(
    'dibels.csv',
    [
      'School Year,Benchmark Period,Reading Fluency (ORF) - Level,Reading Fluency (ORF) - Score,Client Date,Student Primary ID',
      ...rows,
      '',
    ].join('\n'),
  );

conformsToTheContract({
  kind: 'assessment-csv',
  connector: connectorFor('assessment-csv'),
  good: async () => ({
    settings: { path: scores('2026-2027,BOY,At Benchmark,52,2026-09-10,1001', '2026-2027,BOY,,0,2026-09-10,1002') },
    rows: 1 + 1 + 2,
  }),
  spoilt: async () => ({ path: scores('2026-2027,BOY,At Benchmark,52,2026-09-10,1001', '2026-2027,BOY,,,2026-09-10,') }),
  changed: async () => ({ path: scores('2026-2027,BOY,At Benchmark,53,2026-09-10,1001', '2026-2027,BOY,,0,2026-09-10,1002') }),
  gone: () => ({ path: '/nowhere/scores' }),
});
