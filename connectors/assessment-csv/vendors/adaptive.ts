/** Adaptive tests of the large vendors: NWEA MAP Growth, Renaissance Star (Reading, Math, Early Literacy), i-Ready Diagnostic. */
import type { Table } from '../../table.ts';
import type { Assessment, Measure, Reading } from '../reading.ts';
import { slug } from '../words.ts';
import { all, firstOf, has, plain, take } from './fields.ts';

export function nweaMap(table: Table): Reading {
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
        percentile: take(table, 'TestPercentile'),
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
}

export function renaissanceStar(table: Table): Reading {
  const subject = starSubject(table);
  const status = take(table, 'AssessmentStatus');
  const base = `renaissance-star/${slug(subject)}`;
  const [level, percentile] = [take(table, 'DistrictBenchmarkCategoryName'), take(table, 'PercentileRank')];
  const measure = (header: string, assessment: Assessment): Measure => ({
    field: header,
    score: take(table, header),
    level,
    percentile,
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
}

export function iReady(table: Table): Reading {
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
      {
        field: header,
        score: take(table, header),
        level: take(table, `${domain} Relative Placement`),
        ...(whole && { percentile: take(table, 'Percentile') }),
        assessment: () => assessment,
      },
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
}

function starSubject(table: Table): string {
  if (/^sm[_-]/i.test(table.file) || has(table, 'Quantile')) return 'Star Math';
  if (/^sel[_-]/i.test(table.file) || has(table, 'LiteracyClassification')) return 'Star Early Literacy';
  return 'Star Reading';
}

const subjectOf = (star: string) => (star === 'Star Math' ? 'Mathematics' : 'Reading');
