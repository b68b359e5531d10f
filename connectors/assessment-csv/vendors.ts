/**
 * The vendors whose exports are known by their header: NWEA MAP Growth, Renaissance Star, i-Ready Diagnostic, DIBELS 8 (mCLASS).
 * Vendors add and drop columns every year: only those a score needs must be there.
 */
import type { Column } from '../header.ts';
import type { Table } from '../table.ts';
import { dibelsAssessment } from './dibels.ts';
import { type Assessment, type Measure, nothing, type Reading } from './reading.ts';
import { slug } from './words.ts';

export type Vendor = 'nwea-map' | 'renaissance-star' | 'i-ready' | 'dibels-8';

/** Headers that only this vendor's score file has together. */
const marks: Record<Vendor, readonly string[]> = {
  'nwea-map': ['TermName', 'TestRITScore'],
  'renaissance-star': ['AssessmentID', 'ScaledScore', 'UnifiedScore'],
  'i-ready': ['Student ID', 'Overall Scale Score'],
  'dibels-8': ['Benchmark Period', 'Student Primary ID'],
};

export function detectVendor(table: Table): Vendor | null {
  const found = Object.entries(marks).find(([, headers]) => headers.every((header) => has(table, header)));
  return (found?.[0] as Vendor | undefined) ?? null; // the keys of `marks` are the vendors
}

/** Files that look like scores and are not: mastery of single standards or skills, many rows a child and test. */
export function notScores(table: Table): string | null {
  if (has(table, 'StandardName') && has(table, 'DomainName')) return 'a Star dashboard of single standards';
  if (has(table, 'SkillAreaName') && has(table, 'DomainName')) return 'a Star list of skill areas';
  return null;
}

export function vendorReading(vendor: Vendor, table: Table, studentHeader: string | undefined): Reading {
  const reading = readings[vendor](table);
  return studentHeader === undefined ? reading : { ...reading, student: table.named(studentHeader) };
}

const has = (table: Table, header: string) => table.named(header).index !== -1;
const take = (table: Table, header: string) => {
  const column = table.named(header);
  return column.index === -1 ? nothing : () => table.raw(column);
};
const firstOf = (table: Table, headers: string[]): Column =>
  headers.map((header) => table.named(header)).find((column) => column.index !== -1) ?? { name: headers[0] ?? '', index: -1 };
const all = (table: Table, headers: string[]): Column[] =>
  headers.map((header) => table.named(header)).filter((column) => column.index !== -1);

const readings: Record<Vendor, (table: Table) => Reading> = {
  'nwea-map': (table) => {
    const [term, subject] = [take(table, 'TermName'), take(table, 'Subject')];
    return {
      vendor: 'NWEA MAP Growth',
      student: firstOf(table, ['StudentID', 'Student_StateID']),
      dates: all(table, ['TestStartDate']),
      window: term,
      schoolYear: term,
      measures: [
        {
          field: 'TestRITScore',
          score: take(table, 'TestRITScore'),
          level: take(table, 'AchievementQuintile'),
          assessment: () => {
            const written = subject();
            if (written === '') return null;
            return {
              ...plain(`nwea-map/${slug(written)}`, `MAP Growth ${written}`, written),
              unit: 'RIT points',
              scaleMin: 100,
              scaleMax: 350,
            };
          },
        },
      ],
      skips: () => null,
    };
  },
  'renaissance-star': (table) => {
    const subject = starSubject(table);
    const status = take(table, 'AssessmentStatus');
    const base = `renaissance-star/${slug(subject)}`;
    const level = take(table, 'DistrictBenchmarkCategoryName');
    const measure = (header: string, assessment: Assessment): Measure => ({
      field: header,
      score: take(table, header),
      level,
      assessment: () => assessment,
    });
    return {
      vendor: `Renaissance ${subject}`,
      student: firstOf(table, ['StudentIdentifier', 'StudentSourcedID', 'StudentStateID']),
      dates: all(table, ['CompletedDateLocal', 'CompletedDate']),
      window: take(table, 'ScreeningPeriodWindowName'),
      schoolYear: take(table, 'SchoolYear'),
      measures: [
        measure('UnifiedScore', plain(`${base}/unified`, `${subject}, unified score`, subjectOf(subject))),
        measure('ScaledScore', plain(`${base}/scaled`, `${subject}, scaled score`, subjectOf(subject))),
      ],
      skips: () => (/^(deactivated|inactive)$/i.test(status()) ? 'the vendor has deactivated the test' : null),
    };
  },
  'i-ready': (table) => {
    const subject = has(table, 'Number and Operations Scale Score') ? 'Mathematics' : 'Reading';
    const base = `i-ready/${slug(subject)}`;
    const measures = table.csv.header.flatMap((header): Measure[] => {
      const domain = /^(.+) Scale Score$/.exec(header)?.[1];
      if (domain === undefined || domain === 'Mid On Grade Level') return []; // the last is a norm of the grade, not a child's score
      const whole = domain === 'Overall';
      const name = domain.replace(/: Overall$/, '');
      const title = whole ? `i-Ready ${subject}` : `i-Ready ${subject}: ${name}`;
      const assessment = { ...plain(whole ? base : `${base}/${slug(name)}`, title, subject), scaleMin: 100, scaleMax: 800 };
      return [
        { field: header, score: take(table, header), level: take(table, `${domain} Relative Placement`), assessment: () => assessment },
      ];
    });
    return {
      vendor: `i-Ready ${subject}`,
      student: firstOf(table, ['Student ID', 'Student State ID']),
      dates: all(table, ['Completion Date', 'Start Date']),
      window: take(table, 'Norming Window'),
      schoolYear: take(table, 'Academic Year'),
      measures,
      skips: () => null,
    };
  },
  'dibels-8': (table) => ({
    vendor: 'DIBELS 8',
    student: firstOf(table, ['Student Primary ID', 'Primary ID - Student ID (State ID)']),
    dates: all(table, ['Client Date', 'Sync Date']),
    window: take(table, 'Benchmark Period'),
    schoolYear: take(table, 'School Year'),
    measures: table.csv.header.flatMap((header) => dibelsMeasure(table, header)),
    skips: () => null,
  }),
};

/** `Reading Fluency (ORF) - Score` with `Reading Fluency (ORF) - Level`; parts of a measure, and naming speed, are left out. */
function dibelsMeasure(table: Table, header: string): Measure[] {
  const parts = /^(.+?)(?: \(([A-Za-z-]+)\))?(?: -)? Score$/.exec(header);
  const name = parts?.[1];
  if (name === undefined || /^(Error Rate|Correct Responses|Incorrect Responses|RAN|DIBELS .*)$/.test(name)) return [];
  const code = parts?.[2] ?? null;
  const assessment = dibelsAssessment(code === null ? `DIBELS 8 ${name}` : `${name} (${code})`, code ?? name);
  return [
    { field: header, score: take(table, header), level: take(table, header.replace(/Score$/, 'Level')), assessment: () => assessment },
  ];
}

function starSubject(table: Table): string {
  if (/^sm[_-]/i.test(table.file) || has(table, 'Quantile')) return 'Star Math';
  if (/^sel[_-]/i.test(table.file) || has(table, 'LiteracyClassification')) return 'Star Early Literacy';
  return 'Star Reading';
}

const subjectOf = (star: string) => (star === 'Star Math' ? 'Mathematics' : 'Reading');

const plain = (sourcedId: string, title: string, subject: string): Assessment => ({
  sourcedId,
  title,
  subject,
  skill: null,
  unit: null,
  scaleMin: 0,
  scaleMax: null,
});
