/**
 * A small district that goes on living: every day children come, go, move and come back, families change, scores are given and mended, and
 * once a year everybody moves up. What leaves is marked `tobedeleted`, or just vanishes, as real systems do. Everything follows from its seed.
 */
import { sampleCollections } from '../../src/demo/oneroster/collections.ts';
import { type Collections, type Json, ref } from '../../src/demo/oneroster/records.ts';
import { Chance } from './chance.ts';

type Row = Json & { sourcedId: string };
export type Name = 'orgs' | 'academicSessions' | 'courses' | 'classes' | 'users' | 'enrollments' | Gradebook;
type Gradebook = 'lineItems' | 'results' | 'assessmentLineItems' | 'assessmentResults';
export const gradebook: readonly Name[] = ['lineItems', 'results', 'assessmentLineItems', 'assessmentResults'];
export const names: readonly Name[] = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments', ...gradebook];

/** Days a record that was removed is still served as `tobedeleted`. */
const buriedFor = 20;

export class LivingDistrict {
  /** What is true today. */
  readonly rows = new Map<Name, Map<string, Row>>();
  readonly chance: Chance;
  private readonly buried = new Map<Name, Map<string, { row: Row; day: number }>>();
  private readonly gone: { child: Row; links: { guardian: string; saidByChild: boolean }[] }[] = [];
  /** Served so that they cannot be used, each until that day. */
  private readonly spoilt = new Map<Row, number>();
  /** Users of whom the roster tells a day after what refers to them. */
  private late = new Map<string, Row>();
  private serial = 0;
  private year = 2027;
  private day = 0;
  private readonly start: number;

  /** @param start when the first day begins */
  constructor(seed: number, students: number, start: Date) {
    this.chance = new Chance(seed);
    this.start = start.getTime();
    const sample = sampleCollections({ students, seed });
    for (const name of names) {
      this.rows.set(name, new Map((sample[name] ?? []).map((row) => [String(row.sourcedId), row as Row])));
      this.buried.set(name, new Map());
    }
  }

  /** The night after today: some hours after the last change. */
  get night(): Date {
    return new Date(this.start + this.day * 86_400_000 + 20 * 3600_000);
  }

  /** What the school's system serves. */
  serve(): Collections {
    const served: Collections = {};
    for (const name of names) {
      const living = [...this.of(name).values()].map((row) => (this.spoilt.has(row) ? { ...row, user: null, student: null } : row));
      const rows = [...living, ...[...(this.buried.get(name)?.values() ?? [])].map(({ row }) => row)];
      served[name] = rows.sort((one, other) => (String(one.sourcedId) < String(other.sourcedId) ? -1 : 1));
    }
    return served;
  }

  isSpoilt = (row: Row): boolean => this.spoilt.has(row);

  /** One day of ordinary life. */
  live(): void {
    const { chance } = this;
    this.day++;
    for (const [name, buried] of this.buried) {
      for (const [id, { day }] of buried) if (this.day - day > buriedFor) this.buried.get(name)?.delete(id);
    }
    for (const [row, until] of [...this.spoilt]) if (until <= this.day) this.mend(row);
    for (const [id, row] of this.late) this.of('users').set(id, this.stamped(row));
    this.late = new Map();
    this.times(3, () => this.arrive());
    this.times(2, () => this.leave());
    this.times(3, () => this.transfer());
    this.times(3, () => this.changeFamily());
    this.times(4, () => this.rename());
    this.times(8, () => this.score());
    if (chance.one(0.1)) this.comeBack();
    if (chance.one(0.1)) this.changeTeacher();
    if (chance.one(0.05)) this.spoil();
    if (chance.one(0.1)) this.arriveBeforeTheirTime();
  }

