/** How each canonical entity stands in PostgreSQL: the one place that knows both vocabularies. Pure data. */
import { type Entity, guardianRoles } from '../roster/model.ts';

type ColumnType = 'text' | 'int' | 'float8' | 'boolean' | 'date' | 'text[]';

export type Column = {
  name: string;
  from: string;
  type: ColumnType;
  /** Rows were kept before there was this column: while it is empty a row is what it was without it. Such columns stand last. */
  later?: true;
};

export type Reference = {
  /** The column of the table, holding an id. */
  name: string;
  /** The field of the canonical record, holding a sourcedId; staged under `${name}_ref`. */
  from: string;
  to: Entity;
  /** A row whose required reference finds nothing is rejected; an optional one is kept, without it, and warned of. */
  required: boolean;
  /** Found by the source's match rules when it has any (see connector.ts Matching). */
  by?: 'students' | 'guardians';
};

export type TableSpec = { table: string; columns: Column[]; references: Reference[] };

const c = (name: string, from: string, type: ColumnType = 'text'): Column => ({ name, from, type });
const later = (name: string, from: string, type: ColumnType): Column => ({ name, from, type, later: true });
const required = (name: string, from: string, to: Entity, by?: 'students' | 'guardians'): Reference => ({
  name,
  from,
  to,
  required: true,
  ...(by ? { by } : {}),
});
const optional = (name: string, from: string, to: Entity): Reference => ({ name, from, to, required: false });

export const tables: Record<Entity, TableSpec> = {
  orgs: {
    table: 'org',
    columns: [c('name', 'name'), c('type', 'type'), c('identifier', 'identifier'), c('parent_sourced_id', 'parentSourcedId')],
    references: [],
  },
  academicSessions: {
    table: 'academic_session',
    columns: [
      c('title', 'title'),
      c('type', 'type'),
      c('start_date', 'startDate', 'date'),
      c('end_date', 'endDate', 'date'),
      c('parent_sourced_id', 'parentSourcedId'),
      c('school_year', 'schoolYear', 'int'),
    ],
    references: [],
  },
  courses: {
    table: 'course',
    columns: [c('title', 'title'), c('course_code', 'courseCode'), c('grades', 'grades', 'text[]'), c('subjects', 'subjects', 'text[]')],
    references: [optional('org_id', 'orgSourcedId', 'orgs')],
  },
  classes: {
    table: 'class',
    columns: [
      c('title', 'title'),
      c('class_code', 'classCode'),
      c('class_type', 'classType'),
      c('location', 'location'),
      c('grades', 'grades', 'text[]'),
      c('term_sourced_ids', 'termSourcedIds', 'text[]'),
      c('subjects', 'subjects', 'text[]'),
      c('periods', 'periods', 'text[]'),
    ],
    references: [optional('course_id', 'courseSourcedId', 'courses'), optional('school_id', 'schoolSourcedId', 'orgs')],
  },
  users: {
    table: '"user"',
    columns: [
      c('enabled', 'enabledUser', 'boolean'),
      c('username', 'username'),
      c('user_ids', 'userIds', 'text[]'),
      c('given_name', 'givenName'),
      c('family_name', 'familyName'),
      c('middle_name', 'middleName'),
      c('preferred_given_name', 'preferredGivenName'),
      c('preferred_family_name', 'preferredFamilyName'),
      c('identifier', 'identifier'),
      c('email', 'email'),
      c('grades', 'grades', 'text[]'),
    ],
    references: [],
  },
  roles: {
    table: 'role',
    columns: [c('role', 'role'), c('role_type', 'roleType'), c('begin_date', 'beginDate', 'date'), c('end_date', 'endDate', 'date')],
    references: [required('user_id', 'userSourcedId', 'users'), optional('org_id', 'orgSourcedId', 'orgs')],
  },
  enrollments: {
    table: 'enrollment',
    columns: [
      c('role', 'role'),
      c('is_primary', 'primary', 'boolean'),
      c('begin_date', 'beginDate', 'date'),
      c('end_date', 'endDate', 'date'),
    ],
    references: [required('class_id', 'classSourcedId', 'classes'), required('user_id', 'userSourcedId', 'users')],
  },
  guardianships: {
    table: 'guardianship',
    columns: [
      c('relation', 'relation'),
      c('is_primary', 'primary', 'boolean'),
      c('lives_with', 'livesWith', 'boolean'),
      c('no_contact', 'noContact', 'boolean'),
      c('language', 'language'),
      c('interpreter', 'interpreter', 'boolean'),
      c('phone', 'phone'),
      c('email', 'email'),
      c('confirmed_on', 'confirmedOn', 'date'),
    ],
    references: [
      required('student_id', 'studentSourcedId', 'users', 'students'),
      required('guardian_id', 'guardianSourcedId', 'users', 'guardians'),
    ],
  },
  assessments: {
    table: 'assessment',
    columns: [
      c('title', 'title'),
      c('subject', 'subject'),
      c('skill', 'skill'),
      c('unit', 'unit'),
      c('scale_min', 'scaleMin', 'float8'),
      c('scale_max', 'scaleMax', 'float8'),
      c('levels', 'levels', 'text[]'),
      later('objectives', 'objectives', 'text[]'),
    ],
    references: [],
  },
  benchmarks: {
    table: 'benchmark',
    columns: [
      c('grade', 'grade'),
      c('"window"', 'window'),
      c('value', 'value', 'float8'),
      c('source', 'source'),
      c('as_of', 'asOf', 'date'),
    ],
    references: [required('assessment_id', 'assessmentSourcedId', 'assessments')],
  },
  lineItems: {
    table: 'line_item',
    columns: [
      c('title', 'title'),
      c('"window"', 'window'),
      c('school_year', 'schoolYear', 'int'),
      c('assign_date', 'assignDate', 'date'),
      c('due_date', 'dueDate', 'date'),
      c('result_value_min', 'resultValueMin', 'float8'),
      c('result_value_max', 'resultValueMax', 'float8'),
      later('levels', 'levels', 'text[]'),
      later('objectives', 'objectives', 'text[]'),
    ],
    references: [optional('class_id', 'classSourcedId', 'classes'), optional('assessment_id', 'assessmentSourcedId', 'assessments')],
  },
  results: {
    table: 'result',
    columns: [
      c('score_status', 'scoreStatus'),
      c('score', 'score', 'float8'),
      c('text_score', 'textScore'),
      c('score_date', 'scoreDate', 'date'),
      c('percentile', 'percentile', 'float8'),
    ],
    references: [
      required('line_item_id', 'lineItemSourcedId', 'lineItems'),
      required('student_id', 'studentSourcedId', 'users', 'students'),
    ],
  },
};

/** For SQL: the roles of those who may be a child's guardian. */
export const guardianList = guardianRoles.map((role) => `'${role}'`).join(', ');
