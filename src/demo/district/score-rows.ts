/** The assessment vendor's files: one row a child, window and sitting, in the column names of a DIBELS 8 export. Pure rows. */
import { line } from './csv.ts';
import { staffMember, studentAt } from './people.ts';
import { districtOrg, gradeCode, type Homeroom, type Plan, schoolYear, studentsOf, teacherId } from './plan.ts';
import { isUnscored, levelOf, measures, type Sitting, scoreOf, sittings, testedOn, type Window, windows } from './scores.ts';

export const scoresHeader = [
  'School Year,State,Account Name,District Name,District Primary ID,School Name,Primary School ID,Student Last Name,Student First Name',
  'Enrollment Date,Enrollment Grade,Reporting Class Name,Reporting Class ID,Official Teacher Name,Official Teacher Staff ID',
  'Assessment,Assessment Edition,Assessment Grade,Benchmark Period',
  ...measures.map(({ column }) => `${column} - Level,${column} - Score`),
  'Client Date,Sync Date,Student Primary ID,Primary ID - Student ID (State ID)',
].join(',');

export function* scoreRows(plan: Plan, window: Window): Generator<string> {
  for (const room of plan.homerooms) {
    const teacher = staffMember(plan, teacherId(room.index));
    const about = [room.title, room.id, `${teacher.familyName}, ${teacher.givenName}`, teacher.number];
    for (const student of studentsOf(plan, room)) {
      if (isUnscored(plan, student, window)) continue;
      for (const sitting of sittings) yield scoreRow(plan, room, student, { window, sitting }, about);
    }
  }
  if (window === 'MOY') yield* faults(plan);
}

type Test = { window: Window; sitting: Sitting };

function scoreRow(plan: Plan, room: Homeroom, student: number, { window, sitting }: Test, about: string[]): string {
  const { givenName, familyName, number } = studentAt(plan, room.school, student);
  const place = [schoolYear.name, '', districtOrg.name, districtOrg.name, districtOrg.id, room.school.name, room.school.id];
  const grade = room.grade === 0 ? 'K' : String(room.grade);
  const scores = measures.flatMap((measure) => {
    const score = scoreOf(plan, student, room.grade, measure, window);
    const benchmark = measure.benchmarks[room.grade]?.[windows.indexOf(window)];
    return score === null || benchmark === undefined || measure.sitting !== sitting ? ['', ''] : [levelOf(score, benchmark), score];
  });
  const day = testedOn(plan, student, window, sitting);
  const person = [familyName, givenName, schoolYear.firstDay, grade, ...about];
  return line([...place, ...person, 'mCLASS', 'DIBELS 8th Edition', grade, window, ...scores, day, day, number, number]);
}

/** Dirt: two children nobody knows, and a score that is a word. */
function* faults(plan: Plan): Generator<string> {
  const room = plan.homerooms[0];
  if (!room) return;
  const row = scoreRow(plan, room, room.from, { window: 'MOY', sitting: 1 }, [room.title, room.id, '', '']);
  const number = studentAt(plan, room.school, room.from).number;
  for (const unknown of ['999997', '999996']) yield row.replaceAll(number, unknown);
  const last = studentAt(plan, room.school, room.from + 1).number;
  yield row.replaceAll(number, last).replace(/,(Well Below|Below|At|Above) Benchmark,\d+/, ',,absent');
}

export const benchmarksHeader = 'assessment,grade,window,value,source,asOf';

export function* benchmarkRows(): Generator<string> {
  for (const { assessment, benchmarks } of measures) {
    for (const [grade, pair] of benchmarks.entries()) {
      const row = (window: string, value: number) => line([assessment, gradeCode(grade), window, value, 'Sample district', '2026-08-01']);
      for (const [n, value] of pair?.entries() ?? []) yield row(windows[n] ?? '', value);
      // From the winter to the end of the year as far again as from the fall to the winter.
      if (pair) yield row('EOY', 2 * pair[1] - pair[0]);
    }
  }
}
