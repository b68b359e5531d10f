/** Scores from vendors' files and from anybody's table: blank is no score, zero is one, and one file never takes another's scores away. */
import { join } from 'node:path';
import { connectorFor } from '../../connectors/registry.ts';
import { codes, file, folder, pull as pullFrom, removeSets } from './sets.ts';

afterAll(removeSets);

const connector = connectorFor('assessment-csv');
const pull = (path: string, settings: object = {}) => pullFrom('assessment-csv', { path, ...settings });
const csv = (...lines: string[]) => `${lines.join('\n')}\n`;

const dibels =
  'School Year,Student Last Name,Benchmark Period,Composite Score,Letter Names (LNF) - Level,Letter Names (LNF) - Score,Reading Fluency (ORF) - Level,Reading Fluency (ORF) - Score,Reading Accuracy (ORF-Accu) - Score,Error Rate (ORF) - Score,Correct Responses (Maze) - Score,RAN - Score,Client Date,Student Primary ID';

describe('DIBELS 8', () => {
  test('each measure of a row is a result of its own, in a family’s words', async () => {
    const { rows, problems } = await pull(
      file('d8.csv', csv(dibels, '2026-2027,Dyer,BOY,310,,12,At Benchmark,52,97,3,4,20,2026-09-10,1001')),
    );
    expect(problems).toEqual([]);
    expect(rows.results.map(({ sourcedId, score }) => [sourcedId, score])).toEqual([
      ['dibels-8/composite/2027/BOY/1001', 310],
      ['dibels-8/lnf/2027/BOY/1001', 12],
      ['dibels-8/orf/2027/BOY/1001', 52],
      ['dibels-8/orf-accu/2027/BOY/1001', 97],
    ]);
    expect(rows.results[2]).toMatchObject({ studentSourcedId: '1001', textScore: 'At Benchmark', scoreDate: '2026-09-10', line: 2 });
    expect(rows.assessments[2]).toMatchObject({ sourcedId: 'dibels-8/orf', title: 'Reading Fluency (ORF)', unit: 'words', scaleMin: 0 });
    expect(rows.lineItems[2]).toMatchObject({
      sourcedId: 'dibels-8/orf/2027/BOY',
      title: 'Reading Fluency (ORF), BOY 2026-2027',
      assessmentSourcedId: 'dibels-8/orf',
      window: 'BOY',
      schoolYear: 2027,
      classSourcedId: null,
    });
  });

  test('a blank score is no score, zero is a score, a word is a problem', async () => {
    const { rows, problems } = await pull(
      file('d8.csv', csv(dibels, '2026-2027,A,BOY,,,0,,,,,,,2026-09-10,1001', '2026-2027,B,BOY,,,absent,,,,,,,2026-09-10,1002')),
    );
    expect(rows.results).toMatchObject([{ sourcedId: 'dibels-8/lnf/2027/BOY/1001', score: 0 }]);
    expect(problems).toMatchObject([
      { code: 'score_unreadable', sourcedId: 'dibels-8/lnf/2027/BOY/1002', line: 3, field: 'Letter Names (LNF) - Score' },
    ]);
  });

  test('a row without a student is a problem, and the others are read', async () => {
    const { rows, problems } = await pull(
      file('d8.csv', csv(dibels, '2026-2027,A,BOY,,,5,,,,,,,2026-09-10,', '2026-2027,B,BOY,,,6,,,,,,,2026-09-10,1002')),
    );
    expect(rows.results).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'required_blank', sourcedId: null, line: 2 }]);
  });
});