  /** A new school year: new terms, classes and enrollments, the oldest leave, the youngest come. */
  rollOver(): void {
    this.year++;
    const year = `ses-${this.year}`;
    const [first, last] = [`${this.year - 1}-08-17`, `${this.year}-06-05`];
    const dates = { startDate: first, endDate: last, type: 'schoolYear', schoolYear: String(this.year) };
    this.put('academicSessions', { sourcedId: year, title: `${this.year - 1}-${this.year}`, ...dates });
    for (const enrollment of [...this.of('enrollments').values()]) this.remove('enrollments', enrollment);
    for (const klass of [...this.of('classes').values()]) this.remove('classes', klass);
    for (const lineItem of [...this.of('lineItems').values()]) this.remove('lineItems', lineItem);
    for (const result of [...this.of('results').values()]) this.remove('results', result);
    for (const session of [...this.of('academicSessions').values()]) {
      if (!session.sourcedId.startsWith(year)) this.remove('academicSessions', session);
    }
    const schools = [...this.of('orgs').values()].filter((org) => org.type === 'school');
    const teachers = this.withRole('teacher');
    const rooms = new Map<string, string[]>();
    for (const [at, school] of schools.entries()) {
      for (const [step, grade] of grades.entries()) {
        const id = `cls-${this.year}-${at}-${grade}`;
        const course = [...this.of('courses').values()].find((one) => (one.grades as string[])[0] === grade);
        const title = `Grade ${grade}, ${this.year}`;
        const more = {
          classCode: `${at}-${grade}`,
          classType: 'homeroom',
          grades: [grade],
          terms: [ref('academicSession', year)],
          periods: [],
        };
        this.put('classes', {
          sourcedId: id,
          title,
          ...more,
          school: ref('org', school.sourcedId),
          ...(course && { course: ref('course', course.sourcedId) }),
        });
        this.put('lineItems', {
          sourcedId: `itm-${id}`,
          title: 'Skill check',
          class: ref('class', id),
          resultValueMin: 0,
          resultValueMax: 100,
        });
        const teacher = teachers[(at * grades.length + step) % teachers.length];
        if (teacher) this.enroll(teacher.sourcedId, id, 'teacher');
        rooms.set(grade, [...(rooms.get(grade) ?? []), id]);
      }
    }
    for (const child of this.withRole('student')) {
      const grade = grades[grades.indexOf((child.grades as string[])[0] ?? '') + 1];
      if (grade === undefined) this.leave(child);
      else {
        this.put('users', { ...child, grades: [grade] });
        this.enroll(child.sourcedId, this.chance.of(rooms.get(grade) ?? []), 'student');
      }
    }
    for (let n = 0; n < 45; n++) this.arrive('KG');
  }

  /** For a night when the system forgets most of a class. @returns what it then serves, and which class */
  forgetClass(): { served: Collections; classId: string } | null {
    const inClass = (id: string) => [...this.of('enrollments').values()].filter((row) => idIn(row.class) === id && row.role === 'student');
    const klass = [...this.of('classes').values()].find((one) => inClass(one.sourcedId).length >= 8);
    if (!klass) return null;
    const lost = new Set(
      inClass(klass.sourcedId)
        .slice(1)
        .map((row) => row.sourcedId),
    );
    const served = this.serve();
    return {
      served: { ...served, enrollments: (served.enrollments ?? []).filter((row) => !lost.has(String(row.sourcedId))) },
      classId: klass.sourcedId,
    };
  }

  of(name: Name): Map<string, Row> {
    return this.rows.get(name) as Map<string, Row>; // the constructor made one for every name
  }

  private withRole = (role: string) => [...this.of('users').values()].filter((user) => rolesOf(user).includes(role));

  private times(most: number, what: () => void): void {
    for (let n = this.chance.upTo(most); n > 0; n--) what();
  }

  private stamped(row: Json & { sourcedId?: unknown }): Row {
    const at = this.start + this.day * 86_400_000 + this.chance.upTo(8 * 3600) * 1000;
    return { status: 'active', ...row, dateLastModified: new Date(at).toISOString() } as unknown as Row; // whatever is put has an id
  }

  private put(name: Name, row: Json): Row {
    const made = this.stamped(row);
    this.of(name).set(made.sourcedId, made);
    this.buried.get(name)?.delete(made.sourcedId);
    return made;
  }

  private remove(name: Name, row: Row): void {
    this.of(name).delete(row.sourcedId);
    this.spoilt.delete(row);
    // A whole administration does not vanish: only what is asked for by its date can be missed.
    if (this.chance.one(0.5))
      this.buried.get(name)?.set(row.sourcedId, { row: { ...this.stamped(row), status: 'tobedeleted' }, day: this.day });
  }

  private enroll(user: string, klass: string, role: string): void {
    const school = idIn(this.of('classes').get(klass)?.school) ?? '';
    const more = { role, primary: role === 'teacher' ? 'true' : 'false', beginDate: '2026-08-17' };
    this.put('enrollments', {
      sourcedId: `enr-${++this.serial}`,
      user: ref('user', user),
      class: ref('class', klass),
      school: ref('org', school),
      ...more,
    });
  }

  private person(id: string, role: string, school: string, more: Json = {}): Json {
    const [given, family] = [this.chance.of(givenNames), this.chance.of(familyNames)];
    const roles = [{ roleType: 'primary', role, org: ref('org', school) }];
    return {
      sourcedId: id,
      enabledUser: 'true',
      username: id,
      givenName: given,
      familyName: family,
      identifier: `n-${id}`,
      userIds: [],
      roles,
      ...more,
    };
  }

