/** What learning objectives say: only what their codes say for certain. */
import { readableCodes, skillOf } from '../../src/roster/objectives.ts';

const of = (...codes: string[]) => skillOf(codes.map((code) => `unknown:${code}`));
const uuid = 'case:0a1b2c3d-0000-4000-8000-000000000001';

test.each([
  ['CCSS.ELA-LITERACY.RF.1.3', 'reading words by their letters and sounds'],
  ['CCSS.ELA-Literacy.RF.2.3.a', 'reading words by their letters and sounds'],
  ['RF.K.2', 'sounds heard in spoken words'],
  ['RF.K.1d', 'naming letters'],
  ['RF.1.1', 'how books and print work'],
  ['rl.3.2', 'understanding stories'],
  ['CCSS.ELA-LITERACY.L.3.1', 'words, spelling and grammar'],
])('%s is of reading: %s', (code, skill) => {
  expect(of(code)).toEqual({ subject: 'Reading', skill });
});

test.each([
  ['1.OA.C.6', 'adding and taking away'],
  ['CCSS.MATH.CONTENT.1.OA.6', 'adding and taking away'],
  ['CCSS.Math.Content.4.OA.A.3', 'number problems and patterns'],
  ['K.CC.A.1', 'counting'],
  ['3.NF.A.3.d', 'fractions'],
  ['7.RP.A.2', null],
])('%s is of mathematics: %s', (code, skill) => {
  expect(of(code)).toEqual({ subject: 'Mathematics', skill });
});

test.each(['L.3.1', 'SCCCR.ELA.5.RL.MC.8.1.b', '3.LS.1', 'RF', 'RF.K', '110.2.b', 'Unit 3'])('%s may be anybody’s code', (code) => {
  expect(of(code)).toEqual({});
});

test('of two skills neither is said, and of two subjects neither', () => {
  expect(of('RF.1.3', 'RF.2.3')).toMatchObject({ skill: 'reading words by their letters and sounds' });
  expect(of('RF.1.3', 'RF.1.4')).toEqual({ subject: 'Reading', skill: null });
  expect(of('RF.1.3', '1.OA.6')).toEqual({});
  expect(of('RF.1.3', 'Unit 3')).toMatchObject({ subject: 'Reading' });
  expect(skillOf(null)).toEqual({});
});

test('a teacher is shown codes in short, once, and never a registry’s number', () => {
  expect(readableCodes([uuid, 'unknown:4711', 'case:CCSS.ELA-LITERACY.RF.1.3', 'unknown:RF.1.3', '/texas:110.2.b'])).toEqual([
    'RF.1.3',
    '110.2.b',
  ]);
  expect(readableCodes(undefined)).toEqual([]);
});