describe('the other vendors', () => {
  test('NWEA MAP Growth: one result a subject and term', async () => {
    const head = 'TermName,StudentID,Student_StateID,Subject,TestStartDate,TestRITScore';
    const { rows, warnings } = await pull(file('map.csv', csv(head, '"Fall 2026-2027","1001","9","Mathematics","09/16/2026","208"')));
    expect(rows.results).toMatchObject([
      { sourcedId: 'nwea-map/mathematics/2027/BOY/1001', studentSourcedId: '1001', score: 208, scoreDate: '2026-09-16' },
    ]);
    expect(warnings).toEqual([]); // this vendor writes its dates so
  });

  test('another id column may be chosen', async () => {
    const head = 'TermName,StudentID,Student_StateID,Subject,TestStartDate,TestRITScore';
    const path = file('map.csv', csv(head, 'Winter 2026-2027,1001,9,Reading,01/16/2027,190'));
    const { rows } = await pull(path, { columns: { student: 'Student_StateID' } });
    expect(rows.results[0]?.sourcedId).toBe('nwea-map/reading/2027/MOY/9');
  });

  test('i-Ready: overall and each domain; "Not Assessed" is no score', async () => {
    const head =
      'Student ID,Academic Year,Completion Date,Norming Window,Overall Scale Score,Overall Relative Placement,Phonics Scale Score,Phonics Relative Placement,Vocabulary Scale Score,Vocabulary Relative Placement,Mid On Grade Level Scale Score';
    const row = '605001,2025-2026,1/13/2026,Winter (November 16 - March 1),424,2 Grade Levels Below,403,Below,,Not Assessed,545';
    const { rows } = await pull(file('ir.csv', `\uFEFF${csv(head, row)}`));
    expect(rows.results.map(({ sourcedId, score }) => [sourcedId, score])).toEqual([
      ['i-ready/reading/2026/MOY/605001', 424],
      ['i-ready/reading/phonics/2026/MOY/605001', 403],
    ]);
  });

  test('Star: unified and scaled score; a test the vendor has deactivated does not count', async () => {
    const head =
      'AssessmentID,StudentIdentifier,SchoolYear,CompletedDateLocal,AssessmentStatus,ScaledScore,UnifiedScore,ScreeningPeriodWindowName';
    const { rows, warnings } = await pull(
      file(
        'SR.csv',
        csv(
          head,
          'a,605,2023-2024,2023-08-21T13:28:05.852Z,Active,8,615,Fall',
          'b,606,2023-2024,2023-08-21T13:28:05.852Z,Deactivated,9,700,Fall',
        ),
      ),
    );
    expect(rows.results.map((result) => result.sourcedId)).toEqual([
      'renaissance-star/star-reading/unified/2024/BOY/605',
      'renaissance-star/star-reading/scaled/2024/BOY/605',
    ]);
    expect(codes(warnings)).toEqual(['score_skipped']);
  });

  test('a Star file of single standards is not of scores: it says so, and the file beside it is read', async () => {
    const standards = csv('StudentIdentifier,AssessmentID,DomainName,StandardName,StandardPercentMastery', '605,a,Meaning,RL.1,74');
    const scores = csv(dibels, '2026-2027,A,BOY,,,5,,,,,,,2026-09-10,1001');
    const { rows, problems } = await pull(folder({ 'SR_Standards.csv': standards, 'd8.csv': scores }));
    expect(problems).toMatchObject([{ code: 'not_a_score_file', file: 'SR_Standards.csv', line: null }]);
    expect(rows.results).toHaveLength(1);
  });

  test('a file of nobody we know explains what to do', async () => {
    const path = file('x.csv', csv('Pupil,Points', '1,2'));
    await expect(pull(path)).rejects.toMatchObject({
      code: 'source_contract_broken',
      message: expect.stringMatching(/^x\.csv: .*of no vendor we know/),
      hint: expect.stringContaining('generic'),
    });
    expect(await connector.check(connector.settings.parse({ path }))).toMatchObject({ ok: false });
  });
});

describe('two scores of one child in one window', () => {
  const early = '2026-2027,A,BOY,,,5,,,,,,,2026-09-10,1001';
  const late = '2026-2027,A,BOY,,,9,,,,,,,2026-09-17,1001';
  test.each([
    ['the earlier first', [early, late]],
    ['the later first', [late, early]],
  ])('%s: the later date counts, and the other is a warning', async (_, rows) => {
    const pulled = await pull(file('d8.csv', csv(dibels, ...rows)));
    expect(pulled.rows.results).toMatchObject([{ score: 9, scoreDate: '2026-09-17' }]);
    expect(codes(pulled.warnings)).toEqual(['score_superseded']);
    expect(pulled.problems).toEqual([]);
  });

  test('over two files too', async () => {
    const { rows } = await pull(folder({ 'a.csv': csv(dibels, late), 'b.csv': csv(dibels, early) }));
    expect(rows.results).toMatchObject([{ score: 9 }]);
  });
});

describe('what absence means', () => {
  const path = () => file('d8.csv', csv(dibels, '2026-2027,A,BOY,,,5,,,,,,,2026-09-10,1001'));

  test('nothing, unless the operator says so: one file is one window', async () => {
    const { closings } = await pull(path());
    expect(closings.results).toEqual({ type: 'closing', entity: 'results', complete: false, because: 'delta' });
    expect((await pull(path(), { listing: 'complete' })).closings.results).toMatchObject({ complete: true });
  });

  test('a complete listing with a file that could not be read is not complete', async () => {
    const files = folder({ 'd8.csv': csv(dibels, '2026-2027,A,BOY,,,5,,,,,,,2026-09-10,1001'), 'x.csv': csv('a,b', '1,2') });
    expect((await pull(files, { listing: 'complete' })).closings.results).toMatchObject({ complete: false, because: 'file_unread' });
  });
});

