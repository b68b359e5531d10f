/** What an administrator should know before the first sync: what we may see, what is missing, and where it is granted. Reads a few rows. */
import { AppError } from '../../src/errors.ts';
import type { CheckReport } from '../connector.ts';
import type { Client } from '../http.ts';
import { toClass } from './map.ts';
import { clientOf, courseQuery, rowsOf } from './service.ts';
import { asksForGuardians, needsEmails, type Settings, scopeFor } from './settings.ts';
import { aliases, type Course, courses, guardians, type Member, type Place, students, submissions, teachers, work } from './wire.ts';

type Finding = CheckReport['findings'][number];
const coursesLookedAt = 5;
const rowsLookedAt = 30;

export async function checkDomain(given: Settings): Promise<CheckReport> {
  const client = clientOf(given, undefined, 3); // somebody waits
  const first = await some(client, courses, 'courses', given, courseQuery(given)).catch(asError);
  if (first instanceof AppError) return { ok: false, findings: [failed('courses', first, scopeFor.courses)] };
  const way = given.serviceAccountKey === undefined ? 'one teacher’s consent' : 'domain-wide delegation';
  const many = first.length === rowsLookedAt ? `${first.length} or more` : String(first.length);
  const findings: Finding[] = [{ ok: true, text: `Google Classroom: we are let in (${way}); ${many} active courses` }];
  if (first.length === 0)
    findings.push({ ok: false, text: 'courses: none that is active', hint: 'Ask whether "admin" may see the courses of the domain.' });
  const looked = first.slice(0, coursesLookedAt);
  if (given.courses === 'aliases') findings.push(await naming(client, looked, given));
  findings.push(...(await people(client, looked, given)));
  if (given.grades) findings.push(...(await grades(client, looked, given)));
  if (asksForGuardians(given)) findings.push(await guardianFinding(client, given));
  const rows = looked.map(({ id }) => toClass({ id })); // their names may name somebody
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

const failed = (what: string, error: AppError, scope: string): Finding => ({
  ok: false,
  text: `${what}: ${error.message}`,
  hint: error.code === 'source_denied' ? `${error.hint ?? ''} It needs the scope ${scope}.`.trim() : (error.hint ?? 'Try again later.'),
});

/** Do courses say which class they are? */
async function naming(client: Client, looked: Course[], given: Settings): Promise<Finding> {
  let named = 0;
  for (const { id } of looked) {
    const found = await some(client, aliases, `courses/${id}/aliases`, given).catch(asError);
    if (found instanceof AppError) return failed('aliases', found, scopeFor.courses);
    if (found.filter(({ alias }) => alias.startsWith('d:')).length === 1) named++;
  }
  const text = `aliases: ${named} of the ${looked.length} courses looked at name a class (d:ID)`;
  return named > 0
    ? { ok: true, text }
    : { ok: false, text, hint: 'Without them set courses=classes: each course is then a class of its own.' };
}

async function people(client: Client, looked: Course[], given: Settings): Promise<Finding[]> {
  const members: Member[] = [];
  const teaching: Member[] = [];
  for (const { id } of looked) {
    try {
      teaching.push(...(await some(client, teachers, `courses/${id}/teachers`, given)));
      members.push(...(await some(client, students, `courses/${id}/students`, given)));
    } catch (error) {
      return [failed('people', asError(error), scopeFor.people)];
    }
  }
  const findings: Finding[] = [
    { ok: true, text: `people: ${teaching.length} teachers and ${members.length} students in the ${looked.length} courses looked at` },
  ];
  const verified = teaching.filter(({ profile }) => profile?.verifiedTeacher === true).length;
  if (!given.unverifiedTeachers && given.courses === 'classes' && verified < teaching.length) {
    findings.push({
      ok: verified > 0,
      text: `teachers: ${verified} of ${teaching.length} are verified by the domain; courses without one are left out`,
      hint: 'Add teachers to the group of verified teachers (Admin console → Apps → Google Classroom), or set unverifiedTeachers=true.',
    });
  }
  const shown = [...teaching, ...members].filter(({ profile }) => profile?.emailAddress).length;
  if (needsEmails(given) && shown === 0 && teaching.length + members.length > 0) {
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
  let [items, graded] = [0, 0];
  for (const { id } of looked) {
    try {
      items += (await some(client, work, `courses/${id}/courseWork`, given)).filter(({ maxPoints }) => (maxPoints ?? 0) > 0).length;
      const handedIn = await some(client, submissions, `courses/${id}/courseWork/-/studentSubmissions`, given);
      graded += handedIn.filter(({ assignedGrade }) => typeof assignedGrade === 'number').length;
    } catch (error) {
      return [failed('grades', asError(error), scopeFor.grades)];
    }
  }
  return [{ ok: true, text: `grades: ${items} graded pieces of work and ${graded} returned grades among the rows looked at` }];
}

/** Without them the roster is whole all the same. */
async function guardianFinding(client: Client, given: Settings): Promise<Finding> {
  const rows = await some(client, guardians, 'userProfiles/-/guardians', given).catch(asError);
  if (rows instanceof AppError) return { ...failed('guardians', rows, scopeFor.guardians), ok: true };
  return {
    ok: true,
    text: `guardians: ${rows.length === 0 ? 'none has accepted an invitation' : `${rows.length} or more`}; used for matching only`,
  };
}
