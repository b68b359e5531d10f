/** The server's answers for every screen and state, as its shapes have them. Invented people and numbers. */
import type {
  ChartShape,
  ChildMeasure,
  ChildrenShape,
  ChildShape,
  ClassListShape,
  ClassShape,
  GrowthShape,
  Mark,
  MeasureRef,
  MeetingShape,
  MeShape,
  Preflight,
  PresentShape,
} from '../../src/read-models/shapes.ts';

export const me = (roles: MeShape['roles'], more: Partial<MeShape> = {}): MeShape => ({
  name: 'Dana Reyes',
  district: 'Willow County Schools',
  roles,
  locale: null,
  classId: null,
  meetingId: null,
  waiting: null,
  ...more,
});

const skill = 'words read correctly in one minute';
export const winter: MeasureRef = {
  id: '31',
  title: 'Oral Reading Fluency',
  subject: 'Reading',
  skill,
  unit: 'words',
  window: 'MOY',
  from: '2026-11-09',
  to: '2026-11-17',
};
export const fall: MeasureRef = { ...winter, id: '30', window: 'BOY', from: '2026-09-08', to: '2026-09-16' };
const growthScale: MeasureRef = {
  id: '40',
  title: 'Growth in Math',
  subject: 'Math',
  skill: null,
  unit: null,
  window: 'Winter',
  from: '2026-11-10',
  to: '2026-11-10',
};

/** The same marks every time: private numbers in no order, a spread around the benchmark, ties included. */
export function marks(n: number, from: number, step: number, withLast = true): Mark[] {
  return Array.from({ length: n }, (_, i) => {
    const place = (i * 7) % n;
    const value = Math.round(from + place * step + ((i * 5) % 3));
    return {
      number: 10 + ((i * 37 + 11) % 90),
      value,
      last: withLast && i % 9 !== 4 ? value - 6 - ((i * 11) % 13) + (i % 8 === 0 ? 12 : 0) : null,
    };
  });
}

export function chart(list: Mark[], benchmark: number | null, more: Partial<ChartShape> = {}): ChartShape {
  const values = list.map((mark) => mark.value);
  return {
    display: 'marks',
    because: null,
    scale: { min: 0, max: 250 },
    benchmark: benchmark === null ? null : { value: benchmark, source: 'Willow County reading plan', asOf: '2026-08-01' },
    n: list.length,
    missing: 1,
    optedOut: 1,
    marks: list,
    bands: [],
    atOrAbove: benchmark === null ? null : { count: values.filter((value) => value >= benchmark).length, of: list.length },
    average: values.reduce((sum, value) => sum + value, 0) / values.length,
    coded: { bottom: null, top: null },
    codedLast: { bottom: null, top: null },
    ...more,
  };
}

export const noChart: ChartShape = {
  ...chart(marks(1, 30, 1), 30),
  display: 'none',
  because: 'too_few',
  n: 4,
  marks: [],
  atOrAbove: null,
  average: null,
};

const bands: ChartShape = {
  ...noChart,
  display: 'bands',
  because: null,
  n: 8,
  bands: [
    { from: 0, to: 29, count: 3 },
    { from: 30, to: 90, count: 5 },
  ],
};

const growth: GrowthShape = {
  since: fall,
  n: 20,
  grew: 17,
  same: 1,
  averageBefore: 36.2,
  averageNow: 47.8,
  atOrAboveBefore: 8,
  atOrAboveNow: 15,
};

export const klass = (more: Partial<ClassShape> = {}): ClassShape => ({
  id: '7',
  title: 'Room 12',
  school: 'Alder Elementary',
  grades: ['02'],
  teachers: [{ givenName: 'Dana', familyName: 'Reyes' }],
  students: 24,
  roster: {
    asOf: '2026-11-23T05:12:00Z',
    sourceName: 'District OneRoster',
    held: null,
    arrivedLately: [{ givenName: 'Noor', familyName: 'Haddad', on: '2026-11-18' }],
    leftLately: [{ givenName: 'Piotr', familyName: 'Zielinski', on: '2026-11-12' }],
  },
  measures: [winter, fall, growthScale],
  measure: {
    ref: winter,
    objectives: ['RF.2.4', 'RF.2.3'],
    scoresAsOf: '2026-11-20T05:12:00Z',
    missing: [{ givenName: 'Noor', familyName: 'Haddad' }],
    chart: chart(marks(22, 18, 3), 40),
    growth,
  },
  goals: { open: 9, met: 5, past: 1 },
  meeting: { id: '5', presentedAt: null },
  ...more,
});