describe('benchmarks', () => {
  const scores = csv(dibels, '2026-2027,A,BOY,,,,,52,,,,,2026-09-10,1001');
  const benchmarks = csv(
    'assessment,grade,window,value,source,asOf',
    'dibels-8/orf,3,Fall,75,District,2026-08-01',
    'Reading Fluency (ORF),,,90,,',
    'dibels-8/orf,4,BOY,many,,',
  );

  test('beside the scores are found, by id or title, and a value that is no number is a problem', async () => {
    const { rows, problems, closings } = await pull(folder({ 'd8.csv': scores, 'benchmarks.csv': benchmarks }));
    expect(rows.benchmarks).toMatchObject([
      {
        sourcedId: 'dibels-8/orf/03/BOY',
        assessmentSourcedId: 'dibels-8/orf',
        grade: '03',
        window: 'BOY',
        value: 75,
        source: 'District',
        asOf: '2026-08-01',
      },
      {
        sourcedId: 'dibels-8/orf/any/any',
        assessmentSourcedId: 'dibels-8/orf',
        grade: null,
        window: null,
        value: 90,
        source: null,
        asOf: null,
      },
    ]);
    expect(problems).toMatchObject([{ entity: 'benchmarks', code: 'required_blank', field: 'value', sourcedId: 'dibels-8/orf/04/BOY' }]);
    expect(closings.benchmarks).toMatchObject({ complete: true });
  });

  test('may stand elsewhere; without any, nothing is said about them', async () => {
    const elsewhere = join(folder({ 'goals.csv': benchmarks }), 'goals.csv');
    expect((await pull(file('d8.csv', scores), { benchmarks: elsewhere })).rows.benchmarks).toHaveLength(2);
    expect((await pull(file('d8.csv', scores))).closings.benchmarks).toBeUndefined();
  });
});

describe('a percentile', () => {
  const of = (rows: { sourcedId: string; percentile?: number | null | undefined }[]) =>
    rows.map(({ sourcedId, percentile }) => [sourcedId.split('/').slice(0, -3).join('/'), percentile]);

  test.each([
    [
      'MAP Growth',
      csv('TermName,StudentID,Subject,TestStartDate,TestRITScore,TestPercentile', 'Fall 2026-2027,1,Science,09/16/2026,208,57'),
      [['nwea-map/science', 57]],
    ],
    [
      'Star, for either of its scores',
      csv('AssessmentID,StudentIdentifier,SchoolYear,ScaledScore,UnifiedScore,PercentileRank', 'a,1,2026-2027,8,615,12'),
      [
        ['renaissance-star/star-reading/unified', 12],
        ['renaissance-star/star-reading/scaled', 12],
      ],
    ],
    [
      'i-Ready, of the whole test alone',
      csv('Student ID,Academic Year,Overall Scale Score,Percentile,Phonics Scale Score', '1,2026-2027,424,10,403'),
      [
        ['i-ready/reading', 10],
        ['i-ready/reading/phonics', null],
      ],
    ],
    [
      'DIBELS 8, of each measure',
      csv(
        'School Year,Benchmark Period,Composite Score,Composite - National Norm Percentile,Reading Fluency (ORF) - Score,Reading Fluency (ORF) - National Norm Percentile,Word Reading (WRF) - Score,Student Primary ID',
        '2026-2027,BOY,310,42,52,>99,9,1',
      ),
      [
        ['dibels-8/composite', 42],
        ['dibels-8/orf', 99],
        ['dibels-8/wrf', null],
      ],
    ],
    [
      'FastBridge, among the children of the nation',
      csv(
        'Assessment,Local ID,FAST ID,Fall CBMR-English Median WRC,Fall CBMR-English Percentile at School,Fall CBMR-English Percentile at Nation,Fall CBMR-English Final Date',
        'CBMR,1,7,101,80,61,9/22/2026',
      ),
      [['fastbridge/cbmr-english', 61]],
    ],
    [
      'Istation, of each month',
      csv('STUDENT_ID,ISIP_ACCOM,October_SCORE,October_PTILE,October_ADMIN_DATE,November_SCORE', '1,N,369,73,10/3/2026,'),
      [['istation/reading', 73]],
    ],
  ])('comes with %s', async (_, text, expected) => {
    const { rows, problems } = await pull(file('scores.csv', text));
    expect(problems).toEqual([]);
    expect(of(rows.results)).toEqual(expected);
  });

  test('is any column a mapping names; what is none is left out and told once, and the score stands', async () => {
    const path = file('own.csv', csv('Pupil,Points,Rank', '1,14,40', '2,15,n/a', '3,16,140', '4,17,high', '5,18,<1', '6,19,', '7,,50'));
    const columns = { student: 'Pupil', title: { constant: 'Sums' }, score: 'Points', percentile: 'Rank' };
    const { rows, warnings } = await pull(path, { mapping: 'generic', columns });
    expect(rows.results.map(({ score, percentile }) => [score, percentile])).toEqual([
      [14, 40],
      [15, null],
      [16, null],
      [17, null],
      [18, 1],
      [19, null],
    ]);
    expect(codes(warnings)).toEqual(['percentile_unreadable']);
    expect((await connector.check(connector.settings.parse({ path, mapping: 'generic', columns }))).preview?.[1]?.rows[0]).toMatchObject({
      percentile: 40,
    });
    expect(
      connector.settings.safeParse({ path, mapping: 'generic', columns: { ...columns, percentile: { constant: '50' } } }).success,
    ).toBe(false);
  });
});

