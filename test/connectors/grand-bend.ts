/** Grand Bend keeps its scores and what they are of in two files: one table of both, and how to read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const rowsOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',')); // none of the two files quotes a field

/** `3rd Grade Math 1st Six Weeks 2021-2022` is 3rd Grade Math in the window 1st Six Weeks; two administrations are one assessment. */
export function joinedScores(folder: string): { text: string; settings: object } {
  const assessments = new Map(
    rowsOf(join(folder, 'assessments.csv')).map(([id, title = '', subject = '', grade = '', max = '']) => [
      id,
      { title, subject, grade, max },
    ]),
  );
  const lines = rowsOf(join(folder, 'assessment-results.csv'))
    .slice(1)
    .map(([, assessmentId, student, date, score, , , level]) => {
      const { title = '', subject = '', grade = '', max = '' } = assessments.get(assessmentId) ?? {};
      const parts = /^(.*) (\S+ Six Weeks) (\d{4}-\d{4})$/.exec(title);
      const name = parts?.[1] ?? `${title}, ${subject}, ${grade}`;
      return [student, date, score, level ?? '', `"${name}"`, subject, parts?.[2] ?? '', parts?.[3] ?? '', max].join(',');
    });
  return {
    text: `${['student,date,score,level,title,subject,window,year,max', ...lines].join('\n')}\n`,
    settings: {
      mapping: 'generic',
      columns: {
        student: 'student',
        date: 'date',
        score: 'score',
        level: 'level',
        title: 'title',
        subject: 'subject',
        window: 'window',
        schoolYear: 'year',
        max: 'max',
      },
    },
  };
}