const measured = klass().measure;
if (!measured) throw new Error('the class above has a measure');

/** The class page's states, by class id. */
export const classes: Record<string, ClassShape> = {
  '7': klass(),
  large: klass({
    students: 40,
    measure: {
      ...measured,
      objectives: ['RL.3.1', 'RL.3.2', 'RL.3.3', 'RL.3.4', 'RI.3.1', 'RI.3.2', 'RI.3.3', 'RI.3.4'],
      chart: chart(
        marks(40, 8, 2).map((mark) => ({ ...mark, value: Math.min(mark.value, 80) })),
        50,
        { coded: { bottom: null, top: 80 } },
      ),
    },
  }),
  unnumbered: klass({
    meeting: null,
    measure: {
      ...measured,
      chart: chart(
        marks(22, 18, 3, false).map((mark) => ({ ...mark, number: null })),
        40,
      ),
      growth: null,
    },
  }),
  scale: klass({
    measure: { ...measured, ref: growthScale, chart: chart(marks(18, 168, 2.4), 190, { scale: { min: 100, max: 350 } }), growth: null },
  }),
  negative: klass({
    measure: { ...measured, ref: growthScale, chart: chart(marks(12, -40, 9), null, { scale: { min: -100, max: 100 } }), growth: null },
  }),
  tied: klass({
    measure: {
      ...measured,
      chart: chart(
        marks(14, 40, 0).map((mark) => ({ ...mark, value: 40 })),
        40,
      ),
      growth: null,
    },
  }),
  bands: klass({ students: 9, measure: { ...measured, chart: bands, growth: null } }),
  small: klass({ students: 5, measure: { ...measured, chart: noChart, growth: null } }),
  presented: klass({ meeting: { id: '5', presentedAt: '2026-11-19T23:30:00Z' } }),
  held: klass({ roster: { ...klass().roster, held: { since: '2026-11-22T05:12:00Z' } } }),
  empty: klass({ measures: [], measure: null, meeting: null }),
};

export const classList: ClassListShape = {
  classes: [
    { id: '7', title: 'Room 12', school: 'Alder Elementary', grades: ['02'], students: 24, latest: winter, scored: 23 },
    { id: 'large', title: 'Reading group B', school: 'Alder Elementary', grades: ['01', '02'], students: 40, latest: winter, scored: 40 },
    { id: 'empty', title: 'Homeroom 4', school: 'Birch Elementary', grades: ['KG'], students: 19, latest: null, scored: 0 },
  ],
  connect: null,
};

export const connecting: ClassListShape = {
  classes: classList.classes,
  connect: {
    contextTitle: 'Second grade, fall 2026',
    candidates: classList.classes.map(({ id, title, students }) => ({ id, title, students })),
  },
};

const check = (code: Preflight['code'], outcome: Preflight['outcome'], count: number | null = null): Preflight => ({
  code,
  outcome,
  count,
});

export const meeting: MeetingShape = {
  id: '5',
  classId: '7',
  classTitle: 'Room 12',
  measure: winter,
  presentedAt: null,
  numbersExpireAt: null,
  numbersDrawn: 23,
  preflight: [
    check('enough_children', 'passes', 22),
    check('numbers_drawn', 'passes', 23),
    check('numbers_fresh', 'passes'),
    check('pool_wide_enough', 'passes', 90),
    check('arrivals_without_number', 'warns', 1),
    check('scores_missing', 'warns', 1),
    check('scores_stale', 'passes', 6),
    check('benchmark_known', 'passes'),
    check('everyone_above', 'passes'),
    check('everyone_below', 'passes'),
    check('history_hidden', 'passes'),
    check('class_held', 'passes'),
  ],
  canPresent: true,
};

export const meetingRefused: MeetingShape = {
  ...meeting,
  id: 'refused',
  numbersDrawn: 0,
  preflight: [
    check('enough_children', 'fails', 4),
    check('bands_consent', 'fails', 8),
    check('numbers_drawn', 'fails', 0),
    check('numbers_fresh', 'fails'),
    check('pool_wide_enough', 'warns', 40),
    check('arrivals_without_number', 'warns', 2),
    check('scores_missing', 'warns', 3),
    check('scores_stale', 'warns', null),
    check('benchmark_known', 'passes'),
    check('everyone_above', 'warns'),
    check('everyone_below', 'warns'),
    check('history_hidden', 'warns'),
    check('class_held', 'warns'),
  ],
  canPresent: false,
};

