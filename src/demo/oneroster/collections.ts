/**
 * What a simulated OneRoster server holds: the sample district, or a folder of recorded answers. The sample's few faulty rows stay out:
 * a server's own faults are chosen by name (ways.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardiansOf } from '../district/people.ts';
import { familyLead, type Options, type Plan, planDistrict, studentId, studentsOf } from '../district/plan.ts';
import { rosterFiles } from '../district/roster-files.ts';
import { isUnscored, levelOf, measures, scoreOf, testedOn, windows } from '../district/scores.ts';
import { type Collections, type Json, type RefType, ref } from './records.ts';

const created = '2026-08-01T06:00:00.000Z';

type Row = Record<string, string>;

/** The sample district as a 1.2 server serves it; family links are agents, which the CSV leaves empty. */
export function sampleCollections(options: Options = {}): Collections {
  const plan = planDistrict({ results: 'oneroster', resultsPerStudent: 1, ...options });
  const made: Collections = {};
  const rolesOf = new Map<string, Json[]>();
  for (const row of rowsOf(plan, 'roles')) {
    if (!row.userSourcedId || row.sourcedId === 'rol-odd-date') continue;
    const role = { roleType: row.roleType, role: row.role, org: ref('org', row.orgSourcedId ?? '') };
    rolesOf.set(row.userSourcedId, [...(rolesOf.get(row.userSourcedId) ?? []), role]);
  }
  const agents = agentsOf(plan);
  for (const [collection, object] of Object.entries(objects)) {
    const seen = new Set<string>();
    made[collection] = [];
    for (const row of rowsOf(plan, collection as keyof typeof rosterFiles)) {
      const id = row.sourcedId ?? '';
      if (seen.has(id) || isFaulty(collection, row)) continue;
      seen.add(id);
      const more =
        collection === 'users'
          ? { roles: rolesOf.get(id) ?? [], ...(agents.has(id) && { agents: agents.get(id) }) }
          : collection === 'lineItems'
            ? taught(plan, row.classSourcedId)
            : {};
      made[collection].push({ sourcedId: id, status: 'active', dateLastModified: created, ...object(row), ...more });
    }
  }
  Object.assign(made, assessmentsOf(plan), { scoreScales: plan.homerooms.map(scaleOf) });
  for (const rows of Object.values(made)) rows.sort(byId);
  return made;
}

/** A folder of recorded collections: `users.json` with `{"users": [...]}`, and so on. */
export function recordedCollections(folder: string): Collections {
  const made: Collections = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const [[collection, rows] = []] = Object.entries(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Json[]>);
    if (collection && Array.isArray(rows)) made[collection] = [...rows].sort(byId);
  }
  return made;
}

/** One night later: what differs is stamped; what is gone is kept as `tobedeleted`, or vanishes. */
export function aNightLater(before: Collections, after: Collections, stamp: string, gone: 'tobedeleted' | 'vanishes'): Collections {
  const made: Collections = {};
  for (const [collection, rows] of Object.entries(after)) {
    const known = new Map((before[collection] ?? []).map((row) => [row.sourcedId, row]));
    made[collection] = rows.map((row) => {
      const old = known.get(row.sourcedId);
      known.delete(row.sourcedId);
      const same =
        old !== undefined && JSON.stringify({ ...old, dateLastModified: '' }) === JSON.stringify({ ...row, dateLastModified: '' });
      return same ? old : { ...row, dateLastModified: stamp };
    });
    if (gone === 'vanishes') continue;
    for (const row of known.values()) made[collection].push({ ...row, status: 'tobedeleted', dateLastModified: stamp });
    made[collection].sort(byId);
  }
  return made;
}

const byId = (one: Json, other: Json) => (String(one.sourcedId) < String(other.sourcedId) ? -1 : 1);

function* rowsOf(plan: Plan, name: keyof typeof rosterFiles): Generator<Row> {
  const { header, rows } = rosterFiles[name];
  const names = header.split(',');
  for (const written of rows(plan)) {
    const cells = split(written);
    yield Object.fromEntries(names.map((column, at) => [column, cells[at] ?? '']));
  }
}

