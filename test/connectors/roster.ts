/** A small OneRoster 1.1 set: one school, one class, one teacher, two children and a mother. */
import type { Files } from './sets.ts';

const heads = {
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  academicSessions: 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  courses: 'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  users:
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
  enrollments: 'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
  lineItems:
    'sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,gradingPeriodSourcedId,resultValueMin,resultValueMax',
  results: 'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment',
} as const;
export type FileName = keyof typeof heads;

export const header = (name: FileName): string => heads[name];

const rows: Record<FileName, string[]> = {
  orgs: ['d1,,,District One,district,D1,', 's1,,,Elm School,school,S1,d1'],
  academicSessions: ['t1,,,2026-2027,schoolYear,2026-08-17,2027-05-28,,2027'],
  courses: ['co1,,,t1,Grade 3,G3,03,s1,,'],
  classes: ['c1,,,Grade 3 A,03,co1,3A,homeroom,R1,s1,t1,"Reading, Math",,1'],
  users: [
    'tea1,,,true,s1,teacher,tea1,,Tea,Cher,,,tea1@example.org,,,,,',
    'stu1,,,true,s1,student,stu1,{studentUniqueId:1001},Ana,Dyer,,1001,,,,mom1,03,',
    'stu2,,,true,s1,student,stu2,"{studentUniqueId:1002},{LDAP:stu2}",Ben,Dyer,,1002,,,,mom1,03,',
    'mom1,,,true,s1,parent,,,Carmen,Dyer,,,mom1@example.org,,,"stu1,stu2",,',
  ],
  enrollments: [
    'e1,,,c1,s1,tea1,teacher,true,2026-08-17,2027-05-28',
    'e2,,,c1,s1,stu1,student,false,2026-08-17,2027-05-28',
    'e3,,,c1,s1,stu2,student,false,2026-08-17,2027-05-28',
  ],
  lineItems: ['l1,,,Words,,2026-09-01,2026-09-05,c1,,t1,0,100'],
  results: ['r1,,,l1,stu1,fully graded,31,2026-09-03,', 'r2,,,l1,stu2,fully graded,0,2026-09-03,'],
};

export const rowsOf = (name: FileName): readonly string[] => rows[name];
export const text = (name: FileName, own: readonly string[] = rows[name], head: string = heads[name]): string =>
  `${[head, ...own].join('\n')}\n`;

export type Mode = 'absent' | 'bulk' | 'delta';

export function manifest(modes: Partial<Record<string, Mode>> = {}, version = '1.1'): string {
  const lines = Object.entries({ ...Object.fromEntries(Object.keys(heads).map((name) => [name, 'bulk'])), ...modes });
  return [
    'propertyName,value',
    'manifest.version,1.0',
    `oneroster.version,${version}`,
    ...lines.map(([name, mode]) => `file.${name},${mode}`),
    '',
  ].join('\n');
}

/** The whole set, with some files replaced; null leaves one out. */
export function roster(own: Record<string, string | Buffer | null> = {}): Files {
  const all = Object.fromEntries((Object.keys(heads) as FileName[]).map((name) => [`${name}.csv`, text(name)])); // the keys are the names
  const files: Record<string, string | Buffer | null> = { 'manifest.csv': manifest(), ...all, ...own };
  return Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string | Buffer] => entry[1] !== null));
}

/** The set with one file's rows, or header, replaced. */
export const rosterWith = (name: FileName, own: readonly string[], head?: string): Files =>
  roster({ [`${name}.csv`]: text(name, own, head) });
