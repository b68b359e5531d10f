/** What an administrator should know before the first sync: what we may see, what is missing, and where it is granted. Reads a few rows. */
import { AppError } from '../../src/errors.ts';
import type { CheckReport } from '../connector.ts';
import type { Client } from '../http.ts';
import { classId } from './map.ts';
import { clientOf, courseQuery, oneCourseDenied, rightsOfAdmin, rowsOf } from './service.ts';
import { asksForGuardians, needsEmails, type Settings, scopeFor } from './settings.ts';
import { aliases, type Course, courses, guardians, type Place, students, submissions, teachers, work } from './wire.ts';

type Finding = CheckReport['findings'][number];
const coursesLookedAt = 5;
const rowsLookedAt = 30;

export async function checkDomain(given: Settings): Promise<CheckReport> {
  const client = clientOf(given, undefined, 3); // somebody waits
  const first = await some(client, courses, 'courses', given, courseQuery(given)).catch(asError);
  if (first instanceof AppError) return { ok: false, findings: [failed('courses', first)] };
  const isTeacher = given.serviceAccountKey === undefined;
  const way = isTeacher ? 'one teacher’s consent' : 'domain-wide delegation';
  if (first.length === 0) {
    const text = `Google Classroom: we are let in (${way}), and are shown no active course`;
    const hint = isTeacher
      ? 'The teacher whose consent was stored teaches none: was it the right account?'
      : `"admin" may not see the domain’s courses (${rightsOfAdmin}), or all of them are archived.`;
    return { ok: false, findings: [{ ok: false, text, hint }] };
  }
  const many = first.length === rowsLookedAt ? `${first.length} or more` : String(first.length);
  const findings: Finding[] = [{ ok: true, text: `Google Classroom: we are let in (${way}); ${many} active courses` }];
  const looked = first.slice(0, coursesLookedAt);
  if (given.courses === 'aliases') findings.push(...(await naming(client, looked, given)));
  findings.push(...(await people(client, looked, given)));
  if (given.grades) findings.push(...(await grades(client, looked, given)));
  if (asksForGuardians(given)) findings.push(await guardianFinding(client, given));
  const rows = looked.map((course) => ({ sourcedId: classId(course) })); // their names may name somebody
  return { ok: findings.every(({ ok }) => ok), findings, preview: [{ entity: 'classes', rows }] };
}

/** The first page. */
async function some<T>(client: Client, of: Place<T>, path: string, given: Settings, query: Record<string, string> = {}): Promise<T[]> {
  for await (const page of rowsOf(client, of, path, given, { query, pageSize: rowsLookedAt })) return page.rows;
  return [];
}

function asError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

const failed = (what: string, error: AppError): Finding => ({
  ok: false,
  text: `${what}: ${error.message}`,
  hint: error.hint ?? 'Try again later.',
});

type Looked<T> = { found: T[]; findings: Finding[]; denied: boolean };

/** What each course says. Those that cannot be read stay as they are in a sync, too: only where none can, something is wrong. */
async function ofEach<T>(what: string, looked: Course[], given: Settings, ask: (id: string) => Promise<T>): Promise<Looked<T>> {
  const found: T[] = [];
  const failures: AppError[] = [];
  for (const { id } of looked) {
    const said = await ask(encodeURIComponent(id)).catch(asError);
    if (said instanceof AppError) failures.push(said);
    else found.push(said);
    if (failures.length > 1 && found.length === 0) break; // and the others are no better
  }
  const [failure] = failures;
  if (!failure) return { found, findings: [], denied: false };
  const denied = failure.code === 'source_denied';
  if (found.length === 0) return { found, findings: [failed(what, failure)], denied };
  const text = `${what}: ${failures.length} of the ${looked.length} courses looked at cannot be read, and would stay as they are: ${failure.message}`;
  const hint = denied ? oneCourseDenied(given) : (failure.hint ?? 'The next sync reads them again.');
  return { found, findings: [{ ok: true, text, hint }], denied };
}

/** Do courses say which class they are? */
async function naming(client: Client, looked: Course[], given: Settings): Promise<Finding[]> {
  const { found, findings } = await ofEach('aliases', looked, given, (id) => some(client, aliases, `courses/${id}/aliases`, given));
  if (found.length === 0) return findings;
  const named = found.filter((of) => of.filter(({ alias }) => alias.startsWith('d:')).length === 1).length;
  const text = `aliases: ${named} of ${found.length} courses looked at name a class (d:ID)`;
  const hint = 'Without them set courses=classes: each course is then a class of its own.';
  return [...findings, named > 0 ? { ok: true, text } : { ok: false, text, hint }];
}

async function people(client: Client, looked: Course[], given: Settings): Promise<Finding[]> {
  const { found, findings } = await ofEach('people', looked, given, async (id) => ({
    teachers: await some(client, teachers, `courses/${id}/teachers`, given),
    students: await some(client, students, `courses/${id}/students`, given),
  }));
  if (found.length === 0) return findings;
  const teaching = found.flatMap((of) => of.teachers);
  const learning = found.flatMap((of) => of.students);
  findings.push({
    ok: true,
    text: `people: ${teaching.length} teachers and ${learning.length} students in ${found.length} courses looked at`,
  });
  const verified = teaching.filter(({ profile }) => profile?.verifiedTeacher === true).length;
  if (!given.unverifiedTeachers && given.courses === 'classes' && verified < teaching.length) {
    findings.push({
      ok: verified > 0,
      text: `teachers: ${verified} of ${teaching.length} are verified by the domain; courses without one are left out`,
      hint: 'Add teachers to the group of verified teachers (Admin console → Apps → Google Classroom), or set unverifiedTeachers=true.',
    });
  }
  const shown = [...teaching, ...learning].filter(({ profile }) => profile?.emailAddress).length;
  if (needsEmails(given) && shown === 0 && teaching.length + learning.length > 0) {
    findings.push({ ok: given.people === 'own', text: 'e-mail: no address is shown', hint: `Grant the scope ${scopeFor.emails}.` });
  }
  if (given.people === 'matched')
    findings.push({
      ok: true,
      text: `people are found on the roster by ${given.match.join(', then ')}; whoever is not found is put aside`,
    });
  return findings;
}

async function grades(client: Client, looked: Course[], given: Settings): Promise<Finding[]> {
  const { found, findings, denied } = await ofEach('grades', looked, given, async (id) => ({
    work: await some(client, work, `courses/${id}/courseWork`, given),
    handedIn: await some(client, submissions, `courses/${id}/courseWork/-/studentSubmissions`, given),
  }));
  if (found.length === 0) return findings.map((finding) => ({ ...finding, ok: denied })); // a sync goes on without them
  const items = found.flatMap((of) => of.work).filter(({ maxPoints }) => (maxPoints ?? 0) > 0).length;
  const graded = found.flatMap((of) => of.handedIn).filter(({ assignedGrade }) => typeof assignedGrade === 'number').length;
  findings.push({ ok: true, text: `grades: ${items} graded pieces of work and ${graded} returned grades among the rows looked at` });
  return findings;
}

/** Without them the roster is whole all the same. */
async function guardianFinding(client: Client, given: Settings): Promise<Finding> {
  const rows = await some(client, guardians, 'userProfiles/-/guardians', given).catch(asError);
  if (rows instanceof AppError) return { ...failed('guardians', rows), ok: true };
  return {
    ok: true,
    text: `guardians: ${rows.length === 0 ? 'none has accepted an invitation' : `${rows.length} or more`}; used for matching only`,
  };
}
