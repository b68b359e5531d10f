/** Facts of a measure put into words: amounts, windows, grades. Known units and skills are said in the reader's language; others as the source wrote them. */
import type { ChartShape, MeasureRef } from '../read-models/shapes.ts';
import type { Words } from './words.ts';

const unitKeys = {
  words: 'words',
  letters: 'letters',
  sounds: 'sounds',
  'letter sounds': 'letterSounds',
  problems: 'problems',
  questions: 'questions',
  points: 'points',
  'rit points': 'ritPoints',
  levels: 'levels',
} as const;

/** Skills as the assessment files are read into; each is known as a name and, where it makes sense, as something a child can do. */
const skillKeys = {
  'words of a story read correctly in one minute': 'readStory',
  'words read correctly in one minute': 'readStory',
  'words from a list read correctly in one minute': 'readList',
  'made-up words read correctly in one minute': 'readMadeUp',
  'letter sounds read correctly in one minute': 'letterSounds',
  'letters named correctly in one minute': 'nameLetters',
  'sounds heard in spoken words in one minute': 'hearSounds',
  'missing words of a story found in three minutes': 'missingWords',
  'how many of a hundred words are read correctly': 'accuracy',
  'early reading overall': 'overall',
  'book level read': 'bookLevel',
} as const;

/** What a learning objective is of (roster/objectives.ts): known by name alone. */
const learningKeys = {
  'how books and print work': 'print',
  'naming letters': 'letters',
  'sounds heard in spoken words': 'spokenSounds',
  'reading words by their letters and sounds': 'phonics',
  'reading smoothly': 'fluency',
  'understanding stories': 'stories',
  'reading about real things': 'facts',
  writing: 'writing',
  'speaking and listening': 'speaking',
  'words, spelling and grammar': 'language',
  counting: 'counting',
  'adding and taking away': 'adding',
  'number problems and patterns': 'problems',
  'tens, ones and larger numbers': 'placeValue',
  fractions: 'fractions',
  'measuring, time and data': 'measuring',
  shapes: 'shapes',
} as const;

const windowKeys = {
  boy: 'window.boy',
  moy: 'window.moy',
  eoy: 'window.eoy',
  fall: 'window.fall',
  winter: 'window.winter',
  spring: 'window.spring',
} as const;

const known = <V>(keys: Readonly<Record<string, V>>, name: string | null): V | undefined =>
  name === null ? undefined : keys[name.trim().toLowerCase()];

type Unit = Pick<MeasureRef, 'unit' | 'levels'> & { skill?: MeasureRef['skill'] };

/** What a skill is counted in, where its source does not say. */
const countedIn: Partial<Record<(typeof skillKeys)[keyof typeof skillKeys], string>> = {
  readStory: 'words',
  readList: 'words',
  readMadeUp: 'words',
  letterSounds: 'letter sounds',
  nameLetters: 'letters',
  hearSounds: 'sounds',
  missingWords: 'words',
  accuracy: 'words',
};

/** As the source writes it; "points" where neither it nor the skill says. */
export function unitOf({ unit, skill = null }: Unit): string {
  const of = known(skillKeys, skill);
  return unit ?? (of && countedIn[of]) ?? 'points';
}

/** The word a score is called by, and whether it stands for this score alone. */
function levelOf({ levels }: Unit, value: number): { word: string; alone: boolean } | null {
  const steps = (levels ?? []).map((level) => ({ from: Number.parseFloat(level), word: level.slice(level.indexOf(' ') + 1) }));
  const at = steps.findLastIndex(({ from }) => from <= Math.round(value));
  const found = steps[at];
  return found ? { word: found.word, alone: steps.every(({ from }, n) => n === 0 || from === (steps[n - 1]?.from ?? 0) + 1) } : null;
}

/** "K" where a letter says it, "30" where a number does: beside a mark, in a table. */
export function score({ number }: Words, ref: Unit, value: number): string {
  const level = levelOf(ref, value);
  return level?.alone ? level.word : number(value);
}

/** "30 words", "level K", "85 points (B)" */
export function amount(words: Words, ref: Unit, value: number): string {
  const level = levelOf(ref, value);
  if (level?.alone) return words.t('amount.level', { level: level.word });
  return level ? `${distance(words, ref, value)} (${level.word})` : distance(words, ref, value);
}

