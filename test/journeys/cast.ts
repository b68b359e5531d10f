/** Everybody a journey through the sample district meets, found in it, and as a school platform knows them. */
import type { PlatformPerson } from '../../src/demo/platform.ts';
import type { freshDatabase } from '../setup/database.ts';

export type Known = { sourcedId: string; givenName: string; familyName: string; email: string | null };
export type Cast = Awaited<ReturnType<typeof castOf>>;

/** The class with the most scores, its teacher, a family with one child there, and the offices. */
export async function castOf(db: Awaited<ReturnType<typeof freshDatabase>>, district: number) {
  return db.inDistrict(district, async (tx) => {
    const known = tx`u.sourced_id AS "sourcedId", coalesce(u.preferred_given_name, u.given_name) AS "givenName",
      coalesce(u.preferred_family_name, u.family_name) AS "familyName", u.email`;
    const withRole = (...roles: string[]) => tx<Known[]>`
      SELECT DISTINCT ${known} FROM role r JOIN "user" u ON u.id = r.user_id WHERE r.role = ANY(${roles}) AND r.ended_at IS NULL ORDER BY 1`;
    const [room] = await tx<{ id: number; klass: string }[]>`
      SELECT c.id, c.sourced_id AS klass FROM class c JOIN active_enrollment e ON e.class_id = c.id AND e.role = 'student'
        JOIN scored_result s ON s.student_id = e.user_id
      GROUP BY 1, 2 ORDER BY count(DISTINCT e.user_id) DESC, 2 LIMIT 1`;
    const [teacher] = await tx<Known[]>`
      SELECT ${known} FROM active_enrollment e JOIN "user" u ON u.id = e.user_id WHERE e.class_id = ${room?.id ?? 0} AND e.role = 'teacher' ORDER BY 1`;
    const [family] = await tx<{ child: string; parent: string }[]>`
      SELECT min(c.sourced_id) AS child, p.sourced_id AS parent FROM guardianship g JOIN "user" p ON p.id = g.guardian_id JOIN "user" c ON c.id = g.student_id
      WHERE NOT g.no_contact AND g.ended_at IS NULL
      GROUP BY p.id, p.sourced_id HAVING count(*) = 1 AND bool_and(
        EXISTS (SELECT 1 FROM active_enrollment e WHERE e.user_id = c.id AND e.class_id = ${room?.id ?? 0})
        AND (SELECT count(*) FROM scored_result s WHERE s.student_id = c.id) >= 4) ORDER BY 2 LIMIT 1`;
    const [students, guardians, principals, offices, teachers] = [
      await withRole('student'),
      await withRole('guardian', 'parent', 'relative'),
      await withRole('principal'),
      await withRole('districtAdministrator'),
      await withRole('teacher'),
    ];
    const child = students.find((student) => student.sourcedId === family?.child);
    const parent = guardians.find((guardian) => guardian.sourcedId === family?.parent);
    const [[principal], [it]] = [principals, offices];
    if (!room || !teacher || !child || !parent || !principal || !it) throw new Error('the sample district has nobody for a part');
    return { klass: room.klass, teacher, child, parent, principal, it, students, staff: [...teachers, principal] };
  });
}

export function peopleOf({ teacher, parent, child, principal, it }: Cast): PlatformPerson[] {
  const person = (key: string, known: Known, role: string, mentors?: PlatformPerson['mentors']): PlatformPerson => ({
    key,
    sub: `sub-${key}`,
    givenName: known.givenName,
    familyName: known.familyName,
    locale: 'en-US',
    lisPersonSourcedId: known.sourcedId,
    roles: [role],
    mentors,
  });
  return [
    person('teacher', teacher, 'instructor'),
    person('parent', parent, 'mentor', [{ sub: 'sub-student', sourcedId: child.sourcedId }]),
    person('student', child, 'learner'),
    person('principal', principal, 'administrator'),
    person('it', it, 'administrator'),
  ];
}
