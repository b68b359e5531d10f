/** The first school years: PALS-PreK, the Kindergarten Readiness Assessment, NWEA MAP Reading Fluency. */
import type { Table } from '../../table.ts';
import { readNumber } from '../../values.ts';
import type { Measure, Reading, Take } from '../reading.ts';
import { all, firstOf, plain, take } from './fields.ts';
import { skillAssessment } from './skills.ts';

const palsMeasures = {
  NAMEWRI: 'Name writing',
  ALPHA_UC: 'Capital letters',
  ALPHA_LC: 'Small letters',
  LETTERSND: 'Letter sounds',
  BEGSOUND: 'Beginning sounds',
  PRNTWORD: 'Print and words',
  RHYME: 'Rhymes',
  NURRHYME: 'Nursery rhymes',
};
const palsWindows: Record<string, string> = { f: 'Fall', m: 'Mid-year', s: 'Spring' };

export function pals(table: Table): Reading {
  const semester = take(table, 'SEMESTER');
  return {
    vendor: 'PALS',
    student: firstOf(table, ['STD_STI', 'STD_PID']),
    dates: all(table, ['ASSESSDATE']),
    window: () => palsWindows[semester().toLowerCase()] ?? semester(),
    schoolYear: take(table, 'YEAR'),
    measures: Object.entries(palsMeasures).flatMap(([header, title]) => {
      const assessment = skillAssessment('pals', 'pals', header, `PALS ${title}`);
      return table.named(header).index === -1
        ? []
        : [{ field: header, score: take(table, header), level: () => '', assessment: () => assessment }];
    }),
    skips: () => null,
  };
}

const kraMeasures: [header: string, id: string, title: string, skill: string, subject: string][] = [
  ['overall_score', 'overall', 'Kindergarten readiness', 'ready for kindergarten overall', 'Readiness'],
  ['LL_score', 'language-and-literacy', 'Kindergarten readiness: language and literacy', 'language and early reading', 'Reading'],
  ['MA_score', 'mathematics', 'Kindergarten readiness: mathematics', 'counting, numbers and shapes', 'Mathematics'],
  ['SF_score', 'social-foundations', 'Kindergarten readiness: social foundations', 'working and playing with others', 'Readiness'],
  ['PD_score', 'physical', 'Kindergarten readiness: physical well-being', 'moving and keeping well', 'Readiness'],
];

/** Given once, in a child's first weeks of school; the file has neither year nor date. */
export function kra(table: Table): Reading {
  const status = take(table, 'status');
  const level = take(table, 'PLD');
  return {
    vendor: 'Kindergarten Readiness Assessment',
    student: firstOf(table, ['district_student_id', 'state_student_id']),
    dates: [],
    window: () => 'Beginning of kindergarten',
    schoolYear: () => '',
    measures: kraMeasures.map(([header, id, title, skill, subject]) => {
      const assessment = { ...plain(`kra/${id}`, title, subject), skill, scaleMin: null };
      return {
        field: header,
        score: take(table, header),
        level: header === 'overall_score' ? level : () => '',
        assessment: () => assessment,
      };
    }),
    skips: () => (status() === '' || /^complete/i.test(status()) ? null : 'the assessment is not complete'),
  };
}

type Fluency = {
  header: string;
  level?: string;
  id: string;
  title: string;
  skill: string;
  unit: string | null;
  max?: number;
  read?: (take: Take) => Take;
};

/** Of a hundred, where the file has a share of one. */
const percent = (share: Take): Take => {
  return () => {
    const number = readNumber(share());
    return number === null ? share() : String(Math.round(number * 100));
  };
};

const fluencyMeasures: Fluency[] = [
  {
    header: 'OralReadingWCPMScaled',
    level: 'OralReadingRatePerformanceLevel',
    id: 'oral-reading',
    title: 'oral reading',
    skill: 'words of a story read correctly in one minute',
    unit: 'words',
  },
  {
    header: 'OralReadingAccuracyScore',
    level: 'OralReadingAccuracyPerformanceLevel',
    id: 'accuracy',
    title: 'oral reading accuracy',
    skill: 'how many of a hundred words are read correctly',
    unit: null,
    max: 100,
    read: percent,
  },
  {
    header: 'SentenceReadingFluencyCorrect',
    level: 'SentenceReadingFluencyPerformanceLevel',
    id: 'sentences',
    title: 'sentence reading',
    skill: 'sentences read and understood',
    unit: 'sentences',
  },
  {
    header: 'PhonologicalAwarenessDomainScore',
    level: 'PhonologicalAwarenessPerformanceLevel',
    id: 'phonological-awareness',
    title: 'phonological awareness',
    skill: 'hearing the sounds in words',
    unit: null,
  },
  {
    header: 'PhonicsWordRecognitionDomainScore',
    level: 'PhonicsWordRecognitionPerformanceLevel',
    id: 'phonics',
    title: 'phonics and word recognition',
    skill: 'sounding out and knowing words',
    unit: null,
  },
  {
    header: 'LanguageComprehensionDomainScore',
    id: 'language',
    title: 'language comprehension',
    skill: 'understanding what is heard',
    unit: null,
  },
  {
    header: 'ListeningComprehensionCorrect',
    level: 'ListeningComprehensionPerformanceLevel',
    id: 'listening',
    title: 'listening comprehension',
    skill: 'understanding what is heard',
    unit: 'answers',
  },
  {
    header: 'PictureVocabCorrect',
    level: 'PictureVocabPerformanceLevel',
    id: 'vocabulary',
    title: 'picture vocabulary',
    skill: 'knowing words',
    unit: 'words',
  },
  {
    header: 'PrintConceptCorrect',
    level: 'PrintConceptPerformanceLevel',
    id: 'print',
    title: 'print concepts',
    skill: 'how books and print work',
    unit: 'answers',
  },
];

/** A Spanish test is another assessment than the English one. */
export function mapFluency(table: Table): Reading {
  const [term, language] = [take(table, 'TermName'), take(table, 'TestLanguage')];
  const tongue = () => (/^english$/i.test(language()) || language() === '' ? null : language());
  return {
    vendor: 'NWEA MAP Reading Fluency',
    student: firstOf(table, ['StudentID', 'Student_StateID']),
    dates: all(table, ['TestCompletionDate', 'TestStartDate']),
    window: term,
    schoolYear: term,
    measures: fluencyMeasures.flatMap((one) => (table.named(one.header).index === -1 ? [] : [fluency(table, one, tongue)])),
    skips: () => null,
  };
}

function fluency(table: Table, { header, level, id, title, skill, unit, max, read }: Fluency, tongue: () => string | null): Measure {
  const english = { ...plain(`map-fluency/${id}`, `MAP Reading Fluency ${title}`, 'Reading'), skill, unit, scaleMax: max ?? null };
  const score = take(table, header);
  return {
    field: header,
    score: read ? read(score) : score,
    level: level === undefined ? () => '' : take(table, level),
    assessment: () => {
      const other = tongue();
      if (other === null) return english;
      return { ...english, sourcedId: `${english.sourcedId}/${other.toLowerCase()}`, title: `${english.title} (${other})` };
    },
  };
}