describe('the generic mapping', () => {
  test('takes each field from a column or a constant', async () => {
    const path = file('own.csv', csv('Pupil,When,Test,Points,Band,Top', '1001,2026-10-02,Sums to 20,14,Nearly there,20'));
    const columns = {
      student: 'Pupil',
      date: 'When',
      title: 'Test',
      score: 'Points',
      level: 'Band',
      max: 'Top',
      window: { constant: 'First six weeks' },
      subject: { constant: 'Mathematics' },
      unit: { constant: 'sums' },
    };
    const { rows } = await pull(path, { mapping: 'generic', columns });
    expect(rows.assessments).toMatchObject([
      { sourcedId: 'sums-to-20', title: 'Sums to 20', subject: 'Mathematics', unit: 'sums', scaleMax: 20 },
    ]);
    expect(rows.lineItems).toMatchObject([{ window: 'First six weeks', schoolYear: 2027, resultValueMax: 20 }]);
    expect(rows.results).toMatchObject([{ studentSourcedId: '1001', score: 14, textScore: 'Nearly there', scoreDate: '2026-10-02' }]);
  });

  test('takes several scores of one row', async () => {
    const path = file('own.csv', csv('Pupil,Sums,Words', '1001,14,', '1002,,30'));
    const measures = [
      { title: { constant: 'Sums' }, score: 'Sums' },
      { title: { constant: 'Words' }, score: 'Words' },
    ];
    const { rows } = await pull(path, { mapping: 'generic', columns: { student: 'Pupil', measures } });
    expect(rows.results.map((result) => result.sourcedId)).toEqual(['sums/any/any/1001', 'words/any/any/1002']);
  });

  test('a column that is not there is named before any row is read', async () => {
    const settings = { mapping: 'generic', columns: { student: 'Pupil', title: { constant: 'Sums' }, score: 'Points' } };
    const refused = pull(file('own.csv', csv('Pupil,Marks', '1,2')), settings);
    await expect(refused).rejects.toMatchObject({ code: 'source_contract_broken', message: expect.stringContaining('Points') });
  });

  test.each([{}, { columns: { student: 'A' } }, { columns: { student: 'A', score: 'B' } }])('half a mapping (%j) is refused', (half) => {
    expect(connector.settings.safeParse({ path: 'x', mapping: 'generic', ...half }).success).toBe(false);
  });

  test('another mapping has another fingerprint, although the file is the same', async () => {
    const path = file('own.csv', csv('Pupil,Sums,Words', '1001,14,30'));
    const print = (score: string) =>
      connector.fingerprint(
        connector.settings.parse({ path, mapping: 'generic', columns: { student: 'Pupil', title: { constant: 'T' }, score } }),
      );
    expect(await print('Sums')).not.toBe(await print('Words'));
  });
});

test('no name of a child is in a preview or a problem', async () => {
  const path = file('d8.csv', csv(dibels, '2026-2027,Dyerson,BOY,,,5,,soon,,,,,2026-09-10,1001'));
  const report = await connector.check(connector.settings.parse({ path }));
  expect(report.ok).toBe(true);
  expect(JSON.stringify([report, (await pull(path)).items])).not.toContain('Dyerson');
});
