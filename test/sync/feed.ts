/** A small school as a OneRoster 1.1 folder, written anew for each night of a test. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Child = { id: string; class: string; given?: string; grade?: string; agents?: string[] };

export type School = {
  children: Child[];
  guardians?: { id: string; userIds?: string }[];
  /** classes that are there even without children */
  classes?: string[];
};

/** `n` children spread over classes of `size`: c1 … in k1 …, each with a guardian g1 … . */
export function school(n: number, size = 10): School {
  const children = Array.from({ length: n }, (_, i) => ({ id: `c${i + 1}`, class: `k${Math.floor(i / size) + 1}`, agents: [`g${i + 1}`] }));
  return { children, guardians: children.map((_, i) => ({ id: `g${i + 1}` })) };
}

const quote = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
export const csv = (rows: string[][]) => `${rows.map((row) => row.map(quote).join(',')).join('\n')}\n`;

const userHeader =
  'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password';

/** The files by name; a test may change any before `write`. */
export function files(of: School): Record<string, string> {
  const classes = [...new Set([...of.children.map((child) => child.class), ...(of.classes ?? [])])].sort();
  const user = (id: string, role: string, given: string, extra: { agents?: string; userIds?: string; grade?: string } = {}) => [
    id,
    '',
    '',
    'true',
    's1',
    role,
    id,
    extra.userIds ?? '',
    given,
    'Test',
    '',
    `n-${id}`,
    '',
    '',
    '',
    extra.agents ?? '',
    extra.grade ?? '',
    '',
  ];
  return {
    'manifest.csv': csv([
      ['propertyName', 'value'],
      ['manifest.version', '1.0'],
      ['oneroster.version', '1.1'],
      ...['academicSessions', 'orgs', 'courses', 'classes', 'users', 'enrollments'].map((name) => [`file.${name}`, 'bulk']),
    ]),
    'orgs.csv': csv([
      'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId'.split(','),
      ['d1', '', '', 'District', 'district', '', ''],
      ['s1', '', '', 'School', 'school', '', 'd1'],
    ]),
    'academicSessions.csv': csv([
      'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear'.split(','),
      ['y1', '', '', '2026-2027', 'schoolYear', '2026-08-17', '2027-05-28', '', '2027'],
    ]),
    'courses.csv': csv([
      'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes'.split(','),
      ['o1', '', '', 'y1', 'Reading', 'R', '02', 's1', '', ''],
    ]),
    'classes.csv': csv([
      'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods'.split(
        ',',
      ),
      ...classes.map((id) => [id, '', '', `Class ${id}`, '02', 'o1', '', 'homeroom', '', 's1', 'y1', '', '', '']),
    ]),
    'users.csv': csv([
      userHeader.split(','),
      user('t1', 'teacher', 'Terry'),
      ...of.children.map((child) =>
        user(child.id, 'student', child.given ?? 'Kim', { agents: (child.agents ?? []).join(','), grade: child.grade ?? '02' }),
      ),
      ...(of.guardians ?? []).map((guardian) => user(guardian.id, 'parent', 'Gale', guardian.userIds ? { userIds: guardian.userIds } : {})),
    ]),
    'enrollments.csv': csv([
      'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate'.split(','),
      ...classes.map((id) => [`e-t1-${id}`, '', '', id, 's1', 't1', 'teacher', 'true', '', '']),
      ...of.children.map((child) => [`e-${child.id}-${child.class}`, '', '', child.class, 's1', child.id, 'student', '', '', '']),
    ]),
  };
}

export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'aptt-feed-'));
}

export function write(to: string, content: Record<string, string>): void {
  for (const [name, text] of Object.entries(content)) writeFileSync(join(to, name), text);
}
