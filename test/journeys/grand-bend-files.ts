/** Answers of a real OneRoster 1.2 server, written as the CSV set they stand for. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csv } from '../sync/feed.ts';

type Ref = { sourcedId: string };
type Item = Record<string, unknown> & { sourcedId: string };
type User = Item & {
  userIds?: { type: string; identifier: string }[];
  roles: { roleType: string; role: string; org: Ref }[];
  grades?: string[];
};

/** Writes what is read here: orgs, academicSessions, courses, classes, users, roles, enrollments. */
export function writeOneRoster(from: string, to: string): void {
  const read = <T extends Item>(name: string) =>
    (JSON.parse(readFileSync(join(from, `${name}.json`), 'utf8')) as Record<string, T[]>)[name] ?? [];
  const text = (value: unknown) => (Array.isArray(value) ? value.join(',') : String(value ?? ''));
  const ref = (value: unknown) =>
    Array.isArray(value) ? value.map((one: Ref) => one.sourcedId).join(',') : ((value as Ref | undefined)?.sourcedId ?? '');
  const write = (name: string, columns: string[], rows: string[][]) =>
    writeFileSync(join(to, `${name}.csv`), csv([['sourcedId', 'status', 'dateLastModified', ...columns], ...rows]));
  /** `parent>parentSourcedId` is a reference under another name. */
  const plain = (name: string, fields: string[]) =>
    write(
      name,
      fields.map((field) => field.split('>').at(-1) ?? field),
      read(name).map((item) => [
        item.sourcedId,
        '',
        '',
        ...fields.map((field) => (field.includes('>') ? ref(item[field.split('>')[0] ?? '']) : text(item[field]))),
      ]),
    );
  plain('orgs', ['name', 'type', 'identifier', 'parent>parentSourcedId']);
  plain('academicSessions', ['title', 'type', 'startDate', 'endDate', 'parent>parentSourcedId', 'schoolYear']);
  plain('courses', ['schoolYear>schoolYearSourcedId', 'title', 'courseCode', 'grades', 'org>orgSourcedId', 'subjects', 'subjectCodes']);
  plain('classes', [
    'title',
    'grades',
    'course>courseSourcedId',
    'classCode',
    'classType',
    'location',
    'school>schoolSourcedId',
    'terms>termSourcedIds',
    'subjects',
    'subjectCodes',
    'periods',
  ]);
  plain('enrollments', ['class>classSourcedId', 'school>schoolSourcedId', 'user>userSourcedId', 'role', 'primary', 'beginDate', 'endDate']);
  const users = read<User>('users');
  write(
    'users',
    ['enabledUser', 'username', 'userIds', 'givenName', 'familyName', 'middleName', 'identifier', 'email', 'grades'],
    users.map((u) => [
      u.sourcedId,
      '',
      '',
      text(u.enabledUser),
      text(u.username),
      (u.userIds ?? []).map((id) => `{${id.type}:${id.identifier}}`).join(','),
      text(u.givenName),
      text(u.familyName),
      text(u.middleName),
      text(u.identifier),
      text(u.email),
      text(u.grades),
    ]),
  );
  write(
    'roles',
    ['userSourcedId', 'roleType', 'role', 'beginDate', 'endDate', 'orgSourcedId'],
    users.flatMap((u) =>
      u.roles.map((role, i) => [`${u.sourcedId}-${i}`, '', '', u.sourcedId, role.roleType, role.role, '', '', role.org.sourcedId]),
    ),
  );
  const listed = ['academicSessions', 'classes', 'courses', 'enrollments', 'orgs', 'roles', 'users'];
  writeFileSync(
    join(to, 'manifest.csv'),
    csv([
      ['propertyName', 'value'],
      ['manifest.version', '1.0'],
      ['oneroster.version', '1.2'],
      ...listed.map((name) => [`file.${name}`, 'bulk']),
    ]),
  );
}
