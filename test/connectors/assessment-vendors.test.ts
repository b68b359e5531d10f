/** Each vendor's file is known by its header and read in a family's words: whose score, of which window and year, and what it counts. */
import { connectorFor } from '../../connectors/registry.ts';
import { codes, file, pull as pullFrom, removeSets } from './sets.ts';

afterAll(removeSets);

const connector = connectorFor('assessment-csv');
const pull = (path: string, settings: object = {}) => pullFrom('assessment-csv', { path, ...settings });
const csv = (header: string, ...rows: string[]) => `${[header, ...rows].join('\n')}\n`;
const scored = (rows: { sourcedId: string; score: number | null; textScore: string | null; scoreDate: string | null }[]) =>
  rows.map(({ sourcedId, score, textScore, scoreDate }) => [sourcedId, score, textScore, scoreDate]);

/** A file of each vendor, with one child; what makes it that vendor's is only its header. */
const files = {
  fastbridge: csv(
    [
      'Assessment,Assessment Language,State,District,School,Local ID,State ID,FAST ID,First Name,Last Name,Grade',
      'Fall Early Reading English Composite Score,Fall Early Reading English Percentile at Nation,Fall Early Reading English Risk Level,Fall Early Reading English Final Date',
      'Fall Letter Sounds Total Words Read,Fall Letter Sounds Words Read Correct,Fall Letter Sounds WRC per minute,Error,Fall Letter Sounds Risk Level,Fall Letter Sounds Final Date',
      'Fall Word Rhyming Total Items,Fall Word Rhyming Items Correct,Fall Word Rhyming IC per minute,Fall Word Rhyming Risk Level,Fall Word Rhyming Final Date',
      'Winter Letter Sounds WRC per minute,Error,Winter Letter Sounds Risk Level,Winter Letter Sounds Final Date,Growth Score from Fall to Winter',
      'Screening Period 4 CBMR-English Median WRC,Screening Period 4 CBMR-English Final Date',
    ].join(','),
    'earlyReading,English,WI,,Elm School,1001,9001,77,Ana,Dyer,KG,34,41,lowRisk,9/22/2026,30,21,21,9,someRisk,9/22/2026,12,8,30,lowRisk,9/23/2026,33,2,lowRisk,1/24/2027,1.5,101,6/2/2027',
  ),
  cbmmath: csv(
    [
      'Assessment,Assessment Language,State,District,School,Local ID,State ID,FAST ID,First Name,Last Name,Grade',
      'Fall AUTO L1 GOM Items Attempted,Fall AUTO L1 GOM Items Correct,Fall AUTO L1 GOM IC per minute,Fall AUTO L1 GOM IC per ten minute',
      'Fall AUTO L1 GOM Percentile at Nation,Fall AUTO L1 GOM Risk Level,Fall AUTO L1 GOM Final Date',
      'Winter CBMmath CAP IC per ten minute,Winter CBMmath CAP Risk Level,Winter CBMmath CAP Final Date',
    ].join(','),
    'AUTO L1 GOM,English,WI,,Elm School,1001,9001,77,Ana,Dyer,02,40,39,11.14,111.4,99,lowRisk,9/20/2026,8,lowRisk,1/18/2027',
  ),
  istation: csv(
    'STUDENT_ID,LNAME,FNAME,DOMAIN,GRADE,ISIP_ACCOM,September_SCORE,September_PTILE,September_OVERFLOW,September_TIER,September_ADMIN_DATE,October_SCORE,October_PTILE,October_OVERFLOW,October_TIER,October_ADMIN_DATE,November_SCORE,November_TIER,November_ADMIN_DATE,DOMAIN_AT_TAKE,ROI',
    '1001,Dyer,Ana,elm,1,N,335,52,0,1,9/6/2026,369,73,0,2,10/3/2026,,,,elm,Low',
  ),
  pals: csv(
    'YEAR,APID,SEMESTER,STD_PID,STD_STI,STD_LASTNM,ASSESSDATE,NAMEWRI,ALPHA_UC,ALPHA_LC,LETTERSND,BEGSOUND,PRNTWORD,RHYME,NURRHYME,ID',
    '2026-2027,358,f,77,1001,Dyer,8/15/2026,2,14,0,,6,3,4,9,5',
  ),
  'fountas-pinnell': csv(
    'DistrictCode,TestAdministration,DateTaken,SchoolCode,ID,StudentID,GradeLevel,TextReading,TextReadingAccuracy,Comprehension,WasStudentTested',
    '1234,,9/25/2026,1,,1001,01,F,93,NULL,NULL',
    '1234,,1/25/2027,1,,1001,01,h,95,NULL,NULL',
    '1234,,5/23/2027,1,,1001,01,Z+,95,NULL,NULL',
    '1234,,5/23/2027,1,,1002,01,M,95,NULL,No',
  ),
  'dibels-next': csv(
    'School Year,Student Last Name,Assessment,Assessment Edition,Assessment Grade,Benchmark Period,Assessment Measure-Composite Score-Levels,Assessment Measure-Composite Score-Score,Assessment Measure-FSF-Levels,Assessment Measure-FSF-Score,Assessment Measure-DORF (Fluency)-Levels,Assessment Measure-DORF (Fluency)-Score,Assessment Measure-DORF (Errors)-Score,Client Date,Sync Date,Student Primary ID',
    '2026-2027,Dyer,mCLASS:DIBELS,DIBELS Next,K,BOY,Below Benchmark,14,Benchmark,12,,52,3,2026-10-05,2026-10-05,1001',
  ),
  acadience: csv(
    'School Year,District Name,School Name,School NCES ID,School SIS ID,Student Number,Student State ID,Student SIS ID,Student Last Name,Benchmark Period,FSF Date,FSF Score,FSF Status,NWF Date,NWF CLS Score,NWF CLS Status,ORF Date,ORF WC Score,ORF WC Status,ORF Errors,Retell Score,Retell Quality Score,Maze Date,Maze Adjusted Score,Maze Status,Reading Composite Date,Reading Composite Score,Reading Composite Status,Reading Composite Goal,BQD Date,BQD Score,BQD Status',
    '2026-2027,Willow,Elm,,,1001,,,Dyer,end,,,,05/10/2027,143,above benchmark,05/11/2027,73,at benchmark,1,23,2,05/12/2027,16,below benchmark,05/13/2027,278,at benchmark,148,05/15/2027,30,at benchmark',
  ),
  'map-fluency': csv(
    'TermName,StudentID,Grade,TestLanguage,TestCompletionDate,ListeningComprehensionCorrect,PhonologicalAwarenessDomainScore,PhonologicalAwarenessPerformanceLevel,OralReadingRatePerformanceLevel,OralReadingWCPMScaled,OralReadingAccuracyPerformanceLevel,OralReadingAccuracyScore',
    'Fall 2026-2027,1001,2,English,9/26/2026,8,483,Approaching Expectation,Exceeds Expectation,103,Meets Expectation,0.97',
    'Fall 2026-2027,1001,2,Spanish,9/27/2026,,,,,No Score,,No Score',
    'Winter 2026-2027,1001,2,Spanish,1/27/2027,,,,,61,,',
  ),
  kra: csv(
    'state_student_id,district_student_id,student_first_name,overall_score,overall_sem,PLD,SF_score,LL_score,MA_score,PD_score,status',
    '9001,1001,Ana,282,5,Demonstrating Readiness,298,277,270,293,Complete',
    '9002,1002,Ben,240,5,,,,,,In progress',
  ),
} as const;
const named = (vendor: keyof typeof files) => file(`${vendor}.csv`, files[vendor]);