/** RFC 4180, one line. */
function split(written: string): string[] {
  if (!written.includes('"')) return written.split(',');
  return [...written.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}

const isFaulty = (collection: string, row: Row): boolean =>
  (collection === 'users' && (row.givenName === '' || row.familyName === '')) ||
  (collection === 'enrollments' && /^enr-(orphan|blank)/.test(row.sourcedId ?? ''));

const list = (text = '') => text.split(',').filter((member) => member !== '');
const listed = (name: string, text: string | undefined): Json => (text ? { [name]: list(text) } : {});
const given = (names: string[], row: Row): Json => Object.fromEntries(names.filter((name) => row[name]).map((name) => [name, row[name]]));
const linked = (name: string, type: RefType, id: string | undefined): Json => (id ? { [name]: ref(type, id) } : {});

/** A CSV row's object, without what every object has. */
const objects: Record<string, (row: Row) => Json> = {
  orgs: (row) => ({ ...given(['name', 'type', 'identifier'], row), ...linked('parent', 'org', row.parentSourcedId) }),
  academicSessions: (row) => ({
    ...given(['title', 'startDate', 'endDate', 'type', 'schoolYear'], row),
    ...linked('parent', 'academicSession', row.parentSourcedId),
  }),
  courses: (row) => ({
    ...given(['title', 'courseCode'], row),
    ...linked('schoolYear', 'academicSession', row.schoolYearSourcedId),
    ...linked('org', 'org', row.orgSourcedId),
    ...listed('grades', row.grades),
  }),
  classes: (row) => ({
    ...given(['title', 'classCode', 'classType', 'location'], row),
    ...listed('grades', row.grades),
    ...linked('course', 'course', row.courseSourcedId),
    ...linked('school', 'org', row.schoolSourcedId),
    terms: list(row.termSourcedIds).map((id) => ref('academicSession', id)),
    ...listed('periods', row.periods),
  }),
  users: (row) => ({
    ...given(['username', 'enabledUser', 'givenName', 'familyName', 'middleName', 'identifier', 'email', 'sms', 'phone'], row),
    userIds: list(row.userIds).map((pair) => {
      const [type = '', identifier = ''] = pair.replace(/[{}]/g, '').split(':');
      return { type, identifier };
    }),
    ...linked('primaryOrg', 'org', row.primaryOrgSourcedId),
    ...listed('grades', row.grades),
  }),
  enrollments: (row) => ({
    ...linked('user', 'user', row.userSourcedId),
    ...linked('class', 'class', row.classSourcedId),
    ...linked('school', 'org', row.schoolSourcedId),
    role: row.role,
    ...given(['primary', 'endDate'], row),
    beginDate: row.beginDate === '8/17/2026' ? '2026-08-17' : row.beginDate, // the CSV's clerk
  }),
  categories: (row) => given(['title'], row),
  lineItems: (row) => ({
    title: row.title,
    assignDate: `${row.assignDate}T00:00:00.000Z`,
    dueDate: `${row.dueDate}T00:00:00.000Z`,
    ...linked('class', 'class', row.classSourcedId),
    ...linked('school', 'org', row.schoolSourcedId),
    ...linked('category', 'category', row.categorySourcedId),
    ...linked('academicSession', 'academicSession', row.academicSessionSourcedId),
    resultValueMin: Number(row.resultValueMin),
    resultValueMax: Number(row.resultValueMax),
  }),
  results: (row) => ({
    ...linked('lineItem', 'lineItem', row.lineItemSourcedId),
    ...linked('student', 'user', row.studentSourcedId),
    ...linked('class', 'class', row.classSourcedId),
    score: Number(row.score),
    ...given(['scoreStatus', 'scoreDate'], row),
  }),
};

/** By turns students list their parents, and parents their children: the standard fixes no direction. */
function agentsOf(plan: Plan): Map<string, Json[]> {
  const made = new Map<string, Json[]>();
  const link = (from: string, to: string) => made.set(from, [...(made.get(from) ?? []), ref('user', to)]);
  for (const room of plan.homerooms) {
    for (const student of studentsOf(plan, room)) {
      for (const { id } of guardiansOf(plan, familyLead(plan, room.school, student))) {
        if (student % 2 === 0) link(studentId(student), id);
        else link(id, studentId(student));
      }
    }
  }
  return made;
}

/** Objectives as a registry numbers them and as teachers write them: real services send either. */
const learning = (at: number, codes: string[]): Json => ({
  learningObjectiveSet: [
    { source: 'case', learningObjectiveIds: [`5eed0000-0000-4000-8000-00000000000${at}`] },
    { source: 'unknown', learningObjectiveIds: codes },
  ],
});

/** A class's own columns are arithmetic. */
function taught(plan: Plan, classId: string | undefined): Json {
  const room = plan.homerooms.find(({ id }) => id === classId);
  if (!room) return {};
  return { ...learning(9, [`CCSS.MATH.CONTENT.${room.grade || 'K'}.OA.A.1`]), scoreScale: ref('scoreScale', scaleId(room.id)) };
}

const scaleId = (classId: string) => `sca-${classId}`;

const scaleOf = ({ id }: Plan['homerooms'][number]): Json => ({
  sourcedId: scaleId(id),
  status: 'active',
  dateLastModified: created,
  title: 'Skill checks',
  type: 'levels',
  class: ref('class', id),
  scoreScaleValue: [
    { itemValueLHS: '0', itemValueRHS: 'Just starting' },
    { itemValueLHS: '40', itemValueRHS: 'Nearly there' },
    { itemValueLHS: '70', itemValueRHS: 'Got it' },
  ],
});

/** By measure. Of the last there are two: its skill is not said by them. */
const codesOf = [['RF.K.1.D'], ['RF.K.2', 'RF.1.2'], ['RF.1.3'], ['RF.2.4'], ['RL.3.1', 'RI.3.1']].map((codes) =>
  codes.map((code) => `CCSS.ELA-LITERACY.${code}`),
);

/** A battery, its measures, and each measure's administrations: 1.2's tree. */
function assessmentsOf(plan: Plan): Collections {
  const head = { status: 'active', dateLastModified: created };
  const items: Json[] = [{ sourcedId: 'ali-dibels', ...head, title: 'DIBELS 8' }];
  const results: Json[] = [];
  for (const [at, measure] of measures.entries()) {
    const parent = `ali-${at}`;
    const range = { resultValueMin: 0, resultValueMax: measure.max, ...learning(at, codesOf[at] ?? []) };
    const above = ref('assessmentLineItem', 'ali-dibels');
    items.push({ sourcedId: parent, ...head, title: measure.column, parentAssessmentLineItem: above, ...range });
    for (const window of windows) {
      const item = `${parent}-${window.toLowerCase()}`;
      items.push({ sourcedId: item, ...head, title: window, parentAssessmentLineItem: ref('assessmentLineItem', parent), ...range });
      for (const room of plan.homerooms) {
        for (const student of studentsOf(plan, room)) {
          const score = isUnscored(plan, student, window) ? null : scoreOf(plan, student, room.grade, measure, window);
          const benchmark = measure.benchmarks[room.grade]?.[windows.indexOf(window)];
          if (score === null || benchmark === undefined) continue;
          results.push({
            sourcedId: `ares-${at}-${window.toLowerCase()}-${studentId(student)}`,
            ...head,
            assessmentLineItem: ref('assessmentLineItem', item),
            student: ref('user', studentId(student)),
            score,
            textScore: levelOf(score, benchmark),
            scoreDate: testedOn(plan, student, window, measure.sitting),
            scorePercentile: Math.min(99, Math.max(1, Math.round((50 * score) / benchmark))),
            scoreStatus: 'fully graded',
          });
        }
      }
    }
  }
  return { assessmentLineItems: items, assessmentResults: results };
}
