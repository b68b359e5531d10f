/** Six-week goals as the server would send them. Invented people and numbers. */
import type { ChildGoal, ClassGoalsShape, GoalChild, GoalColumn, GoalShape } from '../../src/read-models/shapes.ts';
import { winter } from './fixtures.ts';

const goal = (more: Partial<GoalShape> = {}): GoalShape => ({
  id: '501',
  baseline: 27,
  baselineOn: '2026-11-11',
  target: 39,
  dueOn: '2099-01-06',
  metOn: null,
  ...more,
});

const child = (id: string, givenName: string, familyName: string, value: number | null, more: Partial<GoalChild> = {}): GoalChild => ({
  id,
  givenName,
  familyName,
  now: value === null ? null : { value, on: '2026-11-11' },
  goal: null,
  suggestion: null,
  ...more,
});

const column = (more: Partial<GoalColumn> = {}): GoalColumn => ({
  id: '9',
  course: 'Grade 2, Room 12',
  platform: 'canvas.school.example',
  granted: true,
  wish: 'off',
  pending: false,
  made: false,
  posted: 0,
  unknown: 0,
  doneAt: null,
  code: null,
  ...more,
});

const page: ClassGoalsShape = {
  id: '7',
  title: 'Room 12',
  school: 'Alder Elementary',
  measures: [
    winter,
    { ...winter, id: '50', title: 'Letter Sounds', skill: 'letter sounds read correctly in one minute', unit: 'letter sounds' },
  ],
  measure: winter,
  scale: { min: 0, max: 250 },
  dueOn: '2099-01-06',
  columns: [column()],
  children: [
    child('71', 'Amira', 'Castellanos', 27, { goal: { ...goal(), why: null } }),
    child('72', 'Bo', 'Ekström', 31, {
      goal: { ...goal({ id: '502', baseline: 20, target: 31, metOn: '2026-11-20' }), why: null },
      suggestion: { kind: 'goal', target: 44 },
    }),
    child('73', 'Chidi', 'Okonkwo-Fairweather', 24, {
      goal: { ...goal({ id: '503', dueOn: '2026-11-01', baseline: 22, target: 30 }), why: 'Familia de acuerdo' },
      suggestion: { kind: 'goal', target: 38 },
    }),
    child('74', 'Dara', 'Lindqvist', 18, { suggestion: { kind: 'goal', target: 34 } }),
    child('75', 'Eun-ji', 'Park', 96, { suggestion: { kind: 'stretch', target: 104 } }),
    child('76', 'Farid', 'Quispe', 250, { suggestion: { kind: 'next_skill', target: null } }),
    child('77', 'Gwen', 'Rasmussen', 40, { suggestion: { kind: 'own', target: null } }),
    child('78', 'Hana', 'Suzuki', null),
  ],
};

/** By class id. */
export const goalPages: Record<string, ClassGoalsShape> = {
  '7': page,
  started: { ...page, children: page.children.map((each) => ({ ...each, goal: null })) },
  published: {
    ...page,
    children: [],
    columns: [column({ wish: 'on', made: true, posted: 5, unknown: 1, doneAt: '2026-11-20T05:12:00Z' })],
  },
  notGranted: { ...page, children: [], columns: [column({ granted: false })] },
  failing: {
    ...page,
    children: [],
    columns: [column({ wish: 'on', code: 'source_throttled' }), column({ id: '10', made: true, posted: 5 })],
  },
  empty: {
    ...page,
    id: 'empty',
    measures: [],
    measure: null,
    children: [],
    columns: [column(), column({ id: '10', wish: 'on', made: true, posted: 5 })],
  },
};

/** By child id. */
export const childGoals: Record<string, ChildGoal[]> = {
  '71': [{ ...goal(), measure: winter, now: { value: 36, on: '2026-11-18' } }],
  // In a skill whose scores are no longer here.
  '72': [{ ...goal({ id: '504' }), measure: winter, now: null }],
  reached: [{ ...goal({ metOn: '2026-11-18' }), measure: winter, now: { value: 41, on: '2026-11-18' } }],
  lower: [{ ...goal({ dueOn: '2026-11-01' }), measure: winter, now: null }],
};