  private arrive(grade?: string): void {
    const klass = this.chance.of([...this.of('classes').values()].filter((one) => !grade || (one.grades as string[])[0] === grade));
    const child = this.newChild(klass);
    this.enroll(child.sourcedId, klass.sourcedId, 'student');
    this.assess(child.sourcedId);
  }

  private newChild(klass: Row): Row {
    const school = idIn(klass.school) ?? '';
    const id = `new-${++this.serial}`;
    const child = this.put('users', this.person(id, 'student', school, { grades: [(klass.grades as string[])[0] ?? '01'] }));
    this.times(2, () => {
      const guardian = this.put('users', this.person(`${id}-g${++this.serial}`, this.chance.of(['parent', 'guardian']), school));
      this.link(id, guardian.sourcedId, this.chance.one(0.5));
    });
    return this.of('users').get(id) ?? child;
  }

  /** The enrollment is there tonight, the child tomorrow. */
  private arriveBeforeTheirTime(): void {
    const klass = this.chance.of([...this.of('classes').values()]);
    const child = this.put('users', this.person(`late-${++this.serial}`, 'student', idIn(klass.school) ?? '', { grades: klass.grades }));
    this.enroll(child.sourcedId, klass.sourcedId, 'student');
    this.of('users').delete(child.sourcedId);
    this.late.set(child.sourcedId, child);
  }

  private leave(child = this.chance.of(this.withRole('student'))): void {
    const id = child.sourcedId;
    const links = this.guardiansOf(id);
    for (const { guardian } of links) this.unlink(id, guardian);
    const now = this.of('users').get(id) ?? child;
    this.remove('users', now);
    for (const row of [...this.of('enrollments').values()]) if (idIn(row.user) === id) this.remove('enrollments', row);
    // Some systems keep a leaver's scores, others do not.
    if (this.chance.one(0.5)) {
      for (const name of ['results', 'assessmentResults'] as const) {
        for (const row of [...this.of(name).values()]) if (idIn(row.student) === id) this.remove(name, row);
      }
    }
    for (const { guardian } of links) {
      const adult = this.of('users').get(guardian);
      if (adult && this.chance.one(0.5) && this.childrenOf(guardian).length === 0 && this.isFamilyOnly(adult)) this.remove('users', adult);
    }
    this.gone.push({ child, links });
  }

  private isFamilyOnly = (adult: Row) => rolesOf(adult).every((role) => role === 'parent' || role === 'guardian');

  private comeBack(): void {
    const back = this.gone.pop();
    if (!back || this.of('users').has(back.child.sourcedId)) return;
    const klass = this.chance.of([...this.of('classes').values()]);
    this.put('users', { ...back.child, agents: [], grades: klass.grades });
    this.enroll(back.child.sourcedId, klass.sourcedId, 'student');
    for (const { guardian, saidByChild } of back.links) {
      if (this.of('users').has(guardian)) this.link(back.child.sourcedId, guardian, saidByChild);
    }
  }

  private transfer(): void {
    const enrollment = this.chance.of([...this.of('enrollments').values()].filter((row) => row.role === 'student'));
    const klass = this.chance.of([...this.of('classes').values()]);
    if (this.spoilt.has(enrollment)) return;
    if (this.chance.one(0.3)) return void this.put('enrollments', { ...enrollment, class: ref('class', klass.sourcedId) }); // the same enrollment elsewhere
    this.remove('enrollments', enrollment);
    this.enroll(idIn(enrollment.user) ?? '', klass.sourcedId, 'student');
  }

  private changeTeacher(): void {
    const enrollment = this.chance.of([...this.of('enrollments').values()].filter((row) => row.role === 'teacher'));
    if (!enrollment) return;
    const teacher = this.put('users', this.person(`tea-${++this.serial}`, 'teacher', idIn(enrollment.school) ?? ''));
    this.remove('enrollments', enrollment);
    this.enroll(teacher.sourcedId, idIn(enrollment.class) ?? '', 'teacher');
  }

  private changeFamily(): void {
    const child = this.chance.of(this.withRole('student')).sourcedId;
    const guardian = this.chance.of(this.guardiansOf(child))?.guardian;
    if (guardian !== undefined && this.chance.one(0.5)) this.unlink(child, guardian);
    else if (guardian !== undefined && this.chance.one(0.2))
      this.link(child, guardian, this.chance.one(0.5)); // said twice now, by both
    else {
      const school = idIn(this.of('users').get(child)?.primaryOrg) ?? idIn([...this.of('classes').values()][0]?.school) ?? '';
      const adult = this.put('users', this.person(`gua-${++this.serial}`, 'parent', school));
      this.link(child, adult.sourcedId, this.chance.one(0.5));
    }
  }

