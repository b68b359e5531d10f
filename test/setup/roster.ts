/** Roster rows straight into a district, for tests of what is read from them. Every text carries the district's mark, so that a leak shows. */
import type { Db, Tx } from '../../src/db/db.ts';

export type Roster = Awaited<ReturnType<typeof newRoster>>;

/** @param mark stands in every name, title, address and id of this district, and in no other's */
export async function newRoster(db: Db, districtId: number, mark: string) {
  let n = 0;
  const next = (what: string) => `${mark}-${what}-${++n}`;
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.inDistrict(districtId, work);
  const source = await within(async (tx) => {
    const [row] = await tx<{ id: number }[]>`
      INSERT INTO source (district_id, name, kind) VALUES (${districtId}, ${`${mark} sis`}, 'oneroster-csv') RETURNING id`;
    return (row as { id: number }).id; // RETURNING of one inserted row
  });

  /** One row; returns its own id where the table has one. */
  const insert = async (table: string, row: Record<string, unknown>, ended: string | null = null): Promise<number> => {
    const common = {
      district_id: districtId,
      source_id: source,
      sourced_id: next(table),
      hash: '00000000-0000-0000-0000-000000000000',
      first_run: 1,
      last_run: 1,
      ended_at: ended,
    };
    const [made] = await within((tx) => tx<{ id: number }[]>`INSERT INTO ${tx(table)} ${tx({ ...common, ...row } as never)} RETURNING *`); // rows of many tables
    return made?.id ?? 0;
  };

  const user = (given: string, more: Record<string, unknown> = {}) =>
    insert('user', {
      enabled: true,
      user_ids: [],
      given_name: `${mark}${given}`,
      family_name: `${mark}Family${++n}`,
      email: `${next('mail')}@example.org`,
      grades: [],
      ...more,
    });
  const role = (userId: number, orgId: number | null, name: string) =>
    insert('role', { user_id: userId, org_id: orgId, role: name, role_type: 'primary' });
  const enroll = (classId: number, userId: number, as = 'student', more: Record<string, unknown> = {}) =>
    insert('enrollment', { class_id: classId, user_id: userId, role: as, is_primary: false, ...more });

  return {
    districtId,
    mark,
    source,
    insert,
    within,
    user,
    role,
    enroll,
    school: (name = 'School') => insert('org', { name: `${mark} ${name}`, type: 'school' }),
    klass: (schoolId: number | null, more: Record<string, unknown> = {}) =>
      insert('class', {
        title: `${mark} Class ${++n}`,
        grades: ['03'],
        school_id: schoolId,
        term_sourced_ids: [],
        subjects: [],
        periods: [],
        ...more,
      }),
    /** `count` third-graders of a class. */
    students: async (classId: number, count: number, from = 0): Promise<number[]> => {
      const ids: number[] = [];
      for (let i = 0; i < count; i++) {
        const id = await user(`Child${from + i}`, { grades: ['03'] });
        await enroll(classId, id);
        ids.push(id);
      }
      return ids;
    },
    guardianship: (studentId: number, guardianId: number, more: Record<string, unknown> = {}) =>
      insert('guardianship', { student_id: studentId, guardian_id: guardianId, is_primary: false, no_contact: false, ...more }),
    assessment: (more: Record<string, unknown> = {}) =>
      insert('assessment', {
        title: `${mark} Reading`,
        subject: 'Reading',
        skill: 'words read in one minute',
        unit: 'words',
        scale_min: 0,
        scale_max: 100,
        ...more,
      }),
    benchmark: (assessmentId: number, value: number, more: Record<string, unknown> = {}) =>
      insert('benchmark', { assessment_id: assessmentId, value, source: `${mark} goals`, ...more }),
    lineItem: (assessmentId: number | null, more: Record<string, unknown> = {}) =>
      insert('line_item', { title: `${mark} item`, assessment_id: assessmentId, ...more }),
    score: (
      lineItemId: number,
      studentId: number,
      score: number | null,
      on: string | null = '2026-10-01',
      more: Record<string, unknown> = {},
    ) => insert('result', { line_item_id: lineItemId, student_id: studentId, score, score_date: on, ...more }),
  };
}