test.each(Object.keys(files) as (keyof typeof files)[])(
  '%s is known by its header, names no child and leaves no problem',
  async (vendor) => {
    const path = named(vendor);
    const report = await connector.check(connector.settings.parse({ path }));
    expect(report).toMatchObject({ ok: true });
    const pulled = await pull(path);
    expect(pulled.problems).toEqual([]);
    expect(JSON.stringify([report, pulled.items])).not.toMatch(/Dyer|Ana/);
    expect((await pull(path, { mapping: vendor === 'cbmmath' ? 'fastbridge' : vendor })).rows).toEqual(pulled.rows);
  },
);

test('FastBridge CBMmath: of the ways one score is said, the one by time is read', async () => {
  const { rows } = await pull(named('cbmmath'));
  expect(scored(rows.results)).toEqual([
    ['fastbridge/auto-l1-gom/2027/BOY/1001', 11.14, 'lowRisk', '2026-09-20'],
    ['fastbridge/cbmmath-cap/2027/MOY/1001', 8, 'lowRisk', '2027-01-18'],
  ]);
  expect(rows.assessments).toMatchObject([{ unit: 'answers', subject: 'Mathematics' }, { skill: 'math questions right in ten minutes' }]);
});

test('FastBridge: each screening period’s columns are a window of their own, dated by its own column', async () => {
  const { rows } = await pull(named('fastbridge'));
  expect(scored(rows.results)).toEqual([
    ['fastbridge/early-reading-english/2027/BOY/1001', 34, 'lowRisk', '2026-09-22'],
    ['fastbridge/letter-sounds/2027/BOY/1001', 21, 'someRisk', '2026-09-22'],
    ['fastbridge/word-rhyming/2027/BOY/1001', 8, 'lowRisk', '2026-09-23'],
    ['fastbridge/letter-sounds/2027/MOY/1001', 33, 'lowRisk', '2027-01-24'],
    ['fastbridge/cbmr-english/2027/Screening Period 4/1001', 101, null, '2027-06-02'],
  ]);
  expect(rows.assessments[1]).toMatchObject({
    title: 'FastBridge Letter Sounds',
    skill: 'letter sounds said correctly in one minute',
    unit: 'letter sounds',
    subject: 'Reading',
  });
});