/** "3 words", "2 levels": between two scores. */
export function distance({ t, number }: Words, ref: Unit, value: number): string {
  const unit = known(unitKeys, unitOf(ref));
  return unit ? t(`amount.${unit}`, { n: value }) : `${number(value)} ${unitOf(ref)}`;
}

/** A goal's two ends and its day: "from 12 to 24 words by Jan 15". */
export const goalEnds = (words: Words, ref: Unit, { baseline, target }: { baseline: number; target: number }) => ({
  from: score(words, ref, baseline),
  amount: amount(words, ref, target),
});

/** What became of the goals that are not worked on any more: "4 children have reached theirs. For 2 the day has passed." */
export const goalsOver = ({ t }: Words, { met, past }: { met: number; past: number }): string =>
  [met > 0 && t('goals.met', { n: met }), past > 0 && t('goals.past', { n: past })].filter(Boolean).join(' ');

/** "words", for an axis. */
export function unitName({ t }: Words, ref: Unit): string {
  const unit = known(unitKeys, unitOf(ref));
  return unit ? t(`unit.${unit}`) : unitOf(ref);
}

/** "read 30 words in one minute", for "can …"; null when the skill is not one we know how to say so. */
function ability({ t }: Words, ref: MeasureRef, value: number): string | null {
  const skill = known(skillKeys, ref.skill);
  return skill && skill !== 'overall' && skill !== 'bookLevel' ? t(`ability.${skill}`, { n: value }) : null;
}

/** "Words read in one minute"; null when the source says no skill. */
export function skillName({ t }: Words, ref: MeasureRef): string | null {
  const [skill, learning] = [known(skillKeys, ref.skill), known(learningKeys, ref.skill)];
  return skill ? t(`skill.${skill}`) : learning ? t(`learning.${learning}`) : ref.skill;
}

/** "middle of the year"; null when the source names no window. */
export function windowName({ t }: Words, window: string | null): string | null {
  const key = known(windowKeys, window);
  return key ? t(key) : window;
}

/** "Oral Reading Fluency, middle of the year" */
export function measureName(words: Words, ref: MeasureRef): string {
  return [ref.title, windowName(words, ref.window)].filter(Boolean).join(', ');
}

/** For families: what a child can do, in their language, before what its test is called: "Words of a story …, middle of the year". */
export function skillFirst(words: Words, ref: MeasureRef): { skill: string; test: string | null } {
  const skill = skillName(words, ref);
  if (skill === null) return { skill: measureName(words, ref), test: null };
  const said = [skill, windowName(words, ref.window)].filter(Boolean).join(', ');
  return { skill: said.charAt(0).toLocaleUpperCase(words.lang) + said.slice(1), test: ref.title };
}

/** When children were scored: one day, or from – to; null when no score carries a date. */
export function scoredWhen({ t, day }: Words, ref: MeasureRef): string | null {
  if (!ref.from || !ref.to) return null;
  return ref.from === ref.to ? day(ref.from) : t('measure.between', { from: day(ref.from), to: day(ref.to) });
}

/** OneRoster grade codes in words; anything else as written. */
export function gradeName({ t }: Words, code: string): string {
  if (/^\d{1,2}$/.test(code)) return t('grade.number', { grade: String(Number(code)) });
  if (code === 'KG') return t('grade.kindergarten');
  return code === 'PK' ? t('grade.preschool') : code;
}

const gradeNames = (words: Words, codes: string[]): string => words.list(codes.map((code) => gradeName(words, code)));

/** The grades, unless the title already names them. */
export const gradesBeside = (words: Words, title: string, codes: string[]): string =>
  gradeNames(
    words,
    codes.filter((code) => !title.includes(gradeName(words, code))),
  );

/** The answer before the picture: "14 of 22 children can read 30 words in one minute." */
export function classAnswer(words: Words, ref: MeasureRef, chart: Pick<ChartShape, 'atOrAbove' | 'benchmark' | 'n'>): string {
  const { t } = words;
  if (!chart.atOrAbove || !chart.benchmark) return t('answer.scored', { n: chart.n });
  const { count, of } = chart.atOrAbove;
  const can = ability(words, ref, chart.benchmark.value);
  if (can) return t('answer.can', { count, n: of, ability: can });
  return t('answer.reached', { count, n: of, amount: amount(words, ref, chart.benchmark.value) });
}