export const present: PresentShape = {
  n: 22,
  min: 0,
  max: 250,
  benchmark: 40,
  atOrAbove: 15,
  marks: marks(22, 18, 3).map(({ number, value, last }) => ({
    number: number ?? 0,
    value: Math.min(value, 78),
    last: last === null ? null : Math.min(Math.max(last, 16), 60),
  })),
  bands: [],
  coded: { bottom: null, top: 78 },
  codedLast: { bottom: 16, top: 60 },
  grew: { grew: 19, of: 20 },
};

/** A class whose highest are drawn together, on a scale of three digits, around its benchmark. */
export const presentOf = (n: number): PresentShape => {
  const values = Array.from({ length: n }, (_, at) => Math.round(75 + (57 * Math.max(0, at - 2)) / (n - 5)));
  return {
    ...present,
    n,
    benchmark: 90,
    atOrAbove: values.filter((value) => value >= 90).length,
    marks: values.map((value, at) => ({
      number: 10 + ((at * 37 + 11) % 90),
      value: Math.min(value, 132),
      last: at % 6 === 4 ? null : Math.min(Math.max(value - 4 - ((at * 7) % 13), 59), 120),
    })),
    coded: { bottom: 75, top: 132 },
    codedLast: { bottom: 59, top: 120 },
    grew: { grew: n - 3, of: n },
  };
};

export const presentBands: PresentShape = {
  n: 8,
  min: 0,
  max: 250,
  benchmark: 40,
  atOrAbove: null,
  marks: [],
  bands: bands.bands,
  coded: { bottom: null, top: null },
  codedLast: { bottom: null, top: null },
  grew: null,
};

export const children: ChildrenShape = {
  children: [
    { id: '71', givenName: 'Amira', school: 'Alder Elementary', grade: '02' },
    { id: '72', givenName: 'Yusuf', school: 'Alder Elementary', grade: 'KG' },
  ],
};

const childMeasure: ChildMeasure = {
  ref: winter,
  scale: { min: 0, max: 250 },
  benchmark: 40,
  own: [
    { window: 'BOY', on: '2026-09-09', value: 27 },
    { window: 'MOY', on: '2026-11-11', value: 36 },
  ],
  asOf: '2026-11-20T05:12:00Z',
  today: { number: 11, chart: chart(marks(22, 18, 3), 40, { average: null }) },
};

const child = (more: Partial<ChildShape>, measure: Partial<ChildMeasure> = {}): ChildShape => ({
  id: '71',
  givenName: 'Amira',
  school: 'Alder Elementary',
  grade: '02',
  optedOut: false,
  optedOutByYou: false,
  measures: [{ ...childMeasure, ...measure }],
  goals: [],
  ...more,
});

const now = (value: number | null, before: number | null = 27): ChildMeasure['own'] => [
  { window: 'BOY', on: '2026-09-09', value: before },
  { window: 'MOY', on: '2026-11-11', value },
];

const bookLevel = {
  ...winter,
  title: 'Fountas & Pinnell',
  skill: 'book level read',
  unit: 'levels',
  levels: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, at) => `${at + 1} ${letter}`),
};

/** The child page's states, by child id. */
export const childPages: Record<string, ChildShape> = {
  '71': child({}),
  '72': child({ id: '72', givenName: 'Yusuf', grade: 'KG', measures: [] }),
  letters: child({}, { ref: bookLevel, scale: { min: 1, max: 27 }, benchmark: 12, own: now(11, 8), percentile: 40, today: null }),
  reached: child({}, { own: now(52), today: null }),
  lower: child({}, { own: now(22), today: { number: null, chart: noChart } }),
  same: child({}, { own: now(27), benchmark: null, today: { number: 17, chart: bands } }),
  first: child({}, { own: now(31, null) }),
  unscored: child({}, { own: now(null) }),
  optedOut: child({ optedOut: true, optedOutByYou: true }, { today: { number: null, chart: chart(marks(21, 18, 3), 40) } }),
  optedOutByAnother: child({ optedOut: true }, { today: { number: null, chart: chart(marks(21, 18, 3), 40) } }),
};