  private rename(): void {
    const which = this.chance.of(['users', 'users', 'classes', 'courses', 'role'] as const);
    if (which === 'role') {
      const adult = this.chance.of(this.withRole('teacher').filter((one) => !rolesOf(one).includes('parent')));
      const [role] = adult.roles as { role: string; org: Json }[];
      if (role)
        this.put('users', {
          ...adult,
          roles: [role, { roleType: 'secondary', role: this.chance.of(['aide', 'counselor']), org: role.org }],
        });
      return;
    }
    const row = this.chance.of([...this.of(which).values()]);
    this.put(
      which,
      which === 'users' ? { ...row, familyName: this.chance.of(familyNames) } : { ...row, title: `Renamed ${++this.serial}` },
    );
  }

  private score(): void {
    const name = this.chance.of(['results', 'assessmentResults'] as const);
    const row = this.chance.of([...this.of(name).values()]);
    if (!row || this.spoilt.has(row)) return;
    if (this.chance.one(0.1)) this.remove(name, row);
    else if (this.chance.one(0.4)) this.put(name, { ...row, score: this.chance.upTo(100) });
    else this.assess(this.chance.of(this.withRole('student')).sourcedId);
  }

  private assess(student: string): void {
    const items = [...this.of('assessmentLineItems').values()].filter((item) => /-(boy|moy|eoy)$/.test(item.sourcedId));
    const item = this.chance.of(items).sourcedId;
    const said = { score: this.chance.upTo(80), scoreDate: '2026-09-18', scoreStatus: 'fully graded' };
    this.put('assessmentResults', {
      sourcedId: `ares-${++this.serial}`,
      assessmentLineItem: ref('assessmentLineItem', item),
      student: ref('user', student),
      ...said,
    });
    const own = this.chance.of([...this.of('lineItems').values()]);
    this.put('results', {
      sourcedId: `res-${++this.serial}`,
      lineItem: ref('lineItem', own.sourcedId),
      student: ref('user', student),
      ...said,
    });
  }

  /** For some nights nobody can tell whose enrollment or score that is. */
  private spoil(): void {
    const name = this.chance.of(['enrollments', 'assessmentResults'] as const);
    this.spoilt.set(this.put(name, this.chance.of([...this.of(name).values()])), this.day + 1 + this.chance.upTo(3));
  }

  private mend(row: Row): void {
    this.spoilt.delete(row);
    for (const rows of this.rows.values()) if (rows.get(row.sourcedId) === row) rows.set(row.sourcedId, this.stamped(row));
  }

  private guardiansOf(child: string): { guardian: string; saidByChild: boolean }[] {
    const said = agentsIn(this.of('users').get(child)).map((guardian) => ({ guardian, saidByChild: true }));
    const others = [...this.of('users').values()].filter((user) => agentsIn(user).includes(child));
    return [...said, ...others.map(({ sourcedId }) => ({ guardian: sourcedId, saidByChild: false }))];
  }

  private childrenOf(guardian: string): string[] {
    const others = [...this.of('users').values()].filter((user) => agentsIn(user).includes(guardian));
    return [...agentsIn(this.of('users').get(guardian)), ...others.map(({ sourcedId }) => sourcedId)];
  }

  private link(child: string, guardian: string, saidByChild: boolean): void {
    const [from, to] = saidByChild ? [child, guardian] : [guardian, child];
    const user = this.of('users').get(from);
    if (user) this.put('users', { ...user, agents: [...((user.agents ?? []) as Json[]), ref('user', to)] });
  }

  private unlink(one: string, other: string): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const user = this.of('users').get(from);
      if (user && agentsIn(user).includes(to))
        this.put('users', { ...user, agents: (user.agents as Json[]).filter((agent) => idIn(agent) !== to) });
    }
  }
}

const grades = ['KG', '01', '02', '03', '04', '05'];
const givenNames = ['Ana', 'Bo', 'Cleo', 'Dara', 'Eli', 'Fay', 'Gus', 'Hana', 'Ira', 'Jun'];
const familyNames = ['Abara', 'Brook', 'Cho', 'Diaz', 'Eng', 'Frey', 'Gill', 'Hart', 'Ito', 'Jain'];

/** A reference's sourcedId. */
export const idIn = (of: unknown): string | null => (of as { sourcedId?: string } | null | undefined)?.sourcedId ?? null;
export const rolesOf = (user: Json): string[] => ((user.roles ?? []) as { role: string }[]).map(({ role }) => role);
export const agentsIn = (user: Json | undefined): string[] => ((user?.agents ?? []) as Json[]).flatMap((agent) => idIn(agent) ?? []);