test('FastBridge: another of its ids may be the one the roster knows', async () => {
  const { rows } = await pull(named('fastbridge'), { columns: { student: 'State ID' } });
  expect(rows.results[0]).toMatchObject({ studentSourcedId: '9001' });
});

test('Istation: each month is a window, and the file’s name says of which test it is', async () => {
  const { rows } = await pull(named('istation'));
  expect(scored(rows.results)).toEqual([
    ['istation/reading/2027/September/1001', 335, '1', '2026-09-06'],
    ['istation/reading/2027/October/1001', 369, '2', '2026-10-03'],
  ]);
  expect((await pull(file('isip_math.csv', files.istation))).rows.assessments).toMatchObject([
    { sourcedId: 'istation/math', subject: 'Mathematics' },
  ]);
});

test('PALS: each task counts on its own scale', async () => {
  const { rows } = await pull(named('pals'));
  expect(rows.results).toHaveLength(7);
  expect(rows.results[1]).toMatchObject({ sourcedId: 'pals/alpha-uc/2027/BOY/1001', score: 14, scoreDate: '2026-08-15' });
  expect(rows.assessments[1]).toMatchObject({ title: 'PALS Capital letters', skill: 'capital letters named', scaleMax: 26 });
  expect(rows.results[2]).toMatchObject({ sourcedId: 'pals/alpha-lc/2027/BOY/1001', score: 0 });
});

describe('Fountas & Pinnell', () => {
  test('levels are in order, A to Z+, and keep their letter', async () => {
    const { rows, warnings } = await pull(named('fountas-pinnell'));
    expect(scored(rows.results)).toEqual([
      ['fountas-pinnell/level/2027/BOY/1001', 6, 'F', '2026-09-25'],
      ['fountas-pinnell/level/2027/MOY/1001', 8, 'h', '2027-01-25'],
      ['fountas-pinnell/level/2027/EOY/1001', 27, 'Z+', '2027-05-23'],
    ]);
    expect(rows.assessments).toMatchObject([{ unit: 'levels', scaleMin: 1, scaleMax: 27 }]);
    expect(codes(warnings)).toEqual(['score_skipped']);
  });

  test('what is no level is a problem of its cell, never a guess', async () => {
    const path = file('fp.csv', csv('StudentID,DateTaken,TextReading,TextReadingAccuracy', '1001,9/25/2026,FG,93', '1002,9/25/2026,Z,93'));
    const { rows, problems } = await pull(path);
    expect(problems).toMatchObject([{ code: 'score_unreadable', line: 2, field: 'TextReading' }]);
    expect(rows.results).toMatchObject([{ score: 26, textScore: 'Z' }]);
  });
});

describe('mCLASS', () => {
  test('DIBELS Next in the older layout, without mistakes counted', async () => {
    const { rows } = await pull(named('dibels-next'));
    expect(scored(rows.results)).toEqual([
      ['dibels-next/composite-score/2027/BOY/1001', 14, 'Below Benchmark', '2026-10-05'],
      ['dibels-next/fsf/2027/BOY/1001', 12, 'Benchmark', '2026-10-05'],
      ['dibels-next/dorf-fluency/2027/BOY/1001', 52, null, '2026-10-05'],
    ]);
    expect(rows.assessments[2]).toMatchObject({ title: 'DIBELS Next DORF (Fluency)', unit: 'words' });
  });

  test('the edition of each row says of which test it is', async () => {
    const head = 'School Year,Benchmark Period,Assessment Edition,Letter Names (LNF) - Score,Client Date,Student Primary ID';
    const { rows } = await pull(
      file(
        'mclass.csv',
        csv(
          head,
          '2026-2027,BOY,DIBELS 8th Edition,12,2026-09-10,1001',
          '2026-2027,BOY,Acadience Reading,13,2026-09-10,1002',
          '2026-2027,BOY,DIBELS Next,14,2026-09-10,1003',
        ),
      ),
    );
    expect(rows.results.map(({ sourcedId }) => sourcedId)).toEqual([
      'dibels-8/lnf/2027/BOY/1001',
      'acadience/lnf/2027/BOY/1002',
      'dibels-next/lnf/2027/BOY/1003',
    ]);
    expect(rows.assessments.map(({ title }) => title)).toEqual([
      'Letter Names (LNF)',
      'Acadience Letter Names (LNF)',
      'DIBELS Next Letter Names (LNF)',
    ]);
  });
});

test('Acadience: reading and math of one row, each with the date of its sitting', async () => {
  const { rows } = await pull(named('acadience'));
  expect(scored(rows.results)).toEqual([
    ['acadience/nwf-cls/2027/EOY/1001', 143, 'above benchmark', '2027-05-10'],
    ['acadience/orf-wc/2027/EOY/1001', 73, 'at benchmark', '2027-05-11'],
    ['acadience/retell/2027/EOY/1001', 23, null, '2027-05-11'],
    ['acadience/maze/2027/EOY/1001', 16, 'below benchmark', '2027-05-12'],
    ['acadience/reading-composite/2027/EOY/1001', 278, 'at benchmark', '2027-05-13'],
    ['acadience/bqd/2027/EOY/1001', 30, 'at benchmark', '2027-05-15'],
  ]);
  expect(rows.assessments.map(({ subject }) => subject)).toEqual([...Array(5).fill('Reading'), 'Mathematics']);
});

test('MAP Reading Fluency: words a minute, accuracy of a hundred; Spanish is a test of its own', async () => {
  const { rows } = await pull(named('map-fluency'));
  expect(scored(rows.results)).toEqual([
    ['map-fluency/oral-reading/2027/BOY/1001', 103, 'Exceeds Expectation', '2026-09-26'],
    ['map-fluency/accuracy/2027/BOY/1001', 97, 'Meets Expectation', '2026-09-26'],
    ['map-fluency/phonological-awareness/2027/BOY/1001', 483, 'Approaching Expectation', '2026-09-26'],
    ['map-fluency/listening/2027/BOY/1001', 8, null, '2026-09-26'],
    ['map-fluency/oral-reading/spanish/2027/MOY/1001', 61, null, '2027-01-27'],
  ]);
  expect(rows.assessments.at(-1)).toMatchObject({ title: 'MAP Reading Fluency oral reading (Spanish)', unit: 'words' });
});

test('KRA: given once, at the beginning; one that is not complete does not count', async () => {
  const { rows, warnings } = await pull(named('kra'));
  expect(scored(rows.results)[0]).toEqual(['kra/overall/any/BOY/1001', 282, 'Demonstrating Readiness', null]);
  expect(rows.results).toHaveLength(5);
  expect(codes(warnings)).toEqual(['score_skipped']);
});

test('Star Early Literacy is a test of its own beside Star Reading', async () => {
  const head =
    'AssessmentID,StudentIdentifier,SchoolYear,CompletedDateLocal,ScaledScore,UnifiedScore,LiteracyClassification,ScreeningPeriodWindowName';
  const { rows } = await pull(
    file('EarlyLiteracy_v2.csv', csv(head, 'a,1001,2026-2027,2026-09-21T13:28:05.852Z,620,801,Late Emergent Reader,Fall')),
  );
  expect(rows.results.map(({ sourcedId, score }) => [sourcedId, score])).toEqual([
    ['renaissance-star/star-early-literacy/unified/2027/BOY/1001', 801],
    ['renaissance-star/star-early-literacy/scaled/2027/BOY/1001', 620],
  ]);
});

test('a state’s test has no vendor’s header: the generic mapping reads its subjects and levels', async () => {
  const path = file(
    'state.csv',
    csv(
      'TestAdmin,StateID,Grade,ELAVSS,ELALev,MathVSS,MathLev',
      'Spring 2027,1001,03,452,Meets,438,Approaches',
      'Spring 2027,1002,03,,,401,',
    ),
  );
  const measures = [
    { title: { constant: 'State test, English' }, subject: { constant: 'Reading' }, score: 'ELAVSS', level: 'ELALev' },
    { title: { constant: 'State test, math' }, subject: { constant: 'Mathematics' }, score: 'MathVSS', level: 'MathLev' },
  ];
  const settings = { mapping: 'generic', columns: { student: 'StateID', window: 'TestAdmin', schoolYear: 'TestAdmin', measures } };
  const { rows } = await pull(path, settings);
  expect(scored(rows.results)).toEqual([
    ['state-test-english/2027/EOY/1001', 452, 'Meets', null],
    ['state-test-math/2027/EOY/1001', 438, 'Approaches', null],
    ['state-test-math/2027/EOY/1002', 401, null, null],
  ]);
});
